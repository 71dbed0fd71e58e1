"""How a measure of an area divides: the total first, then every category, true zeros among them."""

from __future__ import annotations

from typing import Any

from gapmap.measure import lattice
from gapmap.stores.store import Store, rows_of
from tests.queries.oracle_figures import areas
from tests.queries.telling import QUARTERS, Telling
from tests.releasing import release_by_rule
from tests.uploads import HACKNEY, look, publish_csv, referral


def breakdown(store: Store, instance: str, **given: str) -> list[dict[str, Any]]:
    return rows_of(getattr(store, instance).ask("referrals/breakdown", given))


def test_the_total_then_the_parts_and_what_is_not_known_last(store: Store) -> None:
    publish_csv(
        store,
        "referrals",
        [
            referral(referrals=30),
            referral(urn=100002, source="2A", referrals=4),
            referral(borough="Brent", urn=100021, source="2A", referrals=11),
        ],
    )
    release_by_rule(store)
    given = {
        "measure": "hsb_referrals", "quarter": "2026-Q3", "level": "borough", "area": HACKNEY,
        "breakdown": "phase",
    }  # fmt: skip
    shown = [
        (r["category"], r["value"], r["marker"]) for r in breakdown(store, "released", **given)
    ]
    assert shown == [
        ("all", 35, None),
        ("16 plus", 0, None),  # Brent's alone
        ("secondary", None, "c"),
        ("not known", 30, None),
    ]
    exact = breakdown(store, "exact", **given)
    assert [r["value"] for r in exact] == [34, 0, 4, 30]
    assert breakdown(store, "released", **given | {"area": "E09000007"}) == []


def test_every_breakdown_of_every_area_is_that_of_the_figures(telling: Telling) -> None:
    quarter = QUARTERS[-1]
    figures = {
        (r["level"], r["area_code"], r["breakdown"], r["category"]): (r["value"], r["marker"])
        for r in look(
            telling.store.released,
            f"from figure where measure = 'hsb_referrals' and quarter = '{quarter}'",
        )
    }
    for name in lattice().measures["hsb_referrals"].breakdowns[1:]:
        categories = {category for _, _, kind, category in figures if kind == name}
        for level, area in areas():
            given = {"quarter": quarter, "level": level, "area": area, "breakdown": name}
            rows = breakdown(telling.store, "released", measure="hsb_referrals", **given)
            expected = {"all": figures[level, area, "total", "all"]} | {
                category: figures.get((level, area, name, category), (0, None))
                for category in categories
            }
            assert {r["category"]: (r["value"], r["marker"]) for r in rows} == expected
            assert rows[0]["category"] == "all"
