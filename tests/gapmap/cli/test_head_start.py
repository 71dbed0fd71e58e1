"""What the command line does before it imports the rest."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from gapmap.cli.head_start import begin
from gapmap.reading import parsing_process
from gapmap.reading.parsing_process import ApartReading, abandon, read_workbook_apart
from gapmap.settings import ROOT
from tests.uploads import xlsx_bytes

BOOK = xlsx_bytes({"S": [["urn"], [100001]]})


@pytest.fixture(autouse=True)
def _no_leftovers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("GAPMAP_STORE", str(tmp_path / "store" / "gapmap.duckdb"))
    yield
    abandon()


@pytest.fixture
def book(tmp_path: Path) -> str:
    path = tmp_path / "book.xlsx"
    path.write_bytes(BOOK)
    return str(path)


def begun() -> list[bytes]:
    return [reading.content for reading in parsing_process._begun]


@pytest.mark.parametrize("command", ["load", "map"])
def test_the_workbook_of_a_command_is_begun(book: str, command: str) -> None:
    begin([command, "--extract", "schools", book, "--date", "2026-09-30"])
    assert begun() == [BOOK]


def test_what_was_begun_is_read_once(book: str, monkeypatch: pytest.MonkeyPatch) -> None:
    begin(["load", book])
    with monkeypatch.context() as watched:
        watched.setattr(parsing_process, "ApartReading", lambda _: pytest.fail("begun twice"))
        assert read_workbook_apart(BOOK).columns[0].to_pylist() == ["100001"]
    assert begun() == []
    assert read_workbook_apart(BOOK).row_count == 1


def test_another_workbook_has_a_process_of_its_own(book: str) -> None:
    begin(["load", book])
    other = xlsx_bytes({"S": [["n"], ["other"]]})
    assert read_workbook_apart(other).columns[0].to_pylist() == ["other"]
    assert begun() == [BOOK]


def test_what_nobody_asks_for_is_ended(book: str) -> None:
    slots = parsing_process._slots._value  # type: ignore[attr-defined]
    begin(["load", book])
    (reading,) = parsing_process._begun
    abandon()
    assert reading._process.poll() is not None
    assert begun() == []
    assert parsing_process._slots._value == slots  # type: ignore[attr-defined]


def test_nothing_is_begun_without_need(
    book: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    csv = tmp_path / "x.csv"
    csv.write_bytes(b"urn\n100001\n")
    for arguments in (
        [],
        ["load"],
        ["load", "--help"],
        ["load", str(csv)],
        ["load", str(tmp_path)],
        ["load", str(tmp_path / "missing.xlsx")],
        ["load", "x" * 5000],
        ["submissions", book],
    ):
        begin(arguments)
    monkeypatch.setenv("GAPMAP_MAX_UPLOAD_MB", "none")
    begin(["load", book])
    assert begun() == []


def test_a_workbook_that_is_too_large_is_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    large = tmp_path / "large.xlsx"
    large.write_bytes(BOOK + b"\0" * 2**20)
    monkeypatch.setenv("GAPMAP_MAX_UPLOAD_MB", "1")
    begin(["load", str(large)])
    assert begun() == []


def test_the_running_app_reads_the_file_itself(book: str, tmp_path: Path) -> None:
    (tmp_path / "store").mkdir()
    (tmp_path / "store" / "gapmap-owner.json").write_text("{}")
    begin(["load", book])
    assert begun() == []


def test_a_process_that_cannot_be_started_gives_its_turn_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    slots = parsing_process._slots._value  # type: ignore[attr-defined]
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    with pytest.raises(OSError, match="nowhere"):
        ApartReading(BOOK)
    assert parsing_process._slots._value == slots  # type: ignore[attr-defined]


PROGRAM = """
import sys
from gapmap.without_pandas import leave_out_pandas
leave_out_pandas()
import duckdb, pyarrow as pa
import pyarrow.parquet
rows = pa.table({"a": pa.array([1, None, 3]), "b": pa.array(["x", "y", None])})
with duckdb.connect() as store:
    assert store.execute("select sum(a), $b from rows", {"b": "x"}).fetchall() == [(4, "x")]
assert pa.Table.from_pylist([{"a": 1}]).num_rows == 1
try:
    import pandas
except ModuleNotFoundError as fault:
    assert fault.name == "pandas"
else:
    raise AssertionError("it is there")
assert not [name for name in sys.modules if name.partition(".")[0] == "pandas"]
"""


def test_arrow_and_duckdb_do_without_pandas() -> None:
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", PROGRAM],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == ""


def imported_by(*words: str) -> set[str]:
    """The modules that a command imports."""
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "gapmap", *words],
        cwd=ROOT,
        env=os.environ,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-500:]
    lines = [line for line in done.stderr.splitlines() if line.startswith("import time:")]
    return {line.rpartition("|")[2].strip() for line in lines}


def test_a_load_imports_what_it_uses_alone(tmp_path: Path) -> None:
    file = tmp_path / "lado.csv"
    file.write_text(
        "borough,quarter,contacts_education,threshold_met,concluded,substantiated\n"
        "Hackney,2026-Q3,20,10,8,0\n"
    )
    found = imported_by("load", str(file), "--extract", "lado", "--dry-run")
    assert {"duckdb", "pyarrow", "numpy"} <= found
    # The import of pandas itself is tried, and fails.
    others = {"pandas.errors", "streamlit", "shapely", "pyproj", "plotly", "xlsxwriter"}
    assert (
        found & (others | {"python_calamine", "asyncio", "gapmap.demo", "gapmap.recovery.backup"})
        == set()
    )


def test_a_workbook_is_loaded_by_the_command_line(book: str, tmp_path: Path) -> None:
    lado = tmp_path / "lado.xlsx"
    heading = ["borough", "quarter", "contacts_education", "threshold_met", "concluded"]
    rows = [[*heading, "substantiated"], ["Hackney", "2026-Q3", 20, 10, 8, 0]]
    lado.write_bytes(xlsx_bytes({"S": rows}))
    done = subprocess.run(
        [sys.executable, "-W", "error", "-m", "gapmap", "load", str(lado), "--extract", "lado"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == ""
    assert "published lado-00001: 1 rows" in done.stdout
