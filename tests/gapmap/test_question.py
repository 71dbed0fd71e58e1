"""Questions: what a file's header says, what its parameters take, and every file of queries/."""

from pathlib import Path

import pytest

from gapmap.question import QuestionError, parse_question, question, questions

TEXT = """-- Which schools are there?
-- in a quarter
-- grain: one row per school
-- $quarter: calendar quarter
-- $phases (list): phases
-- $borough (optional): GSS code
-- $codes (optional list): codes
select 1 as one
from school
where quarter = $quarter and phase = any($phases)
    -- and another
    and ($borough is null or borough_code = $borough) and code = any($codes);
"""


def test_a_question() -> None:
    asked = parse_question("schools/all", TEXT)
    assert asked.answers == "Which schools are there? in a quarter"
    assert asked.header == {"grain": "one row per school"}
    assert list(asked.parameters) == ["quarter", "phases", "borough", "codes"]
    assert asked.parameters["codes"].optional
    assert asked.parameters["codes"].is_list
    assert not asked.parameters["phases"].optional
    assert asked.sql.startswith("select 1")
    assert not asked.sql.endswith(";")
    assert "--" not in asked.sql


def test_parameters_are_bound_by_name() -> None:
    asked = parse_question("schools/all", TEXT)
    assert asked.bind({"quarter": "2026-Q3", "phases": ["primary"]}) == {
        "quarter": "2026-Q3",
        "phases": ["primary"],
        "borough": None,
        "codes": None,
    }
    assert asked.bind_text({"quarter": "2026-Q3", "phases": "a,b", "borough": ""}) == {
        "quarter": "2026-Q3",
        "phases": ["a", "b"],
        "borough": None,
        "codes": None,
    }
    with pytest.raises(QuestionError, match="needs the parameter 'phases': phases"):
        asked.bind({"quarter": "2026-Q3"})
    with pytest.raises(QuestionError, match=r"takes no parameter 'urn'; it takes quarter, phases"):
        asked.bind({"urn": 1})
    with pytest.raises(QuestionError, match="takes no parameter 'urn'"):
        asked.bind_text({"urn": "1"})


@pytest.mark.parametrize(
    "text", [TEXT.replace("$borough is", "$boro is"), TEXT.replace("-- $quarter:", "-- quarter:")]
)
def test_header_and_body_name_the_same_parameters(text: str) -> None:
    with pytest.raises(QuestionError, match="its header names the parameters"):
        parse_question("schools/all", text)


@pytest.mark.parametrize(
    "name",
    [
        "nothing",
        "gaps/nothing",
        "../queries/gaps/by_borough",
        "gaps/../gaps/by_borough",
        "",
        "gaps",
    ],
)
def test_questions_that_do_not_exist(name: str) -> None:
    with pytest.raises(QuestionError, match="there is no question"):
        question(name)


def test_questions_of_a_folder(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "b.sql").write_text("-- One.\n-- grain: one row\nselect 1 as one\n")
    assert question("a/b", tmp_path).sql == "select 1 as one"


def test_questions_of_a_subject_are_in_order() -> None:
    names = [asked.name for asked in questions("gaps")]
    assert names == sorted(names)
    assert "gaps/by_borough" in names
