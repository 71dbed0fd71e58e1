"""School: each item with its state, evidence, source file, and what closes it."""

from typing import Any

import pytest

from tests.pages.conftest import Screen
from tests.uploads import HACKNEY

pytestmark = pytest.mark.usefixtures("tiny_pages")


def items(screen: Screen) -> dict[str, dict[str, Any]]:
    """The first table: by item, its row."""
    found: dict[str, dict[str, Any]] = screen.tables[0].set_index("Item").to_dict("index")
    return found


def test_every_item_says_its_state_evidence_and_source() -> None:
    screen = Screen("school", urn="100002")
    assert screen.title == "Secondary A"
    found = items(screen)
    assert list(found) == ["DSL in date", "HSB training", "Police engagement"]
    assert found["DSL in date"] == {
        "State": "gap",
        "Evidence": "not in date",
        "Quarter": "2026-Q3",
        "Source file": "training_2026-Q3.csv",
        "Submission": "training-00004",
        "Owner": "School",
        "What closes it": "The DSL and each deputy take the initial or refresher course, and the "
        "school returns it.",
    }
    assert found["HSB training"]["Evidence"] == "nobody is trained in date"
    assert found["Police engagement"]["Source file"] == "police_2026-Q3.csv"
    assert found["Police engagement"]["Owner"] == "Police"


def test_what_is_met_needs_no_closing() -> None:
    found = items(Screen("school", urn="100001"))
    assert {item["State"] for item in found.values()} == {"met"}
    assert {item["What closes it"] for item in found.values()} == {""}
    assert found["Police engagement"]["Evidence"] == "named contact, last contact 2026-09"


def test_unknown_says_which() -> None:
    found = items(Screen("school", urn="100011"))
    assert found["DSL in date"]["State"] == "unknown: borough has not submitted"
    assert found["DSL in date"]["Source file"] == ""
    assert found["Police engagement"]["State"] == "gap"
    found = items(Screen("school", urn="100004"))
    assert found["Police engagement"]["State"] == "unknown: no reply"
    assert found["HSB training"]["State"] == "unknown: not in the borough's return"


def test_the_worst_comes_first() -> None:
    assert next(iter(items(Screen("school", urn="100011")))) == "Police engagement"
    assert items(Screen("school", urn="100005"))["Police engagement"]["State"] == "not applicable"
    assert next(iter(items(Screen("school", urn="100005")))) == "DSL in date"


def test_staff_in_scope_are_on_no_screen() -> None:
    screen = Screen("school", urn="100002")
    assert "staff" not in screen.tables[0].to_string().lower()


def test_the_history_holds_every_quarter() -> None:
    history = Screen("school", urn="100001").tables[1]
    assert list(history.columns) == ["2026-Q2", "2026-Q3"]
    assert history.loc["Police engagement"].to_list() == ["gap", "met"]
    assert history.loc["DSL in date"].to_list() == ["unknown: borough has not submitted", "met"]
    # It opened in September.
    assert list(Screen("school", urn="100013").tables[1].columns) == ["2026-Q3"]


def test_an_earlier_quarter_shows_what_stood_then() -> None:
    found = items(Screen("school", urn="100001", quarter="2026-Q2"))
    assert found["Police engagement"]["State"] == "gap"
    assert found["Police engagement"]["Source file"] == "police_2026-Q2.csv"
    assert found["DSL in date"]["State"] == "unknown: borough has not submitted"


def test_what_the_register_says() -> None:
    words = Screen("school", urn="100001").words
    assert "Maintained, primary, ages 3–11 · 420 pupils · register of 30 June 2026" in words
    words = Screen("school", urn="100003").words
    assert "Independent, unknown · pupils not known" in words
    assert "secondary (derived from its ages), ages 11–19" in Screen("school", urn="100004").words


def test_a_school_is_named_when_it_is_asked_for_or_by_its_lead() -> None:
    screen = Screen("school", urn="100002")
    screen.app.toggle(key="schools_named").set_value(True)
    assert screen.run().title == "School 100002"
    screen = Screen("school", urn="100002").view_as("lead", HACKNEY)
    assert screen.title == "School 100002"


def test_outside_its_time_in_scope_the_school_says_so() -> None:
    screen = Screen("school", urn="100013", quarter="2026-Q2")
    assert "not in scope in 2026-Q2; the nearest quarter that holds it is 2026-Q3" in screen.words
    assert len(screen.tables) == 1


@pytest.mark.parametrize("urn", ["999999", "100012", "100014"])
def test_a_school_that_is_not_held_says_what_to_do(urn: str) -> None:
    screen = Screen("school", urn=urn)
    assert screen.title == "School"
    assert f"No register holds a school with URN {urn}." in screen.words
    assert "Go to the boroughs" in screen.words


@pytest.mark.parametrize("urn", ["", "abc", "-5", "1e5", "12345678"])
def test_what_is_no_urn_is_no_school(urn: str) -> None:
    screen = Screen("school", urn=urn)
    assert "No school was chosen. Choose one from its borough." in screen.words


def test_the_way_up_leads_to_the_borough_with_the_filters_kept() -> None:
    screen = Screen("school", urn="100002", borough=HACKNEY, phase="Secondary")
    assert screen.press("Hackney").title == "Hackney"
    assert screen.query == {"borough": HACKNEY, "phase": "Secondary"}


def test_the_way_up_finds_the_borough_of_a_bare_link() -> None:
    screen = Screen("school", urn="100002")
    assert screen.press("Hackney").title == "Hackney"
    assert screen.query == {"borough": HACKNEY}
