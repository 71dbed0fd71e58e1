"""Every figure of the lattice, exact and released, and every signal, against plain Python."""

from __future__ import annotations

from typing import Any

import pytest

from gapmap.measure import lattice
from gapmap.publishing import standing
from gapmap.stores.store import Store
from tests.queries import oracle_figures
from tests.queries.telling import QUARTERS, Telling
from tests.uploads import look


def figures(store: Store, instance: str, measure: str) -> dict[tuple[str, ...], tuple[Any, ...]]:
    rows = look(getattr(store, instance), f"from figure where measure = '{measure}'")
    found = {
        (r["quarter"], r["level"], r["area_code"], r["breakdown"], r["category"]): (
            r["value"],
            r["marker"],
            r["areas_submitted"],
            r["areas"],
        )
        for r in rows
    }
    assert len(found) == len(rows)
    return found


def expected_cells(telling: Telling) -> dict[str, dict[oracle_figures.Cell, int]]:
    told = telling.told
    every: dict[str, dict[oracle_figures.Cell, int]] = {name: {} for name in lattice().measures}
    for quarter in QUARTERS:
        police = {
            row["urn"]: row["state"]
            for row in look(
                telling.store.exact,
                "from indicator_state where indicator = 'police_engagement' "
                f"and quarter = '{quarter}'",
            )
        }
        for counted in (
            oracle_figures.referral_counts(told, quarter),
            {
                f"{of}_four_quarters": oracle_figures.four_quarters(told, quarter, of)
                for of in ("hsb_referrals", "hsb_referrals_in_schools")
            },
            oracle_figures.lado_counts(told, quarter),
            oracle_figures.survey_counts(told, quarter),
            oracle_figures.signal_counts(told, quarter, police),
        ):
            for measure, cells in counted.items():
                every[measure] |= cells
    return every


@pytest.fixture(scope="module")
def cells(telling: Telling) -> dict[str, dict[oracle_figures.Cell, int]]:
    return expected_cells(telling)


@pytest.mark.parametrize("measure", lattice().measures)
def test_exact_figures_are_those_of_the_oracle(
    telling: Telling, cells: dict[str, dict[oracle_figures.Cell, int]], measure: str
) -> None:
    expected = {
        key: (value, None, submitted, areas)
        for key, (value, submitted, areas) in oracle_figures.of_areas(cells[measure]).items()
    }
    assert figures(telling.store, "exact", measure) == expected
    assert len(expected) > 30


@pytest.mark.parametrize("measure", lattice().measures)
def test_released_figures_are_the_exact_ones_protected_each_on_its_own(
    telling: Telling, measure: str
) -> None:
    exact = figures(telling.store, "exact", measure)
    released = figures(telling.store, "released", measure)
    assert released == {
        key: (*oracle_figures.shown(value), *rest) for key, (value, _, *rest) in exact.items()
    }


def test_figures_are_of_the_lattice_and_of_nothing_else(telling: Telling) -> None:
    for database in (telling.store.exact, telling.store.released):
        for row in look(database, "from figure select distinct measure, level, breakdown"):
            assert lattice().holds(row["measure"], row["level"], row["breakdown"])
        found = look(database, "from figure select distinct level order by level")
        assert [row["level"] for row in found] == sorted(lattice().levels)


def test_parts_that_are_known_and_not_known_make_up_the_total(telling: Telling) -> None:
    sums = look(
        telling.store.exact,
        "from figure select quarter, level, area_code, breakdown, sum(value) as value "
        "where measure = 'hsb_referrals' group by all",
    )
    by_area: dict[tuple[str, ...], dict[str, int]] = {}
    for row in sums:
        key = (row["quarter"], row["level"], row["area_code"])
        by_area.setdefault(key, {})[row["breakdown"]] = int(row["value"])
    for parts in by_area.values():
        for breakdown in ("source", "outcome", "phase", "school type"):
            assert parts.get(breakdown, 0) == parts["total"]
    categories = look(
        telling.store.exact, "from figure select distinct category where breakdown = 'phase'"
    )
    assert "not known" in {row["category"] for row in categories}


def test_signals_are_those_of_the_oracle(telling: Telling) -> None:
    states = set()
    for quarter in QUARTERS:
        found = {
            r["urn"]: (
                r["borough_code"], r["no_referral_state"], r["no_referral_reason"], r["testimonies"]
            )
            for r in look(telling.store.exact, f"from school_signal where quarter = '{quarter}'")
        }  # fmt: skip
        assert found == oracle_figures.signals(telling.told, quarter)
        states |= {(state, reason) for _, state, reason, _ in found.values()}
    assert states == {
        ("no_referral_seen", None),
        ("not_flagged", None),
        ("unknown", "not_submitted"),
        ("unknown", "few_with_urn"),
        ("not_applicable", None),
    }


def test_what_was_touched_is_as_if_all_were_written_anew(telling: Telling) -> None:
    tables = ("figure", "school_signal", "review_item", "agency_training")
    before = {t: sorted(look(telling.store.exact, f"from {t}"), key=repr) for t in tables}
    with telling.store.exact.writing() as writing:
        standing.restate_everything(writing)
    assert {t: sorted(look(telling.store.exact, f"from {t}"), key=repr) for t in tables} == before


def test_signals_are_in_the_exact_store_alone(telling: Telling) -> None:
    found = look(telling.store.released, "from duckdb_tables() select table_name")
    assert "school_signal" not in {row["table_name"] for row in found}
