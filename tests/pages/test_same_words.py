"""The browser and the command line refuse the same file in the same words."""

from collections.abc import Iterator

import pytest
from click.testing import CliRunner

from gapmap.cli.main import main
from gapmap.owner import Owner
from gapmap.settings import read_settings
from gapmap.stores.store import Store
from tests.pages.conftest import Screen
from tests.spreadsheets import ods_bytes, zipped
from tests.twenty_faults import FAULTS, workbook
from tests.uploads import HACKNEY, TODAY, contents, csv_bytes, referral


@pytest.fixture
def held(tiny_copy: Store, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    """The store of the pages, served to the command line; both ways live on the same day."""
    monkeypatch.setattr("gapmap.operations.operations.today", lambda: TODAY)
    owner = Owner(tiny_copy, read_settings())
    owner.start()
    yield tiny_copy
    owner.stop()


def in_the_browser(content: bytes, name: str) -> Screen:
    screen = Screen("upload").view_as("lead", HACKNEY).choose("extract", "referrals")
    screen.app.file_uploader[0].set_value((name, content, "application/octet-stream"))
    return screen.run()


def lines_of(screen: Screen) -> list[str]:
    """The problems on the screen, put together as the command line does.

    What is of no place is of "the file" in the table, and has no place in a line.
    """
    lines = [
        f"{row['Severity']}: {row['Where']}: {row['What is wrong']}. {row['How to mend it']}"
        for row in screen.frame("What is wrong").to_dict("records")
    ]
    return [line.replace(": the file: ", ": ", 1) for line in lines]


def on_the_command_line(store: Store, content: bytes, name: str) -> tuple[int, list[str]]:
    """Exit code and lines; the command hands its work to the process that has the store open."""
    file = store.folder / name
    file.write_bytes(content)
    done = CliRunner().invoke(main, ["load", str(file), "--extract", "referrals"])
    return done.exit_code, done.stdout.splitlines()


@pytest.mark.parametrize(
    ("content", "name", "number"),
    [
        (workbook(), "referrals.xlsx", len(FAULTS) + 1),
        (csv_bytes([referral(borough="Hackny"), referral(source="6x")]), "referrals.csv", 2),
        (b"quarter,borough\n2026-Q3\n", "ragged.csv", 1),
        (csv_bytes([referral(), referral()]), "twice.csv", 1),
        (b"%PDF-1.7 x", "referrals.pdf", 1),
        (zipped({"word/document.xml": "<w/>"}), "referrals.docx", 1),
        (ods_bytes({"S": [list(referral()), list(referral(source="x").values())]}), "r.ods", 1),
        (csv_bytes([referral(outcome="999 000 0026")]), "referrals 9990000018.csv", 2),
    ],
    ids=[
        "twenty faults",
        "two faults",
        "ragged",
        "a row twice",
        "a document",
        "another document",
        "an OpenDocument sheet",
        "what may identify a child",
    ],
)
def test_a_file_is_refused_in_the_same_words(
    held: Store, content: bytes, name: str, number: int
) -> None:
    before = contents(held.exact)
    screen = in_the_browser(content, name)
    shown = lines_of(screen)
    assert len(shown) == number
    code, printed = on_the_command_line(held, content, name)
    assert code == 3
    assert printed == [*shown, "refused: nothing was stored"]
    assert contents(held.exact) == before


def test_the_mended_spreadsheet_goes_through_in_the_browser(held: Store) -> None:
    screen = in_the_browser(workbook(mended=True), "referrals.xlsx")
    screen.app.text_input(key="submitted_by").set_value("lead@hackney.example")
    screen.run()
    for tick in screen.app.checkbox:
        tick.check()
    screen.run().press("Publish")
    assert "Published as referrals-" in screen.words
