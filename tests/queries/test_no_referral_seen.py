"""When a school is told of where no referral was seen: every guard of it, one at a time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pyarrow as pa
import pytest

from gapmap.publishing.submission import withdraw
from gapmap.reference import reference
from gapmap.stores.store import Store, rows_of
from tests.releasing import release_by_rule
from tests.uploads import BROMLEY, look, publish_csv, referral, school, school_link

YEAR = ["2025-Q4", "2026-Q1", "2026-Q2", "2026-Q3"]
QUARTER = YEAR[-1]
SCHOOLS = range(200001, 200013)  # secondary schools of Bromley
QUIET, TELLING = SCHOOLS[0], SCHOOLS[1]
CAMDEN = "E09000007"
CODES = [row["borough_code"] for row in reference.boroughs()]
Row = dict[str, Any]


def bromley_register() -> list[Row]:
    return [
        school(urn, BROMLEY, "Academy converter", "Secondary", (11, 18), 900) for urn in SCHOOLS
    ]


def a_year(
    extra: list[Row] | None = None, leave_out: tuple[str, str] | None = None, year: list[str] = YEAR
) -> list[tuple[list[Row], list[str]]]:
    """A file or more: Bromley names TELLING in nine of ten referrals, all others are nil returns.

    `leave_out`: a quarter and borough that does not submit.
    """
    files: dict[tuple[str, ...], list[Row]] = {}
    for quarter in year:
        named = {"quarter": quarter, "borough": "Bromley", "source": "2A"}
        rows = [
            referral(**named, urn=TELLING, urn_attended=TELLING, referrals=9),
            referral(**named, referrals=1),
            *(row for row in extra or [] if row["quarter"] == quarter),
        ]
        sending = {
            "E09000006",
            *(reference.borough_spellings()[r["borough"].casefold()] for r in rows),
        }
        nil = tuple(c for c in CODES if c not in sending and (quarter, c) != leave_out)
        files.setdefault(nil, []).extend(rows)
    return [(rows, list(nil)) for nil, rows in files.items()]


def survey(urn: int, valid: int, often: int, **other: Any) -> Row:
    return {
        "quarter": QUARTER, "borough": "Bromley", "urn": urn, "respondent": "child", "sex": "all",
        "question": "harassment happens", "valid_answers": valid, "a_lot": often, "sometimes": 0,
        **other,
    }  # fmt: skip


def named_by(urn: int, number: int = 1, quarter: str = QUARTER) -> Row:
    return {"quarter": quarter, "urn": urn, "testimonies": number}


# Ten schools of 30 answers each, 1 to 10 of them "a lot"; QUIET has the most.
SURVEYED = [survey(urn, 30, 10 - place) for place, urn in enumerate(SCHOOLS[:10])]


@pytest.fixture
def bromley(empty_store: Store) -> Callable[..., Store]:
    def opened(
        files: list[tuple[list[Row], list[str]]],
        survey_rows: list[Row] | None = None,
        named: list[Row] | None = None,
    ) -> Store:
        publish_csv(empty_store, "schools", bromley_register())
        for rows, nil in files:
            publish_csv(empty_store, "referrals", rows, covers=nil)
        for extract, more in (("perception_survey", survey_rows), ("testimonies", named)):
            if more:
                publish_csv(empty_store, extract, more)
        return empty_store

    return opened


def state(store: Store, urn: int = QUIET, quarter: str = QUARTER) -> tuple[str, str | None]:
    (row,) = look(store.exact, f"from school_signal where urn = {urn} and quarter = '{quarter}'")
    return row["no_referral_state"], row["no_referral_reason"]


FLAGGED, FINE = ("no_referral_seen", None), ("not_flagged", None)


def test_the_top_quartile_of_prevalence_is_a_reason(bromley: Callable[..., Store]) -> None:
    store = bromley(a_year(), SURVEYED)
    found = {urn: state(store, urn) for urn in SCHOOLS}
    # Of ten schools the third quartile lies at 7.75 of 30; TELLING, with 9, has made referrals.
    assert [urn for urn in SCHOOLS if found[urn] == FLAGGED] == [QUIET, SCHOOLS[2]]
    assert found[TELLING] == FINE


def test_a_testimony_is_a_reason(bromley: Callable[..., Store]) -> None:
    store = bromley(a_year(), None, [named_by(QUIET), named_by(SCHOOLS[4], 0)])
    assert state(store) == FLAGGED
    assert state(store, SCHOOLS[4]) == FINE
    assert state(store, SCHOOLS[5]) == FINE


def test_a_testimony_counts_from_its_quarter_on(bromley: Callable[..., Store]) -> None:
    before = [str(q) for q in ("2024-Q4", "2025-Q1", "2025-Q2", "2025-Q3")]
    store = bromley([*a_year(year=before), *a_year()], None, [named_by(QUIET, quarter="2025-Q4")])
    assert state(store, quarter="2025-Q3") == FINE
    assert state(store, quarter="2025-Q4") == FLAGGED
    assert state(store) == FLAGGED


@pytest.mark.parametrize("answers", [29, 30])
def test_thirty_answers_are_needed(bromley: Callable[..., Store], answers: int) -> None:
    rows = [survey(QUIET, answers, 29), *SURVEYED[1:]]
    assert state(bromley(a_year(), rows)) == (FLAGGED if answers == 30 else FINE)


def test_of_three_schools_there_is_no_quartile(bromley: Callable[..., Store]) -> None:
    assert state(bromley(a_year(), SURVEYED[:3])) == FINE


def test_where_nobody_says_that_it_happens_nobody_is_told_of(bromley: Callable[..., Store]) -> None:
    assert state(bromley(a_year(), [row | {"a_lot": 0} for row in SURVEYED])) == FINE


@pytest.mark.parametrize(
    "other",
    [{"respondent": "parent"}, {"question": "would report"}, {"quarter": "2025-Q2"}],
)
def test_other_answers_are_no_prevalence(bromley: Callable[..., Store], other: Row) -> None:
    assert state(bromley(a_year(), [row | other for row in SURVEYED])) == FINE


@pytest.mark.parametrize(
    "row",
    [
        referral(urn=QUIET, source="2A", quarter="2025-Q4", borough="Bromley", referrals=1),
        referral(urn_attended=QUIET, quarter="2026-Q3", borough="Bromley", referrals=1),
        # Received elsewhere, and not of type HSB: seen all the same.
        referral(
            urn=QUIET, source="2A", quarter="2026-Q1", borough="Camden", referrals=1,
            referral_type="other child-on-child abuse",
        ),
    ],
)  # fmt: skip
def test_one_referral_in_the_year_is_seen(bromley: Callable[..., Store], row: Row) -> None:
    assert state(bromley(a_year([row]), None, [named_by(QUIET)])) == FINE


def test_a_row_of_no_referrals_is_none(bromley: Callable[..., Store]) -> None:
    row = referral(urn=QUIET, source="2A", quarter="2026-Q1", borough="Bromley", referrals=0)
    assert state(bromley(a_year([row]), None, [named_by(QUIET)])) == FLAGGED


def test_a_referral_before_the_four_quarters_is_not_seen(bromley: Callable[..., Store]) -> None:
    row = referral(urn=QUIET, source="2A", quarter="2025-Q3", borough="Bromley", referrals=5)
    store = bromley([*a_year(), ([row], [])], None, [named_by(QUIET)])
    assert state(store) == FLAGGED


@pytest.mark.parametrize(
    ("left_out", "expected"),
    [
        (BROMLEY, ("unknown", "not_submitted")),
        ("E09000008", ("unknown", "not_submitted")),  # Croydon adjoins Bromley
        (CAMDEN, FLAGGED),  # does not
    ],
)
@pytest.mark.parametrize("quarter", [YEAR[0], YEAR[2]])
def test_home_and_adjoining_boroughs_must_have_submitted(
    bromley: Callable[..., Store], left_out: str, expected: tuple[str, str | None], quarter: str
) -> None:
    files = a_year(leave_out=(quarter, left_out))
    if left_out == BROMLEY:
        (rows, nil), *_ = files
        kept = [row for row in rows if row["quarter"] != quarter]
        others = [code for code in nil if code != CAMDEN]
        files = [(kept, nil), ([referral(quarter=quarter, borough="Camden")], others)]
    assert state(bromley(files, None, [named_by(QUIET)])) == expected


def test_a_borough_across_the_thames_adjoins(empty_store: Store) -> None:
    """Newham has sent nothing: it faces Greenwich, and both are separated by the river."""
    rows = [school(300001, "E09000011", "Academy converter", "Secondary", (11, 18), 900)]
    publish_csv(empty_store, "schools", rows)
    named = {"borough": "Greenwich", "source": "2A", "urn": 300001}
    nil = [c for c in CODES if c not in ("E09000011", "E09000025")]
    sent = [referral(quarter=quarter, **named) for quarter in YEAR]
    publish_csv(empty_store, "referrals", sent, covers=nil)
    assert state(empty_store, 300001) == ("unknown", "not_submitted")


@pytest.mark.parametrize(("without", "expected"), [(2, FLAGGED), (3, ("unknown", "few_with_urn"))])
def test_eight_of_ten_referrals_of_schools_must_name_the_school(
    bromley: Callable[..., Store], without: int, expected: tuple[str, str | None]
) -> None:
    files = a_year()
    for row in files[0][0]:
        row["referrals"] = 10 - without if row["urn"] else without
    assert state(bromley(files, None, [named_by(QUIET)])) == expected


def test_without_any_referral_of_a_school_nothing_is_known(bromley: Callable[..., Store]) -> None:
    files = a_year()
    files[0][0][:] = [row | {"source": "6"} for row in files[0][0] if not row["urn"]]
    assert state(bromley(files, None, [named_by(QUIET)])) == ("unknown", "few_with_urn")


def test_the_settings_of_the_partnership_hold(bromley: Callable[..., Store]) -> None:
    store = bromley(a_year(), SURVEYED)
    changed = look(store.exact, "from borough_setting")
    for row in changed:
        if row["setting"] == "no_referral_prevalence_answers" and row["borough_code"] == BROMLEY:
            row["value"] = 31.0
    with store.exact.writing() as writing:
        writing.replace("borough_setting", pa.Table.from_pylist(changed))
        signals = rows_of(writing.ask("standing/school_signals", {"quarters": [QUARTER]}))
    assert {row["no_referral_state"] for row in signals} == {"not_flagged"}


@pytest.mark.parametrize(
    ("kind", "phase", "ages", "secondary"),
    [
        ("Community school", "Secondary", ("", ""), True),
        ("Community school", "Middle deemed secondary", (9, 13), True),
        ("Community school", "All-through", (3, 18), True),
        ("Community school", "Middle deemed primary", (8, 12), False),
        ("Community school", "Primary", (3, 11), False),
        ("Further education", "16 plus", (16, 99), False),
        ("Other independent school", "Not applicable", (4, 11), False),
        ("Other independent school", "Not applicable", (4, 13), True),
        ("Other independent school", "Not applicable", (11, 16), True),
        ("Other independent school", "Not applicable", (16, 19), False),
        ("Other independent school", "Not applicable", ("", ""), False),
        ("Pupil referral unit", "Not applicable", (14, 16), True),
    ],
)
def test_who_is_of_secondary_age(
    empty_store: Store, kind: str, phase: str, ages: tuple[Any, Any], secondary: bool
) -> None:
    publish_csv(empty_store, "schools", [school(400001, BROMLEY, kind, phase, ages, 100)])
    expected = ("unknown", "not_submitted") if secondary else ("not_applicable", None)
    assert state(empty_store, 400001, "2026-Q2") == expected


def test_what_was_said_of_a_predecessor_counts(bromley: Callable[..., Store]) -> None:
    """A testimony and a referral under the URN that a school had before are its own."""
    row = referral(urn=SCHOOLS[3], source="2A", quarter="2026-Q1", borough="Bromley", referrals=1)
    store = bromley(a_year([row]), None, [named_by(SCHOOLS[2]), named_by(SCHOOLS[3])])
    new = [
        school(urn, BROMLEY, "Academy converter", "Secondary", (11, 18), 900)
        for urn in (210001, 210002)
    ]
    publish_csv(store, "schools", [*bromley_register(), *new], as_at=date(2026, 9, 1))
    assert [state(store, urn) for urn in (210001, 210002)] == [FINE, FINE]
    links = [
        school_link(210001, SCHOOLS[2], "Predecessor", "01-09-2026"),
        school_link(210002, SCHOOLS[3], "Predecessor", "01-09-2026"),
    ]
    publish_csv(store, "school_links", links, as_at=date(2026, 9, 1))
    assert state(store, 210001) == FLAGGED
    assert state(store, 210002) == FINE  # named by a testimony, and has made a referral
    signal = look(store.exact, f"from school_signal where urn = 210002 and quarter = '{QUARTER}'")
    assert signal[0]["testimonies"] is True


def test_a_withdrawn_testimony_is_forgotten(bromley: Callable[..., Store]) -> None:
    store = bromley(a_year())
    done = publish_csv(store, "testimonies", [named_by(QUIET)])
    assert state(store) == FLAGGED
    withdraw(store, done.submission_id, "x@x", "copied wrongly")
    assert state(store) == FINE
    (signal,) = look(
        store.exact, f"from school_signal where urn = {QUIET} and quarter = '{QUARTER}'"
    )
    assert signal["testimonies"] is None


def test_nothing_of_a_school_is_released(bromley: Callable[..., Store]) -> None:
    store = bromley(a_year(), SURVEYED, [named_by(urn) for urn in SCHOOLS[3:]])
    release_by_rule(store)
    assert "school_signal" not in [
        row["table_name"] for row in look(store.released, "from duckdb_tables() select table_name")
    ]
    numbers = {
        row["measure"]: (row["value"], row["marker"])
        for row in look(
            store.released,
            f"from figure where area_code = '{BROMLEY}' and quarter = '{QUARTER}' "
            "and breakdown = 'total' and measure like 'no_referral_seen%'",
        )
    }
    assert numbers == {
        "no_referral_seen": (10, None),  # 11 of 12
        "no_referral_seen_known": (10, None),
        "no_referral_seen_unknown": (0, None),
    }
