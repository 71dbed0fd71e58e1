"""What is done on the command line stands in the audit log, with and without an app that runs."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from gapmap.cli.main import main
from gapmap.office.audit_log import AuditLog, events
from gapmap.office.office import Office, open_memory_office, open_office
from gapmap.operations.noted import OPERATOR, note_done
from gapmap.operations.operations import COMMANDS
from gapmap.owner import Owner
from gapmap.publishing.standing import bring_up_to_date
from gapmap.settings import Settings
from gapmap.stores.store import open_store
from tests.uploads import csv_bytes, referral

EVER = datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
GOOD, BAD = referral(quarter="2024-Q4"), referral(quarter="2024-Q4", referrals=-1)
Line = Callable[..., str]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(tmp_path / "store" / "gapmap.duckdb", 100, "512MB")


@pytest.fixture
def line(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Line:
    monkeypatch.setenv("GAPMAP_STORE", str(settings.store))
    (tmp_path / "good.csv").write_bytes(csv_bytes([GOOD]))
    (tmp_path / "bad.csv").write_bytes(csv_bytes([BAD]))
    monkeypatch.chdir(tmp_path)
    return lambda *words: CliRunner().invoke(main, words).stdout


def told(office: Office) -> list[tuple[str, str, str]]:
    found = events(office, *EVER)
    assert {one["who"] for one in found} <= {OPERATOR}
    return [(one["what"], one["on_what"], one["outcome"]) for one in reversed(found)]


def a_day_of_work(line: Line) -> None:
    load = ("--extract", "referrals", "--by", "me@example.org", "--json")
    line("load", "bad.csv", *load)
    line("load", "good.csv", *load, "--dry-run")
    submission = json.loads(line("load", "good.csv", *load))["submission"]
    line("submissions")
    line("ask", "reference/demonstration")
    line("ask", "reference/demonstration", "--role", "analyst")
    line("withdraw", submission, "--by", "me@example.org", "--why", "a slip")
    line("withdraw", "no-such", "--by", "me@example.org", "--why", "a slip")
    line("reinstate", submission, "--by", "me@example.org")
    line("backup", "kept")


WHAT_IS_NOTED = [
    ("upload", "referrals", "refused"),
    ("upload", "referrals", "checked"),
    ("upload", "referrals", "accepted"),
    ("publish", "referrals-00001", "published"),
    ("exact view", "reference/demonstration", "done"),
    ("withdraw", "referrals-00001", "done"),
    ("reinstate", "referrals-00001", "done"),
    ("backup", "", "done"),
]


def test_what_the_command_line_does_is_noted(line: Line, settings: Settings) -> None:
    a_day_of_work(line)
    office = open_office(settings.store)
    assert told(office) == WHAT_IS_NOTED
    office.close()


def test_and_where_the_app_does_it(line: Line, settings: Settings) -> None:
    settings.store.parent.mkdir()
    store, office = open_store(settings), open_memory_office()
    bring_up_to_date(store)
    owner = Owner(store, settings, AuditLog(office, io.StringIO()).note)
    owner.start()
    try:
        a_day_of_work(line)
        assert told(office) == WHAT_IS_NOTED
    finally:
        owner.stop()
        store.close()
        office.close()


# What each command answers with, as far as the log asks.
ANSWERS: dict[str, dict[str, Any]] = {
    "load": {"outcome": "published", "submission": "a"},
    "release": {"release": "2026-Q3-00001"},
    "ask": {"exact": True},
}
ARGUMENTS = {"extract": "referrals", "submission": "a", "release": "b", "question": "c/d"}
# They tell what everybody may see, or bring invented data.
UNNOTED = {"map", "releases", "submissions", "demo", "verify"}


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_is_noted_or_named_here(command: str) -> None:
    noted: list[dict[str, Any]] = []
    note_done(lambda **event: noted.append(event), command, ARGUMENTS, ANSWERS.get(command, {}))
    assert bool(noted) is (command not in UNNOTED)


def test_a_dry_run_of_a_release_is_none() -> None:
    noted: list[dict[str, Any]] = []
    note_done(lambda **event: noted.append(event), "release", {}, {"release": None})
    assert noted == []
