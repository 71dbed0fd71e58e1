"""A partnership's own thresholds: they decide every figure that rests on them, and are said."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from gapmap.reference import reference, thresholds
from gapmap.settings import REFERENCE
from gapmap.stores.store import Store
from tests.pages.conftest import Screen, store_of_the_pages

OWN = """
[partnerships."Bromley Safeguarding Children Partnership"]
rank_known_share = 0.2
weight.dsl_in_date = 5

[partnerships."City and Hackney Safeguarding Children Partnership"]
police_contact_terms = 0
"""
SAID = (
    "Settings of Bromley Safeguarding Children Partnership of its own: A share is shown and not "
    "ranked when fewer than this share of the schools is known: 0.2 share of schools, not 0.5.",
    "Settings of City and Hackney Safeguarding Children Partnership of its own: A police contact "
    "counts when it was in this term or at most so many terms before it: 0 school terms, not 1.",
)


@pytest.fixture
def with_own_settings(
    tiny_files: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Store]:
    """The store of `publish_tiny`, started again with thresholds of two partnerships."""
    text = (REFERENCE / "settings.toml").read_text(encoding="utf-8") + OWN
    held = thresholds.parse_thresholds(text, thresholds.partnership_of_borough().values())
    monkeypatch.setattr(thresholds, "thresholds", lambda: held)
    # Both are kept from the first time; a process that is started again has not asked yet.
    for kept in ("reference_tables", "reference_hash"):
        monkeypatch.setattr(reference, kept, getattr(reference, kept).__wrapped__)
    with store_of_the_pages(shutil.copytree(tiny_files, tmp_path / "copy")) as opened:
        yield opened


@pytest.mark.usefixtures("with_own_settings")
def test_map_and_ranking_judge_by_the_same_threshold() -> None:
    """One of Bromley's four schools is known: enough for Bromley, too few by the default."""
    screen = Screen("london")
    bromley = next(row for row in screen.rows() if row["Borough"] == "Bromley")
    assert (bromley["#"], bromley["Known"]) == (1, 1)
    assert screen.map_classes["Bromley"] == "under 50%"


@pytest.mark.usefixtures("with_own_settings")
def test_a_contact_of_the_term_before_counts_where_the_partnership_says_so() -> None:
    """July and August are of the term before September's: no contact of Hackney's counts."""
    hackney = next(row for row in Screen("london").rows() if row["Borough"] == "Hackney")
    assert hackney["Gap"] == 2


@pytest.mark.usefixtures("with_own_settings")
@pytest.mark.parametrize("page", ["london", "compare", "engagement", "agency"])
def test_a_screen_that_uses_them_says_so(page: str) -> None:
    words = Screen(page).words
    assert all(line in words for line in SAID), words
    assert "weighs" not in words, "no gap score is shown here"
