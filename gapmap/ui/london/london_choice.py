"""What is chosen on the London screen: a view of it, and the choices of that view.

Each stands in the URL under its own name; `london_view` and not `view`, which is the borough's.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

import streamlit as st

from gapmap.indicator import definitions, of_schools

MAP, CHANGED, CRITERIA, MISSING, LISTS = (
    "Map",
    "What changed",
    "Three criteria",
    "Missing answers",
    "Lists and letters",
)
VIEWS: Final = (MAP, CHANGED, CRITERIA, MISSING, LISTS)

NOT_REVIEWED, DSL_TRAINING, NO_POLICE, NOT_SUBMITTED = (
    "Schools unreviewed",
    "DSL training",
    "No police contact",
    "Boroughs not submitted",
)
LISTS_OF: Final = (NOT_REVIEWED, DSL_TRAINING, NO_POLICE, NOT_SUBMITTED)

OF_SCHOOLS, OF_BOROUGHS = "Schools", "Boroughs"
# Share met under which a borough fails an indicator, in per cent: the breaks of the map's classes.
CEILINGS: Final = (50, 65, 80, 90)
FIRST_CEILING: Final = 80
NONE: Final = "none"
MOST_CRITERIA: Final = 3
FIRST_CRITERIA: Final = ("police_engagement", "dsl_in_date", "hsb_training")


# What a view puts into a container of the key "beside_views" stands beside the choice of the view
# where there is room.
_STYLE: Final = """<style>
[data-testid="stVerticalBlock"]:has(> * > .st-key-beside_views) {gap: .5rem;}
.st-key-beside_views button {min-height: 2rem; height: 2rem;}
@media (min-width: 1100px) {
  .st-key-beside_views {margin: -2.6rem 0 0 auto; width: 52%; padding: 0 .5rem 0 1rem;}
}
</style>"""


@dataclass(frozen=True)
class Criteria:
    """Up to three indicators of school grain, each once, and whether schools or boroughs fail them.

    `ceiling`: the share met (0 to 1) under which a borough fails one.
    """

    indicators: tuple[str, ...]
    of: str
    ceiling: float


def view_control() -> str:
    """The view, by ?london_view=; beside it, on a wide window, a view may put its own controls."""
    st.html(_STYLE)
    return _segment("View", VIEWS, "london_view")


def view_ahead() -> str:
    """The view as its control will give it, for what is drawn above that."""
    asked = st.session_state.get("london_view") or st.query_params.get("london_view")
    return str(asked) if asked in VIEWS else MAP


def list_control() -> str:
    """The list behind a figure of the headline, by ?list=."""
    return _segment("List", LISTS_OF, "list")


def criteria_controls(places: Sequence[Any]) -> Criteria:
    """The criteria, by ?of=, ?criterion_1= … and ?under=; `places` are five containers."""
    with places[0]:
        of = _of()
    chosen = []
    for number in range(MOST_CRITERIA):
        with places[1 + number]:
            chosen.append(_criterion(number))
    with places[4]:
        ceiling = _ceiling(disabled=of == OF_SCHOOLS)
    named = tuple(dict.fromkeys(name for name in chosen if name != NONE))
    return Criteria(named, of, ceiling / 100)


def _of() -> str:
    return _segment("Which fail", (OF_SCHOOLS, OF_BOROUGHS), "of", label="visible")


def _ceiling(*, disabled: bool) -> int:
    chosen = st.selectbox(
        "Share met under",
        CEILINGS,
        index=CEILINGS.index(FIRST_CEILING),
        format_func=lambda limit: f"{limit}%",
        key="under",
        bind="query-params",
        disabled=disabled,
        help="A borough fails an indicator when fewer of its known schools meet it.",
    )
    return chosen or FIRST_CEILING


def _criterion(number: int) -> str:
    names = [d.name for d in of_schools()]
    first = FIRST_CRITERIA[number] if FIRST_CRITERIA[number] in names else NONE
    options = names if number == 0 else [NONE, *names]
    chosen = st.selectbox(
        f"Criterion {number + 1}",
        options,
        index=options.index(first) if first in options else 0,
        format_func=lambda name: "None" if name == NONE else definitions()[name].title,
        key=f"criterion_{number + 1}",
        bind="query-params",
    )
    return chosen or first


def _segment(title: str, options: Sequence[str], key: str, label: Any = "collapsed") -> str:
    return str(
        st.segmented_control(
            title,
            options,
            default=options[0],
            key=key,
            bind="query-params",
            required=True,
            label_visibility=label,
        )
        or options[0]
    )


def keep() -> None:
    """Hold, hidden, what a deeper level does not show, so that the way up finds it in the URL.

    What is not in the URL is as it was from the start, and needs no holding.
    """
    kept = [key for key in _CONTROLS if key in st.query_params]
    if kept:
        st.html("<style>.st-key-kept_london {display: none;}</style>")
        with st.container(key="kept_london"):
            for key in kept:
                _CONTROLS[key]()


_CONTROLS: Final[Mapping[str, Callable[[], object]]] = {
    "london_view": view_control,
    "list": list_control,
    "of": _of,
    "under": partial(_ceiling, disabled=False),
    **{f"criterion_{number + 1}": partial(_criterion, number) for number in range(MOST_CRITERIA)},
}
