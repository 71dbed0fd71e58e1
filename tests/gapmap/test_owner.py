"""The process that owns the stores: its handle, its token, what it does for others."""

import json
import stat
import threading
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import pytest

from gapmap import owner as owner_module
from gapmap.intake.intake import UsageError
from gapmap.owner import Handle, Owner, OwnerFault, as_json, find, hand_over, handle_path
from gapmap.settings import Settings
from gapmap.stores.store import Store, StoreFull
from tests.uploads import csv_bytes, referral

GOOD = csv_bytes([referral(quarter="2024-Q4")])
ARGUMENTS = {"file_name": "Straße r.csv", "extract": "referrals", "by": "lead@x"}


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(tmp_path / "gapmap.duckdb", 1, "1GB")


@pytest.fixture
def running(store: Store, settings: Settings) -> Iterator[Owner]:
    started = Owner(store, settings)
    started.start()
    yield started
    started.stop()


def post(port: int, path: str, token: str | None, body: bytes = b"") -> tuple[int, dict[str, Any]]:
    connection = HTTPConnection("127.0.0.1", port, timeout=10)
    headers = {} if token is None else {"Authorization": f"Bearer {token}"}
    try:
        connection.request("POST", path, body=body, headers=headers)
        response = connection.getresponse()
        return response.status, json.loads(response.read())
    finally:
        connection.close()


def test_the_handle_is_its_owners_alone_and_goes_with_the_app(
    store: Store, settings: Settings
) -> None:
    assert find(settings) is None
    started = Owner(store, settings)
    assert find(settings) is None
    started.start()
    path = handle_path(settings)
    assert path.parent == settings.store.parent
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert find(settings) == started.handle
    assert len(started.handle.token) > 30
    assert [p.name for p in path.parent.glob("gapmap-owner*")] == ["gapmap-owner.json"]
    started.stop()
    assert find(settings) is None


def test_a_handle_that_others_could_read_is_replaced(store: Store, settings: Settings) -> None:
    handle_path(settings).write_text("{}")
    handle_path(settings).chmod(0o644)
    started = Owner(store, settings)
    started.start()
    try:
        assert stat.S_IMODE(handle_path(settings).stat().st_mode) == 0o600
        assert find(settings) == started.handle
    finally:
        started.stop()


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"port": "x", "token": "t"}'])
def test_a_handle_that_cannot_be_read_is_none(settings: Settings, text: str) -> None:
    handle_path(settings).write_text(text)
    assert find(settings) is None


@pytest.mark.parametrize("token", [None, "", "wrong", "wröng"])
def test_a_wrong_token_is_refused(running: Owner, token: str | None) -> None:
    sent = None if token is None else token.encode().decode("latin-1")
    status, answer = post(running.handle.port, "/submissions", sent)
    assert (status, answer) == (401, {"message": "the token is wrong"})
    with pytest.raises(OwnerFault, match="the token is wrong"):
        hand_over(Handle(running.handle.port, "wrong"), "submissions", {}, b"")


def test_unknown_commands(running: Owner) -> None:
    status, _ = post(running.handle.port, "/shutdown", running.handle.token)
    assert status == 404


def test_commands_are_done_by_the_owner(running: Owner) -> None:
    handle = running.handle
    done = hand_over(handle, "load", ARGUMENTS, GOOD)
    assert done is not None
    assert done["outcome"] == "published"
    again = hand_over(handle, "load", ARGUMENTS, GOOD)
    assert again is not None
    assert again["outcome"] == "unchanged"
    given = {
        "question": "referrals/by_borough",
        "parameters": {"quarter": "2024-Q4", "measure": "hsb_referrals"},
    }
    asked = hand_over(handle, "ask", given, b"")
    assert asked is not None
    assert {r["area"]: r["value"] for r in asked["rows"] if r["value"]} == {
        "Hackney": 9,
        "London": 9,
    }
    listed = hand_over(handle, "submissions", {}, b"")
    assert listed is not None
    newest = listed["submissions"][0]
    assert newest["file_name"] == "Straße r.csv"
    assert newest["submitted_by"] == "lead@x"
    step = {"submission": newest["submission_id"], "by": "lead@x", "why": "größer"}
    assert hand_over(handle, "withdraw", step, b"") == {
        "submission": newest["submission_id"],
        "outcome": "withdrawn",
    }


def test_a_mistake_comes_back_in_the_owners_words(running: Owner) -> None:
    with pytest.raises(UsageError, match="there is no submission 'x'"):
        hand_over(running.handle, "withdraw", {"submission": "x", "by": "a", "why": "b"}, b"")
    with pytest.raises(UsageError, match="needs the date"):
        hand_over(running.handle, "load", ARGUMENTS | {"extract": "schools"}, GOOD)


def test_what_hinders_the_owner_and_what_breaks_it(
    running: Owner, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: Any) -> None:
        raise StoreFull("only 3 MB are free")

    def broken(*_: Any) -> None:
        raise RuntimeError("it broke")

    monkeypatch.setattr(owner_module, "COMMANDS", {"load": full, "ask": broken})
    with pytest.raises(OwnerFault, match="only 3 MB are free"):
        hand_over(running.handle, "load", {}, b"")
    with pytest.raises(OwnerFault, match="RuntimeError: it broke"):
        hand_over(running.handle, "ask", {}, b"")


def test_a_stale_handle_is_told_from_an_answer(store: Store, settings: Settings) -> None:
    started = Owner(store, settings)
    started.start()
    stale = started.handle
    started.stop()
    assert hand_over(stale, "submissions", {}, b"") is None


def test_stopping_waits_for_the_command_under_way(
    store: Store, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, may_end, answers = threading.Event(), threading.Event(), []

    def slow(*_: Any) -> dict[str, Any]:
        begun.set()
        assert may_end.wait(10)
        return {"done": True}

    monkeypatch.setattr(owner_module, "COMMANDS", {"verify": slow})
    started = Owner(store, settings)
    started.start()
    caller = threading.Thread(
        target=lambda: answers.append(hand_over(started.handle, "verify", {}, b""))
    )
    caller.start()
    assert begun.wait(5)
    stopping = threading.Thread(target=started.stop)
    stopping.start()
    stopping.join(1.0)
    assert stopping.is_alive()
    may_end.set()
    stopping.join(10)
    caller.join(10)
    assert not stopping.is_alive()
    assert answers == [{"done": True}]


def test_answers_as_json(store: Store) -> None:
    row = store.exact.ask("store/version").to_pylist()[0]
    back = json.loads(as_json({"row": row, "name": "Zoë"}))
    assert back["row"]["version"] == 1
    assert back["row"]["changed_at"].startswith("20")
    assert "Zoë" in as_json({"name": "Zoë"})
