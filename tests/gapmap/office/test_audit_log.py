"""The audit log: what is noted stays, on one line each, and never says what it must not."""

import io
import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gapmap.office.audit_log import WHATS, AuditLog, UnfitEvent, counts, events, fitted
from gapmap.office.office import Office, open_memory_office
from gapmap.office.seal import check

WHO = "https://login.example.org|tenant/4b1f"
NOON = datetime(2026, 10, 15, 12, 0, tzinfo=UTC)
EVER = datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)


@pytest.fixture
def office() -> Iterator[Office]:
    opened = open_memory_office()
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def lasting() -> Iterator[Office]:
    opened = open_memory_office()
    yield opened
    opened.close()


@pytest.fixture
def out() -> io.StringIO:
    return io.StringIO()


def lines(out: io.StringIO) -> list[dict[str, str]]:
    return [json.loads(line) for line in out.getvalue().splitlines()]


def test_an_event_is_a_row_and_a_line(office: Office, out: io.StringIO) -> None:
    log = AuditLog(office, out, clock=lambda: NOON)
    log.note(what="publish", who=WHO, role="lead", on="referrals-00007 E09000012 2026-Q3")
    assert events(office, *EVER) == [
        {
            "at_utc": NOON.replace(tzinfo=None),
            "who": WHO,
            "role": "lead",
            "what": "publish",
            "on_what": "referrals-00007 E09000012 2026-Q3",
            "outcome": "done",
        }
    ]
    assert lines(out) == [
        {
            "log": "audit",
            "at_utc": "2026-10-15T12:00:00.000000Z",
            "who": WHO,
            "role": "lead",
            "what": "publish",
            "on_what": "referrals-00007 E09000012 2026-Q3",
            "outcome": "done",
            "seal": check(office).last,
        }
    ]


def test_standard_output_is_where_it_goes(
    office: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    AuditLog(office).note(what="sign-in", who=WHO)
    assert json.loads(capsys.readouterr().out)["what"] == "sign-in"


def test_moments_are_utc_and_keep_the_order(office: Office, out: io.StringIO) -> None:
    moments = iter([NOON, NOON, NOON - timedelta(seconds=5), NOON + timedelta(seconds=5)])
    log = AuditLog(office, out, clock=lambda: next(moments))
    for what in ("sign-in", "upload", "publish", "sign-out"):
        log.note(what=what, who=WHO)
    found = events(office, *EVER)
    assert [one["what"] for one in found] == ["sign-out", "publish", "upload", "sign-in"]
    assert found[0]["at_utc"] == (NOON + timedelta(seconds=5)).replace(tzinfo=None)
    assert found[1]["at_utc"] - found[3]["at_utc"] == timedelta(microseconds=2)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"what": "peep"}, "no kind of event"),
        ({"who": ""}, "who must be"),
        ({"who": " "}, "who must be"),
        ({"who": "a\nb"}, "who must be"),
        ({"who": "x" * 401}, "who must be"),
        ({"who": "ann@example.org"}, "not an e-mail address"),
        ({"role": "king"}, "the role must be"),
        ({"on": "x" * 201}, "on must be"),
        ({"on": "a\nb"}, "on must be"),
        ({"on": "ann@example.org"}, "on must be"),
        ({"on": "n=7, <script>"}, "on must be"),
        ({"on": "Zo\xeb"}, "on must be"),
        ({"outcome": "She said 7 children"}, "the outcome must be"),
        ({"outcome": ""}, "the outcome must be"),
    ],
)
def test_what_must_not_be_written_is_refused(
    office: Office, out: io.StringIO, wrong: dict[str, str], said: str
) -> None:
    fit = {"what": "download", "who": WHO, "role": "analyst", "on": "london 2026-Q3"}
    with pytest.raises(UnfitEvent, match=said) as fault:
        AuditLog(office, out).note(**{**fit, **wrong})
    assert events(office, *EVER) == []
    assert out.getvalue() == ""
    for value in wrong.values():  # but for the kind, which the program says, nothing is repeated
        assert wrong.get("what") or not value.strip() or value not in str(fault.value)


@given(st.text(max_size=40), st.text(max_size=40), st.text(max_size=20))
def test_whatever_is_given_stays_one_line(lasting: Office, who: str, on: str, outcome: str) -> None:
    out = io.StringIO()
    try:
        AuditLog(lasting, out).note(what="refusal", who=who, on=on, outcome=outcome)
    except UnfitEvent:
        assert out.getvalue() == ""
    else:
        assert [line["who"] for line in lines(out)] == [who]
        assert out.getvalue().count("\n") == 1
        assert out.getvalue().isascii()


@given(st.text(max_size=300))
def test_what_comes_from_outside_is_made_to_fit(lasting: Office, path: str) -> None:
    on, out = fitted(path), io.StringIO()
    AuditLog(lasting, out).note(what="refusal", who="unknown", on=on)
    assert lines(out)[0]["on_what"] == on
    assert len(on) == min(len(path), 200)


def test_what_fits_stays_as_it_is() -> None:
    assert fitted("/media/a-b_c.d:1|2 3") == "/media/a-b_c.d:1|2 3"
    assert fitted("<a>\n@") == "_a___"


def test_nothing_is_lost_when_many_write_at_once(office: Office, out: io.StringIO) -> None:
    log = AuditLog(office, out)
    faults: list[BaseException] = []

    def write(name: str) -> None:
        try:
            for number in range(15):
                log.note(what="download", who=name, on=str(number))
        except BaseException as fault:  # noqa: BLE001 - told by the assertion below
            faults.append(fault)

    threads = [threading.Thread(target=write, args=(f"person {n}",)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    found = events(office, *EVER)
    assert len(found) == len(lines(out)) == 90
    assert len({(one["who"], one["on_what"]) for one in found}) == 90
    assert len({one["at_utc"] for one in found}) == 90


def test_the_log_is_searched(office: Office, out: io.StringIO) -> None:
    hours = iter(range(24))
    log = AuditLog(office, out, clock=lambda: NOON + timedelta(hours=next(hours)))
    log.note(what="sign-in", who="Ann", role="lead")
    log.note(what="publish", who="Ann", role="lead", on="training-00001")
    log.note(what="publish", who="Bob", role="lead", on="training-00002", outcome="refused")
    log.note(what="sign-in", who="Hannah", role="analyst")

    def found(**chosen: str) -> list[int]:
        """The hours after noon of the events that are found."""
        noon = NOON.replace(tzinfo=None)
        return [
            int((one["at_utc"] - noon).total_seconds() // 3600)
            for one in events(office, *EVER, **chosen)  # type: ignore[arg-type]
        ]

    assert found() == [3, 2, 1, 0]
    assert found(who="ANN") == [3, 1, 0]
    assert found(what="publish") == [2, 1]
    assert found(outcome="refused") == [2]
    assert found(role="lead", what="sign-in") == [0]
    assert found(who="%") == []
    assert len(events(office, *EVER, most=2)) == 2
    hour = timedelta(hours=1)
    within = events(office, NOON + hour, NOON + 2 * hour)
    assert [one["who"] for one in within] == ["Bob", "Ann"]
    assert counts(office, *EVER) == [
        {"what": "publish", "outcome": "done", "events": 1},
        {"what": "publish", "outcome": "refused", "events": 1},
        {"what": "sign-in", "outcome": "done", "events": 2},
    ]


def test_every_kind_of_event_can_be_noted(office: Office, out: io.StringIO) -> None:
    log = AuditLog(office, out)
    for what in WHATS:
        log.note(what=what, who=WHO)
    assert [one["what"] for one in reversed(events(office, *EVER))] == list(WHATS)
