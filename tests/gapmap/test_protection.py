"""How a count is protected: withheld from 1 to 7, else to the nearest 5; and its settings."""

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gapmap.protection import (
    BASE,
    THRESHOLD,
    Protection,
    ProtectionError,
    parse_protection,
    protect,
    protect_all,
    protection,
)


@given(st.integers(8, 10**9))
def test_a_count_goes_to_the_nearest_five(count: int) -> None:
    value, marker = protect(count)
    assert marker is None
    assert value is not None
    assert value % 5 == 0
    assert abs(value - count) <= 2


def test_small_counts_are_withheld_and_zero_is_zero() -> None:
    assert protect(0) == (0, None)
    assert [protect(n) for n in range(1, 8)] == [(None, "c")] * 7
    assert [protect(n)[0] for n in (8, 9, 10, 11, 12, 13, 17, 18)] == [
        10,
        10,
        10,
        10,
        10,
        15,
        15,
        20,
    ]
    with pytest.raises(ValueError, match="cannot be -1"):
        protect(-1)


def test_many_counts_are_protected_as_each_is_alone() -> None:
    counts = list(range(200))
    together = protect_all(pa.array(counts, pa.int64()))
    assert list(
        zip(together["value"].to_pylist(), together["marker"].to_pylist(), strict=True)
    ) == [protect(n) for n in counts]
    assert protect_all(pa.array([], pa.int64())).num_rows == 0
    for wrong in ([3, None], [3, -2]):
        with pytest.raises(ValueError, match="a count cannot be"):
            protect_all(pa.array(wrong, pa.int64()))


CHANGED = """threshold = 10
base = 5
[changed]
reason = "Our data protection officer asks for 10."
decided_by = "Data protection officer"
decided_on = 2026-11-01
"""


def test_the_shipped_settings_are_the_defaults() -> None:
    assert protection() == Protection(THRESHOLD, BASE, None) == Protection(7, 5)


def test_other_settings_need_a_reason_and_keep_it() -> None:
    assert parse_protection(CHANGED) == Protection(
        10,
        5,
        "Our data protection officer asks for 10. (Data protection officer, 01 November 2026)",
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("threshold = 10\nbase = 5\n", "locked at 7 and 5"),
        (CHANGED.replace('decided_by = "Data protection officer"\n', ""), "locked at 7 and 5"),
        (CHANGED.replace("Our data protection officer asks for 10.", " "), "must say something"),
        (CHANGED.replace("2026-11-01", '"soon"'), "must be a date"),
        ("threshold = 7\nbase = 4\n", "base must be odd"),
        ("threshold = 3\nbase = 5\n", "base must be odd and at most the threshold"),
        ("threshold = 0\nbase = 5\n", "threshold must be a whole number"),
        ("threshold = true\nbase = 5\n", "threshold must be a whole number"),
        ("base = 5\n", "it says threshold and base"),
        ("threshold = 7\nbase = 5\nbas = 1\n", "it says threshold and base"),
        ("threshold = ", "it is not TOML"),
    ],
)
def test_wrong_settings_name_their_place(text: str, said: str) -> None:
    with pytest.raises(ProtectionError, match=f"^disclosure.toml.*{said}"):
        parse_protection(text)
