"""Releases: what waits, who confirms and releases it, and what each role sees of that."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from gapmap.release import drafts, release_all, releases
from gapmap.stores.store import Store, rows_of
from tests.pages.conftest import Screen, publish_tiny, store_of_the_pages
from tests.releasing import OPERATOR, release_by_rule
from tests.uploads import BROMLEY, HACKNEY, publish_csv, referral


@pytest.fixture(scope="module")
def audited_files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files of a store with `publish_tiny`, each of its releases audited."""
    folder = tmp_path_factory.mktemp("audited")
    with store_of_the_pages(folder) as opened:
        publish_tiny(opened, lambda store: release_all(store, OPERATOR))
    return folder


@pytest.fixture
def corrected(audited_files: Path, tmp_path: Path) -> Iterator[Store]:
    """All is released; then Hackney's referrals are corrected from 23 to 44."""
    folder = shutil.copytree(audited_files, tmp_path / "copy")
    with store_of_the_pages(folder) as opened:
        publish_csv(opened, "referrals", [referral(referrals=44)], name="corrected.csv")
        yield opened


def hackney_shown(store: Store) -> Any:
    rows = rows_of(
        store.released.ask("referrals/by_quarter", {"measure": "hsb_referrals", "borough": HACKNEY})
    )
    return next(
        row["value"] for row in rows if (row["quarter"], row["level"]) == ("2026-Q3", "borough")
    )


def test_nothing_released_says_so(pages_store: Store) -> None:
    words = Screen("releases").words
    assert "No figures about children have been released yet" in words
    assert "Nothing waits" in words


def test_everybody_sees_what_was_released_and_what_waits(corrected: Store) -> None:
    screen = Screen("releases")
    table = screen.frame("Release")
    assert list(table["Quarter"]) == ["2026-Q3", "2026-Q2"]
    assert set(table["Stands"]) == {"Shown now"}
    assert [one.label for one in screen.app.expander] == [
        "2026-Q3: figures of 1 borough changed",
    ]
    assert "Not confirmed by the leads of Hackney" in screen.words
    labels = [one.label for one in screen.app.button]
    assert "Work out and audit" not in labels
    assert not any("are right" in label for label in labels)
    # No count of the draft, exact or as it would be shown, is told.
    assert "44" not in screen.words
    assert "23" not in screen.words


def test_a_lead_confirms_the_own_figures(corrected: Store) -> None:
    other = Screen("releases").view_as("lead", BROMLEY)
    assert not any("are right" in one.label for one in other.app.button)
    screen = Screen("releases").view_as("lead", HACKNEY)
    assert "Exact figures of Hackney" in screen.words
    changed = screen.frame("In the last release")
    total = changed[
        (changed["Counted"] == "Accepted referrals of type HSB") & (changed["Part"] == "total")
    ]
    assert [tuple(row) for row in total[["In the last release", "Now"]].to_numpy()] == [
        ("23", "44")
    ]
    screen.press("These figures of Hackney are right")
    assert "Confirmed by" in screen.words
    (draft,) = drafts(corrected)
    assert draft.unconfirmed == []
    assert "Work out and audit" not in [one.label for one in screen.app.button]


def test_an_administrator_looks_releases_and_withdraws(corrected: Store) -> None:
    screen = Screen("releases").view_as("administrator")
    assert not any("are right" in one.label for one in screen.app.button)
    screen.press("Work out and audit")
    changes = screen.frame("Becomes")
    own = changes[
        (changes["Area"] == "Hackney")
        & (changes["Counted"] == "Accepted referrals of type HSB")
        & (changes["Part"] == "total")
    ]
    assert [tuple(row) for row in own[["Was", "Becomes", "Why"]].to_numpy()] == [
        ("25", "45", "shown")
    ]
    assert "44" not in changes.to_string()
    assert hackney_shown(corrected) == 25
    screen.press("Release 2026-Q3")
    assert hackney_shown(corrected) == 45
    assert drafts(corrected) == []
    newest = releases(corrected)[0]
    assert (newest["quarter"], newest["standing"], newest["viewers"] > 1) == (
        "2026-Q3",
        "stands",
        True,
    )
    one = Screen("releases", release=newest["release_id"]).view_as("administrator")
    assert "hidden figure" in " ".join(panel.label for panel in one.app.expander)
    one.press("Withdraw")
    assert any("needs a reason" in fault.value for fault in one.app.error)
    one.app.text_input(key=f"why_{newest['release_id']}").set_value("counted twice")
    one.press("Withdraw")
    assert hackney_shown(corrected) == 25
    assert releases(corrected)[0]["standing"] == "withdrawn"


def test_figures_that_changed_meanwhile_are_not_released(corrected: Store) -> None:
    screen = Screen("releases").view_as("administrator").press("Work out and audit")
    publish_csv(corrected, "referrals", [referral(referrals=60)], name="again.csv")
    (button,) = [one for one in screen.app.button if one.label == "Release 2026-Q3"]
    button.click()
    screen.run()
    assert hackney_shown(corrected) == 25
    assert [draft.quarter for draft in drafts(corrected)] == ["2026-Q3"]


def test_an_executive_sees_how_a_release_was_made_and_no_finding(corrected: Store) -> None:
    newest = releases(corrected)[0]["release_id"]
    screen = Screen("releases", release=newest)
    assert "counts from 1 to 7 are hidden, others to the nearest 5" in screen.words
    assert not any("audit found" in panel.label for panel in screen.app.expander)
    assert "There is no release R09999" in Screen("releases", release="R09999").words


def test_what_waits_is_told_on_the_borough(tiny_copy: Store) -> None:
    publish_csv(tiny_copy, "referrals", [referral(quarter="2026-Q4", referrals=30)], name="q4.csv")
    view = {"borough": HACKNEY, "view": "Referrals & voice", "quarter": "2026-Q4"}
    assert "they wait for the quarter's release" in Screen("borough", **view).words
    release_by_rule(tiny_copy)
    assert "they wait for the quarter's release" not in Screen("borough", **view).words
