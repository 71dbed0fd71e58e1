"""Which quarters and boroughs an upload covers: by its rows, and by what is declared with it."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace

import pyarrow as pa
import pyarrow.compute as pc

from gapmap.contract import Contract
from gapmap.intake.carry_over import CarriedOver
from gapmap.intake.pair_rows import quarters_of
from gapmap.intake.upload import UPDATE, Pair, Upload
from gapmap.issue import Issue, IssueLog
from gapmap.reference import reference
from gapmap.screening.cross_checks import Places


def coverage(upload: Upload, rows: pa.Table, places: Places, log: IssueLog) -> tuple[Pair, ...]:
    """The quarters and boroughs that an upload covers; none where that is wrong, as `log` says."""
    in_file = _pairs_in(upload, rows, places.contract)
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
    without_rows = declared - boroughs_in_file
    if upload.mode == UPDATE and without_rows:
        log.add(_no_update_of_nothing(without_rows, places))
        return ()
    quarters = {pair.quarter for pair in in_file} or {str(upload.quarter)}
    nil = [
        Pair(quarter, code, True, 0)
        for code in sorted(without_rows)
        for quarter in sorted(quarters)
    ]
    return (*in_file, *nil)


def _no_update_of_nothing(boroughs: Collection[str], places: Places) -> Issue:
    names = ", ".join(sorted(reference.borough_name(code) for code in boroughs))
    return Issue(
        "error",
        "nil_return_in_update",
        "an update of some schools cannot declare a nil return, and the file has no row of "
        f"{names}",
        "Replace all to say that a borough had nothing; otherwise do not declare it.",
        sheet=places.sheet,
    )


def with_carried(pairs: Iterable[Pair], carried: Iterable[CarriedOver]) -> tuple[Pair, ...]:
    """The pairs with the rows that were carried over counted in."""
    more = {(one.quarter, one.borough_code): one.row_count for one in carried}
    return tuple(
        replace(pair, row_count=pair.row_count + more.get((pair.quarter, pair.borough_code), 0))
        for pair in pairs
    )


def _pairs_in(upload: Upload, rows: pa.Table, contract: Contract) -> list[Pair]:
    """The quarters and boroughs of the rows, with the number of rows of each."""
    quarters = quarters_of(contract, upload.as_at, rows)
    of_rows = pa.table({"quarter": quarters, "borough_code": rows["borough_code"]})
    by = ["quarter", "borough_code"]
    counted = of_rows.group_by(by, use_threads=False).aggregate([([], "count_all")])
    pairs = [
        Pair(row["quarter"], row["borough_code"], False, row["count_all"])
        for row in counted.to_pylist()
        if row["borough_code"]
    ]
    return sorted(pairs, key=lambda pair: (pair.quarter, pair.borough_code))
