"""The matrix of roles: the file is checked to the word, and everything that answers agrees."""

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
from click.testing import CliRunner

from gapmap.access import NotAllowed, Viewer, database_for
from gapmap.cli.main import main
from gapmap.contract import Contract, contracts
from gapmap.operations.operations import ask
from gapmap.reference.roles import (
    ACTIONS,
    ROLES,
    Role,
    RolesError,
    matrix,
    parse_roles,
    route_of,
)
from gapmap.settings import QUERIES, REFERENCE, Settings
from gapmap.stores.store import Store, open_memory_store
from tests.uploads import BROMLEY, HACKNEY

TEXT = (REFERENCE / "roles.toml").read_text(encoding="utf-8")
OF_QUARTERS = {name: one for name, one in contracts().items() if one.dated_by == "quarter"}
OF_LONDON = {name: one for name, one in contracts().items() if one.dated_by != "quarter"}
# The extracts that hold counts about children, or of staff so few that one is a person.
ABOUT_PEOPLE = {
    "lado",
    "perception_survey",
    "referrals",
    "school_safeguarding",
    "testimonies",
    "training",
}


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """A store without a row: what matters is which of its instances answers."""
    opened = open_memory_store(tmp_path_factory.mktemp("store"))
    yield opened
    opened.close()


def of_hackney(role: Role) -> Viewer:
    """The role with all that it can be held for, in one borough."""
    held = matrix().held_for[role]
    return Viewer(
        role,
        frozenset({HACKNEY}) if "boroughs" in held else frozenset(),
        frozenset(contracts()) if "extracts" in held else frozenset(),
    )


# --- the file ------------------------------------------------------------------------------------


def test_the_file_says_who_there_is() -> None:
    assert tuple(matrix().names) == ROLES
    assert matrix().names["lead"] == "Partnership data lead"
    assert matrix().held_for == {
        "executive": (),
        "lead": ("boroughs",),
        "contributor": ("boroughs", "extracts"),
        "analyst": (),
        "administrator": (),
    }


@pytest.mark.parametrize(
    ("pattern", "replacement", "said"),
    [
        (r"\[pages\]", "[screens]", "there is no 'screens'"),
        (r"\nlead = \{ name", "\nleads = { name", "roles: there is no 'leads'"),
        (r'name = "Analyst"', 'name = " "', "roles.analyst: name must be a text"),
        (r'held_for = \["boroughs"\]', 'held_for = ["borough"]', "and not 'borough'"),
        (r'held_for = \["boroughs"\]', 'held_for = "boroughs"', "held_for must be a list"),
        (r"\nwithdraw  ", "\nwithdrawal  ", "actions: there is no 'withdrawal'"),
        (r"\nremind [^\n]*", "", "actions: 'remind' is missing"),
        (r"(\naccept .*?executive = )\"no\", ", r'\1"nay",', "actions.accept: executive may be"),
        (r"(\nlondon .*?executive = )\"yes\",", r'\1"own",', "one of no, yes, and not 'own'"),
        (r"(\nremind .*?) analyst = \"no\", ", r"\1", "actions.remind: 'analyst' is missing"),
        (r"(\nremind .*?) analyst ", r"\1 analysts ", "remind: there is no 'analysts'"),
        (r"(\nremind .*?analyst = )\"no\", ", r'\1"own",', "analyst is held for no borough"),
        (r"\naccept  [^\n]*", "\naccept = 3", "actions.accept: it must be a table"),
        (r'\n"/" [^\n]*', "", "routes: '/' is missing"),
        (r'\n"/media/"', '\n"media/"', "routes: 'media/' must begin with /"),
        (r'(\n"/media/" .*)stranger = "no",', r"\1", "/media/: 'stranger' is missing"),
        (r"\[roles\]", "[roles", "it is not TOML"),
    ],
)
def test_a_wrong_word_is_named(pattern: str, replacement: str, said: str) -> None:
    text, times = re.subn(pattern, replacement, TEXT, count=1)
    assert times == 1
    with pytest.raises(RolesError, match=re.escape(said)) as fault:
        parse_roles(text)
    assert str(fault.value).startswith("roles.toml")


def test_only_a_borough_makes_something_the_own() -> None:
    widened = re.sub(r"(\nvoice .*?analyst = )\"released\"", r'\1"own"', TEXT)
    with pytest.raises(RolesError, match=r"questions\.voice: analyst is held for no borough"):
        parse_roles(widened)


# --- the actions: in words of their own, as decided ----------------------------------------------

DECIDED = {
    "executive": {
        **dict.fromkeys(("download", "make_link", "save_view"), "yes"),
        **dict.fromkeys(("agree", "answer_ask"), "london"),
    },
    "analyst": dict.fromkeys(("download", "make_link", "save_view"), "yes"),
    "contributor": {
        "upload": "own",
        "see_rows": "own",
        "see_schools_that_answered": "london",
        "see_who_submitted": "own",
        **dict.fromkeys(("download", "make_link", "save_view"), "yes"),
    },
    "lead": {
        **dict.fromkeys(("upload", "publish", "accept", "withdraw", "reinstate"), "own"),
        **dict.fromkeys(("confirm_figures", "see_exact", "see_rows_about_people"), "own"),
        **dict.fromkeys(("see_rows", "see_rows_of_london", "see_who_submitted", "remind"), "own"),
        "see_schools_that_answered": "london",
        **dict.fromkeys(("download", "make_link", "save_view"), "yes"),
        **dict.fromkeys(("agree", "ask_executive", "set_deadline"), "own"),
    },
    "administrator": {
        **dict.fromkeys(("upload", "upload_for_london", "publish", "accept"), "london"),
        **dict.fromkeys(("withdraw", "reinstate", "release", "withdraw_release"), "london"),
        **dict.fromkeys(("see_rows", "see_rows_of_london", "see_who_submitted"), "london"),
        **dict.fromkeys(("see_schools_that_answered", "remind"), "london"),
        **dict.fromkeys(("agree", "ask_executive", "answer_ask", "set_deadline"), "london"),
        **dict.fromkeys(("download", "make_link", "see_audit", "edit_access"), "yes"),
        **dict.fromkeys(("save_view", "remove_any_view", "edit_notes"), "yes"),
    },
}


@pytest.mark.parametrize("role", ROLES)
def test_what_a_role_may_do_is_what_was_decided(role: Role) -> None:
    found = {action: row[role] for action, row in matrix().actions.items() if row[role] != "no"}
    assert found == DECIDED[role]


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("action", ACTIONS)
def test_a_viewer_may_what_the_file_says(role: Role, action: str) -> None:
    cell, viewer = matrix().actions[action][role], of_hackney(role)
    at_all, own, other = {
        "no": (False, False, False),
        "own": (True, True, False),
        "london": (True, True, True),
        "yes": (True, True, True),
    }[cell]
    assert viewer.may(action) is at_all
    assert viewer.may(action, HACKNEY) is own
    assert viewer.may(action, BROMLEY) is other
    boroughs = {"no": frozenset(), "own": {HACKNEY}}.get(cell)
    assert viewer.within(action) == boroughs


def test_an_action_that_there_is_not_is_an_error() -> None:
    with pytest.raises(KeyError):
        Viewer("administrator").may("everything")
    with pytest.raises(KeyError):
        Viewer("administrator").opens("everything")


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("contract", contracts().values(), ids=lambda one: one.name)
def test_what_is_submitted_and_seen_of_each_extract(role: Role, contract: Contract) -> None:
    viewer = of_hackney(role)
    of_london = contract.name in OF_LONDON
    row = matrix().actions["upload_for_london" if of_london else "upload"]
    assert viewer.may_submit(contract, {HACKNEY}) is (row[role] != "no")
    assert viewer.may_submit(contract, {BROMLEY}) is (row[role] == "london")
    seen = "see_rows_of_london" if of_london else "see_rows"
    seen = "see_rows_about_people" if contract.name in ABOUT_PEOPLE else seen
    boroughs = {"no": frozenset(), "own": {HACKNEY}}.get(matrix().actions[seen][role])
    assert viewer.rows_seen(contract) == boroughs


def test_what_is_about_people_is_named_and_no_more() -> None:
    assert set(OF_QUARTERS) >= ABOUT_PEOPLE
    rows = {name: Viewer("administrator").rows_seen(one) for name, one in contracts().items()}
    assert {name for name, seen in rows.items() if seen == frozenset()} == ABOUT_PEOPLE


# --- the questions -------------------------------------------------------------------------------


def folders() -> set[str]:
    return {folder.name for folder in QUERIES.iterdir() if folder.is_dir()}


def test_every_folder_of_questions_has_a_row() -> None:
    assert set(matrix().questions) == folders(), "give each folder of queries/ a row in roles.toml"


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("folder", sorted(folders()))
def test_a_question_is_answered_from_where_the_file_says(
    bare: Store, role: Role, folder: str
) -> None:
    cell, viewer = matrix().questions[folder][role], of_hackney(role)
    for path in (QUERIES / folder).rglob("*.sql"):
        name = str(path.relative_to(QUERIES).with_suffix(""))
        assert viewer.asks(name) is (cell != "no")
        if cell == "no":
            for about in (None, HACKNEY, BROMLEY):
                with pytest.raises(NotAllowed):
                    database_for(bare, viewer, about, name)
            continue
        own = database_for(bare, viewer, HACKNEY, name)
        assert own is (bare.exact if cell == "own" else bare.released)
        for about in (None, BROMLEY):
            assert database_for(bare, viewer, about, name) is bare.released


def test_only_leads_are_answered_from_exact_figures() -> None:
    exact = {
        role for row in matrix().questions.values() for role, cell in row.items() if cell == "own"
    }
    assert exact == {"lead"}


# --- the command line ----------------------------------------------------------------------------


def test_every_command_has_a_row() -> None:
    assert set(matrix().commands) == set(main.commands), "give each command a row in roles.toml"


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("command", matrix().commands)
def test_a_command_is_done_under_the_roles_that_the_file_names(command: str, role: Role) -> None:
    """The others take no role: they are the operator's, who has the machine."""
    done = CliRunner().invoke(main, [command, "--role", role])
    takes_it = "No such option" not in done.output
    assert done.exit_code == 2  # nothing else was given, so nothing is ever done here
    assert takes_it is (matrix().commands[command][role] == "yes")


def test_a_command_goes_by_the_file(bare: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = {"question": "reference/demonstration", "role": "analyst"}
    settings = Settings(bare.path, 1, "1GB")
    assert ask(bare, settings, asked)["rows"]
    row = {**matrix().commands["ask"], "analyst": "no"}
    changed = replace(matrix(), commands={**matrix().commands, "ask": row})
    monkeypatch.setattr("gapmap.access.matrix", lambda: changed)
    with pytest.raises(NotAllowed, match="nothing is asked"):
        ask(bare, settings, asked)
    assert ask(bare, settings, {**asked, "role": "executive"})["rows"]


# --- the routes: tests/gate/test_routes.py walks them over the running app -----------------------


@pytest.mark.parametrize(
    ("path", "route"),
    [
        ("/", "/"),
        ("/london", "/"),
        ("/healthz", "/healthz"),
        ("/healthz/", "/"),
        ("/HEALTHZ", "/"),
        ("/media/a/b.csv", "/media/"),
        ("/media", "/"),
        ("/_stcore/upload_file/a/b", "/_stcore/upload_file/"),
        ("/_stcore/upload_file", "/_stcore/"),
        ("/_stcore/metrics", "/_stcore/metrics"),
        ("/_stcore/metrics/", "/_stcore/"),
        ("/_stcore/metricsx", "/_stcore/"),
        ("//_stcore/metrics", "/"),
        ("*", "/"),
    ],
)
def test_a_path_falls_under_the_longest_row(path: str, route: str) -> None:
    assert route_of(path) == route


def test_only_who_uploads_sends_files() -> None:
    uploads = matrix().routes["/_stcore/upload_file/"]
    for role in ROLES:
        assert (uploads[role] == "yes") is (matrix().actions["upload"][role] != "no")
