"""What both stores hold of data/reference, the contracts and the indicator files."""

from __future__ import annotations

import csv
import hashlib
import re
from functools import cache

import pyarrow as pa

from gapmap.calendar_quarter import FIRST_QUARTER
from gapmap.column_types import fold_borough
from gapmap.contract import contracts
from gapmap.indicator import definitions
from gapmap.question import questions
from gapmap.reference.thresholds import borough_settings
from gapmap.reference.windows import contacts, windows
from gapmap.settings import QUERIES, REFERENCE

QUARTERS = 4 * 40


def _records(file_name: str) -> list[dict[str, str]]:
    """The rows of a reference file as text: `NA` is North Area's code, never a null."""
    with (REFERENCE / file_name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@cache
def boroughs() -> tuple[dict[str, str], ...]:
    """The 33 authorities, in alphabetical order, with the columns of boroughs.csv."""
    return tuple(sorted(_records("boroughs.csv"), key=lambda row: row["borough"]))


@cache
def borough_spellings() -> dict[str, str]:
    """GSS code by every folded spelling of a borough: its name, GSS code and DfE code."""
    return {
        fold_borough(row[column]): row["borough_code"]
        for row in boroughs()
        for column in ("borough", "borough_code", "dfe_la_code")
    }


def borough_name(code: str) -> str:
    """A borough's name. Raises KeyError for a code that is none."""
    return {row["borough_code"]: row["borough"] for row in boroughs()}[code]


def _key(vocabulary: str) -> str:
    return re.sub(r"[^a-z0-9]", "", vocabulary.casefold())


def _school_types() -> pa.Table:
    rows = {
        _key(row["type_of_establishment"]): {
            "type_of_establishment": _key(row["type_of_establishment"]),
            "school_type": row["school_type"] or None,
            "in_scope": row["in_scope"] == "yes",
        }
        for row in _records("school_types.csv")
    }
    return pa.Table.from_pylist(list(rows.values()))


def _phases() -> pa.Table:
    rows = {
        _key(row["phase_of_education"]): {
            "phase_of_education": _key(row["phase_of_education"]),
            "phase": row["phase"] or None,
        }
        for row in _records("phases.csv")
    }
    return pa.Table.from_pylist(list(rows.values()))


def _extracts() -> pa.Table:
    return pa.Table.from_pylist(
        [
            {
                "extract": contract.name,
                "title": contract.title,
                "dated_by": contract.dated_by,
                "valid_for_count": contract.valid_for_count,
                "valid_for_unit": contract.valid_for_unit,
            }
            for contract in contracts().values()
        ]
    )


def _submission_windows() -> pa.Table:
    return pa.Table.from_pylist(
        [
            {
                "extract": window.extract,
                "rhythm": window.rhythm,
                "asked_from": str(window.asked_from),
                "due_days": window.due_days,
                "provisional_quarters": window.provisional_quarters,
            }
            for window in windows().values()
        ]
    )


def _indicators() -> pa.Table:
    return pa.Table.from_pylist(
        [
            {
                "indicator": d.name,
                "title": d.title,
                "question": d.question,
                "grain": d.level,
                "polarity": d.polarity,
                "owner": d.owner,
                "weight": d.weight,
                "closes": d.closes,
                "gap": d.gap,
                "letter": d.letter,
                "applies_to": d.applies_to,
                "unit": d.unit,
                "period": d.period,
                "extracts": list(d.extracts),
                "topic": d.topic,
            }
            for d in definitions().values()
        ]
    )


def _quarters() -> pa.Table:
    every = [FIRST_QUARTER.plus(number) for number in range(QUARTERS)]
    return pa.Table.from_pylist(
        [
            {"quarter": str(q), "starts": q.starts, "ends": q.ends, "term_no": q.term_no}
            for q in every
        ]
    )


@cache
def reference_tables() -> dict[str, pa.Table]:
    """The reference tables of queries/schema/both by name."""
    contacts()  # in no store; read here, so that a fault in the file is told at the start
    borough = pa.Table.from_pylist([{k: v or None for k, v in row.items()} for row in boroughs()])
    return {
        "borough": borough,
        "school_type": _school_types(),
        "phase": _phases(),
        "extract": _extracts(),
        "submission_window": _submission_windows(),
        "indicator": _indicators(),
        "adjoining": pa.Table.from_pylist(_records("adjoining.csv")),
        "review_item_definition": pa.Table.from_pylist(_records("review_items.csv")),
        "borough_setting": pa.Table.from_pylist(borough_settings()),
        "quarter": _quarters(),
    }


@cache
def reference_hash() -> str:
    """What states depend on besides the uploads: reference data, contracts, settings, questions."""
    digest = hashlib.sha256()
    for name, table in reference_tables().items():
        digest.update(f"{name}{table.to_pylist()}".encode())
    for subject in ("indicators", "standing", "measures", "open"):
        for written in questions(subject):
            digest.update(written.sql.encode())
    # Whom an indicator applies to, and which answer stands, are in views for all of them.
    for views in sorted((QUERIES / "schema").rglob("*.sql")):
        digest.update(views.read_bytes())
    digest.update((REFERENCE / "lattice.toml").read_bytes())
    return digest.hexdigest()[:16]
