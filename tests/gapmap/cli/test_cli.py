"""The command line: exit codes, JSON, and who does the work."""

import csv
import io
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from gapmap.cli.main import main
from gapmap.operations import operations
from gapmap.owner import Owner, handle_path
from gapmap.publishing.standing import bring_up_to_date
from gapmap.publishing.submission import publish
from gapmap.settings import ROOT, Settings
from gapmap.stores.store import Store, open_store
from tests.uploads import (
    HACKNEY,
    check,
    csv_bytes,
    engagement,
    referral,
    tiny_register,
    upload,
)

REFERRALS = csv_bytes([referral(quarter="2024-Q4", referrals=12)])


@dataclass
class Ran:
    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


class Line:
    """`python -m gapmap` on a store of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.settings = Settings(folder / "store" / "gapmap.duckdb", 100, "512MB")

    def environment(self, more: dict[str, str]) -> dict[str, str]:
        return {**os.environ, "GAPMAP_STORE": str(self.settings.store), **more}

    def __call__(self, *words: str, **environment: str) -> Ran:
        """Run a command in this process."""
        done = CliRunner().invoke(main, words, env=self.environment(environment))
        assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
        return Ran(done.exit_code, done.stdout, done.stderr)

    def process(self, *words: str, **environment: str) -> Ran:
        """Run a command as a scheduled load does."""
        done = subprocess.run(
            [sys.executable, "-W", "error", "-m", "gapmap", *words],
            cwd=ROOT,
            env=self.environment(environment),
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        return Ran(done.returncode, done.stdout, done.stderr)

    def file(self, content: bytes, name: str = "r.csv") -> str:
        path = self.folder / name
        path.write_bytes(content)
        return str(path)

    def load(self, content: bytes, *words: str, name: str = "r.csv", **environment: str) -> Ran:
        return self(
            "load", self.file(content, name), "--extract", "referrals", *words, **environment
        )


@pytest.fixture
def line(tmp_path: Path) -> Line:
    return Line(tmp_path)


def test_exit_codes_of_a_process(line: Line) -> None:
    file, bad = line.file(REFERRALS), line.file(b"", "empty.csv")
    extract = ["--extract", "referrals"]
    published = line.process("load", file, *extract, "--json")
    assert (published.code, published.err) == (0, "")
    assert published.json["outcome"] == "published"
    assert line.process("load", bad, *extract).code == 3
    assert line.process("load", file).code == 2
    store = open_store(line.settings)  # by this process
    try:
        busy = line.process("submissions")
    finally:
        store.close()
    assert (busy.code, busy.out) == (1, "")
    assert busy.err == "Error: another process has gapmap.duckdb open\n"


def test_a_nil_return_is_a_heading_and_survives_a_rebuild(line: Line) -> None:
    heading = REFERRALS.splitlines(keepends=True)[0]
    refused = line.load(heading, "--covers", HACKNEY)
    assert (refused.code, "no quarter was chosen" in refused.out) == (3, True)
    published = line.load(heading, "--covers", HACKNEY, "--quarter", "2024-Q4")
    assert (published.code, published.out) == (0, "published referrals-00001: a nil return\n")
    assert line("rebuild").code == 0
    assert line("verify").out == "the same: 1 submissions, 0 rows\n"
    again = line.load(heading, "--covers", HACKNEY, "--quarter", "2024-Q4")
    assert again.out == "unchanged: these bytes stand already as referrals-00001\n"


ISSUE = {"severity", "code", "sheet", "row", "column", "cell", "message", "fix"}
ANSWER = {"outcome", "submission", "version", "rows", "dropped_columns", "issues_total", "issues"}


def test_load_ask_and_withdraw_with_no_app_running(line: Line) -> None:
    register = line.file(csv_bytes(tiny_register()), "gias.csv")
    loaded = line("load", register, "--extract", "schools", "--date", "2024-09-30", "--json")
    assert loaded.code == 0, loaded.err
    assert loaded.json.keys() >= ANSWER
    assert loaded.json["outcome"] == "published"
    assert (loaded.json["version"], loaded.json["rows"]) == (1, 18)
    assert loaded.json["dropped_columns"] == ["HeadLastName", "TelephoneNum"]

    published = line.load(REFERRALS, "--by", "lead@x", "--json")
    assert (published.code, published.json["outcome"]) == (0, "published")
    unchanged = line.load(REFERRALS, "--json")
    assert (unchanged.code, unchanged.json["outcome"]) == (0, "unchanged")

    words = ["ask", "gaps/by_borough", "--param", "quarter=2024-Q4"]
    words += ["--param", "indicator=police_engagement", "--format"]
    asked = line(*words, "json")
    assert asked.code == 0
    assert len(asked.json) == 33
    hackney = next(row for row in asked.json if row["borough_code"] == HACKNEY)
    assert list(hackney)[:10] == [
        "borough_code", "borough", "schools", "met", "gap", "unknown", "not_applicable",
        "share_met", "low", "high",
    ]  # fmt: skip
    assert (hackney["schools"], hackney["unknown"], hackney["share_met"]) == (7, 6, None)
    as_csv = list(csv.DictReader(io.StringIO(line(*words, "csv").out)))
    assert [row["borough"] for row in as_csv] == [row["borough"] for row in asked.json]

    name = published.json["submission"]
    gone = line("withdraw", name, "--by", "lead@x", "--why", "wrong quarter")
    assert (gone.code, gone.out) == (0, f"withdrawn {name}\n")
    listed = line("submissions", "--json")
    assert [(row["submission_id"], row["standing"]) for row in listed.json] == [
        (name, "withdrawn"),
        (loaded.json["submission"], "current"),
    ]
    assert listed.json[0]["last_why"] == "wrong quarter"
    assert name in line("submissions").out


def test_a_refused_file_has_exit_code_3_and_every_issue(line: Line) -> None:
    bad = csv_bytes([referral(quarter="2024-Q4", referrals=-1, borough="Hackny")])
    refused = line.load(bad, "--json")
    assert refused.code == 3
    answer = refused.json
    assert answer.keys() >= ANSWER
    assert (answer["outcome"], answer["submission"], answer["version"]) == ("refused", None, None)
    assert (answer["rows"], answer["issues_total"]) == (0, 2)
    assert all(issue.keys() >= ISSUE for issue in answer["issues"])
    assert [(i["code"], i["row"], i["cell"]) for i in answer["issues"]] == [
        ("unknown_borough", 2, "B2"),
        ("negative_count", 2, "H2"),
    ]
    told = line.load(bad)
    assert told.code == 3
    assert "error: cell H2, column referrals: '-1' is negative." in told.out
    assert told.out.endswith("refused: nothing was stored\n")


def test_a_file_over_the_limit_is_refused_in_the_words_of_the_browser(
    line: Line, lasting_store: Any
) -> None:
    content = REFERRALS + b"\n" * (1024 * 1024)
    refused = line.load(content, "--json", GAPMAP_MAX_UPLOAD_MB="1")
    prepared = check(lasting_store, upload("referrals", content), most_bytes=1024 * 1024)
    assert refused.code == 3
    assert refused.json["issues"] == [issue.as_dict() for issue in prepared.issues]
    assert refused.json["issues"][0]["code"] == "too_large"
    assert not line.settings.store.exists()


def test_dry_run_and_strict(line: Line) -> None:
    asked = csv_bytes([referral(quarter="Q4 2024")])
    dry = line.load(asked, "--dry-run")
    assert dry.code == 0
    assert "would be published: 1 rows; nothing was stored" in dry.out
    assert line("submissions", "--json").json == []
    strict = line.load(asked, "--strict", "--json")
    assert (strict.code, strict.json["outcome"]) == (3, "refused")
    covered = line.load(
        asked, "--covers", "Brent", "--covers", "E09000006", "--by", "lead@x", "--json"
    )
    assert covered.json["outcome"] == "published"
    (row,) = line("submissions", "--json").json
    assert (row["pairs"], row["nil_returns"], row["submitted_by"]) == (3, 2, "lead@x")


def police(*urns: int, **values: Any) -> bytes:
    given = {"quarter": "2024-Q4", "last_contact_month": "2024-11", **values}
    return csv_bytes([engagement(urn=urn, **given) for urn in urns])


def test_some_schools_are_updated_with_a_reason(line: Line) -> None:
    register = line.file(csv_bytes(tiny_register()), "gias.csv")
    assert line("load", register, "--extract", "schools", "--date", "2024-09-30").code == 0
    words = ["--extract", "police_engagement", "--by", "lead@x"]

    def load(content: bytes, *more: str) -> Ran:
        return line("load", line.file(content, "police.csv"), *words, *more)

    assert load(police(100001, 100002, 100003)).out == "published police_engagement-00002: 3 rows\n"
    update = police(100002, level="active", visits=4)
    tried = load(update, "--update-schools", "--dry-run")
    assert tried.out.splitlines() == [
        "2024-Q4, Hackney: 3 rows, 2 of them carried over (0 added, 1 changed, 2 unchanged, 0 "
        "gone), replacing police_engagement-00002 by lead@x",
        "2024-Q4, Hackney, 100002: level named contact → active; visits 1 → 4",
        "to be explained (--why): it revises what stood for 2024-Q4, Hackney, which was final "
        "from 15 February 2025 on: 1 row changed",
        "would be published: 3 rows, 2 of them carried over from what stood; nothing was stored",
    ]
    refused = load(update, "--update-schools")
    assert refused.code == 3
    assert "Say why with --why." in refused.out
    done = load(update, "--update-schools", "--why", "the officer was named late")
    assert done.out == (
        "published police_engagement-00003: 3 rows, 2 of them carried over from what stood\n"
    )
    newest = line("submissions", "--json").json[0]
    assert (newest["mode"], newest["last_why"]) == ("update", "the officer was named late")
    named = load(update, "--why", "told by a.person@example.org")
    assert (named.code, "may identify somebody" in named.err) == (2, True)


def test_a_race_that_is_lost_is_told_with_what_stands(
    line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    prepare = operations.prepare

    def overtaken(store: Store, *given: Any, **declared: Any) -> Any:
        prepared = prepare(store, *given, **declared)
        monkeypatch.setattr(operations, "prepare", prepare)
        rival = csv_bytes([referral(quarter="2024-Q4", referrals=30)])
        publish(store, check(store, upload("referrals", rival)), "rival@x")
        return prepared

    monkeypatch.setattr(operations, "prepare", overtaken)
    lost = line.load(REFERRALS, "--by", "lead@x")
    assert lost.code == 1
    first, row, *_, message, advice = lost.out.splitlines()
    assert first.endswith("replacing referrals-00001 by rival@x")
    assert row.endswith("referrals 30 → 12")
    assert message.startswith("not published: rival@x published referrals-00001 at ")
    assert advice == "load the file again to publish over what stands now, or leave it"
    again = line.load(REFERRALS, "--by", "lead@x", "--why", "the rival's file was a draft")
    assert (again.code, again.out) == (0, "published referrals-00002: 1 rows\n")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["load", "missing.csv", "--extract", "referrals"], "does not exist"),
        (["load", "{file}"], "--extract"),
        (["load", "{file}", "--extract", "referals"], "there is no extract 'referals'"),
        (["load", "{file}", "--extract", "schools"], "needs the date"),
        (["load", "{file}", "--extract", "lado", "--update-schools"], "replaced as a whole"),
        (["load", "{file}", "--extract", "referrals", "--quarter", "Q3"], "'Q3' is not a quarter"),
        (["load", "{file}", "--extract", "referrals", "--covers", "Kent"], "not a London borough"),
        (["ask", "gaps/nothing"], "there is no question 'gaps/nothing'"),
        (["ask", "checks/unknown_urn"], "is not a question"),
        (["ask", "gaps/by_borough", "--param", "quarter"], "'quarter' is not NAME=VALUE"),
        (["ask", "gaps/by_borough", "--param", "quarter=2024-Q4"], "needs the parameter"),
        (["withdraw", "x", "--by", "a@x", "--why", "w"], "there is no submission 'x'"),
        (["withdraw", "x", "--by", "a@x"], "--why"),
        (["unload"], "No such command"),
    ],
)
def test_usage_has_exit_code_2(line: Line, words: list[str], said: str) -> None:
    file = line.file(REFERRALS)
    ran = line(*[word.format(file=file) for word in words])
    assert ran.code == 2, ran.out
    assert said in ran.err
    assert "Traceback" not in ran.err


def test_a_setting_that_is_wrong_is_a_fault_in_words(line: Line) -> None:
    ran = line("submissions", GAPMAP_MAX_UPLOAD_MB="many")
    assert ran.code == 1
    assert "GAPMAP_MAX_UPLOAD_MB must be a whole number" in ran.err
    assert "Traceback" not in ran.err
    assert line.load(REFERRALS, GAPMAP_MAX_UPLOAD_MB="0").code == 1


# --- with an app that runs ------------------------------------------------------------------------


@pytest.fixture
def app(line: Line) -> Iterator[Owner]:
    """What a running app has: the store open, and its owner listening."""
    store = open_store(line.settings)
    bring_up_to_date(store)
    owner = Owner(store, line.settings)
    owner.start()
    yield owner
    owner.stop()
    store.close()


def test_the_running_app_does_the_work(line: Line, app: Owner) -> None:
    published = line.load(REFERRALS, "--by", "lead@x", "--json", name="Ünï cödé.csv")
    assert published.code == 0, published.err
    assert published.json["outcome"] == "published"
    (row,) = line("submissions", "--json").json
    assert row["file_name"] == "Ünï cödé.csv"
    words = ["--param", "measure=hsb_referrals", "--param", "quarter=2024-Q4", "--format", "json"]
    asked = line("ask", "referrals/by_borough", *words).json
    assert {r["area"]: r["value"] for r in asked if r["value"]} == {"Hackney": 12, "London": 12}
    assert line("withdraw", row["submission_id"], "--by", "a@x", "--why", "w").code == 0
    assert line("reinstate", row["submission_id"], "--by", "a@x").code == 0
    assert line.load(csv_bytes([referral(referrals=-1)]), "--json").code == 3
    mistake = line("withdraw", "x", "--by", "a@x", "--why", "w")
    assert (mistake.code, "there is no submission 'x'" in mistake.err) == (2, True)


def test_a_store_that_another_process_holds_is_a_fault_in_words(line: Line, app: Owner) -> None:
    handle = handle_path(line.settings)
    text = handle.read_text()
    handle.unlink()
    ran = line("submissions")
    assert ran.code == 1
    assert ran.err == "Error: another process has gapmap.duckdb open\n"
    handle.write_text(json.dumps(json.loads(text) | {"token": "wrong"}))
    ran = line("submissions")
    assert (ran.code, ran.err) == (1, "Error: the token is wrong\n")
    handle.write_text(text)
    assert line("submissions").code == 0


def test_a_stale_handle_is_passed_over(line: Line) -> None:
    line.settings.store.parent.mkdir()
    store = open_store(line.settings)
    owner = Owner(store, line.settings)
    owner.start()
    left = handle_path(line.settings).read_text()
    owner.stop()
    store.close()
    handle_path(line.settings).write_text(left)
    assert line.load(REFERRALS, "--json").json["outcome"] == "published"
