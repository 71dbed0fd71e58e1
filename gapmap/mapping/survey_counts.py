"""A survey's answers counted: from one row a person to one row a group and question.

Microsoft Forms and SmartSurvey export one row a respondent. Such a file describes children and
parents one by one, and nothing in gapmap may do so: not the store, not the archive, not a log, and
not an issue that quotes a cell. So the answers are counted here, in memory, straight from what was
parsed, and the rows end here: what is returned holds counts alone, in an order of its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from gapmap.column_types import CellFault, Surroundings, parse_cell
from gapmap.contract import Contract, Field
from gapmap.issue import Issue, IssueLog, cell_address
from gapmap.mapping.mapped import column_of, distinct, meanings_of
from gapmap.mapping.mapping import COUNTED_ANSWERS, LEAVE_OUT, ColumnMapping, Source, to_map
from gapmap.reading.text_table import TextTable

# Everybody, whatever the sex that they gave or did not give.
EVERYBODY = "all"
_COUNTS = ("valid_answers", "a_lot", "sometimes")
# Which answers each count is of.
_COUNTED_AS = {
    "valid_answers": COUNTED_ANSWERS[:3],
    "a_lot": COUNTED_ANSWERS[:1],
    "sometimes": COUNTED_ANSWERS[1:2],
}


@dataclass(frozen=True)
class Counted:
    """The counts, one row a group and question, and how many persons were left out of them.

    A row's number is the first row of the file that is of its group: where to look when the store
    does not know its school. It must not be kept.
    """

    table: TextTable
    left_out: int


def counted(
    table: TextTable,
    mapping: ColumnMapping,
    contract: Contract,
    around: Surroundings,
    log: IssueLog,
) -> Counted | None:
    """The answers of a narrowed table, counted; None when there are errors, which go to `log`.

    Grain: one row per quarter, borough, school, respondent group, sex and question that the
    mapping gives. Where the sex is a column of the file, everybody is counted under "all" as well,
    and those who gave girls or boys under that too.
    """
    fields = [f for f in to_map(contract, counted=True) if f.name in mapping.columns]
    groups = [_groups(table, mapping.columns[f.name], f, around, log) for f in fields]
    answers = [_answers(table, name, source, log) for name, source in mapping.questions.items()]
    if log.has_errors():
        return None
    keep = pa.array(~np.any([out for _, out in groups], axis=0))
    keys = pa.table({f.name: texts for f, (texts, _) in zip(fields, groups, strict=True)})
    keys = keys.append_column("row_no", pa.array(table.row_numbers))
    by = [f.name for f in fields]
    counts = pa.concat_tables(
        _count(_with_everybody(keys.append_column("answer", given).filter(keep), mapping), by, name)
        for name, given in zip(mapping.questions, answers, strict=True)
    ).sort_by([(name, "ascending") for name in (*by, "question")])
    return Counted(_as_text(table, mapping, counts), table.row_count - pc.sum(keep).as_py())


def _groups(
    table: TextTable, source: Source, field: Field, around: Surroundings, log: IssueLog
) -> tuple[pa.Array, np.ndarray]:
    """The value of each row as text, blank where there is none; and which rows are left out."""
    column, position = column_of(table, source)
    different, which = distinct(column)
    values: list[str] = []
    faults: dict[int, CellFault] = {}
    meanings = meanings_of(different, source)
    for place, meaning in enumerate(meanings):
        try:
            value = None if meaning == LEAVE_OUT else parse_cell(meaning, field, around).value
        except CellFault as fault:
            faults[place], value = fault, None
        values.append("" if value is None else str(value))
    codes = which.to_numpy(zero_copy_only=False)
    advice = "Correct the cell, or map this answer."
    _note(table, position, field.name, codes, {k: (f.code, advice) for k, f in faults.items()}, log)
    left_out = np.array([meaning == LEAVE_OUT for meaning in meanings], dtype=bool)
    return pa.array(values, pa.string()).take(which), left_out[codes]


def _answers(table: TextTable, question: str, source: Source, log: IssueLog) -> pa.Array:
    """Each row's answer to a question as one of COUNTED_ANSWERS; blank is no answer."""
    column, position = column_of(table, source)
    different, which = distinct(column)
    meanings = [
        meaning.strip().casefold() or "no answer" for meaning in meanings_of(different, source)
    ]
    advice = f"Map this answer to one of: {', '.join(COUNTED_ANSWERS)}."
    unknown = {
        place: ("unmapped_answer", advice)
        for place, meaning in enumerate(meanings)
        if meaning not in COUNTED_ANSWERS
    }
    _note(table, position, question, which.to_numpy(zero_copy_only=False), unknown, log)
    return pa.array(meanings, pa.string()).take(which)


def _note(
    table: TextTable,
    position: int | None,
    column: str,
    codes: np.ndarray,
    faults: dict[int, tuple[str, str]],
    log: IssueLog,
) -> None:
    """An issue for each faulty cell. Its text is never quoted: it is one person's answer."""
    rows = np.flatnonzero(np.isin(codes, np.array(list(faults), dtype=codes.dtype)))
    listed = rows[: log.room("error")]
    for place in listed:
        code, advice = faults[int(codes[place])]
        row = int(table.row_numbers[place])
        log.add(
            Issue(
                "error",
                code,
                "the answer in this cell is not one that can be counted",
                advice,
                sheet=table.sheet,
                row=row,
                column=column,
                cell=None if position is None else cell_address(position, row),
            )
        )
    for code in {faults[int(codes[place])][0] for place in rows[len(listed) :]}:
        number = sum(faults[int(codes[place])][0] == code for place in rows[len(listed) :])
        log.count_unlisted("error", code, number)


def _with_everybody(rows: pa.Table, mapping: ColumnMapping) -> pa.Table:
    """The rows with the sex that was given, and all of them again as everybody's."""
    if mapping.columns["sex"].heading is None:
        return rows
    place = rows.column_names.index("sex")
    everybody = pa.repeat(pa.scalar(EVERYBODY), rows.num_rows)
    told = rows.filter(pc.not_equal(rows["sex"], EVERYBODY))
    return pa.concat_tables([rows.set_column(place, "sex", everybody), told])


def _count(rows: pa.Table, by: Sequence[str], question: str) -> pa.Table:
    """The three counts of one question, one row a group."""
    for name in _COUNTS:
        is_counted = pc.is_in(rows["answer"], pa.array(_COUNTED_AS[name]))
        rows = rows.append_column(name, is_counted.cast(pa.int64()))
    summed = rows.group_by(list(by), use_threads=False).aggregate(
        [*((name, "sum") for name in _COUNTS), ("row_no", "min")]
    )
    plain = {f"{name}_sum": name for name in _COUNTS} | {"row_no_min": "row_no"}
    named = summed.rename_columns([plain.get(name, name) for name in summed.column_names])
    return named.append_column("question", pa.repeat(pa.scalar(question), named.num_rows))


def _as_text(table: TextTable, mapping: ColumnMapping, counts: pa.Table) -> TextTable:
    """The counts as a table of text; only the columns of the groups have a place in the file."""
    names = [name for name in counts.column_names if name != "row_no"]
    places = {name: column_of(table, source)[1] for name, source in mapping.columns.items()}
    return replace(
        table,
        header=tuple(names),
        columns=tuple(pa.chunked_array(counts[name].cast(pa.string()).chunks) for name in names),
        row_numbers=counts["row_no"].to_numpy(),
        positions=tuple(places.get(name) for name in names),
    )
