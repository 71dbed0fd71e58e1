"""From file to published, whole processes, beside the bare parser of the same file.

Each of gapmap's runs starts on a fresh copy of a store; the copying is not counted. Bare runs read
the same file into a fresh DuckDB file, or into Python for a workbook.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks import synthetic
from benchmarks.measured import Command, in_turns
from benchmarks.stores import StoreFolder, gapmap

QUARTERS = tuple(f"{year}-Q{number}" for year in (2024, 2025) for number in (1, 2, 3, 4))
REGISTER_DATE = "2026-06-30"
TIMES = 5
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


@dataclass(frozen=True)
class Load:
    """One file that is loaded. `into`: the store that each of its runs starts on a copy of.

    `checked_only`: read and held against contract and store, then left (`--dry-run`).
    """

    name: str
    file: Path
    rows: int
    into: StoreFolder
    checked_only: bool = False


def measure(folder: Path, rows: int, times: int = TIMES) -> list[dict[str, Any]]:
    """One dictionary a file: rows, megabytes, seconds and peak memory of both sides, and ratios.

    `rows` is the size of the large file of referrals; the small one, and the workbook, have a
    tenth of it. They go into a store in use, which holds their quarters by other returns. The small
    one goes into a store that holds a register alone too, where it is the first of eight quarters:
    the states of every school in each of them are then worked out.
    """
    folder.mkdir(parents=True, exist_ok=True)
    register = synthetic.demonstration_register()
    schools = synthetic.open_schools(register)
    first = _store_with_register(folder, register.content)
    in_use = _store_in_use(folder, first)
    national = min(synthetic.NATIONAL_SCHOOLS, 27 * rows // 1000)
    large = synthetic.referrals(schools, rows, QUARTERS)
    small = large.slice(0, rows // 10)
    small_csv = synthetic.write_csv(small, folder / "referrals-small.csv")
    large_csv = synthetic.write_csv(large, folder / "referrals-large.csv")
    workbook = synthetic.write_xlsx(small, folder / "referrals-small.xlsx")
    whole = synthetic.write_register(register, folder / "register.csv", national)
    loads = (
        Load("referrals, CSV", small_csv, small.num_rows, in_use),
        Load("referrals, CSV", large_csv, large.num_rows, in_use),
        Load("referrals, XLSX", workbook, small.num_rows, in_use),
        Load("referrals, XLSX, read and checked", workbook, small.num_rows, in_use, True),
        Load("referrals, CSV, first of eight quarters", small_csv, small.num_rows, first),
        Load("register, CSV of 140 columns", whole, national, first),
    )
    return [{"file": load.name, "rows": load.rows, **_one(load, folder, times)} for load in loads]


def _store_with_register(folder: Path, content: bytes) -> StoreFolder:
    file = folder / "first-register.csv"
    file.write_bytes(content)
    prepared = StoreFolder(folder / "prepared")
    gapmap(prepared, "load", str(file), "--extract", "schools", "--date", "2024-09-30")
    return prepared


def _store_in_use(folder: Path, first: StoreFolder) -> StoreFolder:
    """The store with a register after the LADO's returns for every quarter."""
    file = synthetic.write_csv(synthetic.lado_returns(QUARTERS), folder / "lado.csv")
    in_use = first.copy_to(folder / "in-use")
    gapmap(in_use, "load", str(file), "--extract", "lado")
    return in_use


def _one(load: Load, folder: Path, times: int) -> dict[str, Any]:
    bare, ours = _bare(load.file, folder), _ours(load, folder)
    return {"megabytes": load.file.stat().st_size / 2**20, **in_turns(bare, ours, times)}


def _bare(file: Path, folder: Path) -> Command:
    target = folder / "bare.duckdb"
    if file.suffix == ".xlsx":
        return Command([sys.executable, "-c", BARE_XLSX, str(file)], {}, lambda: None)
    encoding = "latin-1" if file.stem == "register" else "utf-8"
    arguments = [sys.executable, "-c", BARE_CSV, str(file), str(target), encoding]
    return Command(arguments, {}, _without(target))


def _without(file: Path) -> Callable[[], None]:
    return lambda: file.unlink(missing_ok=True)


def _ours(load: Load, folder: Path) -> Command:
    fresh = StoreFolder(folder / "fresh")
    register = load.file.stem == "register"
    extract = ("schools", "--date", REGISTER_DATE) if register else ("referrals",)
    words = ["-m", "gapmap", "load", str(load.file), "--json", "--extract", *extract]
    words += ["--dry-run"] if load.checked_only else []
    prepare = partial(load.into.copy_to, fresh.path)
    return Command([sys.executable, *words], fresh.environment, prepare)
