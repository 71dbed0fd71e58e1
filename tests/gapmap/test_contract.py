"""Contracts: what a file of data/contracts may say, and what those there say."""

from pathlib import Path

import pytest

from gapmap.contract import Contract, ContractError, contracts, folded, parse_contract

GOOD = """
name = "x"
title = "X"
one_row_is = "one x"
held_by = "somebody"
valid_for = "2 terms"
dated_by = "quarter"
undeclared_columns = "refuse"
primaryKey = ["n"]

[[fields]]
name = "n"
type = "integer"
description = "A number."
minimum = 0
"""


def test_a_contract() -> None:
    contract = parse_contract(GOOD, "x.toml")
    assert (contract.valid_for_count, contract.valid_for_unit) == (2, "term")
    assert contract.primaryKey == ("n",)
    assert contract.field("n").minimum == 0
    assert contract.field("n").column == "n"
    with pytest.raises(KeyError):
        contract.field("m")


@pytest.mark.parametrize(
    ("old", "replacement", "said"),
    [
        ('title = "X"', 'titel = "X"', r"x\.toml: unknown property 'titel'"),
        ("minimum = 0", "minimun = 0", r"field 'n': unknown property 'minimun'"),
        ('type = "integer"', 'type = "number"', "field 'n': type 'number' is none of"),
        ('title = "X"\n', "", "property 'title' is missing"),
        ('description = "A number."\n', "", "field 'n': property 'description' is missing"),
        ('name = "n"\n', "", "field 1: property 'name' is missing"),
        ('type = "integer"\n', "", "field 'n': property 'type' is missing"),
        ('primaryKey = ["n"]', 'primaryKey = ["m"]', "'m' is no column"),
        ('primaryKey = ["n"]', 'primaryKey = ["n"]\nborough_from = "u"', "'u' is no column"),
        ('"2 terms"', '"2 fortnights"', "valid_for '2 fortnights'"),
        ('"refuse"', '"ignore"', "undeclared_columns must be refuse or drop"),
        ('dated_by = "quarter"', 'dated_by = "month"', "dated_by must be quarter"),
        ('type = "integer"', 'type = "string"', "a string needs an enum, a pattern or a max_len"),
        ('type = "integer"', 'type = "integer"\npattern = "x"', "a pattern is of a string"),
        ('type = "integer"', 'type = "string"\npattern = "x"', "has a message that says what"),
        (
            'type = "integer"',
            'type = "string"\npattern = "("\nmessage = "M."',
            r"field 'n': pattern '\(': missing \)",
        ),
        ("minimum = 0", 'aliases = ["m", "M"]', "the heading 'M' stands for 'n' already"),
        ('title = "X"', "title = X", "x.toml: it is not TOML"),
    ],
)
def test_what_is_wrong_is_named(old: str, replacement: str, said: str) -> None:
    assert old in GOOD
    with pytest.raises(ContractError, match=said):
        parse_contract(GOOD.replace(old, replacement), "x.toml")


def test_a_contract_is_named_like_its_file(tmp_path: Path) -> None:
    (tmp_path / "y.toml").write_text(GOOD)
    with pytest.raises(ContractError, match=r"y\.toml: its name is 'x'"):
        contracts(tmp_path)


def test_headings_are_folded() -> None:
    same = {
        folded(text)
        for text in ("Last_Contact-Month", " last contact  month ", "\ufefflast contact month")
    }
    assert same == {"last contact month"}
    assert folded("staff trained") != folded("staff trainee")


def test_the_extracts_there_are() -> None:
    assert list(contracts()) == sorted(contracts())
    assert {"police_engagement", "referrals", "schools", "training"} <= set(contracts())


@pytest.mark.parametrize(
    ("name", "validity"),
    [
        ("referrals", (0, "month")),
        ("training", (24, "month")),
        ("police_engagement", (2, "term")),
        ("schools", (0, "month")),
    ],
)
def test_how_long_answers_stand(name: str, validity: tuple[int, str]) -> None:
    contract = contracts()[name]
    assert (contract.valid_for_count, contract.valid_for_unit) == validity


@pytest.mark.parametrize("contract", contracts().values(), ids=lambda c: c.name)
def test_every_extract_is_keyed_and_described(contract: Contract) -> None:
    names = [field.column for field in contract.fields]
    assert len(names) == len(set(names))
    assert set(contract.primaryKey) <= set(names)
    assert all(field.description.endswith(".") for field in contract.fields)


def test_no_extract_declares_what_describes_a_person() -> None:
    columns = {f.column for c in contracts().values() for f in c.fields}
    assert not columns & {"name", "pupil", "upn", "postcode", "date_of_birth", "telephone", "head"}


def test_only_files_as_downloaded_drop_undeclared_columns() -> None:
    for contract in contracts().values():
        if contract.undeclared_columns == "drop":
            assert "as downloaded" in contract.one_row_is


def test_every_heading_of_an_extract_has_one_meaning_and_many_have_aliases() -> None:
    for contract in contracts().values():
        headings = [folded(h) for f in contract.fields for h in (f.name, *f.aliases)]
        assert len(headings) == len(set(headings))
    assert "local authority" in contracts()["referrals"].field("borough_code").aliases


def test_a_pattern_stands_where_a_code_is_written() -> None:
    assert contracts()["neighbours"].field("neighbour_dfe_la_code").pattern == r"\d{3}"
