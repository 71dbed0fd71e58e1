"""The register of actions and asks: who may note and settle, what is refused, what is kept."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from gapmap.access import NotAllowed, Viewer
from gapmap.agreements.agreements import (
    Agreement,
    AgreementError,
    Draft,
    agreements,
    may_note,
    note_agreement,
    settle,
)
from gapmap.agreements.written import UnfitText
from gapmap.office.office import Office, open_memory_office
from gapmap.stores.store import rows_of
from tests.uploads import BROMLEY, HACKNEY

EXECUTIVE = Viewer("executive")
LEAD = Viewer("lead", frozenset({HACKNEY}))
ANALYST = Viewer("analyst")
ACTION = Draft(
    "action",
    "Name an officer for each school",
    "police",
    "Schools lead of the command unit",
    "2026-Q3",
    "2026-Q4",
    HACKNEY,
    "police_engagement",
    "independent",
)
ASK = Draft("ask", "Write to the trusts", "executive", "Partnership manager", "2026-Q3", "2026-Q4",
            HACKNEY)  # fmt: skip


@pytest.fixture
def office() -> Iterator[Office]:
    opened = open_memory_office()
    yield opened
    opened.close()


def agree(office: Office, draft: Draft = ACTION, viewer: Viewer = LEAD) -> Agreement:
    return note_agreement(office, viewer, "somebody", draft)


def test_what_was_agreed_is_kept_as_it_was_said(office: Office) -> None:
    kept = agree(office)
    assert agreements(office, "action") == [kept]
    assert agreements(office, "ask") == []
    for name in ("words", "owner", "who", "quarter", "due", "borough_code", "indicator"):
        assert getattr(kept, name) == getattr(ACTION, name)
    assert (kept.status, kept.outcome, kept.version, kept.agreed_by) == ("open", "", 1, "somebody")


def test_what_came_of_it_is_another_version(office: Office) -> None:
    first = agree(office)
    done = settle(office, EXECUTIVE, "another", first.agreement_id, "done", "Visited  together")
    assert agreements(office, "action") == [done]
    assert (done.status, done.outcome, done.version) == ("done", "Visited together", 2)
    assert (done.agreed_by, done.by_whom, done.agreed_at) == (
        "somebody",
        "another",
        first.agreed_at,
    )
    again = settle(office, LEAD, "somebody", first.agreement_id, "open", "")
    assert (again.status, again.version) == ("open", 3)
    versions = rows_of(office.database.ask("office/agreements", {"kind": "action"}))
    assert [row["version"] for row in versions] == [3]


def test_it_is_settled_once(office: Office) -> None:
    kept = agree(office)
    settle(office, LEAD, "somebody", kept.agreement_id, "dropped", "The school closed")
    with pytest.raises(AgreementError, match="dropped already"):
        settle(office, LEAD, "somebody", kept.agreement_id, "dropped", "Twice")
    with pytest.raises(AgreementError, match="no such agreement"):
        settle(office, LEAD, "somebody", "000000000000", "done", "Nothing")


def test_how_it_was_closed_has_to_be_said(office: Office) -> None:
    kept = agree(office)
    with pytest.raises(UnfitText, match="write something"):
        settle(office, LEAD, "somebody", kept.agreement_id, "done", "  ")
    assert [one.status for one in agreements(office, "action")] == ["open"]


@pytest.mark.parametrize(
    ("viewer", "own", "other", "london"),
    [
        (EXECUTIVE, True, True, True),
        (Viewer("administrator"), True, True, True),
        (LEAD, True, False, False),
        (ANALYST, False, False, False),
        (
            Viewer("contributor", frozenset({HACKNEY}), frozenset({"referrals"})),
            False,
            False,
            False,
        ),
    ],
    ids=lambda one: getattr(one, "role", None),
)
def test_who_may_note_an_action(
    office: Office, viewer: Viewer, own: bool, other: bool, london: bool
) -> None:
    for borough, may in ((HACKNEY, own), (BROMLEY, other), (None, london)):
        assert may_note(viewer, "action", borough) is may
        draft = replace(ACTION, borough_code=borough)
        if may:
            agree(office, draft, viewer)
        else:
            with pytest.raises(NotAllowed):
                agree(office, draft, viewer)
    assert len(agreements(office, "action")) == own + other + london


def test_a_lead_asks_and_the_executive_answers(office: Office) -> None:
    asked = agree(office, ASK)
    with pytest.raises(NotAllowed):
        agree(office, ASK, EXECUTIVE)
    with pytest.raises(NotAllowed):
        settle(office, LEAD, "somebody", asked.agreement_id, "done", "We answer ourselves")
    answered = settle(office, EXECUTIVE, "member", asked.agreement_id, "done", "Written in June")
    assert agreements(office, "ask") == [answered]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"borough_code": "E09000099"}, "no such borough"),
        ({"owner": "executive"}, "no agency"),
        ({"owner": "nobody"}, "no agency"),
        ({"indicator": "prevalence"}, "no such indicator of schools"),
        ({"indicator": None}, "name its indicator"),
        ({"quarter": "Q3 2026"}, "is not a quarter"),
        ({"due": "2026-Q3"}, "due in a quarter after"),
        ({"due": "2025-Q4"}, "due in a quarter after"),
    ],
)
def test_what_cannot_be_is_refused(office: Office, change: dict[str, str], said: str) -> None:
    with pytest.raises(AgreementError, match=said):
        agree(office, replace(ACTION, **change), EXECUTIVE)  # type: ignore[arg-type]
    assert agreements(office, "action") == []


@pytest.mark.parametrize("field", ["words", "who"])
@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "write something"),
        ("x" * 201, "at most"),
        ("see a@example.org", "an e-mail address"),
        ("call 020 7946 0000", "a telephone number"),
        ("pupil B801200005001", "unique pupil number"),
        ("lives at SW1A 1AA", "a full postcode"),
        ("a\u200bb\u202ec", "cannot be shown"),
    ],
)
def test_what_may_identify_somebody_is_refused_unquoted(
    office: Office, field: str, text: str, said: str
) -> None:
    with pytest.raises(UnfitText, match=said) as fault:
        agree(office, replace(ACTION, **{field: text}))  # type: ignore[arg-type]
    assert not text or text not in str(fault.value)
    assert agreements(office, "action") == []
