"""The panels of the school screen: what the register says, item by item, and over time."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
import streamlit as st

from gapmap.indicator import definitions
from gapmap.ui import palette
from gapmap.ui.words import count, missing, sentence, state_words, text


def register_line(school: Mapping[str, Any], *, named: bool) -> str:
    """What the register says of a school, in one line; its trust only where schools are named."""
    ages = (
        ""
        if missing(school["low_age"]) or missing(school["high_age"])
        else f", ages {count(school['low_age'])}–{count(school['high_age'])}"
    )
    derived = " (derived from its ages)" if school["phase_source"] == "derived from ages" else ""
    parts = [
        f"{sentence(school['school_type'])}, {school['phase']}{derived}{ages}",
        f"{count(school['pupils'])} pupils"
        if not missing(school["pupils"])
        else "pupils not known",
    ]
    if named and not missing(school["trust_name"]):
        parts.append(f"trust: {school['trust_name']}")
    if named and not missing(school["federation_name"]):
        parts.append(f"federation: {school['federation_name']}")
    dated = f"{school['register_date']:%d %B %Y}".lstrip("0")
    return " · ".join([*parts, f"register of {dated}"])


def items(found: pd.DataFrame) -> None:
    """Each item: state, evidence, the quarter and file that it comes from, and what closes it."""
    rows = sorted((_item(row) for row in found.to_dict("records")), key=_severity)
    st.table(pd.DataFrame(rows).style.map(_state_style, subset=["State"]), hide_index=True)


def _severity(item: Mapping[str, Any]) -> int:
    return _ORDER.index(str(item["State"]).partition(":")[0].replace(" ", "_"))


_ORDER = ("gap", "unknown", "met", "not_applicable")


def _item(row: Mapping[Any, Any]) -> dict[str, Any]:
    definition = definitions()[row["indicator"]]
    is_gap = row["state"] in ("gap", "unknown")
    return {
        "Item": definition.title,
        "State": state_words(row["state"], row["reason"]),
        "Evidence": text(row["evidence"]),
        "Quarter": text(row["evidence_quarter"]),
        "Source file": text(row["file_name"]),
        "Submission": text(row["submission_id"]),
        "Owner": sentence(definition.owner),
        "What closes it": definition.closes if is_gap else "",
    }


def _state_style(standing: Any) -> str:
    words = str(standing)
    state: palette.State = (
        "unknown" if words.startswith("unknown") else words  # type: ignore[assignment]
    )
    return f"color: {palette.STATE_TEXT_COLOURS[state]}; font-weight: 600"


def history(found: pd.DataFrame) -> None:
    """The state on every item in every quarter, one row an item."""
    st.subheader("How did it stand before?")
    titles = {name: definition.title for name, definition in definitions().items()}
    words = found.assign(
        item=found["indicator"].map(titles),
        standing=[state_words(row["state"], row["reason"]) for row in found.to_dict("records")],
    )
    wide = words.pivot(index="item", columns="quarter", values="standing").fillna("not in scope")
    wide = wide.rename_axis("Item")
    st.table(wide.style.map(_history_style))


def _history_style(words: Any) -> str:
    return _state_style(words) if words != "not in scope" else f"color: {palette.MUTED_TEXT}"
