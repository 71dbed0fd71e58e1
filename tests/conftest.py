"""What tests of every floor share. Rows come into a store through production intake only."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from gapmap.publishing.standing import bring_up_to_date
from gapmap.stores.store import Store, open_memory_store
from tests.uploads import publish_csv, tiny_register

# No deadline: how long an example takes depends on what else the machine is doing.
settings.register_profile("gapmap", deadline=None, max_examples=60)
settings.load_profile("gapmap")


@pytest.fixture
def open_store(tmp_path: Path) -> Iterator[Callable[[], Store]]:
    """Opens empty stores in memory, up to date, and closes them at the end."""
    opened: list[Store] = []

    def another() -> Store:
        folder = tmp_path / f"store{len(opened)}"
        folder.mkdir()
        opened.append(open_memory_store(folder))
        bring_up_to_date(opened[-1])
        return opened[-1]

    yield another
    for one in opened:
        one.close()


@pytest.fixture
def empty_store(open_store: Callable[[], Store]) -> Store:
    """A store in memory with reference data alone."""
    return open_store()


@pytest.fixture
def store(empty_store: Store) -> Store:
    """A store in memory that holds the tiny register of tests.uploads."""
    publish_csv(empty_store, "schools", tiny_register())
    return empty_store


@pytest.fixture(scope="module")
def lasting_store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """As `store`, one for all tests of a module: only for tests that publish nothing."""
    opened = open_memory_store(tmp_path_factory.mktemp("store"))
    bring_up_to_date(opened)
    publish_csv(opened, "schools", tiny_register())
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def lasting_empty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """A store with reference data alone, for all tests of a module."""
    opened = open_memory_store(tmp_path_factory.mktemp("store"))
    bring_up_to_date(opened)
    yield opened
    opened.close()


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Bytes bear their argument's name: a workbook made on the spot holds the time of day."""
    return argname if isinstance(val, bytes) else None
