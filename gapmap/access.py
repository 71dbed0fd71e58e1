"""Who looks, and which store answers them.

The viewer is one explicit value, handed to every load and part of every cache key. Everybody is
answered from the released store; only a borough's own lead is answered from the exact one, and
only about that borough.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, get_args

from gapmap.contract import Contract
from gapmap.store import Database, Store

Role = Literal["executive", "lead", "contributor", "analyst", "administrator"]
ROLES: tuple[Role, ...] = get_args(Role)

ROLE_NAMES: dict[Role, str] = {
    "executive": "Executive member",
    "lead": "Partnership data lead",
    "contributor": "Contributor",
    "analyst": "Analyst",
    "administrator": "Administrator",
}
_MAY_UPLOAD = frozenset({"lead", "contributor", "administrator"})
_MAY_WITHDRAW = frozenset({"lead", "administrator"})
# Row by row only the borough's own lead sees these: counts about children, and of staff so few
# that one of them is a person.
_OF_THE_LEAD = frozenset(
    {"referrals", "training", "school_safeguarding", "perception_survey", "testimonies", "lado"}
)
# Of these everybody who uploads may know which schools have rows.
_RETURNS = frozenset({"training", "school_safeguarding", "police_engagement"})


@dataclass(frozen=True)
class Viewer:
    """A role, and the GSS codes of the boroughs that it is held for (leads and contributors)."""

    role: Role
    boroughs: frozenset[str] = frozenset()

    @property
    def name(self) -> str:
        return ROLE_NAMES[self.role]

    @property
    def may_upload(self) -> bool:
        return self.role in _MAY_UPLOAD

    @property
    def may_withdraw(self) -> bool:
        return self.role in _MAY_WITHDRAW

    def leads(self, borough_code: str) -> bool:
        """Whether this is the borough's own lead: the only one who sees its exact counts."""
        return self.role == "lead" and borough_code in self.boroughs

    def may_submit(self, contract: Contract, borough_codes: Iterable[str]) -> bool:
        """Whether the viewer may submit an extract that covers these boroughs.

        What is not of quarters (the register, published figures) is London's: an administrator
        submits it. A contributor submits for boroughs of its own, a lead for any file that covers
        one of its own; the other boroughs' leads accept their part.
        """
        if self.role == "administrator":
            return True
        if not self.may_upload or contract.dated_by != "quarter":
            return False
        if self.role == "contributor":
            return self.boroughs.issuperset(borough_codes)
        return not self.boroughs.isdisjoint(borough_codes)

    @property
    def publishes_for(self) -> frozenset[str] | None:
        """The boroughs for which what the viewer submits stands at once; None: all of them."""
        if self.role == "administrator":
            return None
        return self.boroughs if self.role == "lead" else frozenset()

    def rows_seen(self, contract: Contract) -> frozenset[str] | None:
        """The boroughs of which the viewer may see what stands of an extract row by row; None: all.

        What is published for all of London is no secret to the administrator who loads it.
        """
        if self.role == "administrator":
            hidden = contract.dated_by == "quarter" and contract.name in _OF_THE_LEAD
            return frozenset() if hidden else None
        if self.role == "lead" or (self.may_upload and contract.name not in _OF_THE_LEAD):
            return self.boroughs
        return frozenset()

    def schools_seen(self, contract: Contract) -> frozenset[str] | None:
        """The boroughs of which the viewer may see which schools an extract has rows of."""
        if self.may_upload and contract.name in _RETURNS:
            return None
        return self.rows_seen(contract)

    def may_remind(self, borough_code: str) -> bool:
        """Whether the viewer sees whom to write to about a borough's returns, and what to write."""
        return self.role == "administrator" or self.leads(borough_code)

    def may_see_submission(self, borough_names: Iterable[str], own: Iterable[str]) -> bool:
        """Whether the viewer may see who submitted: administrators all, others their own."""
        if self.role == "administrator":
            return True
        return self.may_upload and not set(own).isdisjoint(borough_names)


EXECUTIVE = Viewer("executive")


def database_for(store: Store, viewer: Viewer, borough_code: str | None) -> Database:
    """The instance that answers `viewer` about a borough (None: about London)."""
    if borough_code is not None and viewer.leads(borough_code):
        return store.exact
    return store.released
