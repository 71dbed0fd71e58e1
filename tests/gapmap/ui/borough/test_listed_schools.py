"""The lists that the URL may name; nothing where it names none that there is."""

import pytest

from gapmap.ui.borough.listed_schools import of_answers, of_criteria, parse_list


def test_a_list_of_criteria_names_every_gap() -> None:
    listed = parse_list(of_criteria(["dsl_in_date", "reviewed"]))
    assert listed is not None
    assert listed.indicators == ("dsl_in_date", "reviewed")
    assert listed.answers == ("gap",)
    assert listed.title == "Schools with every gap: DSL in date, Reviewed"


@pytest.mark.parametrize(
    ("kind", "answers", "letter"),
    [
        ("not_asked", ("not_asked",), "not_asked"),
        ("no_reply", ("no_reply",), "no_reply"),
        ("said_no", ("gap",), "said_no"),
        ("not_sent", ("not_submitted", "no_row"), "no_reply"),
    ],
)
def test_a_kind_of_answer_has_its_own_letter(
    kind: str, answers: tuple[str, ...], letter: str
) -> None:
    listed = parse_list(of_answers(kind, "hsb_policy"))
    assert listed is not None
    assert (listed.answers, listed.letters) == (answers, (letter,))


def test_training_lists_what_is_out_of_date_and_what_runs_out() -> None:
    listed = parse_list("dsl_training")
    assert listed is not None
    assert listed.soon
    assert listed.letters == ("dsl_runs_out", "dsl_not_in_date")


@pytest.mark.parametrize(
    "only",
    [
        "",
        "nonsense",
        "fails",
        "fails.",
        "fails.nonsense",
        "fails.reviewed.reviewed",
        "fails.reviewed.dsl_in_date.hsb_policy.hsb_survey",
        "not_asked",
        "not_asked.reviewed.dsl_in_date",
        "fails.hsb_referrals",
        "said_no.prevalence",
        "' or 1 = 1",
    ],
)
def test_what_is_no_list_is_none(only: str) -> None:
    assert parse_list(only) is None
