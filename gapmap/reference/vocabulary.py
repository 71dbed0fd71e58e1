"""The words that extracts and screens use, gathered from where each is declared."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import cache

from gapmap.contract import contracts
from gapmap.settings import REFERENCE

Rows = tuple[Mapping[str, str], ...]

# The vocabularies of data/reference: title, and the heading of each column shown.
_FILES: dict[str, tuple[str, dict[str, str]]] = {
    "school_types.csv": (
        "School types",
        {
            "type_of_establishment": "Type in the register",
            "school_type": "School type here",
            "in_scope": "In scope",
            "note": "Note",
        },
    ),
    "phases.csv": (
        "Phases",
        {"phase_of_education": "Phase in the register", "phase": "Phase here"},
    ),
    "referral_sources.csv": ("Sources of referral", {"code": "Code", "label": "Who referred"}),
    "boroughs.csv": (
        "Boroughs and their groups",
        {
            "borough": "Borough",
            "borough_code": "GSS code",
            "dfe_la_code": "DfE code",
            "partnership": "Partnership",
            "police_bcu": "Police command unit",
            "icb_2022": "Integrated care board (since July 2022)",
            "icb_2026": "Integrated care board (planned merger, not confirmed)",
            "inner_outer_dfe": "Inner or outer",
        },
    ),
    "symbols.csv": (
        "Symbols in place of a number",
        {"symbol": "Symbol", "means": "What it means", "where": "Where it stands"},
    ),
}
ALLOWED_VALUES = "Values allowed in the extracts"


@cache
def vocabularies() -> dict[str, Rows]:
    """Every vocabulary by its title: rows of what its screen shows, in the order of their file."""
    found = {title: _rows(file_name, columns) for file_name, (title, columns) in _FILES.items()}
    return {**found, ALLOWED_VALUES: _allowed_values()}


def _rows(file_name: str, columns: Mapping[str, str]) -> Rows:
    with (REFERENCE / file_name).open(encoding="utf-8", newline="") as file:
        return tuple(
            {heading: row[column] or "" for column, heading in columns.items()}
            for row in csv.DictReader(file)
        )


def _allowed_values() -> Rows:
    return tuple(
        {"Extract": contract.title, "Column": field.name, "Value": value}
        for contract in contracts().values()
        for field in contract.fields
        for value in field.enum
    )
