"""The main job, end to end: a lead mends a file and publishes, and the map leads to the school."""

import csv
import io
import json
import re
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import Browser, Page, expect

from gapmap.calendar_quarter import quarter_of
from gapmap.demo import demonstration_files
from gapmap.operations.operations import today
from tests.browser.conftest import CommandLine, Server, Watch, watched_page
from tests.browser.screens import (
    card,
    choose,
    click_row,
    drop_file,
    expect_title,
    follow,
    map_label,
    on_map,
    open_at,
    rows_of,
    sign,
    step_back,
    step_forward,
    table,
    tick_warnings,
    turn_to,
    view_as,
)
from tests.browser.settled import wait_until_settled

CAMDEN = "E09000007"
# The newest quarter of the demonstration, or the present one where the clock is behind it.
QUARTER = min("2026-Q3", str(quarter_of(today())))
SOURCE = "training_camden_mended.csv"
LONDON = f"/london?indicator=HSB+training&quarter={QUARTER}"
NAMELESS = re.compile(r"(Primary|Secondary|16 plus|All-through|School|Nursery) [A-Z]+")

Rows = Sequence[dict[str, str]]


def training_of(borough: str) -> list[dict[str, str]]:
    """The newest training rows of a borough in the demonstration, as of QUARTER."""
    slug = borough.lower().replace(" ", "-")
    *_, file = (
        one
        for one in demonstration_files()
        if one.extract == "training" and slug in one.name and one.quarter <= QUARTER
    )
    rows = csv.DictReader(io.StringIO(file.content.decode()))
    return [row | {"quarter": QUARTER} for row in rows]


def as_csv(rows: Rows) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def all_trained(rows: Rows) -> list[dict[str, str]]:
    return [row | {"staff_trained": row["staff_in_scope"]} for row in rows]


def with_errors(rows: Rows) -> list[dict[str, str]]:
    """The first five rows each have a cell that is wrong."""
    wrong = [
        {"staff_trained": "-1"},
        {"borough": "Camdem"},
        {"course": "DSL initiall"},
        {"quarter": "2099-Q1"},
        {"staff_in_scope": "2.5"},
    ]
    return [row | fault for row, fault in zip(rows, wrong, strict=False)] + list(rows[5:])


def said(pattern: str, text: str) -> str:
    """What stands in the text in the place of the pattern's group."""
    found = re.search(pattern, text)
    assert found is not None, text
    return found[1]


def met(label: str) -> int:
    """The share met in per cent, as the map says it of a borough."""
    return int(said(r"met: (\d+)%", label))


def gap(label: str) -> int:
    """The number of schools with the gap, as the map says it of a borough."""
    return int(said(r"gap: (\d+) schools", label))


def query_of(page: Page) -> dict[str, list[str]]:
    return parse_qs(urlsplit(page.url).query)


# --- steps --------------------------------------------------------------------------------------


def drop_with_errors(page: Page, training: Rows) -> None:
    """Every place that is wrong is named, and there is nothing to publish."""
    drop_file(page, "training_camden.csv", as_csv(with_errors(training)))
    expect(page.get_by_text("5 problems: nothing was stored.")).to_be_visible()
    assert sorted(row["Where"] for row in rows_of(table(page, "Where"))) == [
        "cell A5, column quarter",
        "cell B3, column borough",
        "cell E4, column course",
        "cell F6, column staff_in_scope",
        "cell G2, column staff_trained",
    ]
    expect(page.get_by_role("button", name="Publish")).to_have_count(0)


def publish_mended(page: Page, mended: Rows) -> None:
    """What will change is shown, each warning is ticked, and it is published."""
    drop_file(page, SOURCE, as_csv(mended))
    expect(page.get_by_text(f"{len(mended)} rows for 1 borough can be published.")).to_be_visible()
    assert rows_of(table(page, "Replaces"))[0]["Borough"] == "Camden"
    expect(page.get_by_text("lies in another borough by the register")).to_be_visible()
    tick_warnings(page)
    page.get_by_role("button", name="Publish").click()
    expect(page.get_by_text(re.compile(r"Published as training-\d+"))).to_be_visible(timeout=30_000)
    wait_until_settled(page)


def enter_camden(page: Page) -> None:
    """From the map of London, filters kept."""
    here = page.url
    n = said(r"known: (\d+) of", map_label(page, "Camden"))
    on_map(page, "Camden").click()
    wait_until_settled(page)
    expect_title(page, "Camden")
    assert page.url == f"{here}&borough={CAMDEN}"
    turn_to(page, "Schools")
    turn_to(page, "Indicator")
    expect(page.get_by_text(f"n = {n} schools known of")).to_be_visible()


def enter_a_school(page: Page) -> str:
    """From the borough's table to a school that meets it; what the school is called."""
    here = query_of(page)
    schools = rows_of(table(page, "School"))
    place = [row["State"] for row in schools].index("met")
    click_row(page, table(page, "School"), place)
    expect_title(page, schools[place]["School"])
    (urn,) = query_of(page)["urn"]
    assert urn.isdecimal()
    assert query_of(page) == here | {"urn": [urn]}
    return schools[place]["School"]


def expect_its_source(page: Page) -> None:
    item = page.locator(".items").get_by_role("row").filter(has_text="HSB training")
    expect(item).to_contain_text("met")
    expect(item).to_contain_text("someone is trained in date")
    expect(item.locator(f'[title="{SOURCE}"]')).to_contain_text("training-")


def step_through_the_levels(page: Page, london: str, school: str) -> None:
    """Back, back, forward, forward, by the browser's own buttons."""
    at_school = page.url
    step_back(page)
    expect_title(page, "Camden")
    assert query_of(page) == parse_qs(urlsplit(london).query) | {
        "borough": [CAMDEN],
        "view": ["Schools"],
        "by": ["Indicator"],
    }
    step_back(page)
    expect_title(page, "London")
    assert page.url == london
    step_forward(page)
    expect_title(page, "Camden")
    step_forward(page)
    expect_title(page, school)
    assert page.url == at_school


def withdraw_first(page: Page, submission: str, by: str) -> None:
    """Withdraw the newest submission, with a reason."""
    came = rows_of(table(page, "Submission"))
    assert (came[0]["Submission"], came[0]["Standing"]) == (submission, "current")
    click_row(page, table(page, "Submission"), 0)
    expect(page.get_by_role("heading", name=submission)).to_be_visible()
    assert f"submission={submission}" in page.url
    sign(page, "Your e-mail", by)
    page.get_by_label("Reason", exact=True).fill("last year's list")
    page.get_by_role("button", name="Withdraw").click()
    expect(page.get_by_role("button", name="Undo the withdrawal")).to_be_visible(timeout=30_000)
    wait_until_settled(page)
    assert rows_of(table(page, "Submission"))[0]["Standing"] == "withdrawn"
    assert events(page) == ["published", "withdrawn"]


def undo(page: Page) -> None:
    button = page.get_by_role("button", name="Undo the withdrawal")
    button.click()
    expect(button).to_be_hidden(timeout=30_000)
    wait_until_settled(page)
    assert events(page) == ["published", "withdrawn", "reinstated"]


def events(page: Page) -> list[str]:
    return [row["Event"] for row in rows_of(table(page, "Event"))]


# --- journeys -----------------------------------------------------------------------------------


def test_a_lead_mends_a_file_and_the_map_leads_to_the_school(
    page: Page, browser: Browser, server: Server, watch: Watch
) -> None:
    training = training_of("Camden")
    # A course of a school next door: a warning, which has to be ticked.
    next_door = training_of("Islington")[0] | {"borough": "Camden", "course": "governor"}
    open_at(page, LONDON)
    before, gaps = map_label(page, "Camden"), card(page, "DSL out of date")
    view_as(page, "Partnership data lead", "Camden")
    follow(page, "Upload")
    choose(page, "Extract", "Training coverage")
    sign(page, "Your e-mail", "lead@camden.example")

    drop_with_errors(page, training)
    with watched_page(browser, server, watch) as other:
        open_at(other, LONDON)
        assert map_label(other, "Camden") == before
        assert card(other, "DSL out of date") == gaps

    publish_mended(page, all_trained([*training, next_door]))
    follow(page, "London")
    after = map_label(page, "Camden")
    # All but schools that answered once and are not in this file.
    assert met(after) >= 95 > met(before)
    assert gap(after) < gap(before)
    assert card(page, "DSL out of date") < gaps

    choose(page, "Phase", "Secondary")
    london = page.url
    enter_camden(page)
    name = enter_a_school(page)
    # Its own lead sees it by its name.
    assert not NAMELESS.fullmatch(name)
    expect_its_source(page)
    step_through_the_levels(page, london, name)


def test_the_command_line_is_handed_to_the_app_and_its_file_can_be_withdrawn(
    page: Page, command_line: CommandLine, tmp_path: Path
) -> None:
    lead = "lead@lambeth.example"
    file = tmp_path / "training_lambeth_mended.csv"
    file.write_bytes(as_csv(all_trained(training_of("Lambeth"))))
    open_at(page, LONDON)
    before = map_label(page, "Lambeth")
    assert met(before) < 80
    answer = command_line.run("load", str(file), "--extract=training", f"--by={lead}", "--json")
    submission = json.loads(answer)["submission"]

    # The figures of whoever looks now rest on it, without a restart.
    page.reload()
    wait_until_settled(page)
    assert met(map_label(page, "Lambeth")) >= 95
    view_as(page, "Partnership data lead", "Lambeth")
    follow(page, "Submissions")
    withdraw_first(page, submission, lead)
    follow(page, "London")
    assert map_label(page, "Lambeth") == before
    follow(page, "Submissions")
    undo(page)
    follow(page, "London")
    assert met(map_label(page, "Lambeth")) >= 95
