"""What partnerships agreed and asked in the demonstration, and the days that they set: invented.

It stands in the office, beside the demonstration data alone: screens leave it out elsewhere.
"""

from __future__ import annotations

from datetime import date
from typing import Final

from gapmap.access import Viewer
from gapmap.agreements.agreements import (
    DEMONSTRATED_BY,
    Draft,
    Status,
    agreements,
    note_agreement,
    settle,
)
from gapmap.agreements.edited import set_deadline
from gapmap.office.office import Office

_BARNET, _BROMLEY, _CAMDEN = "E09000003", "E09000006", "E09000007"
_CROYDON, _HACKNEY, _WANDSWORTH = "E09000008", "E09000012", "E09000032"

# What is to be kept, and what came of it where something did.
_KEPT: Final[tuple[tuple[Draft, Status, str], ...]] = (
    (
        Draft(
            "action",
            "Name an officer for each independent school and visit it within the term",
            "police",
            "Schools lead of the command unit",
            "2026-Q1",
            "2026-Q3",
            _BROMLEY,
            "police_engagement",
            "independent",
        ),
        "open",
        "",
    ),
    (
        Draft(
            "action",
            "Book the refresher for every lead whose training runs out by December",
            "school",
            "Education safeguarding adviser",
            "2026-Q2",
            "2026-Q4",
            None,
            "dsl_in_date",
        ),
        "open",
        "",
    ),
    (
        Draft(
            "action",
            "Set up an anonymous route with the schools that have none",
            "school",
            "Education safeguarding adviser",
            "2026-Q1",
            "2026-Q3",
            _WANDSWORTH,
            "anonymous_reporting",
        ),
        "open",
        "",
    ),
    (
        Draft(
            "action",
            "Offer supervision to every designated lead of a secondary school",
            "council",
            "Principal social worker",
            "2026-Q2",
            "2026-Q4",
            _CROYDON,
            "dsl_supervision",
        ),
        "open",
        "",
    ),
    (
        Draft(
            "action",
            "Run two multi-agency courses and keep ten places for schools in each",
            "partnership",
            "Partnership training officer",
            "2025-Q4",
            "2026-Q2",
            _HACKNEY,
            "hsb_training",
        ),
        "done",
        "Two courses were run with health in the evening, so that schools could send somebody; the "
        "booking list was worked through by telephone.",
    ),
    (
        Draft(
            "action",
            "Visit each school without a named contact together with the ward officer",
            "police",
            "Schools lead of the command unit",
            "2026-Q1",
            "2026-Q3",
            _CAMDEN,
            "police_engagement",
        ),
        "done",
        "Officer and safeguarding adviser visited together; the school left with a name, a "
        "telephone line of the team and a date for the next visit.",
    ),
    (
        Draft(
            "ask",
            "Agree one offer of police contact for independent schools in all command units",
            "police",
            "Partnership manager",
            "2026-Q2",
            "2026-Q4",
            _BROMLEY,
        ),
        "open",
        "",
    ),
    (
        Draft(
            "ask",
            "Open the multi-agency course to voluntary agencies of every borough",
            "executive",
            "Partnership training officer",
            "2026-Q3",
            "2027-Q1",
            _HACKNEY,
        ),
        "open",
        "",
    ),
    (
        Draft(
            "ask",
            "Write to the trusts that work in several boroughs, so that they answer once for all",
            "executive",
            "Partnership manager",
            "2026-Q1",
            "2026-Q3",
            _BARNET,
        ),
        "done",
        "The Executive wrote to the trusts in June; each now answers by one return.",
    ),
)
# Two weeks of holiday begin a week earlier.
_DUE: Final = {_CAMDEN: date(2026, 10, 16), _CROYDON: date(2026, 10, 16)}


def fill_office(office: Office) -> None:
    """Keep it all, where nothing was agreed yet."""
    if agreements(office, "action") or agreements(office, "ask"):
        return
    administrator = Viewer("administrator")
    for draft, status, outcome in _KEPT:
        kept = note_agreement(office, administrator, DEMONSTRATED_BY, draft)
        if status != "open":
            settle(office, administrator, DEMONSTRATED_BY, kept.agreement_id, status, outcome)
    for borough, due in _DUE.items():
        set_deadline(office, administrator, DEMONSTRATED_BY, borough, due)
