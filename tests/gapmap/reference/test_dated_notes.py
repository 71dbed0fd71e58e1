"""Dated notes: those that screens show are there, and a fault is named."""

from datetime import date

import pytest

from gapmap.reference.dated_notes import NAMES, NoteError, dated_notes, parse_notes

WHOLE = '[relevant_agencies]\nas_of = 2026-11-01\ntext = "None is named."\n'


def test_every_note_that_a_screen_shows_is_there() -> None:
    assert set(dated_notes()) == set(NAMES)


def test_a_note_has_its_day() -> None:
    note = parse_notes(WHOLE)["relevant_agencies"]
    assert (note.as_of, note.text) == (date(2026, 11, 1), "None is named.")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[", "x.toml: it is not TOML"),
        ("", "x.toml: it lacks or does not know relevant_agencies"),
        (WHOLE + "[other]\nas_of = 2026-11-01\ntext = 'x'", "it lacks or does not know other"),
        (WHOLE.replace("2026-11-01", '"2026-11-01"'), "relevant_agencies: as_of must be a day"),
        (WHOLE.replace("2026-11-01", "2026-11-01T08:00:00"), "as_of must be a day"),
        (WHOLE.replace("None is named.", " "), "relevant_agencies: text must be a text"),
        (WHOLE.replace("text", "txt"), "relevant_agencies: unknown property 'txt'"),
    ],
)
def test_a_fault_names_its_place(text: str, said: str) -> None:
    with pytest.raises(NoteError) as fault:
        parse_notes(text, "x.toml")
    assert said in str(fault.value)
