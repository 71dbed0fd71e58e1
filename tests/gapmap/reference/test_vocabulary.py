"""Vocabularies: nothing that a file or a contract declares is left out."""

import csv

import pytest

from gapmap.contract import SYMBOLS, contracts
from gapmap.reference.vocabulary import ALLOWED_VALUES, vocabularies
from gapmap.settings import REFERENCE


@pytest.mark.parametrize(
    ("title", "file_name"),
    [
        ("School types", "school_types.csv"),
        ("Phases", "phases.csv"),
        ("Sources of referral", "referral_sources.csv"),
        ("Boroughs and their groups", "boroughs.csv"),
        ("Symbols in place of a number", "symbols.csv"),
    ],
)
def test_a_vocabulary_has_the_rows_of_its_file(title: str, file_name: str) -> None:
    with (REFERENCE / file_name).open(encoding="utf-8", newline="") as file:
        first = [row[0] for row in csv.reader(file)][1:]
    assert [len(first)] == [len(vocabularies()[title])]


def test_north_area_is_no_missing_value() -> None:
    units = {row["Police command unit"] for row in vocabularies()["Boroughs and their groups"]}
    assert "North Area" in units or any("North Area" in unit for unit in units)


def test_every_symbol_that_a_contract_allows_is_explained() -> None:
    explained = {row["Symbol"] for row in vocabularies()["Symbols in place of a number"]}
    assert set(SYMBOLS) <= explained


def test_every_allowed_value_is_listed() -> None:
    declared = sum(len(f.enum) for contract in contracts().values() for f in contract.fields)
    assert len(vocabularies()[ALLOWED_VALUES]) == declared
