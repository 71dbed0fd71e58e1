"""The two health answers: what each rests on, and that neither tells more than a word."""

import json
from collections import namedtuple
from collections.abc import Iterator
from pathlib import Path

import pytest

from gapmap import health
from gapmap.health import alive, ready
from gapmap.office.office import Office, open_office
from gapmap.settings import Settings
from gapmap.stores.store import LEAST_FREE_BYTES, Store, open_store
from gapmap.stores.turnstile import Turnstile

Usage = namedtuple("Usage", "total used free")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = open_store(Settings(tmp_path / "secret-folder" / "gapmap.duckdb", 100, "512MB"))
    yield opened
    opened.close()


@pytest.fixture
def office(store: Store) -> Iterator[Office]:
    opened = open_office(store.path)
    yield opened
    opened.close()


READY = {"status": "ready", "store": "open", "office": "open", "space": "enough"}


def test_alive_rests_on_nothing() -> None:
    assert alive() == (True, {"status": "alive"})


def test_ready_when_all_is_open(store: Store, office: Office) -> None:
    assert ready(store, office) == (True, READY)


def test_a_closed_database_is_not_ready(store: Store, office: Office) -> None:
    store.released.close()
    assert ready(store, office) == (False, {**READY, "status": "not ready", "store": "closed"})
    store.close_databases()
    office.close()
    is_ready, said = ready(store, office)
    assert not is_ready
    assert (said["store"], said["office"]) == ("closed", "closed")


def test_a_full_disk_is_not_ready(
    store: Store, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    for free, word in ((LEAST_FREE_BYTES, "enough"), (LEAST_FREE_BYTES - 1, "short")):
        usage = Usage(10**12, 10**12 - free, free)
        with monkeypatch.context() as patched:
            patched.setattr(health.shutil, "disk_usage", lambda _, usage=usage: usage)
            is_ready, said = ready(store, office)
        assert (is_ready, said["space"]) == (word == "enough", word)


def test_another_schema_is_not_ready(store: Store, office: Office) -> None:
    with store.exact.writing() as writing:
        writing.mark(("0" * 64,))
    assert ready(store, office)[1]["store"] == "of another schema"
    assert not ready(store, office)[0]


def test_files_that_are_being_replaced_are_not_ready(store: Store, office: Office) -> None:
    impatient = Turnstile(patience=0.0)
    store.exact._turnstile = impatient
    with impatient.held("writing"):
        assert ready(store, office)[0]  # a backup: readers go on
    impatient._held = ("reading", "writing")  # as another thread holds it
    assert ready(store, office) == (False, {**READY, "status": "not ready", "store": "busy"})
    impatient._held = ()


def test_no_answer_tells_where_or_what(store: Store, office: Office) -> None:
    answers = [alive(), ready(store, office)]
    store.close_databases()
    answers.append(ready(store, office))
    for _, said in answers:
        text = json.dumps(said)
        assert len(text) < 120
        for secret in ("secret-folder", "duckdb", "/", str(store.version)):
            assert secret not in text
