"""From file to published, whole processes, beside the bare parser of the same file.

Each of gapmap's runs starts on a fresh copy of a store that holds a register; the copying is not
counted. Bare runs read the same file into a fresh DuckDB file, or into Python for a workbook.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks import synthetic
from benchmarks.measured import Command, in_turns
from benchmarks.stores import StoreFolder, gapmap

QUARTERS = tuple(f"{year}-Q{number}" for year in (2024, 2025) for number in (1, 2, 3, 4))
REGISTER_DATE = "2026-06-30"
TIMES = 3
BARE_CSV = """
import sys, duckdb
with duckdb.connect(sys.argv[2]) as store:
    # Not as parameters: DuckDB then imports pandas to look at them.
    file, encoding = sys.argv[1], sys.argv[3]
    store.execute(f"create table t as select * from read_csv('{file}', encoding='{encoding}')")
"""
BARE_XLSX = """
import sys, python_calamine
book = python_calamine.CalamineWorkbook.from_path(sys.argv[1])
book.get_sheet_by_index(0).to_python()
"""


def measure(folder: Path, rows: int, times: int = TIMES) -> list[dict[str, Any]]:
    """One dictionary a file: rows, megabytes, seconds and peak memory of both sides, and ratios.

    `rows` is the size of the large file of referrals; the small one, and the workbook, have a
    tenth of it.
    """
    folder.mkdir(parents=True, exist_ok=True)
    register = synthetic.demonstration_register()
    schools = synthetic.open_schools(register)
    prepared = _store_with_register(folder, register.content)
    national = min(synthetic.NATIONAL_SCHOOLS, 27 * rows // 1000)
    large = synthetic.referrals(schools, rows, QUARTERS)
    small = large.slice(0, rows // 10)
    loads = (
        ("referrals, CSV", synthetic.write_csv(small, folder / "referrals-small.csv")),
        ("referrals, CSV", synthetic.write_csv(large, folder / "referrals-large.csv")),
        ("referrals, XLSX", synthetic.write_xlsx(small, folder / "referrals-small.xlsx")),
        (
            "register, CSV of 140 columns",
            synthetic.write_register(register, folder / "register.csv", national),
        ),
    )
    counts = (small.num_rows, large.num_rows, small.num_rows, national)
    return [
        {"file": name, "rows": count, **_one(prepared, file, folder, times)}
        for (name, file), count in zip(loads, counts, strict=True)
    ]


def _store_with_register(folder: Path, content: bytes) -> StoreFolder:
    file = folder / "first-register.csv"
    file.write_bytes(content)
    prepared = StoreFolder(folder / "prepared")
    gapmap(prepared, "load", str(file), "--extract", "schools", "--date", "2024-09-30")
    return prepared


def _one(prepared: StoreFolder, file: Path, folder: Path, times: int) -> dict[str, Any]:
    bare, ours = _bare(file, folder), _ours(prepared, file, folder)
    return {"megabytes": file.stat().st_size / 2**20, **in_turns(bare, ours, times)}


def _bare(file: Path, folder: Path) -> Command:
    target = folder / "bare.duckdb"
    if file.suffix == ".xlsx":
        return Command([sys.executable, "-c", BARE_XLSX, str(file)], {}, lambda: None)
    encoding = "latin-1" if file.stem == "register" else "utf-8"
    arguments = [sys.executable, "-c", BARE_CSV, str(file), str(target), encoding]
    return Command(arguments, {}, _without(target))


def _without(file: Path) -> Callable[[], None]:
    return lambda: file.unlink(missing_ok=True)


def _ours(prepared: StoreFolder, file: Path, folder: Path) -> Command:
    fresh = StoreFolder(folder / "fresh")
    register = file.stem == "register"
    extract = ("schools", "--date", REGISTER_DATE) if register else ("referrals",)
    load = ("-m", "gapmap", "load", str(file), "--json", "--extract", *extract)
    return Command([sys.executable, *load], fresh.environment, lambda: prepared.copy_to(fresh.path))
