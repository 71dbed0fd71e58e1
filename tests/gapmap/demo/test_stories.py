"""What an executive is to find: each story as it lies in the files, before any indicator."""

from collections import Counter, defaultdict

import pytest

from gapmap.demo.boroughs import read_boroughs
from gapmap.demo.quiet import INDEPENDENTS, STATE_SCHOOLS, quiet_schools
from gapmap.demo.schools import schools_of_london
from gapmap.reference.geography import adjoining
from tests.gapmap.demo.demo_rows import (
    HACKNEY,
    QUARTERS,
    code_of,
    every_row,
    police_states,
    share,
    shares,
    trained_states,
)

LAST, BEFORE = QUARTERS[-1], QUARTERS[-2]
FOUR = QUARTERS[-4:]
CAMDEN = "E09000007"
SEED = 20211014


# Which five boroughs have the lowest police engagement among independent schools?


@pytest.fixture(scope="module")
def independents(by_extract, school):
    """Police states of independent schools by quarter and borough of five and more schools."""

    def of(quarter: str) -> dict[str, dict[str, bool]]:
        found = defaultdict(dict)
        for borough, its in police_states(by_extract, school, quarter).items():
            for urn, met in its.items():
                if school[urn]["TypeOfEstablishment (name)"] == "Other independent school":
                    found[borough][urn] = met
        return {borough: its for borough, its in found.items() if len(its) >= 5}

    return {quarter: shares(of(quarter)) for quarter in (BEFORE, LAST)}


def test_five_boroughs_have_the_least_engaged_independents_and_some_are_engaged(independents):
    now = sorted(independents[LAST].values())
    assert len(now) >= 28
    assert all(0 < lowest < 0.16 for lowest in now[:5])
    assert now[5] > now[4]
    assert 0.3 < now[len(now) // 2] < 0.5
    assert now[-1] > 0.5


def test_independents_moved_since_the_quarter_before(independents, borough_codes):
    moved = {
        code: independents[LAST][code] - independents[BEFORE][code]
        for code in independents[LAST].keys() & independents[BEFORE].keys()
    }
    name = {code: name for name, code in borough_codes.items()}
    assert {name[code] for code, points in moved.items() if points > 0.1} >= {"Brent", "Lewisham"}
    assert {name[code] for code, points in moved.items() if points < -0.09} >= {
        "Redbridge",
        "Hillingdon",
    }


# In how many secondary schools of Camden was no referral seen?


@pytest.fixture(scope="module")
def quiet() -> frozenset[str]:
    return frozenset(map(str, quiet_schools(schools_of_london(read_boroughs(), SEED))))


def referrals_of_a_year(by_extract):
    return [
        (file, row)
        for file, rows in by_extract["referrals"]
        for row in rows
        if file.quarter in FOUR
    ]


def test_camden_and_all_that_adjoin_it_sent_four_quarters(by_extract):
    near = {CAMDEN, *adjoining()[CAMDEN]}
    for quarter in FOUR:
        covered = {
            code
            for file, _ in by_extract["referrals"]
            if file.quarter == quarter
            for code in file.covers
        }
        assert near <= covered


def test_camdens_referrals_from_schools_name_the_school(by_extract):
    made = Counter()
    for _, row in referrals_of_a_year(by_extract):
        if row["borough"] == "Camden" and row["source"] == "2A":
            made[bool(row["urn"])] += int(row["referrals"])
    assert made[True] / made.total() >= 0.8
    assert made.total() >= 10


def test_quiet_schools_are_in_no_referral_though_much_is_said(by_extract, school, quiet):
    assert len(quiet) == STATE_SCHOOLS + INDEPENDENTS
    for urn in quiet:
        assert code_of(school[urn]) == CAMDEN
        assert school[urn]["EstablishmentStatus (name)"] == "Open"
    for row in every_row(by_extract, "referrals"):
        assert not {row["urn"], row["urn_attended"]} & quiet
    told = {row["urn"]: int(row["testimonies"]) for row in every_row(by_extract, "testimonies")}
    assert quiet <= told.keys()


def test_their_pupils_say_it_happens_more_than_three_quarters_of_schools_do(by_extract, quiet):
    prevalence = {
        row["urn"]: (int(row["a_lot"]) + int(row["sometimes"])) / int(row["valid_answers"])
        for row in every_row(by_extract, "perception_survey")
        if row["urn"]
        and row["quarter"] >= "2025-Q4"
        and (row["sex"], row["question"]) == ("all", "harassment happens")
        and int(row["valid_answers"]) >= 30
    }
    top = sorted(prevalence.values())[-len(prevalence) // 4 :]
    surveyed = quiet & prevalence.keys()
    assert len(surveyed) == STATE_SCHOOLS
    assert all(prevalence[urn] >= top[0] for urn in surveyed)


def test_other_schools_of_camden_did_refer(by_extract, school, quiet):
    named = {row["urn"] for _, row in referrals_of_a_year(by_extract)} - {""}
    of_camden = {urn for urn in named if code_of(school[urn]) == CAMDEN}
    assert len(of_camden - quiet) >= 5


# Whose DSL training runs out?


@pytest.mark.parametrize("borough", ["Greenwich", "Wandsworth", "Lewisham"])
def test_leads_ran_out_of_date_since_the_quarter_before(by_extract, school, borough_codes, borough):
    code = borough_codes[borough]
    before, now = (
        trained_states(by_extract, school, quarter, "DSL") for quarter in ("2026-Q2", "2026-Q3")
    )
    earlier = before.get(code) or trained_states(by_extract, school, "2025-Q4", "DSL")[code]
    ran_out = [urn for urn, met in now[code].items() if not met and earlier.get(urn)]
    assert len(ran_out) >= 10
    assert share(list(earlier.values())) - share(list(now[code].values())) > 0.08


def test_answers_of_two_years_ago_are_about_to_run_out(by_extract):
    last = {}
    for file, rows in by_extract["training"]:
        for row in rows:
            if row["agency"] == "school" and "DSL" in row["course"]:
                last[row["urn"]] = file.quarter
    # They stand for 24 months: to the end of 2026-Q4 and no longer.
    assert sum(quarter == "2024-Q4" for quarter in last.values()) >= 50


# What closed the gap in the most improved borough?


def supervision(by_extract, school, year: slice) -> dict[str, float]:
    """Yes of yes and no by borough, of the returns in these of its (first, second) years."""
    found = defaultdict(list)
    for _, rows in by_extract["school_safeguarding"]:
        answers = defaultdict(list)
        for row in rows:
            if row["dsl_supervision"] in {"yes", "no"}:
                answers[code_of(school[row["urn"]])].append(row["dsl_supervision"] == "yes")
        for code, its in answers.items():
            found[code].append(share(its))
    return {code: its[year][0] for code, its in found.items() if len(its) == 2}


def test_supervision_in_hackney_closed_more_than_any_other_gap(by_extract, school):
    first, last = (supervision(by_extract, school, year) for year in (slice(0, 1), slice(1, 2)))
    moved = {code: last[code] - first[code] for code in first}
    assert moved[HACKNEY] > 0.5
    assert sorted(moved.values())[-2] < 0.3
    sent = [file.quarter for file, _ in by_extract["school_safeguarding"] if HACKNEY in file.covers]
    # The first answers stand to the end of the quarter before the last one.
    assert sent == ["2025-Q2", LAST]


def test_the_review_and_the_messages_say_what_closed_it(by_extract):
    states = {
        row["quarter"]: row["status"]
        for row in every_row(by_extract, "partnership_review")
        if (row["borough"], row["item"]) == ("Hackney", "DSL supervision pilot")
    }
    assert (states[BEFORE], states[LAST]) == ("in progress", "done")
    assert any(
        (row["borough"], row["quarter"], row["message"]) == ("Hackney", LAST, "support offer")
        for row in every_row(by_extract, "message_log")
    )
