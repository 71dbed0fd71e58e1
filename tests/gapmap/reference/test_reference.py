"""The reference tables that both stores hold."""

import csv
from datetime import date
from itertools import pairwise

import pytest

from gapmap.column_types import fold_borough
from gapmap.reference import reference
from gapmap.settings import REFERENCE
from gapmap.stores.store import Store
from tests.uploads import look


def test_thirty_three_boroughs_in_order() -> None:
    names = [row["borough"] for row in reference.boroughs()]
    assert len(names) == 33
    assert names == sorted(names)


def test_a_borough_is_known_by_three_spellings() -> None:
    spellings = reference.borough_spellings()
    assert len(spellings) == 99
    assert {spellings[fold_borough(t)] for t in ("Hackney", "E09000012", "204")} == {"E09000012"}
    assert reference.borough_name("E09000012") == "Hackney"
    with pytest.raises(KeyError):
        reference.borough_name("E07000223")


def test_north_area_is_na_and_not_null(empty_store: Store) -> None:
    for database in (empty_store.exact, empty_store.released):
        found = look(
            database,
            "from borough select borough where police_bcu_code = 'NA' order by borough",
        )
        assert [row["borough"] for row in found] == ["Enfield", "Haringey"]
        city = look(database, "from borough where police_bcu_code is null")
        assert [row["borough"] for row in city] == ["City of London"]


def test_both_stores_hold_every_reference_table(empty_store: Store) -> None:
    for name, table in reference.reference_tables().items():
        for database in (empty_store.exact, empty_store.released):
            assert look(database, f"from {name} select count(*) as n") == [{"n": table.num_rows}]


def test_quarters_are_one_a_row_without_a_hole() -> None:
    rows = reference.reference_tables()["quarter"].to_pylist()
    assert rows[0]["starts"] == date(2010, 1, 1)
    assert all((later["starts"] - earlier["ends"]).days == 1 for earlier, later in pairwise(rows))
    by_name = {row["quarter"]: row for row in rows}
    assert by_name["2026-Q3"]["ends"] == date(2026, 9, 30)


def test_every_type_in_scope_has_a_school_type() -> None:
    for row in reference.reference_tables()["school_type"].to_pylist():
        assert bool(row["school_type"]) == row["in_scope"], row
    with (REFERENCE / "school_types.csv").open(encoding="utf-8") as file:
        kinds = {row["school_type"] for row in csv.DictReader(file)} - {""}
    assert kinds == {
        "maintained", "academy", "free school", "independent", "special",
        "alternative provision", "nursery", "college",
    }  # fmt: skip


def test_the_hash_follows_what_states_depend_on(monkeypatch: pytest.MonkeyPatch) -> None:
    reference.reference_hash.cache_clear()
    first = reference.reference_hash()
    reference.reference_hash.cache_clear()
    assert reference.reference_hash() == first
    tables = dict(reference.reference_tables())
    tables["phase"] = tables["phase"].slice(1)
    monkeypatch.setattr(reference, "reference_tables", lambda: tables)
    reference.reference_hash.cache_clear()
    assert reference.reference_hash() != first
    monkeypatch.undo()
    reference.reference_hash.cache_clear()
