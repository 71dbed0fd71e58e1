"""Releases, and questions as a role is answered, on the command line."""

from pathlib import Path
from typing import Any

import pytest

from tests.gapmap.cli.test_cli import Line
from tests.uploads import HACKNEY, csv_bytes, referral, tiny_register

ASKED = ("ask", "referrals/by_quarter", "--param", "measure=hsb_referrals")
OF_HACKNEY = (*ASKED, "--param", f"borough={HACKNEY}", "--json")
BREAKDOWN = (
    "ask", "referrals/breakdown", "--json", "--param", "measure=hsb_referrals",
    "--param", "quarter=2026-Q3", "--param",
)  # fmt: skip


@pytest.fixture
def line(tmp_path: Path) -> Line:
    """The tiny register and Hackney's 23 referrals, not released yet."""
    made = Line(tmp_path)
    register = made.file(csv_bytes(tiny_register()), "register.csv")
    assert made("load", register, "--extract", "schools", "--date", "2026-06-30").code == 0
    rows = [referral(referrals=23), referral(borough="Brent", referrals=3)]
    assert made("load", made.file(csv_bytes(rows)), "--extract", "referrals").code == 0
    return made


def totals(line: Line, *words: str) -> list[tuple[Any, Any]]:
    ran = line(*OF_HACKNEY, *words)
    assert ran.code == 0, ran.err
    return [(row["value"], row["marker"]) for row in ran.json]


def test_a_quarter_is_released_and_taken_back(line: Line) -> None:
    assert totals(line, "--role", "executive") == [(None, None), (None, None)]
    tried = line("release", "--quarter", "2026-Q3", "--dry-run")
    assert "nothing was released" in tried.out
    assert line("releases", "--json").json["releases"] == []
    made = line("release", "--quarter", "2026-Q3", "--by", "a@x", "--why", "first", "--json").json
    assert (made["outcome"], made["release"], made["quarter"]) == ("released", "R00001", "2026-Q3")
    assert made["viewers"] > 30
    assert made["hidden"] >= made["withheld"]
    assert "Hackney" in made["unconfirmed"]
    assert totals(line, "--role", "executive") == [(25, None), (25, None)]
    listed = line("releases", "--json").json
    assert [(one["release_id"], one["standing"]) for one in listed["releases"]] == [
        ("R00001", "stands")
    ]
    assert listed["drafts"] == []
    again = line("release", "--quarter", "2026-Q3")
    assert again.code == 2
    assert "nothing of 2026-Q3 waits for a release" in again.err
    assert line("withdraw-release", "R00001", "--by", "a@x", "--why", "by mistake").code == 0
    assert totals(line, "--role", "executive") == [(None, None), (None, None)]
    assert "2026-Q3 waits for a release" in line("releases").out
    assert line("verify").code == 0


def test_each_role_is_answered_as_on_screen(line: Line) -> None:
    assert line("release", "--quarter", "2026-Q3").code == 0
    for role in ("executive", "analyst", "administrator"):
        assert totals(line, "--role", role) == [(25, None), (25, None)]
    assert totals(line, "--role", "lead", "--borough", HACKNEY) == [(23, None)]
    assert totals(line, "--role", "lead", "--borough", "Brent") == [(25, None), (25, None)]
    assert totals(line) == [(23, None), (26, None)]  # the operator of the machine


def test_what_no_release_says_is_c(line: Line) -> None:
    assert line("release", "--quarter", "2026-Q3").code == 0
    words = ("level=school", "--param", "area=100001", "--param", "breakdown=total")
    ran = line(*BREAKDOWN, *words, "--role", "analyst")
    assert "not released at this detail" in ran.err
    (row,) = ran.json
    assert (row["value"], row["marker"]) == (None, "c")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((*OF_HACKNEY, "--role", "mayor"), "mayor"),
        ((*OF_HACKNEY, "--borough", HACKNEY), "give a --role"),
        ((*OF_HACKNEY, "--role", "lead", "--borough", "Atlantis"), "not a London borough"),
        (("ask", "release/drafts", "--role", "executive"), "cannot be answered from released"),
        (("ask", "archive/steps", "--role", "executive"), "not answered for this role"),
        (("release", "--quarter", "soon"), "soon"),
        (("withdraw-release", "R00009", "--by", "a@x", "--why", "x"), "there is no release"),
    ],
)
def test_wrong_use_is_said(line: Line, words: tuple[str, ...], said: str) -> None:
    ran = line(*words)
    assert ran.code == 2
    assert said in ran.err
