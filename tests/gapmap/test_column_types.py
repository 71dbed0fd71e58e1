"""The text of one cell as a value: every type, its spellings and its faults."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gapmap.column_types import CellFault, Surroundings, fold_borough, parse_cell
from gapmap.contract import Field
from gapmap.reference import reference

AROUND = Surroundings(reference.borough_spellings(), date(2026, 10, 15))
TYPED = Surroundings(reference.borough_spellings(), date(2026, 10, 15), typed_dates=True)


def field(kind: str, **more: Any) -> Field:
    return Field("cell", kind, "What it is.", "cell", **more)


def value(kind: str, text: str, around: Surroundings = AROUND, **more: Any) -> Any:
    return parse_cell(text, field(kind, **more), around).value


def fault(kind: str, text: str, around: Surroundings = AROUND, **more: Any) -> CellFault:
    with pytest.raises(CellFault) as raised:
        parse_cell(text, field(kind, **more), around)
    assert raised.value.message
    assert raised.value.fix
    return raised.value


@given(st.integers(0, 2**31 - 1))
def test_whole_numbers_in_every_spelling(number: int) -> None:
    for text in (str(number), f"{number:,}", f" {number}\u00a0", f"{number}.0", f"0{number}"):
        assert value("integer", text) == number


@given(st.integers(1, 2**40), st.integers(0, 9999))
def test_numbers_that_are_no_counts(number: int, decimals: int) -> None:
    assert fault("integer", f"-{number}").code == "negative_count"
    assert fault("integer", f"({number})").code == "negative_count"
    assert fault("integer", f"{number}.{decimals}1").code == "fractional_count"
    assert fault("integer", f"{number}e{decimals % 9}").code == "exponent_count"
    assert fault("integer", f"{number % 10}.5E+0{decimals % 9}").code == "exponent_count"


@given(st.text(min_size=1, max_size=12))
def test_any_text_is_a_value_or_a_fault(text: str) -> None:
    for kind in ("integer", "urn", "month", "date", "quarter", "borough", "answer"):
        try:
            read = parse_cell(text, field(kind), AROUND).value
        except CellFault as fault:
            read = fault
        if kind == "integer" and not isinstance(read, CellFault):
            assert read is None or 0 <= read < 2**31


@pytest.mark.parametrize("text", ["1,23", "12,3456", "1 000", "+3", "3%", "many", "1.", "1,000,00"])
def test_texts_that_are_no_numbers(text: str) -> None:
    assert fault("integer", text).code == "not_a_number"


def test_numbers_outside_their_range() -> None:
    assert fault("integer", "121", minimum=0, maximum=120).code == "out_of_range"
    assert fault("integer", "2", minimum=3).message == "2 lies outside 3 to 2,147,483,647"
    assert fault("integer", str(2**31)).code == "out_of_range"
    assert value("integer", "120", maximum=120) == 120


def test_a_zero_is_not_a_blank() -> None:
    assert value("integer", "0") == 0
    assert value("integer", "") is None
    assert value("integer", " \u00a0 ") is None
    assert fault("integer", " ", required=True).code == "missing_value"


@pytest.mark.parametrize(
    "text", ["Kensington and Chelsea", "kensington  &  chelsea", "E09000020", "e09000020", "207"]
)
def test_a_borough_by_name_and_by_both_codes(text: str) -> None:
    assert value("borough", text) == "E09000020"


def test_an_unknown_borough_names_the_nearest() -> None:
    wrong = fault("borough", "Hackny")
    assert wrong.code == "unknown_borough"
    assert wrong.fix.startswith("Did you mean Hackney?")
    assert fault("borough", "Kent county").code == "unknown_borough"


def test_borough_names_fold() -> None:
    assert fold_borough(" Hammersmith  &\tFulham") == fold_borough("hammersmith AND fulham")


@pytest.mark.parametrize(("text", "urn"), [("100001", 100001), ("100001.0", 100001)])
def test_urns(text: str, urn: int) -> None:
    assert value("urn", text) == urn


@pytest.mark.parametrize("text", ["204/2319", "1234", "12345678", "10000A", "-100001"])
def test_what_is_no_urn(text: str) -> None:
    assert fault("urn", text).code == "not_a_urn"


def test_quarters() -> None:
    assert value("quarter", "Jul-Sep 2026") == "2026-Q3"
    asked = parse_cell("Q3 2026", field("quarter"), AROUND)
    assert asked.value == "2026-Q3"
    assert asked.caution is not None
    assert "October–December 2026" in asked.caution
    assert value("quarter", "2026-Q4") == "2026-Q4"  # it has begun
    assert fault("quarter", "2027-Q1").code == "future_quarter"
    assert fault("quarter", "third").code == "not_a_quarter"
    assert fault("quarter", "2206-Q3").code == "future_quarter"
    assert fault("quarter", "1926-Q3").code == "not_a_quarter"


@pytest.mark.parametrize("text", ["No Reply", "no_reply", " NO  REPLY "])
def test_answers_in_any_case(text: str) -> None:
    assert value("answer", text) == "no reply"


def test_an_answer_is_one_of_four() -> None:
    assert [value("answer", text) for text in ("yes", "no", "not asked")] == [
        "yes",
        "no",
        "not asked",
    ]
    assert fault("answer", "n/a").code == "not_allowed"
    assert fault("answer", "unknown").code == "not_allowed"


def test_words_of_a_list() -> None:
    allowed = ("children's social care", "police")
    assert value("string", "Children’s Social  Care", enum=allowed) == allowed[0]
    wrong = fault("string", "polise", enum=allowed)
    assert wrong.code == "not_allowed"
    assert wrong.fix.startswith("Did you mean 'police'? ")
    assert fault("string", "x", enum=allowed, message="Ask.").fix == "Ask."


def test_free_text_has_an_end() -> None:
    assert value("string", "abc", max_length=3) == "abc"
    assert fault("string", "abcd", max_length=3).code == "too_long"


@pytest.mark.parametrize(
    ("text", "month"),
    [("2026-09", "2026-09"), ("Sep 2026", "2026-09"), ("september-2026", "2026-09")],
)
def test_months(text: str, month: str) -> None:
    assert value("month", text) == month


@pytest.mark.parametrize("text", ["2026-09-15", "15/09/2026", "1.9.26", "2026-09-15 10:00:00"])
def test_a_day_is_finer_than_a_month_and_is_not_quoted(text: str) -> None:
    wrong = fault("month", text)
    assert wrong.code == "day_in_month"
    assert text not in wrong.message


def test_a_month_typed_in_a_spreadsheet_is_its_first_day() -> None:
    read = parse_cell("2026-09-01", field("month"), TYPED)
    assert read.value == "2026-09"
    assert read.caution == "the date is read as the month 2026-09"
    assert fault("month", "2026-09-02", TYPED).code == "day_in_month"
    assert fault("month", "2026-09-01").code == "day_in_month"


@pytest.mark.parametrize("text", ["2026-13", "2026-00", "autumn", "Foo 2026", "09"])
def test_what_is_no_month(text: str) -> None:
    assert fault("month", text).code == "not_a_month"


@pytest.mark.parametrize("text", ["31-08-2026", "31/8/2026", "2026-08-31"])
def test_dates(text: str) -> None:
    assert value("date", text) == date(2026, 8, 31)


@pytest.mark.parametrize("text", ["31-06-2026", "08-31-2026", "2026", "31-08-26"])
def test_what_is_no_date(text: str) -> None:
    assert fault("date", text).code == "not_a_date"


def test_rows_elsewhere_have_no_faulty_borough() -> None:
    assert value("borough", "", required=True, leave_out_others=True) is None


@pytest.mark.parametrize("text", ["c", "x", "Z", "u", "low", ".", "..", "<90"])
def test_symbols_of_published_figures_are_told_apart_from_other_texts(text: str) -> None:
    assert fault("integer", text).code == "symbol_not_allowed"
