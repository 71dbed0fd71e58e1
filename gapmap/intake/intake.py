"""An upload held against its contract and against what the store knows: rows, or every issue.

Nothing is stored here. `submission.publish` takes what `prepare` accepted.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

import pyarrow as pa
import pyarrow.compute as pc

from gapmap.access import Viewer
from gapmap.archive.content import content_hash
from gapmap.column_types import Surroundings
from gapmap.contract import Contract, contracts
from gapmap.intake.carry_over import CarriedOver, carry_over, takes_updates
from gapmap.intake.coverage import coverage, with_carried
from gapmap.intake.school_rows import of_known_schools, with_borough, with_points
from gapmap.intake.upload import UPDATE, Pair
from gapmap.intake.upload import Upload as Upload
from gapmap.issue import Issue, IssueLog
from gapmap.mapping.layout import Layout, layout_of, read_to_map
from gapmap.mapping.mapped import only
from gapmap.reading.reading import Unreadable, check_size
from gapmap.reading.text_table import TextTable
from gapmap.reading.wide import as_long
from gapmap.reference import reference
from gapmap.screening.cross_checks import Places, run_checks
from gapmap.screening.scan import scan, scan_refusal
from gapmap.screening.validation import Validated, hold, looks_like_another
from gapmap.stores.store import Store, rows_of


@dataclass(frozen=True)
class Prepared:
    """What `prepare` found. `rows` is None when the upload is refused.

    `rows` are typed, in the store's columns, `row_no` first. `version` is the store's version that
    they were checked against, `opening` numbers the opening of the store that it was. `mappable`:
    the file's headings are those of no extract, so that a person may map them; `unmapped`: nothing
    can be said about it before somebody does. `carried`: which of
    the rows an update took over from what stands. `checked_on`: the day of the check.
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
    unmapped: bool = False
    carried: tuple[CarriedOver, ...] = ()
    checked_on: date = date.min

    @property
    def refused(self) -> bool:
        return self.rows is None

    @property
    def carried_rows(self) -> int:
        """How many of the rows were carried over; the others are the file's."""
        return sum(one.row_count for one in self.carried)

    @cached_property
    def content_hash(self) -> str:
        """The hash of the rows. Raises ValueError when the upload was refused."""
        if self.rows is None:
            raise ValueError("a refused upload has no rows")
        return content_hash(self.rows)


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
    viewer: Viewer | None = None,
    progress: Progress = in_silence,
) -> Prepared:
    """Check an upload in stages; an early stage with errors is the last one run.

    Size and reading; the scan for what may identify a child (its issues come alone, and the upload
    comes back without bytes and name); the contract (validation.hold); declared quarter and
    coverage; then the checks of queries/checks against what the store holds, which tell `viewer`
    (None: the operator of the machine) no exact figure of others. `progress` is told each stage.
    Raises UsageError when the extract does not exist, or its quarter or date is declared wrongly.
    """
    contract = _contract(upload)
    log = IssueLog()
    refused = Prepared(upload, contract, log, opening=store.opening, checked_on=today)
    try:
        log.enter("reading")
        progress("Reading the file")
        check_size(len(upload.content), most_bytes)
        table = read_to_map(upload.content, upload.file_name, contract, most_bytes)
        layout = layout_of(store, table, contract)
        layout.check_fields()
    except Unreadable as fault:
        scan_refusal(fault.issues, upload.file_name, log)
        return Prepared(_withheld(upload), contract, log)
    _screen(layout, upload, log, progress)
    refused = replace(refused, mappable=layout.mappable, unmapped=layout.unknown)
    if log.has_errors():
        return replace(refused, upload=_withheld(upload))
    around = Surroundings(reference.borough_spellings(), today, table.typed_dates)
    progress(f"Checking {table.row_count:,} rows against the contract")
    nothing_declared = contract.dated_by == "quarter" and upload.mode != UPDATE and upload.covers
    validated = _held(layout, around, log, nothing_declared=bool(nothing_declared))
    if validated is None:
        return refused
    return _against_the_store(store, layout, validated, refused, progress, viewer)


def _against_the_store(
    store: Store,
    layout: Layout,
    validated: Validated,
    refused: Prepared,
    progress: Progress,
    viewer: Viewer | None,
) -> Prepared:
    """What is not in the file itself, and the rules; the upload with its rows, when all is well.

    Of a file with faulty cells the rows that are right are checked, each by itself.
    """
    upload, contract, log = refused.upload, refused.contract, refused.issues
    if validated.partial and validated.rows.num_rows == 0:
        return refused
    version = rows_of(store.exact.ask("store/version"))[0]["version"]
    table = layout.table
    places = Places(contract, table.sheet, table.header_row, validated.positions)
    log.enter("rules", partial=validated.partial)
    rows = _completed(store, upload, validated, places, refused.checked_on, log)
    if validated.partial:
        run_checks(store, rows, places, log, row_by_row=True, viewer=viewer)
        return refused
    pairs = coverage(upload, rows, places, log) if not log.has_errors() else ()
    if log.has_errors():
        return refused
    progress("Checking against what is held")
    whole = layout.as_kept(rows)
    carried: tuple[CarriedOver, ...] = ()
    if upload.mode == UPDATE:
        covered = [(pair.quarter, pair.borough_code) for pair in pairs]
        whole, carried = carry_over(store, contract, whole, covered)
    run_checks(store, rows, places, log, submitted=whole, mode=upload.mode, viewer=viewer)
    if log.has_errors():
        return refused
    return replace(
        refused,
        rows=whole,
        pairs=with_carried(pairs, carried),
        dropped_columns=validated.dropped_columns,
        left_out=validated.left_out + validated.rows.num_rows - rows.num_rows,
        version=version,
        carried=carried,
    )


def _screen(layout: Layout, upload: Upload, log: IssueLog, progress: Progress) -> None:
    """The scan of what is kept of a file; what trips comes alone. Then, whether it must be mapped.

    A mapping drops columns, and no name of the file or of a sheet.
    """
    progress("Looking for anything about a child")
    log.enter("identifiers")
    names = IssueLog()
    scan(only(layout.table, ()), upload.file_name, layout.contract, names)
    unmapped = layout.unknown and not names.has_errors()
    declared = _scanned_as(layout.table, layout.scanned_as)
    scan(layout.table, upload.file_name, declared, log, unmapped=unmapped)
    if not log.has_errors():
        layout.say_how_to_map(log)


def _held(
    layout: Layout, around: Surroundings, log: IssueLog, *, nothing_declared: bool
) -> Validated | None:
    """The rows of a file under its contract, put into the contract's words first."""
    table = layout.in_words(around, log)
    if table is None:
        return None
    return hold(table, layout.advised, around, log, nothing_declared=nothing_declared)


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
    if upload.mode == UPDATE and not takes_updates(contract):
        raise UsageError(
            f"the extract {contract.name} is replaced as a whole: its rows are not of schools"
        )
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
        # That no school is known cannot be said of a part of the rows.
        rows = of_known_schools(rows, IssueLog() if validated.partial else log)
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
    if upload.quarter is None and (rows.num_rows == 0 or "quarter" not in places.positions):
        log.add(_missing_quarter(rows, places))
        return rows
    if "quarter" in places.positions:
        _check_agreement(upload, rows, places, log)
        return rows
    filled = pa.repeat(pa.scalar(str(upload.quarter)), rows.num_rows)
    return rows.set_column(rows.column_names.index("quarter"), "quarter", filled)


def _missing_quarter(rows: pa.Table, places: Places) -> Issue:
    without, mend = "the file has no column 'quarter'", "Choose the quarter, or add the column."
    if rows.num_rows == 0:
        without, mend = "the file has no row that tells its quarter", "Choose the quarter."
    return Issue(
        "error",
        "missing_quarter",
        f"{without} and no quarter was chosen",
        mend,
        sheet=places.sheet,
        row=places.header_row,
        column="quarter",
    )


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
