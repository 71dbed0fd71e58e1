"""What gapmap does without a browser: commands with plain arguments and answers."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from gapmap.intake.intake import UsageError
from gapmap.operations import operations
from gapmap.operations.operations import as_upload, borough_code, problems
from gapmap.owner import as_json
from gapmap.publishing.submission import publish
from gapmap.question import QuestionError
from gapmap.settings import Settings
from gapmap.stores.store import Store
from tests.uploads import (
    BRENT,
    HACKNEY,
    check,
    contents,
    csv_bytes,
    engagement,
    referral,
    school,
    upload,
)

SETTINGS = Settings(Path("gapmap.duckdb"), 1, "1GB")
GOOD = csv_bytes([referral(quarter="2024-Q4")])


def load(store: Store, content: bytes, **arguments: Any) -> dict[str, Any]:
    given = {"file_name": "r.csv", "extract": "referrals", **arguments}
    return operations.load(store, SETTINGS, given, content)


def test_load_publishes_and_then_says_unchanged(store: Store) -> None:
    done = load(store, GOOD, by="lead@x")
    expected = {
        "outcome": "published",
        "submission": "referrals-00002",
        "version": 1,
        "rows": 1,
        "left_out": 0,
        "dropped_columns": [],
        "issues_total": 0,
        "issues": [],
    }
    assert {name: done[name] for name in expected} == expected
    again = load(store, GOOD, by="lead@x")
    assert (again["outcome"], again["submission"]) == ("unchanged", "referrals-00002")


def test_a_dry_run_says_what_would_be_and_stores_nothing(store: Store) -> None:
    before = contents(store.exact)
    answer = load(store, GOOD, dry_run=True)
    assert (answer["outcome"], answer["rows"], answer["submission"]) == ("unchanged", 1, None)
    assert answer["dry_run"] is True
    assert contents(store.exact) == before


def test_warnings_are_accepted_by_whoever_loads_unless_strict(store: Store) -> None:
    asked = csv_bytes([referral(quarter="Q4 2024")])
    before = contents(store.exact)
    strict = load(store, asked, strict=True)
    assert (strict["outcome"], strict["issues_total"]) == ("refused", 1)
    assert contents(store.exact) == before
    done = load(store, asked, by="lead@x")
    assert (done["outcome"], done["issues_total"]) == ("published", 1)
    assert done["issues"][0]["severity"] == "warning"


def test_the_limit_is_the_same_in_the_same_words(store: Store) -> None:
    content = GOOD + b"\n" * (1024 * 1024)
    (loaded,) = load(store, content)["issues"]
    prepared = check(store, upload("referrals", content), most_bytes=SETTINGS.max_upload_bytes)
    (issue,) = prepared.issues
    assert loaded == issue.as_dict()


def test_an_upload_from_plain_arguments() -> None:
    given = {
        "file_name": "r.csv",
        "extract": "referrals",
        "quarter": "2024-Q4",
        "covers": ["Hackney", "e09000005", "304"],
    }
    made = as_upload(given, GOOD)
    assert str(made.quarter) == "2024-Q4"
    assert set(made.covers) == {HACKNEY, BRENT}
    dated = as_upload({"file_name": "s.csv", "extract": "schools", "date": "2024-09-30"}, b"")
    assert dated.as_at == date(2024, 9, 30)


@pytest.mark.parametrize(
    "wrong", [{"quarter": "autumn"}, {"date": "30/09/2024"}, {"covers": ["Kent"]}]
)
def test_arguments_that_cannot_be_read(wrong: dict[str, Any]) -> None:
    with pytest.raises(UsageError):
        as_upload({"file_name": "r.csv", "extract": "referrals", **wrong}, GOOD)


def test_boroughs_by_name_and_code() -> None:
    assert borough_code("brent") == borough_code("304") == BRENT
    with pytest.raises(UsageError, match="'Kent' is not a London borough"):
        borough_code("Kent")


def ask(store: Store, question: str, **parameters: str) -> dict[str, Any]:
    return operations.ask(store, SETTINGS, {"question": question, "parameters": parameters})


def test_ask_answers_with_columns_and_rows(store: Store) -> None:
    answer = ask(store, "gaps/by_borough", quarter="2026-Q2", indicator="police_engagement")
    needed = "borough_code borough schools met gap unknown not_applicable share_met low high"
    assert answer["columns"][:10] == needed.split()
    assert len(answer["rows"]) == 33
    row = next(r for r in answer["rows"] if r["borough"] == "Hackney")
    assert (row["schools"], row["unknown"], row["not_applicable"]) == (7, 6, 1)
    assert (
        ask(store, "schools/one.sql", urn="100001", quarter="2026-Q2")["rows"][0]["urn"] == 100001
    )


@pytest.mark.parametrize(
    "name", ["schema/both/010_reference", "checks/unknown_urn", "publish/clear_figures"]
)
def test_statements_and_checks_are_no_questions(store: Store, name: str) -> None:
    with pytest.raises(UsageError, match="is not a question"):
        ask(store, name)


def test_a_question_asked_wrongly(store: Store) -> None:
    with pytest.raises(QuestionError, match="there is no question"):
        ask(store, "gaps/none")
    with pytest.raises(QuestionError, match="needs the parameter 'indicator'"):
        ask(store, "gaps/by_borough", quarter="2026-Q2")


def test_submissions_withdraw_and_reinstate(store: Store) -> None:
    load(store, GOOD)
    commands = operations.COMMANDS
    listed = commands["submissions"](store, SETTINGS, {"extract": "referrals"}, b"")
    (row,) = listed["submissions"]
    name = row["submission_id"]
    given = {"submission": name, "by": "lead@x", "why": "wrong"}
    assert commands["withdraw"](store, SETTINGS, given, b"")["outcome"] == "withdrawn"
    standing = commands["submissions"](store, SETTINGS, {}, b"")["submissions"]
    assert [r["standing"] for r in standing] == ["withdrawn", "current"]
    assert commands["reinstate"](store, SETTINGS, given, b"")["outcome"] == "reinstated"


def test_the_demonstration_needs_an_empty_store(store: Store) -> None:
    before = contents(store.exact)
    with pytest.raises(UsageError, match="needs an empty store"):
        operations.load_demonstration(store, SETTINGS, {})
    left = operations.load_demonstration(store, SETTINGS, {"if_empty": True})
    assert left == {"outcome": "unchanged", "files": 0, "releases": 0}
    assert contents(store.exact) == before


def test_problems_in_words(store: Store) -> None:
    row = school(100001, HACKNEY, "Community school", pupils="-1")
    issues = check(store, upload("schools", [row])).issues
    assert problems(issue.as_dict() for issue in issues) == [
        "error: cell O2, column NumberOfPupils: '-1' is negative. A count cannot be below 0."
    ]
    empty = check(store, upload("referrals", b"")).issues
    assert problems(issue.as_dict() for issue in empty) == [
        "error: the file is empty. Export it again and check its size."
    ]


# --- revisions ------------------------------------------------------------------------------------

FINAL = "2024-Q4"


def police(*urns: int, **values: Any) -> bytes:
    month = {"quarter": FINAL, "last_contact_month": "2024-11"}
    return csv_bytes([engagement(urn=urn, **month, **values) for urn in urns])


def load_police(store: Store, content: bytes, **arguments: Any) -> dict[str, Any]:
    return load(store, content, extract="police_engagement", **arguments)


def test_what_revises_a_final_quarter_is_refused_without_a_reason(store: Store) -> None:
    load_police(store, police(100001, 100002), by="lead@x")
    before = contents(store.exact)
    refused = load_police(store, police(100001, visits=9), by="lead@x")
    assert (refused["outcome"], refused["issues_total"]) == ("refused", 1)
    assert problems(refused["issues"]) == [
        "error: it revises what stood for 2024-Q4, Hackney, which was final from 15 February 2025 "
        "on: 1 row changed, 1 gone. Say why with --why. Old, new and why are shown with the "
        "submission; it is never called an improvement."
    ]
    assert set(refused["stages"].values()) == {"passed"}
    assert load_police(store, police(100001, visits=9), why="  ")["outcome"] == "refused"
    assert contents(store.exact) == before
    done = load_police(store, police(100001, visits=9), by="lead@x", why="visits were missing")
    assert done["outcome"] == "published"
    assert submissions(store)[0]["last_why"] == "visits were missing"


def submissions(store: Store) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = operations.submissions(store, SETTINGS, {})["submissions"]
    return found


def test_the_same_bytes_and_further_rows_need_no_reason(store: Store) -> None:
    load_police(store, police(100001))
    assert load_police(store, police(100001))["outcome"] == "unchanged"
    assert load_police(store, police(100001, 100002))["outcome"] == "published"


def test_a_reason_that_may_identify_somebody_is_not_kept(store: Store) -> None:
    load_police(store, police(100001))
    with pytest.raises(ValueError, match="may identify somebody"):
        load_police(store, police(100002), why="see a.person@example.org")


def test_some_schools_are_updated(store: Store) -> None:
    load_police(store, police(100001, 100002, 100003))
    given = {"mode": "update", "why": "one school answered late"}
    done = load_police(store, police(100002, visits=9), **given)
    assert (done["outcome"], done["rows"], done["carried_over"]) == ("published", 3, 2)
    assert submissions(store)[0]["mode"] == "update"
    with pytest.raises(UsageError, match="'merge' is no mode; there are replace, update"):
        load_police(store, police(100002), mode="merge")


def test_a_dry_run_tells_what_would_change(store: Store) -> None:
    load_police(store, police(100001, 100002))
    before = contents(store.exact)
    answer = load_police(store, police(100001, level="none"), dry_run=True)
    assert contents(store.exact) == before
    (pair,) = answer["preview"]["pairs"]
    assert (pair["count"]["changed"], pair["count"]["gone"], pair["late"]) == (1, 1, True)
    assert pair["replaces"] == "police_engagement-00002"
    assert answer["preview"]["moves_in_words"]
    as_json(answer)  # plain values all the way down


def test_who_was_first_is_told_with_what_stands_now(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    load_police(store, police(100001))
    prepare = operations.prepare

    def overtaken(*given: Any, **declared: Any) -> Any:
        """Somebody else publishes right after the check."""
        prepared = prepare(*given, **declared)
        monkeypatch.setattr(operations, "prepare", prepare)
        rival = check(store, upload("police_engagement", police(100001, 100003, visits=4)))
        publish(store, rival, "rival@x", why="earlier by a minute")
        return prepared

    monkeypatch.setattr(operations, "prepare", overtaken)
    answer = load_police(store, police(100001, visits=9), by="lead@x", why="visits were missing")
    assert answer["outcome"] == "overtaken"
    assert answer["submission"] is None
    assert answer["message"].startswith("rival@x published police_engagement-00003 at ")
    (pair,) = answer["preview"]["pairs"]
    # Against what the rival published, not against what stood at the check.
    assert (pair["replaces"], pair["replaced_by"]) == ("police_engagement-00003", "rival@x")
    assert (pair["count"]["changed"], pair["count"]["gone"]) == (1, 1)
    assert submissions(store)[0]["submitted_by"] == "rival@x"
    again = load_police(store, police(100001, visits=9), by="lead@x", why="visits were missing")
    assert again["outcome"] == "published"
