"""What changed since the quarter before: by indicator, by borough, and what closed the gap."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import pandas as pd
import streamlit as st

from gapmap.access import Viewer
from gapmap.contract import contracts
from gapmap.indicator import Definition
from gapmap.ui.exporting import provenance, under_table
from gapmap.ui.filling import filling_box
from gapmap.ui.frame import Source
from gapmap.ui.loads import load
from gapmap.ui.london.headline import school_extracts
from gapmap.ui.navigation import go_into
from gapmap.ui.tables import chosen_row
from gapmap.ui.words import count, day_words, numbered, percent, sentence, signed

# Under so many schools known in both quarters one school moves a share by 10 points: no change of
# theirs is called one.
LEAST_SAME: Final = 10
MOST_NAMED: Final = 3
PARAMETER: Final = "moved"
STANDING_WORDS: Final[Mapping[str, str]] = {
    "improved": "improved",
    "slipped": "slipped",
    "unchanged": "unchanged",
    "too few": "too few",
    "revised": "revised",
}
_STYLE: Final = """<style>
.st-key-what_closed p, .st-key-what_closed li {font-size: .875rem; line-height: 1.35;}
.st-key-what_closed {gap: .4rem;}
</style>"""
# At 1280 pixels each table then ends with a column; what is further right is scrolled to.
_COLUMNS: Final = (465, 408, 323)
_LEAST: Final = 270
_TAKEN: Final = 450

Filters = Mapping[str, str | None]


def settle() -> None:
    """Turn the indicator's filter to the row that was chosen; before the filter is drawn."""
    asked = st.session_state.pop("changed_indicator", None)
    if asked is not None:
        st.session_state["indicator"] = asked


def no_quarter_before(quarter: str) -> None:
    """The first quarter that is held has none to be compared with."""
    st.info(
        f"The quarter before {quarter} is not held, so nothing can be said to have changed. Choose "
        "a later quarter.",
        icon=":material/history:",
    )


def show_changed(
    viewer: Viewer,
    definition: Definition,
    quarter: str,
    previous: str,
    of_school: Filters,
    source_of: Source,
) -> None:
    """All indicators, the boroughs of the chosen one, and what closed the gap in one of them: the
    most improved until another is chosen."""
    given = {"quarter": quarter, "previous": previous, **of_school}
    changed = load(viewer, "london/changed", **given)
    movers = load(viewer, "london/movers", indicator=definition.name, least=LEAST_SAME, **given)
    source = source_of(school_extracts())
    left, middle, right = st.columns(_COLUMNS, gap="small")
    with left:
        st.subheader(f"What changed since {previous}?")
        with filling_box("changed_all", least=_LEAST, taken=_TAKEN):
            chosen = _indicators(changed)
        _export(changed_table(changed), "Changes", quarter, of_school, source, "changed")
    with middle:
        st.subheader("Who improved, who slipped?")
        with filling_box("changed_one", least=_LEAST, taken=_TAKEN):
            clicked = _movers(movers)
        _export(
            movers_table(movers),
            definition.title,
            quarter,
            of_school,
            source_of(definition.extracts),
            "movers",
        )
    with right:
        _what_closed(viewer, definition, movers, quarter, previous, of_school)
    st.markdown(f"**{definition.title}.** {said_of(movers)}")
    st.caption(source)
    if clicked:
        go_into(**{PARAMETER: clicked})
    if chosen and chosen != definition.name:
        st.query_params.pop(PARAMETER, None)
        st.session_state["changed_indicator"] = chosen
        st.rerun()


def _what_closed(
    viewer: Viewer,
    definition: Definition,
    movers: pd.DataFrame,
    quarter: str,
    previous: str,
    of_school: Filters,
) -> None:
    code = _looked_at(movers) or most_improved(movers)
    if code is None:
        st.info(f"No borough improved on {definition.title}.", icon=":material/trending_flat:")
    else:
        row = dict(movers.loc[movers["borough_code"] == code].iloc[0])
        what_closed(viewer, definition, row, quarter, previous, of_school)


def _looked_at(movers: pd.DataFrame) -> str | None:
    """The borough that the URL names (?moved=), or None for the most improved."""
    asked = st.query_params.get(PARAMETER)
    return asked if asked in set(movers["borough_code"]) else None


def most_improved(movers: pd.DataFrame) -> str | None:
    """The borough with the largest improvement of the same schools (london/movers), if any."""
    improved = movers[movers["standing"] == "improved"]
    return None if improved.empty else str(improved.iloc[0]["borough_code"])


def changed_table(changed: pd.DataFrame) -> pd.DataFrame:
    """The change of every indicator, for all schools and for the same ones."""
    every = zip(changed["gap_before"], changed["gap"], strict=True)
    same = zip(changed["same_gap_before"], changed["same_gap"], strict=True)
    return pd.DataFrame(
        {
            "Indicator": changed["title"],
            "Gap": [f"{count(before)} → {count(now)}" for before, now in every],
            "Same schools": [f"{count(before)} → {count(now)}" for before, now in same],
            "Closed": changed["closed"],
            "Opened": changed["opened"],
            "Became known": changed["became_known"],
            "Became unknown": changed["became_unknown"],
            "Pupils": changed["pupils_closed"],
            "Known in both": changed["same_n"],
        }
    )


def _indicators(changed: pd.DataFrame) -> str | None:
    place = chosen_row(
        changed_table(changed),
        key="changed_indicators",
        height="stretch",
        columns={
            "Indicator": st.column_config.TextColumn(width=126),
            "Gap": st.column_config.TextColumn(
                width=92,
                alignment="right",
                help="Schools with the gap before and now, of all schools.",
            ),
            "Same schools": st.column_config.TextColumn(
                width=98,
                alignment="right",
                help="The same, of the schools known in both quarters only.",
            ),
            "Closed": _number("From gap to met."),
            "Opened": _number("From met to gap.", 62),
            "Became known": _number("Unknown before, known now: no gap closed by that.", 110),
            "Became unknown": _number("Known before, unknown now: no gap closed by that.", 124),
            "Pupils": st.column_config.NumberColumn(
                width=66, format="localized", help="In the schools that closed it."
            ),
            "Known in both": _number("Schools known in both quarters.", 110),
        },
    )
    return None if place is None else str(changed.iloc[place]["indicator"])


def _number(meaning: str, width: int = 58) -> Any:
    return st.column_config.NumberColumn(width=width, help=meaning)


def movers_table(movers: pd.DataFrame) -> pd.DataFrame:
    """Every borough's change of the same schools, those that improved most on top."""
    both = zip(movers["low"], movers["high"], strict=True)
    return pd.DataFrame(
        {
            "Borough": movers["borough"],
            "Change": movers["points"],
            "95%": [_range(low, high) for low, high in both],
            "Standing": [STANDING_WORDS[standing] for standing in movers["standing"]],
            "Closed": movers["closed"],
            "Opened": movers["opened"],
            "Same schools": movers["same_n"],
        }
    )


def _range(low: Any, high: Any) -> str:
    if pd.isna(low):
        return "–"
    return f"{signed(round(low))} to {signed(round(high))}"


def _movers(movers: pd.DataFrame) -> str | None:
    place = chosen_row(
        movers_table(movers),
        key="changed_boroughs",
        height="stretch",
        changes={"Change": True},
        columns={
            "Borough": st.column_config.TextColumn(width=152),
            "Change": st.column_config.NumberColumn(
                width=62,
                help="Of the share met, same schools only, in percentage points.",
            ),
            "95%": st.column_config.TextColumn(
                width=86,
                alignment="right",
                help="Interval of the change. With ±0 inside, chance could do it.",
            ),
            "Standing": st.column_config.TextColumn(
                width=72,
                help=f"Improved or slipped, with {LEAST_SAME} same schools or more and enough "
                "known. Revised: a return was replaced, and the change may be the correction's.",
            ),
            "Closed": _number("From gap to met."),
            "Opened": _number("From met to gap.", 62),
            "Same schools": _number("Schools known in both quarters.", 100),
        },
    )
    return None if place is None else str(movers.iloc[place]["borough_code"])


def said_of(movers: pd.DataFrame) -> str:
    """Who improved and who slipped, in a sentence each; what a revision moved is neither."""
    improved = movers[movers["standing"] == "improved"].head(MOST_NAMED)
    slipped = movers[movers["standing"] == "slipped"].iloc[::-1].head(MOST_NAMED)
    revised = movers[(movers["standing"] == "revised") & (movers["closed"] + movers["opened"] > 0)]
    said = [
        f"Improved most: {_named(improved)}." if len(improved) else "No borough improved.",
        f"Slipped most: {_named(slipped)}." if len(slipped) else "None slipped.",
    ]
    if len(revised):
        names = ", ".join(revised["borough"])
        said.append(f"A revised return lies behind the change of {names}: not an improvement.")
    return " ".join(said)


def _named(rows: pd.DataFrame) -> str:
    pairs = zip(rows["borough"], rows["points"], strict=True)
    return ", ".join(f"{name} {signed(round(points))}" for name, points in pairs)


# --- what closed the gap --------------------------------------------------------------------------


def what_closed(
    viewer: Viewer,
    definition: Definition,
    row: Mapping[Any, Any],
    quarter: str,
    previous: str,
    of_school: Filters,
) -> None:
    """One borough (a row of london/movers): which schools closed the gap, and what was done and
    said in the meantime."""
    code, borough = str(row["borough_code"]), str(row["borough"])
    of_borough = {"quarter": quarter, "borough": code}
    types = load(
        viewer, "london/closed_by_type", indicator=definition.name, **of_borough, **of_school
    )
    items = load(viewer, "london/items_changed", previous=previous, **of_borough)
    messages = load(viewer, "london/messages_sent", **of_borough)
    returns = load(
        viewer, "london/returns_behind", previous=previous, indicator=definition.name, **of_borough
    )
    st.html(_STYLE)
    st.subheader(f"What closed the gap in {borough}?")
    with filling_box("what_closed", least=_LEAST, taken=_TAKEN):
        st.markdown(closed_words(row, types, definition))
        st.markdown(f"**What closes it**, by its definition: {definition.closes}")
        st.markdown(
            f"**Done meanwhile**, as reported for {quarter}; that it closed the gap is not "
            f"proven:\n{done_words(items, messages)}"
        )
        st.markdown(evidence_words(returns, quarter))
    if st.button(f"Open {borough}", icon=":material/arrow_forward:", type="tertiary"):
        go_into(borough=code)


def closed_words(row: Mapping[Any, Any], types: pd.DataFrame, definition: Definition) -> str:
    """How many schools closed the gap, of which types, and whether a revision may have done it."""
    closed = [
        f"{count(kind['closed'])} of {count(kind['same_n'])} {kind['school_type']}"
        for kind in types[types["closed"] > 0].to_dict("records")
    ]
    said = [
        f"**{numbered(int(row['closed']), 'school')} closed it**"
        + (f" ({', '.join(closed)})" if closed else "")
        + f", {count(row['opened'])} opened it: {percent(row['same_share_before'])} → "
        f"{percent(row['same_share'])} met of {count(row['same_n'])} known in both quarters.",
        f"{count(types['pupils_closed'].sum())} pupils are in those that closed it; "
        f"{numbered(int(row['gap']), 'school')} still: {definition.gap}.",
    ]
    if row["standing"] == "revised":
        said.append("**A return was revised**: the change may be the correction's.")
    elif row["low"] <= 0 <= row["high"]:
        said.append("So small a change chance could make.")
    return " ".join(said)


def evidence_words(returns: pd.DataFrame, quarter: str) -> str:
    """The returns that the change rests on, one a line; which of them were revised."""
    if returns.empty:
        return f"**Evidence**: no return for {quarter}; earlier answers still count."
    lines = [
        f"- {contracts()[row['extract']].title}, {row['quarter']}: `{row['file_name']}`"
        + (
            f", **revised** on {day_words(row['published_at'])} (first sent "
            f"{day_words(row['first_sent_at'])})"
            if row["revised"]
            else ""
        )
        for row in returns.to_dict("records")
    ]
    return "**Evidence**:\n" + "\n".join(lines)


def done_words(items: pd.DataFrame, messages: pd.DataFrame) -> str:
    """Items of the review that moved on and messages to schools, one a line."""
    lines = [
        f"- Review: {row['item']}, {row['status']}"
        + (f" ({row['month']})" if isinstance(row["month"], str) else "")
        for row in items.to_dict("records")
    ]
    lines += [
        f"- {sentence(row['agency'])}: {row['message']} to {count(row['schools_reached'])} schools "
        f"({row['school_type']}, {row['month']})"
        for row in messages.to_dict("records")
    ]
    return "\n".join(lines) or "- nothing: no item of the review moved, and no message was logged"


def _export(
    table: pd.DataFrame, title: str, quarter: str, of_school: Filters, source: str, key: str
) -> None:
    under_table(
        title,
        lambda: table,
        provenance(
            f"{title} since the quarter before",
            quarter,
            source=source,
            definition="Same schools: known in both quarters. Closed: from gap to met.",
            filters={
                "Phase": of_school.get("phase"),
                "School type": of_school.get("school_type"),
            },
        ),
        quarter,
        key=f"changed_export_{key}",
    )
