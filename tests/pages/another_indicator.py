"""What test_another_indicator.py has tried in a process whose queries/ hold two indicators more."""

from collections.abc import Iterator

import pytest

from gapmap.indicator import definitions
from gapmap.stores.store import Store
from tests.pages.conftest import Screen, publish_tiny, store_of_the_pages
from tests.uploads import publish_csv, school_return


@pytest.fixture(scope="module", autouse=True)
def published(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """Hackney offered one school a role, one was not, of the rest nothing is known."""
    with store_of_the_pages(tmp_path_factory.mktemp("another")) as opened:
        publish_tiny(opened)
        publish_csv(
            opened,
            "school_safeguarding",
            [school_return(urn=100001), school_return(urn=100002, dsl_forum_role_offered="no")],
        )
        item = {"quarter": "2026-Q3", "borough": "Hackney", "item": "GPs alerted", "month": ""}
        publish_csv(opened, "partnership_review", [item | {"status": "in progress"}])
        yield opened


def test_it_is_on_londons_map_ranked_with_its_definition() -> None:
    screen = Screen("london", indicator="Forum role offered")
    hackney = next(row for row in screen.rows() if row["Borough"] == "Hackney")
    assert (hackney["Met"], hackney["Gap"], hackney["Known"]) == (50, 1, 2)
    assert screen.map_classes["Brent"] == "unknown"
    assert definitions()["forum_role"].question in screen.words


def test_one_of_boroughs_is_on_londons_map_in_its_classes() -> None:
    screen = Screen("london", indicator="Review items begun")
    assert screen.map_classes["Hackney"] == "90% or more"


@pytest.mark.parametrize("page", ["compare", "engagement"])
def test_it_is_among_all_indicators(page: str) -> None:
    screen = Screen(page)
    charts = "".join(str(chart.proto) for chart in screen.app.get("vega_lite_chart"))
    frames = "".join(frame.to_string() for frame in screen.frames)
    assert "Forum role offered" in charts + frames
