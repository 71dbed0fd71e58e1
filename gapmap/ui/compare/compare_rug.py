"""The rug: every borough on every indicator, in the classes of the maps, to be read across."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

import pandas as pd
import streamlit as st

from gapmap.indicator import Definition, definitions, of_boroughs, of_schools
from gapmap.ui import palette
from gapmap.ui.borough.borough_classes import NOT_RANKED, UNKNOWN, WITHHELD
from gapmap.ui.classes import SHARE_LABELS, share_class
from gapmap.ui.compare.compare_choices import BY_NAME, Chosen
from gapmap.ui.compare.compare_grid import (
    FILLS,
    NAMES_WIDTH,
    NOT_APPLICABLE,
    Cell,
    Column,
    grid_spec,
)
from gapmap.ui.loads import load, load_area_values
from gapmap.ui.maps import clicked_once
from gapmap.ui.tables import ROW_HEIGHT
from gapmap.ui.words import missing

Figures = Mapping[tuple[str, str], "Figure"]
ROW_HEIGHTS = (26, 20, 17)  # for up to 12, up to 16 and more boroughs
PERCENT = "%"
WITHHELD_LETTER = "c"
HEADINGS = "rug_headings"
SCROLLED = "rug_grid"
_ENDINGS = re.compile(r"(?<=[a-z]{4})(ment|mation|vision|mous|gramme|paign|uation)\b")


@dataclass(frozen=True)
class Figure:
    """What is known of a borough on an indicator. Shares are 0 to 1.

    `was` and `now` are the shares of the same schools (`same` of them) in the held quarter before
    and in this one; `of` is the number of schools unknown, or a returned share's denominator.
    """

    share: float | None
    ranked: bool
    applies: bool
    low: float | None = None
    high: float | None = None
    n: int | None = None
    of: int | None = None
    same: int | None = None
    was: float | None = None
    now: float | None = None
    marker: str | None = None

    @property
    def points(self) -> int | None:
        """The change in percentage points, as the rounded shares have it."""
        was, now = _whole(self.was), _whole(self.now)
        return None if was is None or now is None else now - was


NOTHING = Figure(None, ranked=False, applies=True)


def columns() -> list[Definition]:
    """The indicators of the rug, in the order of the letter: those with a polarity that are shares.

    Shares of schools come first, then those that boroughs return.
    """
    ranked = [d for d in of_schools() if d.polarity != "none"]
    returned = [d for d in of_boroughs() if d.polarity != "none" and d.unit == PERCENT]
    by_letter = sorted(ranked, key=lambda d: (int(d.letter.split(",")[0]), d.title))
    return [*by_letter, *sorted(returned, key=lambda d: d.title)]


# --- load ---------------------------------------------------------------------------------------


def load_figures(chosen: Chosen) -> tuple[Figures, Mapping[str, float]]:
    """The figure of each borough (GSS code) and column, and London's share by column."""
    narrowed = chosen.narrowed
    found = load(chosen.viewer, "compare/by_borough", indicator=None, **narrowed)
    figures = {
        (row["borough_code"], row["indicator"]): of_schools_figure(row, chosen.before)
        for row in found.to_dict("records")
    }
    across = load(chosen.viewer, "compare/side_by_side", areas=(), **narrowed)
    london = dict(zip(across["indicator"], across["share"], strict=True))
    for definition in columns():
        if definition.level == "borough":
            returned = _returned(chosen, definition)
            figures |= {(code, definition.name): one for code, one in returned.items()}
            london[definition.name] = returned["London"].share if "London" in returned else None
    return figures, {name: share for name, share in london.items() if not missing(share)}


def of_schools_figure(row: Mapping[Any, Any], before: str | None) -> Figure:
    """The cell of a row of compare/by_borough; `before`: the quarter that it is compared with."""
    same = int(row["same_n"]) if before is not None else 0
    return Figure(
        share=_number(row["share_met"]),
        ranked=bool(row["ranked"]),
        applies=bool(row["n"] + row["unknown"]),
        low=_number(row["low"]),
        high=_number(row["high"]),
        n=int(row["n"]),
        of=int(row["unknown"]),
        same=same or None,
        was=row["same_met_before"] / same if same else None,
        now=row["same_met"] / same if same else None,
    )


def _number(value: Any) -> float | None:
    return None if missing(value) else float(value)


def _whole(share: float | None) -> int | None:
    return None if share is None else round(100 * share)


def _returned(chosen: Chosen, definition: Definition) -> dict[str, Figure]:
    """The cells of an indicator that boroughs return, by GSS code; and London's."""
    quarters = list(filter(None, (chosen.quarter, chosen.before)))
    found = load_area_values(chosen.viewer, [definition.name], quarters)
    found = found[found["level"].isin(["borough", "london"])]
    rows = {(row["quarter"], row["area_code"]): row for row in found.to_dict("records")}
    return {
        code: of_borough_figure(row, rows.get((chosen.before, code)))
        for (quarter, code), row in rows.items()
        if quarter == chosen.quarter
    }


def of_borough_figure(row: Mapping[Any, Any], earlier: Mapping[Any, Any] | None) -> Figure:
    """The cell of a released share of a borough, in percent, beside the borough's one before."""

    def share(of: Mapping[Any, Any] | None, column: str) -> float | None:
        value = None if of is None else _number(of.get(column))
        return None if value is None else value / 100

    value, was = share(row, "value"), share(earlier, "value")
    both = value is not None and was is not None
    return Figure(
        share=value,
        ranked=value is not None,
        applies=row["reason"] != "no_denominator",
        low=share(row, "low"),
        high=share(row, "high"),
        n=None if missing(row["numerator"]) else int(row["numerator"]),
        of=None if missing(row["denominator"]) else int(row["denominator"]),
        was=was if both else None,
        now=value if both else None,
        marker=None if missing(row["marker"]) else str(row["marker"]),
    )


# --- shape --------------------------------------------------------------------------------------


def class_of(figure: Figure, polarity: str) -> str:
    """The class of a cell; few gaps are light whichever way the indicator counts."""
    if figure.share is None:
        if figure.marker is not None:
            return WITHHELD
        return UNKNOWN if figure.applies else NOT_APPLICABLE
    if not figure.ranked:
        return NOT_RANKED
    good = figure.share if polarity == "higher is better" else 1 - figure.share
    return share_class(good, ranked=True)


def in_order(
    boroughs: Sequence[str], names: Mapping[str, str], figures: Figures, order: str
) -> list[str]:
    """GSS codes by name, or with the least good share of a column first.

    What is not ranked comes after what is, then what is unknown.
    """
    by_name = sorted(boroughs, key=names.__getitem__)
    if order == BY_NAME:
        return by_name
    sign = 1 if definitions()[order].polarity == "higher is better" else -1

    def place(code: str) -> tuple[int, float]:
        figure = figures.get((code, order))
        if figure is None or figure.share is None:
            return 2, 0.0
        return (0 if figure.ranked else 1), sign * figure.share

    return sorted(by_name, key=place)


def cell(code: str, name: str, definition: Definition, figure: Figure) -> Cell:
    """A borough on an indicator, as the grid draws it."""
    return {
        "code": code,
        "borough": name,
        "column": definition.name,
        "kind": class_of(figure, definition.polarity),
        "share": _whole(figure.share),
        "low": _whole(figure.low),
        "high": _whole(figure.high),
        "n": figure.n,
        "of": figure.of,
        "same": figure.same,
        "was": _whole(figure.was),
        "now": _whole(figure.now),
    }


def as_words(drawn: Cell) -> str:
    """A cell for the table of words: its figure and which way the same schools went."""
    if drawn["share"] is None:
        return WITHHELD_LETTER if drawn["kind"] == WITHHELD else drawn["kind"]
    said = f"{drawn['share']}%" if drawn["kind"] != NOT_RANKED else f"({drawn['share']}%)"
    points = 0 if drawn["was"] is None or drawn["now"] is None else drawn["now"] - drawn["was"]
    return said + (" ▲" if points > 0 else " ▼" if points < 0 else "")


def grid_columns(shown: Sequence[Definition]) -> list[Column]:
    """The columns of the grid, from their definitions."""
    signs = {"higher is better": 1, "lower is better": -1, "none": 0}
    return [Column(d.name, d.title, signs[d.polarity], d.level == "borough") for d in shown]


# --- show ---------------------------------------------------------------------------------------


def draw_grid(
    cells: Sequence[Cell],
    shown: Sequence[Definition],
    london: Mapping[str, float],
    before: str | None,
) -> tuple[str, str] | None:
    """The grid under its headings; the borough (GSS code) and indicator just clicked."""
    st.html(_style(len(shown)) + _legend({one["kind"] for one in cells}))
    height = row_height(len(cells) // len(shown))
    spec = grid_spec(cells, grid_columns(shown), before, height)

    def draw(key: str) -> str | None:
        event = st.vega_lite_chart(
            spec,
            key=key,
            on_select="rerun",
            selection_mode="cell",
            theme=None,
            alt="Boroughs by indicator, a share in each cell; “As a table” holds the same",
        )
        points = event["selection"].get("cell") or []
        return f"{points[0]['code']} {points[0]['column']}" if points else None

    with st.container(key=SCROLLED):
        with st.container(key=HEADINGS):
            st.html(_headings(shown, london))
        clicked = clicked_once("compare_rug", draw)
    return _code_and_column(clicked)


def row_height(boroughs: int) -> int:
    """Pixels of a row: higher where there are few."""
    few, some, many = ROW_HEIGHTS
    if boroughs <= 12:
        return few
    return some if boroughs <= 16 else many


def draw_table(
    cells: Sequence[Cell],
    codes: Sequence[str],
    shown: Sequence[Definition],
) -> tuple[str, str] | None:
    """The same as a table, for keyboards and screen readers; what was chosen in it."""
    table = words_table(cells, codes, shown)
    by_title = {d.title: d.name for d in shown}

    def draw(key: str) -> str | None:
        event = st.dataframe(
            table,
            key=key,
            hide_index=True,
            row_height=ROW_HEIGHT,
            height=420,
            on_select="rerun",
            selection_mode="single-cell",
            column_config={
                **{title: st.column_config.TextColumn(alignment="right") for title in by_title},
                "Borough": st.column_config.TextColumn(pinned=True, width=172),
            },
        )
        places = event["selection"]["cells"]
        if not places:
            return None
        row, title = places[0]
        return f"{codes[row]} {by_title.get(title, '')}"

    return _code_and_column(clicked_once("compare_rug_table", draw))


def words_table(
    cells: Sequence[Cell], codes: Sequence[str], shown: Sequence[Definition]
) -> pd.DataFrame:
    """One row per borough, one column per indicator, in words."""
    found = {(one["code"], one["column"]): one for one in cells}
    names = {one["code"]: one["borough"] for one in cells}
    return pd.DataFrame(
        {
            "Borough": [names[code] for code in codes],
            **{d.title: [as_words(found[code, d.name]) for code in codes] for d in shown},
        }
    )


def _code_and_column(clicked: str | None) -> tuple[str, str] | None:
    if clicked is None:
        return None
    code, _, column = clicked.partition(" ")
    return code, column


def _headings(shown: Sequence[Definition], london: Mapping[str, float]) -> str:
    heads = "".join(
        f'<div title="{escape(d.question)}"><span>{hyphenated(escape(d.title))}</span>'
        f"{'<em>lower is better: pale</em>' if d.polarity == 'lower is better' else ''}"
        f"<b>{_percent(london.get(d.name))}</b></div>"
        for d in shown
    )
    return f'<div class="rug-head"><div class="corner">London</div>{heads}</div>'


def _percent(share: float | None) -> str:
    return "–" if share is None else f"{100 * share:.0f}"


def hyphenated(title: str) -> str:
    """A title whose long words may break before an ending, where English breaks them."""
    return _ENDINGS.sub("&shy;\\1", title)


def _legend(classes: Collection[str]) -> str:
    """The classes of shares, and of the rest those in use."""
    greys = [kind for kind in (NOT_RANKED, WITHHELD) if kind in classes]
    keys = [
        f'<i style="background:{FILLS[kind]}"></i>{escape(kind)}'
        for kind in (*SHARE_LABELS, *greys)
    ]
    stripes = f"{palette.UNKNOWN_HATCH} 3px 4px)"
    hatch = f"repeating-linear-gradient(135deg,{palette.UNKNOWN_FILL} 0 3px,{stripes}"
    keys.append(f'<i style="background:{hatch}"></i>unknown')
    better, worse = (palette.STATE_TEXT_COLOURS[state] for state in ("met", "gap"))
    keys.append(
        f'<b style="color:{better}">△▽</b>better <b style="color:{worse}">▲▼</b>worse '
        "than the quarter before, same schools"
    )
    return (
        f'<div class="rug-key"><b>Who stands where?</b> Share of those known: {"".join(keys)}</div>'
    )


def _style(columns_shown: int) -> str:
    return f"""<style>
.rug-key {{display:flex; flex-wrap:wrap; align-items:center; gap:0 .35rem; font-size:.8rem;
  color:{palette.TEXT};}}
.rug-key i {{width:1.1rem; height:.8rem; border:1px solid {palette.BOUNDARY}; margin-left:.55rem;}}
.rug-key b {{margin-left:.3rem;}}
.rug-head {{display:grid; grid-template-columns:{NAMES_WIDTH}px repeat({columns_shown},1fr);
  font-size:.7rem; line-height:1.1; align-items:end; background:{palette.BACKGROUND};
  border-bottom:1px solid {palette.BOUNDARY};}}
.rug-head > div {{text-align:center; padding:0 1px 2px; min-width:0;}}
.rug-head span {{display:block; hyphens:manual;}}
.rug-head em {{display:block; font-size:.6rem; color:{palette.MUTED_TEXT};}}
.rug-head b {{display:block; font-size:.8rem; font-variant-numeric:tabular-nums;}}
.rug-head .corner {{text-align:right; padding-right:6px; font-weight:600; font-size:.8rem;}}
.st-key-{SCROLLED} {{overflow-y:auto; max-height:calc(100vh - 345px); min-height:210px; gap:0;}}
/* At 200% zoom the page scrolls, and not a box within it. */
@media (max-height: 500px) {{.st-key-{SCROLLED} {{max-height:none;}}}}
.st-key-{SCROLLED} > :has(.rug-head) {{position:sticky; top:0; z-index:5;}}
@media (max-width: 1000px) {{
  .rug-head span {{writing-mode:vertical-rl; transform:rotate(180deg); margin:auto;
    max-height:7.5rem; text-align:left;}}
  .rug-head em {{display:none;}}
}}
</style>"""
