"""Every file of queries/: its header, its parameters, and that it runs on an empty store."""

import ast
import re
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from gapmap.contract import contracts
from gapmap.office.office import open_memory_office
from gapmap.question import STATEMENTS, Question, parse_question, question
from gapmap.screening.cross_checks import extracts_of
from gapmap.screening.validation import ARROW_TYPES
from gapmap.settings import QUERIES, ROOT
from gapmap.stores.store import Store, Writing

NAMES = sorted(
    str(path.relative_to(QUERIES).with_suffix(""))
    for path in QUERIES.rglob("*.sql")
    if path.relative_to(QUERIES).parts[0] != "schema"
)
# These are asked of the office, and the others of the stores.
OF_THE_OFFICE = [name for name in NAMES if name.partition("/")[0] in ("access", "audit", "office")]
QUESTIONS = [
    name for name in NAMES if name.partition("/")[0] not in STATEMENTS and name not in OF_THE_OFFICE
]
CHECKS = [name for name in NAMES if name.startswith("checks/")]
CHANGES = [name for name in NAMES if name.startswith("publish/")]
SAMPLE: dict[str, Any] = {
    "quarter": "2026-Q3",
    "indicator": "police_engagement",
    "borough": "E09000012",
    "urn": 100001,
    "measure": "hsb_referrals",
    "version": 0,
    "seen": 0,
    "at": "2026-10-15",
    "today": "2026-10-15",
    "extract": "training",
    "table": "borough",
    "ahead": 2,
    "least": 10,
    "ceiling": 0.65,
    "first": "2026-10-01 00:00:00",
    "last": "2026-10-31 23:59:59",
    "most": 10,
    "kind": "action",
    "name": "relevant_agencies",
}


def sample(asked: Question) -> dict[str, Any]:
    """A value for every parameter that is needed."""
    return {
        p.name: [SAMPLE.get(p.name, "x")] if p.is_list else SAMPLE.get(p.name, "x")
        for p in asked.parameters.values()
        if not p.optional
    }


def test_there_are_questions_of_every_kind() -> None:
    assert len(QUESTIONS) > 20
    assert len(CHECKS) > 10
    assert len(CHANGES) > 5


@pytest.mark.parametrize("name", NAMES)
def test_header_and_body_agree_and_say_the_grain(name: str) -> None:
    text = (QUERIES / f"{name}.sql").read_text(encoding="utf-8")
    asked = parse_question(name, text)
    assert asked.header["grain"]
    for parameter in asked.parameters.values():
        is_list_in_body = (
            f"any(${parameter.name}" in asked.sql or f"list_sort(${parameter.name}" in asked.sql
        )
        assert parameter.is_list == is_list_in_body, parameter.name
        if parameter.optional:
            compared = rf"\${parameter.name}(::\w+)? is null|\${parameter.name} is not null"
            tolerant = rf"coalesce\(\${parameter.name}|is not distinct from \${parameter.name}"
            assert re.search(f"{compared}|{tolerant}", asked.sql), parameter.name


@pytest.mark.parametrize("name", QUESTIONS)
def test_every_question_runs_on_an_empty_store(lasting_empty: Store, name: str) -> None:
    asked = question(name)
    found = lasting_empty.exact.answer(asked, sample(asked))
    assert len(set(found.column_names)) == len(found.column_names) > 0
    one_of_each = {p.name: SAMPLE.get(p.name, "x") for p in asked.parameters.values() if p.optional}
    one_of_each = {k: v if k not in ("as_of", "as_at") else None for k, v in one_of_each.items()}
    lasting_empty.exact.answer(asked, {**sample(asked), **one_of_each})


@pytest.mark.parametrize("name", OF_THE_OFFICE)
def test_every_question_runs_on_an_empty_office(name: str) -> None:
    asked, office = question(name), open_memory_office()
    try:
        found = office.database.answer(asked, sample(asked))
    finally:
        office.close()
    assert len(set(found.column_names)) == len(found.column_names) > 0
    assert found.num_rows == 0


# The rows that a statement reads beside the tables: their name, and the question that they answer.
STAGED = {"publish/await_release": ("answered", "areas/with_answer")}


def run_empty(writing: Writing, name: str) -> int:
    """The rows that a statement changes of a store that holds nothing."""
    rows, source = STAGED.get(name, ("nothing", "store/version"))
    with writing.staged(rows, writing.ask(source, sample(question(source)))):
        return writing.run(name, sample(question(name)))


@pytest.mark.parametrize("name", CHANGES)
def test_every_statement_runs_on_an_empty_store(lasting_empty: Store, name: str) -> None:
    with lasting_empty.released.writing() as writing:
        if "answers" not in name and "signals" not in name:  # tables of the exact store alone
            assert run_empty(writing, name) in (0, 1)
    with lasting_empty.exact.writing() as writing:
        assert run_empty(writing, name) in (0, 1)


@pytest.mark.parametrize("name", CHECKS)
def test_every_check_finds_nothing_in_no_rows(lasting_empty: Store, name: str) -> None:
    asked = question(name)
    assert asked.header["severity"] in ("error", "warning")
    assert asked.header["fix"].endswith(".")
    assert set(re.findall(r"\{(\w*)\}", asked.header["message"])) <= {"value"}
    assert asked.header.get("mode", "replace") in ("replace", "update")
    # What is said of exact figures has words without them, for those who do not see them.
    assert asked.header.get("tells", "exact") == "exact"
    assert ("tells" in asked.header) == ("quietly" in asked.header)
    if "current_" in asked.sql:
        assert "tells" in asked.header
    # A check that reads all rows that would stand cannot judge one row by itself.
    assert ("needs" in asked.header) == ("from submitted" in asked.sql)
    extracts = extracts_of(asked)
    assert extracts
    assert extracts <= set(contracts())
    for extract in extracts:
        fields = {f.column: ARROW_TYPES[f.type] for f in contracts()[extract].fields}
        schema = pa.schema({"row_no": pa.int64(), **fields})
        none = schema.empty_table()
        with (
            lasting_empty.exact.checking("upload", none) as checking,
            checking.staged("submitted", none),
        ):
            given = {"extract": extract, "factor": 3.0}
            found = checking.ask(name, {p: given[p] for p in asked.parameters})
        assert found.column_names == ["row_no", "column", "value"]
        assert found.num_rows == 0
        named = set(re.findall(r"'(\w+)' as \"column\"", asked.sql))
        assert named <= set(fields)


# --- callers ------------------------------------------------------------------------------------


def python_files() -> list[Path]:
    found = [*(ROOT / "gapmap").rglob("*.py"), *(ROOT / "pages").glob("*.py")]
    return sorted(found)


def named_questions() -> set[str]:
    """Every string of the program that looks like a question's name."""
    folders = "|".join(sorted({name.partition("/")[0] for name in NAMES}))
    pattern = re.compile(rf"(?:{folders})/[a-z_]+")
    return {
        node.value
        for path in python_files()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and pattern.fullmatch(node.value)
    }


def test_every_question_that_the_program_names_exists() -> None:
    named = named_questions()
    assert len(named) > 15
    assert {name for name in named if name not in NAMES} == set()


def literal_calls() -> list[tuple[str, set[str]]]:
    """Calls of ask, run and alike with a name and a plain dictionary: the name, its keys."""
    calls = []
    for path in python_files():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            for name, given in zip(node.args, node.args[1:], strict=False):
                if (
                    isinstance(name, ast.Constant)
                    and name.value in NAMES
                    and isinstance(given, ast.Dict)
                    and all(isinstance(key, ast.Constant) for key in given.keys)
                ):
                    calls.append((name.value, {key.value for key in given.keys}))  # type: ignore[union-attr]
    return calls


def test_callers_pass_the_parameters_that_the_question_takes() -> None:
    calls = literal_calls()
    assert len(calls) > 5
    for name, keys in calls:
        question(name).bind(dict.fromkeys(keys))
