"""An update of some schools: the rows of the others are carried over from what stands.

So the rows of a submission are always the whole of what it says of a quarter and borough. Rows
without a school (referrals without URN, training of agencies) are carried over as one, as those of
a school are: unless the file brings such rows for that quarter and borough.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from gapmap.contract import Contract
from gapmap.intake.pair_rows import rows_of_pairs
from gapmap.screening.validation import combined_key
from gapmap.stores.store import Store

_GROUP = ("quarter", "borough_code", "urn")


@dataclass(frozen=True)
class CarriedOver:
    """Rows of a quarter and borough that an update took over from a submission.

    They are numbered from `first_row` to `last_row`, after the rows of the file.
    """

    quarter: str
    borough_code: str
    from_submission_id: str
    first_row: int
    last_row: int
    row_count: int


def takes_updates(contract: Contract) -> bool:
    """Whether an extract may be sent for some schools only: its rows are of schools, by quarter."""
    return contract.dated_by == "quarter" and any(f.column == "urn" for f in contract.fields)


def carry_over(
    store: Store, contract: Contract, rows: pa.Table, pairs: Iterable[tuple[str, str]]
) -> tuple[pa.Table, tuple[CarriedOver, ...]]:
    """The rows of a file and those of the other schools that stand; and where these came from.

    `pairs`: the quarters and boroughs that the file has rows of.

    The caller has noted the store's version before: what happens to the same quarters and boroughs
    from then on supersedes the upload (submission.publish), so that nothing stale is carried over.
    """
    named = [f"{quarter} {borough}" for quarter, borough in pairs]
    stands = store.exact.ask("submissions/replaced", {"extract": contract.name, "pairs": named})
    return merged(rows, rows_of_pairs(store, contract, stands, "submission_id"))


def merged(rows: pa.Table, standing: pa.Table) -> tuple[pa.Table, tuple[CarriedOver, ...]]:
    """The rows of a file with those of other schools among what stands, and where these came from.

    `standing` has the columns of `rows` and submission_id; one submission stands for each quarter
    and borough.
    """
    standing = _not_in(standing, rows)
    if standing.num_rows == 0:
        return rows, ()
    order = [(column, "ascending") for column in ("quarter", "borough_code", "row_no")]
    standing = standing.sort_by(order)
    first = 1 + int(np.max(rows["row_no"].to_numpy(), initial=0))
    numbers = np.arange(first, first + standing.num_rows)
    origins = _origins(standing, first)
    carried = standing.set_column(
        standing.column_names.index("row_no"), "row_no", pa.array(numbers, pa.int64())
    )
    carried = carried.select(rows.column_names).cast(rows.schema)
    return pa.concat_tables([rows, carried]), origins


def _not_in(standing: pa.Table, rows: pa.Table) -> pa.Table:
    """Rows that stand, without those of the schools of `rows`; no school is one, too."""
    columns = list(_GROUP)
    both = pa.concat_tables(
        [standing.select(columns), rows.select(columns)], promote_options="permissive"
    )
    groups = combined_key(both, columns)
    named = np.isin(groups[: standing.num_rows], groups[standing.num_rows :])
    return standing.filter(pa.array(~named))


def _origins(standing: pa.Table, first: int) -> tuple[CarriedOver, ...]:
    """Where carried rows came from, in their order: one submission stands for each pair."""
    by = ["quarter", "borough_code", "submission_id"]
    found, number = [], first
    counted = standing.group_by(by, use_threads=False).aggregate([([], "count_all")])
    for row in counted.sort_by([(column, "ascending") for column in by]).to_pylist():
        rows = row["count_all"]
        quarter, borough, source = (row[column] for column in by)
        found.append(CarriedOver(quarter, borough, source, number, number + rows - 1, rows))
        number += rows
    return tuple(found)
