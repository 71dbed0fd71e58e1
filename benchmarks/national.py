"""What stands in a store of London, swollen to England: 153 authorities, 24,000 schools.

Authorities are copies of boroughs and schools copies of schools, so that every table keeps its
shape and its proportions. What was uploaded stays London's: pages read what stands.
"""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa
import pyarrow.compute as pc

from gapmap.question import Question
from gapmap.reference import reference
from gapmap.stores.store import Database, Store

AUTHORITIES = 153
# London's 33 boroughs hold some 2,900 schools, a 153rd of England's 24,000 each holds 157.
SCHOOLS_A_SCHOOL = 2
URNS_APART = 1_000_000
# Both stores read these; the tables of rows are left as they are.
TABLES = """
    select t.table_name, list(c.column_name) as columns
    from duckdb_tables() as t
    inner join duckdb_columns() as c on t.table_name = c.table_name
    where t.table_name in (
        'borough', 'borough_setting', 'school', 'indicator_state', 'state_count', 'figure',
        'area_value', 'submission_status', 'submission_received', 'residents', 'neighbour',
        'review_item', 'message', 'agency_training', 'adjoining', 'school_signal', 'standing_answer'
    )
    group by t.table_name
    order by t.table_name
"""


def swell(store: Store) -> None:
    """Copy what stands in both instances until there are AUTHORITIES authorities."""
    for database in (store.exact, store.released):
        for found in database.answer(_asked(TABLES), {}).to_pylist():
            _swell_table(database, found["table_name"], found["columns"])


def _swell_table(database: Database, name: str, columns: Sequence[str]) -> None:
    code = "area_code" if "area_code" in columns else "borough_code"
    rows = database.answer(_asked(f"from {name}"), {})
    if name == "figure":
        rows = rows.filter(pc.equal(rows["level"], "borough"))
    with database.writing() as writing:
        for copy in range(-(-AUTHORITIES // len(reference.boroughs()))):
            theirs = _of_copy(rows, code, copy)
            if copy:
                writing.append(name, theirs)
            if "urn" in columns:
                for twin in range(1, SCHOOLS_A_SCHOOL):
                    writing.append(name, _twins(theirs, twin))


def _of_copy(rows: pa.Table, code: str, copy: int) -> pa.Table:
    """The rows of the boroughs that this copy repeats, under codes and URNs of its own."""
    if copy == 0:
        return rows
    boroughs = [row["borough_code"] for row in reference.boroughs()]
    wanted = boroughs[: AUTHORITIES - copy * len(boroughs)]
    rows = rows.filter(pc.is_in(rows[code], pa.array(wanted)))
    rows = _with(rows, code, pc.binary_join_element_wise(rows[code], str(copy), "-"))
    if "borough" in rows.column_names:
        rows = _with(rows, "borough", pc.binary_join_element_wise(rows["borough"], str(copy), " "))
    return _moved(rows, copy * SCHOOLS_A_SCHOOL)


def _twins(rows: pa.Table, twin: int) -> pa.Table:
    return _moved(rows, twin)


def _moved(rows: pa.Table, copies: int) -> pa.Table:
    if "urn" not in rows.column_names:
        return rows
    moved = pc.add(rows["urn"], pa.scalar(copies * URNS_APART, pa.int32()))
    return _with(rows, "urn", moved)


def _with(rows: pa.Table, column: str, values: pa.ChunkedArray) -> pa.Table:
    return rows.set_column(rows.column_names.index(column), column, values)


def _asked(sql: str) -> Question:
    return Question("benchmark", "", {}, {}, sql)
