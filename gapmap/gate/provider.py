"""How sign-in is set up: the [auth] part of secrets.toml and the environment, checked at the start.

Without it the app is in local mode.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from gapmap.gate.identity import Trust
from gapmap.settings import Settings

DISCOVERY = "/.well-known/openid-configuration"
CALLBACK = "/oauth2callback"
SHORTEST_SECRET = 32
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
_NEEDED = ("client_id", "client_secret", "server_metadata_url")
_SHARED = ("redirect_uri", "cookie_secret")
_MICROSOFT = frozenset({"login.microsoftonline.com", "login.microsoftonline.us", "sts.windows.net"})
_OF_ANY_TENANT = frozenset({"common", "organizations", "consumers"})


@dataclass(frozen=True)
class Provider:
    """The identity provider. `name` is Streamlit's word for it; `origin` is the app's own address.

    `auth` is what Streamlit is to take for the [auth] part.
    """

    name: str
    trust: Trust
    origin: str
    auth: dict[str, Any]

    @property
    def is_secure(self) -> bool:
        """Whether the app is reached over TLS."""
        return self.origin.startswith("https://")

    @property
    def host(self) -> str:
        return urlsplit(self.origin).netloc


def auth_section(files: Iterable[str | Path]) -> dict[str, Any]:
    """The [auth] part of the secrets files that exist; later ones win. Empty: local mode.

    Raises ValueError on a file that cannot be read: it must not pass for one without sign-in.
    """
    found: dict[str, Any] = {}
    for path in map(Path, files):
        if not path.is_file():
            continue
        try:
            told = tomllib.loads(path.read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as fault:
            raise ValueError(f"{path.name} cannot be read: {fault}") from fault
        found = told.get("auth", found)
    return found


def read_provider(auth: Mapping[str, Any], settings: Settings) -> Provider | None:
    """The provider that is set up, or None: local mode.

    Raises ValueError that says what is missing or wrong, and where.
    """
    if not auth:
        if settings.public_url or settings.tenants or settings.issuer:
            raise ValueError(
                "GAPMAP_PUBLIC_URL, GAPMAP_TENANT or GAPMAP_ISSUER is set, and secrets.toml has no "
                "[auth]: set sign-in up there, or take the variable away for local mode"
            )
        return None
    for key in _SHARED:
        _text(auth, key, "[auth]")
    if len(auth["cookie_secret"]) < SHORTEST_SECRET:
        raise ValueError(f"[auth] cookie_secret must have {SHORTEST_SECRET} characters or more")
    name, section = _section(auth)
    trust = _trust(section, settings)
    return Provider(name, trust, _origin(auth["redirect_uri"], settings), _with_pkce(auth, name))


def _text(section: Mapping[str, Any], key: str, where: str) -> str:
    value = section.get(key)
    if not isinstance(value, str) or not value:
        raise ValueError(f"{where} of secrets.toml lacks {key}")
    return value


def _section(auth: Mapping[str, Any]) -> tuple[str, Mapping[str, Any]]:
    """The one provider: [auth] itself ("default" to Streamlit), or a part such as [auth.x]."""
    named = {k: v for k, v in auth.items() if isinstance(v, Mapping) and k != "client_kwargs"}
    if "client_id" in auth and not named:
        name, section, where = "default", auth, "[auth]"
    elif len(named) == 1 and "client_id" not in auth:
        ((name, section),) = named.items()
        where = f"[auth.{name}]"
    else:
        raise ValueError("[auth] of secrets.toml must set up exactly one provider")
    if "_" in name:
        raise ValueError(f"{where}: Streamlit takes no underscore in a provider's name")
    for key in _NEEDED:
        _text(section, key, where)
    return name, section


def _trust(section: Mapping[str, Any], settings: Settings) -> Trust:
    """By OpenID Connect Discovery 1.0, 4.3, the metadata lies at the issuer plus DISCOVERY."""
    metadata = section["server_metadata_url"]
    address = urlsplit(metadata)
    if address.scheme != "https" and address.hostname not in LOOPBACK:
        raise ValueError("server_metadata_url must begin with https://")
    if not settings.issuer and not metadata.endswith(DISCOVERY):
        raise ValueError(f"server_metadata_url must end with {DISCOVERY}, or set GAPMAP_ISSUER")
    if address.hostname in _MICROSOFT:
        _hold_one_tenant(address.path, settings)
    issuer = settings.issuer or metadata.removesuffix(DISCOVERY)
    return Trust(issuer, section["client_id"], settings.tenants)


def _hold_one_tenant(path: str, settings: Settings) -> None:
    if path.strip("/").partition("/")[0] in _OF_ANY_TENANT:
        raise ValueError(
            "server_metadata_url must name your tenant by its id, not common or organizations"
        )
    if not settings.tenants:
        raise ValueError("set GAPMAP_TENANT to the id of your Microsoft Entra tenant")


def _origin(redirect_uri: str, settings: Settings) -> str:
    """Where browsers reach the app: scheme, host and port."""
    if "{" in redirect_uri:
        raise ValueError("[auth] redirect_uri must name the port itself")
    address = urlsplit(redirect_uri)
    if address.path != CALLBACK or not address.hostname:
        raise ValueError(f"[auth] redirect_uri must be the app's address followed by {CALLBACK}")
    if address.scheme != "https" and address.hostname not in LOOPBACK:
        raise ValueError("[auth] redirect_uri must begin with https://")
    # As browsers write it: without the port that goes without saying.
    usual = ":443" if address.scheme == "https" else ":80"
    origin = f"{address.scheme}://{address.netloc.removesuffix(usual)}".lower()
    if settings.public_url and settings.public_url != origin:
        raise ValueError(f"GAPMAP_PUBLIC_URL and [auth] redirect_uri ({origin}) must agree")
    return origin


def _with_pkce(auth: Mapping[str, Any], name: str) -> dict[str, Any]:
    """The same with PKCE, which Streamlit leaves out where the provider's metadata is silent.

    Microsoft Entra's metadata is.
    """
    section = auth if name == "default" else auth[name]
    kwargs = {**section.get("client_kwargs", {}), "code_challenge_method": "S256"}
    if "openid" not in str(kwargs.setdefault("scope", "openid profile")).split():
        raise ValueError("client_kwargs: the scope must hold openid")
    with_it = {**section, "client_kwargs": kwargs}
    # A token is never for the browser.
    with_it.pop("expose_tokens", None)
    whole = with_it if name == "default" else {**auth, name: with_it}
    return {key: value for key, value in whole.items() if key != "expose_tokens"}
