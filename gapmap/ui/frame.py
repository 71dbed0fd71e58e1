"""What frames every screen: the banner of the demonstration data, sources, and the footer."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import pandas as pd
import streamlit as st

from gapmap.access import Viewer
from gapmap.contract import Contract
from gapmap.demo import DEMONSTRATION_NOTICE
from gapmap.indicator import Definition
from gapmap.reference import reference
from gapmap.ui import filters, palette
from gapmap.ui.definitions.definition_panels import INDICATORS, column_row, indicator_facts
from gapmap.ui.loads import load
from gapmap.ui.navigation import go_up_from, page
from gapmap.ui.noting import note_refusal
from gapmap.ui.sharing import share_button
from gapmap.ui.viewing import other_role_words, viewer_switch
from gapmap.ui.words import (
    BOUNDARIES_ATTRIBUTION,
    FOOTER,
    extract_names,
    quarter_words,
    sentence,
)

_STYLE = f"""<style>
/* What every screen has above its own: the navigation with who looks at its right, in one bar. */
[data-testid="stHeader"], [data-testid="stToolbar"] {{height: 3rem; min-height: 3rem;}}
.block-container {{padding: 3.3rem 1.6rem 1rem;}}
[data-testid="stMainBlockContainer"] > [data-testid="stVerticalBlock"],
.st-key-body {{gap: .6rem;}}
[data-testid="stLayoutWrapper"]:has(> .st-key-top_bar) {{position: fixed; top: .45rem;
  right: 1.6rem; z-index: 999991; width: auto !important;}}
.st-key-top_bar {{width: auto !important;}}
.st-key-top_bar button {{min-height: 2.1rem; height: 2.1rem; max-width: 22rem;}}
.st-key-top_bar button p {{overflow: hidden; text-overflow: ellipsis; white-space: nowrap;}}
[data-testid="stHeading"] h1 {{font-size: 1.7rem !important; line-height: 1.2; padding: 0 0 .2rem;}}
[data-testid="stHeading"] [data-testid="stMarkdownContainer"] {{margin-bottom: -.6rem;}}
/* A title beside filters stands on their line. */
[data-testid="stColumn"] [data-testid="stHeading"]:has(h1) [data-testid="stMarkdownContainer"] {{
  margin-bottom: 0;}}
/* So do a link and a switch. */
[data-testid="stColumn"] [data-testid="stPageLink"] a {{min-height: 2.5rem;}}
[data-testid="stHeading"] h3 {{font-size: 1.15rem !important; padding: .4rem 0 0;}}
[data-testid="stLayoutWrapper"]:has(> .st-key-kept_filters) {{display: none;}}
/* A table is taken along by its own buttons, which say where it is from and are noted. */
[data-testid="stElementToolbarButton"]:has(button[aria-label="Download as CSV"]) {{display: none;}}
.notice {{background: #fff4ce; color: {palette.TEXT}; border-radius: .3rem; padding: .15rem .7rem;
  font-size: .8rem;}}
/* At 200% zoom on a projector Streamlit sets columns one below the other: filters go two abreast,
   so that what they filter is near. */
@media (max-width: 640px) {{
  [data-testid="stColumn"]:has(> [data-testid="stVerticalBlock"] > :only-child >
    :is([data-testid="stSelectbox"], [data-testid="stPopover"], [data-testid="stButton"])) {{
    flex: 1 1 calc(50% - 1rem) !important; min-width: calc(50% - 1rem) !important;}}
}}
</style>"""


def top(name: str) -> Viewer:
    """Above every page: what is invented says so, and who looks can be switched. `name`: of the
    page; one that does not open to the viewer is not theirs to share."""
    st.html(_STYLE)
    with st.container(key="top_bar", horizontal=True, width="content", gap="small"):
        share = st.container(width="content")
        viewer = viewer_switch()
    if viewer.opens(name) and viewer.may("make_link"):
        with share:
            share_button()
    if load(viewer, "reference/demonstration")["demonstration"].item():
        st.html(f'<div class="notice" role="note">{DEMONSTRATION_NOTICE}</div>')
    return viewer


def footer() -> None:
    """Below every page."""
    st.caption(f"{FOOTER} {BOUNDARIES_ATTRIBUTION}")


def nothing_held(viewer: Viewer) -> None:
    """The screen of an empty store: what is missing, and what to do."""
    st.info(
        "Nothing has been published yet. First an administrator uploads the school register, then "
        "each lead the extracts of a quarter.",
        icon=":material/inbox:",
    )
    if viewer.may_upload:
        st.page_link(page("upload"), label="Upload an extract")
    else:
        st.caption("Your role does not upload; ask the partnership's data lead.")


def definition_of(definition: Definition) -> None:
    """One click away: everything that the indicator's file says of it."""
    with st.popover("Definition", icon=":material/info:"):
        st.markdown(f"**{definition.title}**: {definition.question}")
        facts = indicator_facts(definition)
        st.table(pd.DataFrame({"": list(facts), " ": list(facts.values())}), hide_index=True)


def definition_of_all() -> None:
    """One click away: every indicator, as its file defines it."""
    st.page_link(
        page("definitions"),
        label="Definitions",
        icon=":material/info:",
        query_params={"subject": INDICATORS},
    )


Source = Callable[[Sequence[str]], str]  # the line under a figure of these extracts


def source_line(quarter: str, held: pd.DataFrame, extracts: Sequence[str], n: str) -> str:
    """Period, source and n, as they stand under every figure."""
    register = held.loc[held["quarter"] == quarter].iloc[0]
    line = f"{quarter_words(quarter)} · from {extract_names(extracts)} · {n}"
    if pd.isna(register["register_from"]):
        return f"{line} · no register is held"
    dates = f"{register['register_to']:%d %B %Y}".lstrip("0")
    early = register["register_from"] > register["ends"]
    late = " (the earliest held; none is dated before the quarter's end)" if early else ""
    return f"{line} · register of {dates}{late}"


def way_up(title: str, level: str, **to: str) -> None:
    """The way back to the level above: a step in the browser's history."""
    if st.button(title, icon=":material/arrow_back:", type="tertiary", key=f"up_from_{level}"):
        go_up_from(level, **to)


def nothing_matches(area: str, quarter: str, held: pd.DataFrame) -> None:
    """No school is left by the filters, or none is held at all: say so, and what to do."""
    said = (
        f"No school of {area} matches the filters in this quarter. Set phase and school type to "
        "All, or choose another quarter."
        if held.loc[held["quarter"] == quarter, "schools"].item()
        else "No school register is held, so no school is known. An administrator uploads it."
    )
    st.info(said, icon=":material/filter_alt_off:")
    if filters.is_narrowed():
        st.button("Show all schools", key="widen", on_click=filters.widen)


def no_such_school(urn: int | None) -> None:
    """The URL names no school that is held."""
    asked = (
        "No school was chosen." if urn is None else f"No register holds a school with URN {urn}."
    )
    st.info(f"{asked} Choose one from its borough.", icon=":material/school:")
    st.page_link(page("borough"), label="Go to the boroughs")


def out_of_scope(quarter: str, nearest: str) -> None:
    """The school is not open, or of no type in scope, in this quarter."""
    st.info(
        f"The school is not in scope in {quarter}; the nearest quarter that holds it is {nearest}.",
        icon=":material/event_busy:",
    )


def role_may_not(do: str, viewer: Viewer) -> None:
    """The screen is for other roles: say which, and how to try them."""
    note_refusal(do)
    st.info(
        f"{viewer.name}s do not {do}. A partnership data lead, a contributor or an administrator "
        f"does: {other_role_words()}.",
        icon=":material/lock:",
    )


def not_your_boroughs(contract: Contract, viewer: Viewer, covered: Iterable[str]) -> None:
    """The file is in order and covers boroughs that the viewer does not answer for."""
    note_refusal(f"upload of {contract.name}")
    others = ", ".join(sorted(map(reference.borough_name, set(covered) - set(viewer.boroughs))))
    named = f": {others}" if others else ""
    said = (
        "The register is London's: an administrator publishes it."
        if contract.dated_by == "date"
        else f"The file covers boroughs that you do not answer for{named}. Take their rows out, "
        f"or {other_role_words('your boroughs')}."
    )
    st.error(f"{said} Nothing was stored.", icon=":material/lock:")


def for_administrators(what: str, page: str) -> None:
    """The screen is an administrator's."""
    note_refusal(page)
    st.info(f"{what} is for administrators.", icon=":material/lock:")


def no_submission(viewer: Viewer) -> None:
    """Nothing came yet for the viewer's boroughs."""
    hint = (
        f"{sentence(other_role_words('your boroughs'))}."
        if viewer.role != "administrator" and not viewer.boroughs
        else "Nothing has been submitted for them yet."
    )
    st.info(hint, icon=":material/inbox:")
    st.page_link(page("upload"), label="Upload an extract")


def columns_of(contract: Contract) -> None:
    """One click away: the columns that the contract asks for, and where its template is."""
    with st.expander(f"What the file holds: one row is {contract.one_row_is}"):
        st.table(pd.DataFrame([column_row(field) for field in contract.fields]), hide_index=True)
        st.page_link(page("definitions"), label="Templates and definitions")
