"""What an executive asks, answered from the first screen in three clicks or fewer.

A click is a press of the pointer on the screen; a choice from a list counts as one, as in the
sentence "choose Independent".
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import CommandLine
from tests.browser.screens import (
    box,
    choose,
    click_row,
    expect_title,
    map_label,
    on_map,
    open_at,
    rows_of,
    step_back,
    table,
    view_as,
)
from tests.browser.settled import wait_until_settled

CAMDEN = "E09000007"
QUARTER, BEFORE = "2026-Q3", "2026-Q2"
NAMELESS = re.compile(r"(Primary|Secondary|16 plus|All-through|School|Nursery|Middle.*) [A-Z]+")
MOST_CLICKS = 3


@dataclass
class Clicks:
    """The clicks of somebody who begins at the first screen; the fourth fails the test."""

    page: Page
    made: list[str] = field(default_factory=list)

    def _note(self, what: str, act: Callable[[], Any]) -> None:
        self.made.append(what)
        assert len(self.made) <= MOST_CLICKS, self.made
        act()
        wait_until_settled(self.page)

    def press(self, name: str | re.Pattern[str], role: Any = "button") -> None:
        found = self.page.get_by_role(role, name=name)
        self._note(f"press {name}", lambda: found.first.click())

    def choose(self, label: str, option: str) -> None:
        self._note(f"choose {option}", lambda: choose(self.page, label, option))

    def row(self, found: Locator, place: int) -> None:
        self._note(f"row {place}", lambda: click_row(self.page, found, place))

    def area(self, borough: str) -> None:
        self._note(f"area {borough}", lambda: on_map(self.page, borough).click())

    def toggle(self, text: str) -> None:
        self._note(f"switch {text}", lambda: self.page.get_by_text(text).click())


@pytest.fixture
def clicks(page: Page) -> Clicks:
    """The first screen as it opens without any query."""
    open_at(page, "/london")
    expect_title(page, "London")
    expect(box(page, "Indicator")).to_have_value("Police engagement")
    expect(box(page, "Quarter")).to_have_value(QUARTER)
    return Clicks(page)


def in_view(page: Page, found: Locator) -> None:
    """What answers is seen without scrolling, on a projector of 1280 x 720."""
    area = found.first.bounding_box()
    assert area is not None
    assert area["y"] >= 0
    assert area["y"] + min(area["height"], 60) <= 720


def test_the_five_boroughs_with_the_lowest_police_engagement_among_independent_schools(
    page: Page, clicks: Clicks, command_line: CommandLine
) -> None:
    asked = command_line.ask(
        "london/ranking",
        quarter=QUARTER,
        previous=BEFORE,
        indicator="police_engagement",
        school_type="independent",
    )
    clicks.choose("School type", "Independent")
    ranking = table(page, "Trend")
    in_view(page, ranking)
    lowest = rows_of(ranking)[:5]
    assert [row["Borough"] for row in lowest] == [row["borough"] for row in asked[:5]]
    assert [row["#"] for row in lowest] == [str(row["place"]) for row in asked[:5]]
    # And whether they are getting better, for all schools and for the same ones.
    for row, expected in zip(lowest, asked, strict=False):
        assert float(row["Change"]) == pytest.approx(expected["points"])
        assert float(row["Same"]) == pytest.approx(expected["same_points"])
    assert len(clicks.made) == 1


def test_in_how_many_secondary_schools_of_camden_no_referral_was_seen(
    page: Page, clicks: Clicks, command_line: CommandLine
) -> None:
    exact = next(
        row["value"]
        for row in command_line.ask(
            "borough/counts", measures="no_referral_seen", quarter=QUARTER, borough=CAMDEN
        )
        if row["level"] == "borough"
    )
    clicks.choose("Indicator", "No referral seen")
    number = re.search(r"figure: (\d+) \(schools\)", map_label(page, "Camden"))
    assert number is not None
    shown = int(number[1])
    assert shown % 5 == 0
    assert abs(shown - exact) <= 2
    expect(page.get_by_text("A reason to talk, not a finding.").first).to_be_visible()
    clicks.area("Camden")
    expect_title(page, "Camden")
    assert len(clicks.made) == 2


def test_as_camdens_lead_which_schools_these_are(
    page: Page, clicks: Clicks, command_line: CommandLine
) -> None:
    asked = command_line.ask("borough/no_referral_seen", quarter=QUARTER, borough=CAMDEN)
    names = {row["school_name"] for row in asked}
    assert names
    view_as(page, "Partnership data lead", "Camden")
    clicks.choose("Indicator", "No referral seen")
    clicks.area("Camden")
    shown = [row["School"] for row in rows_of(table(page, "Children say so"))]
    assert shown  # those in view of a table that scrolls
    assert names.issuperset(shown)
    assert len(clicks.made) == 2


def test_whose_dsl_training_runs_out(page: Page, clicks: Clicks, command_line: CommandLine) -> None:
    asked = command_line.ask("london/runs_out", quarter=QUARTER, indicator="dsl_in_date", ahead="2")
    most = asked[0]
    clicks.press(re.compile("^DSL out of date"))
    listed = table(page, "Runs out")
    in_view(page, listed)
    rows = rows_of(listed)
    assert int(rows[0]["Runs out"]) == most["runs_out"] > 0
    expect(page.get_by_text("Subject: Book before it runs out")).to_be_visible()
    clicks.row(listed, 0)
    expect_title(page, rows[0]["Borough"])
    code = page.url.split("borough=")[1][:9]
    schools = command_line.ask(
        "london/listed_schools",
        quarter=QUARTER,
        borough=code,
        indicator="dsl_in_date",
        answers="met",
        ahead="2",
    )
    found = rows_of(table(page, "Stands"))
    soon = [row for row in found if row["Stands"].startswith("runs out")]
    assert len(soon) == len(schools) == int(rows[0]["Runs out"])
    # Unnamed on a shared screen, until somebody chooses to name them.
    assert all(NAMELESS.fullmatch(row["School"]) for row in soon)
    clicks.toggle("Name the schools")
    named = rows_of(table(page, "Stands"))
    assert {row["School"] for row in named[: len(soon)]} == {one["school_name"] for one in schools}
    assert len(clicks.made) == MOST_CLICKS


def test_what_closed_the_gap_in_the_most_improved_borough(
    page: Page, clicks: Clicks, command_line: CommandLine
) -> None:
    asked = command_line.ask(
        "london/movers",
        quarter=QUARTER,
        previous=BEFORE,
        indicator="police_engagement",
        least="10",
    )
    most = next(row for row in asked if row["standing"] == "improved")
    clicks.press("What changed", role="radio")
    heading = page.get_by_role("heading", name=f"What closed the gap in {most['borough']}?")
    in_view(page, heading)
    said = page.get_by_text(f"{most['closed']} schools closed it").first
    in_view(page, said)
    expect(page.get_by_text("What closes it", exact=False).first).to_be_visible()
    expect(page.get_by_text("Done meanwhile", exact=False).first).to_be_attached()
    expect(page.get_by_text(f"Improved most: {most['borough']}")).to_be_visible()
    assert len(clicks.made) == 1


def test_a_list_of_the_headline_is_a_step_in_the_history(page: Page, clicks: Clicks) -> None:
    first = page.url
    clicks.press(re.compile("^No police contact"))
    assert "list=No+police+contact" in page.url
    step_back(page)
    assert page.url == first
    expect(table(page, "Trend")).to_be_visible()


def test_the_map_is_played_to_the_newest_quarter_and_stops(page: Page, clicks: Clicks) -> None:
    slider = page.get_by_role("slider")
    clicks.press("Play")
    expect(page.get_by_role("button", name="Stop")).to_be_visible()
    seen = [slider.get_attribute("aria-valuetext")]
    while page.get_by_role("button", name="Stop").count():
        expect(slider).not_to_have_attribute("aria-valuetext", str(seen[-1]), timeout=5_000)
        seen.append(slider.get_attribute("aria-valuetext"))
        if seen[-1] == QUARTER:
            expect(page.get_by_role("button", name="Play")).to_be_visible(timeout=5_000)
    wait_until_settled(page)
    assert seen == sorted(seen, key=str)
    assert seen[-1] == QUARTER
    assert len(seen) > 3
    expect(box(page, "Quarter")).to_have_value(QUARTER)
