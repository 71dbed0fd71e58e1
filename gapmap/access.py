"""Who looks, what that lets them do, and which store answers them.

The viewer is one explicit value, handed to every load and part of every cache key. What a role may
do stands in data/reference/roles.toml and nowhere else. Everybody is answered from the released
store; only a borough's own lead is answered from the exact one, and only about that borough.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from gapmap.contract import Contract
from gapmap.reference.roles import ROLES as ROLES
from gapmap.reference.roles import Role as Role
from gapmap.reference.roles import matrix, route_of
from gapmap.stores.store import Database, Store

ROLE_NAMES: Mapping[Role, str] = matrix().names
# Extracts with counts about children, or of staff so few that one of them is a person.
_ABOUT_PEOPLE = frozenset(
    {"referrals", "training", "school_safeguarding", "perception_survey", "testimonies", "lado"}
)
# Of these everybody who uploads may know which schools have rows.
_RETURNS = frozenset({"training", "school_safeguarding", "police_engagement"})


class NotAllowed(PermissionError):
    """The role does not let its holder do this, or not for these boroughs."""


@dataclass(frozen=True)
class Viewer:
    """A role, and what it is held for.

    `boroughs`: GSS codes, of leads and contributors. `extracts`: names of contracts, of
    contributors; without any a contributor has nothing to submit.
    """

    role: Role
    boroughs: frozenset[str] = frozenset()
    extracts: frozenset[str] = frozenset()

    @property
    def name(self) -> str:
        return ROLE_NAMES[self.role]

    def may(self, action: str, borough_code: str | None = None, extract: str | None = None) -> bool:
        """Whether the role may do something: about a borough, with an extract, or (None) at all.

        Raises KeyError for an action that the matrix does not have.
        """
        cell = matrix().actions[action][self.role]
        if cell != "own":
            return cell != "no"
        own = borough_code is None or borough_code in self.boroughs
        return own and (extract is None or self._holds(extract))

    def within(self, action: str, extract: str | None = None) -> frozenset[str] | None:
        """The boroughs about which the role may do something; None: about all."""
        if not self.may(action, extract=extract):
            return frozenset()
        return self.boroughs if matrix().actions[action][self.role] == "own" else None

    def _holds(self, extract: str) -> bool:
        return "extracts" not in matrix().held_for[self.role] or extract in self.extracts

    def opens(self, page: str) -> bool:
        """Whether the role opens a page, by the page's name in its address.

        Raises KeyError for a page that the matrix does not have.
        """
        return matrix().pages[page][self.role] == "yes"

    def fetches(self, path: str) -> bool:
        """Whether the role is answered at a path that is no page."""
        return matrix().routes[route_of(path)][self.role] == "yes"

    def runs(self, command: str) -> bool:
        """Whether a command of the command line is done under the role.

        Raises KeyError for a command that the matrix does not have.
        """
        return matrix().commands[command][self.role] == "yes"

    def asks(self, question: str) -> bool:
        """Whether a question, by its name, is answered for the role at all."""
        return _figures(self.role, question) != "no"

    @property
    def may_upload(self) -> bool:
        return self.may("upload")

    @property
    def may_withdraw(self) -> bool:
        return self.may("withdraw")

    def leads(self, borough_code: str) -> bool:
        """Whether this is the borough's own lead: the only one who sees its exact counts."""
        return self.may("see_exact", borough_code)

    def may_submit(self, contract: Contract, borough_codes: Iterable[str]) -> bool:
        """Whether the viewer may submit an extract that covers these boroughs.

        What is not of quarters (the register, published figures) is London's: an administrator
        submits it. A contributor submits its extracts for boroughs of its own, a lead any file that
        covers one of its own; the other boroughs' leads accept their part.
        """
        if contract.dated_by != "quarter":
            return self.may("upload_for_london")
        own = self.within("upload", contract.name)
        if own is None:
            return True
        if self.publishes_for:
            return not own.isdisjoint(borough_codes)
        return bool(own) and own.issuperset(borough_codes)

    @property
    def publishes_for(self) -> frozenset[str] | None:
        """The boroughs for which what the viewer submits stands at once; None: all of them."""
        return self.within("publish")

    def rows_seen(self, contract: Contract) -> frozenset[str] | None:
        """The boroughs of which the viewer may see what stands of an extract row by row; None: all.

        What is published for all of London is no secret to the administrator who loads it.
        """
        if contract.dated_by != "quarter":
            return self.within("see_rows_of_london", contract.name)
        action = "see_rows_about_people" if is_about_people(contract) else "see_rows"
        return self.within(action, contract.name)

    def schools_seen(self, contract: Contract) -> frozenset[str] | None:
        """The boroughs of which the viewer may see which schools an extract has rows of."""
        if contract.name in _RETURNS and self.may("see_schools_that_answered"):
            return self.within("see_schools_that_answered")
        return self.rows_seen(contract)

    def may_remind(self, borough_code: str) -> bool:
        """Whether the viewer sees whom to write to about a borough's returns, and what to write."""
        return self.may("remind", borough_code)

    def may_see_submission(self, borough_names: Iterable[str], own: Iterable[str]) -> bool:
        """Whether the viewer may see who submitted: administrators all, others their own."""
        if self.within("see_who_submitted") is None:
            return True
        return self.may("see_who_submitted") and not set(own).isdisjoint(borough_names)


EXECUTIVE = Viewer("executive")


def is_about_people(contract: Contract) -> bool:
    """Whether rows of an extract are for the borough's own lead alone."""
    return contract.name in _ABOUT_PEOPLE


def covers(boroughs: Collection[str] | None, borough_code: str) -> bool:
    """Whether a borough is among those that `Viewer.within` told."""
    return boroughs is None or borough_code in boroughs


def require_submission(viewer: Viewer, contract: Contract, borough_codes: Iterable[str]) -> None:
    """Raises NotAllowed where the viewer may not submit an extract that covers these boroughs."""
    if not viewer.may_submit(contract, borough_codes):
        raise NotAllowed(
            f"{viewer.name}: {contract.title} of these boroughs is for others to submit; nothing "
            "was stored"
        )


def narrowed(
    viewer: Viewer, action: str, contract: Contract, asked: Collection[str] | None
) -> Collection[str] | None:
    """The boroughs (None: all) for which a step of a submission is the viewer's to take.

    `asked`: those that it is wanted for; None is for all that the viewer may. Raises NotAllowed
    where that is none, where one of `asked` is another's, and for what is London's.
    """
    own = viewer.within(action)
    if own is None:
        return asked
    if contract.dated_by != "quarter":
        raise NotAllowed(f"{contract.title} is London's: an administrator does this")
    foreign = sorted(set(asked or ()) - own)
    if foreign or not own:
        whose = ", ".join(foreign) or "any borough"
        raise NotAllowed(f"{viewer.name}: this is not yours to {action} for {whose}")
    return own if asked is None else asked


def _figures(role: Role, question: str) -> str:
    row = matrix().questions.get(question.partition("/")[0])
    return "no" if row is None else row[role]


def database_for(
    store: Store, viewer: Viewer, borough_code: str | None, question: str | None = None
) -> Database:
    """The instance that answers `viewer` about a borough (None: about London).

    `question`: which is asked, by its name; without it the viewer's boroughs alone decide. Raises
    NotAllowed for one that is not answered for the role.
    """
    figures = "own" if question is None else _figures(viewer.role, question)
    if figures == "no":
        raise NotAllowed(f"{viewer.name}: {question} is not answered for this role")
    if figures == "own" and borough_code is not None and viewer.leads(borough_code):
        return store.exact
    return store.released
