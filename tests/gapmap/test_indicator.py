"""Indicators: a file's header is the whole definition."""

import pytest

from gapmap.contract import contracts
from gapmap.indicator import OWNERS, define, definitions, of_boroughs, of_schools
from gapmap.question import QuestionError, parse_question
from gapmap.settings import QUERIES

FILE = QUERIES / "indicators" / "police_engagement.sql"


def test_the_indicators_there_are() -> None:
    assert [d.name for d in of_schools()] == ["dsl_in_date", "hsb_training", "police_engagement"]
    assert [d.name for d in of_boroughs()] == ["hsb_referrals"]


def test_every_definition_is_whole() -> None:
    for definition in definitions().values():
        assert set(definition.extracts) <= set(contracts())
        assert definition.owner in OWNERS
        assert definition.question.endswith("?")
        assert 1 <= int(definition.letter) <= 20
        # What has no polarity has no weight, and no gap to close.
        assert (definition.weight == 0) == (definition.polarity == "none")


def test_what_counts_referrals_has_no_polarity() -> None:
    assert definitions()["hsb_referrals"].polarity == "none"


@pytest.mark.parametrize(
    ("old", "replacement", "said"),
    [
        ("-- owner: police", "-- owner: nobody", "owner must be one of council"),
        ("-- polarity: higher is better", "-- polarity: up", "polarity must be one of"),
        ("-- closes:", "-- closing:", "lacks or does not know closes, closing"),
        ("-- weight: 3\n", "", "lacks or does not know weight"),
    ],
)
def test_a_word_that_is_wrong_is_named(old: str, replacement: str, said: str) -> None:
    text = FILE.read_text()
    assert old in text
    with pytest.raises(QuestionError, match=said):
        define(parse_question("indicators/x", text.replace(old, replacement)))
