"""Engagement: items by type, the boroughs behind a cell, and what is said where nothing is held."""

from datetime import date

from gapmap.stores.store import Store
from tests.pages.conftest import Screen, noted
from tests.uploads import publish_csv, referral, tiny_register


def test_every_item_stands_by_type(tiny_copy: Store) -> None:
    screen = Screen("engagement")
    matrix = screen.frames[0]
    assert matrix["Item"].iloc[0] == "DSL forum"
    assert {"Maintained", "Independent", "All"} <= set(matrix.columns)
    assert len(matrix) == 16
    assert "Not submitted" in screen.words


def test_a_cell_in_the_address_shows_its_boroughs(tiny_copy: Store) -> None:
    screen = Screen("engagement", item="police_engagement", of="all")
    assert "Police engagement: all types of school" in screen.words
    assert "What closes it" in screen.words
    behind = screen.frames[0]
    assert {"Borough", "With the gap", "Not asked", "No reply"} <= set(behind.columns)
    why = ["Not asked", "No reply", "Not submitted", "Not in return", "Out of date"]
    assert behind[why].sum(axis="columns").tolist() == behind["Unknown"].tolist()
    assert "Hackney" in set(behind["Borough"])


def test_a_borough_behind_a_cell_leads_to_its_schools(tiny_copy: Store) -> None:
    screen = Screen("engagement", item="police_engagement", of="all")
    name = str(screen.frames[0]["Borough"].iloc[0])
    screen.select_row("behind_table", 0)
    assert screen.title == name
    assert screen.query["view"] == "Schools"
    assert screen.query["state"] == "Gap"


def test_an_address_that_names_no_cell_shows_the_matrix_alone(tiny_copy: Store) -> None:
    screen = Screen("engagement", item="nothing", of="independent")
    assert "What closes it" not in screen.words


def test_one_borough_alone(tiny_copy: Store) -> None:
    screen = Screen("engagement", item="police_engagement", of="all")
    assert len(screen.frames[0]) > 1
    assert set(screen.choose("area", "E09000012").frames[0]["Borough"]) == {"Hackney"}


def test_a_cell_is_left_for_all_items(tiny_copy: Store) -> None:
    screen = Screen("engagement", item="police_engagement", of="all").press("All items")
    assert "item" not in screen.query
    assert "of" not in screen.query
    assert "What closes it" not in screen.words


def test_what_is_followed_stands_in_the_columns_of_the_matrix(tiny_copy: Store) -> None:
    screen = Screen("engagement")
    matrix, followed = screen.frames
    assert list(followed.columns) == list(matrix.columns)
    assert followed["Row"].tolist() == ["2", "2", "4", "4", "5"]


def test_the_legal_position_stands_with_its_date_and_an_administrator_edits_it(
    tiny_copy: Store,
) -> None:
    screen = Screen("engagement")
    assert "As of 1 Nov 2026: A partnership may name schools" in screen.words
    assert "Put it in place" not in [one.label for one in screen.app.button]
    screen = Screen("engagement").view_as("administrator")
    screen.app.date_input(key="note_day_0").set_value(date(2026, 11, 20))
    screen.app.text_area(key="note_text_0").set_value("Section 2 is commenced.")
    screen.press("Put it in place")
    assert noted("note edited") == [("administrator", "relevant_agencies")]
    assert "As of 20 Nov 2026: Section 2 is commenced." in Screen("engagement").words


def test_without_a_register_it_says_what_is_missing(pages_store: Store) -> None:
    publish_csv(pages_store, "referrals", [referral()])
    assert "No school register is held" in Screen("engagement").words


def test_with_a_register_alone_nothing_is_known(pages_store: Store) -> None:
    publish_csv(pages_store, "schools", tiny_register())
    matrix = Screen("engagement").frames[0]
    assert set(matrix["All"]) == {"?"}


def test_an_empty_store_says_what_to_do(pages_store: Store) -> None:
    assert "Nothing has been published yet" in Screen("engagement").words
