"""Who looks, and which store answers them.

The viewer is one explicit value, handed to every load and part of every cache key. Everybody is
answered from the released store; only a borough's own lead is answered from the exact one, and
only about that borough.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, get_args

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

    def may_publish(self, extract: str, borough_codes: Iterable[str]) -> bool:
        """Whether the viewer may publish an extract for all of these boroughs.

        The register is London's, so an administrator publishes it.
        """
        if self.role == "administrator":
            return True
        return self.may_upload and extract != "schools" and self.boroughs.issuperset(borough_codes)

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
