"""Which schools are in scope in a quarter, by which register, of what type and phase."""

from datetime import date
from typing import Any

import pytest

from gapmap.stores.store import Store
from tests.queries import oracle
from tests.queries.conftest import History
from tests.queries.test_indicators import held, hold
from tests.uploads import HACKNEY, look, publish_csv, school

Row = dict[str, Any]


def test_schools_are_those_of_the_oracle(history: History) -> None:
    columns = (
        "quarter, urn, borough_code, school_type, phase, phase_source, low_age, high_age, pupils, "
        "register_date"
    )
    found = look(history.store.released, f"from school select {columns}")
    expected = [
        row
        for quarter in held(history.store)
        for borough in oracle.BOROUGHS.values()
        for row in oracle.schools(history.expected, quarter, borough).values()
    ]
    assert sorted(found, key=repr) == sorted(expected, key=repr)
    assert {row["phase_source"] for row in found} == {"register", "derived from ages", "unknown"}
    assert {row["register_date"] for row in found} == {date(2025, 12, 31), date(2026, 8, 31)}


STATUS = "EstablishmentStatus (name)"
ENDS = "30-09-2026"
DATES: list[tuple[Row, bool]] = [
    ({STATUS: "Open"}, True),
    ({STATUS: "Open, but proposed to close"}, True),
    ({STATUS: "open, but proposed to close", "CloseDate": "01-10-2026"}, True),
    ({STATUS: "Open, but proposed to close", "CloseDate": ENDS}, False),
    ({STATUS: "Closed"}, False),
    ({STATUS: "Closed", "CloseDate": "01-10-2026"}, True),
    ({STATUS: "Closed", "CloseDate": "31-08-2026"}, False),
    ({STATUS: "Proposed to open"}, False),
    ({STATUS: "Proposed to open", "OpenDate": ENDS}, True),
    ({STATUS: "Proposed to open", "OpenDate": "01-10-2026"}, False),
    ({STATUS: "Open", "OpenDate": "01-10-2026"}, False),
    ({STATUS: "Open", "OpenDate": "01-09-1880"}, True),
]
TYPES = [
    ("Community school", "maintained"),
    ("COMMUNITY SCHOOL", "maintained"),
    ("Academy converter", "academy"),
    ("University technical college", "free school"),
    ("Other Independent School", "independent"),
    ("Other independent special school", "special"),
    ("Pupil referral unit", "alternative provision"),
    ("Local authority nursery school", "nursery"),
    ("Academy 16-19 converter", "college"),
    ("Further education", "college"),
    ("Space academy", "not mapped"),
    ("Higher education institutions", None),
    ("Online provider", None),
    ("Welsh establishment", None),
]
PHASES: list[tuple[str, tuple[Any, Any], tuple[str, str]]] = [
    ("Primary", (11, 18), ("primary", "register")),
    ("All-through", ("", ""), ("all-through", "register")),
    ("All Through", ("", ""), ("all-through", "register")),
    ("Middle Deemed Secondary", ("", ""), ("middle deemed secondary", "register")),
    ("16 plus", ("", ""), ("16 plus", "register")),
    ("Not applicable", ("", ""), ("unknown", "unknown")),
    ("", ("", ""), ("unknown", "unknown")),
    ("Not applicable", (2, 5), ("nursery", "derived from ages")),
    ("Not applicable", (3, 11), ("primary", "derived from ages")),
    ("Not applicable", (7, 13), ("primary", "derived from ages")),
    ("Not applicable", (11, 18), ("secondary", "derived from ages")),
    ("Not applicable", (10, 16), ("secondary", "derived from ages")),
    ("Not applicable", (3, 18), ("all-through", "derived from ages")),
    ("Not applicable", (9, 16), ("all-through", "derived from ages")),
    ("Not applicable", (16, 25), ("16 plus", "derived from ages")),
    ("Not applicable", (11, ""), ("unknown", "unknown")),
    ("Not applicable", (18, 3), ("unknown", "unknown")),
    ("Upper", (11, 18), ("secondary", "derived from ages")),
]
FIRST_URN = {"dates": 110000, "types": 120000, "phases": 130000}


@pytest.fixture(scope="module")
def found(lasting_store: Store) -> dict[int, Row]:
    """Schools in scope at the end of September 2026, one made for each case above, by URN."""
    rows = [
        school(FIRST_URN["dates"] + n, HACKNEY, "Community school", "Primary") | more
        for n, (more, _) in enumerate(DATES)
    ]
    rows += [
        school(FIRST_URN["types"] + n, HACKNEY, kind, "Primary")
        | {"EstablishmentTypeGroup (name)": "Independent schools"}
        for n, (kind, _) in enumerate(TYPES)
    ]
    rows += [
        school(FIRST_URN["phases"] + n, HACKNEY, "Other independent school", phase, ages)
        for n, (phase, ages, _) in enumerate(PHASES)
    ]
    publish_csv(lasting_store, "schools", rows, as_at=date(2026, 7, 31))
    hold(lasting_store, "2026-Q3")
    found = look(lasting_store.released, "from school where quarter = '2026-Q3'")
    return {row["urn"]: row for row in found}


@pytest.mark.parametrize("case", range(len(DATES)), ids=[str(more) for more, _ in DATES])
def test_dates_decide_and_where_they_are_blank_the_status(found: dict[int, Row], case: int) -> None:
    assert (FIRST_URN["dates"] + case in found) == DATES[case][1]


@pytest.mark.parametrize("case", range(len(TYPES)), ids=[kind for kind, _ in TYPES])
def test_the_type_comes_from_the_type_of_establishment(found: dict[int, Row], case: int) -> None:
    row = found.get(FIRST_URN["types"] + case)
    assert (row and row["school_type"]) == TYPES[case][1]


@pytest.mark.parametrize(
    "case", range(len(PHASES)), ids=[f"{phase} {ages}" for phase, ages, _ in PHASES]
)
def test_the_phase_and_where_it_comes_from(found: dict[int, Row], case: int) -> None:
    row = found[FIRST_URN["phases"] + case]
    assert (row["phase"], row["phase_source"]) == PHASES[case][2]


def test_pupils_that_are_blank_are_unknown_and_never_zero(empty_store: Store) -> None:
    rows = [
        school(100001, HACKNEY, "Community school", "Primary"),
        school(100002, HACKNEY, "Community school", "Primary", pupils=0),
    ]
    publish_csv(empty_store, "schools", rows)
    found = look(empty_store.released, "from school select urn, pupils order by urn")
    assert found == [{"urn": 100001, "pupils": None}, {"urn": 100002, "pupils": 0}]


@pytest.mark.parametrize(
    ("quarter", "register"),
    [
        ("2024-Q4", date(2025, 3, 31)),  # none so early: the earliest
        ("2025-Q1", date(2025, 3, 31)),  # its own last day
        ("2025-Q4", date(2025, 3, 31)),
        ("2026-Q1", date(2026, 1, 1)),
        ("2026-Q3", date(2026, 1, 1)),
    ],
)
def test_the_register_is_the_latest_up_to_the_quarters_end(
    empty_store: Store, quarter: str, register: date
) -> None:
    row = school(100001, HACKNEY, "Community school", "Primary")
    for dated in (date(2026, 1, 1), date(2025, 3, 31)):
        publish_csv(empty_store, "schools", [row], as_at=dated)
    hold(empty_store, quarter)
    rows = look(empty_store.released, "from school select quarter, register_date")
    assert rows == [{"quarter": quarter, "register_date": register}]


def test_a_university_is_in_the_register_and_out_of_scope(store: Store) -> None:
    known = look(store.exact, "from known_school where urn = 100014")
    assert len(known) == 1
    assert look(store.released, "from school where urn = 100014") == []
