"""What one text may give away: each kind in every spelling, and what must not be taken for it."""

import re
from itertools import product

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gapmap.screening.identifier import (
    KINDS,
    heading_kinds,
    identifiers,
    is_nhs_number,
    upn_check_letter,
)
from gapmap.screening.scan import _plausible

LETTERS = "ABCDEFGHJKLMNPQRTUVWXYZ"

SPELLINGS = {
    "scan_upn": [
        "B801200005001", "R202999926001", "C20299992600A", "L940999926001", "Q838999926001",
        "b801200005001", "UPN B801200005001", "UPN:B801200005001", "UPNB801200005001",
        "B 801 2000 05 001", "B801-2000-05001", "pupil_B801200005001_x", "B8012\u200b00005001",
        "Ｂ８０１２００００５００１", "A20299992600A",
    ],
    "scan_nhs_number": [
        "9990000018", "999 000 0026", "999-000-0026", "999\u2011000\u20110026", "999.000.0026",
        "999/000/0026", "999\u00a0000\u00a00026", "99900\u200b00018", "9990\u00ad000018",
        "9.990000018E9", "9.990000018e+09", "9990000018.0", "9,990,000,018", "'9990000018",
        '="9990000018"', "NHS9990000018", "NHS no. 999 000 0026", "99 90 00 00 18", "9990_000_018",
        "٩٩٩٠٠٠٠٠١٨", "9\u03329\u03329\u03320000018", "999\n000\n0026",
    ],
    "scan_ten_digits": ["1234567890", "123 456 7890", "9.99E+09", "ref 1234567890."],
    "scan_ni_number": [
        "AB123456C", "ab123456c", "AB 12 34 56 C", "AB-12-34-56-C", "OA123456A", "NI: PW123456D",
    ],
    "scan_postcode": [
        "SW1A 1AA", "sw1a1aa", "E8 1EA", "M1 1AE", "EC1A 1BB", "W1A 0AX", "CR2 6XH", "DN55 1PT",
        "GIR 0AA", "Hackney, E8 1EA", "SW1A_1AA", "SW1A\u00a01AA", "SE1 2ND",
    ],
    "scan_email": ["a@example.org", "Jane <jane.doe@school.sch.uk>", "a＠example.org", "a @ b.org"],
    "scan_phone": [
        "020 7946 0000", "02079460000", "(020) 7946 0000", "020-7946-0000", "020.7946.0000",
        "+44 20 7946 0000", "+44 (0)20 7946 0000", "0044 20 7946 0000", "442079460000",
        "07700 900 123", "01632 960001", "0169 772 345", "tel 02079460000",
    ],
    "scan_day": [
        "2010-04-15", "2010/04/15", "2010.4.15", "2010-4-5", "2010-15-04", "15/04/2010", "5/4/2010",
        "15-04-2010", "15.4.10", "1/4/10", "15 04 2010", "04/15/2010", "20100415", "20100415.0",
        "2010-04-15T00:00:00", "2010-04-15 10:30", "15 April 2010", "15th of April 2010",
        "15-Apr-10", "15Apr2010", "April 15, 2010", "Apr 15th 2010", "2010 April 15",
        "2010-Sep-30", "15-Apr", "1 may", "born 15/04/2010", "15\u201004\u20102010",
        "30 Sept 2026", "as at 30 September 2026",
    ],
}  # fmt: skip


@pytest.mark.parametrize(
    ("code", "text"), [(c, t) for c, texts in SPELLINGS.items() for t in texts]
)
def test_each_spelling_is_found_as_what_it_is(code: str, text: str) -> None:
    assert identifiers(text) == {code}


@pytest.mark.parametrize(
    "text",
    [
        "", "100224", "100224.0", "204/2319", "2042319", "KS2", "KS2 1st", "Year 9", "E09000007",
        "2026-Q3", "2026Q3", "Q3 2026", "Q3 2026/27", "Q3 2026/2027", "Jul-Sep 2026",
        "July - September 2026", "2026-09", "September 2026", "Sep-26", "Sep 2026", "2025-26",
        "2024/2025", "202021", "27,480", "1,234,567", "0", "-3", "12.5", "1e3", "1E+06", "<90",
        "0.1234567890", "12.34567891", "0.02079460000", "-0.127758123", "s47", "2A", "10", "HSB",
        "other child-on-child abuse", "designated ward officer CYP", "multi-agency HSB",
        "GPs alerted", "16-19", "a lot", "Hammersmith & Fulham", "Kingston upon Thames", "NA",
        "referrals_camden_2026-Q3.csv", "police_engagement_NW_2026-Q3 (2).xlsx",
        "referrals_SE1_2nd.csv", "return S47 3rd draft.xlsx", "NW.xlsx", "@handle", "a@b",
        "A801200005001", "B80120000500", "B8012000050011", "DF123456C", "QQ123456C", "BG123456A",
        "AB123456E", "AB123456", "ZZ9 9ZZ", "Q3 2AB", "SW1A", "123456789", "12345678901",
        "2026-13-45", "45/45/2026", "version 1.10.26.3", "27.480.000",
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "d41d8cd98f00b204e9800998ecf8427e",
    ],
)  # fmt: skip
def test_what_is_nothing_of_a_childs_passes(text: str) -> None:
    assert identifiers(text) == set()


def test_one_text_may_hold_several_kinds() -> None:
    found = identifiers("B801200005001, 15/04/2010, E8 1EA, 999 000 0026, a@example.org")
    assert found == {"scan_upn", "scan_day", "scan_postcode", "scan_nhs_number", "scan_email"}


@pytest.mark.parametrize(
    ("rest", "letter"),
    # The second is the worked example of error 1510 of the school census: B207000016049 is wrong,
    # and the letter that is right comes from the remainder 13.
    [("801200005001", "B"), ("207000016049", "P"), ("20299992600A", "C")],
)
def test_the_check_letter(rest: str, letter: str) -> None:
    assert upn_check_letter(rest) == letter


def test_the_check_digit_of_an_nhs_number() -> None:
    right = [last for last in range(10) if is_nhs_number(f"943476587{last}")]
    assert right == [0]


@given(st.text("0123456789", min_size=11, max_size=11), st.sampled_from("0123456789" + LETTERS))
def test_every_upn_is_found(digits: str, last: str) -> None:
    letter = upn_check_letter(digits + last)
    assert "scan_upn" in identifiers(letter + digits + last)
    assert "scan_upn" in identifiers(f"{letter.lower()}{digits[:3]} {digits[3:]}{last}")


@given(st.integers(1, 22), st.text("0123456789", min_size=12, max_size=12))
def test_twelve_digits_after_a_wrong_letter_are_no_upn(shift: int, digits: str) -> None:
    wrong = LETTERS[(LETTERS.index(upn_check_letter(digits)) + shift) % 23]
    assert "scan_upn" not in identifiers(wrong + digits)


@given(st.text("0123456789", min_size=9, max_size=9))
def test_every_nhs_number_is_found_in_every_grouping(nine: str) -> None:
    for last in "0123456789":
        number = nine + last
        found = [
            identifiers(text)
            for text in (number, f"{number[:3]} {number[3:6]}-{number[6:]}", f"{number}.0")
        ]
        if is_nhs_number(number):
            assert all("scan_nhs_number" in kinds for kinds in found)
        else:
            assert all(kinds & {"scan_ten_digits", "scan_phone"} for kinds in found)


@given(st.integers(0, 9_999_999))
def test_no_count_or_urn_is_ever_found(number: int) -> None:
    for text in (f"{number}", f"{number:,}", f"{number}.0", f" {number} ", f"{number:.3e}"):
        assert identifiers(text) == set()


@given(st.floats(0, 1000, allow_nan=False))
def test_no_rate_is_ever_found(rate: float) -> None:
    assert identifiers(f"{rate:.12f}") == set()


@given(st.integers(2010, 2099), st.integers(1, 12))
def test_no_month_quarter_or_year_is_ever_found(year: int, month: int) -> None:
    for text in (f"{year}-{month:02}", f"{year}-Q{(month + 2) // 3}", f"{month:02}/{year}"):
        assert identifiers(text) == set()


# --- the first sieve ------------------------------------------------------------------------------


def is_looked_at(text: str) -> bool:
    return len(_plausible(pa.array([text], pa.string()))) == 1


@pytest.mark.parametrize("text", [text for texts in SPELLINGS.values() for text in texts])
def test_the_sieve_lets_every_spelling_through(text: str) -> None:
    assert is_looked_at(text)


SEEDS = [text for texts in SPELLINGS.values() for text in texts if text.isascii()]


@given(
    st.sampled_from(SEEDS), st.lists(st.tuples(st.integers(0, 40), st.sampled_from(" -_./,()x7")))
)
def test_the_sieve_hides_nothing_that_would_be_found(
    seed: str, more: list[tuple[int, str]]
) -> None:
    text = seed
    for place, character in more:
        text = text[:place] + character + text[place:]
    assert is_looked_at(text) or not identifiers(text)


@given(st.from_regex(re.compile(r"[0-9a-cmrxA-E ./,@-]{1,16}", re.ASCII), fullmatch=True))
def test_the_sieve_hides_nothing_in_any_text(text: str) -> None:
    assert is_looked_at(text) or not identifiers(text)


def test_the_sieve_keeps_what_is_plain_from_a_closer_look() -> None:
    plain = ["100224", "2026-Q3", "27,480", "HSB", "not yet decided", "2026-09", "204/2319", "7.5"]
    assert [text for text in plain if is_looked_at(text)] == []


# --- headings -------------------------------------------------------------------------------------

OF_NAMES = [
    "Name", "name", "NAMES", "pupil name", "Pupil_Name", "PupilName", "pupilname", "Forename",
    "Forenames", "Surname", "first_name", "FirstName", "last name", "family name", "FamilyName",
    "Child's name", "Child’s name", "name of child", "full name", "preferred name", "Initials",
    "Pupil initials", "known_as", "HeadLastName", "DSL name", "school contact name", "ｎａｍｅ",
    "Na\u200bme",
]  # fmt: skip
OF_BIRTH = [
    "DOB", "dob", "D.O.B.", "pupil_dob", "PupilDOB", "date of birth", "Date_of_Birth",
    "DateOfBirth", "birth date", "Birthday", "year of birth", "born",
]  # fmt: skip
OF_NEITHER = [
    "urn", "borough", "child", "named contact", "DSL initial", "school name", "Name of school",
    "name of borough", "LA name", "EstablishmentName", "school_type", "course", "SN1", "level",
    "staff_in_scope", "referrals", "",
]  # fmt: skip


@pytest.mark.parametrize(
    ("heading", "code"),
    [*product(OF_NAMES, ["scan_name_heading"]), *product(OF_BIRTH, ["scan_birth_heading"])],
)
def test_a_heading_that_announces_persons(heading: str, code: str) -> None:
    assert heading_kinds(heading) == {code}


@pytest.mark.parametrize("heading", OF_NEITHER)
def test_a_heading_that_does_not(heading: str) -> None:
    assert heading_kinds(heading) == set()


def test_a_heading_may_itself_hold_what_identifies() -> None:
    assert heading_kinds("name 999 000 0026") == {"scan_name_heading", "scan_nhs_number"}


def test_every_kind_is_tried_here() -> None:
    assert set(SPELLINGS) | {"scan_birth_heading", "scan_name_heading"} == set(KINDS)
