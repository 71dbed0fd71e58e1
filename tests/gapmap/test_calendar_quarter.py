"""Quarters: spellings, the one that is ambiguous, days, terms."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gapmap.calendar_quarter import FIRST_QUARTER, Quarter, parse_quarter, quarter_of, read_quarter

quarters = st.builds(Quarter, st.integers(2010, 2090), st.integers(1, 4))
MONTHS = ("January", "April", "July", "October"), ("March", "June", "September", "December")


@given(quarters)
def test_every_spelling_reads_back(quarter: Quarter) -> None:
    first, last = (names[quarter.number - 1] for names in MONTHS)
    y, n = quarter.year, quarter.number
    spellings = [
        str(quarter),
        f"{y}Q{n}",
        f" {y} - q{n} ",
        f"{first}-{last} {y}",
        f"{first[:3]}-{last[:3]} {y}",
        f"{first[:3].upper()} to {last} {y}",
        f"{first}–{last} {y}",
    ]
    assert [read_quarter(text).quarter for text in spellings] == [quarter] * len(spellings)
    assert [read_quarter(text).caution for text in spellings] == [None] * len(spellings)
    assert parse_quarter(str(quarter)) == quarter


@given(quarters)
def test_a_quarter_runs_from_its_first_to_its_last_day(quarter: Quarter) -> None:
    assert quarter_of(quarter.starts) == quarter == quarter_of(quarter.ends)
    assert quarter_of(quarter.starts - timedelta(days=1)) == quarter.plus(-1)
    assert quarter_of(quarter.ends + timedelta(days=1)) == quarter.plus(1)


@given(quarters, st.integers(-40, 40), st.integers(-40, 40))
def test_counting_quarters(quarter: Quarter, one: int, other: int) -> None:
    assert quarter.plus(one).plus(other) == quarter.plus(one + other)
    assert (quarter.plus(one) > quarter) == (one > 0)


@given(st.integers(2010, 2080), st.integers(1, 4))
def test_a_financial_year_begins_in_april(year: int, number: int) -> None:
    months_after_january = {1: 3, 2: 6, 3: 9, 4: 12}[number]
    began = date(year + months_after_january // 12, months_after_january % 12 + 1, 1)
    short, long = f"Q{number} {year}/{(year + 1) % 100:02}", f"q{number} {year}-{year + 1}"
    for text in (short, long):
        reading = read_quarter(text)
        assert reading.quarter.starts == began
        assert reading.caution is None


def test_q3_of_one_year_is_asked() -> None:
    reading = read_quarter("Q3 2026")
    assert reading.quarter == Quarter(2026, 3)
    assert (
        reading.caution == "read as July–September 2026; financial-year Q3 is October–December 2026"
    )
    assert read_quarter("Q4 2026").caution == (
        "read as October–December 2026; financial-year Q4 is January–March 2027"
    )


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2026",
        "2026-Q5",
        "2026-Q0",
        "Q3 2026/28",
        "Aug-Oct 2026",
        "Jul-Aug 2026",
        "Sep-Jul 2026",
        "Foo-Bar 2026",
        "Ju-Se 2026",
        "26-Q3",
        "2026-Q3x",
        "0000-Q1",
        "2009-Q4",
        "Oct-Dec 2009",
        "Q4 2009",
        "Q2 2009/10",
    ],
)
def test_other_texts_are_no_quarter(text: str) -> None:
    with pytest.raises(ValueError, match=r"quarter|financial year|2010-Q1"):
        read_quarter(text)


def test_the_first_quarter_is_taken() -> None:
    assert parse_quarter("2010-Q1") == FIRST_QUARTER


def test_only_the_canonical_spelling_is_parsed() -> None:
    with pytest.raises(ValueError, match="write it as 2026-Q3"):
        parse_quarter("Jul-Sep 2026")


def test_terms_are_those_of_a_school_year() -> None:
    spring = Quarter(2026, 1).term_no
    assert [Quarter(2026, n).term_no - spring for n in (1, 2, 3, 4)] == [0, 1, 2, 2]
    assert Quarter(2027, 1).term_no == spring + 3


def test_in_words() -> None:
    assert Quarter(2026, 3).in_words == "July–September 2026"
