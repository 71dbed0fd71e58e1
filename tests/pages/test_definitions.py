"""Definitions: each subject stands at its address and says all that is declared."""

import pytest

from gapmap.contract import contracts
from gapmap.indicator import definitions
from gapmap.reference.sources import sources
from gapmap.reference.thresholds import thresholds
from gapmap.reference.vocabulary import vocabularies
from gapmap.stores.store import Store
from gapmap.ui.definitions.definition_panels import SUBJECTS
from tests.pages.conftest import Screen
from tests.uploads import course, publish_csv, tiny_register


@pytest.mark.parametrize("subject", SUBJECTS)
def test_every_subject_is_shown_with_nothing_held(pages_store: Store, subject: str) -> None:
    screen = Screen("definitions", subject=subject)
    assert screen.title == "Definitions"
    assert screen.tables or screen.frames or "Nothing has been published yet" in screen.words


@pytest.mark.parametrize("title", [contract.title for contract in contracts().values()])
def test_an_extract_is_told_column_by_column(pages_store: Store, title: str) -> None:
    (contract,) = [one for one in contracts().values() if one.title == title]
    (table,) = Screen("definitions", defined=title).tables
    assert list(table["Column"]) == [field.name for field in contract.fields]
    assert all(table["What it holds"])


def test_every_indicator_has_a_line(pages_store: Store) -> None:
    (table,) = Screen("definitions", subject="Indicators").tables
    assert list(table["Indicator"]) == [d.title for d in definitions().values()]


def test_one_indicator_is_told_whole(pages_store: Store) -> None:
    screen = Screen("definitions", subject="Indicators", defined_indicator="Police engagement")
    definition = definitions()["police_engagement"]
    assert definition.question in screen.words
    told = dict(zip(screen.tables[0].iloc[:, 0], screen.tables[0].iloc[:, 1], strict=True))
    assert told["Numerator"] == definition.numerator
    assert told["What closes it"] == definition.closes


@pytest.mark.parametrize("title", list(vocabularies()))
def test_a_vocabulary_is_shown_whole(pages_store: Store, title: str) -> None:
    (frame,) = Screen("definitions", subject="Vocabularies", vocabulary=title).frames
    assert len(frame) == len(vocabularies()[title])


def test_every_setting_is_shown_with_what_it_decides(pages_store: Store) -> None:
    tables = Screen("definitions", subject="Settings").tables
    shown = set(tables[-1]["What it decides"])
    assert shown == {threshold.meaning for threshold in thresholds().defaults.values()}


def test_every_source_names_its_licence(pages_store: Store) -> None:
    (table,) = Screen("definitions", subject="Sources").tables
    assert list(table["Source"]) == [source.title for source in sources()]
    assert all(table["Licence"])


def test_freshness_says_what_came_and_what_did_not(pages_store: Store) -> None:
    publish_csv(pages_store, "schools", tiny_register())
    publish_csv(pages_store, "training", [course(quarter="2026-Q3")])
    (table,) = Screen("definitions", subject="Freshness").frames
    rows = {row["Extract"]: row for row in table.to_dict("records")}
    assert len(rows) == len(contracts())
    assert rows["Training coverage"]["Newest"] == "2026-Q3"
    assert rows["Training coverage"]["Boroughs"] == "1 of 33"
    assert rows[contracts()["referrals"].title]["Newest"] == "nothing yet"
