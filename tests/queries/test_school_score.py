"""The gap score of a school, and what a partnership's own settings change."""

import csv
from pathlib import Path
from typing import Any

import pytest

from gapmap.indicator import of_schools
from gapmap.publishing import standing
from gapmap.reference import reference, thresholds
from gapmap.settings import REFERENCE
from gapmap.stores.store import Store
from tests.queries import oracle
from tests.queries.conftest import History
from tests.queries.test_indicators import hold, state
from tests.queries.test_state_count import check_counts
from tests.uploads import (
    BRENT,
    HACKNEY,
    YES_NO_COLUMNS,
    course,
    engagement,
    look,
    publish_csv,
    school_return,
)

Row = dict[str, Any]
SHARED = "City and Hackney Safeguarding Children Partnership"


def weights() -> dict[str, float]:
    return {d.name: d.weight for d in of_schools()}


@pytest.mark.parametrize("instance", ["exact", "released"])
def test_scores_are_those_of_the_oracle(history: History, instance: str) -> None:
    told = oracle.states(history.expected, held_quarters(history.store))
    by_school: dict[tuple[str, int], dict[str, str]] = {}
    for (indicator, quarter, urn), (stands, _, _) in told.items():
        by_school.setdefault((quarter, urn), {})[indicator] = stands
    rows = look(getattr(history.store, instance), "from school_score")
    assert {(row["quarter"], row["urn"]) for row in rows} == set(by_school)
    assert len(rows) == len(by_school)
    for row in rows:
        states = by_school[row["quarter"], row["urn"]]
        score, hidden = oracle.gap_score(states, weights(), 0.4)
        assert row["hidden"] == hidden
        assert row["score"] == (None if score is None else pytest.approx(score))
        for column, wanted in (("gaps", {"gap"}), ("unknown", {"unknown"})):
            assert row[column] == sum(stands in wanted for stands in states.values())
        assert row["applicable"] == sum(s != "not_applicable" for s in states.values())
        points = {
            column: sum(weights()[name] for name, stands in states.items() if stands in wanted)
            for column, wanted in (
                ("points_gap", {"gap"}),
                ("points_known", {"gap", "met"}),
                ("points_applicable", {"gap", "met", "unknown"}),
            )
        }
        assert {column: row[column] for column in points} == points
    assert {row["hidden"] for row in rows} == {True, False}


def held_quarters(store: Store) -> list[str]:
    return [row["quarter"] for row in look(store.released, "from held_quarter order by quarter")]


def score(store: Store, urn: int = 100002) -> Row:
    (row,) = look(store.released, f"from school_score where urn = {urn} and quarter = '2026-Q3'")
    return row


def say(store: Store, **words: str) -> None:
    """The secondary school's return: `no reply` to all that `words` do not answer."""
    answers = {**dict.fromkeys(YES_NO_COLUMNS, "no reply"), **words}
    publish_csv(store, "school_safeguarding", [school_return(urn=100002, **answers)])


def test_hidden_above_two_fifths_unknown_and_shown_at_it(store: Store) -> None:
    """All 16 apply: 29 points. Training and police are 8 of them."""
    publish_csv(
        store, "training", [course(urn=100002), course(urn=100002, course="HSB specialist")]
    )
    publish_csv(store, "police_engagement", [engagement(urn=100002, level="none")])
    assert score(store)["points_applicable"] == 29
    say(store, reviewed="no", dsl_forum_attended="yes", hsb_policy="yes", alcohol_policy="yes")
    row = score(store)
    assert (row["points_known"], row["points_gap"]) == (16, 6)
    assert (row["score"], row["hidden"]) == (None, True)  # 13 of 29 are unknown: 45%
    say(
        store, reviewed="no", dsl_forum_attended="yes", hsb_policy="yes", alcohol_policy="yes",
        anonymous_reporting="yes",
    )  # fmt: skip
    row = score(store)
    assert (row["points_known"], row["hidden"]) == (18, False)  # 11 of 29: 38%
    assert row["score"] == pytest.approx(6 / 18)


def test_no_known_answer_is_no_score(store: Store) -> None:
    hold(store, "2026-Q3")
    row = score(store)
    assert (row["points_known"], row["score"], row["hidden"]) == (0, None, True)


@pytest.fixture
def own_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A settings file that the program reads in place of its own; to be written by the test."""
    path = tmp_path / "settings.toml"
    path.write_text((REFERENCE / "settings.toml").read_text(encoding="utf-8"), encoding="utf-8")
    read = thresholds.borough_settings

    def of_the_file() -> list[Row]:
        with (REFERENCE / "boroughs.csv").open(encoding="utf-8", newline="") as file:
            names = [row["partnership"] for row in csv.DictReader(file)]
        return read(thresholds.parse_thresholds(path.read_text(encoding="utf-8"), names))

    monkeypatch.setattr(reference, "borough_settings", of_the_file)
    return path


def restart(store: Store) -> None:
    """What a start does after an administrator edited the file."""
    reference.reference_tables.cache_clear()
    reference.reference_hash.cache_clear()
    standing.bring_up_to_date(store)


@pytest.fixture(autouse=True)
def reference_of_this_test() -> Any:
    yield
    reference.reference_tables.cache_clear()
    reference.reference_hash.cache_clear()


def test_a_partnerships_own_settings_rewrite_its_states_and_scores(
    store: Store, own_settings: Path
) -> None:
    """Hackney counts a contact of this term alone, and weighs it less; Brent does as all do."""
    contacts = [
        engagement(urn=100002, last_contact_month="2026-04"),
        engagement(urn=100021, last_contact_month="2026-04"),
    ]
    publish_csv(store, "police_engagement", contacts)
    for urn in (100002, 100021):
        assert state(store, urn, "police_engagement", "2026-Q3") == ("met", None)
    with own_settings.open("a", encoding="utf-8") as file:
        file.write(f'[partnerships."{SHARED}"]\npolice_contact_terms = 0\n')
        file.write("weight.police_engagement = 7\ngap_score_unknown_share = 0.9\n")
    restart(store)
    assert state(store, 100002, "police_engagement", "2026-Q3") == ("gap", None)
    assert state(store, 100021, "police_engagement", "2026-Q3") == ("met", None)
    check_counts(store)
    hackney, brent = score(store), score(store, 100021)
    assert (hackney["points_gap"], hackney["points_applicable"]) == (7, 29 + 4)
    assert (hackney["score"], hackney["hidden"]) == (1.0, False)  # 26 of 33 unknown: 79%
    assert (brent["points_known"], brent["hidden"]) == (3, True)
    rows = look(store.released, "from borough_setting where not is_default")
    assert {(row["borough_code"], row["setting"]) for row in rows} == {
        (code, setting)
        for code in ("E09000001", HACKNEY)
        for setting in (
            "police_contact_terms", "weight.police_engagement", "gap_score_unknown_share"
        )
    }  # fmt: skip
    assert BRENT not in {row["borough_code"] for row in rows}
