"""A text table, and how a reader says that it cannot make one."""

import numpy as np

from gapmap.reading.refusal import Unreadable, empty, error, refused, too_many_columns
from gapmap.reading.text_table import TextTable


def test_the_exception_says_all_that_is_wrong() -> None:
    fault = Unreadable(error("a", f"fault {n}", "mend", row=n) for n in (1, 2))
    assert str(fault) == "fault 1; fault 2"
    assert [(issue.severity, issue.row) for issue in fault.issues] == [("error", 1), ("error", 2)]


def test_refusals() -> None:
    (issue,) = refused("code", "what", "mend", sheet="S", row=3).issues
    assert (issue.code, issue.sheet, issue.row) == ("code", "S", 3)
    assert [issue.code for issue in empty().issues] == ["empty_file"]
    (wide,) = too_many_columns(1_234).issues
    assert wide.message == "the heading has 1,234 columns, and 200 at most are taken"


def test_rows_are_counted_by_their_numbers() -> None:
    table = TextTable(None, ("a",), (), np.array([2, 5, 6]), False, ())
    assert table.row_count == 3
    assert table.header_row == 1
