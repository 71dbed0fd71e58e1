"""The environment's part of sign-in."""

import pytest

from gapmap.settings import read_settings

NAMES = ("PUBLIC_URL", "ALLOWED_HOSTS", "TENANT", "ISSUER", "FIRST_ADMINISTRATOR")


@pytest.fixture(autouse=True)
def _bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in NAMES:
        monkeypatch.delenv(f"GAPMAP_{name}", raising=False)


def test_nothing_is_set() -> None:
    settings = read_settings()
    assert (settings.public_url, settings.issuer, settings.first_administrator) == ("", "", "")
    assert settings.allowed_hosts == settings.tenants == frozenset()


def test_what_is_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GAPMAP_PUBLIC_URL", "https://Gapmap.example.org:8443/")
    monkeypatch.setenv("GAPMAP_ALLOWED_HOSTS", "Inside.example.org, 10.0.0.1:8501,")
    monkeypatch.setenv("GAPMAP_TENANT", "one, two")
    monkeypatch.setenv("GAPMAP_ISSUER", " https://id.example.org ")
    monkeypatch.setenv("GAPMAP_FIRST_ADMINISTRATOR", "https://id.example.org|ada")
    settings = read_settings()
    assert settings.public_url == "https://gapmap.example.org:8443"
    assert settings.allowed_hosts == {"inside.example.org", "10.0.0.1:8501"}
    assert settings.tenants == {"one", "two"}
    assert settings.issuer == "https://id.example.org"
    assert settings.first_administrator == "https://id.example.org|ada"


@pytest.mark.parametrize(
    "url",
    ["gapmap.example.org", "ftp://a", "https://a/b", "https://a?b", "https://u@a", "https://"],
)
def test_an_address_with_more_or_less_is_named(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    monkeypatch.setenv("GAPMAP_PUBLIC_URL", url)
    with pytest.raises(ValueError, match="GAPMAP_PUBLIC_URL must be like"):
        read_settings()
