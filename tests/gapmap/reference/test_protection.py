"""From which count on a figure is shown, and to the nearest what: locked, or with a reason."""

import pytest

from gapmap.reference.protection import (
    BASE,
    THRESHOLD,
    Protection,
    ProtectionError,
    parse_protection,
    protection,
)

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
