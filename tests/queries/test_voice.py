"""The questions of the screen Voice, against plain Python."""

from __future__ import annotations

from typing import Any

import pytest

from gapmap.stores.store import Store, rows_of
from tests.queries import oracle, oracle_figures
from tests.queries.oracle_indicators import AREAS, difference
from tests.queries.telling import Telling
from tests.releasing import release_by_rule
from tests.uploads import BROMLEY, HACKNEY, engagement, look, publish_csv

QUARTER = "2026-Q2"
QUESTIONS = ["harassment happens", "would report", "knows how to report", "school acts"]
RESPONDENTS = ["child", "parent", "school"]


def asked(store: Store, instance: str, name: str, **given: str) -> list[dict[str, Any]]:
    return rows_of(getattr(store, instance).ask(f"voice/{name}", given))


def counts(store: Store, instance: str) -> dict[tuple[str, ...], tuple[Any, Any, int]]:
    """Valid answers, answers of a lot or sometimes (None: withheld) and boroughs, by cell."""
    found: dict[tuple[str, ...], list[Any]] = {}
    for row in look(
        getattr(store, instance),
        f"from figure where quarter = '{QUARTER}' and measure like 'survey%'",
    ):
        key = (row["level"], row["area_code"], row["breakdown"], row["category"])
        place = ["survey_valid_answers", "survey_a_lot_or_sometimes"].index(row["measure"])
        found.setdefault(key, [None, None, 0])[place] = row["value"]
        found[key][2] = row["areas_submitted"]
    return {key: (n, k, boroughs) for key, (n, k, boroughs) in found.items()}


@pytest.mark.parametrize("instance", ["exact", "released"])
def test_the_ladder_of_every_area(telling: Telling, instance: str) -> None:
    cells = counts(telling.store, instance)
    for level, area in AREAS:
        rows = asked(telling.store, instance, "ladder", quarter=QUARTER, level=level, area=area)
        assert [(r["question"], r["respondent"]) for r in rows] == [
            (question, respondent) for question in QUESTIONS for respondent in RESPONDENTS
        ]
        any_said = any(key[:2] == (level, area) for key in cells)
        for row in rows:
            cell = cells.get((level, area, row["respondent"], row["question"]))
            if cell is None:
                assert row["reason"] == ("not_asked" if any_said else "not_submitted")
                assert (row["share"], row["valid_answers"]) == (None, None)
                continue
            n, k, boroughs = cell
            assert row["areas_submitted"] == boroughs
            assert row["marker"] == ("c" if n is None or k is None else None)
            if n and k is not None:
                low, high = oracle.wilson(k, n)
                assert low is not None
                assert high is not None
                assert (row["share"], row["low"], row["high"]) == (
                    pytest.approx(100 * k / n),
                    pytest.approx(100 * low, abs=1e-4),
                    pytest.approx(100 * high, abs=1e-4),
                )
            else:
                assert row["share"] is None


def test_gaps_of_boroughs_are_of_the_two_groups_answers(telling: Telling) -> None:
    cells = counts(telling.store, "released")
    compared = 0
    for question in QUESTIONS[:2]:
        rows = asked(telling.store, "released", "by_borough", quarter=QUARTER, said=question)
        assert [r["borough_code"] for r in rows[::3]] == sorted(
            oracle_figures.boroughs(), key=lambda code: names()[code]
        )
        for row in rows:
            at = ("borough", row["borough_code"])
            child = cells.get((*at, "child", question))
            adult = cells.get((*at, row["respondent"], question))
            if row["respondent"] == "child" or child is None or adult is None:
                assert (row["gap"], row["gap_marker"]) == (None, None)
            elif None in (*child, *adult):
                assert (row["gap"], row["gap_marker"]) == (None, "c")
            elif child[0] and adult[0]:
                expected = difference(child[0], child[1], adult[0], adult[1], 1)
                found = [row["gap"], row["gap_low"], row["gap_high"]]
                assert found == pytest.approx(
                    [expected.value, expected.low, expected.high], abs=1e-4
                )
                compared += 1
    assert compared > 2


@pytest.mark.parametrize("instance", ["exact", "released"])
def test_what_was_reported_is_the_figure_of_the_area(telling: Telling, instance: str) -> None:
    held = {
        (row["level"], row["area_code"]): row
        for row in look(
            getattr(telling.store, instance),
            f"from figure where quarter = '{QUARTER}' and measure = 'hsb_referrals' "
            "and breakdown = 'total'",
        )
    }
    markers = set()
    for (level, area), members in AREAS.items():
        (row,) = asked(telling.store, instance, "reported", quarter=QUARTER, level=level, area=area)
        figure = held[(level, area)]
        assert (row["value"], row["marker"]) == (figure["value"], figure["marker"])
        assert (row["areas_submitted"], row["areas"]) == (figure["areas_submitted"], len(members))
        markers.add(row["marker"])
    assert markers == ({None} if instance == "exact" else {None, "c"})


def test_what_nobody_submitted_is_not_none(store: Store) -> None:
    (row,) = asked(store, "released", "reported", quarter="2026-Q3", level="borough", area=BROMLEY)
    assert (row["value"], row["marker"], row["areas_submitted"]) == (None, None, 0)


def names() -> dict[str, str]:
    rows = oracle_figures.reference_rows("boroughs.csv")
    return {row["borough_code"]: row["borough"] for row in rows}


# --- testimonies ----------------------------------------------------------------------------------


@pytest.fixture
def named(store: Store) -> Store:
    """Three of Hackney's schools are named, one with a police contact; none of Bromley's."""
    rows = [
        {"quarter": "2026-Q3", "urn": urn, "testimonies": number}
        for urn, number in ((100001, 2), (100002, 40), (100004, 1), (100003, 0), (100011, 0))
    ]
    publish_csv(store, "testimonies", rows)
    publish_csv(
        store, "police_engagement", [engagement(urn=100001), engagement(urn=100002, level="none")]
    )
    release_by_rule(store)
    return store


def test_testimonies_beside_police_engagement(named: Store) -> None:
    given = {"quarter": "2026-Q3", "level": "borough", "area": HACKNEY}
    exact = asked(named, "exact", "testimonies_by_engagement", **given)
    assert [(r["state"], r["schools_with_testimony"], r["schools"]) for r in exact] == [
        ("all", 3, 7), ("met", 1, 1), ("gap", 1, 1), ("unknown", 1, 4), ("not_applicable", 0, 1),
    ]  # fmt: skip
    released = asked(named, "released", "testimonies_by_engagement", **given)
    assert [(r["state"], r["schools_with_testimony"], r["marker"]) for r in released] == [
        ("all", None, "c"), ("met", None, "c"), ("gap", None, "c"), ("unknown", None, "c"),
        ("not_applicable", 0, None),
    ]  # fmt: skip
    assert [r["schools"] for r in released] == [r["schools"] for r in exact]
    # London's are those of the boroughs for which testimonies were copied.
    london = asked(
        named,
        "exact",
        "testimonies_by_engagement",
        quarter="2026-Q3",
        level="london",
        area="London",
    )
    in_bromley = asked(
        named,
        "exact",
        "testimonies_by_engagement",
        quarter="2026-Q3",
        level="borough",
        area=BROMLEY,
    )
    assert london[0]["schools"] == 7 + in_bromley[0]["schools"]
    assert (london[0]["areas_submitted"], london[0]["areas"]) == (2, 33)
    nowhere = {"quarter": "2026-Q3", "level": "borough", "area": "E09000005"}
    assert asked(named, "exact", "testimonies_by_engagement", **nowhere) == []


def test_the_named_schools_are_for_the_own_lead(named: Store) -> None:
    rows = asked(named, "exact", "named_schools", quarter="2026-Q3", borough=HACKNEY)
    assert [(r["urn"], r["police_engagement"]) for r in rows] == [
        (100001, "met"), (100002, "gap"), (100004, "unknown"),
    ]  # fmt: skip
    assert not any("testimonies" in column for column in rows[0])
    assert asked(named, "exact", "named_schools", quarter="2026-Q3", borough=BROMLEY) == []
