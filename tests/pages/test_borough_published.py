"""Borough and school with more published than the tiny store has: scores, trusts, earlier URNs."""

from datetime import date

import pytest
from pandas import isna

from gapmap.reference.reference import boroughs
from gapmap.stores.store import Store
from tests.pages.conftest import Screen, noted
from tests.pages.test_borough import CHILDREN, schools_of
from tests.releasing import release_by_rule
from tests.uploads import (
    HACKNEY,
    course,
    publish_csv,
    referral,
    school,
    school_link,
    school_return,
    tiny_register,
)


def test_schools_are_by_gap_score_unless_it_is_hidden(tiny_copy: Store) -> None:
    returns = [
        school_return(urn=100001),
        school_return(urn=100002, reviewed="no", letter_sent="no"),
        school_return(urn=100003, hsb_policy="no reply"),
    ]
    publish_csv(tiny_copy, "school_safeguarding", returns)
    screen = Screen("borough", borough=HACKNEY, view="Schools")
    rows = schools_of(screen)
    assert next(iter(rows)) == "Secondary A"
    worst = rows["Secondary A"]
    # Gaps: DSL 3, HSB training 2, police 3, reviewed 3, letter 1.
    assert (worst["Gaps"], worst["Unknown"], worst["Points"].split()[0]) == (5, 0, "12")
    known = float(worst["Points"].split()[-1])
    assert worst["Gap score"] == round(12 / known, 2)
    assert rows["Primary A"]["Gap score"] == 0
    assert isna(rows["Nursery A"]["Gap score"])
    assert "Hidden for 4 of 7 schools." in screen.words
    assert screen.map_points["no-gap"] == ["Primary A", "School A"]
    assert "Secondary A" in screen.map_points["40–59%"]
    assert len(screen.map_points["hidden:-too-much-unknown"]) == 4


def test_dsl_training_that_runs_out_soon(tiny_copy: Store) -> None:
    # 24 months: an answer of 2024-Q4 counts to 2026-Q4, one of 2024-Q3 to 2026-Q3.
    publish_csv(tiny_copy, "training", [course(quarter="2024-Q4", urn=100003)])
    publish_csv(tiny_copy, "training", [course(quarter="2024-Q3", urn=100006)])
    screen = Screen("borough", borough=HACKNEY)
    assert screen.cards["DSL runs out soon"][0] == "2"
    screen = screen.press("Whose DSL training runs out soon")
    rows = schools_of(screen)
    assert [(name, row["Counts until"]) for name, row in rows.items()] == [
        ("16 plus A", "2026-Q3"),
        ("School A", "2026-Q4"),
    ]
    assert rows["School A"]["Answered for"] == "2024-Q4"
    assert screen.map_points["ends-this-quarter"] == ["16 plus A"]
    assert screen.map_points["ends-next-quarter"] == ["School A"]
    assert "<b>2 schools</b> in date now, for 2 more quarters at most" in screen.finding


def test_where_no_referral_was_seen_is_named_for_the_own_lead(tiny_copy: Store) -> None:
    publish_where_none_was_seen(tiny_copy)
    screen = Screen("borough", borough=HACKNEY, view=CHILDREN)
    assert "**c**" in screen.words
    assert "School 100002" not in screen.words
    screen.view_as("lead", HACKNEY)
    table = screen.frame("Testimony")
    assert table.to_dict("records") == [
        {"School": "School 100002", "Children say so": "not asked", "Testimony": "yes"}
    ]
    assert "**1** of" in screen.words
    assert screen.select_row("none_seen", 0).title == "School 100002"


def publish_where_none_was_seen(store: Store) -> None:
    """Four quarters of every borough's referrals, and a testimony of a school that made none."""
    publish_csv(
        store,
        "referrals",
        [
            referral(quarter=q, borough=row["borough"], source="2A", urn=100004, referrals=9)
            for q in ("2025-Q4", "2026-Q1", "2026-Q2", "2026-Q3")
            for row in boroughs()
        ],
    )
    testimony = [{"quarter": "2026-Q3", "urn": 100002, "testimonies": 1}]
    publish_csv(store, "testimonies", testimony)
    release_by_rule(store)


# --- school ---------------------------------------------------------------------------------------

SEPTEMBER = date(2026, 9, 30)
TRUST = {"Trusts (code)": "3001", "Trusts (name)": "Elm Trust"}


@pytest.fixture
def academy(tiny_copy: Store) -> Store:
    """A later register in which 100001 became the academy 100008, of a trust with 100002."""
    rows = [dict(row) for row in tiny_register()]
    rows[0] |= {"EstablishmentStatus (name)": "Closed", "CloseDate": "31-08-2026"}
    rows[1] |= TRUST
    opened = {"OpenDate": "01-09-2026", "EstablishmentName": "Oak Academy"}
    academy = school(100008, HACKNEY, "Academy converter", "Primary", (3, 11), 410)
    rows.append(academy | opened | TRUST)
    publish_csv(tiny_copy, "schools", rows, as_at=SEPTEMBER)
    link = school_link(100008, 100001, "Predecessor", "01-09-2026")
    publish_csv(tiny_copy, "school_links", [link], as_at=SEPTEMBER)
    return tiny_copy


@pytest.mark.usefixtures("academy")
def test_evidence_and_history_go_through_a_change_of_urn() -> None:
    screen = Screen("school", urn="100008")
    assert screen.title == "Primary A"
    assert "named contact, last contact 2026-09, from predecessor" in screen.drawn("items")
    history = Screen("school", urn="100008", part="History")
    shown = history.drawn("history")
    assert shown.count(">predecessor</th>") == 1
    assert "predecessor 100001" not in shown
    assert "Until 2026-Q2 the school was its predecessor" in history.words
    assert "* Evidence from predecessor" in history.words
    history.app.toggle(key="schools_named").set_value(True)
    history.run()
    assert history.title == "Oak Academy"
    assert "predecessor 100001" in history.drawn("history")
    assert "Until 2026-Q2 the school was School 100001 (URN 100001)" in history.words


@pytest.mark.usefixtures("academy")
def test_a_trust_is_told_only_where_schools_are_named() -> None:
    screen = Screen("school", urn="100008", part="Trust")
    assert "Elm Trust" not in screen.words
    assert "Trust" not in screen.parts
    screen.app.toggle(key="schools_named").set_value(True)
    screen.run()
    assert "trust: Elm Trust" in screen.words
    screen.app.segmented_control(key="part").set_value("Trust")
    screen.run()
    assert "Elm Trust: 2 schools in Hackney, this one among them." in screen.words
    schools = screen.frame("School").set_index("School")
    assert set(schools.index) == {"Oak Academy (this one)", "School 100002"}
    assert schools.loc["School 100002", "Gap"] == 3
    items = screen.frame("Others known").set_index("Item")
    assert items.loc["Police engagement", "Gap"] == "1 of 2 known"
    place = list(schools.index).index("School 100002")
    assert screen.select_row("trust_table", place).title == "School 100002"


def test_what_only_the_own_lead_is_told(tiny_copy: Store) -> None:
    returned = school_return(urn=100002, hsb_reports_two_years=3)
    publish_csv(tiny_copy, "school_safeguarding", [returned])
    testimony = [{"quarter": "2026-Q3", "urn": 100002, "testimonies": 2}]
    publish_csv(tiny_copy, "testimonies", testimony)
    screen = Screen("school", urn="100002")
    assert "Exact" not in screen.words
    assert noted("exact view") == []
    screen.view_as("lead", HACKNEY).run()
    assert "Exact, for the borough's own lead only" in screen.words
    assert "Testimonies: **yes (unverified, of any year)**" in screen.words
    assert "HSB reports over two years: **3 (answered for 2026-Q3)**" in screen.words
    assert "DSLs and deputies in scope: **2, 1 of them in date (2026-Q3)**" in screen.words
    assert noted("exact view") == [("lead", f"{HACKNEY} 100002")]


def test_a_score_that_is_hidden_says_why(tiny_copy: Store) -> None:
    cards = Screen("school", urn="100004").cards
    value, _, note = cards["Gap score"]
    assert value == "hidden"
    assert note.startswith("100% of the ")
    assert note.endswith(" points that apply is unknown, more than 40%")
    publish_csv(tiny_copy, "school_safeguarding", [school_return(urn=100002, reviewed="no")])
    value, _, note = Screen("school", urn="100002").cards["Gap score"]
    gap, known = (float(part) for part in note.split(" points")[0].split(" of "))
    # DSL 3, HSB training 2, police 3, reviewed 3.
    assert gap == 11
    assert value == f"{100 * gap / known:.0f}%"
