"""What leaves the exact store about children: withheld from 1 to 7, otherwise to the nearest 5."""

from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gapmap import reference
from gapmap.release import protect, protect_all
from gapmap.store import Store, rows_of
from gapmap.submission import withdraw
from tests.uploads import look, publish_csv, referral, tables_of

GIVEN = {"measure": "hsb_referrals", "quarter": "2026-Q3"}


@given(st.integers(8, 10**9))
def test_a_count_goes_to_the_nearest_five(count: int) -> None:
    value, marker = protect(count)
    assert marker is None
    assert value is not None
    assert value % 5 == 0
    assert abs(value - count) <= 2


def test_small_counts_are_withheld_and_zero_is_zero() -> None:
    assert protect(0) == (0, None)
    assert [protect(n) for n in range(1, 8)] == [(None, "c")] * 7
    assert [protect(n)[0] for n in (8, 9, 10, 11, 12, 13, 17, 18)] == [
        10,
        10,
        10,
        10,
        10,
        15,
        15,
        20,
    ]
    with pytest.raises(ValueError, match="cannot be -1"):
        protect(-1)


# Counts 1 to 30 in thirty boroughs, none in the next, and two that did not submit.
COUNTS = dict(enumerate(range(1, 31)))


@pytest.fixture(scope="module")
def counted(lasting_store: Store) -> Store:
    names = [row["borough"] for row in reference.boroughs()]
    rows: list[dict[str, Any]] = []
    for place, count in COUNTS.items():
        first, second = count // 2, count - count // 2
        rows += [
            referral(borough=names[place], referrals=first),
            referral(borough=names[place], referrals=second, source="2B"),
            referral(
                borough=names[place], referrals=99, referral_type="other child-on-child abuse"
            ),
        ]
    nil = reference.boroughs()[30]["borough_code"]
    publish_csv(lasting_store, "referrals", rows, covers=[nil])
    return lasting_store


def test_every_released_figure_is_withheld_or_rounded(counted: Store) -> None:
    figures = look(counted.released, "from figure")
    for figure in figures:
        assert figure["release_id"] == "R00002"
        if figure["value"] is None:
            assert figure["marker"] == "c"
        else:
            assert figure["marker"] is None
            assert figure["value"] % 5 == 0
    totals = [f for f in figures if (f["measure"], f["breakdown"]) == ("hsb_referrals", "total")]
    by_area = {f["area_code"]: (f["value"], f["marker"]) for f in totals}
    assert len(by_area) == len(totals)
    codes = [row["borough_code"] for row in reference.boroughs()]
    for place, count in COUNTS.items():
        expected = (None, "c") if count <= 7 else (5 * round(count / 5 + 1e-9), None)
        assert by_area[codes[place]] == expected, count
    assert by_area[codes[30]] == (0, None)
    assert by_area["London"] == (465, None)
    assert codes[31] not in by_area
    assert codes[32] not in by_area
    submitted = {f["area_code"]: (f["areas_submitted"], f["areas"]) for f in totals}
    assert submitted["London"] == (31, 33)
    assert submitted[codes[0]] == (1, 1)


def test_many_counts_are_protected_as_each_is_alone() -> None:
    counts = list(range(200))
    together = protect_all(pa.array(counts, pa.int64()))
    assert list(
        zip(together["value"].to_pylist(), together["marker"].to_pylist(), strict=True)
    ) == [protect(n) for n in counts]
    assert protect_all(pa.array([], pa.int64())).num_rows == 0
    for wrong in ([3, None], [3, -2]):
        with pytest.raises(ValueError, match="a count cannot be"):
            protect_all(pa.array(wrong, pa.int64()))


def test_the_exact_store_alone_has_the_exact_figures(counted: Store) -> None:
    exact = rows_of(counted.exact.ask("referrals/by_borough", GIVEN))
    assert [r["value"] for r in exact if r["level"] == "borough"] == [*range(1, 31), 0, None, None]
    assert {r["release_id"] for r in exact if r["areas_submitted"]} == {"exact"}
    (london,) = [r for r in exact if r["level"] == "london"]
    assert (london["value"], london["areas_submitted"]) == (465, 31)


def test_no_table_of_the_released_store_holds_a_count_of_the_upload(counted: Store) -> None:
    """Every whole number there, but for what describes schools, versions and the calendar."""
    harmless = {
        "urn", "low_age", "high_age", "pupils", "version", "term_no", "valid_for_count",
        "areas_submitted", "areas", "threshold", "base", "due_days", "provisional_quarters",
        "schools", "schools_without_pupils",
    }  # fmt: skip
    columns = set()
    for table in tables_of(counted.released):
        for row in look(counted.released, f"from {table}"):
            for name, value in row.items():
                if isinstance(value, int) and not isinstance(value, bool) and name not in harmless:
                    columns.add((table, name))
    assert columns == {("figure", "value")}
    assert "99" not in {
        str(value)
        for row in look(counted.released, "from indicator_state")
        for value in row.values()
    }


def test_the_released_store_has_no_column_for_what_counts_children(counted: Store) -> None:
    """Nor for staff of one school: those of agencies, and of five schools and more, alone."""
    columns = "from duckdb_columns() select table_name, column_name where schema_name = 'main'"
    tables = set(tables_of(counted.released))
    counting = {
        "referrals", "aim_assessments", "criminal_justice", "valid_answers", "a_lot", "sometimes",
        "testimonies", "contacts_education", "threshold_met", "concluded", "substantiated",
        "hsb_reports_two_years", "staff_in_scope", "staff_trained", "prevalence",
    }  # fmt: skip
    found = {
        (row["table_name"], row["column_name"])
        for row in look(counted.released, columns)
        if row["table_name"] in tables and row["column_name"] in counting
    }
    assert found == {("agency_training", "staff_in_scope"), ("agency_training", "staff_trained")}


def test_the_release_is_noted_in_both_stores(counted: Store) -> None:
    noted = look(counted.released, "from release order by release_id")
    # The register brought a first one: of how many schools it is not known what they referred.
    assert [(r["release_id"], r["quarters"], r["threshold"], r["base"]) for r in noted] == [
        ("R00001", ["2026-Q2"], 7, 5),
        ("R00002", ["2026-Q3"], 7, 5),
    ]
    assert look(counted.exact, "from release order by release_id") == noted


def test_totals_are_protected_on_their_own(store: Store) -> None:
    rows = [referral(borough=name, referrals=3) for name in ("Brent", "Bromley", "Hackney")]
    publish_csv(store, "referrals", rows)
    shown = rows_of(store.released.ask("referrals/by_borough", GIVEN))
    by_area = {r["area_code"]: (r["value"], r["marker"]) for r in shown if r["areas_submitted"]}
    assert by_area.pop("London") == (10, None)
    assert set(by_area.values()) == {(None, "c")}


def test_a_figure_that_is_corrected_is_released_anew(store: Store) -> None:
    publish_csv(store, "referrals", [referral(referrals=30)])
    later = publish_csv(store, "referrals", [referral(referrals=4)])
    figures = (
        "from figure select distinct value, marker, release_id where measure = 'hsb_referrals'"
    )
    assert look(store.released, figures) == [{"value": None, "marker": "c", "release_id": "R00003"}]
    withdraw(store, later.submission_id, "x@x", "wrong")
    assert look(store.released, figures) == [{"value": 30, "marker": None, "release_id": "R00004"}]


def test_by_quarter_gives_every_quarter_held(store: Store) -> None:
    publish_csv(
        store, "referrals", [referral(referrals=30), referral(quarter="2026-Q1", referrals=2)]
    )
    publish_csv(store, "referrals", [referral(quarter="2026-Q2", borough="Brent", referrals=12)])
    given = {"measure": "hsb_referrals", "borough": "E09000012"}
    rows = rows_of(store.released.ask("referrals/by_quarter", given))
    assert [(r["quarter"], r["level"], r["value"], r["marker"]) for r in rows] == [
        ("2026-Q1", "borough", None, "c"),
        ("2026-Q1", "london", None, "c"),
        ("2026-Q2", "borough", None, None),
        ("2026-Q2", "london", 10, None),
        ("2026-Q3", "borough", 30, None),
        ("2026-Q3", "london", 30, None),
    ]
