"""Synthetic files of any size: referrals in CSV and XLSX, and a national register.

All figures and names are invented. The same seed gives the same rows.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv as pacsv

from gapmap.contract import contracts
from gapmap.demo import DemoFile, demonstration_files
from gapmap.reference import reference

SEED = 20211014
NATIONAL_SCHOOLS = 27_000
REGISTER_COLUMNS = 140
SCHOOL_SOURCE = "2A"
# A school's pupils live in its own borough or in one of the next three of the list.
BOROUGHS_A_SCHOOL = 4


@dataclass(frozen=True)
class Schools:
    """Open schools of the demonstration register: their URNs, and places in the boroughs' list."""

    urns: np.ndarray
    boroughs: np.ndarray


def demonstration_register() -> DemoFile:
    """The first file of the demonstration data: the register of 2024."""
    return next(iter(demonstration_files()))


def open_schools(register: DemoFile) -> Schools:
    """Its schools that are open and have no closing date."""
    codes = [row["borough_code"] for row in reference.boroughs()]
    records = csv.DictReader(io.StringIO(register.content.decode()))
    found = [
        (int(row["URN"]), codes.index(row["DistrictAdministrative (code)"]))
        for row in records
        if row["EstablishmentStatus (name)"] == "Open" and not row["CloseDate"]
    ]
    return Schools(*(np.array(column) for column in zip(*found, strict=True)))


def referrals(schools: Schools, rows: int, quarters: Sequence[str], seed: int = SEED) -> pa.Table:
    """Rows of the extract `referrals` in the file's columns, no key twice.

    They are spread evenly over `quarters` and drawn over borough, school attended, type, source
    and outcome. The referring school is named in half of the rows of source 2A. Raises ValueError
    for more rows than there are keys.
    """
    rng = np.random.default_rng(seed)
    contract = contracts()["referrals"]
    kinds, sources, outcomes = (
        list(contract.field(name).enum) for name in ("referral_type", "source", "outcome")
    )
    attended = len(schools.urns) + 1  # one more: not known
    sizes = (len(quarters), attended, BOROUGHS_A_SCHOOL, len(kinds), len(sources), len(outcomes))
    keys = rng.choice(int(np.prod(sizes)), rows, replace=False, shuffle=True)
    quarter, school, step, kind, source, outcome = np.unravel_index(keys, sizes)
    known = school < len(schools.urns)
    urn = np.append(schools.urns, 0)[school]
    home = np.append(schools.boroughs, 0)[school]
    names = [row["borough"] for row in reference.boroughs()]
    borough = (home + step) % len(names)
    referring = known & (source == sources.index(SCHOOL_SOURCE)) & (outcome % 2 == 0)
    number = rng.geometric(0.4, rows)
    return pa.table(
        {
            "quarter": _words(quarters, quarter),
            "borough": _words(names, borough),
            "urn": pa.array(urn, pa.int32(), mask=~referring),
            "urn_attended": pa.array(urn, pa.int32(), mask=~known),
            "referral_type": _words(kinds, kind),
            "source": _words(sources, source),
            "outcome": _words(outcomes, outcome),
            "referrals": pa.array(number, pa.int32()),
            "aim_assessments": pa.array(rng.binomial(number, 0.2), pa.int32()),
            "criminal_justice": pa.array(rng.binomial(number, 0.1), pa.int32()),
        }
    )


def lado_returns(quarters: Sequence[str], seed: int = SEED) -> pa.Table:
    """A return of the LADO for each borough and quarter, in the columns of the extract `lado`."""
    rng = np.random.default_rng(seed)
    names = [row["borough"] for row in reference.boroughs()]
    quarter, borough = np.indices((len(quarters), len(names))).reshape(2, -1)
    contacts = rng.integers(10, 60, len(quarter))
    met = rng.binomial(contacts, 0.4)
    concluded = rng.binomial(met, 0.8)
    return pa.table(
        {
            "quarter": _words(quarters, quarter),
            "borough": _words(names, borough),
            "contacts_education": contacts,
            "threshold_met": met,
            "concluded": concluded,
            "substantiated": rng.binomial(concluded, 0.5),
        }
    )


def _words(vocabulary: Sequence[str], places: np.ndarray) -> pa.Array:
    return pa.array(vocabulary, pa.string()).take(pa.array(places))


def write_csv(table: pa.Table, path: Path) -> Path:
    """The table as CSV, as a case system exports it: LF, no quotation marks."""
    options = pacsv.WriteOptions(include_header=False, quoting_style="none")
    with path.open("wb") as file:
        file.write((",".join(table.column_names) + "\n").encode())
        pacsv.write_csv(table, file, options)
    return path


def write_xlsx(table: pa.Table, path: Path) -> Path:
    """The table as the one sheet of a workbook, with numbers as numbers."""
    import openpyxl

    workbook = openpyxl.Workbook(write_only=True)
    sheet = workbook.create_sheet("Referrals")
    sheet.append(table.column_names)
    for batch in table.to_batches(max_chunksize=10_000):
        for row in zip(*(column.to_pylist() for column in batch.columns), strict=True):
            sheet.append(row)
    workbook.save(path)
    return path


def write_register(register: DemoFile, path: Path, rows: int = NATIONAL_SCHOOLS) -> Path:
    """A register of the national size and width: cp1252, CRLF, 140 columns.

    London's establishments are those of the demonstration; the others repeat them under URNs of
    their own, outside London. Columns that the contract drops hold short texts.
    """
    records = list(csv.DictReader(io.StringIO(register.content.decode())))
    declared = list(records[0])
    others = [f"Undeclared{number} (name)" for number in range(REGISTER_COLUMNS - len(declared))]
    filling = [f"Café {number}" if number % 3 else "" for number in range(len(others))]
    with path.open("w", encoding="cp1252", newline="") as file:
        writer = csv.writer(file, lineterminator="\r\n")
        writer.writerow([*declared, *others])
        for number in range(rows):
            row = records[number % len(records)]
            if number >= len(records):
                row = {**row, **_elsewhere(number)}
            writer.writerow([*row.values(), *filling])
    return path


def _elsewhere(number: int) -> dict[str, str]:
    code = f"E07{number % 200 + 1:06}"
    return {"URN": str(300_000 + number), "DistrictAdministrative (code)": code}
