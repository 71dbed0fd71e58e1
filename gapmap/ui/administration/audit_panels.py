"""The panels of the audit screen: the search, what it found, and the way to take that along."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pandas as pd
import streamlit as st

from gapmap.access import ROLE_NAMES, ROLES, Viewer
from gapmap.export import Provenance
from gapmap.office.access_table import grants
from gapmap.office.audit_log import WHATS, counts, events
from gapmap.office.seal import Sealed, check
from gapmap.opened import the_audit_log, the_office
from gapmap.operations.operations import today
from gapmap.ui.exporting import under_table
from gapmap.ui.viewing import everybody_signed_in, who
from gapmap.ui.words import count, numbered, sentence

SHOWN_AT_MOST = 2000
DAYS_AT_FIRST = 30
_HEIGHT = 420
_ANY = "any"
# Pixels: who is told by a name where one is known, and by the key in the last column always.
_WIDTHS = {
    "When (UTC)": 140,
    "Who": 170,
    "Role": 150,
    "What": 120,
    "On what": 330,
    "Outcome": 90,
    "Key": 220,
}


@dataclass(frozen=True)
class Search:
    """What is looked for; None narrows nothing. `first` and `last` are days in UTC, inclusive."""

    first: date
    last: date
    who: str | None
    what: str | None
    role: str | None
    outcome: str | None

    @property
    def moments(self) -> tuple[datetime, datetime]:
        last = datetime.combine(self.last, time.max, UTC)
        return datetime.combine(self.first, time.min, UTC), last


def note_reading(viewer: Viewer) -> None:
    """Once a session: whoever reads the log stands in it too."""
    if "audit_read" not in st.session_state:
        the_audit_log().note(what="audit read", who=who(), role=viewer.role)
        st.session_state["audit_read"] = True


def show_whether_whole() -> None:
    """Whether every event is as it was written: an edited file is noticed here."""
    office = the_office()
    sealed = _check(office.last_seal or "")
    if sealed.broken_at is not None:
        st.error(
            f"The log is not as it was written, from {sealed.broken_at:%d %B %Y %H:%M:%S} UTC on: "
            "an event was changed, taken out or put in. Compare it with what your log collector "
            "holds.",
            icon=":material/gpp_bad:",
        )
        return
    st.caption(
        f"{numbered(sealed.events, 'event')} in all, each as it was written. The last is sealed "
        f"{sealed.last[:16]}…; the same stands in the last line that the log collector was sent."
    )


@st.cache_data(max_entries=1, show_spinner=False)
def _check(last: str) -> Sealed:
    return check(the_office())


def choose() -> Search | None:
    """The search; None while only the first day of the period is chosen."""
    now = today()
    columns = st.columns([2.2, 2.4, 1.8, 1.8, 1.8], vertical_alignment="bottom")
    with columns[0]:
        period = st.date_input(
            "Period (UTC)",
            (now - timedelta(days=DAYS_AT_FIRST), now),
            format="DD/MM/YYYY",
            key="audit_period",
        )
    with columns[1]:
        person = st.text_input("Who", key="audit_who", placeholder="a part of the name or key")
    what = _one_of(columns[2], "What", WHATS, "audit_what")
    role = _one_of(columns[3], "Role", ROLES, "audit_role")
    if not isinstance(period, tuple) or len(period) != 2:
        st.caption("Choose the last day of the period too.")
        return None
    whole = Search(period[0], period[1], None, None, None, None)
    outcomes = sorted({row["outcome"] for row in counts(the_office(), *whole.moments)})
    outcome = _one_of(columns[4], "Outcome", outcomes, "audit_outcome")
    return Search(period[0], period[1], person.strip() or None, what, role, outcome)


def _one_of(column: Any, label: str, options: Any, key: str) -> str | None:
    chosen = column.selectbox(
        label, [_ANY, *options], format_func=lambda one: ROLE_NAMES.get(one, sentence(one)), key=key
    )
    return None if chosen in (None, _ANY) else str(chosen)


def found_table(search: Search) -> None:
    """What was found, the newest first, and its export."""
    found = events(
        the_office(),
        *search.moments,
        who=search.who,
        what=search.what,
        role=search.role,
        outcome=search.outcome,
        most=SHOWN_AT_MOST + 1,
    )
    if not found:
        st.info("Nothing of that kind was noted in this period.", icon=":material/inbox:")
        return
    shown = _frame(found[:SHOWN_AT_MOST])
    widths = {name: st.column_config.Column(width=width) for name, width in _WIDTHS.items()}
    st.dataframe(shown, hide_index=True, height=_HEIGHT, placeholder="–", column_config=widths)
    more = len(found) > SHOWN_AT_MOST
    line = (
        f"The newest {count(SHOWN_AT_MOST)} events; choose a shorter period to see the others."
        if more
        else f"{numbered(len(found), 'event')}. Moments are UTC; nothing is ever taken out."
    )
    about = _about(search, line)
    under_table(line, lambda: shown, about, f"{search.first} {search.last}", key="audit_export")


def _frame(found: list[dict[str, Any]]) -> pd.DataFrame:
    names = {one.identity.key: one.identity.name for one in everybody_signed_in()}
    names |= {grant.holder: grant.holder_name for grant in grants(the_office())}
    return pd.DataFrame(
        {
            "When (UTC)": f"{one['at_utc']:%Y-%m-%d %H:%M:%S}",
            "Who": names.get(one["who"], one["who"]),
            "Role": ROLE_NAMES.get(one["role"], one["role"]),
            "What": sentence(one["what"]),
            "On what": one["on_what"],
            "Outcome": one["outcome"],
            "Key": one["who"],
        }
        for one in found
    )


def _about(search: Search, line: str) -> Provenance:
    return Provenance(
        title="Audit log",
        period=f"{search.first:%d %B %Y} to {search.last:%d %B %Y} (UTC)",
        source="gapmap's audit log, to which events are only ever added",
        definition="One row is one event: who did what, in which role, on what, and what came of "
        "it. It holds no figure and nothing that anybody typed.",
        filters={
            "Who": search.who or "All",
            "What": search.what or "All",
            "Role": search.role or "All",
            "Outcome": search.outcome or "All",
        },
        notes=(line,),
    )
