"""Who has sent what: every state against slow plain Python, and each boundary by its day."""

import random
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from gapmap.contract import contracts
from gapmap.publishing.standing import bring_up_to_date
from gapmap.publishing.submission import accept, publish, reinstate, withdraw
from gapmap.reference import reference
from gapmap.reference.windows import windows
from gapmap.stores.store import Store, rows_of
from tests.queries.oracle import end_of, months_between, term_of
from tests.uploads import (
    BRENT,
    BROMLEY,
    HACKNEY,
    check,
    contents,
    course,
    engagement,
    look,
    publish_csv,
    referral,
    set_clock,
    upload,
)

Row = dict[str, Any]
NAMES = {HACKNEY: "Hackney", BROMLEY: "Bromley", BRENT: "Brent"}
SCHOOLS = {HACKNEY: 100001, BROMLEY: 100011, BRENT: 100021}
SILENT = "E09000001"


def states(store: Store, quarter: str, today: str | date, **narrowed: str) -> list[Row]:
    given = {"quarter": quarter, "today": str(today), **narrowed}
    return rows_of(store.released.ask("returns/states", given))


def cell(store: Store, extract: str, quarter: str, today: str, borough: str = HACKNEY) -> Row:
    (found,) = [
        row
        for row in states(store, quarter, today, extract=extract)
        if (row["quarter"], row["borough_code"]) == (quarter, borough)
    ]
    return found


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Sets the moment at which things are published and withdrawn, UTC."""
    return lambda moment: set_clock(monkeypatch, moment)


# --- the oracle ----------------------------------------------------------------------------------


@dataclass
class Came:
    """One submission's part for one quarter and borough."""

    extract: str
    quarter: str
    borough: str
    submission: str
    at: datetime
    nil: bool
    last: str = "published"


def quarters_after(quarter: str, number: int) -> str:
    count = int(quarter[:4]) * 4 + int(quarter[-1]) - 1 + number
    return f"{count // 4}-Q{count % 4 + 1}"


def counts_still(extract: str, answered: str, quarter: str) -> bool:
    contract = contracts()[extract]
    if contract.valid_for_unit == "term":
        return term_of(quarter) - term_of(answered) < contract.valid_for_count
    return months_between(answered, quarter) <= contract.valid_for_count


def expected(came: list[Came], cell: tuple[str, str, str], today: date, newest: str) -> Row:
    """What queries/returns/states must say of an extract, quarter and borough."""
    extract, quarter, borough = cell
    window = windows()[extract]
    of_borough = [c for c in came if (c.extract, c.borough) == (extract, borough)]
    here = [c for c in of_borough if c.quarter == quarter]
    standing = [c for c in here if c.last == "published"]
    before = [c.quarter for c in of_borough if c.last == "published" and c.quarter < quarter]
    counts_from = max(before) if before and counts_still(extract, max(before), quarter) else None
    asked = window.due_days is not None and quarter >= str(window.asked_from)
    due = end_of(quarter) + timedelta(days=window.due_days) if window.due_days and asked else None
    final = end_of(quarters_after(quarter, window.provisional_quarters))
    ended = today > end_of(quarter)
    flags = {
        "nil_return": bool(standing) and standing[-1].nil,
        "provisional": bool(standing) and today <= final,
        "late": bool(standing) and due is not None and counts_from is None
        and min(c.at for c in here).date() > due,
    }  # fmt: skip
    lacking = not standing and counts_from is None and asked and ended
    return {
        "state": state_of(here, flags, counts_from, asked=asked, ended=ended),
        "due": due,
        "counts_from": counts_from,
        "overdue": lacking and due is not None and today > due,
        "to_send": lacking and (contracts()[extract].valid_for_count == 0 or quarter == newest),
        "submission_id": shown_submission(here),
        **flags,
    }


def state_of(
    here: list[Came], flags: Row, counts_from: str | None, *, asked: bool, ended: bool
) -> str:
    last = {c.last for c in here}
    if "published" in last:
        named = {"late": "late", "nil_return": "nil return", "provisional": "provisional"}
        return next((word for flag, word in named.items() if flags[flag]), "published")
    if here:
        return "offered" if "offered" in last else "withdrawn"
    if counts_from:
        return "still counts"
    if not asked:
        return "not asked"
    return "missing" if ended else "not yet due"


def shown_submission(here: list[Came]) -> str | None:
    """The newest that stands, else that is offered; not told here for withdrawn ones."""
    for wanted in ("published", "offered"):
        found = [c.submission for c in here if c.last == wanted]
        if found:
            return found[-1]
    return None


class Story:
    """Random uploads at random moments, told to a store and to the oracle."""

    def __init__(self, store: Store, set_clock: Callable[[str], None], seed: int) -> None:
        self.store, self.set_clock = store, set_clock
        self.choose = random.Random(seed)
        self.came: list[Came] = []
        self.now = datetime.fromisoformat("2025-01-06T10:00:00")
        self.number = 10
        self.quarters = [quarters_after("2024-Q2", n) for n in range(10)]

    def step(self) -> None:
        self.now += timedelta(days=self.choose.randint(3, 25))
        self.set_clock(self.now.isoformat())
        kind = self.choose.choices(["file", "withdraw", "reinstate", "accept"], [6, 2, 1, 1])[0]
        {"withdraw": self.withdraw, "reinstate": self.reinstate, "accept": self.accept}.get(
            kind, self.file
        )()

    def file(self) -> None:
        self.number += 1
        extract = self.choose.choice(["referrals", "training", "police_engagement", "lado"])
        quarter = self.choose.choice(self.quarters)
        boroughs = self.choose.sample(list(NAMES), self.choose.randint(1, 3))
        nil = boroughs[1:] if self.choose.random() < 0.4 else []
        rows = [self.row(extract, quarter, b) for b in boroughs if b not in nil]
        prepared = check(self.store, upload(extract, rows, covers=nil))
        assert not prepared.refused, list(prepared.issues)
        stands = [b for b in boroughs if self.choose.random() < 0.8]
        done = publish(self.store, prepared, "lead@x", for_boroughs=stands)
        for borough in boroughs:
            last = "published" if borough in stands else "offered"
            part = (extract, quarter, borough, done.submission_id, self.now, borough in nil, last)
            self.came.append(Came(*part))

    def row(self, extract: str, quarter: str, borough: str) -> Row:
        placed = {"quarter": quarter, "borough": NAMES[borough]}
        if extract == "referrals":
            return referral(**placed, referrals=self.number)
        if extract == "training":
            scope = {"staff_in_scope": self.number, "staff_trained": 1}
            return course(**placed, urn=SCHOOLS[borough], **scope)
        if extract == "police_engagement":
            told = {"visits": self.number, "last_contact_month": ""}
            return engagement(quarter=quarter, urn=SCHOOLS[borough], **told)
        counts = {"threshold_met": 0, "concluded": 0, "substantiated": 0}
        return {**placed, "contacts_education": self.number, **counts}

    def whole(self, *last: str) -> str | None:
        """A submission all of whose parts are at one of these events."""
        ids = sorted({c.submission for c in self.came})
        fitting = [i for i in ids if all(c.last in last for c in self.came if c.submission == i)]
        return self.choose.choice(fitting) if fitting else None

    def mark(self, submission: str, last: str) -> None:
        for part in self.came:
            if part.submission == submission:
                part.last = last

    def withdraw(self) -> None:
        if submission := self.whole("published"):
            withdraw(self.store, submission, "lead@x", "wrong")
            self.mark(submission, "withdrawn")

    def reinstate(self) -> None:
        if submission := self.whole("withdrawn"):
            reinstate(self.store, submission, "lead@x")
            self.mark(submission, "published")

    def accept(self) -> None:
        if submission := self.whole("offered"):
            accept(self.store, submission, "lead@x", list(NAMES))
            self.mark(submission, "published")


@pytest.mark.parametrize("seed", [3, 4])
def test_every_state_is_the_oracles(store: Store, at: Callable[[str], None], seed: int) -> None:
    story = Story(store, at, seed)
    for _ in range(35):
        story.step()
    seen = set()
    for newest, today in (("2025-Q2", "2025-07-01"), ("2026-Q3", "2026-11-20")):
        rows = states(store, newest, today)
        held = min(c.quarter for c in story.came if c.last == "published")
        quarters = [q for q in story.quarters if held <= q <= newest]
        assert len(rows) == len(windows()) * 33 * len(quarters)
        for row in rows:
            place = (row["extract"], row["quarter"], row["borough_code"])
            wanted = expected(story.came, place, date.fromisoformat(today), newest)
            if wanted["submission_id"] is None and row["state"] == "withdrawn":
                del wanted["submission_id"]
            assert {key: row[key] for key in wanted} == wanted, (place, today)
            seen.add(row["state"])
        check_order(rows)
    assert seen >= {"late", "published", "still counts", "not asked", "missing", "withdrawn"}
    assert (
        contents(store.exact)["submission_received"]
        == (contents(store.released)["submission_received"])
    )


def check_order(rows: list[Row]) -> None:
    """Boroughs go by their newest quarter to send, then by overdue ones, by all, and by name."""
    boroughs = list(dict.fromkeys(row["borough_code"] for row in rows))
    ranks = []
    for code in boroughs:
        own = [row for row in rows if row["borough_code"] == code]
        newest = max((row["quarter"] for row in own if row["to_send"]), default="")
        there = [row for row in own if row["to_send"] and row["quarter"] == newest]
        overdue = sum(row["overdue"] for row in own if row["quarter"] == newest)
        ranks.append(
            (-int(newest.replace("-Q", "") or 0), -overdue, -len(there), own[0]["borough"])
        )
    assert ranks == sorted(ranks)


# --- each boundary by its day --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("today", "state", "overdue"),
    [
        ("2026-09-30", "not yet due", False),
        ("2026-10-01", "missing", False),
        ("2026-11-14", "missing", False),
        ("2026-11-15", "missing", True),
    ],
)
def test_a_return_is_missing_from_the_quarters_end_and_overdue_after_45_days(
    store: Store, today: str, state: str, overdue: bool
) -> None:
    publish_csv(store, "referrals", [referral(borough="Brent")])
    found = cell(store, "referrals", "2026-Q3", today)
    assert (found["state"], found["overdue"]) == (state, overdue)
    assert found["to_send"] == (state == "missing")
    assert found["due"] == date(2026, 11, 14)


def test_days_are_counted_over_the_end_of_a_leap_february(store: Store) -> None:
    publish_csv(store, "referrals", [referral(quarter="2024-Q1")])
    due = {
        row["quarter"]: row["due"]
        for row in states(store, "2026-Q3", "2026-10-15", extract="referrals")
    }
    assert due["2024-Q1"] is None  # before the first quarter that is asked for
    assert due["2024-Q4"] == date(2025, 2, 14)
    assert due["2025-Q4"] == date(2026, 2, 14)
    assert due["2026-Q1"] == date(2026, 5, 15)


@pytest.mark.parametrize(
    ("moment", "state", "late"),
    [
        ("2026-11-14T23:59:59", "provisional", False),
        ("2026-11-15T00:00:00", "late", True),
    ],
)
def test_what_comes_on_the_last_day_is_in_time(
    store: Store, at: Callable[[str], None], moment: str, state: str, late: bool
) -> None:
    at(moment)
    publish_csv(store, "referrals", [referral()])
    found = cell(store, "referrals", "2026-Q3", "2026-11-20")
    assert (found["state"], found["late"], found["provisional"]) == (state, late, True)


def test_a_correction_after_the_day_is_not_late(store: Store, at: Callable[[str], None]) -> None:
    at("2026-11-01T09:00:00")
    publish_csv(store, "referrals", [referral()])
    at("2026-12-01T09:00:00")
    publish_csv(store, "referrals", [referral(referrals=11)])
    found = cell(store, "referrals", "2026-Q3", "2026-12-02")
    assert (found["state"], found["version"]) == ("provisional", 2)


def test_what_an_agency_offered_in_time_is_not_late_when_it_is_accepted(
    store: Store, at: Callable[[str], None]
) -> None:
    at("2026-11-01T09:00:00")
    offered = check(store, upload("referrals", [referral()]))
    done = publish(store, offered, "agency@x", for_boroughs=[])
    found = cell(store, "referrals", "2026-Q3", "2026-11-20")
    assert (found["state"], found["to_send"]) == ("offered", True)
    assert found["submission_id"] == done.submission_id
    at("2026-11-20T09:00:00")
    accept(store, done.submission_id, "lead@x", [HACKNEY])
    assert cell(store, "referrals", "2026-Q3", "2026-11-20")["state"] == "provisional"


def test_the_demonstration_is_never_late(store: Store, at: Callable[[str], None]) -> None:
    at("2026-12-01T09:00:00")
    shown = replace(upload("referrals", [referral()]), demonstration=True)
    publish(store, check(store, shown), "demonstration@x")
    assert cell(store, "referrals", "2026-Q3", "2026-12-02")["state"] == "provisional"


@pytest.mark.parametrize(
    ("today", "state"),
    [("2027-03-31", "provisional"), ("2027-04-01", "published")],
)
def test_referrals_are_provisional_to_the_end_of_the_second_quarter_after(
    store: Store, at: Callable[[str], None], today: str, state: str
) -> None:
    at("2026-10-20T09:00:00")
    publish_csv(store, "referrals", [referral()], covers=[BRENT])
    assert cell(store, "referrals", "2026-Q3", today)["state"] == state
    nil = cell(store, "referrals", "2026-Q3", today, BRENT)
    assert (nil["state"], nil["provisional"]) == ("nil return", state == "provisional")


def test_training_is_final_at_once(store: Store, at: Callable[[str], None]) -> None:
    at("2026-10-02T09:00:00")
    publish_csv(store, "training", [course()])
    assert cell(store, "training", "2026-Q3", "2026-10-02")["state"] == "published"


@pytest.mark.parametrize(
    ("quarter", "state", "counts_from"),
    [
        ("2025-Q4", "published", None),
        ("2026-Q1", "still counts", "2025-Q4"),  # autumn, spring: two terms
        ("2026-Q2", "missing", None),
    ],
)
def test_an_answer_that_still_counts_is_not_missing(
    store: Store,
    at: Callable[[str], None],
    quarter: str,
    state: str,
    counts_from: str | None,
) -> None:
    at("2026-01-20T09:00:00")
    told = engagement(quarter="2025-Q4", last_contact_month="2025-10")
    publish_csv(store, "police_engagement", [told])
    found = cell(store, "police_engagement", quarter, "2026-10-15")
    assert (found["state"], found["counts_from"]) == (state, counts_from)


def test_what_was_not_missing_on_the_day_is_not_late(
    store: Store, at: Callable[[str], None]
) -> None:
    at("2025-02-01T09:00:00")
    publish_csv(store, "training", [course(quarter="2024-Q4")])
    at("2026-10-01T09:00:00")
    publish_csv(store, "training", [course(quarter="2025-Q1")])
    publish_csv(store, "training", [course(quarter="2025-Q1", borough="Brent", urn=100021)])
    assert cell(store, "training", "2025-Q1", "2026-10-15")["state"] == "published"
    assert cell(store, "training", "2025-Q1", "2026-10-15", BRENT)["state"] == "late"


def test_of_what_stays_valid_only_the_newest_is_asked_for(store: Store) -> None:
    publish_csv(store, "referrals", [referral(quarter="2024-Q2")])
    rows = [r for r in states(store, "2026-Q3", "2026-12-20") if r["borough_code"] == BRENT]
    to_send = {(r["extract"], r["quarter"]) for r in rows if r["to_send"]}
    assert {q for e, q in to_send if e == "training"} == {"2026-Q3"}
    assert {q for e, q in to_send if e == "referrals"} == {
        quarters_after("2024-Q4", n) for n in range(8)
    }
    assert {e for e, _ in to_send if e in ("message_log", "testimonies")} == set()


def test_withdrawn_stands_out_and_names_its_submission(
    store: Store, at: Callable[[str], None]
) -> None:
    at("2026-10-01T09:00:00")
    done = publish_csv(store, "referrals", [referral()])
    at("2026-10-09T09:00:00")
    withdraw(store, done.submission_id, "lead@x", "wrong file")
    publish_csv(store, "referrals", [referral(borough="Brent")])
    found = cell(store, "referrals", "2026-Q3", "2026-10-15")
    assert (found["state"], found["submission_id"]) == ("withdrawn", done.submission_id)
    assert found["withdrawn_at"] == datetime.fromisoformat("2026-10-09T09:00:00")
    assert (found["to_send"], found["overdue"]) == (True, False)
    reinstate(store, done.submission_id, "lead@x")
    again = cell(store, "referrals", "2026-Q3", "2026-10-15")
    assert (again["state"], again["withdrawn_at"]) == ("provisional", None)


def test_boroughs_are_narrowed_by_police_unit_and_partnership(store: Store) -> None:
    def boroughs(**narrowed: str) -> set[str]:
        return {row["borough"] for row in states(store, "2026-Q3", "2026-10-15", **narrowed)}

    assert len(boroughs()) == 33
    # North Area's code is the text NA.
    north = {
        r["borough"] for r in look(store.released, "from borough where police_bcu_code = 'NA'")
    }
    (unit,) = look(
        store.released, "select distinct police_bcu from borough where police_bcu_code = 'NA'"
    )
    assert boroughs(police_bcu=unit["police_bcu"]) == north == {"Enfield", "Haringey"}
    (shared,) = look(
        store.released, "select partnership from borough where borough = 'City of London'"
    )
    assert boroughs(partnership=shared["partnership"]) == {"City of London", "Hackney"}
    assert boroughs(partnership=shared["partnership"], police_bcu=unit["police_bcu"]) == set()


def test_a_changed_window_moves_what_is_due(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    publish_csv(store, "referrals", [referral(borough="Brent")])
    longer = {**windows(), "referrals": replace(windows()["referrals"], due_days=46)}
    monkeypatch.setattr("gapmap.reference.reference.windows", lambda: longer)
    for cached in (reference.reference_tables, reference.reference_hash):
        cached.cache_clear()
    try:
        bring_up_to_date(store)
    finally:
        monkeypatch.undo()
        for cached in (reference.reference_tables, reference.reference_hash):
            cached.cache_clear()
    found = cell(store, "referrals", "2026-Q3", "2026-11-15")
    assert (found["due"], found["overdue"]) == (date(2026, 11, 15), False)
