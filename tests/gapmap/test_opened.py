"""The store of a process: opened once by whoever needs it first, and closed for good."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from gapmap import opened
from gapmap.opened import close_the_store, serving, the_store
from gapmap.owner import find
from gapmap.recovery import migration
from gapmap.settings import read_settings
from gapmap.stores.store import Store, StoreBusy
from tests.uploads import look


@pytest.fixture(autouse=True)
def store_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Where the environment puts the store; what a test leaves open is closed."""
    path = tmp_path / "held" / "gapmap.duckdb"
    monkeypatch.setenv("GAPMAP_STORE", str(path))
    yield path
    close_the_store()


def test_the_store_is_the_one_that_the_environment_names(store_path: Path) -> None:
    store = the_store()
    assert store_path.is_file()
    assert store.archive.parent == store_path.parent
    # Up to date: the reference data is in both.
    for database in (store.exact, store.released):
        assert len(look(database, "from borough")) == 33


def test_it_is_opened_once() -> None:
    assert the_store() is the_store()


def test_many_threads_open_it_once() -> None:
    found: list[Store] = []
    threads = [threading.Thread(target=lambda: found.append(the_store())) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8
    assert len({id(store) for store in found}) == 1


def test_closed_it_is_opened_anew() -> None:
    first = the_store()
    close_the_store()
    close_the_store()
    assert the_store() is not first


def test_a_fault_on_opening_leaves_nothing_open(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail(_: Store) -> None:
        raise ArithmeticError("cut off")

    with monkeypatch.context() as patched:
        patched.setattr(migration, "bring_up_to_date", fail)
        with pytest.raises(ArithmeticError):
            the_store()
    # Neither the files nor their lock are held.
    assert look(the_store().exact, "from submission") == []


def test_an_app_that_serves_leaves_a_handle_and_takes_it_away() -> None:
    settings = read_settings()
    assert find(settings) is None
    with serving(settings) as store:
        assert store is the_store()
        assert find(settings) is not None
    assert find(settings) is None


def test_a_second_owner_is_told_that_the_store_is_busy() -> None:
    first = the_store()
    opened._open = None  # as another process would find it
    try:
        with pytest.raises(StoreBusy):
            the_store()
    finally:
        first.close()
