"""An event that somebody changes, takes out or puts in is found."""

from __future__ import annotations

import io
import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import pytest

from gapmap.office.audit_log import AuditLog, events
from gapmap.office.office import Office, office_path, open_office
from gapmap.office.seal import check
from gapmap.settings import QUERIES
from gapmap.stores.store import SchemaDiffers

EVER = datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
KINDS = ("sign-in", "publish", "withdraw", "sign-out")


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """The path of a store whose office holds four events."""
    path = tmp_path / "gapmap.duckdb"
    office = open_office(path)
    log = AuditLog(office, io.StringIO())
    for what in KINDS:
        log.note(what=what, who="https://id.example.org|ann", role="lead", on="referrals-00001")
    office.close()
    return path


def edit(store: Path, statement: str) -> None:
    """What somebody does who has the file."""
    with duckdb.connect(str(office_path(store))) as connection:
        connection.execute(statement)


def reopened(store: Path) -> Office:
    return open_office(store)


def test_an_untouched_log_is_whole(store: Path) -> None:
    office = reopened(store)
    sealed = check(office)
    assert (sealed.events, sealed.broken_at) == (4, None)
    assert len(sealed.last) == 64
    # Events that come after a restart go on from there.
    AuditLog(office, io.StringIO()).note(what="backup", who="somebody")
    after = check(office)
    assert (after.events, after.broken_at) == (5, None)
    assert after.last != sealed.last
    office.close()


@pytest.mark.parametrize(
    ("statement", "place"),
    [
        ("update audit_event set who = 'https://id.example.org|ben' where what = 'publish'", 1),
        ("update audit_event set outcome = 'refused' where what = 'withdraw'", 2),
        ("update audit_event set role = null where what = 'sign-out'", 3),
        ("update audit_event set at_utc = at_utc - interval 1 hour where what = 'publish'", None),
        ("delete from audit_event where what = 'publish'", 1),
        ("delete from audit_seal where at_utc = (select max(at_utc) from audit_seal)", 3),
        (
            "delete from audit_seal where at_utc = (select at_utc from audit_event where what ="
            " 'publish'); delete from audit_event where what = 'publish'",
            2,
        ),
        (
            "insert into audit_event select at_utc + interval 1 microsecond, who, role, what,"
            " on_what, outcome from audit_event where what = 'sign-out'",
            None,
        ),
    ],
)
def test_whatever_is_edited_is_found(store: Path, statement: str, place: int | None) -> None:
    office = reopened(store)
    moments = [one["at_utc"] for one in reversed(events(office, *EVER))]
    office.close()
    edit(store, statement)
    office = reopened(store)
    broken_at = check(office).broken_at
    assert broken_at is not None
    if place is not None:
        assert broken_at == moments[place]
    # It stays so, whatever is noted afterwards.
    AuditLog(office, io.StringIO()).note(what="backup", who="somebody")
    assert check(office).broken_at == broken_at
    office.close()


def test_a_log_cut_short_differs_from_what_the_collector_was_told(tmp_path: Path) -> None:
    out = io.StringIO()
    office = open_office(tmp_path / "gapmap.duckdb")
    log = AuditLog(office, out)
    for what in KINDS:
        log.note(what=what, who="somebody")
    told = [json.loads(line)["seal"] for line in out.getvalue().splitlines()]
    assert check(office).last == told[-1]
    office.close()
    newest = "delete from {0} where at_utc = (select max(at_utc) from {0})"
    for table in ("audit_event", "audit_seal"):
        edit(tmp_path / "gapmap.duckdb", newest.format(table))
    office = open_office(tmp_path / "gapmap.duckdb")
    sealed = check(office)
    assert sealed.broken_at is None  # the file alone cannot tell
    assert sealed.last == told[-2] != told[-1]
    office.close()


def test_a_clock_that_was_set_back_keeps_the_order(store: Path) -> None:
    office = reopened(store)
    newest = events(office, *EVER)[0]["at_utc"]
    AuditLog(office, io.StringIO(), lambda: EVER[0]).note(what="restore", who="somebody")
    last = events(office, *EVER)[0]
    assert (last["what"], last["at_utc"]) == ("restore", newest + timedelta(microseconds=1))
    assert check(office).broken_at is None
    office.close()


def test_an_office_from_before_seals_takes_them_on(store: Path) -> None:
    edit(store, "drop table audit_seal; comment on table store_version is null")
    office = reopened(store)
    AuditLog(office, io.StringIO()).note(what="backup", who="somebody")
    sealed = check(office)
    assert (sealed.events, sealed.broken_at) == (5, None)
    office.close()


def test_an_office_that_lacks_a_column_is_left_as_it_is(store: Path) -> None:
    edit(
        store, "alter table audit_event drop column outcome; comment on table store_version is null"
    )
    with pytest.raises(SchemaDiffers, match=r"audit_event\.outcome"):
        open_office(store)


def test_no_statement_changes_the_log() -> None:
    for path in QUERIES.rglob("*.sql"):
        words = path.read_text(encoding="utf-8").lower()
        for table in ("audit_event", "audit_seal", "access_grant"):
            assert not re.search(rf"(delete from|update) {table}\b", words)
