"""The audit screen: searched and taken along by administrators, and closed to everybody else."""

from datetime import UTC, date, datetime

import pytest

from gapmap.access import Role
from gapmap.office.audit_log import events
from gapmap.opened import the_audit_log, the_office
from gapmap.stores.store import Store
from tests.pages.conftest import Screen

ANN = "https://login.example.org|ann"
EVER = datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)


@pytest.fixture(autouse=True)
def noted(pages_store: Store) -> None:
    log = the_audit_log()
    log.note(what="sign-in", who=ANN, role="lead")
    log.note(what="publish", who=ANN, role="lead", on="referrals-00001 E09000012 2026-Q3")
    log.note(what="refusal", who="unknown", on="/media/x", outcome="refused")


def audit() -> Screen:
    return Screen("audit").view_as("administrator")


def found(screen: Screen) -> list[tuple[str, str, str]]:
    return [(row["Who"], row["What"], row["On what"]) for row in screen.rows()]


def test_the_newest_event_stands_first() -> None:
    screen = audit()
    assert screen.title == "Audit log"
    assert found(screen) == [
        ("operator of this machine", "Audit read", ""),
        ("operator of this machine", "Refusal", "audit"),  # opened as the executive member first
        ("unknown", "Refusal", "/media/x"),
        (ANN, "Publish", "referrals-00001 E09000012 2026-Q3"),
        (ANN, "Sign-in", ""),
    ]
    assert "5 events. Moments are UTC" in screen.words


def test_it_is_searched() -> None:
    screen = audit()
    assert len(screen.choose("audit_what", "publish").rows()) == 1
    screen.choose("audit_what", "any").choose("audit_role", "lead")
    assert [what for _, what, _ in found(screen)] == ["Publish", "Sign-in"]
    screen.choose("audit_role", "any").choose("audit_outcome", "refused")
    assert [what for _, what, _ in found(screen)] == ["Refusal", "Refusal"]
    screen.choose("audit_outcome", "any")
    screen.app.text_input(key="audit_who").set_value("OPERATOR")
    assert [what for _, what, _ in found(screen.run())] == ["Audit read", "Refusal"]
    screen.app.text_input(key="audit_who").set_value("nobody of that name")
    assert "Nothing of that kind was noted in this period." in screen.run().words


def test_another_period_has_other_events() -> None:
    screen = audit()
    screen.app.date_input(key="audit_period").set_value((date(2020, 1, 1), date(2020, 1, 31)))
    assert "Nothing of that kind was noted in this period." in screen.run().words
    screen.app.date_input(key="audit_period").set_value((date(2020, 1, 1),))
    assert "Choose the last day of the period too." in screen.run().words


def test_reading_it_is_noted_once_a_session() -> None:
    audit().run().run()
    whats = [one["what"] for one in events(the_office(), *EVER)]
    assert whats.count("audit read") == 1


def test_it_is_taken_along_as_csv_and_excel() -> None:
    labels = [one.label for one in audit().app.get("download_button")]
    assert labels == ["CSV", "Excel"]


@pytest.mark.parametrize("role", ["executive", "lead", "contributor", "analyst"])
def test_others_see_nothing_of_it(role: Role) -> None:
    screen = Screen("audit").view_as(role)
    assert "The audit log is for administrators." in screen.words
    assert screen.frames == []
    assert ANN not in screen.words
    assert "audit read" not in {one["what"] for one in events(the_office(), *EVER)}
