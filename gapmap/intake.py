"""An upload held against its contract and against what the store knows: rows, or every issue.

Nothing is stored here. `submission.publish` takes what `prepare` accepted.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property

import pyarrow as pa
import pyarrow.compute as pc

from gapmap import reference
from gapmap.calendar_quarter import Quarter, quarter_of
from gapmap.column_types import Surroundings
from gapmap.contract import Contract, contracts
from gapmap.cross_checks import Places, run_checks
from gapmap.issue import Issue, IssueLog
from gapmap.layout import Layout, layout_of, read_to_map
from gapmap.mapped import only
from gapmap.reading import Unreadable, check_size
from gapmap.scan import scan, scan_refusal
from gapmap.school_rows import of_known_schools, with_borough, with_points
from gapmap.store import Store, rows_of
from gapmap.text_table import TextTable
from gapmap.validation import Validated, hold, looks_like_another
from gapmap.wide import as_long


@dataclass(frozen=True)
class Upload:
    """A file as it is handed in, and what is declared with it.

    `quarter`: of all rows, where the file has no such column. `as_at`: the register's date.
    `covers`: GSS codes that are declared. When all of them have no rows they are nil returns
    beside the boroughs of the file; when one has rows, they are the whole of what is covered.
    `demonstration`: the rows are invented, and every screen says so.
    """

    content: bytes = field(repr=False)
    file_name: str = field(repr=False)
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
    they were checked against, `opening` numbers the opening of the store that it was. `mappable`:
    the file's headings are those of no extract, so that a person may map them.
    """

    upload: Upload
    contract: Contract
    issues: IssueLog
    rows: pa.Table | None = None
    pairs: tuple[Pair, ...] = ()
    dropped_columns: tuple[str, ...] = ()
    left_out: int = 0
    version: int = 0
    opening: int = 0
    mappable: bool = False

    @property
    def refused(self) -> bool:
        return self.rows is None


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

    Size and reading; the scan for what may identify a child (its issues come alone, and the upload
    comes back without bytes and name); the contract (validation.hold); declared quarter and
    coverage; then the checks of queries/checks against what the store holds. `progress` is told
    each stage.
    Raises UsageError when the extract does not exist, or its quarter or date is declared wrongly.
    """
    contract = _contract(upload)
    log = IssueLog()
    refused = Prepared(upload, contract, log, opening=store.opening)
    try:
        log.enter("reading")
        progress("Reading the file")
        check_size(len(upload.content), most_bytes)
        table = read_to_map(upload.content, upload.file_name, contract)
        layout = layout_of(store, table, contract)
        layout.check_fields()
    except Unreadable as fault:
        scan_refusal(fault.issues, upload.file_name, log)
        return Prepared(_withheld(upload), contract, log)
    _screen(layout, upload, log, progress)
    refused = replace(refused, mappable=layout.mappable)
    if log.has_errors():
        return replace(refused, upload=_withheld(upload))
    around = Surroundings(reference.borough_spellings(), today, table.typed_dates)
    progress(f"Checking {table.row_count:,} rows against the contract")
    validated = _held(layout, around, log)
    if validated is None:
        return refused
    version = rows_of(store.exact.ask("store/version"))[0]["version"]
    places = Places(contract, table.sheet, table.header_row, validated.positions)
    log.enter("rules")
    rows = _completed(store, upload, validated, places, today, log)
    pairs = _coverage(upload, rows, places, log) if not log.has_errors() else ()
    if not log.has_errors():
        progress("Checking against what is held")
        run_checks(store, rows, places, log)
    if log.has_errors():
        return refused
    left_out = validated.left_out + validated.rows.num_rows - rows.num_rows
    return Prepared(
        upload,
        contract,
        log,
        layout.as_kept(rows),
        pairs,
        validated.dropped_columns,
        left_out,
        version,
        refused.opening,
        layout.mappable,
    )


def _screen(layout: Layout, upload: Upload, log: IssueLog, progress: Progress) -> None:
    """The scan of what is kept of a file.

    That its layout is unknown is said first and quotes nothing, so that it comes with what trips;
    not where a name trips, of the file or a sheet, for a mapping drops columns alone.
    """
    progress("Looking for anything about a child")
    names = IssueLog()
    scan(only(layout.table, ()), upload.file_name, layout.contract, names)
    if not names.has_errors():
        layout.say_how_to_map(log)
    log.enter("identifiers")
    scan(layout.table, upload.file_name, _scanned_as(layout.table, layout.scanned_as), log)


def _held(layout: Layout, around: Surroundings, log: IssueLog) -> Validated | None:
    """The rows of a file under its contract, put into the contract's words first."""
    table = layout.in_words(around, log)
    return None if table is None else hold(table, layout.advised, around, log)


def _scanned_as(table: TextTable, contract: Contract) -> Contract:
    """The contract that says which columns are looked at for what may identify a child.

    A published download that is handed in as another extract is told so by `hold`, which quotes
    nothing of it: the columns that its own contract drops stay unseen there too.
    """
    other = looks_like_another(as_long(table, contract).header, contract)
    return other if other is not None and other.undeclared_columns == "drop" else contract


def _withheld(upload: Upload) -> Upload:
    """The upload without its bytes and its name, which may be about a child."""
    return replace(upload, content=b"", file_name="")


def contract_named(extract: str) -> Contract:
    """The contract of an extract. Raises UsageError when there is none of that name."""
    known = contracts()
    if extract not in known:
        raise UsageError(f"there is no extract {extract!r}; there are {', '.join(known)}")
    return known[extract]


def _contract(upload: Upload) -> Contract:
    contract = contract_named(upload.extract)
    if contract.dated_by == "date" and upload.as_at is None:
        raise UsageError(f"the extract {contract.name} needs the date of the download (--date)")
    if contract.dated_by != "date" and upload.as_at is not None:
        raise UsageError(f"the extract {contract.name} takes a {contract.dated_by}, not a date")
    if contract.dated_by == "date" and upload.quarter is not None:
        raise UsageError(f"the extract {contract.name} takes a date, not a quarter")
    if contract.dated_by == "year" and upload.quarter is not None:
        raise UsageError(f"the extract {contract.name} is of years; its column says which")
    unknown = [c for c in upload.covers if c not in reference.borough_spellings().values()]
    if unknown:
        raise UsageError(f"{unknown[0]!r} is no borough's GSS code")
    return contract


# --- what the file does not say itself -----------------------------------------------------------


def _completed(
    store: Store,
    upload: Upload,
    validated: Validated,
    places: Places,
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
        rows = with_borough(store, rows, contract.borough_from)
    if contract.leave_out_unknown_schools:
        rows = of_known_schools(rows, log)
    if contract.name == "schools":
        rows = with_points(rows, places, log)
    return rows


def _with_quarter(
    upload: Upload, rows: pa.Table, places: Places, today: date, log: IssueLog
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


def _check_agreement(upload: Upload, rows: pa.Table, places: Places, log: IssueLog) -> None:
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


# --- what is covered -----------------------------------------------------------------------------


def _coverage(upload: Upload, rows: pa.Table, places: Places, log: IssueLog) -> tuple[Pair, ...]:
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
    """The quarters and boroughs of the rows, with the number of rows of each."""
    of_rows = pa.table({"quarter": _quarters(upload, rows), "borough_code": rows["borough_code"]})
    by = ["quarter", "borough_code"]
    counted = of_rows.group_by(by, use_threads=False).aggregate([([], "count_all")])
    pairs = [
        Pair(row["quarter"], row["borough_code"], False, row["count_all"])
        for row in counted.to_pylist()
        if row["borough_code"]
    ]
    return sorted(pairs, key=lambda pair: (pair.quarter, pair.borough_code))


def _quarters(upload: Upload, rows: pa.Table) -> pa.Array:
    """The quarter of each row: its own, that of the download, or that in which its year ends."""
    if upload.as_at is not None:
        return pa.repeat(pa.scalar(str(quarter_of(upload.as_at))), rows.num_rows)
    ends = contracts()[upload.extract].year_ends
    if ends is None:
        return rows["quarter"]
    years = rows["year"].combine_chunks().dictionary_encode()
    named = [
        str(quarter_of(date.fromisoformat(f"{y}-{ends}"))) for y in years.dictionary.to_pylist()
    ]
    return pa.array(named, pa.string()).take(years.indices)
