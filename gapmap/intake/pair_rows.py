"""The rows that submissions brought, for the quarters and boroughs that are asked about."""

from __future__ import annotations

from datetime import date

import numpy as np
import pyarrow as pa

from gapmap.calendar_quarter import quarter_of
from gapmap.contract import Contract
from gapmap.screening.validation import combined_key
from gapmap.stores.store import Store


def quarters_of(contract: Contract, as_at: date | None, rows: pa.Table) -> pa.Array:
    """The quarter of each row: its own, that of the download, or that in which its year ends."""
    if as_at is not None:
        return pa.repeat(pa.scalar(str(quarter_of(as_at))), rows.num_rows)
    ends = contract.year_ends
    if ends is None:
        return rows["quarter"]
    years = rows["year"].combine_chunks().dictionary_encode()
    named = [
        str(quarter_of(date.fromisoformat(f"{y}-{ends}"))) for y in years.dictionary.to_pylist()
    ]
    return pa.array(named, pa.string()).take(years.indices)


def with_quarter(contract: Contract, as_at: date | None, rows: pa.Table) -> pa.Table:
    """Rows with the column `quarter`, which those of a register or of years do not have."""
    if "quarter" in rows.column_names:
        return rows
    return rows.append_column("quarter", quarters_of(contract, as_at, rows))


def rows_of_pairs(
    store: Store, contract: Contract, pairs: pa.Table, source: str, as_at: date | None = None
) -> pa.Table:
    """The rows that the submission in the column `source` brought for each quarter and borough.

    `pairs` has the columns quarter, borough_code and `source`. The rows are in the columns of the
    extract's table, with `quarter` and `submission_id`, in no order.
    """
    wanted = pairs.filter(pairs[source].is_valid())
    given = {
        "extract": contract.name,
        "submissions": wanted[source].unique().to_pylist(),
        "boroughs": wanted["borough_code"].unique().to_pylist(),
    }
    found = with_quarter(contract, as_at, store.exact.ask("submissions/rows", given))
    columns = ["submission_id", "quarter", "borough_code"]
    named = wanted.select([source, "quarter", "borough_code"]).rename_columns(columns)
    if found.num_rows == 0:
        return found
    both = pa.concat_tables([found.select(columns), named], promote_options="permissive")
    keys = combined_key(both, columns)
    asked = np.isin(keys[: found.num_rows], keys[found.num_rows :])
    return found if asked.all() else found.filter(pa.array(asked))
