"""Which submission stands: as the oracle has it, now and at every moment before."""

from datetime import datetime, timedelta

from gapmap.stores.store import Store, rows_of
from tests.queries import oracle
from tests.queries.conftest import QUARTERS, History
from tests.uploads import look


def standing(store: Store, as_of: datetime | None = None) -> dict[tuple[str, str, str], str]:
    rows = rows_of(store.exact.ask("submissions/current", {"as_of": as_of}))
    found = {(r["extract"], r["quarter"], r["borough_code"]): r["submission_id"] for r in rows}
    assert len(found) == len(rows)
    return found


def test_what_stands_now(history: History) -> None:
    expected = {}
    for extract in ("training", "police_engagement", "school_safeguarding"):
        for quarter in QUARTERS:
            for code in oracle.BOROUGHS.values():
                filed = history.expected.standing(extract, quarter, code)
                if filed:
                    expected[extract, quarter, code] = filed.submission
    found = standing(history.store)
    of_quarters = {k: v for k, v in found.items() if k[0] not in ("schools", "school_links")}
    assert of_quarters == expected
    assert len(expected) > 10


def test_now_is_the_same_by_every_way(history: History) -> None:
    """The view of now, the table kept by publications, and the spans over all events."""
    exact = history.store.exact
    now = standing(history.store)
    for source in ("current_submission", "submission_status"):
        rows = look(exact, f"from {source}")
        assert {
            (r["extract"], r["quarter"], r["borough_code"]): r["submission_id"] for r in rows
        } == now
    nil = "select extract, quarter, borough_code, nil_return order by all"
    assert look(exact, f"from current_submission {nil}") == look(
        exact, f"from submission_status {nil}"
    )


def test_every_moment_is_the_replay_of_the_events_up_to_it(history: History) -> None:
    exact = history.store.exact
    events = look(
        exact,
        "from submission_event e join submission s using (submission_id) "
        "select e.*, s.extract, s.version, s.as_at order by e.store_version",
    )
    moments = sorted({event["at_utc"] for event in events})
    assert len(moments) > 15
    for moment in moments:
        last: dict[tuple[str, str, str], dict[str, tuple[tuple[str, int], str]]] = {}
        for event in (e for e in events if e["at_utc"] <= moment):
            key = (event["extract"], event["quarter"], event["borough_code"])
            rank = (str(event["as_at"] or ""), event["version"])
            last.setdefault(key, {})[event["submission_id"]] = (rank, event["event"])
        expected = {}
        for key, submissions in last.items():
            left = [
                (rank, name) for name, (rank, what) in submissions.items() if what != "withdrawn"
            ]
            if left:
                expected[key] = max(left)[1]
        assert standing(history.store, moment) == expected
    assert standing(history.store, moments[0] - timedelta(seconds=1)) == {}
