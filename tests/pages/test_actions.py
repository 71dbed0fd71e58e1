"""Actions: who closes which gap, asks to the Executive, and what worked; as each role sees it."""

import pytest

from gapmap.access import Viewer
from gapmap.agreements.agreements import (
    Agreement,
    Draft,
    Status,
    agreements,
    note_agreement,
    settle,
)
from gapmap.demo.agreed import fill_office
from gapmap.indicator import definitions
from gapmap.opened import the_office
from gapmap.stores.store import Store
from tests.pages.conftest import Screen, noted
from tests.uploads import BROMLEY, HACKNEY

POLICE = definitions()["police_engagement"]


def agreed(
    quarter: str = "2026-Q2", due: str = "2026-Q3", borough: str | None = HACKNEY
) -> Agreement:
    draft = Draft(
        "action",
        "Name an officer",
        "police",
        "Schools lead",
        quarter,
        due,
        borough,
        POLICE.name,
    )
    return note_agreement(the_office(), Viewer("administrator"), "somebody", draft)


def asked(status: Status = "open") -> Agreement:
    draft = Draft(
        "ask", "Write to the trusts", "executive", "Manager", "2026-Q2", "2026-Q4", HACKNEY
    )
    kept = note_agreement(the_office(), Viewer("administrator"), "somebody", draft)
    if status == "open":
        return kept
    return settle(the_office(), Viewer("executive"), "member", kept.agreement_id, status, "Written")


def test_nothing_agreed_says_where_to_begin(tiny_copy: Store) -> None:
    screen = Screen("actions")
    assert "Nothing was agreed yet" in screen.words
    assert "Note who closes a gap" in screen.words
    assert "Nothing was asked yet" in Screen("actions", view="Asks to the Executive").words


def test_an_executive_notes_who_closes_a_gap(tiny_copy: Store) -> None:
    screen = Screen("agency", owner="Police")
    assert "Nothing is agreed on this gap yet." in screen.words
    screen.app.text_input(key="agreed_who_0").set_value("Schools lead of the command unit")
    screen.press("Note it")
    (kept,) = agreements(the_office(), "action")
    assert (kept.indicator, kept.owner, kept.borough_code) == (POLICE.name, "police", None)
    assert (kept.quarter, kept.due, kept.words) == ("2026-Q3", "2026-Q4", POLICE.closes)
    assert noted("agreed") == [("executive", f"{kept.agreement_id} london {POLICE.name}")]
    assert "Schools lead of the command unit" in Screen("agency", owner="Police").words
    assert Screen("actions").frames[0]["Who sees to it"].tolist() == [kept.who]


def test_what_cannot_be_kept_is_said_and_not_kept(tiny_copy: Store) -> None:
    screen = Screen("agency", owner="Police")
    screen.app.text_input(key="agreed_who_0").set_value("a@example.org")
    screen.press("Note it")
    assert "an e-mail address" in screen.words
    assert "a@example.org" not in screen.words
    assert agreements(the_office(), "action") == []


def test_a_lead_notes_for_the_own_borough_alone(tiny_copy: Store) -> None:
    screen = Screen("agency", owner="Police").view_as("lead", HACKNEY)
    assert screen.app.selectbox(key="action_where_0").options == ["Hackney"]


def test_an_analyst_reads_and_notes_nothing(tiny_copy: Store) -> None:
    agreed()
    screen = Screen("agency", owner="Police").view_as("analyst")
    assert "Note it" not in [one.label for one in screen.app.button]
    screen = Screen("actions").view_as("analyst").select_row("actions_table", 0)
    assert "Schools with the gap" in [one.label for one in screen.app.button]
    assert "Done" not in [one.label for one in screen.app.button]


def test_the_extracts_say_whether_it_closed(tiny_copy: Store) -> None:
    agreed()
    agreed("2026-Q3", "2026-Q4", BROMLEY)
    table = Screen("actions").frames[0].set_index("Where")
    assert table.loc["Bromley", "By the extracts"] == "Waits"
    gaps = Screen("agency", owner="Police", area="Hackney").frames[0]
    earlier = Screen("agency", owner="Police", area="Hackney", quarter="2026-Q2").frames[0]
    moved = f"{earlier['Schools'].iloc[0]} → {gaps['Schools'].iloc[0]}"
    assert table.loc["Hackney", "With the gap"] == moved


def test_what_came_of_it_is_noted_and_teaches_others(tiny_copy: Store) -> None:
    kept = agreed()
    screen = Screen("actions").select_row("actions_table", 0)
    screen.app.text_area(key="settled_outcome_0").set_value("Visited together")
    screen.press("Done")
    (done,) = agreements(the_office(), "action")
    assert (done.agreement_id, done.status, done.outcome) == (kept.agreement_id, "done",
                                                              "Visited together")  # fmt: skip
    worked = Screen("actions", view="What worked", worked_on=POLICE.title)
    assert "Visited together" in worked.words
    assert POLICE.closes in worked.words


def test_an_action_leads_to_its_schools(tiny_copy: Store) -> None:
    agreed()
    screen = Screen("actions").select_row("actions_table", 0).press("Schools with the gap")
    assert screen.title == "Hackney"
    assert (screen.query["view"], screen.query["state"]) == ("Schools", "Gap")


def test_the_filters_leave_what_concerns_a_borough_and_an_agency(tiny_copy: Store) -> None:
    agreed(borough=HACKNEY)
    agreed(borough=None)
    assert set(Screen("actions").frames[0]["Where"]) == {"Hackney", "London"}
    assert set(Screen("actions", area="Bromley").frames[0]["Where"]) == {"London"}
    assert "Nothing was agreed yet" in Screen("actions", with_agency="Health").words


def test_a_lead_asks_and_the_executive_answers(tiny_copy: Store) -> None:
    screen = Screen("actions", view="Asks to the Executive").view_as("lead", HACKNEY)
    screen.app.text_area(key="asked_words_0").set_value("Write to the trusts")
    screen.app.text_input(key="asked_who_0").set_value("Partnership manager")
    screen.press("Ask")
    (ask,) = agreements(the_office(), "ask")
    assert (ask.words, ask.owner, ask.borough_code) == ("Write to the trusts", "executive", HACKNEY)
    screen = Screen("actions", view="Asks to the Executive")
    assert "Ask" not in [one.label for one in screen.app.button]
    screen.select_row("asks_table", 0)
    screen.app.text_area(key="settled_outcome_0").set_value("Written in June")
    screen.press("Answered")
    table = Screen("actions", view="Asks to the Executive").frames[0]
    assert table[["Owner", "Status", "Outcome"]].iloc[0].tolist() == [
        "Executive",
        "Answered",
        "Written in June",
    ]
    assert [role for role, _ in noted("asked")] == ["lead", "executive"]


def test_what_the_demonstration_agreed_stands_beside_its_data_alone(tiny_copy: Store) -> None:
    fill_office(the_office())
    fill_office(the_office())
    assert len(agreements(the_office(), "action")) == 6
    assert len(agreements(the_office(), "ask")) == 3
    assert "Nothing was agreed yet" in Screen("actions").words


def test_the_first_quarter_has_none_before_it(tiny_copy: Store) -> None:
    first = Screen("actions", view="What worked", quarter="2026-Q2")
    assert "is not held" in first.words
    assert asked("done").status == "done"


# The last, since its store stays open to the end of the module.
@pytest.mark.parametrize("view", ["Who closes what", "Asks to the Executive", "What worked"])
def test_an_empty_store_says_what_to_do(empty_pages: Store, view: str) -> None:
    assert "Nothing has been published yet." in Screen("actions", view=view).words
