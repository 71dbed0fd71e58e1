"""How sign-in is set up, and what is said when it is set up wrongly."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from gapmap.gate.provider import auth_section, read_provider
from gapmap.settings import Settings

TENANT = "11111111-2222-3333-4444-555555555555"
METADATA = "https://id.example.org/realm/.well-known/openid-configuration"
AUTH: dict[str, Any] = {
    "redirect_uri": "https://gapmap.example.org/oauth2callback",
    "cookie_secret": "s" * 32,
    "client_id": "gapmap",
    "client_secret": "secret",
    "server_metadata_url": METADATA,
}


def settings(**changed: Any) -> Settings:
    return Settings(Path("gapmap.duckdb"), 1, "1GB", **changed)


def without(key: str) -> dict[str, Any]:
    return {k: v for k, v in AUTH.items() if k != key}


def test_a_provider() -> None:
    provider = read_provider(AUTH, settings())
    assert provider is not None
    assert provider.name == "default"
    assert provider.trust.issuer == "https://id.example.org/realm"
    assert provider.trust.client_id == "gapmap"
    assert (provider.origin, provider.host) == ("https://gapmap.example.org", "gapmap.example.org")
    assert provider.is_secure


def test_a_named_provider() -> None:
    shared = {key: AUTH[key] for key in ("redirect_uri", "cookie_secret")}
    own = {key: value for key, value in AUTH.items() if key not in shared}
    provider = read_provider({**shared, "council": own}, settings())
    assert provider is not None
    assert provider.name == "council"
    assert provider.auth["council"]["client_kwargs"]["code_challenge_method"] == "S256"


def test_nothing_is_local_mode() -> None:
    assert read_provider({}, settings()) is None


def test_pkce_is_always_asked_for_and_tokens_never_shown() -> None:
    given = {**AUTH, "client_kwargs": {"prompt": "login"}, "expose_tokens": "id"}
    provider = read_provider(given, settings())
    assert provider is not None
    assert provider.auth["client_kwargs"] == {
        "prompt": "login",
        "code_challenge_method": "S256",
        "scope": "openid profile",
    }
    assert "expose_tokens" not in provider.auth
    assert given["client_kwargs"] == {"prompt": "login"}


@pytest.mark.parametrize(
    ("redirect_uri", "origin"),
    [
        ("https://gapmap.example.org:443/oauth2callback", "https://gapmap.example.org"),
        ("https://gapmap.example.org:8443/oauth2callback", "https://gapmap.example.org:8443"),
        ("http://localhost:8501/oauth2callback", "http://localhost:8501"),
    ],
)
def test_the_apps_own_address(redirect_uri: str, origin: str) -> None:
    provider = read_provider({**AUTH, "redirect_uri": redirect_uri}, settings())
    assert provider is not None
    assert provider.origin == origin


@pytest.mark.parametrize("key", list(AUTH))
@pytest.mark.parametrize("value", [None, "", 7])
def test_what_is_missing_is_named(key: str, value: object) -> None:
    given = without(key) if value is None else {**AUTH, key: value}
    # Without a client_id there is no provider at all.
    says = "exactly one provider" if key == "client_id" and value is None else f"lacks {key}"
    with pytest.raises(ValueError, match=says):
        read_provider(given, settings())


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"cookie_secret": "s" * 31}, "32 characters"),
        ({"redirect_uri": "https://gapmap.example.org/"}, "followed by /oauth2callback"),
        ({"redirect_uri": "http://gapmap.example.org/oauth2callback"}, "begin with https"),
        ({"redirect_uri": "http://localhost:{port}/oauth2callback"}, "the port itself"),
        ({"server_metadata_url": METADATA.replace("https", "http")}, "begin with https"),
        ({"server_metadata_url": "https://id.example.org/metadata"}, "GAPMAP_ISSUER"),
        ({"client_kwargs": {"scope": "profile"}}, "openid"),
        ({"council": {}}, "exactly one provider"),
    ],
)
def test_what_is_wrong_is_said(changed: dict[str, Any], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        read_provider({**AUTH, **changed}, settings())


def entra(tenant: str) -> dict[str, Any]:
    base = "https://login.microsoftonline.com"
    return {
        **AUTH,
        "server_metadata_url": f"{base}/{tenant}/v2.0/.well-known/openid-configuration",
    }


def test_entra() -> None:
    provider = read_provider(entra(TENANT), settings(tenants=frozenset({TENANT})))
    assert provider is not None
    assert provider.trust.issuer == f"https://login.microsoftonline.com/{TENANT}/v2.0"
    assert provider.trust.tenants == {TENANT}


@pytest.mark.parametrize("tenant", ["common", "organizations", "consumers"])
def test_entra_for_every_tenant_is_refused(tenant: str) -> None:
    with pytest.raises(ValueError, match="name your tenant"):
        read_provider(entra(tenant), settings(tenants=frozenset({TENANT})))


def test_entra_needs_its_tenant() -> None:
    with pytest.raises(ValueError, match="GAPMAP_TENANT"):
        read_provider(entra(TENANT), settings())


@pytest.mark.parametrize(
    "set_to",
    [
        {"public_url": "https://gapmap.example.org"},
        {"tenants": frozenset({TENANT})},
        {"issuer": "https://id.example.org"},
    ],
)
def test_settings_of_sign_in_without_sign_in_are_no_local_mode(set_to: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"no \[auth\]"):
        read_provider({}, settings(**set_to))


def test_two_addresses_must_agree() -> None:
    with pytest.raises(ValueError, match="must agree"):
        read_provider(AUTH, settings(public_url="https://other.example.org"))
    assert read_provider(AUTH, settings(public_url="https://gapmap.example.org"))


def test_the_secrets_files(tmp_path: Path) -> None:
    first, second = tmp_path / "first.toml", tmp_path / "second.toml"
    missing = tmp_path / "missing.toml"
    assert auth_section([missing]) == {}
    first.write_text('[auth]\nclient_id = "a"\n', encoding="utf-8")
    second.write_text('[auth]\nclient_id = "b"\n', encoding="utf-8")
    assert auth_section([first, second, missing]) == {"client_id": "b"}
    second.write_text("[other]\n", encoding="utf-8")
    assert auth_section([first, second]) == {"client_id": "a"}


@pytest.mark.parametrize("content", [b"[auth", b"[auth]\nclient_id = \xff\n"])
def test_a_secrets_file_that_cannot_be_read_is_no_local_mode(
    tmp_path: Path, content: bytes
) -> None:
    path = tmp_path / "secrets.toml"
    path.write_bytes(content)
    with pytest.raises(ValueError, match=r"secrets\.toml cannot be read"):
        auth_section([path])
