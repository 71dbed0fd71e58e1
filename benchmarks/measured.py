"""Measuring: whole processes in turns, medians, and what they were measured with."""

from __future__ import annotations

import json
import os
import platform
import statistics
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
LAUNCH = ROOT / "benchmarks" / "launch.py"
PACKAGES = ("duckdb", "streamlit", "pyarrow", "python-calamine", "playwright")


class Failed(RuntimeError):
    """A measured command did not do its work."""


@dataclass(frozen=True)
class Command:
    """A process to measure. `prepare` runs before each time, unmeasured."""

    arguments: Sequence[str]
    environment: Mapping[str, str]
    prepare: Callable[[], object]


def run_measured(command: Command) -> dict[str, float]:
    """Seconds from start to end, seconds of processors, and peak memory in MB.

    Raises Failed unless its exit code is 0.
    """
    command.prepare()
    done = subprocess.run(
        [sys.executable, "-S", str(LAUNCH), *command.arguments],
        cwd=ROOT,
        env={**os.environ, **command.environment},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise Failed(f"{' '.join(command.arguments)}: {done.stderr or done.stdout}")
    measured: dict[str, float] = json.loads(done.stdout)
    return measured


Measured = dict[str, float]


def in_turns(bare: Command, ours: Command, times: int) -> dict[str, Any]:
    """Medians of both, and of the ratios of each turn: what slows the machine slows both sides."""
    turns = [(run_measured(bare), run_measured(ours)) for _ in range(times)]
    return {
        "bare": _medians([first for first, _ in turns]),
        "gapmap": _medians([second for _, second in turns]),
        "ratio": _median_ratio(turns, "seconds"),
        "cpu_ratio": _median_ratio(turns, "cpu_seconds"),
        "turns": [{"bare": first, "gapmap": second} for first, second in turns],
    }


def _medians(measured: Sequence[Measured]) -> Measured:
    return {key: statistics.median(one[key] for one in measured) for key in measured[0]}


def _median_ratio(turns: Sequence[tuple[Measured, Measured]], key: str) -> float:
    return statistics.median(second[key] / first[key] for first, second in turns)


def measured_with() -> dict[str, Any]:
    """The date in UTC, the number of cores and the versions of what is measured."""
    return {
        "date": datetime.now(UTC).date().isoformat(),
        "cores": os.cpu_count(),
        "memory_gb": round(_memory_bytes() / 2**30),
        "python": platform.python_version(),
        **{package: version(package) for package in PACKAGES},
    }


def _memory_bytes() -> int:
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
