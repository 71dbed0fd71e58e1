"""One app with sign-in for all tests of this folder, on an empty store."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.browser.conftest import Server
from tests.gate.rig import Provider, running_provider, signed_in_app


# First, because pytest-xdist reads the group in this same hook.
@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent):
            item.add_marker(pytest.mark.xdist_group("gate"))


@pytest.fixture(scope="session")
def provider(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Provider]:
    with running_provider(tmp_path_factory.mktemp("provider")) as running:
        yield running


@pytest.fixture(scope="session")
def server(provider: Provider, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Files of 1 MB may be uploaded; one person is an administrator by the environment."""
    settings = {
        "GAPMAP_MAX_UPLOAD_MB": "1",
        "GAPMAP_FIRST_ADMINISTRATOR": provider.key_of("first"),
    }
    folder = tmp_path_factory.mktemp("gated")
    with signed_in_app(folder, provider, **settings) as running:
        yield running
