"""Submissions: what came, who may see it, and that withdrawing and its undo move the figures."""

import pytest

from gapmap.publishing.submission import history, publish, withdraw
from gapmap.stores.store import Store
from tests.pages.conftest import Screen
from tests.releasing import release_by_rule
from tests.uploads import (
    BRENT,
    BROMLEY,
    HACKNEY,
    check,
    engagement,
    publish_csv,
    referral,
    set_clock,
    upload,
)


@pytest.fixture
def held(tiny_copy: Store) -> Store:
    """The store of the pages with `publish_tiny`, and a later file of Hackney's referrals."""
    publish_csv(tiny_copy, "referrals", [referral(referrals=44)], name="corrected.csv")
    release_by_rule(tiny_copy)
    return tiny_copy


def referrals_of_hackney() -> str:
    rows = Screen("london", indicator="HSB referrals").rows()
    return next(str(row["HSB referrals"]) for row in rows if row["Borough"] == "Hackney")


def life(submission: str, screen: Screen | None = None) -> Screen:
    screen = screen or Screen("submissions", submission=submission)
    return screen.view_as("lead", HACKNEY)


def test_everybody_sees_what_stands_and_not_who_sent_it(held: Store) -> None:
    screen = Screen("submissions")
    (standing,) = screen.frames
    # Four files for Hackney, of which one corrects another; three for Bromley; three registers.
    assert standing["Borough"].value_counts().to_dict() == {"Hackney": 6, "Bromley": 4, "Brent": 1}
    hackney = standing[(standing["Borough"] == "Hackney") & (standing["Quarter"] == "2026-Q3")]
    assert sorted(hackney["File"]) == [
        "corrected.csv",
        "police_2026-Q3.csv",
        "training_2026-Q3.csv",
    ]
    assert "lead@hackney.example" not in standing.to_string() + screen.words
    assert "From" not in standing.columns


def test_one_extract_alone(held: Store) -> None:
    screen = Screen("submissions").choose("of_extract", "training")
    assert list(screen.frames[0]["File"]) == ["training_2026-Q3.csv"]
    screen = Screen("submissions", of_extract="Training coverage")
    assert list(screen.frames[0]["File"]) == ["training_2026-Q3.csv"]


def test_a_lead_sees_who_sent_what_for_the_own_boroughs(held: Store) -> None:
    screen = Screen("submissions").view_as("lead", HACKNEY)
    came = screen.frames[0].set_index("Submission")
    assert len(came) == 7
    assert came.loc["referrals-00007"].to_dict() | {"Received (UTC)": ""} == {
        "Standing": "current",
        "Period": "2026-Q3",
        "Boroughs": "Hackney",
        "Brought": "all",
        "Version": 2,
        "Rows": 1,
        "Nil returns": 0,
        "From": "lead@hackney.example",
        "Received (UTC)": "",
        "File": "corrected.csv",
        "Why": "",
    }
    assert came.loc["referrals-00006", "Standing"] == "partly current"
    # Brent sent nothing, but is in the register.
    brent = Screen("submissions").view_as("lead", BRENT).frames[0]
    assert list(brent["Submission"]) == ["schools-00001"]
    bromley = Screen("submissions").view_as("lead", BROMLEY).frames[0]
    assert "referrals-00007" not in list(bromley["Submission"])


def test_an_administrator_sees_all(held: Store) -> None:
    screen = Screen("submissions").view_as("administrator")
    assert len(screen.frames[0]) == len(history(held)) == 7


def test_a_row_leads_to_its_life(held: Store) -> None:
    screen = Screen("submissions").view_as("lead", HACKNEY)
    assert "Choose a submission to see its life" in screen.words
    screen.select_row("submissions_table", 0)
    assert screen.query["submission"] == "referrals-00007"
    assert "corrected.csv · 1 row · stands for 1 of 1 quarters and boroughs · Hackney" in (
        screen.words
    )
    assert [row["Event"] for row in screen.frame("Event").to_dict("records")] == ["published"]


def test_withdrawing_needs_a_reason(held: Store) -> None:
    screen = life("referrals-00007")
    screen.app.text_input(key="step_by").set_value("lead@hackney.example")
    screen.press("Withdraw")
    assert "Give your e-mail and a reason" in screen.app.error[0].value
    assert history(held)[0]["standing"] == "current"


def test_withdrawing_brings_back_what_stood_before_and_can_be_undone(held: Store) -> None:
    assert referrals_of_hackney() == "45"
    screen = life("referrals-00007")
    screen.app.text_input(key="step_by").set_value("lead@hackney.example")
    screen.app.text_input(key="why_referrals-00007").set_value("counted twice")
    screen.press("Withdraw")
    assert screen.frames[0].set_index("Submission").loc["referrals-00007", "Standing"] == (
        "withdrawn"
    )
    last = screen.frame("Event").to_dict("records")[-1]
    assert (last["Event"], last["By"], last["Why"]) == (
        "withdrawn",
        "lead@hackney.example",
        "counted twice",
    )
    assert referrals_of_hackney() == "45"  # what was released stays until it is released anew
    release_by_rule(held)
    assert referrals_of_hackney() == "25"
    screen.press("Undo the withdrawal for Hackney")
    assert [row["Event"] for row in screen.frame("Event").to_dict("records")] == [
        "published",
        "withdrawn",
        "reinstated",
    ]
    release_by_rule(held)
    assert referrals_of_hackney() == "45"


def test_a_contributor_does_not_withdraw(held: Store) -> None:
    screen = Screen("submissions", submission="referrals-00007").view_as("contributor", HACKNEY)
    assert "Accepting and withdrawing are for a borough's lead or an administrator." in screen.words
    assert "Withdraw" not in [button.label for button in screen.app.button]


def test_the_register_is_not_a_leads_to_withdraw(held: Store) -> None:
    screen = life("schools-00001")
    assert "It is London's: an administrator withdraws it." in screen.words
    assert "Withdraw" not in [button.label for button in screen.app.button]
    administrator = Screen("submissions", submission="schools-00001").view_as("administrator")
    assert "Withdraw" in [button.label for button in administrator.app.button]


def test_a_lead_withdraws_the_part_of_the_own_borough(held: Store) -> None:
    submission = "police_engagement-00003"
    screen = life(submission)
    assert "**Withdraw for Hackney**" in screen.words
    screen.app.text_input(key="step_by").set_value("lead@hackney.example")
    screen.app.text_input(key=f"why_{submission}").set_value("wrong list")
    screen.press("Withdraw")
    known = {row["Borough"]: row["Known"] for row in Screen("london").rows()}
    # Hackney's answers of the quarter before stand again; Bromley's part is as it was.
    assert (known["Hackney"], known["Bromley"]) == (3, 1)
    assert Screen("london").cards["No police contact"][0] == "4"


def test_a_withdrawal_by_somebody_else_meanwhile_is_told(held: Store) -> None:
    screen = life("referrals-00007")
    screen.app.text_input(key="step_by").set_value("lead@hackney.example")
    screen.app.text_input(key="why_referrals-00007").set_value("counted twice")
    withdraw(held, "referrals-00007", "rival@hackney.example", "wrong file")
    screen.press("Withdraw")
    assert [row["By"] for row in screen.frame("Event").to_dict("records")] == [
        "lead@hackney.example",
        "rival@hackney.example",
    ]
    assert "Undo the withdrawal for Hackney" in [button.label for button in screen.app.button]


def test_a_submission_that_is_not_the_viewers_stays_closed(held: Store) -> None:
    screen = Screen("submissions", submission="referrals-00007").view_as("lead", BROMLEY)
    assert "Choose a submission to see its life" in screen.words
    assert "corrected.csv" not in screen.words
    assert "referrals-00007" not in screen.words


def test_an_unknown_submission_in_the_address(held: Store) -> None:
    screen = Screen("submissions", submission="nonsense").view_as("lead", HACKNEY)
    assert "Choose a submission to see its life" in screen.words


# --- old, new and why -----------------------------------------------------------------------------


@pytest.fixture
def revised(held: Store, monkeypatch: pytest.MonkeyPatch) -> Store:
    """A late revision of Hackney's and Bromley's police engagement, by an update of two schools."""
    set_clock(monkeypatch, "2026-10-15T09:30:00")
    before = {"quarter": "2026-Q2", "last_contact_month": "2026-05"}
    publish_csv(held, "police_engagement", [engagement(urn=100011, **before)])
    rows = [engagement(urn=100001, **before), engagement(urn=100011, visits=8, **before)]
    prepared = check(held, upload("police_engagement", rows, mode="update"))
    publish(held, prepared, "police@x", why="the officer's list came late")
    return held


def test_old_new_and_why_are_shown_with_the_submission(revised: Store) -> None:
    screen = life("police_engagement-00009")
    came = screen.frames[0].set_index("Submission").loc["police_engagement-00009"]
    assert (came["Brought"], came["Why"]) == ("update", "the officer's list came late")
    (pair,) = screen.frame("Late").to_dict("records")  # Bromley's part is for its own lead
    assert pair == {
        "Quarter": "2026-Q2",
        "Borough": "Hackney",
        "Old": "police_engagement-00002 (3)",
        "New": "3",
        "Added": 0,
        "Changed": 1,
        "Unchanged": 2,
        "Gone": 0,
        "Late": "final from 15 August 2026",
        "Why": "the officer's list came late",
    }
    changed = screen.frame("Column")
    assert [tuple(row) for row in changed[["urn", "Column", "Old", "New"]].to_numpy()] == [
        ("100001", "level", "none", "named contact"),
        ("100001", "last_contact_month", "blank", "2026-05"),
    ]
    assert "carried over: 2026-Q2, Hackney: 2 rows from police_engagement-00002." in screen.words
    assert "improve" not in screen.words


def test_a_first_submission_changed_nothing(held: Store) -> None:
    screen = life("training-00004")
    assert "What it changed" not in screen.words


def test_a_reason_of_a_withdrawal_names_nobody(held: Store) -> None:
    screen = life("referrals-00007")
    screen.app.text_input(key="step_by").set_value("lead@hackney.example")
    screen.app.text_input(key="why_referrals-00007").set_value("asked by a.person@example.org")
    screen.press("Withdraw")
    assert "Nothing was withdrawn: the reason may identify somebody" in screen.app.error[0].value
    assert history(held)[0]["standing"] == "current"


def test_an_offered_update_whose_ground_is_gone_is_not_accepted(held: Store) -> None:
    prepared = check(
        held, upload("police_engagement", [engagement(urn=100002, visits=5)], mode="update")
    )
    offered = publish(held, prepared, "police@x", for_boroughs=())
    withdraw(held, "police_engagement-00003", "lead@x", "a draft", for_boroughs=[HACKNEY])
    screen = life(offered.submission_id)
    screen.app.text_input(key="step_by").set_value("lead@hackney.example")
    screen.run().press("Accept for Hackney")
    (said,) = [error.value for error in screen.app.error]
    assert said.startswith("Nothing was accepted: police_engagement-00008 updates some schools")
