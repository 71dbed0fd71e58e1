"""An upload held against its contract and against what the store knows: rows, or every issue.

Nothing is stored here. `submission.publish` takes what `prepare` accepted.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from gapmap import reference
from gapmap.calendar_quarter import Quarter, quarter_of
from gapmap.column_types import Surroundings
from gapmap.contract import Contract, contracts
from gapmap.issue import Issue, IssueLog, Severity, cell_address
from gapmap.question import Question, questions
from gapmap.reading import Unreadable, check_size, read_table
from gapmap.store import Store, Writing, rows_of
from gapmap.validation import Validated, hold


@dataclass(frozen=True)
class Upload:
    """A file as it is handed in, and what is declared with it.

    `quarter`: of all rows, where the file has no such column. `as_at`: the register's date.
    `covers`: GSS codes that are declared. When all of them have no rows they are nil returns
    beside the boroughs of the file; when one has rows, they are the whole of what is covered.
    `demonstration`: the rows are invented, and every screen says so.
    """

    content: bytes = field(repr=False)
    file_name: str
    extract: str
    quarter: Quarter | None = None
    as_at: date | None = None
    covers: tuple[str, ...] = ()
    demonstration: bool = False

    @cached_property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


@dataclass(frozen=True)
class Pair:
    """A quarter and borough that a submission covers, with its number of rows.

    `nil_return`: declared to have had nothing, so without rows.
    """

    quarter: str
    borough_code: str
    nil_return: bool
    row_count: int


@dataclass(frozen=True)
class Prepared:
    """What `prepare` found. `rows` is None when the upload is refused.

    `rows` are typed, in the store's columns, `row_no` first. `version` is the store's version that
    they were checked against.
    """

    upload: Upload
    contract: Contract
    issues: IssueLog
    rows: pa.Table | None = None
    pairs: tuple[Pair, ...] = ()
    dropped_columns: tuple[str, ...] = ()
    left_out: int = 0
    version: int = 0

    @property
    def refused(self) -> bool:
        return self.rows is None


@dataclass(frozen=True)
class _Places:
    """Where the columns lie in the file, to name the cell of an issue."""

    contract: Contract
    sheet: str | None
    header_row: int
    positions: Mapping[str, int]

    def of(self, column: str, row: int) -> dict[str, Any]:
        """Sheet, row, column and cell of a stored column's value."""
        position = self.positions.get(column)
        return {
            "sheet": self.sheet,
            "row": row,
            "column": self.contract.field(column).name,
            "cell": None if position is None else cell_address(position, row),
        }


class UsageError(ValueError):
    """What is declared with an upload does not fit its extract."""


Progress = Callable[[str], None]


def in_silence(_stage: str) -> None:
    """Nobody follows the progress."""


def prepare(
    store: Store,
    upload: Upload,
    *,
    most_bytes: int,
    today: date,
    progress: Progress = in_silence,
) -> Prepared:
    """Check an upload in stages; the first stage with errors is the last one run.

    Size and reading, the contract (validation.hold), declared quarter and coverage, then the
    checks of queries/checks against what the store holds. `progress` is told each stage.
    Raises UsageError when the extract does not exist, or its quarter or date is declared wrongly.
    """
    contract = _contract(upload)
    log = IssueLog()
    refused = Prepared(upload, contract, log)
    try:
        progress("Reading the file")
        check_size(len(upload.content), most_bytes)
        table = read_table(upload.content, upload.file_name)
    except Unreadable as fault:
        log.extend(fault.issues)
        return refused
    around = Surroundings(reference.borough_spellings(), today, table.typed_dates)
    progress(f"Checking {table.row_count:,} rows against the contract")
    validated = hold(table, contract, around, log)
    if validated is None:
        return refused
    version = rows_of(store.exact.ask("store/version"))[0]["version"]
    places = _Places(contract, table.sheet, table.header_row, validated.positions)
    rows = _completed(store, upload, validated, places, today, log)
    pairs = _coverage(upload, rows, places, log) if not log.has_errors() else ()
    if not log.has_errors():
        progress("Checking against what is held")
        _run_checks(store, rows, places, log)
    if log.has_errors():
        return refused
    return Prepared(
        upload, contract, log, rows, pairs, validated.dropped_columns, validated.left_out, version
    )


def _contract(upload: Upload) -> Contract:
    known = contracts()
    if upload.extract not in known:
        raise UsageError(f"there is no extract {upload.extract!r}; there are {', '.join(known)}")
    contract = known[upload.extract]
    if contract.dated_by == "date" and upload.as_at is None:
        raise UsageError(f"the extract {contract.name} needs the date of the download (--date)")
    if contract.dated_by == "quarter" and upload.as_at is not None:
        raise UsageError(f"the extract {contract.name} takes a quarter, not a date")
    if contract.dated_by == "date" and upload.quarter is not None:
        raise UsageError(f"the extract {contract.name} takes a date, not a quarter")
    unknown = [c for c in upload.covers if c not in reference.borough_spellings().values()]
    if unknown:
        raise UsageError(f"{unknown[0]!r} is no borough's GSS code")
    return contract


# --- what the file does not say itself -----------------------------------------------------------


def _completed(
    store: Store,
    upload: Upload,
    validated: Validated,
    places: _Places,
    today: date,
    log: IssueLog,
) -> pa.Table:
    """The rows with their quarter, borough and place."""
    rows, contract = validated.rows, places.contract
    if contract.dated_by == "quarter":
        rows = _with_quarter(upload, rows, places, today, log)
    elif upload.as_at is not None and upload.as_at > today:
        log.add(
            Issue(
                "error",
                "future_date",
                f"the register is dated {upload.as_at}, which is to come",
                "Give the date on which it was downloaded.",
            )
        )
    if contract.borough_from:
        rows = _with_borough(store, rows, contract.borough_from)
    if contract.name == "schools":
        rows = _with_points(rows, places, log)
    return rows


def _with_quarter(
    upload: Upload, rows: pa.Table, places: _Places, today: date, log: IssueLog
) -> pa.Table:
    if upload.quarter is not None and upload.quarter.starts > today:
        log.add(
            Issue(
                "error",
                "future_quarter",
                f"{upload.quarter} ({upload.quarter.in_words}) has not begun",
                "Choose a quarter that has begun.",
            )
        )
    if "quarter" in places.positions:
        _check_agreement(upload, rows, places, log)
        return rows
    if upload.quarter is None:
        log.add(
            Issue(
                "error",
                "missing_quarter",
                "the file has no column 'quarter' and no quarter was chosen",
                "Choose the quarter, or add the column.",
                sheet=places.sheet,
                row=places.header_row,
                column="quarter",
            )
        )
        return rows
    filled = pa.repeat(pa.scalar(str(upload.quarter)), rows.num_rows)
    return rows.set_column(rows.column_names.index("quarter"), "quarter", filled)


def _check_agreement(upload: Upload, rows: pa.Table, places: _Places, log: IssueLog) -> None:
    chosen = upload.quarter
    if chosen is None:
        return
    other = rows.filter(pc.not_equal(rows["quarter"], str(chosen)))
    if other.num_rows:
        log.add(
            Issue(
                "error",
                "quarter_disagrees",
                f"the chosen quarter is {chosen}; {other.num_rows:,} rows say otherwise, first "
                f"{other['quarter'][0]} in row {other['row_no'][0]}",
                "Choose the quarter of the file, or choose none and let the file say it.",
                **places.of("quarter", other["row_no"][0].as_py()),
            )
        )


def _with_borough(store: Store, rows: pa.Table, column: str) -> pa.Table:
    """The rows with the borough of their school; null where the URN is unknown."""
    known = {r["urn"]: r["borough_code"] for r in rows_of(store.exact.ask("schools/known"))}
    encoded = rows[column].combine_chunks().dictionary_encode()
    boroughs = pa.array([known.get(urn) for urn in encoded.dictionary.to_pylist()], pa.string())
    return rows.append_column("borough_code", boroughs.take(encoded.indices))


def _with_points(rows: pa.Table, places: _Places, log: IssueLog) -> pa.Table:
    """The schools with their longitude and latitude; a point outside the borough is a warning."""
    from gapmap import geography

    eastings = rows["easting"].to_pandas().to_numpy(dtype=float, na_value=np.nan)
    northings = rows["northing"].to_pandas().to_numpy(dtype=float, na_value=np.nan)
    lon, lat = geography.place(eastings, northings)
    placed = ~np.isnan(lon)
    inside = geography.lies_within(rows["borough_code"].to_pylist(), lon, lat)
    for place in np.flatnonzero(placed & ~inside):
        school = rows.slice(int(place), 1).to_pylist()[0]
        log.add(
            Issue(
                "warning",
                "point_outside_borough",
                f"URN {school['urn']} lies outside {reference.borough_name(school['borough_code'])}"
                " by its easting and northing",
                "Nothing to do when it is right on the boundary; the borough of the register "
                "stands.",
                **places.of("easting", school["row_no"]),
            )
        )
    points = {"lon": lon, "lat": lat}
    for name, values in points.items():
        rows = rows.append_column(
            name, pa.array(np.where(placed, values, np.nan), from_pandas=True)
        )
    return rows


# --- what is covered -----------------------------------------------------------------------------


def _coverage(upload: Upload, rows: pa.Table, places: _Places, log: IssueLog) -> tuple[Pair, ...]:
    in_file = _pairs_in(upload, rows)
    boroughs_in_file = {pair.borough_code for pair in in_file}
    declared = set(upload.covers)
    undeclared = boroughs_in_file - declared
    if declared & boroughs_in_file and undeclared:
        names = ", ".join(sorted(reference.borough_name(code) for code in undeclared))
        first = rows.filter(pc.is_in(rows["borough_code"], pa.array(sorted(undeclared))))
        column = "borough_code" if "borough_code" in places.positions else "urn"
        log.add(
            Issue(
                "error",
                "borough_not_covered",
                f"the file has rows of {names}, which this upload does not declare to cover",
                "Declare them too, or take their rows out.",
                **places.of(column, first["row_no"][0].as_py()),
            )
        )
        return ()
    quarters = {pair.quarter for pair in in_file} or {str(upload.quarter)}
    nil = [
        Pair(quarter, code, True, 0)
        for code in sorted(declared - boroughs_in_file)
        for quarter in sorted(quarters)
    ]
    return (*in_file, *nil)


def _pairs_in(upload: Upload, rows: pa.Table) -> list[Pair]:
    """The quarters and boroughs of the rows; a register's quarter is that of its date."""
    if upload.as_at is not None:
        quarter = pa.repeat(pa.scalar(str(quarter_of(upload.as_at))), rows.num_rows)
        rows = rows.select(["row_no", "borough_code"]).append_column("quarter", quarter)
    by = ["quarter", "borough_code"]
    counted = rows.group_by(by, use_threads=False).aggregate([("row_no", "count")])
    pairs = [
        Pair(row["quarter"], row["borough_code"], False, row["row_no_count"])
        for row in counted.to_pylist()
        if row["borough_code"]
    ]
    return sorted(pairs, key=lambda pair: (pair.quarter, pair.borough_code))


# --- checks of queries/checks --------------------------------------------------------------------


def _run_checks(store: Store, rows: pa.Table, places: _Places, log: IssueLog) -> None:
    applicable = [c for c in questions("checks") if places.contract.name in _extracts_of(c)]
    with store.exact.checking("upload", rows) as checking:
        for check in applicable:
            _run_check(checking, check, places, log)


def _extracts_of(check: Question) -> set[str]:
    return {name.strip() for name in check.header["extracts"].split(",")}


def _run_check(checking: Writing, check: Question, places: _Places, log: IssueLog) -> None:
    code = check.name.rpartition("/")[2]
    severity: Severity = "error" if check.header["severity"] == "error" else "warning"
    found = checking.ask(check.name)
    listed = rows_of(found.slice(0, log.room(severity)))
    for row in listed:
        message = check.header["message"].format(value=row["value"])
        place = places.of(row["column"], row["row_no"])
        log.add(Issue(severity, code, message, check.header["fix"], **place))
    log.count_unlisted(severity, code, found.num_rows - len(listed))
