"""Who has sent what: what is missing comes first, a cell leads on, and reminders stay with few."""

from collections.abc import Iterator
from datetime import date
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import pytest

from gapmap.access import EXECUTIVE, Viewer
from gapmap.publishing.submission import withdraw
from gapmap.reference.windows import contacts
from gapmap.stores.store import Store
from gapmap.ui.palette import RETURN_COLOURS
from gapmap.ui.returns.reminders import mail_address, reminder_subject, reminder_text
from gapmap.ui.returns.returns_panels import LEGEND, cell_words, contact_words, days_away
from tests.gapmap.ui.test_palette import contrast
from tests.pages.conftest import Screen, publish_tiny, store_of_the_pages
from tests.uploads import BRENT, BROMLEY, HACKNEY, publish_csv, referral, set_clock

NOW = date(2026, 11, 23)
TITLE = "Who has sent what"
REFERRALS = "Referrals of harmful sexual behaviour and other child-on-child abuse"


@pytest.fixture(scope="module")
def held(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """The store of the pages with `publish_tiny` of 15 October, one late and one withdrawn file.

    The screens are looked at on 23 November 2026, nine days after the window of July to September.
    """
    with store_of_the_pages(tmp_path_factory.mktemp("returns")) as store:
        with pytest.MonkeyPatch.context() as clock:
            set_clock(clock, "2026-10-15T10:00:00")
            publish_tiny(store)
            lado = publish_csv(store, "lado", [LADO])
            withdraw(store, lado.submission_id, "lead@hackney.example", "wrong file")
            set_clock(clock, "2026-11-20T10:00:00")
            publish_csv(store, "referrals", [referral(borough="Barnet")], covers=[BRENT])
        with pytest.MonkeyPatch.context() as day:
            for module in ("returns.returns_panels", "returns.reminders", "upload.upload_steps"):
                day.setattr(f"gapmap.ui.{module}.today", lambda: NOW)
            yield store


LADO = {
    "quarter": "2026-Q3",
    "borough": "Hackney",
    "contacts_education": 4,
    "threshold_met": 1,
    "concluded": 1,
    "substantiated": 0,
}


def matrix(screen: Screen) -> Any:
    """The matrix by borough, its columns without the days on which they are due."""
    frame = screen.frames[0].copy()
    frame.columns = [column[-1] for column in frame.columns]
    return frame.set_index("Borough")


def click(screen: Screen, borough: str, heading: str) -> Screen:
    """Click a cell of the matrix, as Streamlit tells it."""
    row = list(matrix(screen).index).index(borough)
    clicks = screen.app.session_state["returns_matrix_clicks"]
    screen.app.session_state[f"returns_matrix_{clicks}"] = {
        "selection": {"rows": [], "columns": [], "cells": [[row, heading]]}
    }
    return screen.run()


# --- the matrix ----------------------------------------------------------------------------------


@pytest.mark.usefixtures("held")
def test_each_cell_says_its_state_in_words() -> None:
    screen = Screen("returns")
    assert screen.title == TITLE
    cells = matrix(screen)
    assert len(cells) == 33
    hackney, brent, barnet = (cells.loc[b].to_dict() for b in ("Hackney", "Brent", "Barnet"))
    assert (hackney["Referrals"], hackney["Training"], hackney["Police"]) == (
        "provisional",
        "published",
        "published",
    )
    assert (hackney["LADO"], hackney["Survey"], hackney["Messages"]) == (
        "withdrawn",
        "missing",
        "–",
    )
    assert (brent["Referrals"], barnet["Referrals"]) == ("late, nil", "late, prov.")
    assert brent["Police"] == "missing!"
    assert cells.loc["Bromley", "Police"] == "published"


@pytest.mark.usefixtures("held")
def test_columns_are_headed_by_the_day_on_which_they_are_due() -> None:
    columns = list(Screen("returns").frames[0].columns)
    assert [c for c in columns if c[0].startswith("due")] == [
        ("due 14 Nov 2026", "Referrals"),
        ("due 14 Nov 2026", "Training"),
        ("due 14 Nov 2026", "Police"),
        ("due 29 Nov 2026", "LADO"),
        ("due 14 Dec 2026", "School returns"),
        ("due 14 Dec 2026", "Survey"),
    ]
    assert ("as it happens", "Messages") in columns


@pytest.mark.usefixtures("held")
def test_the_most_overdue_come_first_and_those_that_sent_last() -> None:
    cells = matrix(Screen("returns"))
    assert list(cells.index[:2]) == ["Barking and Dagenham", "Bexley"]
    assert list(cells.index[-4:]) == ["Barnet", "Brent", "Bromley", "Hackney"]
    # Two quarters of referrals, and all else that is asked for of the newest one.
    assert cells.loc["Bexley", "To send"] == 2 + 5
    screen = Screen("returns")
    assert "returns to be sent** by 33 of 33 boroughs" in screen.words


@pytest.mark.usefixtures("held")
def test_one_extract_goes_quarter_by_quarter() -> None:
    screen = Screen("returns").choose("return_of", "referrals")
    cells = matrix(screen)
    assert list(cells.columns) == ["To send", "2026-Q3", "2026-Q2", "Contact"]
    assert cells.loc["Hackney", ["2026-Q3", "2026-Q2"]].to_list() == ["provisional", "late, prov."]
    assert cells.loc["Brent", ["2026-Q3", "2026-Q2"]].to_list() == ["late, nil", "missing!"]


@pytest.mark.usefixtures("held")
def test_filters_stand_in_the_address() -> None:
    unit = {"unit": "North Area Command Unit"}
    screen = Screen("returns", quarter="2026-Q2", **unit)
    assert set(matrix(screen).index) == {"Enfield", "Haringey"}
    assert screen.query == {"quarter": "2026-Q2", **unit}
    shared = {"partnership": "City and Hackney Safeguarding Children Partnership"}
    assert set(matrix(Screen("returns", **shared)).index) == {"City of London", "Hackney"}
    assert "No borough is in both" in Screen("returns", **unit, **shared).words


@pytest.mark.usefixtures("held")
def test_a_quarter_that_runs_is_not_yet_due() -> None:
    cells = matrix(Screen("returns", quarter="2026-Q4"))
    assert cells.loc["Brent", "Survey"] == "not yet due"
    assert cells.loc["Hackney", "Training"] == "from 2026-Q3"


# --- where a cell leads --------------------------------------------------------------------------


@pytest.mark.usefixtures("held")
def test_a_published_cell_leads_its_lead_to_the_submission() -> None:
    screen = Screen("returns").view_as("lead", HACKNEY)
    click(screen, "Hackney", "Training")
    assert screen.title == "Submissions"
    assert screen.query == {"submission": "training-00004"}


@pytest.mark.usefixtures("held")
def test_a_missing_cell_leads_to_the_upload_with_everything_chosen() -> None:
    screen = Screen("returns").view_as("lead", HACKNEY, BRENT)
    click(screen, "Brent", "Police")
    assert screen.title == "Upload"
    assert screen.app.selectbox(key="extract").value == "police_engagement"
    assert screen.app.selectbox(key="upload_quarter").value == "2026-Q3"
    assert "For **Brent**: drop the file with its rows." in screen.words


@pytest.mark.usefixtures("held")
@pytest.mark.parametrize(
    ("borough", "heading", "said"),
    [
        (
            "Hackney",
            "Training",
            ": version 1, published on 15 Oct 2026. It was due on 14 Nov 2026.",
        ),
        ("Barnet", "Referrals", "late, provisional, version 1, published on 20 Nov 2026"),
        ("Brent", "Police", "missing; due on 14 Nov 2026, 9 days ago."),
        ("Brent", "LADO", "missing; due on 29 Nov 2026, in 6 days."),
        ("Hackney", "LADO", "withdrawn on 15 Oct 2026, and nothing stands."),
        ("Hackney", "Messages", "not asked; nothing was sent."),
    ],
)
def test_an_executive_is_told_and_led_nowhere(borough: str, heading: str, said: str) -> None:
    screen = click(Screen("returns"), borough, heading)
    assert screen.title == TITLE
    assert said in screen.words
    assert "lead@" not in screen.words


@pytest.mark.usefixtures("held")
def test_another_boroughs_cell_leads_a_lead_nowhere() -> None:
    screen = click(Screen("returns").view_as("lead", BROMLEY), "Brent", "Police")
    assert (screen.title, "The borough's lead uploads it." in screen.words) == (TITLE, True)
    screen = click(Screen("returns").view_as("lead", BROMLEY), "Hackney", "Training")
    assert screen.title == TITLE


@pytest.mark.usefixtures("held")
def test_a_boroughs_name_leads_to_its_reminder() -> None:
    screen = click(Screen("returns").view_as("administrator"), "Brent", "Borough")
    assert screen.query == {"borough": BRENT}
    assert "To **safeguarding.data@brent.example**" in screen.words


# --- reminders -----------------------------------------------------------------------------------


@pytest.mark.usefixtures("held")
def test_a_lead_has_the_reminder_of_the_own_borough_ready() -> None:
    screen = Screen("returns").view_as("lead", BRENT)
    (body,) = [block.value for block in screen.app.code]
    assert "To the safeguarding partnership data lead, Brent" in body
    assert (
        "- Police engagement with schools, 2026-Q3 (July–September 2026): was due on 14 Nov 2026, "
        "9 days ago (held by: police command unit, several boroughs at once)"
    ) in body
    assert f"- {REFERRALS}, 2026-Q2 (April–June 2026): was due on 14 Aug 2026, 101 days ago" in body
    assert f"{REFERRALS}, 2026-Q3" not in body
    assert "/upload" in body
    assert f"/returns?borough={BRENT}" in body
    assert "safeguarding.data@brent.example" in matrix(screen).loc["Brent", "Contact"]


@pytest.mark.usefixtures("held")
@pytest.mark.parametrize("role", ["executive", "analyst", "contributor"])
def test_others_see_the_boroughs_and_no_address(role: Any) -> None:
    screen = Screen("returns", borough=BRENT).view_as(role)
    assert "- Police engagement with schools, 2026-Q3" in screen.words
    shown = screen.frames[0].to_string() + screen.words
    assert "@" not in shown
    assert not screen.app.code
    assert matrix(screen).loc["Brent", "Contact"] == "Safeguarding partnership data lead"


@pytest.mark.usefixtures("held")
def test_a_lead_sees_no_other_boroughs_address() -> None:
    screen = Screen("returns", borough=BRENT).view_as("lead", HACKNEY)
    assert not screen.app.code
    found = matrix(screen)["Contact"]
    assert [name for name, contact in found.items() if "@" in contact] == ["Hackney"]


def test_nothing_missing_is_said_in_words(held: Store) -> None:
    screen = Screen("returns", return_of="Message log")
    assert "Nothing is missing: every return asked for up to 2026-Q3" in screen.words
    # The reminder is of all extracts all the same.
    assert "Training coverage, 2026-Q3" in screen.words


ROW = {
    "borough": "Hackney",
    "borough_code": HACKNEY,
    "extract": "training",
    "quarter": "2026-Q3",
    "due": date(2026, 11, 14),
    "overdue": True,
    "state": "missing",
}


def test_the_reminder_says_who_what_when_where() -> None:
    row = ROW | {"extract": "referrals", "due": date(2026, 11, 24), "overdue": False}
    rows = [ROW, row | {"state": "offered"}]
    contact = contacts()[HACKNEY][0]
    text = reminder_text(rows, contact, NOW, "https://gapmap.example")
    assert text.splitlines()[0] == "To the safeguarding partnership data lead, Hackney"
    assert (
        "Training coverage, 2026-Q3 (July–September 2026): was due on 14 Nov 2026, 9 days" in text
    )
    assert "due by 24 Nov 2026, in 1 day; it was sent by another agency and waits" in text
    assert "https://gapmap.example/upload\n" in text
    assert contact.email in text
    assert reminder_subject(rows, NOW) == "Hackney: 2 returns to be sent, as of 23 Nov 2026"


def test_the_mail_address_carries_subject_and_text_while_it_is_short() -> None:
    link = mail_address("team@hackney.example", "A & B: 1%", "one\ntwo é")
    parts = urlsplit(link)
    assert (parts.scheme, parts.path) == ("mailto", "team@hackney.example")
    assert parse_qs(parts.query) == {"subject": ["A & B: 1%"], "body": ["one\r\ntwo é"]}
    long = mail_address("team@hackney.example", "subject", "x" * 2000)
    assert unquote(long) == "mailto:team@hackney.example?subject=subject"


@pytest.mark.parametrize(
    ("due", "said"),
    [
        (date(2026, 11, 25), "in 2 days"),
        (date(2026, 11, 24), "in 1 day"),
        (date(2026, 11, 23), "today"),
        (date(2026, 11, 22), "1 day ago"),
    ],
)
def test_days_away(due: date, said: str) -> None:
    assert days_away(due, NOW) == said


def test_addresses_are_for_administrators_and_the_own_lead() -> None:
    assert contact_words(HACKNEY, Viewer("administrator")).startswith("safeguarding.data@hackney")
    assert "@" in contact_words(HACKNEY, Viewer("lead", frozenset({HACKNEY})))
    for viewer in (
        EXECUTIVE,
        Viewer("analyst"),
        Viewer("lead", frozenset({BRENT})),
        Viewer("contributor", frozenset({HACKNEY})),
    ):
        assert contact_words(HACKNEY, viewer) == "Safeguarding partnership data lead"


# --- colours and words ---------------------------------------------------------------------------


def test_every_state_has_a_colour_a_word_and_a_place_in_the_legend() -> None:
    assert {state for state, _, _ in LEGEND} == set(RETURN_COLOURS)
    words = [word for _, word, _ in LEGEND]
    assert len(set(words)) == len(words)
    for fill, text in RETURN_COLOURS.values():
        assert contrast(text, fill) >= 4.5


def test_a_cell_says_what_else_is_true_of_a_late_one() -> None:
    late = {"state": "late", "nil_return": False, "provisional": False, "overdue": False}
    assert cell_words(late) == "late"
    assert cell_words(late | {"provisional": True}) == "late, prov."
    assert cell_words(late | {"provisional": True, "nil_return": True}) == "late, nil"
