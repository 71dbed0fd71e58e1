"""Who somebody is, by the claims of the identity provider that the app is set up with."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

MOST_ROLES = 100
LONGEST_ROLE = 128
LONGEST_NAME = 80
# Seconds that the clocks of the provider and of this machine may differ.
LEEWAY = 120
_SUBJECT = re.compile(r"[!-{}~]{1,255}")  # printable ASCII without blanks and without "|"
_ENTRA_ID = re.compile(r"[0-9A-Za-z-]{1,64}")
# What a name may not hold on screen: whatever Markdown or HTML would take for its own, addresses
# ("www.example.org") among it.
_NOT_OF_A_NAME = re.compile(r"[^\w .,'’-]|_|\.(?=\S)")


class NotTrusted(Exception):
    """The claims are not those of a person whom this app lets in; the text says why."""


@dataclass(frozen=True)
class Identity:
    """One person, keyed on issuer and subject, never on an e-mail address.

    `subject` is "tid/oid" for Microsoft Entra ID, and `sub` for every other provider. `roles` are
    the app roles as the provider claims them; none when the claim is missing or too long.
    """

    issuer: str
    subject: str
    name: str
    roles: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        return f"{self.issuer}|{self.subject}"


@dataclass(frozen=True)
class Trust:
    """Whose claims are taken: the issuer, the app's own client id, and for Entra the tenants."""

    issuer: str
    client_id: str
    tenants: frozenset[str] = frozenset()


def identity_of(claims: Mapping[str, Any], trust: Trust, now: float) -> Identity:
    """The identity that an ID token's claims tell.

    Streamlit and Authlib have checked signature, nonce and times by then; Authlib 1.9 does not hold
    `aud` against the client id, and takes any `iss` when the provider's metadata has none. `now` is
    in seconds since 1970. Raises NotTrusted. Sources: OpenID Connect Core 1.0, 3.1.3.7; Microsoft's
    advice to key on `tid` and `oid`.
    """
    issuer = claims.get("iss")
    if not isinstance(issuer, str) or issuer.rstrip("/") != trust.issuer.rstrip("/"):
        raise NotTrusted("another issuer")
    _hold_audience(claims, trust.client_id)
    expires = claims.get("exp")
    if isinstance(expires, bool) or not isinstance(expires, int | float):
        raise NotTrusted("no expiry")
    if expires + LEEWAY < now:
        raise NotTrusted("an expired token")
    subject = _entra_subject(claims, trust.tenants) if trust.tenants else claims.get("sub")
    if not isinstance(subject, str) or not _SUBJECT.fullmatch(subject):
        raise NotTrusted("no usable subject")
    return Identity(issuer, subject, _name(claims), _roles(claims))


def _hold_audience(claims: Mapping[str, Any], client_id: str) -> None:
    audience = claims.get("aud")
    meant = audience if isinstance(audience, list) else [audience]
    if client_id not in meant:
        raise NotTrusted("a token for another app")
    if claims.get("azp", client_id) != client_id or (len(meant) > 1 and "azp" not in claims):
        raise NotTrusted("a token given to another app")


def _entra_subject(claims: Mapping[str, Any], tenants: frozenset[str]) -> str:
    tenant, person = claims.get("tid"), claims.get("oid")
    if not isinstance(tenant, str) or tenant not in tenants:
        raise NotTrusted("another tenant")
    if not isinstance(person, str) or not _ENTRA_ID.fullmatch(person):
        raise NotTrusted("no object id")
    return f"{tenant}/{person}"


def _name(claims: Mapping[str, Any]) -> str:
    for claim in ("name", "preferred_username", "email", "sub"):
        told = claims.get(claim)
        if isinstance(told, str):
            name = " ".join(_NOT_OF_A_NAME.sub(" ", told.partition("@")[0]).split())
            if name:
                return name[:LONGEST_NAME]
    return "Somebody without a name"


def _roles(claims: Mapping[str, Any]) -> tuple[str, ...]:
    """The app roles; none at all when the list is missing, too long or not one of short texts."""
    told = claims.get("roles")
    if not isinstance(told, list) or len(told) > MOST_ROLES:
        return ()
    if not all(isinstance(role, str) and 0 < len(role) <= LONGEST_ROLE for role in told):
        return ()
    return tuple(told)
