"""The series that an administrator loads: residents, neighbours, published factors."""

import csv
from collections import Counter, defaultdict

import pytest

from tests.gapmap.demo.demo_rows import CITY, ROOT, every_row

WORDS = ["Extremely close", "Very close", "Close", "Somewhat close", "Not close"]


@pytest.fixture(scope="module")
def dfe_codes() -> dict[str, str]:
    """GSS code by DfE code."""
    with (ROOT / "data/reference/boroughs.csv").open(encoding="utf-8", newline="") as lines:
        return {row["dfe_la_code"]: row["borough_code"] for row in csv.DictReader(lines)}


# Residents


def test_every_borough_has_residents_of_a_plausible_size(by_extract, borough_codes):
    found = {
        (row["year"], row["borough"]): int(row["residents"])
        for row in every_row(by_extract, "population")
    }
    assert set(found) == {(year, name) for year in ("2024", "2025") for name in borough_codes}
    for (_, name), residents in found.items():
        if name == "City of London":
            assert 500 < residents < 1500
        else:
            assert 20_000 < residents < 125_000, name
    for year in ("2024", "2025"):
        london = sum(count for (of, _), count in found.items() if of == year)
        assert london == pytest.approx(1_900_000, rel=0.12)
    assert any(found["2024", name] < found["2025", name] for name in borough_codes)
    assert any(found["2024", name] > found["2025", name] for name in borough_codes)


# Neighbours


def test_neighbours_come_in_the_wide_layout_ten_an_authority(by_extract, dfe_codes):
    outside = 0
    for row in every_row(by_extract, "neighbours"):
        code = row["old_la_code"]
        others = [row[f"SN_{rank}"] for rank in range(1, 11)]
        words = [row[f"SN_{rank}P"] for rank in range(1, 11)]
        if dfe_codes.get(code) == CITY:
            assert set(others) == set(words) == {""}
            continue
        assert len(set(others)) == 10
        assert code not in others
        assert "201" not in others
        ranks = [WORDS.index(word) for word in words]
        assert ranks == sorted(ranks)
        outside += any(other not in dfe_codes for other in others)
    assert outside > 15


def test_authorities_outside_london_have_rows_too(by_extract, dfe_codes):
    codes = {row["old_la_code"] for row in every_row(by_extract, "neighbours")}
    assert set(dfe_codes) < codes
    assert len(codes - set(dfe_codes)) == 12


# Published factors

FACTOR, ASSESSMENTS = "Sexual_Abuse_child_on_child", "Episodes_with_assessment_factor"


def test_the_series_has_national_and_regional_rows_beside_the_local_ones(by_extract, borough_codes):
    levels = Counter(row["geographic_level"] for row in every_row(by_extract, "cin_factors"))
    assert levels == {"National": 4, "Regional": 20, "Local authority": 4 * 35}
    local = defaultdict(list)
    for row in every_row(by_extract, "cin_factors"):
        assert bool(row["new_la_code"]) == (row["geographic_level"] == "Local authority")
        local[row["time_period"]].append(row["new_la_code"])
    for codes in local.values():
        named = [code for code in codes if code]
        assert len(set(named)) == len(named)
        assert set(borough_codes.values()) < set(named)


def test_all_symbols_and_a_published_zero_occur(by_extract):
    local = [row for row in every_row(by_extract, "cin_factors") if row["new_la_code"]]
    shown = Counter(row[FACTOR] for row in local)
    assert {"c", "x", "z", "low", "0"} <= set(shown)
    assert sum(value.isdigit() for value in shown.elements()) > 0.8 * len(local)
    for row in local:
        if row[FACTOR].isdigit() and row[ASSESSMENTS].isdigit():
            assert int(row[FACTOR]) <= 0.08 * int(row[ASSESSMENTS])
            assert row[FACTOR] == "0" or int(row[FACTOR]) > 5


def test_london_is_about_the_sum_of_what_is_published(by_extract, borough_codes):
    rows = [row for row in every_row(by_extract, "cin_factors") if row["time_period"] == "2025"]
    boroughs = set(borough_codes.values())
    of_boroughs = sum(
        int(row[FACTOR]) for row in rows if row["new_la_code"] in boroughs and row[FACTOR].isdigit()
    )
    (london,) = (row for row in rows if row["region_name"] == "London" and not row["new_la_code"])
    assert 0 <= int(london[FACTOR]) - of_boroughs < 0.1 * int(london[FACTOR])
