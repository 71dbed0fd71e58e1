"""The checks of queries/checks: an upload's rows against each other and against what is held."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from gapmap.access import Viewer, covers
from gapmap.contract import Contract
from gapmap.issue import Issue, IssueLog, Severity, cell_address
from gapmap.question import Question, questions
from gapmap.reference import reference
from gapmap.stores.store import Store, rows_of


@dataclass(frozen=True)
class Places:
    """Where the columns lie in the file, to name the cell of an issue."""

    contract: Contract
    sheet: str | None
    header_row: int
    positions: Mapping[str, int | None]

    def of(self, column: str, row: int) -> dict[str, Any]:
        """Sheet, row, column and cell of a stored column's value."""
        position = self.positions.get(column)
        return {
            "sheet": self.sheet,
            "row": row,
            "column": self.contract.field(column).name,
            "cell": None if position is None else cell_address(position, row),
        }


def run_checks(
    store: Store,
    rows: pa.Table,
    places: Places,
    log: IssueLog,
    *,
    submitted: pa.Table | None = None,
    mode: str = "replace",
    row_by_row: bool = False,
    viewer: Viewer | None = None,
) -> None:
    """Run the checks of an extract on the rows of a file.

    Checks read them as `upload`, and as `submitted` all rows that would stand (None: the same):
    in an update, those carried over too. A check may be of one `mode` alone. `row_by_row`: only
    those that find errors in a row by itself, since `rows` are not all rows of a file that is
    refused anyway. `viewer`: who uploads; None: the operator of the machine, who is told all.
    """
    applicable = [
        check
        for check in questions("checks")
        if places.contract.name in extracts_of(check)
        and check.header.get("mode", mode) == mode
        and not (row_by_row and ("needs" in check.header or check.header["severity"] != "error"))
    ]
    with (
        store.exact.checking("upload", rows) as checking,
        checking.staged("submitted", rows if submitted is None else submitted),
    ):
        for check in applicable:
            found = checking.ask(check.name, _given(check, places.contract))
            _log(_for_viewer(found, check, rows, viewer), check, places, log)


def extracts_of(check: Question) -> set[str]:
    return {name.strip() for name in check.header["extracts"].split(",")}


def _given(check: Question, contract: Contract) -> dict[str, Any]:
    known = {"extract": contract.name, "factor": float(check.header.get("factor", 0))}
    return {name: known[name] for name in check.parameters}


def _for_viewer(
    found: pa.Table, check: Question, rows: pa.Table, viewer: Viewer | None
) -> pa.Table:
    """What a check found, as the viewer is told it.

    What is made of exact figures goes to those who see them. Whoever publishes for a borough
    without seeing them is told that something is odd; everybody else nothing, for whether a file is
    odd beside a figure gives that figure away, one trial after the other.
    """
    if viewer is None or check.header.get("tells") != "exact":
        return found
    pairs = zip(rows["row_no"].to_pylist(), rows["borough_code"].to_pylist(), strict=True)
    borough_of = dict(pairs)
    told = []
    for row in rows_of(found):
        borough_code = borough_of[row["row_no"]]
        if viewer.leads(borough_code):
            told.append(row)
        elif covers(viewer.publishes_for, borough_code):
            borough = reference.borough_name(borough_code)
            told.append({**row, "value": check.header["quietly"].format(borough=borough)})
    return pa.Table.from_pylist(told, found.schema)


def _log(found: pa.Table, check: Question, places: Places, log: IssueLog) -> None:
    code = check.name.rpartition("/")[2]
    severity: Severity = "error" if check.header["severity"] == "error" else "warning"
    listed = rows_of(found.slice(0, log.room(severity)))
    for row in listed:
        message = check.header["message"].format(value=row["value"])
        place = places.of(row["column"], row["row_no"])
        log.add(Issue(severity, code, message, check.header["fix"], **place))
    log.count_unlisted(severity, code, found.num_rows - len(listed))
