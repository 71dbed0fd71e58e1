"""Exact counts about children never travel to a browser but that of the borough's own lead."""

from collections.abc import Iterator
from typing import Any

import pandas as pd
import pytest
from playwright.sync_api import Page, WebSocket, expect
from streamlit.dataframe_util import convert_arrow_bytes_to_pandas_df
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from gapmap.disclosure.rule import SHOWN, Rule
from gapmap.reference.protection import BASE, THRESHOLD
from tests.browser.conftest import CommandLine
from tests.browser.screens import expect_title, open_at, rows_of, table, view_as

CAMDEN = "E09000007"
CHILDREN = f"/borough?borough={CAMDEN}&view=Referrals+%26+voice"


@pytest.fixture(scope="module")
def exact(command_line: CommandLine) -> dict[str, int]:
    """Camden's referrals by quarter as they were submitted."""
    found = command_line.ask("referrals/by_quarter", measure="hsb_referrals", borough=CAMDEN)
    return {row["quarter"]: row["value"] for row in found if row["level"] == "borough"}


@pytest.fixture(scope="module")
def released(command_line: CommandLine) -> dict[str, str]:
    """Camden's referrals by quarter as a release shows them; some are hidden to protect others."""
    asked = {"measure": "hsb_referrals", "borough": CAMDEN}
    found = command_line.ask("referrals/by_quarter", role="executive", **asked)
    return {
        row["quarter"]: row["marker"] or str(row["value"])
        for row in found
        if row["level"] == "borough"
    }


def test_what_is_released_is_hidden_or_rounded(
    exact: dict[str, int], released: dict[str, str]
) -> None:
    assert set(exact) == set(released)
    for quarter, count in exact.items():
        assert released[quarter] in (by_rule(count), "c")


def by_rule(count: int) -> str:
    rule = Rule(THRESHOLD, BASE)
    return str(rule.rounded(count)) if rule.status(count) == SHOWN else "c"


def listen(page: Page) -> list[bytes]:
    """All that the server will send to the page, as it comes."""
    received: list[bytes] = []

    def note(payload: str | bytes) -> None:
        received.append(payload if isinstance(payload, bytes) else payload.encode())

    def follow_socket(socket: WebSocket) -> None:
        socket.on("framereceived", note)

    page.on("websocket", follow_socket)
    return received


def elements(frames: list[bytes]) -> Iterator[Any]:
    """What the server sent to be drawn."""
    for frame in frames:
        message = ForwardMsg()
        message.ParseFromString(frame)
        if message.WhichOneof("type") == "delta":
            yield message.delta.new_element


def tables_in(frames: list[bytes]) -> list[pd.DataFrame]:
    return [
        convert_arrow_bytes_to_pandas_df(element.dataframe.arrow_data.data)
        for element in elements(frames)
        if element.WhichOneof("type") == "dataframe"
    ]


def referrals_in(frames: list[bytes]) -> dict[str, str]:
    """Camden's column of the table of referrals that was sent."""
    (found,) = [one for one in tables_in(frames) if "London: submitted" in one.columns]
    column: dict[str, str] = found.set_index("Quarter")["Camden"].to_dict()
    return column


def test_an_executives_browser_is_never_sent_the_exact_counts(
    page: Page, exact: dict[str, int], released: dict[str, str]
) -> None:
    rounded = [quarter for quarter, count in exact.items() if released[quarter] != str(count)]
    assert any(exact[quarter] > 7 for quarter in rounded)
    assert any(released[quarter] == "c" for quarter in rounded)
    frames = listen(page)
    open_at(page, CHILDREN)
    expect(page.get_by_role("heading", name="How many HSB referrals")).to_be_attached()
    sent = referrals_in(frames)
    assert sent == released
    assert {sent[quarter] for quarter in rounded}.isdisjoint(
        {str(exact[quarter]) for quarter in rounded if exact[quarter] % 5}
    )
    # And on the screen.
    shown = {row["Quarter"]: row["Camden"] for row in rows_of(table(page, "London: submitted"))}
    assert shown["2026-Q3"] == released["2026-Q3"]
    expect(page.get_by_text("Exact figures of Camden")).to_have_count(0)


def test_londons_screen_is_sent_released_counts_alone(
    page: Page, exact: dict[str, int], released: dict[str, str]
) -> None:
    frames = listen(page)
    quarter = next(q for q, count in exact.items() if count > 7 and count % 5)
    open_at(page, f"/london?indicator=HSB+referrals&quarter={quarter}")
    expect_title(page, "London")
    (sent,) = [one for one in tables_in(frames) if "HSB referrals" in one.columns]
    counts = sent.set_index("Borough")["HSB referrals"]
    assert counts["Camden"] == released[quarter] != str(exact[quarter])
    for count in counts:
        assert count in ("c", "not submitted") or int(count) % 5 == 0


def test_the_boroughs_own_lead_sees_exact_counts_marked(page: Page, exact: dict[str, int]) -> None:
    open_at(page, CHILDREN)
    view_as(page, "Partnership data lead", "Camden")
    expect(page.get_by_text("Exact figures of Camden, for its own lead only")).to_be_attached()
    shown = {row["Quarter"]: row["Camden"] for row in rows_of(table(page, "London: submitted"))}
    assert shown == {quarter: str(count) for quarter, count in exact.items()}
