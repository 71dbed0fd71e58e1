"""Dated notes and the days on which reviews are due: data/reference first, then the last edit."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest

from gapmap.access import NotAllowed, Viewer
from gapmap.agreements.agreements import DEMONSTRATED_BY
from gapmap.agreements.edited import EditError, deadlines, edit_note, note_now, set_deadline
from gapmap.agreements.written import UnfitText
from gapmap.office.office import Office, open_memory_office
from gapmap.reference.dated_notes import DatedNote, dated_notes
from gapmap.reference.review_deadlines import review_deadlines
from tests.uploads import BROMLEY, HACKNEY

ADMINISTRATOR = Viewer("administrator")
LEAD = Viewer("lead", frozenset({HACKNEY}))
NAME = "relevant_agencies"


@pytest.fixture
def office() -> Iterator[Office]:
    opened = open_memory_office()
    yield opened
    opened.close()


def test_a_note_is_the_file_s_until_it_is_edited(office: Office) -> None:
    assert note_now(office, NAME) == dated_notes()[NAME]
    for day, text in (
        (date(2026, 11, 2), "Not commenced."),
        (date(2026, 11, 9), "In force on 1 January 2027."),
    ):
        edit_note(office, ADMINISTRATOR, "ad", DatedNote(NAME, day, text))
        assert note_now(office, NAME) == DatedNote(NAME, day, text)
    assert office.database.ask("office/dated_notes", {"name": NAME}).num_rows == 2


def test_a_note_that_cannot_be_kept(office: Office) -> None:
    day = date(2026, 11, 2)
    with pytest.raises(NotAllowed):
        edit_note(office, LEAD, "lee", DatedNote(NAME, day, "Mine"))
    with pytest.raises(EditError, match="no screen"):
        edit_note(office, ADMINISTRATOR, "ad", DatedNote("other", day, "Text"))
    tomorrow = datetime.now(UTC).date() + timedelta(days=1)
    with pytest.raises(EditError, match="today or a day before"):
        edit_note(office, ADMINISTRATOR, "ad", DatedNote(NAME, tomorrow, "Text"))
    for text in ("", "x" * 1001, "ask a@example.org"):
        with pytest.raises(UnfitText):
            edit_note(office, ADMINISTRATOR, "ad", DatedNote(NAME, day, text))
    assert note_now(office, NAME) == dated_notes()[NAME]


def test_a_lead_sets_the_own_borough_s_day(office: Office) -> None:
    set_deadline(office, LEAD, "lee", HACKNEY, date(2026, 10, 16))
    set_deadline(office, LEAD, "lee", HACKNEY, date(2026, 10, 15))
    with pytest.raises(NotAllowed):
        set_deadline(office, LEAD, "lee", BROMLEY, date(2026, 10, 16))
    with pytest.raises(EditError, match="no such borough"):
        set_deadline(office, ADMINISTRATOR, "ad", "E09000099", date(2026, 10, 16))
    found = deadlines(office, demonstration=False)
    assert found == {**review_deadlines(), HACKNEY: date(2026, 10, 15)}


def test_what_the_demonstration_set_counts_beside_its_data_alone(office: Office) -> None:
    set_deadline(office, ADMINISTRATOR, DEMONSTRATED_BY, BROMLEY, date(2026, 10, 16))
    assert deadlines(office, demonstration=True)[BROMLEY] == date(2026, 10, 16)
    assert deadlines(office, demonstration=False) == review_deadlines()
