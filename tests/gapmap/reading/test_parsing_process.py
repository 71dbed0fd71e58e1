"""The process that parses workbooks: its answer, its limits, its end."""

import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from gapmap.reading import parsing_process
from gapmap.reading.parsing_process import read_workbook_apart
from gapmap.reading.refusal import Unreadable
from gapmap.reading.text_table import TextTable
from gapmap.reading.workbook import read_workbook
from gapmap.settings import ROOT
from tests.spreadsheets import ods_bytes, plain_xlsx, xlsx_of, xlsx_with, zipped
from tests.uploads import xlsx_bytes

TITLED = [["A title"], ["urn", "n"], [100001, 1.5], [100002, None], [None, "é"]]
FAR = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'


def code(content: bytes) -> str:
    with pytest.raises(Unreadable) as raised:
        read_workbook_apart(content)
    (issue,) = raised.value.issues
    return issue.code


def facts(table: TextTable) -> list[object]:
    columns = [column.to_pylist() for column in table.columns]
    numbers = table.row_numbers.tolist()
    read = [table.sheet, table.header, columns, numbers, table.typed_dates]
    return [*read, table.issues, table.header_row, table.titles, table.sheets]


@pytest.mark.parametrize("content", [xlsx_bytes({"S": TITLED}), ods_bytes({"S": TITLED})])
def test_the_same_table_as_without_a_process(content: bytes) -> None:
    apart = read_workbook_apart(content, frozenset({"urn"}))
    assert apart.header == ("urn", "n")
    assert apart.titles == ((1, ("A title", "")),)
    assert facts(apart) == facts(read_workbook(content, frozenset({"urn"})))


def test_the_same_refusal_as_without_a_process() -> None:
    content = xlsx_with({"xl/vbaProject.bin": b"x", "xl/comments1.xml": b"<x/>"})
    with pytest.raises(Unreadable) as here:
        read_workbook(content)
    with pytest.raises(Unreadable) as apart:
        read_workbook_apart(content)
    assert apart.value.issues == here.value.issues
    assert len(here.value.issues) == 2


def test_a_refusal_that_came_before_the_headings_were_told() -> None:
    # As on the command line, which gets ready meanwhile: the process has answered and is gone.
    reading = parsing_process.ApartReading(zipped({"word/document.xml": "<w/>"}))
    try:
        assert reading._process.wait(timeout=60) == 0
        with pytest.raises(Unreadable) as raised:
            reading.table(frozenset({"urn"}))
    finally:
        reading.close()
    assert [issue.code for issue in raised.value.issues] == ["not_a_workbook"]


def test_a_heading_without_rows() -> None:
    assert read_workbook_apart(xlsx_bytes({"S": [["a", "b"]]})).row_count == 0


# --- limits --------------------------------------------------------------------------------------


def test_a_sheet_beyond_the_memory() -> None:
    # Seventeen thousand million cells between the first and the last.
    assert code(xlsx_of(FAR)) == "too_complex"
    assert read_workbook_apart(plain_xlsx()).row_count == 1


def test_time_that_is_over(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parsing_process, "MOST_SECONDS", 0.01)
    assert code(plain_xlsx()) == "too_complex"


def in_a_process(program: str) -> str:
    """What a program prints that begins with the limits set."""
    program = "from gapmap.reading import workbook_worker as w; w.limit()\n" + program
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False
    )
    return done.stdout.strip() or done.stderr.strip().splitlines()[-1]


def test_the_limits_hold(tmp_path: Path) -> None:
    limits = "import resource as r; print(*(r.getrlimit(w)[1] for w in (r.RLIMIT_AS, r.RLIMIT_CPU, "
    limits += "r.RLIMIT_FSIZE, r.RLIMIT_CORE)))"
    assert in_a_process(limits) == f"{2048 * 1024 * 1024} 30 0 0"
    assert in_a_process("b'x' * (3 << 30)") == "MemoryError"
    file = tmp_path / "kept"
    written = f"import pathlib; pathlib.Path({str(file)!r}).write_text('x')"
    assert in_a_process(written) == "OSError: [Errno 27] File too large"
    assert file.read_bytes() == b""


# --- a process that ends otherwise ---------------------------------------------------------------


def ending(monkeypatch: pytest.MonkeyPatch, folder: Path, script: str) -> None:
    """Let a script be the process."""
    program = folder / "program"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(program))


@pytest.mark.parametrize(
    ("script", "said"),
    [
        ("exit 3", "too_complex"),
        ("exit 4", "not_a_workbook"),
        ("kill -ABRT $$", "too_complex"),
        ("kill -XCPU $$", "too_complex"),
        ("cat > /dev/null; echo half an answer; exit 3", "too_complex"),
    ],
)
def test_how_a_process_may_end(
    script: str, said: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    ending(monkeypatch, tmp_path, script)
    assert code(plain_xlsx() * 100) == said


def test_a_fault_of_ours_is_not_the_files(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    ending(monkeypatch, tmp_path, "cat > /dev/null; exit 1")
    with pytest.raises(RuntimeError, match="ended with status 1"):
        read_workbook_apart(plain_xlsx())


def test_the_process_knows_no_secret(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("GAPMAP_SECRET", "swordfish")
    ending(monkeypatch, tmp_path, f"env > {tmp_path}/seen; exit 3")
    code(plain_xlsx())
    seen = (tmp_path / "seen").read_text()
    assert "OMP_NUM_THREADS=1" in seen
    assert "GAPMAP_SECRET" not in seen


# --- many at once --------------------------------------------------------------------------------


def test_more_workbooks_at_once_than_processes() -> None:
    contents = [xlsx_bytes({"S": [["a"], [number]]}) for number in range(5)]
    with ThreadPoolExecutor(5) as pool:
        tables = list(pool.map(read_workbook_apart, contents))
    assert [table.columns[0].to_pylist() for table in tables] == [[str(n)] for n in range(5)]


def test_others_go_on_while_a_workbook_is_parsed() -> None:
    rows = [[number, "x"] for number in range(20_000)]
    parsing = threading.Thread(target=read_workbook_apart, args=(xlsx_bytes({"S": rows}),))
    parsing.start()
    ticks = 0
    while parsing.is_alive():
        time.sleep(0.005)
        ticks += 1
    assert ticks >= 5
