"""Questions of queries/compare, against sums in plain Python over the states of single schools."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from gapmap.indicator import of_schools
from gapmap.publishing.standing import bring_up_to_date
from gapmap.reference import reference
from gapmap.stores.store import Store, open_memory_store, rows_of
from tests.queries.conftest import History, fill
from tests.uploads import (
    BRENT,
    BROMLEY,
    HACKNEY,
    engagement,
    look,
    publish_csv,
    tiny_register,
)

Row = dict[str, Any]
CAMDEN = "E09000007"
NEIGHBOURS = {
    "204": [("1", "304"), ("2", "202"), ("3", "801"), ("4", "305")],  # Hackney; 801 is Bristol
    "304": [("1", "204")],  # Brent
}
LAST_TWO = ("2026-Q2", "2026-Q3")


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """A history of uploads, with statistical neighbours of two boroughs."""
    store = open_memory_store(tmp_path_factory.mktemp("compare"))
    bring_up_to_date(store)
    for _ in fill(History(store, 31)):
        pass
    rows = [
        {"dfe_la_code": own, "rank": rank, "neighbour_dfe_la_code": other, "closeness": "Close"}
        for own, others in NEIGHBOURS.items()
        for rank, other in others
    ]
    publish_csv(store, "neighbours", rows, as_at=date(2026, 1, 31))
    yield store
    store.close()


class Counted:
    """The states of single schools of the released store, to be counted one at a time."""

    def __init__(self, store: Store) -> None:
        released = store.released
        self.quarters = sorted(row["quarter"] for row in look(released, "from held_quarter"))
        self.before = {later: earlier for earlier, later in pairwise(self.quarters)}
        self.school = {
            (row["quarter"], row["borough_code"], row["urn"]): row
            for row in look(released, "from school")
        }
        self.state: dict[tuple[str, str], dict[tuple[str, int], Row]] = defaultdict(dict)
        for row in look(released, "from indicator_state"):
            place = row["borough_code"], row["urn"]
            self.state[row["indicator"], row["quarter"]][place] = row

    def rows(
        self,
        indicator: str,
        quarter: str,
        boroughs: Iterable[str],
        phase: str | None = None,
        school_type: str | None = None,
    ) -> list[tuple[str, str | None]]:
        """State and state of the held quarter before, of each school."""
        earlier = self.state.get((indicator, self.before.get(quarter, "")), {})
        found = []
        for (borough, urn), row in self.state.get((indicator, quarter), {}).items():
            school = self.school[quarter, borough, urn]
            if borough not in set(boroughs):
                continue
            if phase not in (None, school["phase"]):
                continue
            if school_type not in (None, school["school_type"]):
                continue
            was = earlier.get((borough, urn))
            found.append((row["state"], was["state"] if was else None))
        return found


@pytest.fixture(scope="module")
def counted(told: Store) -> Counted:
    return Counted(told)


def of(rows: list[tuple[str, str | None]], state: str) -> int:
    return sum(now == state for now, _ in rows)


def wilson(met: int, n: int) -> tuple[float, float] | tuple[None, None]:
    if n == 0:
        return None, None
    z, share = 1.959964, met / n
    middle = share + z * z / (2 * n)
    margin = z * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    low, high = ((middle + sign * margin) / (1 + z * z / n) for sign in (-1, 1))
    return max(0, low), min(1, high)


def share_of(rows: list[tuple[str, str | None]]) -> Row:
    """Share, interval and whether it is ranked, as every question gives them."""
    met, gap, unknown = (of(rows, state) for state in ("met", "gap", "unknown"))
    n = met + gap
    low, high = wilson(met, n)
    return {
        "met": met,
        "n": n,
        "unknown": unknown,
        "share": met / n if n else None,
        "low": low,
        "high": high,
        "share_unknown": unknown / (n + unknown) if n + unknown else None,
        "ranked": n > 0 and n >= unknown,
    }


def approx(values: Row) -> Row:
    return {
        key: pytest.approx(value) if isinstance(value, float) else value
        for key, value in values.items()
    }


def differs(own: Row, other: Row) -> str | None:
    if not (own["ranked"] and other["ranked"]):
        return None
    if own["low"] > other["high"]:
        return "higher"
    return "lower" if own["high"] < other["low"] else None


def ask(store: Store, name: str, **given: Any) -> list[Row]:
    return rows_of(store.released.ask(f"compare/{name}", given))


def codes(where: Callable[[Row], bool] = lambda row: True) -> list[str]:
    return [row["borough_code"] for row in reference.boroughs() if where(row)]


FILTERS = [{}, {"phase": "primary"}, {"school_type": "independent"}]


# --- by borough ---------------------------------------------------------------------------------


@pytest.mark.parametrize("filters", FILTERS)
def test_by_borough_is_a_recount(told: Store, counted: Counted, filters: Row) -> None:
    for quarter in LAST_TWO:
        found = ask(told, "by_borough", quarter=quarter, **filters)
        assert len(found) == 33 * len(of_schools())
        for row in found:
            schools = counted.rows(row["indicator"], quarter, [row["borough_code"]], **filters)
            expected = share_of(schools)
            expected["share_met"] = expected.pop("share")
            expected |= {state: of(schools, state) for state in ("gap", "not_applicable")}
            both = [(now, was) for now, was in schools if {now, was} <= {"met", "gap"}]
            expected |= {
                "same_n": len(both),
                "same_met": of(both, "met"),
                "same_met_before": sum(was == "met" for _, was in both),
            }
            assert {key: row[key] for key in expected} == approx(expected)


def test_by_borough_sees_every_kind_of_cell(told: Store) -> None:
    """The oracle above would agree with a question that finds nothing."""
    found = ask(told, "by_borough", quarter="2026-Q3")
    assert {row["ranked"] for row in found} == {True, False}
    assert any(row["same_met"] != row["same_met_before"] for row in found)
    assert any(row["n"] and not row["ranked"] for row in found)
    assert any(row["not_applicable"] for row in found)


def test_one_indicator_alone(told: Store) -> None:
    found = ask(told, "by_borough", quarter="2026-Q3", indicator="hsb_training")
    assert {row["indicator"] for row in found} == {"hsb_training"}
    assert [row["borough"] for row in found] == sorted(row["borough"] for row in found)
    every = ask(told, "by_borough", quarter="2026-Q3")
    assert found == [row for row in every if row["indicator"] == "hsb_training"]


# --- areas --------------------------------------------------------------------------------------


def test_areas_are_london_its_halves_boroughs_and_groups(told: Store) -> None:
    found = {row["area_id"]: row for row in ask(told, "areas")}
    assert next(iter(found)) == "london:London"
    assert found["london:London"]["members"] == 33
    assert found["inner or outer:Inner"]["boroughs"] == sorted(
        codes(lambda row: row["inner_outer_dfe"] == "Inner")
    )
    assert sum(row["level"] == "borough" for row in found.values()) == 33
    hackney = found[f"neighbours:{HACKNEY}"]
    assert hackney["area"] == "Neighbours of Hackney"
    assert hackney["boroughs"] == sorted([BRENT, BROMLEY, CAMDEN])
    assert (hackney["members"], hackney["members_elsewhere"]) == (3, 1)
    alone = [
        row["area"]
        for row in found.values()
        if row["level"] not in ("borough", "neighbours") and row["members"] < 2
    ]
    assert alone == [], "a group of one is its borough"


def test_areas_have_names_of_their_own(told: Store) -> None:
    names = [row["area"] for row in ask(told, "areas")]
    assert len(set(names)) == len(names)
    assert "command unit:NA" in [row["area_id"] for row in ask(told, "areas")], "not a null"


# --- side by side -------------------------------------------------------------------------------


@pytest.mark.parametrize("filters", FILTERS)
def test_side_by_side_is_a_recount(told: Store, counted: Counted, filters: Row) -> None:
    areas = {
        "london:London": codes(),
        f"borough:{HACKNEY}": [HACKNEY],
        "inner or outer:Outer": codes(lambda row: row["inner_outer_dfe"] == "Outer"),
        f"neighbours:{HACKNEY}": [BRENT, BROMLEY, CAMDEN],
    }
    found = ask(told, "side_by_side", quarter="2026-Q3", areas=list(areas), **filters)
    assert len(found) == len(areas) * len(of_schools())
    for row in found:
        for_area = [
            share_of(counted.rows(row["indicator"], "2026-Q3", [code], **filters))
            for code in areas[row["area_id"]]
        ]
        rows = counted.rows(row["indicator"], "2026-Q3", areas[row["area_id"]], **filters)
        london = share_of(counted.rows(row["indicator"], "2026-Q3", codes(), **filters))
        expected = share_of(rows)
        expected["differs"] = differs(expected, london)
        expected["london_ranked"] = london["ranked"]
        expected["members"] = len(areas[row["area_id"]])
        expected["members_with_data"] = sum(one["n"] > 0 for one in for_area)
        expected["members_elsewhere"] = int(row["level"] == "neighbours")
        without = [
            reference.borough_name(code)
            for code, one in zip(areas[row["area_id"]], for_area, strict=True)
            if one["n"] == 0
        ]
        expected["missing"] = ", ".join(sorted(without)) or None
        assert {key: row[key] for key in expected} == approx(expected)


def test_london_is_there_unasked(told: Store) -> None:
    found = ask(told, "side_by_side", quarter="2026-Q3", areas=[])
    assert {row["area"] for row in found} == {"London"}
    assert all(row["differs"] is None for row in found)


# --- with peers ---------------------------------------------------------------------------------


def test_with_peers_is_a_recount(told: Store, counted: Counted) -> None:
    own = next(row for row in reference.boroughs() if row["borough_code"] == HACKNEY)
    groups = {
        "london": codes(),
        "inner or outer": codes(lambda r: r["inner_outer_dfe"] == own["inner_outer_dfe"]),
        "neighbours": [BRENT, BROMLEY, CAMDEN],
        "command unit": codes(lambda r: r["police_bcu_code"] == own["police_bcu_code"]),
        "integrated care board": codes(lambda r: r["icb_2022"] == own["icb_2022"]),
        "partnership": codes(lambda r: r["partnership"] == own["partnership"]),
    }
    found = ask(told, "with_peers", quarter="2026-Q3", borough=HACKNEY)
    assert len(found) == len(groups) * len(of_schools())
    for row in found:
        mine = share_of(counted.rows(row["indicator"], "2026-Q3", [HACKNEY]))
        group = share_of(counted.rows(row["indicator"], "2026-Q3", groups[row["kind"]]))
        expected = {key: value for key, value in group.items() if key != "met"}
        expected |= {f"own_{key}": value for key, value in mine.items() if key != "met"}
        expected["differs"] = differs(mine, group)
        expected["members"] = len(groups[row["kind"]])
        expected["outside_london"] = int(row["kind"] == "neighbours")
        without = [
            reference.borough_name(code)
            for code in groups[row["kind"]]
            if share_of(counted.rows(row["indicator"], "2026-Q3", [code]))["n"] == 0
        ]
        expected["missing"] = ", ".join(sorted(without)) or None
        expected["members_with_data"] = expected["members"] - len(without)
        assert {key: row[key] for key in expected} == approx(expected)


def test_a_borough_has_only_the_groups_that_it_belongs_to(told: Store) -> None:
    city = ask(told, "with_peers", quarter="2026-Q3", borough="E09000001", indicator="reviewed")
    kinds = [row["kind"] for row in city]
    assert "command unit" not in kinds, "the City has a police force of its own"
    assert "neighbours" not in kinds, "no neighbours of it are held"
    assert kinds[0] == "london"


# --- trend --------------------------------------------------------------------------------------


@pytest.mark.parametrize("filters", FILTERS)
def test_the_trend_is_a_recount_with_breaks(told: Store, counted: Counted, filters: Row) -> None:
    areas = ["neighbours:E09000005", "inner or outer:Inner"]
    found = ask(told, "trend", indicator="police_engagement", areas=areas, **filters)
    assert len(found) == (33 + 1 + len(areas)) * len(counted.quarters)
    members = {"neighbours:E09000005": [HACKNEY], "london:London": codes()}
    members |= {"inner or outer:Inner": codes(lambda row: row["inner_outer_dfe"] == "Inner")}
    for row in found:
        boroughs = members.get(row["area_id"], [row["area_id"].partition(":")[2]])
        expected = share_of(counted.rows("police_engagement", row["quarter"], boroughs, **filters))
        expected["share_met"] = expected.pop("share")
        del expected["share_unknown"]
        assert {key: row[key] for key in expected} == approx(expected)
    assert any(row["share_met"] is None for row in found)


# --- unknown ------------------------------------------------------------------------------------


@pytest.mark.parametrize("indicator", [None, "dsl_in_date"])
def test_unknown_is_told_by_its_reason(told: Store, indicator: str | None) -> None:
    boroughs = [HACKNEY, BRENT]
    found = ask(told, "unknown", quarter="2026-Q3", boroughs=boroughs, indicator=indicator)
    expected: dict[str, int] = defaultdict(int)
    for row in look(told.released, "from indicator_state where state = 'unknown'"):
        if row["quarter"] != "2026-Q3" or row["borough_code"] not in boroughs:
            continue
        if indicator in (None, row["indicator"]):
            expected[row["reason"]] += 1
    assert {row["reason"]: row["answers"] for row in found} == dict(expected)
    assert len(expected) > 1


def test_a_partnership_that_asks_for_more_is_ranked_by_its_own_setting(tmp_path: Path) -> None:
    store = open_memory_store(tmp_path)
    bring_up_to_date(store)
    publish_csv(store, "schools", tiny_register())
    publish_csv(store, "police_engagement", [engagement(urn=u) for u in (100001, 100002, 100003)])
    asked = {"quarter": "2026-Q3", "indicator": "police_engagement"}

    def is_ranked() -> bool:
        found = ask(store, "by_borough", **asked)
        return bool(next(row["ranked"] for row in found if row["borough_code"] == HACKNEY))

    assert is_ranked(), "three of six are known"
    with store.released.writing() as writing:
        settings = reference.reference_tables()["borough_setting"].to_pylist()
        for row in settings:
            if row["borough_code"] == HACKNEY and row["setting"] == "rank_known_share":
                row["value"] = 0.6
        writing.replace("borough_setting", pa.Table.from_pylist(settings))
    assert not is_ranked()
    store.close()
