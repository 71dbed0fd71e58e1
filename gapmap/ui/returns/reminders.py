"""The reminder of one borough: what it is to send, by when, where, and to whom it is written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, cast
from urllib.parse import quote, urlsplit

import pandas as pd
import streamlit as st

from gapmap.access import Viewer
from gapmap.contract import contracts
from gapmap.operations.operations import today
from gapmap.reference import reference
from gapmap.reference.windows import Contact, contacts
from gapmap.ui.navigation import go_into
from gapmap.ui.returns.returns_panels import days_away
from gapmap.ui.words import day_words, numbered, quarter_words, sentence

# Mail programs cut longer addresses off; the text then goes by the copy button alone.
LONGEST_MAILTO = 1900

Cell = Mapping[str, Any]

_SENT_BEFORE = {
    "withdrawn": "; what was sent was withdrawn",
    "offered": "; it was sent by another agency and waits until you accept it under Submissions",
}


def choose_borough(codes: Sequence[str], viewer: Viewer) -> str:
    """The borough whose returns are listed, by ?borough=; from the start the viewer's own first
    one, else the first of the matrix. `codes` are those of the matrix, in its order."""
    own = [code for code in codes if viewer.leads(code)]
    asked = st.query_params.get("borough", "")
    now = asked if asked in codes else (own or list(codes))[0]
    chosen = st.selectbox(
        "Borough",
        codes,
        index=list(codes).index(now),
        format_func=reference.borough_name,
        key=f"returns_of_{now}",
    )
    if chosen is not None and chosen != now:
        go_into(borough=chosen)
    return now


def show_reminder(states: pd.DataFrame, code: str, viewer: Viewer) -> None:
    """What a borough is to send, and for its lead and administrators the reminder to send it."""
    borough = reference.borough_name(code)
    to_send = cast(
        "list[Cell]",
        states[(states["borough_code"] == code) & states["to_send"]].to_dict("records"),
    )
    to_send.sort(key=lambda cell: (cell["due"], cell["extract"], cell["quarter"]))
    contact = contacts()[code][0]
    if not to_send:
        st.success(
            f"{borough} has nothing to send: no reminder is needed.", icon=":material/task_alt:"
        )
    elif viewer.may_remind(code):
        _ready_to_send(to_send, contact)
    else:
        st.markdown("\n".join(f"- {_line(cell, today())}" for cell in to_send))
        st.caption(
            f"{sentence(contact.role)} of {borough} sends them. The reminder and the address are "
            "shown to the borough's lead and to administrators."
        )
    others = contacts()[code][1:]
    if others and viewer.may_remind(code):
        st.caption("Also: " + ", ".join(f"{one.role} ({one.email})" for one in others))


def _ready_to_send(to_send: Sequence[Cell], contact: Contact) -> None:
    subject = reminder_subject(to_send, today())
    body = reminder_text(to_send, contact, today(), base_address())
    st.markdown(f"To **{contact.email}** ({contact.role}), subject **{subject}**")
    st.code(body, language=None, wrap_lines=True, height=290)
    link = mail_address(contact.email, subject, body)
    st.link_button(
        "Open in e-mail" if "&body=" in link else "Open in e-mail, then paste the text",
        link,
        icon=":material/mail:",
    )


def reminder_subject(to_send: Sequence[Cell], now: date) -> str:
    """The subject: whose returns, how many, and by when the first is due."""
    said = numbered(len(to_send), "return")
    return f"{to_send[0]['borough']}: {said} to be sent, as of {day_words(now)}"


def reminder_text(to_send: Sequence[Cell], contact: Contact, now: date, base: str) -> str:
    """The reminder as plain text: who, what is missing, by when, and where it is uploaded.

    `to_send` are rows of queries/returns/states of one borough, at least one; `base` is the address
    of the app, without a slash at its end.
    """
    borough, code = to_send[0]["borough"], to_send[0]["borough_code"]
    lines = "\n".join(f"- {_line(cell, now)}" for cell in to_send)
    return (
        f"To the {contact.role}, {borough}\n\n"
        f"As of {day_words(now)} these returns of {borough} have not been published:\n\n"
        f"{lines}\n\n"
        f"Upload them at {base}/upload\n"
        f"What is to be sent, each with its upload: {base}/returns?borough={code}\n\n"
        "Had the borough nothing to report in a quarter? Tick it under Nil returns when you "
        "upload: without that it counts as not sent.\n"
        "Files hold counts only: nothing about a child, no names, no free text.\n\n"
        f"You are written to as the {contact.role} ({contact.email}). If somebody else sends these "
        "returns, please pass this on and tell the administrator."
    )


def _line(cell: Cell, now: date) -> str:
    contract = contracts()[cell["extract"]]
    due = day_words(cell["due"])
    when = f"was due on {due}, " if cell["overdue"] else f"due by {due}, "
    more = _SENT_BEFORE.get(cell["state"], "")
    return (
        f"{contract.title}, {quarter_words(cell['quarter'])}: {when}"
        f"{days_away(cell['due'], now)}{more} (held by: {contract.held_by})"
    )


def mail_address(email: str, subject: str, body: str) -> str:
    """A mailto link with subject and text (RFC 6068), without the text where it gets too long."""
    start = f"mailto:{quote(email, safe='@')}?subject={quote(subject)}"
    # RFC 6068, section 5: a line ends in %0D%0A.
    whole = f"{start}&body={quote(body.replace(chr(10), chr(13) + chr(10)))}"
    return whole if len(whole) <= LONGEST_MAILTO else start


def base_address() -> str:
    """The app's own address as the browser has it, without the page and without a slash."""
    url = urlsplit(st.context.url or "")
    return f"{url.scheme}://{url.netloc}{url.path.rpartition('/')[0]}" if url.netloc else ""
