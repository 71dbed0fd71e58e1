"""windows.toml and contacts.csv: what stands in them, and that every fault is named."""

import re

import pytest

from gapmap.calendar_quarter import Quarter
from gapmap.contract import contracts
from gapmap.reference import reference
from gapmap.reference.windows import WindowError, contacts, parse_contacts, parse_windows, windows
from gapmap.settings import REFERENCE

WINDOWS = (REFERENCE / "windows.toml").read_text(encoding="utf-8")
CONTACTS = (REFERENCE / "contacts.csv").read_text(encoding="utf-8")


# --- windows -------------------------------------------------------------------------------------


def test_every_extract_of_quarters_has_a_window_and_no_other() -> None:
    assert set(windows()) == {c.name for c in contracts().values() if c.dated_by == "quarter"}
    assert "schools" not in windows()


def test_referrals_are_due_45_days_after_the_quarter_and_provisional_for_two() -> None:
    window = windows()["referrals"]
    assert (window.rhythm, window.due_days, window.provisional_quarters) == ("quarterly", 45, 2)
    assert window.asked_from == Quarter(2024, 4)


def test_only_what_happens_as_it_happens_is_never_due() -> None:
    never = {name for name, window in windows().items() if window.due_days is None}
    assert never == {n for n, window in windows().items() if window.rhythm == "as it happens"}
    assert never == {"partnership_review", "message_log", "testimonies"}


def test_headings_are_told_apart() -> None:
    headings = [window.heading for window in windows().values()]
    assert len(set(headings)) == len(headings)


def test_both_stores_get_the_windows() -> None:
    rows = {r["extract"]: r for r in reference.reference_tables()["submission_window"].to_pylist()}
    assert rows["training"] == {
        "extract": "training",
        "rhythm": "termly",
        "asked_from": "2024-Q4",
        "due_days": 45,
        "provisional_quarters": 0,
    }
    assert rows["message_log"]["due_days"] is None


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("heading =", "headign =", "referrals: unknown property 'headign'"),
        ('heading = "Referrals"\n', "", "referrals: property 'heading' is missing"),
        ('heading = "Referrals"', "heading = 3", "referrals: heading must be a text"),
        ('heading = "Referrals"', 'heading = " "', "referrals: heading must be a text"),
        ('"quarterly"', '"monthly"', "referrals: rhythm 'monthly' is none of quarterly, termly"),
        ('"2024-Q4"', '"Q4 2024"', "referrals: asked_from: 'Q4 2024' is not a quarter"),
        ('"2024-Q4"', '"2004-Q4"', "referrals: asked_from: 2004-Q4 is before 2010-Q1"),
        ("due_days = 45", "due_days = 0", "referrals: due_days must be a whole number from 1 to"),
        ("due_days = 45", "due_days = 4.5", "referrals: due_days must be a whole number"),
        ("due_days = 45", "due_days = true", "referrals: due_days must be a whole number"),
        ("due_days = 45\n", "", "referrals: due_days goes with every rhythm but 'as it happens'"),
        ('"quarterly"', '"as it happens"', "referrals: due_days goes with every rhythm but"),
        ("provisional_quarters = 2", "provisional_quarters = 9", "referrals: provisional_quarters"),
        ("provisional_quarters = 2", "provisional_quarters = -1", "a whole number from 0 to 8"),
        ("[referrals]", "[referals]", "'referals' is no extract of quarters"),
        ("[referrals]", "[schools]", "'schools' is no extract of quarters"),
        ("[referrals]", "referrals = 1\n[x]", "'x' is no extract of quarters"),
        ("[referrals]", "[referrals", "it is not TOML"),
    ],
)
def test_a_fault_in_a_window_is_named(old: str, new: str, said: str) -> None:
    assert old in WINDOWS
    with pytest.raises(WindowError, match=f"^windows.toml.*{re.escape(said)}"):
        parse_windows(WINDOWS.replace(old, new, 1))


def test_an_extract_without_a_window_is_named() -> None:
    without = WINDOWS[: WINDOWS.index("[testimonies]")]
    with pytest.raises(WindowError, match="the extract 'testimonies' has no window"):
        parse_windows(without)


def test_a_window_is_a_table() -> None:
    others = WINDOWS[WINDOWS.index("[training]") :]
    with pytest.raises(WindowError, match="referrals: it must be a table"):
        parse_windows(f"referrals = 45\n{others}")


# --- contacts ------------------------------------------------------------------------------------


def test_every_borough_has_a_team_mailbox_of_the_demonstration() -> None:
    assert set(contacts()) == {row["borough_code"] for row in reference.boroughs()}
    for found in contacts().values():
        for contact in found:
            assert contact.email.endswith(".example")
            assert contact.role == "safeguarding partnership data lead"
    assert contacts()["E09000012"][0].email == "safeguarding.data@hackney.example"


def test_a_borough_may_have_more_than_one_contact_the_first_to_be_reminded() -> None:
    more = CONTACTS + "E09000012,LADO,lado@hackney.example\n"
    assert [one.role for one in parse_contacts(more)["E09000012"]] == [
        "safeguarding partnership data lead",
        "LADO",
    ]


LAST = "safeguarding.data@westminster.example"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("role", "name", "its columns must be borough_code, role, email"),
        ("borough_code,role,email", "borough_code,role,email,phone", "its columns must be"),
        ("E09000002", "E09000099", "line 3: 'E09000099' is no borough"),
        ("E09000002", "E09000001", "line 3: the role .* stands twice"),
        ("@westminster.example", "@westminster", f"line 34: .{LAST[:-8]}. is no e-mail address"),
        (LAST, "somebody", "line 34: 'somebody' is no e-mail address"),
        (LAST, "", "line 34: it needs a borough_code, a role and an email"),
        (f",{LAST}", "", "line 34: it needs a borough_code, a role and an email"),
        (LAST, f"{LAST},020", "line 34: it needs a borough_code, a role and an email, no more"),
    ],
)
def test_a_fault_in_a_contact_is_named(old: str, new: str, said: str) -> None:
    assert old in CONTACTS
    with pytest.raises(WindowError, match=f"^contacts.csv[:,] {said}"):
        parse_contacts(CONTACTS.replace(old, new, 1))


def test_a_borough_without_a_contact_is_named() -> None:
    lines = [line for line in CONTACTS.splitlines() if not line.startswith("E09000012")]
    with pytest.raises(WindowError, match=r"Hackney \(E09000012\) has no contact"):
        parse_contacts("\n".join(lines))
