"""What only a borough's own lead is told of a school: exact, marked as such, and logged."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from gapmap.access import Viewer
from gapmap.ui.loads import load_one
from gapmap.ui.naming import note_exact
from gapmap.ui.words import count, missing

NO_REFERRAL_WORDS = {
    "no_referral_seen": "none in four quarters, though there is reason to ask: a reason to talk, "
    "not a finding",
    "not_flagged": "nothing to ask about",
    "unknown": "not known",
    "not_applicable": "not of secondary age",
}
REASONS = {
    "not_submitted": "the borough or one that adjoins it has not submitted four quarters",
    "few_with_urn": "too few referrals name the school",
}


def signals_panel(viewer: Viewer, borough_code: str, urn: int, quarter: str) -> None:
    """The signals of a school, for its borough's own lead; nothing for anybody else."""
    if not viewer.leads(borough_code):
        return
    found = load_one(
        viewer,
        "schools/for_own_lead",
        exact_of=borough_code,
        urn=urn,
        quarter=quarter,
        borough=borough_code,
    )
    if found is None:
        return
    note_exact(borough_code, "school signals", urn)
    said = " · ".join(f"{label}: **{words}**" for label, words in signal_words(found).items())
    st.html("<style>.st-key-signals p {font-size: .875rem;}</style>")
    with st.container(key="signals"):
        st.markdown(
            ":material/lock: :orange-background[Exact, for the borough's own lead only: not for "
            f"sharing or showing.] {said}"
        )


def signal_words(found: Mapping[str, Any]) -> dict[str, str]:
    """Each signal in words, by its label; what is not held is not known, never no."""
    return {
        "Testimonies": _yes_no(found["testimonies"]),
        "HSB reports over two years": _reports(found),
        "DSLs and deputies in scope": _staff(found),
        "Referrals seen": _referrals(found),
    }


def _yes_no(value: Any) -> str:
    if missing(value):
        return "not submitted"
    return "yes (unverified, of any year)" if value else "no"


def _reports(found: Mapping[str, Any]) -> str:
    if missing(found["hsb_reports_two_years"]):
        return "not answered"
    return f"{count(found['hsb_reports_two_years'])} (answered for {found['hsb_reports_quarter']})"


def _staff(found: Mapping[str, Any]) -> str:
    if missing(found["staff_in_scope"]):
        return "not answered"
    return (
        f"{count(found['staff_in_scope'])}, {count(found['staff_trained'])} of them in date "
        f"({found['dsl_quarter']})"
    )


def _referrals(found: Mapping[str, Any]) -> str:
    said = NO_REFERRAL_WORDS[str(found["no_referral_state"])]
    reason = REASONS.get(str(found["no_referral_reason"]))
    return f"{said}: {reason}" if reason else said
