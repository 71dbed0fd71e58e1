"""The borough's profile: every indicator in a row, beside London, its neighbours and its groups."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import pandas as pd
import streamlit as st

from gapmap.access import Viewer
from gapmap.contract import contracts
from gapmap.indicator import definitions, of_schools
from gapmap.ui.borough.borough_choice import BY_DSL, Chosen, show_schools
from gapmap.ui.borough.borough_figures import figures_panel, released_figures
from gapmap.ui.borough.profile_rows import GROUPS, by_indicator, show_rows, strip_key
from gapmap.ui.cards import Card, Tone, show_cards
from gapmap.ui.classes import DSL_SOON
from gapmap.ui.exporting import provenance, under_table
from gapmap.ui.frame import nothing_matches, source_line
from gapmap.ui.loads import load
from gapmap.ui.setting_words import changed_line
from gapmap.ui.words import (
    REASON_WORDS,
    STATE_WORDS,
    change,
    count,
    figure,
    missing,
    reasons_words,
    sentence,
)

_LEADING: Final = ("reviewed", "dsl_in_date", "police_engagement")
_LINE: Final = """<style>
.st-key-headline_line {gap: 0;}
.st-key-under_profile {gap: .8rem;}
[data-testid="stVerticalBlock"]:has(> * > .st-key-profile) {gap: .5rem;}
.st-key-headline_line .card {display: flex; flex: 1 1 auto; flex-wrap: wrap; gap: 0 .5rem;
  align-items: baseline; padding: .1rem .55rem;}
.st-key-headline_line .value {font-size: 1.05rem;}
.st-key-headline_line .change {margin-left: .25rem;}
.st-key-headline_line .note {display: none;}
</style>"""


def profile_view(viewer: Viewer, chosen: Chosen) -> None:
    """Headline, and the profile itself: schools' indicators left, the borough's own right."""
    given = {"quarter": chosen.quarter, "borough": chosen.code, **chosen.of_schools}
    profile = load(viewer, "borough/profile", **given)
    peers = load(viewer, "compare/with_peers", **given)
    soon = load(viewer, "borough/dsl_runs_out", **given)
    seen = released_figures(viewer, chosen, ("no_referral_seen",))
    _headline(profile, seen, int((soon["quarters_left"] <= DSL_SOON).sum()))
    left, right = st.columns([2.95, 1], gap="small")
    with left:
        if not profile[list(STATE_WORDS)].to_numpy().any():
            nothing_matches(chosen.borough, chosen.quarter, chosen.held)
        show_rows(profile, peers, chosen)
        _under(profile, peers, chosen)
    with right:
        figures_panel(viewer, chosen)


def _headline(profile: pd.DataFrame, seen: Mapping[str, Any], soon: int) -> None:
    """The borough's headline in one line; what stands behind a figure is told on hover."""
    rows = {str(row["indicator"]): row for row in profile.to_dict("records")}
    none_seen = seen.get("no_referral_seen")
    cards = [
        *(_gap_card(rows[name]) for name in _LEADING if name in rows),
        Card(
            "DSL runs out soon",
            count(soon),
            meaning="Schools whose DSL training is in date now, and whose answer counts for "
            f"{DSL_SOON} more quarters at most.",
        ),
        _unknown_card(profile),
        Card(
            "No referral seen",
            "–" if none_seen is None else figure(none_seen["value"], none_seen["marker"]),
            meaning="Secondary-age schools, in four quarters: a reason to talk, not a finding. A "
            "released number: 1–7 is shown as c.",
        ),
    ]
    with st.container(key="headline_line"):
        st.html(_LINE)
        show_cards(cards)


def _gap_card(row: Mapping[Any, Any]) -> Card:
    definition = definitions()[row["indicator"]]
    label = sentence(definition.gap)
    if not row["n"]:
        return Card(label, "–", meaning=f"Nothing is known: {count(row['unknown'])} unknown.")
    moved = change(row["gap"], row["gap_before"])
    tone: Tone = "neutral"
    if moved and row["gap"] != row["gap_before"]:
        tone = "worse" if row["gap"] > row["gap_before"] else "better"
    return Card(
        label,
        count(row["gap"]),
        moved or "",
        tone,
        meaning=f"{definition.question} Of {count(row['n'])} schools known; "
        f"{count(row['pupils_gap'])} pupils in those with the gap, "
        f"{count(row['gap_without_pupils'])} of which give no number."
        + (f" The change is on {row['quarter_before']}." if moved else ""),
    )


def _unknown_card(profile: pd.DataFrame) -> Card:
    total = {name: int(profile[name].sum()) for name in ("not_asked", "no_reply", "gap", "unknown")}
    other = total["unknown"] - total["not_asked"] - total["no_reply"]
    return Card(
        "Not asked / no reply / said no",
        f"{count(total['not_asked'])} / {count(total['no_reply'])} / {count(total['gap'])}",
        meaning=f"We have not asked {count(total['not_asked'])}; {count(total['no_reply'])} have "
        f"not replied; {count(total['gap'])} said no; {count(other)} more are not sent or out of "
        "date. Answers, one per school and item.",
    )


# --- under the rows -----------------------------------------------------------------------------


def _under(profile: pd.DataFrame, peers: pd.DataFrame, chosen: Chosen) -> None:
    for line in changed_line([chosen.code]):
        st.caption(line)
    if silent := not_submitted(profile):
        st.markdown(
            f":material/hourglass_empty: **Not submitted**: {', '.join(silent)}. Until the lead "
            "sends it, schools are unknown, never a gap."
        )
    with st.container(horizontal=True, vertical_alignment="center", key="under_profile"):
        st.html(f'<div class="key">{strip_key(chosen.borough)}</div>', width="stretch")
        st.button(
            "Whose DSL training runs out soon",
            key="profile_dsl",
            type="tertiary",
            icon=":material/event_upcoming:",
            on_click=show_schools,
            kwargs={"by": BY_DSL},
        )
        all_numbers = st.toggle("All numbers", key="numbers", bind="query-params")
    if all_numbers:
        st.dataframe(profile_table(profile, peers), hide_index=True, placeholder="–")
    reasons = {reason: profile[reason].sum() for reason in REASON_WORDS}
    n = (
        f"n = {count(profile['n'].sum())} answers known, {count(profile['unknown'].sum())} unknown "
        f"({reasons_words(reasons)})"
    )
    extracts = sorted({name for one in of_schools() for name in one.extracts})
    line = source_line(chosen.quarter, chosen.held, extracts, n)
    under_table(
        line,
        lambda: profile_table(profile, peers),
        provenance(
            f"Profile of {chosen.borough}",
            chosen.quarter,
            source=line,
            definition="Schools by state of each indicator; share met = met / (met + gap), with a "
            "95% Wilson interval; each indicator as its definition says.",
            filters=chosen.said("phase", "school_type"),
        ),
        chosen.quarter,
        key="profile_export",
    )


def not_submitted(profile: pd.DataFrame) -> list[str]:
    """The titles of the extracts of which the borough has no answer that still counts."""
    silent = profile[profile["not_submitted"] > 0]["indicator"]
    names = {name for one in silent for name in definitions()[one].extracts}
    return sorted(contracts()[name].title for name in names)


def profile_table(profile: pd.DataFrame, peers: pd.DataFrame) -> pd.DataFrame:
    """The profile with all its numbers: shares in whole per cent, one column a group."""
    groups = by_indicator(peers)
    rows = []
    for row in profile.to_dict("records"):
        of_row = groups.get(str(row["indicator"]), {})
        shares = {
            f"{word} %": _whole(of_row[kind]["share"] if kind in of_row else None)
            for kind, word in GROUPS.items()
        }
        rows.append(
            {
                "Indicator": definitions()[row["indicator"]].title,
                "Met": row["met"],
                "Gap": row["gap"],
                "Unknown": row["unknown"],
                "Not applicable": row["not_applicable"],
                "Met %": _whole(row["share_met"]),
                "Low %": _whole(row["low"]),
                "High %": _whole(row["high"]),
                **shares,
                "Met % before": _whole(row["share_met_before"]),
                "Same schools": row["same_schools"],
                "Same schools met %": _whole(row["same_share_met"]),
                "Same schools met % before": _whole(row["same_share_met_before"]),
                "Not asked": row["not_asked"],
                "No reply": row["no_reply"],
                "Not submitted": row["not_submitted"],
                "Not in the return": row["no_row"],
                "Out of date": row["out_of_date"],
                "Pupils in schools with the gap": row["pupils_gap"],
                "Owner": sentence(str(row["owner"])),
            }
        )
    return pd.DataFrame(rows)


def _whole(share: Any) -> int | None:
    return None if missing(share) else round(100 * float(share))
