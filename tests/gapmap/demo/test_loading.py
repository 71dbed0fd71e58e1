"""The demonstration goes through the real intake: all is accepted, and the store is whole."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from gapmap.archive.holdings import verify
from gapmap.indicator import of_boroughs, of_schools
from gapmap.operations import operations
from gapmap.publishing.standing import bring_up_to_date
from gapmap.settings import Settings
from gapmap.stores.store import Store, open_memory_store, rows_of
from tests.uploads import look

SETTINGS = Settings(Path("unused.duckdb"), 100, "1GB")


@pytest.fixture(scope="module")
def told() -> list[int]:
    """What the load reports while it runs."""
    return []


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory, told: list[int]) -> Iterator[Store]:
    """A store in memory with the whole demonstration."""
    store = open_memory_store(tmp_path_factory.mktemp("store"))
    bring_up_to_date(store)
    answer = operations.load_demonstration(store, SETTINGS, {"report": told.append})
    assert answer["outcome"] == "published"
    yield store
    store.close()


def test_every_file_was_published_whole(loaded: Store, files, by_extract, told) -> None:
    held = {row["file_name"]: row["row_count"] for row in look(loaded.exact, "from submission")}
    # Wide rows of neighbours become ten, and what lies outside London is left out.
    differs = {"neighbours", "cin_factors"}
    expected = {
        file.name: len(rows)
        for extract, filed in by_extract.items()
        for file, rows in filed
        if extract not in differs
    }
    assert {name: held[name] for name in expected} == expected
    assert set(held) == {file.name for file in files}
    assert told == list(range(1, len(files) + 1))
    assert all(row["demonstration"] for row in look(loaded.exact, "from submission"))


def test_it_covers_what_each_file_declares(loaded: Store, files) -> None:
    pairs = look(
        loaded.exact,
        "from submission_pair inner join submission using (submission_id) "
        "select file_name, borough_code, bool_and(nil_return) as nil_return "
        "group by file_name, borough_code",
    )
    covered: dict[str, dict[str, bool]] = {}
    for row in pairs:
        covered.setdefault(row["file_name"], {})[row["borough_code"]] = row["nil_return"]
    for file in files:
        assert covered[file.name] == {code: code in file.nil_returns for code in file.covers}


def test_warnings_are_those_that_a_busy_quarter_brings(loaded: Store) -> None:
    warned = {row["code"] for row in look(loaded.exact, "from accepted_warning")}
    assert warned == {
        "schools_absent",
        "referrals_moved",
        "point_outside_borough",
        "done_without_month",
    }


def test_the_archive_holds_the_same_and_both_stores_the_same_version(loaded: Store) -> None:
    assert verify(loaded).same
    assert loaded.version == len(look(loaded.exact, "from submission"))


def test_every_reason_why_an_answer_is_not_known_occurs(loaded: Store) -> None:
    rows = look(
        loaded.released,
        "from indicator_state select distinct state, reason where quarter = '2026-Q3'",
    )
    found = {(row["state"], row["reason"]) for row in rows}
    reasons = {"not_asked", "no_reply", "not_submitted", "no_row", "out_of_date"}
    assert {reason for state, reason in found if state == "unknown"} == reasons
    assert {state for state, _ in found} == {"met", "gap", "unknown", "not_applicable"}


def test_every_indicator_of_schools_is_met_by_some_and_a_gap_of_others(loaded: Store) -> None:
    for database in (loaded.exact, loaded.released):
        found = look(
            database,
            "from indicator_state select indicator, quarter, count(*) as n, "
            "count(*) filter (where state = 'met') as met, "
            "count(*) filter (where state = 'gap') as gap, "
            "count(*) filter (where state in ('met', 'gap') and evidence is null) as unsaid "
            "group by all",
        )
        newest = max(row["quarter"] for row in found)
        now = {row["indicator"]: row for row in found if row["quarter"] == newest}
        assert set(now) == {d.name for d in of_schools()}
        assert all(row["met"] > 100 and row["gap"] > 100 for row in now.values())
        assert all(row["unsaid"] == 0 for row in found)
        counted = look(
            database,
            "from state_count select indicator, quarter, sum(schools)::bigint as n group by all",
        )
        in_scope = look(database, "from school select quarter, count(*) as n group by quarter")
        schools = {row["quarter"]: row["n"] for row in in_scope}
        assert {(r["indicator"], r["quarter"]): r["n"] for r in counted} == {
            (name, quarter): n for name in now for quarter, n in schools.items()
        }
        assert {(r["indicator"], r["quarter"]): r["n"] for r in found} == {
            (name, quarter): n for name in now for quarter, n in schools.items()
        }


@pytest.mark.parametrize("name", [d.name for d in of_boroughs()])
def test_every_indicator_of_areas_has_a_value_of_london(loaded: Store, name: str) -> None:
    for database in (loaded.exact, loaded.released):
        rows = rows_of(database.ask(f"indicators/{name}", {"quarters": ["2026-Q3"]}))
        (london,) = [row for row in rows if row["level"] == "london"]
        assert london["value"] is not None
        assert london["areas_submitted"] > 15
        assert any(row["value"] is None for row in rows)


def test_camdens_lead_can_name_the_schools_where_no_referral_was_seen(loaded: Store) -> None:
    given = {"quarters": ["2026-Q3"]}
    camden = {
        database: next(
            row
            for row in rows_of(getattr(loaded, database).ask("indicators/no_referral_seen", given))
            if row["area_code"] == "E09000007"
        )
        for database in ("exact", "released")
    }
    named = look(
        loaded.exact,
        "from school_signal select urn where borough_code = 'E09000007' "
        "and quarter = '2026-Q3' and no_referral_state = 'no_referral_seen'",
    )
    assert camden["exact"]["value"] == len(named) > 7
    assert camden["released"]["value"] % 5 == 0


def test_everything_about_children_in_the_released_store_is_protected(loaded: Store) -> None:
    figures = "from figure select count(*) as n where "
    assert look(loaded.exact, f"{figures} value between 1 and 7")[0]["n"] > 1000
    wrong = (
        f"{figures} (value % 5 <> 0) or (value is null) <> (marker is not null and marker = 'c')"
    )
    assert look(loaded.released, wrong) == [{"n": 0}]
    counts = [look(d, f"{figures} true") for d in (loaded.exact, loaded.released)]
    assert counts[0] == counts[1]


def test_academies_show_what_the_school_before_them_said(loaded: Store) -> None:
    rows = look(
        loaded.released,
        "from indicator_state select distinct urn, evidence_urn where evidence_urn is not null",
    )
    assert len(rows) >= 10
    followed = {
        (row["urn"], row["predecessor_urn"])
        for row in look(loaded.released, "from school_predecessor")
    }
    assert {(row["urn"], row["evidence_urn"]) for row in rows} <= followed


def test_it_is_loaded_into_an_empty_store_alone(loaded: Store) -> None:
    again = operations.load_demonstration(loaded, SETTINGS, {"if_empty": True})
    assert again == {"outcome": "unchanged", "files": 0, "releases": 0}
