"""The slider of the quarters and its play button: a view steps through them and stops at the last.

While it plays only this part of the screen runs and draws; the other figures follow when it stops.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

import streamlit as st

SECONDS_A_QUARTER: Final = 1.2
_PLAYED = "quarter_played"  # the quarter that is drawn next, while it plays
_REACHED = "quarter_reached"  # the quarter that the whole screen is to turn to
_SLIDER, _SLIDER_OF = "quarter_slider", "quarter_slider_of"


def settle() -> None:
    """Turn the quarter's filter to where the slider stopped; before the filter is drawn."""
    reached = st.session_state.pop(_REACHED, None)
    if reached is not None:
        st.session_state["quarter"] = reached


def stop() -> None:
    """Play no further: a callback, and what leaving the screen does."""
    shown = st.session_state.pop(_PLAYED, None)
    if shown is not None:
        st.session_state[_REACHED] = st.session_state.get(_SLIDER_OF, shown)


def _play(quarters: Sequence[str], quarter: str) -> None:
    """Begin at the quarter that is looked at, or at the first where that is the last."""
    st.session_state[_PLAYED] = quarters[0] if quarter == quarters[-1] else quarter


def is_playing() -> bool:
    return _PLAYED in st.session_state


def over_time(quarters: Sequence[str], quarter: str, draw: Callable[[str], None]) -> None:
    """Draw a view of the quarter under a slider of all, and step through them while it is played.

    `quarters`: those held, the oldest first; `draw` draws the view of one.
    """
    timed = is_playing()
    every = SECONDS_A_QUARTER if timed else None
    st.fragment(_one_step, run_every=every)(tuple(quarters), quarter, draw, timed)


def _one_step(
    quarters: tuple[str, ...], quarter: str, draw: Callable[[str], None], timed: bool
) -> None:
    if is_playing() != timed:  # a button was pressed: the whole screen starts or ends the timer
        st.rerun()
    shown = st.session_state.get(_PLAYED, quarter)
    if len(quarters) > 1:
        _controls(quarters, shown)
    draw(shown)
    if not is_playing():
        return
    following = quarters[quarters.index(shown) + 1 :]
    if following:
        st.session_state[_PLAYED] = following[0]
    else:
        stop()
        st.rerun()


def _controls(quarters: tuple[str, ...], shown: str) -> None:
    with st.container(key="beside_views"):
        button, slider = st.columns([1, 5], vertical_alignment="center")
    with button:
        if is_playing():
            st.button("Stop", icon=":material/stop:", key="stop_quarters", on_click=stop)
        else:
            st.button(
                "Play",
                icon=":material/play_arrow:",
                key="play_quarters",
                on_click=_play,
                args=(quarters, shown),
                help="Steps through the quarters up to the newest; the classes stay the same.",
            )
    with slider:
        if st.session_state.get(_SLIDER_OF) != shown or _SLIDER not in st.session_state:
            st.session_state[_SLIDER] = st.session_state[_SLIDER_OF] = shown
        moved = st.select_slider(
            "Quarter on the map", quarters, key=_SLIDER, label_visibility="collapsed"
        )
    if moved != shown:
        st.session_state.pop(_PLAYED, None)
        st.session_state[_REACHED] = moved
        st.rerun()
