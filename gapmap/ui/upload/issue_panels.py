"""What is to be said of a file: the stages of its check, what refuses it, what is to be ticked."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pandas as pd
import streamlit as st

from gapmap.intake.intake import Prepared
from gapmap.issue import LISTED_AT_MOST, STAGES, Issue
from gapmap.mapping.layout import MAPPED
from gapmap.operations.operations import where
from gapmap.ui.exporting import download
from gapmap.ui.words import count, numbered

_TABLE_HEIGHT = 400
# Pixels; how a fault is mended has the most to say.
_WIDTHS = {"Severity": 74, "Where": 240, "What is wrong": 360, "How to mend it": 550}


def show_stages(prepared: Prepared) -> None:
    """Each stage of the check: passed, failed, or not run; three things, never two."""
    marks = {
        "passed": ":material/check: ",
        "failed": ":material/close: **",
        "not run": ":material/remove: :gray[",
    }
    ends = {"passed": "", "failed": "** (failed)", "not run": " (not run)]"}
    st.caption(
        " · ".join(
            f"{marks[outcome]}{STAGES[stage]}{ends[outcome]}"
            for stage, outcome in prepared.issues.stages().items()
        )
    )


def show_refusal(prepared: Prepared) -> None:
    """Every problem with its place and its mend, and a download of them."""
    problems = prepared.issues
    st.error(
        f"{numbered(problems.total, 'problem')}: nothing was stored. Mend them and drop the file "
        "again.",
        icon=":material/error:",
    )
    if problems.total > LISTED_AT_MOST:
        st.caption(f"The first {LISTED_AT_MOST:,} are listed.")
    table = _issues_table(problems)
    download(
        "Download the problems",
        lambda: table.to_csv(index=False).encode("utf-8-sig"),
        "problems.csv",
        "text/csv",
        f"problems of {prepared.upload.extract}",
    )


def _issue_row(issue: Issue) -> dict[str, Any]:
    return {
        "Severity": issue.severity,
        "Where": where(issue.as_dict()) or "the file",
        "What is wrong": issue.message,
        "How to mend it": issue.fix,
    }


def _issues_table(issues: Iterable[Issue]) -> pd.DataFrame:
    """The issues as a table, which is shown."""
    table = pd.DataFrame([_issue_row(issue) for issue in issues])
    st.dataframe(
        table,
        hide_index=True,
        height=min(_TABLE_HEIGHT, 40 + 35 * len(table)),
        column_config={
            heading: st.column_config.TextColumn(width=width) for heading, width in _WIDTHS.items()
        },
    )
    return table


# --- what is to be ticked ------------------------------------------------------------------------


def accept_warnings(prepared: Prepared) -> bool:
    """A tick for each kind of warning; whether all of them are ticked.

    Where a kind stands more than once its first is told, and all are listed below the ticks.
    """
    listed = prepared.issues.listed("warning")
    first: dict[str, Issue] = {}
    for issue in listed:
        first.setdefault(issue.code, issue)
    counts = prepared.issues.counts("warning")
    ticks = [
        st.checkbox(
            _to_tick(first[code], number),
            value=code == MAPPED,  # a person confirmed that already
            key=f"tick_{prepared.upload.sha256[:12]}_{code}",
        )
        for code, number in counts.items()
    ]
    if len(listed) > len(counts):
        with st.expander(_all_of(len(listed), sum(counts.values()))):
            _issues_table(listed)
    return all(ticks)


def _to_tick(issue: Issue, number: int) -> str:
    place = where(issue.as_dict())
    told = f"{issue.message}. {issue.fix}"
    if number > 1:
        return f"{count(number)} ×, first in {place or 'the file'}: {told}"
    return f"{place[:1].upper()}{place[1:]}: {told}" if place else f"{told[:1].upper()}{told[1:]}"


def _all_of(listed: int, in_all: int) -> str:
    if listed == in_all:
        return f"All {count(in_all)} warnings, with their places"
    return f"The first {count(listed)} of {count(in_all)} warnings, with their places"
