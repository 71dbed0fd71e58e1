"""The forms in which an agreement is noted, and in which it is said what came of it."""

from __future__ import annotations

from typing import Any, Final, NoReturn

import streamlit as st

from gapmap.access import NotAllowed, Viewer
from gapmap.agreements import agreements
from gapmap.agreements.agreements import Agreement, AgreementError, Draft, Kind
from gapmap.agreements.written import UnfitText
from gapmap.calendar_quarter import parse_quarter
from gapmap.indicator import OWNERS, definitions
from gapmap.opened import the_office
from gapmap.reference import reference
from gapmap.ui.noting import note
from gapmap.ui.viewing import who
from gapmap.ui.words import sentence

LONDON: Final = "london"
QUARTERS_AHEAD: Final = 4
_FAULTS: Final = (AgreementError, UnfitText, NotAllowed)


def may_note_some(viewer: Viewer, kind: Kind) -> bool:
    """Whether the viewer may note an agreement of that kind about some borough."""
    return bool(_places(viewer, kind))


def _places(viewer: Viewer, kind: Kind) -> list[str]:
    """The boroughs, and London, about which the viewer may note something."""
    codes = [row["borough_code"] for row in reference.boroughs()]
    places = [code for code in codes if agreements.may_note(viewer, kind, code)]
    return [LONDON, *places] if agreements.may_note(viewer, kind, None) else places


def place_words(borough_code: str | None) -> str:
    """A borough's name, or London."""
    return "London" if borough_code in (None, LONDON) else reference.borough_name(borough_code)


def _where(viewer: Viewer, kind: Kind, first: str | None) -> str | None:
    places = _places(viewer, kind)
    first = first or LONDON
    chosen = st.selectbox(
        "Where",
        places,
        index=places.index(first) if first in places else 0,
        format_func=place_words,
        key=_key(f"{kind}_where"),
    )
    return None if chosen == LONDON else chosen


def _due(quarter: str) -> str:
    ahead = [str(parse_quarter(quarter).plus(n)) for n in range(1, QUARTERS_AHEAD + 1)]
    return st.selectbox("By the end of", ahead, key=_key("agreed_due"))


def _form(label: str, icon: str, kind: str) -> Any:
    """What opens on a click, and is shut and empty again once something was kept."""
    return st.popover(label, icon=f":material/{icon}:", key=f"form_{kind}_{_times()}")


def _times() -> int:
    """A number in the keys: after something was kept the fields are new ones, and empty."""
    return int(st.session_state.setdefault("agreements_kept", 0))


def _key(name: str) -> str:
    return f"{name}_{_times()}"


def note_action(
    viewer: Viewer, indicator: str, quarter: str, borough: str | None, school_type: str | None
) -> None:
    """Note who closes a gap. `borough` and `school_type`: where it was looked at."""
    with _form("Note who closes it", "handshake", "action"):
        _action_fields(viewer, indicator, quarter, borough, school_type)


def _action_fields(
    viewer: Viewer, indicator: str, quarter: str, borough: str | None, school_type: str | None
) -> None:
    definition = definitions()[indicator]
    of_type = f", {school_type} schools" if school_type else ""
    st.markdown(f"**{sentence(definition.gap)}**{of_type}, on the figures of {quarter}.")
    left, right = st.columns(2)
    with left:
        place = _where(viewer, "action", borough)
    with right:
        due = _due(quarter)
    words = st.text_area(
        "What is to be done", definition.closes, key=_key("agreed_words"), height=68
    )
    left, right = st.columns(2)
    with left:
        owner = st.selectbox(
            "Agency",
            OWNERS,
            index=OWNERS.index(definition.owner),
            format_func=sentence,
            key=_key("agreed_owner"),
        )
    with right:
        who_sees = st.text_input(
            "Who sees to it",
            key=_key("agreed_who"),
            placeholder="A role or a team",
            help="Such as schools lead of the command unit; never a person's name.",
        )
    if st.button("Note it", type="primary", icon=":material/handshake:", key=_key("agreed_note")):
        _keep(
            viewer,
            Draft("action", words, owner, who_sees, quarter, due, place, indicator, school_type),
        )


def note_ask(viewer: Viewer, quarter: str, borough: str | None) -> None:
    """Note where the Executive could add value."""
    with _form("Ask the Executive", "campaign", "ask"):
        _ask_fields(viewer, quarter, borough)


def _ask_fields(viewer: Viewer, quarter: str, borough: str | None) -> None:
    st.markdown("Where could the Executive add value? It is shown to everybody who signs in.")
    left, right = st.columns(2)
    with left:
        place = _where(viewer, "ask", borough)
    with right:
        due = _due(quarter)
    words = st.text_area("What is asked", key=_key("asked_words"), height=80)
    left, right = st.columns(2)
    with left:
        owner = st.selectbox(
            "Owner",
            agreements.OWNERS,
            index=len(OWNERS),
            format_func=sentence,
            key=_key("asked_owner"),
            help="Whose answer it is: the Executive, or one of its agencies.",
        )
    with right:
        who_asks = st.text_input(
            "Who asks",
            key=_key("asked_who"),
            placeholder="A role or a team",
            help="Such as partnership manager; never a person's name.",
        )
    if st.button("Ask", type="primary", icon=":material/campaign:", key=_key("asked_note")):
        _keep(viewer, Draft("ask", words, owner, who_asks, quarter, due, place))


def _keep(viewer: Viewer, draft: Draft) -> None:
    try:
        kept = agreements.note_agreement(the_office(), viewer, who(), draft)
    except _FAULTS as fault:
        st.error(f"{sentence(str(fault))}.", icon=":material/error:")
        return
    _note(kept, "noted")
    _start_anew()


def settle(viewer: Viewer, agreement: Agreement) -> None:
    """Say how a gap was closed or what an ask led to; or that it was dropped, and why."""
    with _form("What came of it", "done_all", "settle"):
        _outcome_fields(viewer, agreement)


def _outcome_fields(viewer: Viewer, agreement: Agreement) -> None:
    asked = agreement.kind == "ask"
    outcome = st.text_area(
        "What the Executive answers" if asked else "How it was closed, for others to learn from",
        agreement.outcome,
        key=_key("settled_outcome"),
        height=100,
    )
    done, dropped = st.columns(2)
    if done.button("Answered" if asked else "Done", type="primary", width="stretch"):
        _settle(viewer, agreement, "done", outcome)
    if dropped.button("Not taken up" if asked else "Dropped", width="stretch"):
        _settle(viewer, agreement, "dropped", outcome)


def _settle(viewer: Viewer, agreement: Agreement, status: agreements.Status, outcome: str) -> None:
    try:
        agreements.settle(the_office(), viewer, who(), agreement.agreement_id, status, outcome)
    except _FAULTS as fault:
        st.error(f"{sentence(str(fault))}.", icon=":material/error:")
        return
    _note(agreement, status)
    _start_anew()


def take_up_again(viewer: Viewer, agreement: Agreement) -> None:
    """Open a settled agreement again."""
    _settle(viewer, agreement, "open", "")


def _start_anew() -> NoReturn:
    st.session_state["agreements_kept"] = _times() + 1
    st.rerun()


def _note(agreement: Agreement, outcome: str) -> None:
    about = (agreement.agreement_id, agreement.borough_code or LONDON, agreement.indicator or "")
    what = "agreed" if agreement.kind == "action" else "asked"
    note(what, " ".join(about).strip(), outcome)
