"""Issues: cell addresses, the list of at most 1,000 and the true count."""

from hypothesis import given
from hypothesis import strategies as st
from openpyxl.utils import get_column_letter

from gapmap.issue import LISTED_AT_MOST, Issue, IssueLog, cell_address


def issue(severity: str = "error", code: str = "c", **place: object) -> Issue:
    return Issue(severity, code, "what", "mend", **place)  # type: ignore[arg-type]


@given(st.integers(0, 18_000), st.integers(1, 1_048_576))
def test_cell_addresses_are_those_of_a_spreadsheet(column: int, row: int) -> None:
    assert cell_address(column, row) == f"{get_column_letter(column + 1)}{row}"


def test_an_issue_as_a_dictionary() -> None:
    assert issue(sheet="S", row=7, column="urn", cell="B7").as_dict() == {
        "severity": "error",
        "code": "c",
        "message": "what",
        "fix": "mend",
        "sheet": "S",
        "row": 7,
        "column": "urn",
        "cell": "B7",
    }


def test_errors_come_first_and_then_the_place_in_the_file() -> None:
    log = IssueLog()
    log.extend(
        [
            issue("warning", row=1),
            issue(row=9, column="b"),
            issue(row=9, column="a"),
            issue(row=2),
            issue(),
        ]
    )
    order = [(i.severity, i.row, i.column) for i in log]
    assert order == [
        ("error", None, None),
        ("error", 2, None),
        ("error", 9, "a"),
        ("error", 9, "b"),
        ("warning", 1, None),
    ]
    assert [i.row for i in log.listed("warning")] == [1]


def test_a_thousand_are_listed_and_all_are_counted() -> None:
    log = IssueLog()
    log.extend(issue(code="a", row=row) for row in range(2, 1_300))
    log.count_unlisted("error", "b", 44)
    log.count_unlisted("warning", "w", 0)
    assert len(list(log)) == LISTED_AT_MOST == 1000
    assert log.total == 1_298 + 44
    assert log.counts("error") == {"a": 1_298, "b": 44}
    assert log.counts("warning") == {}
    assert log.room("error") == 0


def test_no_number_of_warnings_keeps_an_error_off_the_list() -> None:
    log = IssueLog()
    log.extend(issue("warning", "w", row=row) for row in range(2, 1_500))
    assert not log.has_errors()
    assert log.room("error") == 1000
    log.add(issue("error", "e", row=7))
    assert log.has_errors()
    listed = list(log)
    assert len(listed) == 1000
    assert (listed[0].code, listed[0].row) == ("e", 7)
    assert log.total == 1_499
