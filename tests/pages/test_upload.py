"""Upload: who may, what is wrong and where, what will change, and that it then stands."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest

from gapmap.publishing.submission import history, pairs_of
from gapmap.stores.store import Store
from tests.pages.conftest import POLICE_NOW, Screen
from tests.releasing import release_by_rule
from tests.spreadsheets import ods_bytes
from tests.uploads import (
    BRENT,
    BROMLEY,
    HACKNEY,
    contents,
    course,
    csv_bytes,
    engagement,
    publish_csv,
    referral,
    tiny_register,
    xlsx_bytes,
)


@pytest.fixture
def held(tiny_copy: Store) -> Store:
    """The store of the pages with `publish_tiny`."""
    return tiny_copy


def as_lead(extract: str, *boroughs: str) -> Screen:
    screen = Screen("upload").view_as("lead", *(boroughs or (HACKNEY,)))
    return screen.choose("extract", extract)


def drop(screen: Screen, content: bytes | Sequence[dict[str, Any]], name: str) -> Screen:
    """Drop a file; rows go as CSV."""
    if not isinstance(content, bytes):
        content = csv_bytes(content)
    screen.app.file_uploader[0].set_value((name, content, "text/csv"))
    return screen.run()


def signed(screen: Screen, by: str = "lead@hackney.example") -> Screen:
    screen.app.text_input(key="submitted_by").set_value(by)
    return screen.run()


def publish_button(screen: Screen) -> Any:
    (button,) = [one for one in screen.app.button if one.label == "Publish"]
    return button


# --- who may ------------------------------------------------------------------------------------


@pytest.mark.usefixtures("pages_store")
@pytest.mark.parametrize(
    ("role", "name"), [("executive", "Executive members"), ("analyst", "Analysts")]
)
def test_other_roles_do_not_upload(role: str, name: str) -> None:
    screen = Screen("upload").view_as(role)  # type: ignore[arg-type]
    assert f"{name} do not upload." in screen.words
    assert "choose one at the top right" in screen.words
    assert not screen.app.file_uploader


def test_a_file_of_another_borough_cannot_be_published(held: Store) -> None:
    before = contents(held.exact)
    screen = drop(as_lead("training"), [course(borough="Bromley", urn=100011)], "training.csv")
    (refusal,) = [error.value for error in screen.app.error]
    assert refusal == (
        "The file covers boroughs that you do not answer for: Bromley. Take their rows out, or "
        "choose your boroughs at the top right. Nothing was stored."
    )
    assert "Publish" not in [button.label for button in screen.app.button]
    assert contents(held.exact) == before


def test_the_register_is_for_administrators(pages_store: Store) -> None:
    screen = drop(as_lead("schools"), tiny_register(), "register.csv")
    assert "The register is London's: an administrator publishes it." in screen.words
    assert history(pages_store) == []


# --- what is wrong ------------------------------------------------------------------------------


def test_every_problem_has_its_place_and_its_mend_and_nothing_moves(held: Store) -> None:
    before = contents(held.exact), contents(held.released)
    figures = Screen("london").cards
    rows = [
        course(staff_trained=-1),
        course(borough="Hackny", course="governor"),
        course(course="DSL initiall"),
        course(quarter="2027-Q1", course="deputy DSL"),
        course(staff_in_scope="2.5", course="all-staff annual"),
    ]
    screen = signed(drop(as_lead("training"), rows, "training.csv"))
    assert "5 problems: nothing was stored. Mend them and drop the file again." in screen.words
    problems = screen.frame("What is wrong")
    assert list(problems.columns) == ["Severity", "Where", "What is wrong", "How to mend it"]
    assert set(problems["Severity"]) == {"error"}
    assert sorted(problems["Where"]) == [
        "cell A5, column quarter",
        "cell B3, column borough",
        "cell E4, column course",
        "cell F6, column staff_in_scope",
        "cell G2, column staff_trained",
    ]
    assert all(problems["How to mend it"])
    assert [button.label for button in screen.app.download_button] == ["Download the problems"]
    assert "Publish" not in [button.label for button in screen.app.button]
    assert (contents(held.exact), contents(held.released)) == before
    assert Screen("london").cards == figures


GOOD = csv_bytes([referral()])


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("empty.csv", b"", "empty"),
        ("header.csv", GOOD.splitlines(keepends=True)[0], "no row"),
        ("training.csv", csv_bytes([course()]), "headings are those of 'training'"),
        ("book.xlsx", GOOD, "not a workbook"),
        (
            "two.xlsx",
            xlsx_bytes({"one": [["quarter"], ["2026-Q3"]], "two": [["quarter"], ["2026-Q3"]]}),
            "sheet",
        ),
    ],
    ids=["empty", "header only", "another extract", "no workbook", "two sheets"],
)
def test_a_file_that_is_no_extract_is_refused(
    held: Store, name: str, content: bytes, said: str
) -> None:
    before = contents(held.exact)
    screen = drop(as_lead("referrals"), content, name)
    assert "nothing was stored" in screen.app.error[0].value
    problems = screen.frame("What is wrong")
    assert problems["What is wrong"].str.contains(said).any(), problems.to_string()
    assert all(problems["How to mend it"])
    assert contents(held.exact) == before


def test_a_file_over_the_limit_is_refused(
    pages_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GAPMAP_MAX_UPLOAD_MB", "1")
    screen = drop(as_lead("referrals"), GOOD + b" " * 1024 * 1024, "big.csv")
    assert screen.frame("What is wrong")["What is wrong"].str.contains("more than the 1 MB").all()
    assert history(pages_store) == []


# --- what will change, and publishing -----------------------------------------------------------


def test_the_preview_says_what_is_replaced_and_who_drops_out(held: Store) -> None:
    rows = [engagement(urn=100001, level="active")]
    screen = drop(as_lead("police_engagement"), rows, "police.csv")
    assert "1 row for 1 borough can be published." in screen.words
    assert screen.frame("Replaces").to_dict("records") == [
        {
            "Quarter": "2026-Q3",
            "Borough": "Hackney",
            "Rows": "1",
            "Replaces": "police_engagement-00003",
            "Rows before": "4",
            "Added": 0,
            "Changed": 1,
            "Unchanged": 0,
            "Gone": 3,
        }
    ]
    assert screen.frame("URN")["URN"].to_list() == [100002, 100003, 100004]
    titles = [box.label for box in screen.app.expander][-2:]
    assert titles == [
        "1 row changed: old and new",
        "3 schools drop out: they have rows now, not here",
    ]
    assert screen.frame("Old").to_dict("records") == [
        {
            "Quarter": "2026-Q3",
            "Borough": "Hackney",
            "urn": "100001",
            "Column": "level",
            "Old": "named contact",
            "New": "active",
        }
    ]


def test_the_preview_says_which_indicators_move(held: Store) -> None:
    before = Screen("london").cards["No police contact"][0]
    rows = [engagement(urn=100001, level="none"), engagement(urn=100002, level="active")]
    screen = signed(drop(as_lead("police_engagement"), rows, "police.csv"))
    (move,) = screen.frame("Schools").to_dict("records")
    # 100003, which is not in the file, falls back on its answer of the quarter before.
    assert move == {
        "Quarter": "2026-Q3",
        "Indicator": "Police engagement",
        "Schools": "2 met → gap, 1 gap → met",
    }
    assert Screen("london").cards["No police contact"][0] == before
    still = drop(as_lead("police_engagement"), POLICE_NOW[:4], "police.csv")
    assert "No indicator moves" in still.words


def test_rows_of_another_borough_are_for_its_lead(held: Store) -> None:
    publish_csv(held, "training", [course(urn=100011, borough="Bromley", staff_trained=1)])
    rows = [course(urn=100002, staff_trained=2), course(urn=100011, borough="Bromley")]
    screen = drop(as_lead("training"), rows, "training.csv")
    changed = screen.frame("Old")
    assert set(changed["Borough"]) == {"Hackney"}
    assert "Changed rows are shown to the boroughs' own leads" in screen.words
    numbers = screen.frame("Changed").set_index("Borough")["Changed"].dropna().to_dict()
    assert numbers == {"Hackney": 1}  # nor are those of Bromley counted
    screen = Screen("upload").view_as("administrator").choose("extract", "training")
    drop(screen, rows, "training.csv")
    assert all("Old" not in frame.columns for frame in screen.frames)


def test_some_schools_are_updated(held: Store) -> None:
    screen = as_lead("police_engagement")
    assert not screen.app.multiselect(key="nil_returns").disabled
    screen.app.radio(key="upload_mode").set_value("update")
    screen.run()
    assert screen.app.multiselect(key="nil_returns").disabled
    signed(drop(screen, [engagement(urn=100002, level="active")], "one_school.csv"))
    assert (
        "1 row of the file can be published for 1 borough; 3 rows of other schools are carried "
        "over from what stands." in screen.words
    )
    assert [box.label for box in screen.app.expander][-1] == "1 row changed: old and new"
    screen.press("Publish")
    assert "Published as police_engagement-00007, version 2." in screen.words
    newest = history(held)[0]
    assert (newest["mode"], newest["row_count"]) == ("update", 4)
    screen = Screen("upload").view_as("lead", HACKNEY).choose("extract", "lado")
    assert "upload_mode" not in [one.key for one in screen.app.radio]


def test_a_late_revision_needs_a_reason(held: Store) -> None:
    before = {"quarter": "2026-Q2", "last_contact_month": "2026-05"}
    rows = [engagement(urn=100001, **before)]
    screen = signed(drop(as_lead("police_engagement"), rows, "late.csv"))
    (warning,) = [one.value for one in screen.app.warning]
    assert warning == (
        "Late revision: it revises what stood for 2026-Q2, Hackney, which was final from 15 August "
        "2026 on: 1 row changed, 2 gone. Old, new and why are shown with the submission; it is "
        "never called an improvement."
    )
    assert screen.frame("Final from")["Final from"].item() == "15 August 2026"
    for tick in screen.app.checkbox:
        tick.check()
    assert publish_button(screen.run()).disabled
    (why,) = [one for one in screen.app.text_input if one.label.startswith("Why")]
    why.set_value("told by a.person@example.org")
    screen.run().press("Publish")
    (refusal,) = [error.value for error in screen.app.error]
    assert "the reason may identify somebody" in refusal
    (why,) = [one for one in screen.app.text_input if one.label.startswith("Why")]
    why.set_value("the first file had no contacts")
    screen.run().press("Publish")
    assert "Published as police_engagement-00007" in screen.words
    assert history(held)[0]["last_why"] == "the first file had no contacts"


def test_a_reason_is_asked_for_and_not_needed_before_it_is_final(held: Store) -> None:
    rows = [course(urn=100002, staff_trained=2)]
    screen = signed(drop(as_lead("training"), rows, "training.csv"))
    assert [one.label for one in screen.app.text_input][-1] == "Why is it revised?"
    assert not screen.app.warning
    assert not publish_button(screen).disabled
    first = signed(drop(as_lead("lado"), [LADO], "lado.csv"))
    assert not any(one.label.startswith("Why") for one in first.app.text_input)


LADO = {
    "quarter": "2026-Q3",
    "borough": "Hackney",
    "contacts_education": 30,
    "threshold_met": 12,
    "concluded": 9,
    "substantiated": 4,
}


def test_what_a_contributor_sends_is_said_to_be_offered(held: Store) -> None:
    screen = Screen("upload").view_as("contributor", HACKNEY).choose("extract", "training")
    drop(screen, [course(urn=100002)], "training.csv")
    signed(screen, "agency@example.org").press("Publish")
    assert "Sent as training-00007, and offered: it stands for Hackney once" in screen.words
    assert "Until then nothing changed." in screen.words
    assert "on every screen" not in screen.words


def test_publishing_asks_for_an_address(held: Store) -> None:
    screen = drop(as_lead("training"), [course(urn=100002)], "training.csv")
    assert "Give your e-mail above: every submission says who sent it." in screen.words
    assert publish_button(screen).disabled
    assert not publish_button(signed(screen)).disabled


def test_what_is_published_stands_on_every_screen(held: Store) -> None:
    before = Screen("london").cards["No police contact"]
    assert before[0] == "2"
    rows = [row for row in POLICE_NOW if row["urn"] != 100011] + [engagement(urn=100007)]
    mended = [row | {"level": "embedded"} if row["urn"] == 100002 else row for row in rows]
    screen = signed(drop(as_lead("police_engagement"), mended, "police_mended.csv"))
    screen.press("Publish")
    assert "Published as police_engagement-00007, version 2." in screen.words
    assert "The figures on every screen rest on it now." in screen.words
    assert not screen.app.file_uploader[0].value
    assert Screen("london").cards["No police contact"][:2] == ("1", "−2 since 2026-Q2")
    items = Screen("school", urn="100002").drawn("items")
    _, _, police = items.partition(">Police engagement<")
    police, _, _ = police.partition("</tr>")
    assert ">met<" in police
    assert "police_mended.csv" in police
    newest = history(held)[0]
    assert newest["submitted_by"] == "lead@hackney.example"
    assert newest["boroughs"] == ["Hackney"]


def test_the_same_bytes_twice_change_nothing(held: Store) -> None:
    rows = [course(urn=100002)]
    signed(drop(as_lead("training"), rows, "training.csv")).press("Publish")
    number = len(history(held))
    screen = signed(drop(as_lead("training"), rows, "again.csv")).press("Publish")
    assert "Unchanged: these very bytes stand already as training-00007." in screen.words
    assert len(history(held)) == number


def test_a_warning_is_ticked_before_publishing(held: Store) -> None:
    rows = [course(urn=100024), course(urn=100002)]
    screen = signed(drop(as_lead("training", HACKNEY, BRENT), rows, "training.csv"))
    ticks = {tick.label.partition(".")[0]: tick for tick in screen.app.checkbox}
    assert sorted(ticks) == [
        "Cell D2, column urn: URN 100024 closed before the quarter began",
        "Cell D2, column urn: URN 100024 lies in another borough by the register",
    ]
    first, second = screen.app.checkbox
    first.check()
    assert publish_button(screen.run()).disabled
    second = screen.app.checkbox[1]
    second.check()
    assert not publish_button(screen.run()).disabled
    screen.press("Publish")
    assert "Published as training-00007" in screen.words


def lose_the_race(held: Store) -> Screen:
    """A file is checked, somebody else publishes, and then it is to be published."""
    rows = [course(urn=100002), course(urn=100003, course="governor")]
    screen = signed(drop(as_lead("training"), rows, "training.csv"))
    publish_csv(held, "training", [course(urn=100002, staff_trained=0)], by="rival@hackney.example")
    return screen.press("Publish")


def test_somebody_elses_publication_meanwhile_is_told_and_compared(held: Store) -> None:
    screen = lose_the_race(held)
    (refusal,) = [error.value for error in screen.app.error]
    assert refusal.startswith("Nothing was stored: rival@hackney.example published training-00007")
    assert refusal.endswith("below is your file against what stands now.")
    (pair,) = screen.frame("Replaces").to_dict("records")
    assert (pair["Replaces"], pair["Added"], pair["Changed"]) == ("training-00007", 1, 1)
    (row,) = screen.frame("Old").to_dict("records")
    assert (row["Column"], row["Old"], row["New"]) == ("staff_trained", "0", "2")
    assert history(held)[0]["submitted_by"] == "rival@hackney.example"
    # It is published over that knowingly.
    assert publish_button(screen).disabled
    (knowing,) = [one for one in screen.app.checkbox if one.label.startswith("I have compared")]
    knowing.check()
    screen.run().press("Publish")
    assert "Published as training-00008" in screen.words
    assert not screen.app.error


def test_after_a_lost_race_what_stands_can_be_left(held: Store) -> None:
    screen = lose_the_race(held).press("Leave what stands")
    assert "Left as it stands: nothing of your file was stored." in screen.words
    assert not screen.app.error
    assert not screen.app.file_uploader[0].value
    assert history(held)[0]["submitted_by"] == "rival@hackney.example"


def test_a_race_may_be_lost_again(held: Store) -> None:
    screen = lose_the_race(held)
    (knowing,) = [one for one in screen.app.checkbox if one.label.startswith("I have compared")]
    knowing.check()
    screen.run()
    publish_csv(held, "training", [course(urn=100001)], by="third@hackney.example")
    screen.press("Publish")
    (refusal,) = [error.value for error in screen.app.error]
    assert refusal.startswith("Nothing was stored: third@hackney.example published training-00008")
    assert publish_button(screen).disabled


def test_nil_returns_are_ticked_for_the_own_boroughs_only(held: Store) -> None:
    screen = as_lead("referrals", HACKNEY, BROMLEY)
    assert screen.app.multiselect(key="nil_returns").options == ["Bromley", "Hackney"]
    screen.app.multiselect(key="nil_returns").set_value([BROMLEY])
    signed(drop(screen.run(), [referral(referrals=40)], "referrals.csv"))
    assert {row["Borough"]: row["Rows"] for row in screen.frame("Replaces").to_dict("records")} == {
        "Hackney": "1",
        "Bromley": "nil return",
    }
    screen.press("Publish")
    assert "counts about children are shown to others once" in screen.words
    release_by_rule(held)
    london = Screen("london", indicator="HSB referrals")
    found = {row["Borough"]: row["HSB referrals"] for row in london.rows()}
    assert (found["Hackney"], found["Bromley"], found["Brent"]) == ("40", "0", "not submitted")


def test_a_quarter_for_a_file_without_the_column(held: Store) -> None:
    rows = [{k: v for k, v in referral(referrals=52).items() if k != "quarter"}]
    screen = drop(as_lead("referrals"), rows, "referrals.csv")
    assert (
        "no column 'quarter' and no quarter was chosen" in screen.frame("What is wrong").to_string()
    )
    screen.choose("upload_quarter", "2026-Q3")
    assert screen.frame("Replaces")["Quarter"].item() == "2026-Q3"


def test_an_administrator_loads_the_register(pages_store: Store) -> None:
    screen = Screen("upload").view_as("administrator").choose("extract", "schools")
    screen.app.date_input(key="register_date").set_value(date(2026, 6, 30))
    drop(screen.run(), tiny_register(), "register.csv")
    assert "18 rows for 3 boroughs can be published." in screen.words
    # The head teacher's name and the telephone number.
    assert "2 columns are not declared and were dropped unread" in screen.words
    for tick in screen.app.checkbox:
        tick.check()
    signed(screen.run(), "admin@london.example").press("Publish")
    assert "Published as schools-00001, version 1." in screen.words
    assert "Featherstonehaugh" not in repr(contents(pages_store.exact))
    assert "register of 30 June 2026" in Screen("london").words


def test_warnings_of_a_kind_are_ticked_once_and_all_are_listed(held: Store) -> None:
    rows = [course(urn=urn, borough="Brent") for urn in (100002, 100003)]
    screen = drop(as_lead("training", HACKNEY, BRENT), rows, "training.csv")
    (tick,) = screen.app.checkbox
    assert tick.label.startswith("2 ×, first in cell D2, column urn: URN 100002 lies in another")
    assert [row["Where"] for row in screen.frame("What is wrong").to_dict("records")] == [
        "cell D2, column urn",
        "cell D3, column urn",
    ]


def test_no_box_is_left_once_a_file_is_checked(held: Store) -> None:
    screen = drop(as_lead("training"), [course(urn=100002)], "training.csv")
    assert "1 row for 1 borough can be published." in screen.words
    assert not screen.app.status


def test_the_same_bytes_under_a_name_that_identifies_are_refused(held: Store) -> None:
    screen = drop(as_lead("training"), [course(urn=100002)], "training.csv")
    assert "1 row for 1 borough can be published." in screen.words
    drop(screen, [course(urn=100002)], "training 999 000 0026.csv")
    assert "Publish" not in [one.label for one in screen.app.button]
    (said,) = screen.frame("What is wrong")["What is wrong"]
    assert said == "the file's name holds an NHS number"


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        (b"%PDF-1.7 x", "referrals.pdf", "the file is a PDF document, whatever its name says"),
        (b"a,b\n1,2\n", "referrals.ods", "the name says .ods, the content is not a workbook"),
    ],
)
def test_any_kind_of_file_is_refused_in_words(
    held: Store, content: bytes, name: str, said: str
) -> None:
    screen = drop(as_lead("training"), content, name)
    assert list(screen.frame("What is wrong")["What is wrong"]) == [said]


def test_an_opendocument_sheet_is_taken(held: Store) -> None:
    row = course(urn=100002)
    screen = drop(as_lead("training"), ods_bytes({"S": [list(row), list(row.values())]}), "t.ods")
    assert "1 row for 1 borough can be published." in screen.words


def test_a_nil_return_needs_no_file(held: Store) -> None:
    screen = signed(as_lead("training"))
    screen.app.multiselect(key="nil_returns").set_value([HACKNEY])
    screen.run()
    assert "Choose the quarter above." in screen.words
    screen.choose("upload_quarter", "2026-Q2")
    (tick,) = screen.app.checkbox
    assert tick.label.startswith("There is no file: Hackney had nothing to report for 2026-Q2")
    tick.check()
    screen.run()
    assert "A nil return for 1 borough can be published" in screen.words
    screen.press("Publish")
    assert "Published as training-00007" in screen.words
    assert not screen.app.checkbox[0].value
    (pair,) = pairs_of(held, "training-00007")
    assert (pair["quarter"], pair["borough_code"], pair["nil_return"]) == ("2026-Q2", HACKNEY, True)


@pytest.mark.usefixtures("pages_store")
def test_the_columns_of_the_extract_are_one_click_away() -> None:
    screen = as_lead("police_engagement")
    columns = screen.tables[0].set_index("Column")
    assert columns.loc["urn", "Needed"] == "every row"
    assert columns.loc["quarter", "Needed"] == "here or with the upload"
    assert "named contact" in columns.loc["level", "Allowed"]
