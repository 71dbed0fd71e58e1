"""A way back leads to this app, or to its first page."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gapmap.gate.return_path import MOST_HELD, SECONDS_HELD, ReturnPaths, safe_path


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/london",
        "/borough?borough=E09000007&quarter=2026-Q3&indicator=HSB+training",
        "/london?q=%C3%A9%20%2F",
        "/london?next=https://evil.example",
        "/sign-interesting",
    ],
)
def test_a_path_of_the_app_is_kept(path: str) -> None:
    assert safe_path(path) == path


@pytest.mark.parametrize(
    "path",
    [
        None,
        "",
        "london",
        "//evil.example",
        "///evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/a//evil.example",
        "https://evil.example/london",
        "https:/london",
        "javascript:alert(1)",
        "/london\r\nSet-Cookie: a=b",
        "/lon don",
        " /london",
        "/\tevil.example",
        "/é",
        "/london\x00",
        "/sign-in",
        "/sign-in?next=/sign-in",
        "/sign-out",
        "/auth/login",
        "/oauth2callback?code=a",
        "/_stcore/health",
        "/media/a.csv",
        "/geometry/boroughs.json",
        "/" + "a" * 2000,
    ],
)
def test_anything_else_leads_to_the_first_page(path: str | None) -> None:
    assert safe_path(path) == "/"


@given(st.text(alphabet="/\\:?#@.a%\t\n\r htps", max_size=30))
def test_what_is_kept_cannot_be_read_as_another_host(text: str) -> None:
    kept = safe_path(text)
    assert kept.startswith("/")
    assert not kept.startswith(("//", "/\\"))
    assert not set(kept) & set("\\\t\n\r #")


def test_a_path_is_handed_back_once_and_for_ten_minutes() -> None:
    moment = [0.0]
    paths = ReturnPaths(lambda: moment[0])
    paths.keep("a", "/london?quarter=2026-Q3")
    paths.keep("b", "/voice")
    assert paths.take("a") == "/london?quarter=2026-Q3"
    assert paths.take("a") == "/"
    assert paths.take(None) == "/"
    moment[0] = float(SECONDS_HELD)
    assert paths.take("b") == "/"


def test_only_the_latest_are_held() -> None:
    paths = ReturnPaths()
    for place in range(MOST_HELD + 1):
        paths.keep(str(place), f"/london?q={place}")
    assert paths.take("0") == "/"
    assert paths.take("1") == "/london?q=1"
