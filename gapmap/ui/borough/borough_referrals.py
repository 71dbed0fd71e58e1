"""What was passed on and what children say: the borough's referrals, where none was seen, voice."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any, Final

import pandas as pd
import streamlit as st

from gapmap.access import Viewer
from gapmap.indicator import definitions
from gapmap.measure import ALL
from gapmap.reference.vocabulary import vocabularies
from gapmap.ui import charts
from gapmap.ui.borough.borough_choice import Chosen
from gapmap.ui.borough.borough_figures import area_words, exact_notice, own_values
from gapmap.ui.exporting import provenance, under_table
from gapmap.ui.loads import load
from gapmap.ui.naming import note_exact
from gapmap.ui.navigation import TITLES, go_to
from gapmap.ui.tables import ROW_HEIGHT, chosen_row
from gapmap.ui.units import REASON_WORDS
from gapmap.ui.words import (
    REFERRALS_CAUTION,
    WITHHELD_WORDS,
    count,
    figure,
    missing,
    percent,
    quarter_words,
    sentence,
)

MEASURE: Final = "hsb_referrals"
NO_REFERRAL: Final = "no_referral_seen"
NOT_A_FINDING: Final = "A reason to talk, not a finding."
_VOICE: Final = ("prevalence", "perception_gap_parent", "perception_gap_school")


def children_view(viewer: Viewer, chosen: Chosen) -> str | None:
    """Referrals over time and broken down, where no referral was seen, and what children say; the
    URN of a school that was clicked, which only the own lead is shown."""
    exact = viewer.leads(chosen.code)
    if exact:
        exact_notice(chosen.borough)
        note_exact(chosen.code, "figures about children")
    left, middle, right = st.columns([1.25, 1, 1.15], gap="medium")
    with left:
        _referrals(viewer, chosen, exact)
    with middle:
        _breakdown(viewer, chosen, exact)
    with right:
        clicked = _none_seen(viewer, chosen, exact)
        _voice(viewer, chosen, exact)
    st.caption(f"{REFERRALS_CAUTION} {_how(exact)}")
    return clicked


def _how(exact: bool) -> str:
    released = f"{WITHHELD_WORDS}; other counts to the nearest 5."
    return (
        f"The borough's figures are exact; London's are released: {released}"
        if exact
        else (f"Released figures: {released}")
    )


# Figures beside a marker are text; they stand as numbers do.
_NUMBERS: Final = st.column_config.TextColumn(alignment="right")

# --- over time ------------------------------------------------------------------------------------


def _referrals(viewer: Viewer, chosen: Chosen, exact: bool) -> None:
    st.subheader("How many HSB referrals were accepted?")
    given = {"measure": MEASURE, "borough": chosen.code}
    released = load(viewer, "referrals/by_quarter", **given)
    own = load(viewer, "referrals/by_quarter", exact_of=chosen.code, **given) if exact else released
    found = own[own["level"] == "borough"]
    charts.counts_by_quarter(found, key="borough_referrals")
    table = referrals_table(found, released[released["level"] == "london"], chosen.borough)
    st.dataframe(
        table,
        hide_index=True,
        row_height=ROW_HEIGHT,
        height=min(8, len(table)) * ROW_HEIGHT + 38,
        column_config=dict.fromkeys(table.columns[1:], _NUMBERS),
        key="referrals_table",
    )
    _under(
        chosen, table, "HSB referrals accepted", definitions()[MEASURE].numerator, found, exact, "r"
    )


def referrals_table(own: pd.DataFrame, london: pd.DataFrame, borough: str) -> pd.DataFrame:
    """The figures of each quarter, the newest first: of the borough and of London."""
    rows = zip(own.to_dict("records"), london.to_dict("records"), strict=True)
    return pd.DataFrame(
        [
            {
                "Quarter": one["quarter"],
                borough: _figure(one),
                "London": _figure(all_of),
                "London: submitted": _submitted(all_of),
            }
            for one, all_of in rows
        ]
    )[::-1]


def _figure(row: Mapping[Any, Any]) -> str:
    return (
        REASON_WORDS["not_released"]
        if row["awaits_release"]
        else figure(row["value"], row["marker"])
    )


def _submitted(london: Mapping[Any, Any]) -> str:
    if missing(london["areas_submitted"]):
        return "none"
    return f"{count(london['areas_submitted'])} of {count(london['areas'])}"


def _nothing(viewer: Viewer, chosen: Chosen) -> str:
    quarters = load(viewer, "referrals/by_quarter", measure=MEASURE, borough=chosen.code)
    own = quarters[(quarters["level"] == "borough") & (quarters["quarter"] == chosen.quarter)]
    if own["awaits_release"].any():
        return (
            f"{chosen.borough} submitted referrals for {chosen.quarter}; they wait for the "
            "quarter's release."
        )
    return (
        f"{chosen.borough} has not submitted referrals for {chosen.quarter}: nothing is known, "
        "which is not none."
    )


# --- broken down ----------------------------------------------------------------------------------


def _breakdown(viewer: Viewer, chosen: Chosen, exact: bool) -> None:
    st.subheader(f"Of which {chosen.breakdown}?")
    given = {
        "measure": MEASURE,
        "quarter": chosen.quarter,
        "level": "borough",
        "area": chosen.code,
        "breakdown": chosen.breakdown,
    }
    found = load(viewer, "referrals/breakdown", exact_of=chosen.code if exact else None, **given)
    if found.empty:
        st.info(_nothing(viewer, chosen), icon=":material/hourglass_empty:")
        return
    table = breakdown_table(found, chosen.breakdown)
    st.dataframe(
        table,
        hide_index=True,
        row_height=ROW_HEIGHT,
        height=min(12, len(table)) * ROW_HEIGHT + 38,
        column_config={
            sentence(chosen.breakdown): st.column_config.TextColumn(width=246),
            "Referrals": st.column_config.TextColumn(width=76, alignment="right"),
        },
        key="breakdown_table",
    )
    if none := none_of(found, chosen.breakdown):
        st.caption(none)
    _under(
        chosen,
        table,
        f"HSB referrals by {chosen.breakdown}",
        f"{definitions()[MEASURE].numerator}, by {chosen.breakdown}. Parts are rounded on "
        "their own and need not add up to their total.",
        found,
        exact,
        "b",
    )


def breakdown_table(found: pd.DataFrame, breakdown: str) -> pd.DataFrame:
    """The total and its parts, those that are a true 0 left out: `none_of` names them."""
    rows = [row for row in found.to_dict("records") if not _is_none(row)]
    return pd.DataFrame(
        {
            sentence(breakdown): [category_words(row["category"], breakdown) for row in rows],
            "Referrals": [figure(row["value"], row["marker"]) for row in rows],
        }
    )


def none_of(found: pd.DataFrame, breakdown: str) -> str:
    """The categories of which there was none, in words; empty where there is no such."""
    names = [str(row["category"]) for row in found.to_dict("records") if _is_none(row)]
    return f"None of: {', '.join(names)}." if names else ""


def _is_none(row: Mapping[Any, Any]) -> bool:
    return row["category"] != ALL and missing(row["marker"]) and row["value"] == 0


def category_words(category: str, breakdown: str) -> str:
    """What a category is called on screen; a source by its code and who that is."""
    if category == ALL:
        return "All"
    if breakdown == "source" and category in _sources():
        return f"{category} {_sources()[category]}"
    return sentence(category)


@cache
def _sources() -> dict[str, str]:
    rows = vocabularies()["Sources of referral"]
    return {row["Code"]: row["Who referred"] for row in rows}


# --- no referral seen -----------------------------------------------------------------------------


def _none_seen(viewer: Viewer, chosen: Chosen, exact: bool) -> str | None:
    st.subheader("In how many schools was no referral seen?")
    definition = definitions()[NO_REFERRAL]
    area = own_values(viewer, chosen, [NO_REFERRAL], exact=exact).get(NO_REFERRAL)
    words = area_words(area, definition.unit)
    known = (
        ""
        if area is None or missing(area["denominator"])
        else (f" of {count(area['denominator'])} of secondary age")
    )
    st.markdown(f"**{words}**{known}, four quarters to {chosen.quarter}. {NOT_A_FINDING}")
    if not exact:
        st.caption("Which ones, the borough's own lead sees.")
        return None
    return _names(viewer, chosen)


def _names(viewer: Viewer, chosen: Chosen) -> str | None:
    found = load(
        viewer,
        "borough/no_referral_seen",
        exact_of=chosen.code,
        quarter=chosen.quarter,
        borough=chosen.code,
    )
    if found.empty:
        st.caption("None is named: in no school is there both silence and a reason to ask.")
        return None
    place = chosen_row(
        none_seen_table(found),
        key="none_seen",
        height=min(6, len(found)) * ROW_HEIGHT + 38,
        columns={
            "School": st.column_config.TextColumn(width=130),
            "Children say so": st.column_config.TextColumn(width=140),
            "Testimony": st.column_config.TextColumn(width=70),
        },
    )
    st.caption(
        "No referral in four quarters, though children's answers or a testimony (unverified, of "
        "any year) speak of harassment."
    )
    return None if place is None else str(found.iloc[place]["urn"])


def none_seen_table(found: pd.DataFrame) -> pd.DataFrame:
    """The schools where none was seen, each with what makes that a reason to talk."""
    rows = found.to_dict("records")
    return pd.DataFrame(
        {
            "School": found["school_name"],
            "Children say so": [_prevalence(row) for row in rows],
            "Testimony": [_testimony(row["testimonies"]) for row in rows],
        }
    )


def _prevalence(row: Mapping[Any, Any]) -> str:
    if missing(row["prevalence"]):
        return "not asked"
    said = f"{percent(row['prevalence'])} of {count(row['prevalence_answers'])}"
    is_top = not missing(row["in_top_quartile"]) and row["in_top_quartile"]
    return f"{said}, top quartile" if is_top else said


def _testimony(value: Any) -> str:
    if missing(value):
        return "not submitted"
    return "yes" if value else "no"


# --- voice ----------------------------------------------------------------------------------------


def _voice(viewer: Viewer, chosen: Chosen, exact: bool) -> None:
    st.subheader("What do children say?")
    rows = []
    own = own_values(viewer, chosen, _VOICE, exact=exact)
    for name in _VOICE:
        definition, area = definitions()[name], own.get(name)
        rows.append(
            {
                "Measure": definition.title,
                chosen.borough: area_words(area, definition.unit),
                "95%": _range(area),
            }
        )
    table = pd.DataFrame(rows)
    st.dataframe(
        table,
        hide_index=True,
        row_height=ROW_HEIGHT,
        column_config=dict.fromkeys(table.columns[1:], _NUMBERS),
        key="voice_table",
    )
    if "voice" in TITLES and st.button(
        "All of what was asked", type="tertiary", icon=":material/arrow_forward:", key="to_voice"
    ):
        go_to("voice", area=chosen.borough)


def _range(area: Mapping[str, Any] | None) -> str:
    if area is None or missing(area["low"]):
        return "–"
    return f"{area['low']:.0f} to {area['high']:.0f}".replace("-", "−")


def _under(
    chosen: Chosen,
    table: pd.DataFrame,
    title: str,
    definition: str,
    found: pd.DataFrame,
    exact: bool,
    key: str,
) -> None:
    releases = found["release_id"].dropna()
    release = str(releases.iloc[-1]) if len(releases) else None
    said = "exact" if exact else f"release {release}" if release else "nothing released yet"
    line = f"{quarter_words(chosen.quarter)} · from referrals · {said}"
    under_table(
        line,
        lambda: table,
        provenance(
            f"{title}, {chosen.borough}",
            chosen.quarter,
            source="referrals",
            definition=definition,
            filters={"Borough": chosen.borough},
            release=None if exact else release,
            notes=(
                ("Exact figures, for the borough's own lead only: not for sharing.",)
                if exact
                else (WITHHELD_WORDS, REFERRALS_CAUTION)
            ),
        ),
        chosen.quarter,
        key=f"children_{key}",
    )
