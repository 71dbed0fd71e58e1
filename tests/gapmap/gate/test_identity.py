"""Whose claims are taken, and what of them."""

from typing import Any

import pytest

from gapmap.gate.identity import LEEWAY, Identity, NotTrusted, Trust, identity_of

ISSUER = "https://login.example.org/t1/v2.0"
NOW = 1_800_000_000.0
TRUST = Trust(ISSUER, "gapmap")
ENTRA = Trust(ISSUER, "gapmap", frozenset({"t1"}))
CLAIMS: dict[str, Any] = {
    "iss": ISSUER,
    "aud": "gapmap",
    "exp": NOW + 60,
    "sub": "s-1",
    "name": "Ada Lovelace",
    "email": "ada@example.org",
    "tid": "t1",
    "oid": "o-1",
    "roles": ["gapmap.lead", "another.role"],
}


def told(trust: Trust = TRUST, **changed: Any) -> Identity:
    claims = {k: v for k, v in {**CLAIMS, **changed}.items() if v is not ...}
    return identity_of(claims, trust, NOW)


def test_a_person_is_keyed_on_issuer_and_subject() -> None:
    person = told()
    assert person == Identity(ISSUER, "s-1", "Ada Lovelace", ("gapmap.lead", "another.role"))
    assert person.key == f"{ISSUER}|s-1"


def test_with_entra_a_person_is_keyed_on_tenant_and_object_id() -> None:
    assert told(ENTRA).key == f"{ISSUER}|t1/o-1"
    # `sub` differs from app to app there; the object id does not.
    assert told(ENTRA, sub="s-2").key == told(ENTRA).key


def test_an_e_mail_address_is_no_key() -> None:
    assert told(email="grace@example.org") == told()


@pytest.mark.parametrize(
    "changed",
    [
        {"iss": "https://login.example.org/t2/v2.0"},
        {"iss": "https://login.example.org"},
        {"iss": ...},
        {"iss": [ISSUER]},
        {"aud": "another-app"},
        {"aud": ...},
        {"aud": ["another-app"]},
        {"aud": ["gapmap", "another-app"]},
        {"aud": ["gapmap", "another-app"], "azp": "another-app"},
        {"aud": "another-app", "azp": "gapmap"},
        {"azp": "another-app"},
        {"exp": NOW - LEEWAY - 1},
        {"exp": ...},
        {"exp": True},
        {"exp": "2099"},
        {"sub": ...},
        {"sub": ""},
        {"sub": "a|b"},
        {"sub": "a b"},
        {"sub": "a\nb"},
        {"sub": "é"},
        {"sub": "x" * 256},
        {"sub": 7},
    ],
)
def test_other_claims_are_not_trusted(changed: dict[str, Any]) -> None:
    with pytest.raises(NotTrusted):
        told(**changed)


@pytest.mark.parametrize(
    "changed",
    [
        {"tid": "t2"},
        {"tid": ...},
        {"tid": ["t1"]},
        {"tid": "T1"},
        {"oid": ...},
        {"oid": "o/1"},
        {"oid": ""},
        {"oid": "x" * 65},
    ],
)
def test_another_tenants_person_is_not_trusted(changed: dict[str, Any]) -> None:
    with pytest.raises(NotTrusted):
        told(ENTRA, **changed)


@pytest.mark.parametrize(
    "changed",
    [
        {"iss": f"{ISSUER}/"},
        {"aud": ["gapmap"]},
        {"aud": ["gapmap", "another-app"], "azp": "gapmap"},
        {"exp": NOW - LEEWAY},
    ],
)
def test_these_claims_are_as_good(changed: dict[str, Any]) -> None:
    assert told(**changed).subject == "s-1"


@pytest.mark.parametrize(
    "roles",
    [
        ...,
        None,
        "gapmap.administrator",
        {"gapmap.administrator": True},
        ["gapmap.administrator"] * 101,
        ["gapmap.administrator", 7],
        ["gapmap.administrator", "x" * 129],
        ["gapmap.administrator", ""],
    ],
)
def test_a_missing_or_overlong_claim_gives_no_role(roles: Any) -> None:
    assert told(roles=roles).roles == ()


def test_groups_give_no_role() -> None:
    assert told(roles=..., groups=["gapmap.administrator"]).roles == ()


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Ada Lovelace", "Ada Lovelace"),
        ("Zoë O’Hara-Łukasz", "Zoë O’Hara-Łukasz"),
        ("<b>Ada</b> `code` $y$ _z_", "b Ada b code y z"),
        ("[x](https://evil.example)", "x https evil example"),
        ("J. R. Hartley", "J. R. Hartley"),
        ("www.example.org", "www example org"),
        ("a" * 200, "a" * 80),
        ("  two \n lines ", "two lines"),
        ("**", "s-1"),
        (7, "s-1"),
    ],
)
def test_a_name_is_letters(name: Any, shown: str) -> None:
    assert told(name=name, email=..., sub="s-1").name == shown


def test_of_an_e_mail_address_the_name_is_what_stands_before_the_sign() -> None:
    assert told(name=...).name == "ada"
