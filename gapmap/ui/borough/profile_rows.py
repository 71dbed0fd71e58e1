"""The rows of the borough's profile, as HTML beside the buttons that lead to the schools."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from html import escape
from typing import Any, Final

import pandas as pd
import streamlit as st

from gapmap.indicator import definitions
from gapmap.ui import palette, state_bars
from gapmap.ui.borough.borough_choice import Chosen, show_schools
from gapmap.ui.compare.compare_words import difference_words, judgement, members_words
from gapmap.ui.setting_words import FEW_KNOWN
from gapmap.ui.words import (
    STATE_WORDS,
    count,
    interval,
    missing,
    numbered,
    percent,
    points,
    sentence,
)

ROW: Final = 22  # pixels of a row; the buttons at its left keep to it
HEAD: Final = 30
# The groups that a borough is compared with, by the heading of their column.
GROUPS: Final[Mapping[str, str]] = {
    "london": "London",
    "inner or outer": "In/outer",
    "neighbours": "Neighb.",
    "command unit": "Unit",
    "integrated care board": "ICB",
    "partnership": "Partn.",
}
# How a heading breaks where its column is narrow.
_HEADS: Final[Mapping[str, str]] = {
    "inner or outer": "In / outer",
    "neighbours": "Neigh-<br>bours",
    "command unit": "Police unit",
    "integrated care board": "NHS<br>ICB",
    "partnership": "Partner-<br>ship",
}
_TONES: Final[Mapping[str, str]] = {
    "better": palette.STATE_TEXT_COLOURS["met"],
    "worse": palette.STATE_TEXT_COLOURS["gap"],
}
_TITLES: Final = f"""<style>
.st-key-KEY button {{min-height: ROWpx; height: ROWpx; padding: 0; width: 100%;
  justify-content: flex-start;}}
.st-key-KEY button p {{font-size: .82rem; white-space: nowrap; overflow: hidden;
  text-overflow: ellipsis; text-decoration: underline; text-underline-offset: 3px;
  text-decoration-color: {palette.BACKDROP_BOUNDARY};}}
</style><div style="height:{HEAD}px"></div>"""
_STYLE: Final = f"""<style>
.profile {{overflow-x: auto;}}
.profile table {{border-collapse: collapse; width: 100%; font-size: .78rem; min-width: 744px;
  font-variant-numeric: tabular-nums; table-layout: fixed;}}
.profile th, .profile td {{height: {ROW}px; padding: 0 4px; border: 0; white-space: nowrap;
  text-align: right; line-height: 1.1;}}
.profile thead th {{height: {HEAD}px; font-weight: 600; color: {palette.MUTED_TEXT};
  vertical-align: bottom; white-space: normal; font-size: .7rem;}}
.profile tbody tr {{border-top: 1px solid {palette.BACKDROP_FILL};}}
.profile .left {{text-align: left;}}
.profile .soft {{color: {palette.MUTED_TEXT};}}
.profile tr.chosen {{background: {palette.BACKDROP_FILL};}}
</style>"""


def show_rows(profile: pd.DataFrame, peers: pd.DataFrame, chosen: Chosen) -> None:
    st.html(_STYLE + state_bars.STYLE)
    groups = by_indicator(peers)
    with st.container(horizontal=True, wrap=False, gap="small", key="profile"):
        title_column(
            list(profile["indicator"]),
            key="profile_titles",
            row=ROW,
            unknown={str(r["indicator"]) for r in profile.to_dict("records") if not r["gap"]},
        )
        lines = "".join(
            profile_line(row, groups.get(str(row["indicator"]), {}), chosen.indicator)
            for row in profile.to_dict("records")
        )
        st.html(f'<div class="profile"><table>{_head(profile)}<tbody>{lines}</tbody></table></div>')


def title_column(
    names: Sequence[str], *, key: str, row: int, unknown: Collection[str] = ()
) -> None:
    """The titles of a table's rows as buttons, each `row` pixels high: they lead to the schools
    with that gap; where there is none (`unknown`), to those of which it is not known."""
    with st.container(width=152, gap=None, key=key):
        st.html(_TITLES.replace("KEY", key).replace("ROW", str(row)))
        for name in names:
            state = "unknown" if name in unknown else "gap"
            st.button(
                definitions()[name].title,
                key=f"{key}_{name}",
                type="tertiary",
                help=f"The schools: {STATE_WORDS[state]}. {definitions()[name].question}",
                on_click=show_schools,
                args=(name, state),
                wrap=False,
            )


def by_indicator(peers: pd.DataFrame) -> dict[str, dict[str, Mapping[Any, Any]]]:
    found: dict[str, dict[str, Mapping[Any, Any]]] = {}
    for row in peers.to_dict("records"):
        found.setdefault(str(row["indicator"]), {})[str(row["kind"])] = row
    return found


def _head(profile: pd.DataFrame) -> str:
    before = profile["quarter_before"].iloc[0] if len(profile) else None
    moved = "Change" if missing(before) else f"Change on {before}, points"
    groups = "".join(
        f'<th style="width:43px" title="Share met, per cent: {escape(kind)}">'
        f"{_HEADS.get(kind, word)}</th>"
        for kind, word in GROUPS.items()
    )
    return (
        f'<thead><tr><th class="left" style="width:20%">{state_bars.swatches()}</th>'
        '<th style="width:70px">Met of known</th>'
        '<th class="left">● 95%, <b>|</b> London, ◇ neighbours</th>'
        f'{groups}<th style="width:88px">{moved}</th>'
        '<th class="left" style="width:72px">Owner</th></tr></thead>'
    )


def profile_line(
    row: Mapping[Any, Any], groups: Mapping[str, Mapping[Any, Any]], chosen: str
) -> str:
    """The row of one indicator as HTML: `row` of borough/profile, `groups` of compare/with_peers by
    kind. The one that is looked at (`chosen`) is marked."""
    title = definitions()[row["indicator"]].title
    london, peer = groups.get("london"), groups.get("neighbours")
    ranked = london is not None and bool(london["own_ranked"])
    colour = _dot_colour(london)
    strip = state_bars.share_strip(
        row["share_met"],
        row["low"],
        row["high"],
        colour=colour,
        london=london["share"] if london else None,
        peer=peer["share"] if peer else None,
    )
    shown = "" if ranked else f' class="soft" title="{FEW_KNOWN}: not ranked"'
    cells = "".join(_group_cell(groups.get(kind), row) for kind in GROUPS)
    return (
        f"<tr{' class=chosen' if row['indicator'] == chosen else ''}>"
        f'<td class="left"><span class="unseen">{escape(title)}: '
        f"{state_bars.split_words(row)}</span>{state_bars.split_bar(row)}</td>"
        f"<td{shown}><b>{percent(row['share_met'])}</b> "
        f'<span class="soft">{count(row["n"])}</span></td>'
        f'<td class="left">{strip}</td>{cells}{_change_cell(row)}'
        f'<td class="left">{sentence(row["owner"])}</td></tr>'
    )


def _dot_colour(london: Mapping[Any, Any] | None) -> str:
    words = _tone_of(london)
    return _TONES.get(words, palette.STATE_TEXT_COLOURS["unknown"])


def _tone_of(group: Mapping[Any, Any] | None) -> str:
    """Better or worse than a group where the intervals tell them apart; else nothing."""
    return "" if group is None else judgement(group["differs"], group["polarity"]) or ""


def _group_cell(group: Mapping[Any, Any] | None, row: Mapping[Any, Any]) -> str:
    if group is None or (group["members"] == 1 and group["kind"] != "neighbours"):
        return '<td class="soft" title="no such group, or this borough alone">·</td>'
    said = f"{group['name']}: {percent(group['share'])} ({interval(group['low'], group['high'])})"
    said += f", {numbered(int(group['n']), 'school')} known"
    said += "; " + members_words(
        int(group["members"]),
        int(group["members_with_data"]),
        group["missing"],
        int(group["outside_london"]),
    )
    words = difference_words(group["differs"], group["polarity"], group["name"])
    tone = _tone_of(group)
    sign = {"higher": "▲", "lower": "▼"}.get(group["differs"], "") if tone else ""
    style = f' style="color:{_TONES[tone]};font-weight:600"' if tone else ""
    soft = "" if group["ranked"] else ' class="soft"'
    said += f": {words}" if words else ""
    value = "–" if missing(group["share"]) else f"{100 * group['share']:.0f}"
    return f'<td{soft}{style} title="{escape(said)}">{sign}{value}</td>'


def _change_cell(row: Mapping[Any, Any]) -> str:
    moved = points(row["share_met"], row["share_met_before"])
    if moved is None:
        return '<td class="soft">–</td>'
    same = points(row["same_share_met"], row["same_share_met_before"])
    said = (
        f"All schools {moved} points; the same {count(row['same_schools'])} schools, which "
        f"answered in both quarters, {same or '–'}"
    )
    return f'<td title="{escape(said)}">{moved} <span class="soft">same {same or "–"}</span></td>'


def strip_key(borough: str) -> str:
    """What the colours and signs of the rows mean."""
    dot = (
        '<span style="display:inline-block;width:9px;height:9px;border-radius:50%;'
        'background:{}"></span>'
    )
    items = (
        f"{dot.format(_TONES['better'])} better than London",
        f"{dot.format(_TONES['worse'])} worse",
        f"{dot.format(palette.STATE_TEXT_COLOURS['unknown'])} cannot be told apart",
        f"▲▼ {escape(borough)} is above or below that group",
    )
    return "".join(f'<span style="white-space:nowrap">{item}</span>' for item in items)
