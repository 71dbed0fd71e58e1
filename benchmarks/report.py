"""The results as Markdown tables, as the README holds them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

Results = Mapping[str, Any]


def markdown(results: Results) -> str:
    """The tables of whatever parts were measured, and a line that says with what."""
    parts = [_measured_with(results["measured_with"])]
    for name, formatted in (
        ("load", _load),
        ("queries", _queries),
        ("audit", _audit),
        ("browser", _browser),
    ):
        if name in results:
            parts.append(formatted(results[name]))
    return "\n\n".join(parts) + "\n"


def _measured_with(made: Mapping[str, Any]) -> str:
    return (
        f"{made['date']}, {made['cores']} cores, {made['memory_gb']} GB; Python {made['python']}, "
        f"DuckDB {made['duckdb']}, Streamlit {made['streamlit']}."
    )


def _table(heading: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [heading, ["---", *["--:"] * (len(heading) - 1)], *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _load(loads: Sequence[Mapping[str, Any]]) -> str:
    rows = [
        (
            load["file"],
            f"{load['rows']:,}",
            f"{load['megabytes']:.1f}",
            f"{load['bare']['seconds']:.2f} s",
            f"{load['gapmap']['seconds']:.2f} s",
            f"{load['ratio']:.1f}",
            f"{load['cpu_ratio']:.1f}",
            f"{load['bare']['peak_mb']:,.0f} MB",
            f"{load['gapmap']['peak_mb']:,.0f} MB",
        )
        for load in loads
    ]
    heading = (
        "load",
        "rows",
        "MB",
        "bare",
        "gapmap",
        "ratio",
        "ratio of CPU",
        "bare memory",
        "gapmap memory",
    )
    return _table(heading, rows)


def _queries(queries: Mapping[str, Any]) -> str:
    small, large = (short(queries["rows"][size]) for size in ("small", "large"))
    heading = (
        "page: question",
        "store",
        f"{small} rows",
        f"{large} rows",
        "growth",
        f"from the rows, {small}",
        f"from the rows, {large}",
    )
    return _table(heading, [_query_row(asked) for asked in queries["questions"]])


def _query_row(asked: Mapping[str, Any]) -> Sequence[str]:
    sides = ("from_rows_ms_small", "from_rows_ms_large")
    return (
        f"{asked['page']}: `{asked['question']}`",
        asked["store"],
        f"{asked['ms_small']:.1f} ms",
        f"{asked['ms_large']:.1f} ms",
        f"{asked['ms_growth']:.2f}",
        *(f"{asked[side]:.1f} ms" if side in asked else "–" for side in sides),
    )


def _audit(audit: Mapping[str, Any]) -> str:
    rows = [
        (
            name,
            f"{made['seconds']:.1f} s",
            f"{made['ratio']:,.0f}",
            f"{made['hidden']:,}",
            f"{made['withheld']:,}",
            f"{made['solves']:,}",
            f"{made['viewers']:,}",
        )
        for name, made in (
            (f"a quarter of {audit['cells']:,} cells", audit["full"]),
            ("the same with one borough corrected", audit["one_borough"]),
        )
    ]
    programme = f"in linear programmes of {1000 * audit['programme_seconds']:.0f} ms"
    heading = ("audit", "time", programme, "hidden", "withheld", "solves", "viewers")
    return _table(heading, rows)


def short(rows: int) -> str:
    """A number of rows in few characters: 10M, 100k, 250."""
    for unit, sign in ((1_000_000, "M"), (1000, "k")):
        if rows >= unit and rows % unit == 0:
            return f"{rows // unit}{sign}"
    return f"{rows:,}"


def _browser(browser: Mapping[str, Any]) -> str:
    screens = (
        ("first London screen after the start", browser["first_screen"]),
        ("London screen, another new browser", browser["second_screen"]),
    )
    steps = (
        ("filter changed on London, not cached", browser["filter"]["not_cached"]),
        ("filter changed on London, cached", browser["filter"]["cached"]),
        ("first borough opened from London", browser["borough"]["first"]),
        ("borough opened from London, not cached", browser["borough"]["not_cached"]),
        ("borough opened from London, cached", browser["borough"]["cached"]),
    )
    heading = ("in Chromium", "median", "worst", "on the wire")
    return _table(heading, [_browser_row(*step) for step in (*screens, *steps)])


def _browser_row(name: str, step: Mapping[str, float]) -> Sequence[str]:
    return (
        name,
        f"{step['ms']:,.0f} ms",
        f"{step.get('ms_worst', step['ms']):,.0f} ms",
        f"{step['wire_bytes'] / 1000:,.1f} kB",
    )
