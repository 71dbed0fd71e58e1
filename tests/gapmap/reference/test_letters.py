"""The letters: their file holds what can be filled in, and nothing of a child or another school."""

import re
import tomllib
from datetime import UTC, date, datetime, timedelta

import pytest

from gapmap.indicator import OWNERS, definitions
from gapmap.reference import letters
from gapmap.reference.letters import (
    KINDS,
    LetterError,
    Written,
    parse_letters,
    write,
    write_about_a_school,
)
from gapmap.settings import REFERENCE

LINES = (REFERENCE / "letters.toml").read_text(encoding="utf-8").splitlines(keepends=True)
TEXT = "".join(line for line in LINES if not line.startswith("#"))
TODAY = date(2026, 10, 15)


def test_every_kind_has_its_letter_with_all_that_a_letter_says() -> None:
    held = letters.letters()
    assert set(held.letters) == set(KINDS)
    assert set(held.about_a_school.to) == set(OWNERS)
    for kind, letter in held.letters.items():
        assert letter.kind == kind
        assert "{reply_by}" in letter.body
        assert letter.body.endswith("{schools}")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("borough", ["Camden", None])
def test_a_letter_is_ready_to_send(kind: letters.Kind, borough: str | None) -> None:
    about = [definitions()["anonymous_reporting"]]
    partnership = borough and f"{borough} Safeguarding Children Partnership"
    written = write(kind, about, "2026-Q3", TODAY, borough=borough, partnership=partnership)
    assert not re.search(r"[{}]", written.text)
    assert written.text.startswith(f"Subject: {written.subject}\n\n")
    assert "5 November 2026" in written.text
    assert ("Camden" in written.text + written.file_name) is (borough is not None)
    assert re.fullmatch(r"[a-z0-9-]+\.txt", written.file_name.replace("_", "-"))


def test_no_letter_counts_anything_about_children() -> None:
    """Its only numbers are the days of the calendar, the age of training and a date."""
    for letter in tomllib.loads(TEXT).values():
        if isinstance(letter, dict):
            numbers = re.findall(r"\d+", letter["body"])
            assert set(numbers) <= {"24"}
            assert "{schools}" not in letter["subject"]


def test_the_schools_stand_below_the_letter_for_its_sender_alone() -> None:
    about = [definitions()["reviewed"]]
    given = {"borough": "Camden", "partnership": "Camden Safeguarding Children Partnership"}
    plain = write("not_asked", about, "2026-Q3", TODAY, **given)
    with_names = write(
        "not_asked", about, "2026-Q3", TODAY, schools=["School 1", "School 2"], **given
    )
    assert with_names.text.startswith(plain.text.rstrip())
    below = with_names.text.removeprefix(plain.text.rstrip())
    assert below.split("\n")[-3:] == ["School 1", "School 2", ""]
    assert "2 schools (not part of the letter)" in below


def test_a_letter_about_several_gaps_names_each_and_what_closes_it() -> None:
    about = [definitions()["hsb_policy"], definitions()["reviewed"]]
    text = write("said_no", about, "2026-Q3", TODAY).text
    assert "HSB policy and Reviewed" in text
    assert all(one.closes in text for one in about)


def about_a_school(gaps: list[str], asked: list[str]) -> Written:
    return write_about_a_school(
        "police", gaps, asked, "2026-Q3", TODAY, school="{A} School", borough="Brent"
    )


def test_a_letter_about_a_school_says_what_is_a_gap_and_what_is_asked() -> None:
    both = about_a_school(["Contact: none", "Visits: none"], ["Officer, not submitted."])
    assert both.text.startswith(
        "Subject: {A} School, Brent: what would close its gaps\n\nTo: Police"
    )
    assert (
        "show 2 gaps that you can close:\n- Contact: none\n- Visits: none\n\nThis is not"
        in both.text
    )
    assert both.text.count("- Officer, not submitted.") == 1
    assert reply_day(both.text) == TODAY + timedelta(days=letters.letters().reply_within_days)
    assert both.file_name == "-a--school-police-2026-q3.txt"
    assert "show 1 gap that" in about_a_school(["Contact: none"], []).text
    assert "not known" not in about_a_school(["Contact: none"], []).text
    assert "gaps that" not in about_a_school([], ["Officer"]).text


def reply_day(text: str) -> date:
    (day,) = re.findall(r"by (\d+ \w+ \d{4})", text)
    return datetime.strptime(day, "%d %B %Y").replace(tzinfo=UTC).date()


def test_a_name_with_braces_is_text() -> None:
    about = [definitions()["reviewed"]]
    written = write("not_asked", about, "2026-Q3", TODAY, schools=["{closes} Academy"])
    assert "{closes} Academy" in written.text


@pytest.mark.parametrize(
    ("old", "changed", "message"),
    [
        ("{reply_by}", "{reply_bye}", "nothing fills in {reply_bye}"),
        ("{reply_by}", "{reply_by", "braces do not match"),
        ("[no_reply]", "[no_answer]", "lacks or does not know the letter no_answer, no_reply"),
        ("blank_for = ", "instead_of = ", "lacks or does not know blank_for, instead_of"),
        ("reply_within_days = 21", "reply_within_days = 0", "from 1 to 366"),
        ("reply_within_days = 21", "reply_within_days = true", "from 1 to 366"),
        ('blank_for = "your borough"', 'blank_for = " "', "blank_for must be a text"),
        ("[not_asked]", "[not_asked", "it is not TOML"),
        ("{found}", "{lost}", "about_a_school: body: nothing fills in {lost}"),
        (
            'police = "',
            'polices = "',
            "about_a_school, to: it lacks or does not know police, polices",
        ),
    ],
)
def test_what_is_wrong_with_the_file_is_said(old: str, changed: str, message: str) -> None:
    assert old in TEXT
    with pytest.raises(LetterError, match=re.escape(message)) as raised:
        parse_letters(TEXT.replace(old, changed, 1), "letters.toml")
    assert str(raised.value).startswith("letters.toml")
