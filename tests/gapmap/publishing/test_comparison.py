"""Rows compared by their key: against dictionaries, row by row."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from gapmap.contract import contracts
from gapmap.publishing.comparison import Count, compare, declared_columns, key_columns, match
from tests.uploads import BRENT, HACKNEY

TRAINING = contracts()["training"]
NUMBERS = ("urn", "staff_in_scope", "staff_trained")
SCHEMA = pa.schema(
    [
        ("row_no", pa.int64()),
        *(
            (
                name,
                pa.int32() if name in ("urn", "staff_in_scope", "staff_trained") else pa.string(),
            )
            for name in declared_columns(TRAINING)
        ),
    ]
)
KEY = ("quarter", "borough_code", "agency", "urn", "course")

rows = st.lists(
    st.fixed_dictionaries(
        {
            "quarter": st.sampled_from(["2026-Q2", "2026-Q3"]),
            "borough_code": st.sampled_from([HACKNEY, BRENT]),
            "agency": st.sampled_from(["school", "police"]),
            "urn": st.sampled_from([None, 100001, 100002]),
            "course": st.sampled_from(["DSL initial", "governor"]),
            "staff_in_scope": st.sampled_from([None, 1, 2]),
            "staff_trained": st.sampled_from([0, 1]),
        }
    ),
    unique_by=lambda row: tuple(row[column] for column in KEY),
    max_size=12,
)


def table(of: Sequence[dict[str, Any]], *, encoded: bool = False) -> pa.Table:
    made = pa.Table.from_pylist([{"row_no": n, **row} for n, row in enumerate(of, 2)], SCHEMA)
    if encoded:
        place = made.column_names.index("course")
        made = made.set_column(place, "course", made["course"].dictionary_encode())
    return made


@given(rows, rows)
def test_rows_are_told_apart_as_dictionaries_do(
    before: list[dict[str, Any]], after: list[dict[str, Any]]
) -> None:
    old = {tuple(row[c] for c in KEY): row for row in before}
    new = {tuple(row[c] for c in KEY): row for row in after}
    expected: dict[tuple[str, str], Counter[str]] = {}
    for key in {*old, *new}:
        kind = (
            "added"
            if key not in old
            else "gone"
            if key not in new
            else "unchanged"
            if old[key] == new[key]
            else "changed"
        )
        expected.setdefault(key[:2], Counter())[kind] += 1
    found = compare(TRAINING, table(before), table(after, encoded=True), at_most=200)
    assert found.counts == {place: Count(**counted) for place, counted in expected.items()}
    changed = [
        (key, {c: (old[key][c], row[c]) for c in row if old[key][c] != row[c]})
        for key, row in new.items()
        if key in old and old[key] != row
    ]
    shown = [
        ((r.quarter, r.borough_code, r.key["agency"], r.key["urn"], r.key["course"]), r.cells)
        for r in found.changed_rows
    ]
    assert shown == changed
    assert found.changed_in_all == len(changed)


def trained(urn: int, borough: str, number: int) -> dict[str, Any]:
    return {
        "quarter": "2026-Q3",
        "borough_code": borough,
        "agency": "school",
        "urn": urn,
        "course": "governor",
        "staff_in_scope": 9,
        "staff_trained": number,
    }


def test_only_the_first_rows_of_the_boroughs_that_may_be_seen_are_listed() -> None:
    places = [(100000 + n, HACKNEY if n % 2 else BRENT) for n in range(20)]
    before = table([trained(*place, 1) for place in places])
    after = table([trained(*place, 2) for place in places])
    found = compare(TRAINING, before, after, at_most=3, shown_for=[BRENT])
    assert [row.key["urn"] for row in found.changed_rows] == [100000, 100002, 100004]
    assert {row.borough_code for row in found.changed_rows} == {BRENT}
    assert found.changed_in_all == 10
    assert found.counts["2026-Q3", HACKNEY] == Count(changed=10)
    assert compare(TRAINING, before, after, at_most=3, shown_for=()).changed_rows == ()


def test_rows_are_matched_whatever_their_integers_are_kept_in() -> None:
    narrow = pa.table({"urn": pa.array([100001, None], pa.int32()), "state": ["met", None]})
    wide = pa.table({"urn": pa.array([None, 100001], pa.int64()), "state": [None, "gap"]})
    found = match(narrow, wide, ["urn"], ["state"])
    assert found.both[0].tolist() == [1, 0]
    assert found.changed.tolist() == [False, True]
    assert (len(found.added), len(found.gone)) == (0, 0)


def test_every_contract_tells_its_rows_apart_within_quarter_and_borough() -> None:
    for contract in contracts().values():
        assert {"quarter", "borough_code"} <= set(key_columns(contract))
        declared = declared_columns(contract)
        assert len(set(declared)) == len(declared)
        assert set(key_columns(contract)) <= set(declared)
