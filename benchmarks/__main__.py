"""`python -m benchmarks`: measure, print the tables, write benchmarks.json."""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import click

from benchmarks import asking, auditing, loading
from benchmarks.measured import measured_with
from benchmarks.report import markdown
from benchmarks.stores import StoreFolder, with_demonstration

PARTS = ("load", "queries", "audit", "browser")
ROWS = 1_000_000
LEAST_ROWS = 1000


@click.command()
@click.option("--only", type=click.Choice(PARTS), help="One part alone.")
@click.option(
    "--rows",
    type=click.IntRange(LEAST_ROWS),
    default=ROWS,
    show_default=True,
    help="Rows of referrals: loads take this many and a tenth, queries this many and ten times.",
)
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder for benchmarks.json and for the stores, which are kept; else nothing is kept.",
)
def main(only: str | None, rows: int, out: Path | None) -> None:
    """Measure gapmap beside the bare tools, in one run."""
    parts = PARTS if only is None else (only,)
    if out is None:
        with tempfile.TemporaryDirectory(prefix="gapmap-benchmarks-") as folder:
            results = measure(parts, rows, Path(folder))
    else:
        out.mkdir(parents=True, exist_ok=True)
        results = measure(parts, rows, out)
        text = json.dumps(results, indent=2) + "\n"
        (out / "benchmarks.json").write_text(text, encoding="utf-8")
    click.echo(markdown(results))


def measure(parts: tuple[str, ...], rows: int, folder: Path) -> dict[str, Any]:
    """The results of the parts by name, and what they were measured with."""

    @cache
    def demonstration() -> StoreFolder:
        _say("loading the demonstration data")
        return with_demonstration(_fresh(folder / "demonstration"))

    def browsing() -> Any:
        # Only here: the other parts run without the browser's requirements.
        from benchmarks.browsing import measure as measure_browser

        return measure_browser(folder / "browser", demonstration())

    measures: Mapping[str, Callable[[], Any]] = {
        "load": lambda: loading.measure(_fresh(folder / "load"), rows),
        "queries": lambda: asking.measure(_fresh(folder / "queries"), rows, demonstration()),
        "audit": lambda: auditing.measure(demonstration()),
        "browser": browsing,
    }
    results: dict[str, Any] = {"measured_with": measured_with(), "rows": rows}
    for part in parts:
        _say(f"measuring: {part}")
        results[part] = measures[part]()
    return results


def _fresh(folder: Path) -> Path:
    """A folder for a part's files. Raises UsageError when an earlier run left its own there."""
    if folder.exists():
        raise click.UsageError(f"{folder} is there already; name another folder with --out")
    folder.mkdir(parents=True)
    return folder


def _say(text: str) -> None:
    click.echo(text, err=True)


if __name__ == "__main__":
    sys.exit(main())
