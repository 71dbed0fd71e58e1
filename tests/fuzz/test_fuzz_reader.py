"""A bounded run of the fuzz target: some hundred mutations, the same ones every time."""

import random

import pytest

from gapmap.reading.reading import read_table
from gapmap.reading.refusal import Unreadable
from tests.fuzz.fuzz_reader import SEEDS, check_refusal, check_table, mutated, read, try_one


@pytest.mark.parametrize("number", range(len(SEEDS)))
def test_the_seeds_are_good_files_or_refused_for_two_sheets(number: int) -> None:
    table = read(SEEDS[number])
    if number == 5:
        assert table is None
    else:
        assert table is not None
        assert (table.header_row, table.row_count) == (3, 2)


def test_mutations_are_read_or_refused() -> None:
    outcomes = [try_one(seed) for seed in range(600)]
    # Both happen often enough for the mutations to mean something.
    assert 60 < sum(outcomes) < 540


def test_mutations_through_the_process() -> None:
    for seed in range(1_000, 1_024):
        try:
            check_table(read_table(mutated(random.Random(seed)), "x.csv"))
        except Unreadable as refusal:
            check_refusal(refusal)
