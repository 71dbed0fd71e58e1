"""My agency: the gaps that it owns, where they are, what to decide; nothing held is said."""

import pandas as pd
import pytest

from gapmap.indicator import OWNERS, of_schools
from gapmap.stores.store import Store
from gapmap.ui.agency_panels import decision_words
from gapmap.ui.words import sentence
from tests.pages.conftest import Screen
from tests.uploads import publish_csv, tiny_register


@pytest.mark.parametrize("owner", OWNERS)
def test_every_gap_of_an_owner_is_listed(tiny_copy: Store, owner: str) -> None:
    screen = Screen("agency", owner=sentence(owner))
    owned = {sentence(d.gap) for d in of_schools() if d.owner == owner}
    assert set(screen.frames[0]["Gap"]) == owned
    assert "Gaps to close" in screen.cards


def test_a_gap_that_is_chosen_stands_in_the_address(tiny_copy: Store) -> None:
    screen = Screen("agency", owner="School")
    second = screen.frames[0]["Gap"].iloc[1]
    screen.select_row("agency_gaps", 1)
    gap = {sentence(d.gap): d.name for d in of_schools()}[second]
    assert screen.query["gap"] == gap
    assert second in screen.words


def test_a_borough_leads_to_its_schools_with_the_gap(tiny_copy: Store) -> None:
    screen = Screen("agency", owner="Police")
    name = str(screen.frames[1]["Borough"].iloc[0])
    screen.select_row("agency_borough", 0)
    assert screen.title == name
    assert screen.query["view"] == "Schools"
    assert screen.query["state"] == "Gap"


@pytest.mark.parametrize(
    ("part", "heading"), [("By type", "School type"), ("By phase (age)", "Phase")]
)
def test_a_gap_by_type_and_by_age(tiny_copy: Store, part: str, heading: str) -> None:
    screen = Screen("agency", owner="Police", part=part)
    assert heading in screen.frames[1].columns


def test_the_review_items_of_an_owner(tiny_copy: Store) -> None:
    (table,) = Screen("agency", owner="Health").tables
    assert "GPs alerted" in set(table["Item"])


def test_with_a_register_alone_nothing_is_known(pages_store: Store) -> None:
    publish_csv(pages_store, "schools", tiny_register())
    screen = Screen("agency", owner="Police")
    assert screen.cards["Gaps to close"][0] == "0"
    assert "of which nothing is known" in screen.words


def test_an_empty_store_says_what_to_do(pages_store: Store) -> None:
    assert "Nothing has been published yet" in Screen("agency").words


GAP = {
    "gap": 40, "unknown": 0, "pupils_gap": 12_000, "not_asked": 0, "no_reply": 0,
    "not_submitted": 0, "no_row": 0, "out_of_date": 0,
}  # fmt: skip
WHERE = pd.DataFrame({"part": ["Brent", "Camden", "Ealing", "Barnet"], "gap": [20, 8, 4, 8]})


def test_a_decision_names_where_to_begin() -> None:
    said = decision_words(GAP, WHERE)
    assert "40 schools with 12,000 pupils" in said
    assert "Brent (20), Camden (8), Ealing (4): 80% of them" in said


def test_a_decision_asks_first_where_nothing_is_known() -> None:
    said = decision_words(GAP | {"gap": 0, "unknown": 3, "not_asked": 2, "no_reply": 1}, WHERE)
    assert said == "Who asks the 3 schools of which nothing is known (not asked 2, no reply 1)?"


def test_nothing_to_decide_is_said() -> None:
    assert decision_words(GAP | {"gap": 0}, WHERE).startswith("Nothing:")
