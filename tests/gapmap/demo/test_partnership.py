"""What partnerships, public health and the LADO send: survey, testimonies, review, messages."""

from collections import Counter, defaultdict
from itertools import pairwise

import pytest

from gapmap.demo.messages import OFFERED
from gapmap.demo.review import COURSES
from tests.gapmap.demo.demo_rows import QUARTERS, code_of, every_row, share

SURVEY = "perception_survey"


def percent(rows) -> float:
    """The share that answered "a lot" or "sometimes", of the valid answers."""
    valid = sum(int(row["valid_answers"]) for row in rows)
    return sum(int(row["a_lot"]) + int(row["sometimes"]) for row in rows) / valid


def whole_groups(by_extract, question: str):
    """Rows of all sexes to a question, by respondent."""
    found = defaultdict(list)
    for row in every_row(by_extract, SURVEY):
        if row["sex"] == "all" and row["question"] == question:
            found[row["respondent"]].append(row)
    return found


# The perception survey


def test_some_boroughs_held_no_survey_and_some_one(by_extract, borough_codes):
    held = Counter(code for file, _ in by_extract[SURVEY] for code in file.covers)
    assert len(borough_codes) - len(held) == 7
    assert Counter(held.values()) == {2: 20, 1: 6}
    assert {file.quarter for file, _ in by_extract[SURVEY]} == {
        "2024-Q4",
        "2025-Q1",
        "2025-Q4",
        "2026-Q1",
    }


def test_no_more_answer_than_were_valid(by_extract):
    for row in every_row(by_extract, SURVEY):
        assert int(row["a_lot"]) + int(row["sometimes"]) <= int(row["valid_answers"])


def test_girls_and_boys_are_the_parts_of_all_children(by_extract):
    sums: dict[tuple, Counter] = defaultdict(Counter)
    for row in every_row(by_extract, SURVEY):
        if row["respondent"] == "child":
            key = row["quarter"], row["borough"], row["urn"], row["question"]
            sums[key][row["sex"] == "all"] += int(row["valid_answers"])
        else:
            assert row["sex"] == "all"
    assert all(parts[False] == parts[True] for parts in sums.values())


def test_children_stand_either_by_school_or_by_borough(by_extract):
    by_school = defaultdict(set)
    for row in every_row(by_extract, SURVEY):
        if row["respondent"] == "child":
            by_school[row["borough"]].add(bool(row["urn"]))
        else:
            assert not row["urn"]
    assert all(len(ways) == 1 for ways in by_school.values())
    assert sum(True in ways for ways in by_school.values()) == 7


def test_children_see_what_adults_do_not(by_extract):
    happens = {
        who: percent(rows) for who, rows in whole_groups(by_extract, "harassment happens").items()
    }
    assert happens["child"] - happens["parent"] > 0.12
    assert happens["child"] - happens["school"] > 0.18
    for question in ("would report", "knows how to report", "school acts"):
        found = {who: percent(rows) for who, rows in whole_groups(by_extract, question).items()}
        assert found["child"] < found["parent"] < found["school"]


def test_girls_say_it_happens_more_than_boys_do(by_extract):
    rows = [row for row in every_row(by_extract, SURVEY) if row["question"] == "harassment happens"]
    girls, boys = (percent([row for row in rows if row["sex"] == sex]) for sex in ("girls", "boys"))
    assert girls - boys > 0.06


def test_some_groups_are_small_and_most_are_not(by_extract):
    sizes = [int(row["valid_answers"]) for row in every_row(by_extract, SURVEY) if row["urn"]]
    assert 0.02 < share([size < 10 for size in sizes]) < 0.3
    assert share([size >= 30 for size in sizes]) > 0.5


# Testimonies


def test_a_few_hundred_schools_are_named_most_with_older_pupils(by_extract, school):
    ((file, rows),) = by_extract["testimonies"]
    assert 250 < len(rows) < 450
    assert all(1 <= int(row["testimonies"]) <= 30 for row in rows)
    phases = Counter(school[row["urn"]]["PhaseOfEducation (name)"] for row in rows)
    assert phases["Primary"] < 0.15 * len(rows)
    assert file.quarter == "2025-Q1"
    assert len(file.covers) == 33


# The review


def statuses(by_extract):
    """Status by borough and item, by quarter."""
    found = defaultdict(dict)
    for row in every_row(by_extract, "partnership_review"):
        found[row["quarter"]][row["borough"], row["item"]] = row["status"], row["month"]
    return found


def test_items_move_forward_and_never_back(by_extract):
    order = ["not started", "in progress", "done"]
    found = statuses(by_extract)
    for before, after in pairwise(QUARTERS):
        for key in found[before].keys() & found[after].keys():
            assert order.index(found[before][key][0]) <= order.index(found[after][key][0])
    done = {
        quarter: share([status == "done" for status, _ in found[quarter].values()])
        for quarter in QUARTERS
    }
    assert list(done.values()) == sorted(done.values())
    assert done["2024-Q4"] < 0.4 < 0.6 < done["2026-Q3"]


def test_a_status_has_the_month_in_which_it_began(by_extract):
    missing = []
    for row in every_row(by_extract, "partnership_review"):
        last = f"{row['quarter'][:4]}-{3 * int(row['quarter'][-1]):02d}"
        assert row["month"] <= last
        if row["status"] == "not started":
            assert not row["month"]
        else:
            missing.append(not row["month"])
    assert 0 < share(missing) < 0.06


def test_who_tells_of_the_review_and_who_stopped(by_extract, borough_codes):
    sent = {file.quarter: set(file.covers) for file, _ in by_extract["partnership_review"]}
    everywhere = set(borough_codes.values())
    absent = {
        quarter: {name for name, code in borough_codes.items() if code in everywhere - covers}
        for quarter, covers in sent.items()
    }
    assert absent["2024-Q4"] == {"Waltham Forest"}
    assert absent["2026-Q1"] == {"Waltham Forest", "Croydon"}
    assert absent["2026-Q3"] == absent["2026-Q1"] | {"Barking and Dagenham", "Harrow", "Newham"}


def test_pilots_of_supervision_are_where_the_story_has_them(by_extract):
    found = statuses(by_extract)
    for (borough, item), (_, done) in COURSES.items():
        for number, quarter in enumerate(QUARTERS):
            assert (found[quarter][borough, item][0] == "done") == (number >= done)


# Messages


def test_no_message_reaches_more_schools_than_there_are(by_extract, school):
    schools = Counter(code_of(row) for row in school.values())
    most = max(schools.values())
    for row in every_row(by_extract, "message_log"):
        assert 0 <= int(row["schools_reached"]) <= most
        if row["school_type"] not in ("all", "maintained", "academy"):
            assert int(row["schools_reached"]) <= 45


def test_messages_are_of_their_quarter_and_some_quarters_had_none(by_extract):
    for row in every_row(by_extract, "message_log"):
        first = 3 * int(row["quarter"][-1]) - 2
        assert row["month"][:4] == row["quarter"][:4]
        assert first <= int(row["month"][-2:]) <= first + 2
    nil = [code for file, _ in by_extract["message_log"] for code in file.nil_returns]
    assert 5 < len(nil) < 60


@pytest.mark.parametrize(("place", "offer"), OFFERED.items())
def test_the_offer_of_the_story_is_in_the_log_once(by_extract, place, offer):
    found = [
        row
        for row in every_row(by_extract, "message_log")
        if (row["borough"], row["quarter"]) == place
        and (row["agency"], row["message"], row["school_type"], row["month"]) == offer
    ]
    assert len(found) == 1


# The LADO


def test_parts_of_the_contacts_fit(by_extract):
    for row in every_row(by_extract, "lado"):
        assert int(row["threshold_met"]) <= int(row["contacts_education"])
        assert int(row["substantiated"]) <= int(row["concluded"]) <= int(row["contacts_education"])


def test_some_contacts_are_too_few_to_show_a_share_of(by_extract):
    contacts = [int(row["contacts_education"]) for row in every_row(by_extract, "lado")]
    assert 0.05 < share([count < 20 for count in contacts]) < 0.4
    assert max(contacts) < 120
    assert 0 in contacts


def test_who_sent_contacts(by_extract, borough_codes):
    sent = {file.quarter: set(file.covers) for file, _ in by_extract["lado"]}
    assert set(sent) == set(QUARTERS)
    late = {borough_codes[n] for n in ("Brent", "Croydon", "Kensington and Chelsea", "Westminster")}
    never = {borough_codes["Redbridge"]}
    for quarter, covers in sent.items():
        missing = set(borough_codes.values()) - covers
        assert missing == (never | late if quarter == "2026-Q3" else never)
