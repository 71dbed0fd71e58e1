"""Publishing that fails halfway: all of it happens or nothing, and the copy is made good."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow.parquet as parquet
import pytest

from gapmap.publishing import standing, submission
from gapmap.publishing.submission import publish, withdraw
from gapmap.stores.store import Store, StoreFull, WriteConflict, Writing, rows_of
from tests.releasing import release_by_rule
from tests.uploads import (
    check,
    contents,
    course,
    engagement,
    look,
    publish_csv,
    referral,
    tiny_register,
    upload,
)


class Fault(RuntimeError):
    """Injected."""


def files(store: Store) -> list[str]:
    return sorted(path.name for path in store.archive.rglob("*") if path.is_file())


def without_moments(tables: dict[str, list[dict[str, Any]]]) -> dict[str, list[dict[str, Any]]]:
    """Every row but for when it was computed."""
    moments = {"computed_at", "made_at", "changed_at", "release_id"}
    return {
        name: sorted(
            ({column: v for column, v in row.items() if column not in moments} for row in rows),
            key=repr,
        )
        for name, rows in tables.items()
        if name != "release"
    }


STATEMENTS = [
    "publish/move_version",
    "standing/answers",
    "measures/hsb_referrals",
    "standing/submission_status",
]


@pytest.mark.parametrize("statement", STATEMENTS)
def test_a_transaction_that_fails_leaves_nothing(
    store: Store, monkeypatch: pytest.MonkeyPatch, statement: str
) -> None:
    publish_csv(store, "referrals", [referral()])
    exact, released, archived = contents(store.exact), contents(store.released), files(store)
    extract, row = ("training", course()) if "answers" in statement else ("referrals", referral())
    row["quarter"] = "2026-Q2"
    prepared = check(store, upload(extract, [row]))

    def failing(original: Callable[..., Any]) -> Callable[..., Any]:
        def asked(self: Writing, name: str, given: Any = None) -> Any:
            if name == statement:
                raise Fault(name)
            return original(self, name, given)

        return asked

    with monkeypatch.context() as broken:
        broken.setattr(Writing, "ask", failing(Writing.ask))
        broken.setattr(Writing, "run", failing(Writing.run))
        with pytest.raises(Fault):
            publish(store, prepared, "x@x")
    assert contents(store.exact) == exact
    assert contents(store.released) == released
    assert files(store) == archived
    assert publish(store, prepared, "x@x").outcome == "published"


def test_an_archive_that_cannot_be_written_leaves_nothing(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    exact, archived = contents(store.exact), files(store)
    prepared = check(store, upload("referrals", [referral()]))

    def half(_: Any, path: Path) -> None:
        path.write_bytes(b"PAR1")
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as broken:
        broken.setattr(parquet, "write_table", half)
        with pytest.raises(OSError, match="No space left"):
            publish(store, prepared, "x@x")
    assert contents(store.exact) == exact
    assert files(store) == archived


def test_too_little_space_is_said_before_anything_is_written(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    exact, archived = contents(store.exact), files(store)
    prepared = check(store, upload("referrals", [referral()]))
    monkeypatch.setattr("gapmap.stores.store.LEAST_FREE_BYTES", 2**60)
    with pytest.raises(StoreFull, match="free some space and publish again; nothing was changed"):
        publish(store, prepared, "x@x")
    assert contents(store.exact) == exact
    assert files(store) == archived


def test_a_version_that_moved_inside_the_transaction_is_a_conflict(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    exact, archived = contents(store.exact), files(store)
    prepared = check(store, upload("referrals", [referral()]))
    monkeypatch.setattr(submission, "version_to_move", lambda *_: 0)
    with pytest.raises(WriteConflict, match="moved on"):
        publish(store, prepared, "x@x")
    assert contents(store.exact) == exact
    assert files(store) == archived


def cut_off(monkeypatch: pytest.MonkeyPatch, step: Callable[[], object]) -> None:
    """Do a step whose copy to the released store fails after the exact store has committed."""

    def fails(*_: Any) -> None:
        raise Fault("the copy")

    with monkeypatch.context() as broken:
        broken.setattr(submission, "mirror", fails)
        with pytest.raises(Fault):
            step()


def published_alike(open_store: Callable[[], Store]) -> Store:
    """What the released store must hold in the end: the same, published without a fault."""
    alike = open_store()
    publish_tiny(alike)
    publish_csv(alike, "training", [course()])
    publish_csv(alike, "referrals", [referral(referrals=23)])
    publish_csv(alike, "police_engagement", [engagement()])
    release_by_rule(alike)
    return alike


def publish_tiny(store: Store) -> None:
    publish_csv(store, "schools", tiny_register())


def test_a_copy_that_was_cut_off_is_repaired_at_start_up(
    store: Store, open_store: Callable[[], Store], monkeypatch: pytest.MonkeyPatch
) -> None:
    publish_csv(store, "training", [course()])
    publish_csv(store, "referrals", [referral(referrals=23)])
    stale = contents(store.released)
    cut_off(monkeypatch, lambda: publish_csv(store, "police_engagement", [engagement()]))
    assert contents(store.released) == stale
    standing.bring_up_to_date(store)
    assert rows_of(store.released.ask("store/version")) == rows_of(store.exact.ask("store/version"))
    release_by_rule(store)
    expected = without_moments(contents(published_alike(open_store).released))
    found = without_moments(contents(store.released))
    states = {r["indicator"]: r["state"] for r in found["indicator_state"] if r["urn"] == 100001}
    assert (states["dsl_in_date"], states["police_engagement"]) == ("met", "met")
    assert (states["hsb_training"], states["reviewed"]) == ("unknown", "unknown")
    for table in (
        "indicator_state",
        "state_count",
        "school",
        "figure",
        "area_value",
        "held_quarter",
    ):
        drop = {"settings_hash", "submission_id", "register_submission"}
        assert [{c: v for c, v in row.items() if c not in drop} for row in found[table]] == [
            {c: v for c, v in row.items() if c not in drop} for row in expected[table]
        ]


def test_a_copy_that_was_cut_off_is_made_good_by_the_next_publication(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish_csv(store, "referrals", [referral(referrals=23)])
    cut_off(monkeypatch, lambda: publish_csv(store, "training", [course()]))
    cut_off(
        monkeypatch,
        lambda: publish_csv(store, "referrals", [referral(borough="Brent", referrals=40)]),
    )
    publish_csv(store, "police_engagement", [engagement()])
    release_by_rule(store)
    states = "from indicator_state order by all"
    assert look(store.released, states) == look(store.exact, states)
    assert [(f["area_code"], f["value"]) for f in referrals_shown(store)] == [
        ("E09000005", 40),
        ("E09000012", 25),
        ("London", 65),
    ]


def referrals_shown(store: Store) -> list[dict[str, Any]]:
    """The released totals of HSB referrals, of boroughs and of London."""
    return look(
        store.released,
        "from figure where measure = 'hsb_referrals' and breakdown = 'total' "
        "and level in ('borough', 'london') order by area_code",
    )


def test_a_withdrawal_whose_copy_was_cut_off_leaves_no_figure_behind(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish_csv(store, "training", [course()])
    done = publish_csv(store, "referrals", [referral(quarter="2025-Q4", referrals=23)])
    release_by_rule(store)
    cut_off(monkeypatch, lambda: withdraw(store, done.submission_id, "x@x", "wrong"))
    assert len(referrals_shown(store)) == 2
    standing.bring_up_to_date(store)
    assert referrals_shown(store) == []
    assert look(store.released, "from figure where quarter = '2025-Q4'") == []
    assert look(store.released, "from held_quarter") == [{"quarter": "2026-Q3"}]
    assert look(store.released, "from school select distinct quarter") == [{"quarter": "2026-Q3"}]


def test_a_release_whose_copy_was_cut_off_is_shown_at_start_up(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: Any) -> None:
        raise Fault("the copy")

    publish_csv(store, "referrals", [referral(referrals=23)])
    with monkeypatch.context() as broken:
        broken.setattr("gapmap.release.show_releases", fails)
        with pytest.raises(Fault):
            release_by_rule(store)
    assert referrals_shown(store) == []
    assert len(look(store.exact, "from release")) == 1
    standing.bring_up_to_date(store)
    assert [row["value"] for row in referrals_shown(store)] == [25, 25]
    assert look(store.released, "from release select release_id") == [{"release_id": "R00001"}]


@pytest.mark.parametrize("fails_at", ["archive", "store"])
def test_a_release_that_fails_leaves_nothing(
    store: Store, monkeypatch: pytest.MonkeyPatch, fails_at: str
) -> None:
    def fails(*_: Any, **__: Any) -> None:
        raise Fault(fails_at)

    publish_csv(store, "referrals", [referral(referrals=23)])
    exact, archived = contents(store.exact), files(store)
    with monkeypatch.context() as broken:
        if fails_at == "archive":
            broken.setattr(parquet, "write_table", fails)
        else:
            broken.setattr(Writing, "append", fails)
        with pytest.raises(Fault):
            release_by_rule(store)
    assert contents(store.exact) == exact
    assert files(store) == archived
    assert release_by_rule(store) == ["R00001"]
