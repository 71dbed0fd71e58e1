"""Indicators: a file's header is the whole definition."""

import pytest

from gapmap.contract import contracts
from gapmap.indicator import OWNERS, define, definitions, of_boroughs, of_schools
from gapmap.question import QuestionError, parse_question
from gapmap.settings import QUERIES

FILE = QUERIES / "indicators" / "police_engagement.sql"


def test_the_indicators_of_schools() -> None:
    """Those of the letter; more may be added, a file each."""
    assert {d.name for d in of_schools()} >= {
        "dsl_in_date", "hsb_training", "police_engagement", "anonymous_reporting",
        "visible_information", "dsl_forum", "self_evaluation", "hsb_survey", "hsb_policy",
        "alcohol_policy", "dsl_supervision", "letter_sent", "reviewed", "offer_of_support",
        "pshe_delivering", "parent_campaign",
    }  # fmt: skip
    assert "hsb_referrals" in {d.name for d in of_boroughs()}


def test_every_topic_of_schools_is_one_indicators_own() -> None:
    """And a topic of school_safeguarding is a column that is answered yes or no."""
    topics = [(d.extracts, d.topic) for d in of_schools()]
    assert len(set(topics)) == len(topics)
    answered = {f.column for f in contracts()["school_safeguarding"].fields if f.type == "answer"}
    asked = {topic for extracts, topic in topics if extracts == ("school_safeguarding",)}
    assert answered - asked <= {"dsl_forum_role_offered", "relevant_agency_named"}
    assert asked <= answered
    assert {d.topic for d in of_boroughs()} == {None}


def test_what_executives_look_at_first_weighs_most() -> None:
    weights = {d.name: d.weight for d in of_schools()}
    assert set(weights.values()) <= {1, 2, 3}
    first = {name for name, weight in weights.items() if weight == 3}
    assert first == {"reviewed", "dsl_in_date", "police_engagement"}


def test_a_school_answers_each_topic_in_one_extract() -> None:
    text = FILE.read_text().replace("extracts: police", "extracts: training, police")
    with pytest.raises(QuestionError, match="a topic is answered in one extract"):
        define(parse_question("indicators/x", text))


def test_every_definition_is_whole() -> None:
    for definition in definitions().values():
        assert set(definition.extracts) <= set(contracts())
        assert definition.owner in OWNERS
        assert definition.question.endswith("?")
        assert 1 <= int(definition.letter) <= 20
        # Only a school's gap has points; what has no polarity has no gap to close.
        assert (definition.weight > 0) == (definition.level == "school")
        if definition.polarity == "none":
            assert definition.weight == 0
            assert definition.gap == "none; it has no polarity"


def test_the_indicators_of_boroughs() -> None:
    assert {d.name for d in of_boroughs()} >= {
        "hsb_referrals", "hsb_referral_rate", "hsb_referral_rate_in_schools",
        "hsb_referrals_four_quarters", "hsb_referral_rate_four_quarters", "education_share",
        "no_further_action_share", "urn_share", "no_referral_seen", "prevalence",
        "perception_gap_parent", "perception_gap_school", "lado_threshold_share",
        "published_factor_share", "review_items", "self_evaluation_criteria",
    }  # fmt: skip
    # What passes on or is published says nothing of better or worse.
    no_polarity = {d.name for d in of_boroughs() if d.polarity == "none"}
    assert no_polarity >= {
        "hsb_referrals", "hsb_referral_rate", "hsb_referral_rate_in_schools",
        "hsb_referrals_four_quarters", "hsb_referral_rate_four_quarters", "education_share",
        "no_further_action_share", "no_referral_seen", "lado_threshold_share",
        "published_factor_share",
    }  # fmt: skip
    assert all(definitions()[name].note for name in no_polarity)


def test_what_counts_referrals_has_no_polarity() -> None:
    assert definitions()["hsb_referrals"].polarity == "none"


@pytest.mark.parametrize(
    ("old", "replacement", "said"),
    [
        ("-- owner: police", "-- owner: nobody", "owner must be one of council"),
        ("-- polarity: higher is better", "-- polarity: up", "polarity must be one of"),
        ("-- closes:", "-- closing:", "lacks or does not know closes, closing"),
        ("-- weight: 3\n", "", "lacks or does not know weight"),
        ("-- topic: engagement\n", "", "lacks or does not know topic"),
    ],
)
def test_a_word_that_is_wrong_is_named(old: str, replacement: str, said: str) -> None:
    text = FILE.read_text()
    assert old in text
    with pytest.raises(QuestionError, match=said):
        define(parse_question("indicators/x", text.replace(old, replacement)))


# --- the map of an indicator of boroughs ----------------------------------------------------------

OF_BOROUGHS = QUERIES / "indicators" / "prevalence.sql"


def test_an_indicator_of_boroughs_says_what_its_map_is_like() -> None:
    assert all(d.map_title and len(d.classes) == 5 for d in of_boroughs())
    assert not any(d.map_title or d.classes for d in of_schools())
    share = definitions()["published_factor_share"]
    assert (share.decimals, share.classes[1]) == (1, (1.0, "1.0–1.9%"))
    assert definitions()["perception_gap_parent"].classes[0] == (-100.0, "under 5")


def test_what_a_release_shows_is_told_from_what_all_may_see() -> None:
    open_to_all = {d.name for d in of_boroughs() if not d.is_released}
    assert open_to_all >= {"review_items", "published_factor_share", "self_evaluation_criteria"}
    assert not open_to_all & {"hsb_referrals", "prevalence", "perception_gap_parent"}
    assert not definitions()["review_items"].has_markers
    assert definitions()["published_factor_share"].has_markers


@pytest.mark.parametrize(
    ("old", "replacement", "said"),
    [
        ("-- classes:", "-- breaks:", "lacks or does not know breaks, classes"),
        ("-- map: A lot or sometimes\n", "", "lacks or does not know map"),
        ("0 = under 30%; ", "under 30%; ", "classes must be as"),
        ("0 = under 30%; ", "none = under 30%; ", "classes must be as"),
    ],
)
def test_a_map_that_is_wrong_is_named(old: str, replacement: str, said: str) -> None:
    text = OF_BOROUGHS.read_text()
    assert old in text
    with pytest.raises(QuestionError, match=said):
        define(parse_question("indicators/x", text.replace(old, replacement)))
