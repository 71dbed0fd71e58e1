"""Small pictures in HTML: schools split by state, a share with its interval, states over time.

They are drawn with CSS alone, because Streamlit's `st.html` takes no SVG. No meaning rests on a
colour alone: unknown is hatched, and every picture has its numbers in words beside it or as title.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from html import escape
from typing import Any, Final

from gapmap.ui import palette
from gapmap.ui.words import STATE_WORDS, interval, missing, percent, state_words

# Unknown: grey strokes on grey, as on the maps.
_HATCHING: Final = (
    f"repeating-linear-gradient(135deg,{palette.UNKNOWN_HATCH} 0 1px,"
    f"{palette.UNKNOWN_FILL} 1px 5px)"
)
_FILLS: Final[Mapping[str, str]] = {
    "met": palette.STATE_COLOURS["met"],
    "gap": palette.STATE_COLOURS["gap"],
    "unknown": _HATCHING,
    "not_applicable": palette.BACKDROP_BOUNDARY,
}
_INKS: Final[Mapping[str, str]] = {
    "met": palette.BACKGROUND,
    "gap": palette.BACKGROUND,
    "unknown": palette.TEXT,
    "not_applicable": palette.TEXT,
}
# One sign a state, so that a strip can be read without colour.
SIGNS: Final[Mapping[str, str]] = {"met": "✓", "gap": "✗", "unknown": "?", "not_applicable": "–"}
# Pixels of a digit in a bar, and of what stands around a number: it is written where it fits.
_DIGIT, _AROUND, _AROUND_HATCHED = 6, 3, 9

STYLE: Final = f"""<style>
.bar {{display: flex; height: 15px; width: 100%; border-radius: 2px; overflow: hidden;
  font-size: 10.5px; line-height: 15px; text-align: center;}}
.bar span {{overflow: hidden; white-space: nowrap;}}
.bar .n, .sign .n {{background: {palette.BACKGROUND}; border-radius: 2px; padding: 0 2px;}}
.strip {{position: relative; height: 15px; width: 100%; background:
  linear-gradient({palette.BACKDROP_BOUNDARY}, {palette.BACKDROP_BOUNDARY}) 0 7px / 100% 1px
  no-repeat;}}
.strip i {{position: absolute; display: block; box-sizing: border-box;}}
.strip .range {{top: 6px; height: 3px; border-radius: 2px;}}
.strip .own {{top: 2px; width: 11px; height: 11px; margin-left: -5.5px; border-radius: 50%;
  border: 1.5px solid {palette.BACKGROUND};}}
.strip .london {{top: 0; width: 2px; height: 15px; margin-left: -1px;
  background: {palette.TEXT};}}
.strip .peer {{top: 4px; width: 7px; height: 7px; margin-left: -3.5px; transform: rotate(45deg);
  border: 1.5px solid {palette.TEXT}; background: {palette.BACKGROUND};}}
.sign {{display: inline-block; width: 17px; height: 17px; margin-right: 1px; border-radius: 2px;
  font-size: 11px; line-height: 17px; font-weight: 600; text-align: center;}}
.sign.none {{color: {palette.MUTED_TEXT};}}
.key {{display: inline-flex; flex-wrap: wrap; gap: 0 12px; font-size: .76rem;
  color: {palette.MUTED_TEXT}; align-items: center;}}
.unseen {{position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%);}}
.swatch {{display: inline-block; width: 9px; height: 9px; border-radius: 1px;}}
.sign.earlier {{box-shadow: inset 0 -2px 0 {palette.TEXT};}}
</style>"""


def split_bar(counts: Mapping[str, Any], width: int = 140) -> str:
    """A bar of the schools in each state; `counts` has one number per state.

    `width`: its pixels on a projector, which decide where a number fits. Where there is no school
    at all it is empty and says so.
    """
    total = sum(int(counts[state]) for state in STATE_WORDS)
    if not total:
        return '<div class="bar" title="no school"></div>'
    parts = "".join(_part(state, int(counts[state]), width / total) for state in STATE_WORDS)
    return f'<div class="bar" title="{escape(split_words(counts))}">{parts}</div>'


def _part(state: str, number: int, pixels: float) -> str:
    """The part of a state; `pixels` of one school."""
    if not number:
        return ""
    needed = _DIGIT * len(str(number)) + (_AROUND_HATCHED if state == "unknown" else _AROUND)
    shown = str(number) if number * pixels >= needed else ""
    if shown and state == "unknown":
        shown = f'<span class="n">{shown}</span>'
    return (
        f'<span style="flex:{number} 0 0;background:{_FILLS[state]};color:{_INKS[state]}">'
        f"{shown}</span>"
    )


def split_words(counts: Mapping[str, Any]) -> str:
    """The same in words: 12 met, 4 gap, 2 unknown, 1 not applicable."""
    return ", ".join(f"{int(counts[state]):,} {word}" for state, word in STATE_WORDS.items())


def share_strip(
    share: Any, low: Any, high: Any, *, colour: str, london: Any = None, peer: Any = None
) -> str:
    """A track from 0 to 100%: the share as a dot on its interval, London as a line, one group more
    as a diamond. Shares are 0 to 1; what is missing is left out."""
    marks = []
    if not missing(share):
        wide = 100 * (float(high) - float(low))
        marks.append(
            f'<i class="range" style="left:{100 * float(low):.1f}%;width:{wide:.1f}%;'
            f'background:{colour};opacity:.45"></i>'
        )
    marks += [_mark("london", london), _mark("peer", peer), _mark("own", share, colour)]
    said = f"{percent(share)}, 95% interval {interval(low, high)}"
    return f'<div class="strip" title="{escape(said)}">{"".join(marks)}</div>'


def _mark(kind: str, share: Any, colour: str | None = None) -> str:
    if missing(share):
        return ""
    fill = f";background:{colour}" if colour else ""
    return f'<i class="{kind}" style="left:{100 * float(share):.1f}%{fill}"></i>'


def state_sign(state: str, said: str, *, earlier: bool = False) -> str:
    """One state as a small square with its sign; `earlier`: under an earlier URN."""
    name = "sign earlier" if earlier else "sign"
    ink = f"color:{_INKS[state]}"
    return (
        f'<span class="{name}" style="background:{_FILLS[state]};{ink}" title="{escape(said)}">'
        f"{_sign(state)}</span>"
    )


def _sign(state: str) -> str:
    return f'<span class="n">{SIGNS[state]}</span>' if state == "unknown" else SIGNS[state]


def state_strip(cells: Iterable[Mapping[str, Any] | None], quarters: Iterable[str]) -> str:
    """A state for each quarter, in one line; None: the school was not in scope then."""
    drawn = []
    for quarter, cell in zip(quarters, cells, strict=True):
        if cell is None:
            drawn.append(f'<span class="sign none" title="{quarter}: not in scope">·</span>')
            continue
        earlier = bool(cell["generation"])
        said = f"{quarter}: {state_words(cell['state'], cell['reason'])}"
        said += " (under its earlier URN)" if earlier else ""
        drawn.append(state_sign(cell["state"], said, earlier=earlier))
    return f'<span style="white-space:nowrap">{"".join(drawn)}</span>'


def swatches() -> str:
    """What the four fills of a bar mean, small enough for the heading of its column."""
    return " ".join(
        f'<span style="white-space:nowrap"><span class="swatch" style="background:{fill}"></span> '
        f"{STATE_WORDS[state] if state != 'not_applicable' else 'n.a.'}</span>"
        for state, fill in _FILLS.items()
    )


def legend() -> str:
    """What the four fills and signs mean."""
    items = (
        f'<span style="white-space:nowrap">{state_sign(state, word)} {word}</span>'
        for state, word in STATE_WORDS.items()
    )
    return f'<span class="key">{" ".join(items)}</span>'
