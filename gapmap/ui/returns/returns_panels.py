"""The panels of who has sent what: the matrix, what a cell says, and where it leads."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from html import escape
from typing import Any, cast

import pandas as pd
import streamlit as st

from gapmap.access import Viewer
from gapmap.calendar_quarter import parse_quarter, quarter_of
from gapmap.contract import contracts
from gapmap.operations.operations import today
from gapmap.reference import reference
from gapmap.reference.windows import contacts, windows
from gapmap.ui import palette
from gapmap.ui.filters import EVERY
from gapmap.ui.loads import load
from gapmap.ui.maps import clicked_once
from gapmap.ui.tables import ROW_HEIGHT
from gapmap.ui.words import day_words, missing, numbered, quarter_words, sentence

BOROUGH, TO_SEND, CONTACT = "Borough", "To send", "Contact"
MATRIX_HEIGHT = 424
QUARTERS_SHOWN = 8
_CELL_WIDTH = 104

Cell = Mapping[str, Any]


@dataclass(frozen=True)
class Matrix:
    """What is shown: a row per borough, a column per extract or per quarter.

    `cells` are the states behind it by row and heading; `groups` the heading above each column:
    the day on which it is due.
    """

    boroughs: tuple[str, ...]
    groups: Mapping[str, str]
    cells: Mapping[tuple[int, str], Cell]
    to_send: tuple[int, ...]


# --- choose --------------------------------------------------------------------------------------


def choose_quarter(held: Iterable[str]) -> str:
    """The quarter looked at: from the one that runs back to the first held; the last to have ended
    from the start."""
    running = quarter_of(today())
    first = parse_quarter(min(held))
    offered = [str(running)]
    while running > first:
        running = running.plus(-1)
        offered.append(str(running))
    ended = offered[min(1, len(offered) - 1)]
    chosen = st.selectbox(
        "Quarter", offered, index=offered.index(ended), key="quarter", bind="query-params"
    )
    return ended if chosen is None else str(chosen)


def choose_extract() -> str | None:
    """One extract alone, quarter by quarter, or None for all of them in one quarter."""
    titles = {name: contracts()[name].title for name in windows()}
    return _narrowed("Extract", [EVERY, *titles], "return_of", titles)


def choose_police_unit(viewer: Viewer) -> str | None:
    """The boroughs of one police command unit, or None for all."""
    return _narrowed("Police command unit", _places(viewer, "police_bcu"), "unit")


def choose_partnership(viewer: Viewer) -> str | None:
    """The boroughs of one safeguarding children partnership, or None for all."""
    return _narrowed("Partnership", _places(viewer, "partnership"), "partnership")


def _places(viewer: Viewer, column: str) -> list[str]:
    return [EVERY, *sorted(load(viewer, "returns/places")[column].dropna().unique())]


def _narrowed(
    label: str, options: list[str], key: str, titles: Mapping[str, str] | None = None
) -> str | None:
    chosen = st.selectbox(
        label,
        options,
        format_func=lambda name: (titles or {}).get(name, sentence(name)),
        key=key,
        bind="query-params",
    )
    return None if chosen in (None, EVERY) else str(chosen)


def load_states(
    viewer: Viewer,
    quarter: str,
    extract: str | None,
    police_unit: str | None,
    partnership: str | None,
) -> pd.DataFrame:
    """The states of every return up to a quarter, today: queries/returns/states."""
    return load(
        viewer,
        "returns/states",
        quarter=quarter,
        today=today(),
        extract=extract,
        police_bcu=police_unit,
        partnership=partnership,
    )


# --- the matrix ----------------------------------------------------------------------------------


def matrix_of(states: pd.DataFrame, quarter: str, extract: str | None) -> Matrix:
    """The states as a matrix: of all extracts in the quarter, or of one extract by quarter."""
    rows = cast("list[Cell]", states.to_dict("records"))
    boroughs = tuple(dict.fromkeys(row["borough_code"] for row in rows))
    place = {code: number for number, code in enumerate(boroughs)}
    shown = (
        sorted(
            (row for row in rows if row["quarter"] == quarter),
            key=_place_of_extract,
        )
        if extract is None
        else [row for row in rows if row["quarter"] in _last_quarters(rows)]
    )
    return Matrix(
        boroughs,
        {_heading(row, extract): _due(row) for row in shown},
        {(place[row["borough_code"]], _heading(row, extract)): row for row in shown},
        tuple(sum(r["to_send"] for r in rows if r["borough_code"] == code) for code in boroughs),
    )


def _place_of_extract(cell: Cell) -> tuple[date, int]:
    """Extracts go by the day on which they are due, so that those of one day stand together."""
    due = date.max if missing(cell["due"]) else pd.Timestamp(cell["due"]).date()
    return due, list(windows()).index(cell["extract"])


def _last_quarters(rows: Iterable[Cell]) -> set[str]:
    return set(sorted({str(row["quarter"]) for row in rows})[-QUARTERS_SHOWN:])


def _heading(cell: Cell, extract: str | None) -> str:
    return windows()[cell["extract"]].heading if extract is None else str(cell["quarter"])


def _due(cell: Cell) -> str:
    if not missing(cell["due"]):
        return f"due {day_words(cell['due'])}"
    window = windows()[cell["extract"]]
    return window.rhythm if window.due_days is None else "not asked"


def show_matrix(matrix: Matrix, viewer: Viewer) -> tuple[str, Cell | None] | None:
    """Draw the matrix; the borough's code just clicked, with its cell where one was clicked."""
    shown = _as_frame(matrix, viewer)
    styles = _styles(matrix, shown)
    config: dict[Any, Any] = {
        heading: st.column_config.TextColumn(width=_CELL_WIDTH) for heading in matrix.groups
    }
    config[BOROUGH] = st.column_config.TextColumn(width=150)
    config[TO_SEND] = st.column_config.NumberColumn(
        width=66, help="Returns to be sent, of this and of earlier quarters"
    )

    def draw(key: str) -> str | None:
        event = st.dataframe(
            shown.style.apply(lambda _: styles, axis=None),
            key=key,
            height=min(MATRIX_HEIGHT, ROW_HEIGHT * len(matrix.boroughs) + 75),
            hide_index=True,
            row_height=ROW_HEIGHT,
            column_config=config,
            on_select="rerun",
            selection_mode="single-cell",
        )
        cells = event["selection"]["cells"]
        return f"{cells[0][0]} {cells[0][1]}" if cells else None

    clicked = clicked_once("returns_matrix", draw)
    if clicked is None:
        return None
    row, _, heading = clicked.partition(" ")
    return matrix.boroughs[int(row)], matrix.cells.get((int(row), heading))


def _as_frame(matrix: Matrix, viewer: Viewer) -> pd.DataFrame:
    columns: dict[Hashable, list[Any]] = {
        ("", BOROUGH): [reference.borough_name(code) for code in matrix.boroughs],
        ("", TO_SEND): list(matrix.to_send),
    }
    for heading, group in matrix.groups.items():
        columns[(group, heading)] = [
            cell_words(matrix.cells[row, heading]) for row in range(len(matrix.boroughs))
        ]
    columns[(" ", CONTACT)] = [contact_words(code, viewer) for code in matrix.boroughs]
    return pd.DataFrame(columns)


def _styles(matrix: Matrix, shown: pd.DataFrame) -> pd.DataFrame:
    """The colours of the cells, in the frame of what is shown."""
    styles = pd.DataFrame("", index=shown.index, columns=shown.columns)
    for (row, heading), cell in matrix.cells.items():
        fill, text = palette.RETURN_COLOURS[_colour_of(cell)]
        styles.loc[row, (matrix.groups[heading], heading)] = (
            f"background-color: {fill}; color: {text}"
        )
    return styles


def _colour_of(cell: Cell) -> palette.ReturnState:
    return "overdue" if cell["overdue"] and cell["state"] == "missing" else cell["state"]


def cell_words(cell: Cell) -> str:
    """A state in the few words that a cell takes; LEGEND says what they mean."""
    state = str(cell["state"])
    if state == "missing":
        return "missing!" if cell["overdue"] else "missing"
    if state == "still counts":
        return f"from {cell['counts_from']}"
    if state == "not asked":
        return "–"
    if state != "late":
        return state
    more = ["nil"] if cell["nil_return"] else ["prov."] if cell["provisional"] else []
    return ", ".join(["late", *more])


LEGEND: tuple[tuple[palette.ReturnState, str, str], ...] = (
    ("overdue", "missing!", "the day has passed"),
    ("missing", "missing", "still in time"),
    ("withdrawn", "withdrawn", "nothing stands"),
    ("offered", "offered", "its lead has to accept it"),
    ("late", "late", "came after the day"),
    ("published", "published", ""),
    ("provisional", "provisional", "may still change"),
    ("nil return", "nil return", "declared: nothing to report"),
    ("still counts", "from 2026-Q2", "still counts from that quarter"),
    ("not yet due", "not yet due", ""),
    ("not asked", "–", "not asked for"),
)


def show_legend() -> None:
    """What the cells mean, each with its colour and in words."""
    chips = (
        f'<span style="white-space:nowrap"><span style="background:{palette.RETURN_COLOURS[s][0]};'
        f"color:{palette.RETURN_COLOURS[s][1]};border:1px solid {palette.BACKDROP_BOUNDARY};"
        f'padding:0 .35rem">{escape(word)}</span> {escape(meaning)}</span>'
        for s, word, meaning in LEGEND
    )
    st.html(
        '<div style="display:flex;flex-wrap:wrap;gap:2px 14px;font-size:.78rem">'
        f"{''.join(chips)}</div>"
    )


# --- in words ------------------------------------------------------------------------------------


def days_away(due: Any, now: date) -> str:
    """How far a day lies from now: in 3 days, today, 9 days ago."""
    days = (pd.Timestamp(due).date() - now).days
    if days == 0:
        return "today"
    return f"in {numbered(days, 'day')}" if days > 0 else f"{numbered(-days, 'day')} ago"


def contact_words(borough_code: str, viewer: Viewer) -> str:
    """Whom to ask: the role, with its mailbox for those who may write reminders."""
    contact = contacts()[borough_code][0]
    if viewer.may_remind(borough_code):
        return f"{contact.email} ({contact.role})"
    return sentence(contact.role)


def show_summary(states: pd.DataFrame, quarter: str, viewer: Viewer) -> None:
    """How much was sent and what is to be sent, or in words that nothing is."""
    to_send = states[states["to_send"]]
    if to_send.empty:
        st.success(
            f"Nothing is missing: every return asked for up to {quarter_words(quarter)} has come, "
            "or an earlier answer still counts.",
            icon=":material/task_alt:",
        )
        return
    overdue = int(to_send["overdue"].sum())
    silent = to_send["borough_code"].nunique()
    of_all = states["borough_code"].nunique()
    older = int((to_send["quarter"] < quarter).sum())
    leads = "to its submission or its upload" if viewer.may_upload else "for what is known of it"
    st.markdown(
        f"**{numbered(len(to_send), 'return')} to be sent** by {silent} of "
        f"{numbered(of_all, 'borough')}; {overdue} overdue, {older} of earlier quarters. "
        f"Choose a cell {leads}, a borough's name for its reminder."
    )


def no_borough() -> None:
    """The unit and the partnership have no borough in common."""
    st.info(
        "No borough is in both that police command unit and that partnership. Set one of them to "
        "All.",
        icon=":material/filter_alt_off:",
    )


def show_cell(cell: Cell) -> None:
    """What is known of a cell that leads nowhere for this viewer."""
    place = (
        f"**{cell['borough']}, {contracts()[cell['extract']].title}, "
        f"{quarter_words(cell['quarter'])}**"
    )
    st.info(f"{place}: {_told(cell)}", icon=":material/info:")


def _told(cell: Cell) -> str:
    due = "" if missing(cell["due"]) else f" It was due on {day_words(cell['due'])}."
    if not missing(cell["published_at"]):
        return (
            f"{_sent_words(cell)}version {int(cell['version'])}, published on "
            f"{day_words(cell['published_at'])}.{due} Who sent it is shown to the borough's lead "
            "and to administrators."
        )
    if cell["state"] == "offered":
        return f"it was sent, and the borough's lead has to accept it.{due}"
    if cell["state"] == "withdrawn":
        return f"withdrawn on {day_words(cell['withdrawn_at'])}, and nothing stands.{due}"
    if cell["state"] == "still counts":
        return f"still counts from {cell['counts_from']}; nothing was sent for this quarter."
    if cell["state"] == "missing":
        away = days_away(cell["due"], today())
        return f"missing; due on {day_words(cell['due'])}, {away}. The borough's lead uploads it."
    return f"{cell['state']}; nothing was sent."


def _sent_words(cell: Cell) -> str:
    flags = ("late", "provisional", "nil_return")
    return "".join(f"{flag.replace('_', ' ')}, " for flag in flags if cell[flag])
