"""School: each item with its state, evidence, source file, and what closes it."""

from html import unescape
from re import findall

import pytest

from gapmap.indicator import of_schools
from tests.pages.conftest import Screen
from tests.uploads import HACKNEY

pytestmark = pytest.mark.usefixtures("tiny_pages")


def items(screen: Screen) -> dict[str, list[str]]:
    """By item, the words of the cells after it: state, points, evidence, …, what closes it."""
    lines = findall(
        r"<tr><th[^>]*>(.*?)</th>(.*?)</tr>", screen.drawn("items").partition("<tfoot>")[0]
    )
    return {
        unescape(item): [unescape(cell) for cell in findall(r"<td[^>]*>(.*?)</td>", cells)]
        for item, cells in lines
        if "<th" not in cells
    }


STATE, POINTS, EVIDENCE, QUARTER, SOURCE, OWNER, CLOSES = range(7)


def test_every_item_says_its_state_points_evidence_and_source() -> None:
    screen = Screen("school", urn="100002")
    assert screen.title == "Secondary A"
    found = items(screen)
    assert set(found) == {definition.title for definition in of_schools()}
    assert found["DSL in date"][: CLOSES + 1] == [
        "gap",
        "3 of 3",
        "not in date",
        "2026-Q3",
        "training-00004",
        "School",
        "The DSL and each deputy take the initial or refresher course, and the school returns it.",
    ]
    assert found["HSB training"][EVIDENCE] == "nobody is trained in date"
    assert found["Police engagement"][OWNER] == "Police"
    assert 'title="police_2026-Q3.csv">police_engagement-' in screen.drawn("items")


def test_the_points_of_the_items_come_to_the_gap_score() -> None:
    screen = Screen("school", urn="100002")
    points = [cells[POINTS] for cells in items(screen).values()]
    gap = sum(int(said.partition(" ")[0]) for said in points if said[0].isdigit())
    known = sum(int(said.rpartition(" ")[2]) for said in points if said[0].isdigit())
    _, _, sum_line = screen.drawn("items").partition("<tfoot>")
    assert f">{gap} of {known}</td>" in sum_line
    assert gap > 0
    hidden = Screen("school", urn="100011").drawn("items").partition("<tfoot>")[2]
    assert ">hidden</td>" in hidden
    assert "points that apply are unknown" in hidden


def test_what_is_met_needs_no_closing() -> None:
    found = items(Screen("school", urn="100001"))
    met = [cells for cells in found.values() if cells[STATE] == "met"]
    assert len(met) == 3
    assert {cells[CLOSES] for cells in met} == {""}
    assert found["Police engagement"][EVIDENCE] == "named contact, last contact 2026-09"
    assert found["Police engagement"][POINTS] == "0 of 3"


def test_unknown_says_which_and_how_it_becomes_known() -> None:
    found = items(Screen("school", urn="100011"))
    assert found["DSL in date"][STATE] == "unknown: not submitted"
    assert found["DSL in date"][POINTS] == "? of 3"
    assert found["DSL in date"][SOURCE] == ""
    assert found["DSL in date"][CLOSES] == "The borough's lead uploads the return."
    assert found["Police engagement"][STATE] == "gap"
    found = items(Screen("school", urn="100004"))
    assert found["Police engagement"][STATE] == "unknown: no reply"
    assert found["HSB training"][STATE] == "unknown: not in return"


def test_gaps_come_first_then_what_is_unknown() -> None:
    screen = Screen("school", urn="100011")
    order = ["gap", "unknown", "met", "not applicable"]
    told = [order.index(cells[STATE].partition(":")[0]) for cells in items(screen).values()]
    assert told == sorted(told)
    assert next(iter(items(screen))) == "Police engagement"
    nursery = items(Screen("school", urn="100005"))
    assert nursery["Police engagement"][STATE] == "not applicable"
    assert nursery["Police engagement"][POINTS] == "–"


def test_staff_in_scope_are_on_no_screen() -> None:
    for part in ("Items", "History", "Next steps"):
        screen = Screen("school", urn="100002", part=part)
        sent = "".join(one.value for one in screen.app.html) + screen.words
        assert "staff" not in sent.lower()
        assert "Exact" not in sent


def test_the_score_is_hidden_where_too_much_is_unknown() -> None:
    value, _, note = Screen("school", urn="100002").cards["Gap score"]
    assert value == "hidden"
    # Known are DSL 3, HSB training 2 and police 3 points.
    points = sum(definition.weight for definition in of_schools())
    assert note == (
        f"{100 * (points - 8) / points:.0f}% of the {points:g} points that apply is unknown, "
        "more than 40%"
    )
    cards = Screen("school", urn="100002").cards
    assert cards["Gaps"] == ("3", "", "of 16 that apply")
    assert sorted(cards["Who closes them"][2].split(", ")) == [
        "Partnership 1",
        "Police 1",
        "School 1",
    ]


def strip(screen: Screen, item: str) -> str:
    """The signs of an item's quarters, oldest first."""
    return "".join(findall(r'title="[^"]*">(?:<span class="n">)?(.)', items(screen)[item][-1]))


def test_the_strip_holds_every_quarter_by_colour_and_sign() -> None:
    screen = Screen("school", urn="100001")
    assert strip(screen, "Police engagement") == "✗✓"
    assert strip(screen, "DSL in date") == "?✓"
    assert "2026-Q2 → 2026-Q3" in screen.drawn("items")
    # It opened in September.
    assert strip(Screen("school", urn="100013"), "DSL in date") == "?"


def test_the_history_holds_every_quarter_in_words() -> None:
    shown = Screen("school", urn="100001", part="History").drawn("history")
    line = shown.partition(">Police engagement</th>")[2].partition("</tr>")[0]
    assert findall(r"font|>(gap|met)<", line) == ["gap", "met"]
    assert "unknown: borough has not submitted" in shown
    assert "2026-Q2</th><th>2026-Q3</th>" in shown


def test_an_earlier_quarter_shows_what_stood_then() -> None:
    screen = Screen("school", urn="100001", quarter="2026-Q2")
    assert items(screen)["Police engagement"][STATE] == "gap"
    assert 'title="police_2026-Q2.csv"' in screen.drawn("items")
    assert items(screen)["DSL in date"][STATE] == "unknown: not submitted"
    assert strip(screen, "Police engagement") == "✗"


def test_next_steps_are_by_owner_with_a_letter() -> None:
    screen = Screen("school", urn="100002", part="Next steps")
    (owners,) = [one for one in screen.app.segmented_control if one.key == "step_owner"]
    assert owners.options[0].startswith("Council (")
    owners.set_value("police")
    (letter,) = screen.run().app.code
    assert letter.value.startswith("Subject: Secondary A, Hackney: what would close its gaps\n")
    assert "To: Police command unit for Hackney" in letter.value
    assert "About: Secondary A, Hackney, as of 2026-Q3 (July–September 2026)" in letter.value
    assert "1 gap that you can close" in letter.value
    assert "contacted, last contact 2026-09" in letter.value
    assert "School 100002" not in letter.value
    screen.app.toggle(key="schools_named").set_value(True)
    (letter,) = screen.run().app.code
    assert "About: School 100002, Hackney" in letter.value


def test_what_the_register_says() -> None:
    words = Screen("school", urn="100001").words
    assert "Maintained, primary, ages 3–11 · 420 pupils · register of 30 June 2026" in words
    words = Screen("school", urn="100003").words
    assert "Independent, phase unknown · pupils not known" in words
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
    assert "Items" not in screen.parts
    assert "2026-Q3" in screen.drawn("history")


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


def test_the_way_up_finds_the_view_that_the_borough_was_left_with() -> None:
    query = {"view": "Schools", "by": "Indicator", "state": "Gap", "breakdown": "Outcome"}
    screen = Screen("school", urn="100002", borough=HACKNEY, **query)
    assert screen.press("Hackney").query == {"borough": HACKNEY, **query}
