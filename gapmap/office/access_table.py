"""The access table: who was given which role, for which boroughs and extracts, since when, by whom.

Who somebody is here follows, in this order, from

1. the grant to the person (issuer and subject);
2. the app roles that the identity provider claims: `gapmap.lead.E09000012` (a lead of a borough),
   `gapmap.contributor.E09000012.referrals` (a contributor of an extract for a borough),
   `gapmap.administrator`, `gapmap.analyst` and `gapmap.executive`; and any app role to which the
   table grants something, such as `gapmap.lead` for named boroughs.

Of several app roles the most specific counts: lead before contributor, administrator, analyst and
executive; the boroughs and extracts of that role are taken together. A role that needs boroughs or
extracts and has none gives nothing. Groups are never read, and an e-mail address is no key.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Protocol

from gapmap.access import NotAllowed, Viewer
from gapmap.contract import contracts
from gapmap.office.audit_log import in_utc
from gapmap.office.office import Office
from gapmap.reference import reference
from gapmap.reference.roles import ROLES, Role, matrix
from gapmap.stores.store import rows_of

if TYPE_CHECKING:
    import pyarrow as pa

APP_ROLE = "gapmap."
# From the most specific to the least.
SPECIFIC: tuple[Role, ...] = ("lead", "contributor", "administrator", "analyst", "executive")
LONGEST_HOLDER = 400
LONGEST_NAME = 80
_PERSON = re.compile(r"https?://[!-{}~]+\|[!-{}~]+")
_APP_ROLE = re.compile(r"gapmap\.[A-Za-z0-9_.-]{1,120}")


class GrantError(ValueError):
    """A grant cannot be made or ended so: the message says why, and what to do."""


class Known(Protocol):
    """Somebody whom the identity provider has signed in (gapmap.gate.identity.Identity)."""

    @property
    def key(self) -> str: ...

    @property
    def roles(self) -> Sequence[str]: ...


@dataclass(frozen=True)
class Grant:
    """A role that `holder`, a person's key or an app role, was given. Moments are UTC.

    `by_whom` and `noted_at`: of its last change. `ended_at`: None while it stands.
    """

    grant_id: str
    version: int
    holder: str
    holder_name: str
    role: Role
    boroughs: frozenset[str]
    extracts: frozenset[str]
    valid_from: datetime
    ended_at: datetime | None
    by_whom: str
    noted_at: datetime

    @property
    def viewer(self) -> Viewer:
        return Viewer(self.role, self.boroughs, self.extracts)

    @property
    def stands(self) -> bool:
        return self.ended_at is None


def grants(office: Office) -> list[Grant]:
    """Every grant as it is now, the newest first; what was ended too.

    It is read once and again after each change: the gate asks for every request.
    """
    with office.noting:
        if office.grants_read is None:
            rows = rows_of(office.database.ask("access/grants"))
            office.grants_read = [_grant(row) for row in rows]
        return list(office.grants_read)


def _grant(row: Mapping[str, Any]) -> Grant:
    lists = {name: frozenset(row[name]) for name in ("boroughs", "extracts")}
    return Grant(**{**row, **lists})


def viewer_for(office: Office, known: Known, first_administrator: str = "") -> Viewer | None:
    """Who somebody is here; None for a person without a role. Asked anew for every request.

    `first_administrator`: the key that the environment names; it makes an administrator of that
    person, whatever the table says, for as long as it is set.
    """
    if first_administrator and known.key == first_administrator:
        return Viewer("administrator")
    standing = [grant for grant in grants(office) if grant.stands]
    own = _most_specific(grant.viewer for grant in standing if grant.holder == known.key)
    if own is not None:
        return own
    claimed = [_claimed(role) for role in known.roles]
    granted = [grant.viewer for grant in standing if grant.holder in set(known.roles)]
    return _most_specific([*(one for one in claimed if one is not None), *granted])


def _claimed(app_role: str) -> Viewer | None:
    """What an app role says by itself; None for one that says nothing, or not enough."""
    role, _, held_for = app_role.removeprefix(APP_ROLE).partition(".")
    if not app_role.startswith(APP_ROLE) or role not in ROLES:
        return None
    borough, _, extract = held_for.partition(".")
    boroughs = frozenset({borough} if borough else ())
    extracts = frozenset({extract} if extract else ())
    try:
        check_held(role, boroughs, extracts)
    except GrantError:
        return None
    return Viewer(role, boroughs, extracts)


def _most_specific(found: Iterable[Viewer]) -> Viewer | None:
    viewers = list(found)
    for role in SPECIFIC:
        same = [viewer for viewer in viewers if viewer.role == role]
        if same:
            return _together(role, same)
    return None


def _together(role: Role, same: Sequence[Viewer]) -> Viewer:
    """The same role, held several times over.

    A contributor's boroughs and extracts belong together; where they differ from one to the next,
    only what all of them share could be told by one viewer without giving more than was given.
    """
    boroughs = frozenset[str]().union(*(viewer.boroughs for viewer in same))
    extracts = frozenset[str]().union(*(viewer.extracts for viewer in same))
    whole = {(borough, extract) for borough in boroughs for extract in extracts}
    given = {(b, e) for viewer in same for b in viewer.boroughs for e in viewer.extracts}
    if whole == given:
        return Viewer(role, boroughs, extracts)
    return _widest(role, given)


def _widest(role: Role, given: set[tuple[str, str]]) -> Viewer:
    """The most pairs of borough and extract that one viewer can hold without another."""
    choices = []
    for _, extract in sorted(given):
        boroughs = frozenset(b for b, e in given if e == extract)
        extracts = frozenset(e for _, e in given if all((b, e) in given for b in boroughs))
        choices.append(Viewer(role, boroughs, extracts))
    return max(choices, key=lambda viewer: len(viewer.boroughs) * len(viewer.extracts))


# --- editing -------------------------------------------------------------------------------------


def check_held(role: str, boroughs: Iterable[str], extracts: Iterable[str]) -> None:
    """Whether a role comes with what it is held for. Raises GrantError."""
    if role not in ROLES:
        raise GrantError(f"{role!r} is no role; there are {', '.join(ROLES)}")
    held_for = matrix().held_for[role]
    known = {
        "boroughs": {row["borough_code"] for row in reference.boroughs()},
        "extracts": {name for name, one in contracts().items() if one.dated_by == "quarter"},
    }
    for kind, given in (("boroughs", set(boroughs)), ("extracts", set(extracts))):
        if kind not in held_for and given:
            raise GrantError(f"{matrix().names[role]} is not held for {kind}; name none")
        if kind in held_for and not given:
            raise GrantError(f"{matrix().names[role]} is held for {kind}; name at least one")
        unknown = sorted(given - known[kind])
        if unknown:
            raise GrantError(f"there are no {kind} {', '.join(unknown)} that a role is held for")


def give(
    office: Office,
    viewer: Viewer,
    by: str,
    *,
    holder: str,
    holder_name: str,
    role: Role,
    boroughs: Iterable[str] = (),
    extracts: Iterable[str] = (),
) -> Grant:
    """Give a role to a person or to an app role; it counts from the next request on.

    `viewer` and `by`: who gives it. Raises NotAllowed for those who may not, GrantError for what is
    no holder or no role, or where the holder has a grant already: one counts, so end that first.
    """
    _require_editor(viewer)
    boroughs, extracts = frozenset(boroughs), frozenset(extracts)
    _check_holder(holder, holder_name)
    check_held(role, boroughs, extracts)
    with office.noting:
        if any(grant.stands and grant.holder == holder for grant in grants(office)):
            raise GrantError(
                "there is a grant to this holder already; end it first, or name all in it"
            )
        now = in_utc(datetime.now(UTC))
        grant = Grant(
            grant_id=uuid.uuid4().hex[:12],
            version=1,
            holder=holder,
            holder_name=holder_name.strip(),
            role=role,
            boroughs=boroughs,
            extracts=extracts,
            valid_from=now,
            ended_at=None,
            by_whom=by,
            noted_at=now,
        )
        _write(office, grant)
    return grant


def end(office: Office, viewer: Viewer, by: str, grant_id: str) -> Grant:
    """End a grant; it counts from the next request on, and stays in the table as ended.

    `viewer` and `by`: who ends it. Raises NotAllowed for those who may not, GrantError where there
    is no such grant that stands, or it is the one that makes `by` an administrator.
    """
    _require_editor(viewer)
    with office.noting:
        found = {grant.grant_id: grant for grant in grants(office) if grant.stands}
        if grant_id not in found:
            raise GrantError("there is no such grant, or it was ended already")
        grant = found[grant_id]
        if grant.holder == by and grant.role == "administrator":
            raise GrantError(
                "this is what makes you an administrator; another administrator has to end it"
            )
        now = in_utc(datetime.now(UTC))
        version = grant.version + 1
        ended = replace(grant, version=version, ended_at=now, by_whom=by, noted_at=now)
        _write(office, ended)
    return ended


def _require_editor(viewer: Viewer) -> None:
    if not viewer.may("edit_access"):
        raise NotAllowed(f"{viewer.name}: the access table is for administrators; nothing changed")


def _check_holder(holder: str, holder_name: str) -> None:
    fits = _PERSON.fullmatch(holder) or _APP_ROLE.fullmatch(holder)
    if not fits or len(holder) > LONGEST_HOLDER:
        raise GrantError(
            "the holder must be a person's key (issuer|subject, as the audit log shows it for the "
            "sign-in) or an app role such as gapmap.lead"
        )
    name = holder_name.strip()
    if not name or len(name) > LONGEST_NAME or not name.isprintable() or "@" in name:
        raise GrantError(f"the name must be up to {LONGEST_NAME} characters, and no e-mail address")


def _write(office: Office, grant: Grant) -> None:
    with office.noting:
        with office.database.writing() as writing:
            writing.append("access_grant", _as_table(grant))
        office.grants_read = None


def _as_table(grant: Grant) -> pa.Table:
    import pyarrow as pa

    text, moment, listed = pa.string(), pa.timestamp("us"), pa.list_(pa.string())
    kinds = {
        **dict.fromkeys(("grant_id", "holder", "holder_name", "role", "by_whom"), text),
        **dict.fromkeys(("valid_from", "ended_at", "noted_at"), moment),
        **dict.fromkeys(("boroughs", "extracts"), listed),
        "version": pa.int32(),
    }
    lists = {name: sorted(getattr(grant, name)) for name in ("boroughs", "extracts")}
    return pa.Table.from_pylist([{**asdict(grant), **lists}], pa.schema(kinds))
