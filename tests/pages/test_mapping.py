"""The mapping step of Upload: offered, confirmed once, and then the file loads unprompted."""

import pytest

from gapmap.stores.store import Store
from tests.gapmap.mapping.test_mapping import (
    ASKED,
    FIRST,
    NOT_ASKED,
    PEOPLE,
    QUESTIONS,
    REMARKS,
    SECOND,
    SECRET,
    counted_plainly,
    form,
    form_row,
    respondents,
)
from tests.pages.conftest import Screen
from tests.pages.test_upload import as_lead, drop, held, signed
from tests.uploads import BROMLEY, HACKNEY, contents, csv_bytes, look

__all__ = ["held"]


def dropped(extract: str, content: bytes, name: str) -> Screen:
    screen = as_lead(extract, HACKNEY, BROMLEY)
    screen.choose("upload_quarter", "2026-Q3")
    return drop(signed(screen), content, name)


def chosen(screen: Screen) -> dict[str, str]:
    """What each box of the form says, by its label."""
    return {box.label: box.value for box in screen.app.main.selectbox if box.form_id}


def submit(screen: Screen, label: str) -> Screen:
    return screen.press(label)


def test_what_fits_is_filled_in_and_nothing_of_a_person_is_shown(held: Store) -> None:
    before = contents(held.exact)
    screen = dropped("school_safeguarding", FIRST, "form.xlsx")
    assert "The headings of this file are those of no extract" in screen.words
    assert "5 columns may identify somebody: always dropped, and not shown here" in screen.words
    offered = chosen(screen)
    assert offered["urn (needed)"] == QUESTIONS["urn"]
    assert offered["reviewed (needed)"] == QUESTIONS["reviewed"]
    assert offered["self_evaluation_met"] == "not in the file"
    assert {offered[f"{name} (needed)"] for name in NOT_ASKED} == {"every row: not asked"}
    boxes = [box for box in screen.app.main.selectbox if box.form_id]
    options = {option for box in boxes for option in box.options}
    assert options.isdisjoint({"Email", "Name", "Start time", REMARKS})
    assert contents(held.exact) == before


def test_a_form_is_mapped_published_and_never_asked_about_again(held: Store) -> None:
    screen = dropped("school_safeguarding", FIRST, "form.xlsx")
    submit(screen, "Next: the answers")
    meanings = chosen(screen)
    assert meanings == {
        "(blank)": "no reply",
        "“Don't know”": "no reply",
        "“No, not yet”": "no",
        "“Yes, definitely”": "yes",
    }
    submit(screen, "Confirm the mapping")
    assert "files with these headings load by it from now on" in screen.words
    assert "3 rows for 2 boroughs can be published." in screen.words
    (tick,) = screen.app.checkbox
    assert tick.value, "the mapping is confirmed already"
    assert "6 dropped unseen" in tick.label
    screen.press("Publish")
    assert "Published as school_safeguarding-00007" in screen.words
    held_rows = {row["urn"]: row for row in look(held.exact, "from school_safeguarding")}
    assert held_rows[100002]["reviewed"] == "no reply"
    assert held_rows[100011]["dsl_supervision"] == "no"
    (kept,) = look(held.exact, "from column_mapping")
    assert kept["confirmed_by"] == "lead@hackney.example"
    assert SECRET not in repr(contents(held.exact))

    later = dropped("school_safeguarding", SECOND, "next.xlsx")
    assert "2 rows for 1 borough can be published." in later.words
    assert "those of no extract" not in later.words


def test_a_correction_of_what_is_offered_is_what_is_kept(held: Store) -> None:
    screen = dropped("school_safeguarding", FIRST, "form.xlsx")
    boxes = {box.label: box for box in screen.app.main.selectbox if box.form_id}
    boxes["alcohol_policy (needed)"].set_value("every row: no reply")
    submit(screen, "Next: the answers")
    boxes = {box.label: box for box in screen.app.main.selectbox if box.form_id}
    boxes["“Don't know”"].set_value("not asked")
    submit(screen, "Confirm the mapping").press("Publish")
    found = {row["urn"]: row for row in look(held.exact, "from school_safeguarding")}
    assert {row["alcohol_policy"] for row in found.values()} == {"no reply"}
    assert found[100002]["reviewed"] == "not asked"


def test_an_incomplete_mapping_says_what_is_missing(held: Store) -> None:
    screen = dropped("school_safeguarding", FIRST, "form.xlsx")
    boxes = {box.label: box for box in screen.app.main.selectbox if box.form_id}
    boxes["urn (needed)"].set_value("not in the file")
    submit(screen, "Next: the answers")
    submit(screen, "Confirm the mapping")
    (fault,) = [error.value for error in screen.app.error]
    assert fault.startswith("The mapping is not complete. columns: 'urn' has no source")
    assert look(held.exact, "from column_mapping") == []
    screen.press("Back to the columns")
    assert "urn (needed)" in chosen(screen)


def test_an_answer_that_came_later_can_be_added(held: Store) -> None:
    screen = dropped("school_safeguarding", FIRST, "form.xlsx")
    submit(submit(screen, "Next: the answers"), "Confirm the mapping")
    row = form_row(1, 100001, reviewed="Somewhat")
    again = dropped("school_safeguarding", form(row), "later.xlsx")
    problems = again.frames[-1]
    assert problems["Where"][0] == "sheet Form1, cell H2, column reviewed"
    (toggle,) = again.app.toggle
    assert toggle.label == "Map the columns of this file"
    toggle.set_value(True)
    submit(again.run(), "Next: the answers")
    assert chosen(again) == {"“Somewhat”": "leave as it is"}
    (box,) = [box for box in again.app.main.selectbox if box.form_id]
    box.set_value("no")
    submit(again, "Confirm the mapping")
    assert "1 row for 1 borough can be published." in again.words
    # What this file does not hold is still known from before.
    known = dropped("school_safeguarding", FIRST, "form.xlsx")
    assert "3 rows for 2 boroughs can be published." in known.words


def test_a_survey_of_persons_is_counted(held: Store) -> None:
    rows = respondents(90)
    screen = dropped("perception_survey", csv_bytes(rows), "survey.csv")
    (kind,) = [one for one in screen.app.radio if one.key != "upload_mode"]
    assert kind.value.startswith("one person's answers")
    offered = chosen(screen)
    assert {name: offered[name] for name in ASKED} == ASKED
    boxes = {box.label: box for box in screen.app.main.selectbox if box.form_id}
    boxes["borough (needed)"].set_value(PEOPLE["borough"])
    boxes["sex (needed)"].set_value(PEOPLE["sex"])
    boxes["respondent (needed)"].set_value("every row: child")
    submit(screen, "Next: the answers")
    submit(screen, "Confirm the mapping")
    assert "36 rows for 2 boroughs can be published." in screen.words
    screen.press("Publish")
    found = {
        (r["urn"], r["sex"], r["question"]): (r["valid_answers"], r["a_lot"], r["sometimes"])
        for r in look(held.exact, "from perception_survey")
    }
    assert found == counted_plainly(rows)
    assert SECRET not in repr(contents(held.exact))


@pytest.mark.usefixtures("held")
def test_a_mapping_needs_somebody_who_confirms_it() -> None:
    screen = drop(as_lead("school_safeguarding"), FIRST, "form.xlsx")
    submit(screen, "Next: the answers")
    (button,) = [one for one in screen.app.button if one.label == "Confirm the mapping"]
    assert button.disabled
    assert "every mapping says who confirmed it" in screen.words


@pytest.mark.usefixtures("held")
def test_a_file_that_fits_is_not_offered_for_mapping() -> None:
    screen = as_lead("training")
    drop(screen, csv_bytes([{"quarter": "2026-Q3"}]), "training.csv")
    assert "those of no extract" in screen.words
    row = {"quarter": "x", "borough": "Hackney", "agency": "school", "urn": 1, "course": "governor"}
    counts = {"staff_in_scope": 1, "staff_trained": 1}
    fits = drop(as_lead("training"), csv_bytes([row | counts]), "training.csv")
    assert "Mend them and drop the file again" in fits.app.error[0].value
    assert not fits.app.toggle
    # Answers in other words can be said, whatever the headings.
    other = drop(as_lead("training"), csv_bytes([row | counts | {"course": "x"}]), "training.csv")
    assert [toggle.label for toggle in other.app.toggle] == ["Map the columns of this file"]
