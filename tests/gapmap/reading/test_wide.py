"""A file published in the width: its rows, and where in the file each cell lies."""

from gapmap.contract import contracts
from gapmap.intake.intake import prepare
from gapmap.reading.reading import read_table
from gapmap.reading.wide import as_long
from gapmap.stores.store import Store
from tests.uploads import MOST_BYTES, TODAY, upload, xlsx_bytes

NEIGHBOURS = contracts()["neighbours"]
HEADING = ["old_la_code", "SN_1", "SN_1P", "SN_2", "SN_2P"]
HACKNEY = [204, 206, "Close", 210, "Very close"]
BARKING = [301, "", "", 304, "Close"]


def faults(store: Store, rows: list[list[object]]) -> list[tuple[object, ...]]:
    given = upload("neighbours", xlsx_bytes({"S": rows}), name="sn.xlsx", as_at=TODAY)
    prepared = prepare(store, given, most_bytes=MOST_BYTES, today=TODAY)
    errors = prepared.issues.listed("error")
    return sorted((i.code, i.row, i.column, i.cell) for i in errors)


def test_one_row_a_neighbour_with_the_place_of_each_cell() -> None:
    rows = [["", *HEADING], ["", *HACKNEY], ["", *BARKING]]
    table = as_long(read_table(xlsx_bytes({"S": rows}), "sn.xlsx"), NEIGHBOURS)
    columns = [column.to_pylist() for column in table.columns]
    assert list(zip(*columns, strict=True)) == [
        ("204", "1", "206", "Close"),
        ("204", "2", "210", "Very close"),
        ("301", "2", "304", "Close"),
    ]
    assert table.row_numbers.tolist() == [2, 2, 3]
    places = [[table.cell_of(index, element) for index in range(4)] for element in range(3)]
    assert places == [
        ["B2", None, "C2", "D2"],
        ["B2", None, "E2", "F2"],
        ["B3", None, "E3", "F3"],
    ]


def test_issues_name_the_cell_of_the_file_behind_blank_columns(store: Store) -> None:
    shifted = [["", *HEADING], ["", *HACKNEY], ["", *BARKING]]
    shifted[1][5] = "Rather close"
    shifted[2][4] = "30412"
    assert faults(store, shifted) == [
        ("not_allowed", 2, "closeness", "F2"),
        ("not_as_written", 3, "neighbour_dfe_la_code", "E3"),
    ]


def test_rows_left_out_before_keep_the_places_of_the_others(store: Store) -> None:
    elsewhere = [["", 845, 330, "Close", 331, "Close"]] * 3
    rows = [["", *HEADING], *elsewhere, ["", *HACKNEY[:-1], "Rather close"]]
    assert faults(store, rows) == [("not_allowed", 5, "closeness", "F5")]


def test_a_file_without_closeness_of_every_rank_names_the_row_alone() -> None:
    rows = [["old_la_code", "SN_1", "SN_2", "SN_2P"], [204, 206, 210, "Close"]]
    table = as_long(read_table(xlsx_bytes({"S": rows}), "sn.xlsx"), NEIGHBOURS)
    assert [table.cell_of(3, element) for element in range(2)] == [None, None]
    assert [table.cell_of(2, element) for element in range(2)] == ["B2", "C2"]
    assert table.columns[3].to_pylist() == ["", "Close"]


def test_any_other_table_stays_as_it_is() -> None:
    table = read_table(b"dfe_la_code,rank,neighbour_dfe_la_code,closeness\n204,1,206,Close\n", "x")
    assert as_long(table, NEIGHBOURS) is table
