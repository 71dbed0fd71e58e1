"""Yes, no, not asked and no reply; whom an indicator applies to; and which of two rows counts."""

from collections.abc import Iterator
from typing import Any

import pytest

from gapmap import indicator
from gapmap.indicator import of_schools
from gapmap.publishing.standing import bring_up_to_date
from gapmap.publishing.submission import withdraw
from gapmap.question import Question, parse_question, question, questions
from gapmap.reference import reference, thresholds
from gapmap.settings import QUERIES
from gapmap.stores.store import Store, rows_of
from tests.queries import oracle
from tests.queries.test_indicators import hold, state
from tests.uploads import (
    BRENT,
    HACKNEY,
    YES_NO_COLUMNS,
    course,
    look,
    publish_csv,
    school,
    school_return,
)

# A secondary school, which every indicator applies to.
URN = 100002
WORDS = [
    ("yes", ("met", None)),
    ("no", ("gap", None)),
    ("not asked", ("unknown", "not_asked")),
    ("no reply", ("unknown", "no_reply")),
]


def item(store: Store, urn: int, indicator: str, quarter: str = "2026-Q3") -> dict[str, Any]:
    rows = rows_of(store.released.ask("schools/items", {"urn": urn, "quarter": quarter}))
    return next(row for row in rows if row["indicator"] == indicator)


@pytest.mark.parametrize(("word", "expected"), WORDS, ids=[word for word, _ in WORDS])
def test_the_four_answers_stay_four(
    lasting_store: Store, word: str, expected: tuple[str, str | None]
) -> None:
    words = dict.fromkeys(YES_NO_COLUMNS, word)
    done = publish_csv(lasting_store, "school_safeguarding", [school_return(urn=URN, **words)])
    for name in oracle.YES_NO:
        row = item(lasting_store, URN, name)
        assert (row["state"], row["reason"]) == expected
        assert row["evidence"] == f"{word} in 2026-Q3"
        assert (row["submission_id"], row["evidence_urn"]) == (done.submission_id, None)


@pytest.mark.parametrize("indicator", sorted(oracle.YES_NO))
def test_each_indicator_reads_its_own_column(lasting_store: Store, indicator: str) -> None:
    words = {**dict.fromkeys(YES_NO_COLUMNS, "yes"), oracle.YES_NO[indicator]: "no"}
    publish_csv(lasting_store, "school_safeguarding", [school_return(urn=URN, **words)])
    gaps = {
        name for name in oracle.YES_NO if state(lasting_store, URN, name, "2026-Q3")[0] == "gap"
    }
    assert gaps == {indicator}


def test_a_return_stands_for_twelve_months(store: Store) -> None:
    publish_csv(store, "school_safeguarding", [school_return(quarter="2025-Q2", urn=URN)])
    hold(store, "2026-Q1", "2026-Q2", "2026-Q3")
    found = [state(store, URN, "reviewed", f"2026-Q{n}") for n in (1, 2, 3)]
    assert found == [("met", None), ("met", None), ("unknown", "out_of_date")]
    assert item(store, URN, "reviewed")["evidence"] == "yes in 2025-Q2"
    assert state(store, 100003, "reviewed", "2026-Q2") == ("unknown", "no_row")
    assert state(store, 100003, "reviewed", "2026-Q3") == ("unknown", "not_submitted")


@pytest.mark.parametrize(
    ("met", "of", "text"),
    [
        (9, 12, "yes in 2026-Q3, criteria met 9 of 12"),
        (0, 12, "yes in 2026-Q3, criteria met 0 of 12"),
        ("", "", "yes in 2026-Q3"),
        ("", 12, "yes in 2026-Q3"),
    ],
)
def test_the_criteria_stand_beside_the_self_evaluation(
    lasting_store: Store, met: int | str, of: int | str, text: str
) -> None:
    row = school_return(urn=URN, self_evaluation_met=met, self_evaluation_applicable=of)
    publish_csv(lasting_store, "school_safeguarding", [row])
    assert item(lasting_store, URN, "self_evaluation")["evidence"] == text


def test_no_count_about_children_is_told(store: Store) -> None:
    publish_csv(store, "school_safeguarding", [school_return(urn=URN, hsb_reports_two_years=4321)])
    for database in (store.exact, store.released):
        told = look(database, "from indicator_state where evidence like '%4321%'")
        assert told == []


# --- whom it applies to -----------------------------------------------------------------------

AGES = [
    # type, phase of the register, ages, asked from 7, asked from 11, asked unless a nursery
    ("Community school", "Primary", (3, 11), True, False, True),
    ("Community school", "Primary", (3, 7), True, False, True),
    ("Community school", "Primary", (3, 6), False, False, True),
    ("Community school", "Primary", ("", ""), True, False, True),
    ("Community school", "Middle deemed primary", (8, 12), True, True, True),
    ("Community school", "Middle deemed secondary", (9, 13), True, True, True),
    ("Community school", "Secondary", ("", ""), True, True, True),
    ("Other independent school", "Not applicable", ("", ""), True, True, True),
    ("Other independent school", "Not applicable", (4, 13), True, True, True),
    ("Other independent school", "Not applicable", (4, 11), True, False, True),
    ("Other independent school", "Not applicable", (18, 3), True, True, True),
    ("Other independent school", "Not applicable", ("", 6), False, False, True),
    ("Other independent school", "Not applicable", (2, 5), False, False, False),
    ("Local authority nursery school", "Nursery", (2, 5), False, False, False),
    ("Local authority nursery school", "Nursery", ("", ""), False, False, False),
    ("Further education", "16 plus", (16, 99), True, True, True),
    ("Academy 16-19 converter", "16 plus", ("", ""), True, True, True),
    ("Pupil referral unit", "Not applicable", (5, 16), True, True, True),
]
ASKED_ALL = {
    "dsl_in_date", "dsl_forum", "self_evaluation", "dsl_supervision", "letter_sent", "reviewed",
    "offer_of_support",
}  # fmt: skip


@pytest.fixture(scope="module")
def of_all_ages(lasting_store: Store) -> Store:
    rows = [
        school(110000 + number, BRENT, kind, phase, ages)
        for number, (kind, phase, ages, *_) in enumerate(AGES)
    ]
    publish_csv(lasting_store, "schools", rows)
    return lasting_store


@pytest.mark.parametrize("number", range(len(AGES)), ids=[str(case[:3]) for case in AGES])
def test_whom_an_indicator_applies_to(of_all_ages: Store, number: int) -> None:
    *_, from_7, from_11, beyond_nursery = AGES[number]
    given = {"urn": 110000 + number}
    asked = {
        row["indicator"]
        for row in rows_of(of_all_ages.released.ask("schools/history", given))
        if row["state"] != "not_applicable"
    }
    expected = set(ASKED_ALL)
    expected |= {"anonymous_reporting", "visible_information"} if from_7 else set()
    expected |= {"alcohol_policy"} if from_11 else set()
    every = {d.name for d in of_schools()}
    by_age = {"anonymous_reporting", "visible_information", "alcohol_policy"}
    expected |= every - by_age if beyond_nursery else set()
    assert asked == expected


# --- two rows of one school in one quarter ------------------------------------------------------


def dsl(urn: int, borough: str, trained: int) -> dict[str, Any]:
    return course(urn=urn, borough=borough, staff_in_scope=2, staff_trained=trained)


def test_the_row_of_the_borough_that_has_the_school_counts(store: Store) -> None:
    """Hackney's part of the file has the school as Hackney's, in date; so has the register."""
    done = publish_csv(store, "training", [dsl(URN, "Brent", 0), dsl(URN, "Hackney", 2)])
    assert state(store, URN, "dsl_in_date", "2026-Q3") == ("met", None)
    withdraw(store, done.submission_id, "x@x", "wrong")
    publish_csv(store, "training", [dsl(URN, "Hackney", 0), dsl(URN, "Brent", 2)])
    assert state(store, URN, "dsl_in_date", "2026-Q3") == ("gap", None)


def test_of_two_other_boroughs_the_first_of_the_alphabet_counts(store: Store) -> None:
    """Both name a school of Hackney; the order of upload and of codes does not matter."""
    publish_csv(store, "training", [dsl(URN, "Camden", 2)])
    publish_csv(store, "training", [dsl(URN, "Barking and Dagenham", 0)])
    assert state(store, URN, "dsl_in_date", "2026-Q3") == ("gap", None)
    publish_csv(store, "training", [dsl(URN, "Barking and Dagenham", 2)])
    publish_csv(store, "training", [dsl(URN, "Camden", 0)])
    assert state(store, URN, "dsl_in_date", "2026-Q3") == ("met", None)
    # Barnet comes before the City of London, whose code is the lowest.
    publish_csv(store, "training", [course(urn=100003, borough="City of London", staff_trained=0)])
    publish_csv(store, "training", [course(urn=100003, borough="Barnet")])
    assert state(store, 100003, "dsl_in_date", "2026-Q3") == ("met", None)


def test_a_later_row_counts_before_an_earlier_one_of_the_own_borough(store: Store) -> None:
    publish_csv(store, "training", [dsl(URN, "Hackney", 2) | {"quarter": "2026-Q2"}])
    publish_csv(store, "training", [dsl(URN, "Brent", 0)])
    assert state(store, URN, "dsl_in_date", "2026-Q2") == ("met", None)
    assert state(store, URN, "dsl_in_date", "2026-Q3") == ("gap", None)
    assert {row["borough_code"] for row in look(store.exact, f"from school where urn = {URN}")} == {
        HACKNEY
    }


# --- one file more --------------------------------------------------------------------------------


@pytest.fixture
def one_more(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """An indicator of a column that no other reads, as if its file lay in queries/indicators."""
    text = (QUERIES / "indicators" / "reviewed.sql").read_text(encoding="utf-8")
    text = text.replace("topic: reviewed", "topic: dsl_forum_role_offered")
    text = text.replace("topic = 'reviewed'", "topic = 'dsl_forum_role_offered'")
    extra = parse_question("indicators/role_offered", text)

    def with_extra(subject: str) -> list[Question]:
        return [*questions(subject), *([extra] if subject == "indicators" else [])]

    def asked(name: str) -> Question:
        return extra if name == extra.name else question(name)

    monkeypatch.setattr(indicator, "questions", with_extra)
    monkeypatch.setattr(reference, "questions", with_extra)
    monkeypatch.setattr("gapmap.stores.store.question", asked)
    forget()
    yield "role_offered"
    monkeypatch.undo()
    forget()


def forget() -> None:
    """Have the files of indicators read anew."""
    for cached in (
        indicator.definitions, thresholds.thresholds, reference.reference_tables,
        reference.reference_hash,
    ):  # fmt: skip
        cached.cache_clear()


def test_adding_an_indicator_is_adding_its_file(store: Store, one_more: str) -> None:
    publish_csv(store, "school_safeguarding", [school_return(urn=URN, dsl_forum_role_offered="no")])
    bring_up_to_date(store)
    row = item(store, URN, one_more)
    assert (row["state"], row["evidence"]) == ("gap", "no in 2026-Q3")
    for database in (store.exact, store.released):
        counted = look(database, f"from state_count where indicator = '{one_more}'")
        assert sum(count["schools"] for count in counted) == len(look(database, "from school"))
        (declared,) = look(database, f"from indicator where indicator = '{one_more}'")
        assert (declared["topic"], declared["weight"]) == ("dsl_forum_role_offered", 3)
        weight = look(database, f"from borough_setting where setting = 'weight.{one_more}'")
        assert len(weight) == 33
    (score,) = look(store.released, f"from school_score where urn = {URN}")
    assert (score["gaps"], score["points_gap"]) == (1, 3)
