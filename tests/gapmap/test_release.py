"""What leaves the exact store about children: withheld from 1 to 7, otherwise to the nearest 5."""

from typing import Any
from unittest.mock import patch

import pytest

from gapmap.archive.archive import is_step, names
from gapmap.archive.holdings import verify
from gapmap.publishing.standing import bring_up_to_date
from gapmap.publishing.submission import withdraw
from gapmap.recovery.rebuild import replay
from gapmap.reference import reference
from gapmap.release import (
    Draft,
    MovedOn,
    ReleaseRefused,
    confirm,
    drafts,
    propose,
    release,
    releases,
    withdraw_release,
)
from gapmap.stores.store import Store, open_memory_store, rows_of
from tests.releasing import OPERATOR, by_rule, release_by_rule
from tests.uploads import BRENT, HACKNEY, look, publish_csv, referral, tables_of

GIVEN = {"measure": "hsb_referrals", "quarter": "2026-Q3"}


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
    release_by_rule(lasting_store)
    return lasting_store


def test_every_released_figure_is_withheld_or_rounded(counted: Store) -> None:
    figures = look(counted.released, "from figure")
    for figure in figures:
        assert figure["release_id"] == "R00001"
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
        "schools", "schools_without_pupils", "number", "cells", "hidden", "withheld",
        "viewers", "establishments",
    }  # fmt: skip
    columns = set()
    for table in tables_of(counted.released):
        for row in look(counted.released, f"from {table}"):
            for name, value in row.items():
                if isinstance(value, int) and not isinstance(value, bool) and name not in harmless:
                    columns.add((table, name))
    assert columns == {
        ("figure", "value"), ("area_value", "numerator"), ("area_value", "denominator"),
    }  # fmt: skip
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
    assert [(r["release_id"], r["quarter"], r["threshold"], r["base"]) for r in noted] == [
        ("R00001", "2026-Q3", 7, 5)
    ]
    # A hash of exact counts could be guessed at: it stays in the exact store.
    exact = look(counted.exact, "from release order by release_id")
    assert [row | {"content_hash": ""} for row in exact] == noted
    assert all(row["content_hash"] for row in exact)


def test_totals_are_protected_on_their_own(store: Store) -> None:
    rows = [referral(borough=name, referrals=3) for name in ("Brent", "Bromley", "Hackney")]
    publish_csv(store, "referrals", rows)
    release_by_rule(store)
    shown = rows_of(store.released.ask("referrals/by_borough", GIVEN))
    by_area = {r["area_code"]: (r["value"], r["marker"]) for r in shown if r["areas_submitted"]}
    assert by_area.pop("London") == (10, None)
    assert set(by_area.values()) == {(None, "c")}


def test_a_figure_that_is_corrected_is_shown_once_it_is_released_anew(store: Store) -> None:
    publish_csv(store, "referrals", [referral(referrals=30)])
    assert shown(store) == []
    release_by_rule(store)
    assert shown(store) == [{"value": 30, "marker": None, "release_id": "R00001"}]
    later = publish_csv(store, "referrals", [referral(referrals=4)])
    assert shown(store) == [{"value": 30, "marker": None, "release_id": "R00001"}]
    release_by_rule(store)
    assert shown(store) == [{"value": None, "marker": "c", "release_id": "R00002"}]
    withdraw(store, later.submission_id, "x@x", "wrong")
    release_by_rule(store)
    assert shown(store) == [{"value": 30, "marker": None, "release_id": "R00003"}]


def shown(store: Store) -> list[dict[str, Any]]:
    return look(
        store.released,
        "from figure select distinct value, marker, release_id where measure = 'hsb_referrals'",
    )


def test_by_quarter_gives_every_quarter_held(store: Store) -> None:
    publish_csv(
        store, "referrals", [referral(referrals=30), referral(quarter="2026-Q1", referrals=2)]
    )
    publish_csv(store, "referrals", [referral(quarter="2026-Q2", borough="Brent", referrals=12)])
    release_by_rule(store)
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


# --- drafts, confirmation, withdrawal -------------------------------------------------------------


def test_what_is_published_waits_and_nothing_is_said_of_it(store: Store) -> None:
    release_by_rule(store)
    publish_csv(store, "referrals", [referral(referrals=30)], covers=[BRENT])
    (draft,) = drafts(store)
    # Bromley's schools wait too: of how many it is not known what they referred.
    assert (draft.quarter, [one.borough for one in draft.boroughs]) == (
        "2026-Q3",
        ["Brent", "Bromley", "Hackney"],
    )
    given = {"measure": "hsb_referrals", "borough": HACKNEY}
    rows = rows_of(store.released.ask("referrals/by_quarter", given))
    now = [row for row in rows if row["quarter"] == "2026-Q3"]
    assert [(row["value"], row["marker"], row["awaits_release"]) for row in now] == [
        (None, None, True),
        (None, None, True),
    ]
    reasons = look(
        store.released,
        "from area_value select area_code, reason where indicator = 'hsb_referrals' and "
        "quarter = '2026-Q3' and level in ('borough', 'london') and reason <> 'not_submitted' "
        "order by area_code",
    )
    assert reasons == [
        {"area_code": BRENT, "reason": "not_released"},
        {"area_code": HACKNEY, "reason": "not_released"},
        {"area_code": "London", "reason": "not_released"},
    ]
    release_by_rule(store)
    assert drafts(store) == []
    assert not any(
        row["awaits_release"] for row in rows_of(store.released.ask("referrals/by_quarter", given))
    )


def test_the_same_figures_again_wait_for_nothing(store: Store) -> None:
    publish_csv(store, "referrals", [referral(referrals=30)])
    release_by_rule(store)
    publish_csv(store, "referrals", [referral(referrals=12), referral(referrals=18, source="2B")])
    assert [one.quarter for one in drafts(store)] == ["2026-Q3"]
    publish_csv(store, "referrals", [referral(referrals=30)])
    assert drafts(store) == []
    with pytest.raises(ReleaseRefused, match="nothing of 2026-Q3 waits"):
        release(store, "2026-Q3", OPERATOR)


def test_a_lead_confirms_figures_as_they_are(store: Store) -> None:
    publish_csv(store, "referrals", [referral(referrals=30)])
    confirm(store, "2026-Q3", HACKNEY, "lead@hackney.example")
    (one,) = [one for one in of_quarter(store).boroughs if one.borough_code == HACKNEY]
    assert one.confirmed_by == "lead@hackney.example"
    assert "Hackney" not in of_quarter(store).unconfirmed
    # Other figures are not confirmed by it; the same ones again are.
    later = publish_csv(store, "referrals", [referral(referrals=31)])
    assert "Hackney" in of_quarter(store).unconfirmed
    withdraw(store, later.submission_id, "x@x", "wrong")
    assert "Hackney" not in of_quarter(store).unconfirmed
    with pytest.raises(ReleaseRefused, match="no figures about children in 2020-Q1"):
        confirm(store, "2020-Q1", HACKNEY, "lead@hackney.example")


def of_quarter(store: Store, quarter: str = "2026-Q3") -> Draft:
    (found,) = [one for one in drafts(store) if one.quarter == quarter]
    return found


def test_a_withdrawn_release_gives_way_to_the_one_before(store: Store) -> None:
    publish_csv(store, "referrals", [referral(referrals=30)])
    first = release_by_rule(store)[-1]
    publish_csv(store, "referrals", [referral(referrals=41)])
    second = release_by_rule(store)[-1]
    assert [row["value"] for row in shown(store)] == [40]
    withdraw_release(store, second, OPERATOR, "counted twice")
    assert shown(store) == [{"value": 30, "marker": None, "release_id": first}]
    assert [(r["release_id"], r["standing"]) for r in releases(store)][:2] == [
        (second, "withdrawn"),
        (first, "stands"),
    ]
    withdraw_release(store, first, OPERATOR, "not to be shown")
    assert shown(store) == []
    assert of_quarter(store).replaces is None
    for wrong, said in (
        ((first, "again"), "withdrawn already"),
        (("R09999", "why"), "there is no release"),
        ((second, " "), "needs a reason"),
        ((second, "Ann Bell, a@example.org"), "may identify somebody"),
    ):
        with pytest.raises(ReleaseRefused, match=said):
            withdraw_release(store, wrong[0], OPERATOR, wrong[1])


def test_what_changed_meanwhile_is_not_released(store: Store) -> None:
    publish_csv(store, "referrals", [referral(referrals=30)])
    with patch("gapmap.release.plan", by_rule):
        proposal = propose(store, "2026-Q3")
    publish_csv(store, "referrals", [referral(referrals=41)])
    with pytest.raises(MovedOn, match="changed while their release was worked out"):
        release(store, "2026-Q3", OPERATOR, proposal=proposal)
    assert shown(store) == []


def test_a_proposal_tells_what_would_change_and_no_exact_count(store: Store) -> None:
    publish_csv(store, "referrals", [referral(referrals=33)])
    release_by_rule(store)
    publish_csv(store, "referrals", [referral(referrals=4)])
    with patch("gapmap.release.plan", by_rule):
        changes = rows_of(propose(store, "2026-Q3").changes)
    (own,) = [
        row
        for row in changes
        if (row["measure"], row["area_code"], row["breakdown"])
        == ("hsb_referrals", HACKNEY, "total")
    ]
    assert (own["was_value"], own["was_marker"], own["value"], own["marker"], own["status"]) == (
        35,
        None,
        None,
        "c",
        "primary",
    )
    assert not {33, 4} & {value for row in changes for value in row.values()}


def test_releases_are_kept_in_the_archive_and_made_again_from_it(store: Store) -> None:
    publish_csv(store, "referrals", [referral(referrals=30)])
    confirm(store, "2026-Q3", HACKNEY, "lead@hackney.example")
    first = release_by_rule(store)[-1]
    publish_csv(store, "referrals", [referral(referrals=41)])
    second = release_by_rule(store)[-1]
    withdraw_release(store, second, OPERATOR, "counted twice")
    assert verify(store).same
    kept = [name for name in names(store.archive) if not is_step(name)]
    assert f"release/{first}.parquet" in kept
    again = open_memory_store(store.archive.parent / "again")
    bring_up_to_date(again)
    replay(again, store.archive, names(store.archive))
    for table in ("release", "release_event", "release_figure", "figure_confirmation"):
        assert sorted(look(again.exact, f"from {table}"), key=repr) == sorted(
            look(store.exact, f"from {table}"), key=repr
        )
    assert sorted(look(again.released, "from figure"), key=repr) == sorted(
        look(store.released, "from figure"), key=repr
    )
    assert shown(again) == [{"value": 30, "marker": None, "release_id": first}]


def test_a_release_that_was_changed_in_the_archive_is_found(store: Store) -> None:
    publish_csv(store, "referrals", [referral(referrals=30)])
    release_by_rule(store)
    with store.exact.writing() as writing:
        writing.define("update release_figure set value = 35 where value = 30")
    assert ("release", "releases") in {(d.submission_id, d.what) for d in verify(store).differences}
