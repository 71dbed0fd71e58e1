"""Engagement: items by type, the boroughs behind a cell, and what is said where nothing is held."""

from gapmap.stores.store import Store
from tests.pages.conftest import Screen
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
    behind = screen.frames[1]
    assert {"Borough", "Said no", "Not asked", "No reply"} <= set(behind.columns)
    assert "Hackney" in set(behind["Borough"])


def test_a_borough_behind_a_cell_leads_to_its_schools(tiny_copy: Store) -> None:
    screen = Screen("engagement", item="police_engagement", of="all")
    name = str(screen.frames[1]["Borough"].iloc[0])
    screen.select_row("behind_table", 0)
    assert screen.title == name
    assert screen.query["view"] == "Schools"
    assert screen.query["state"] == "Gap"


def test_an_address_that_names_no_cell_shows_the_matrix_alone(tiny_copy: Store) -> None:
    screen = Screen("engagement", item="nothing", of="independent")
    assert "What closes it" not in screen.words


def test_one_borough_alone(tiny_copy: Store) -> None:
    screen = Screen("engagement", item="police_engagement", of="all")
    assert len(screen.frames[1]) > 1
    assert set(screen.choose("area", "E09000012").frames[1]["Borough"]) == {"Hackney"}


def test_the_legal_position_stands_with_its_date(tiny_copy: Store) -> None:
    screen = Screen("engagement")
    assert "never a gap of the school" in screen.words or "No school return" in screen.words


def test_without_a_register_it_says_what_is_missing(pages_store: Store) -> None:
    publish_csv(pages_store, "referrals", [referral()])
    assert "No school register is held" in Screen("engagement").words


def test_with_a_register_alone_nothing_is_known(pages_store: Store) -> None:
    publish_csv(pages_store, "schools", tiny_register())
    matrix = Screen("engagement").frames[0]
    assert set(matrix["All"]) == {"?"}


def test_an_empty_store_says_what_to_do(pages_store: Store) -> None:
    assert "Nothing has been published yet" in Screen("engagement").words
