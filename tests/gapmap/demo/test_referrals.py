"""Referrals: how many, of which schools, and what is not there."""

from collections import Counter, defaultdict

import pytest

from tests.gapmap.demo.demo_rows import CITY, QUARTERS, every_row


def test_merton_has_not_sent_its_last_referrals(by_extract, borough_codes):
    sent: dict[str, set[str]] = defaultdict(set)
    for file, _ in by_extract["referrals"]:
        sent[file.quarter].update(file.covers)
    everywhere = set(borough_codes.values())
    assert {quarter: everywhere - covered for quarter, covered in sent.items()} == {
        quarter: {borough_codes["Merton"]} if quarter == "2026-Q3" else set()
        for quarter in QUARTERS
    }


def test_the_city_ticks_a_nil_return_in_six_of_eight_quarters(by_extract):
    nil = [
        (file.quarter, file.nil_returns) for file, _ in by_extract["referrals"] if file.nil_returns
    ]
    assert sorted(nil) == [
        (quarter, (CITY,)) for quarter in QUARTERS if quarter not in {"2025-Q1", "2026-Q2"}
    ]


def test_referrals_are_few_in_a_borough_and_fewer_in_the_summer(by_extract, borough_codes):
    counts: Counter[tuple[str, str]] = Counter()
    for _, rows in by_extract["referrals"]:
        for row in rows:
            if row["referral_type"] == "HSB":
                counts[row["quarter"], row["borough"]] += int(row["referrals"])
    assert all(5 <= count <= 40 for (_, name), count in counts.items() if name != "City of London")
    assert {key: count for key, count in counts.items() if key[1] == "City of London"} == {
        ("2025-Q1", "City of London"): 1,
        ("2026-Q2", "City of London"): 2,
    }
    london = {q: sum(counts[q, name] for name in borough_codes) for q in QUARTERS}
    assert london["2025-Q3"] < 0.75 * min(london["2025-Q2"], london["2025-Q4"])
    assert london["2026-Q3"] < 0.75 * london["2026-Q2"]


def test_most_school_referrals_carry_a_urn_and_boroughs_differ(by_extract):
    carried: Counter[str] = Counter()
    made: Counter[str] = Counter()
    for _, rows in by_extract["referrals"]:
        for row in rows:
            if row["source"] == "2A":
                made[row["borough"]] += int(row["referrals"])
                carried[row["borough"]] += int(row["referrals"]) if row["urn"] else 0
    assert carried.total() / made.total() == pytest.approx(0.85, abs=0.04)
    boroughs = {name: carried[name] / made[name] for name in made if made[name] > 20}
    assert sum(carries < 0.8 for carries in boroughs.values()) >= 3
    assert sum(carries >= 0.8 for carries in boroughs.values()) >= 15


def test_outcomes_of_the_last_two_quarters_are_still_open(by_extract):
    open_: Counter[str] = Counter()
    every: Counter[str] = Counter()
    for file, rows in by_extract["referrals"]:
        for row in rows:
            every[file.quarter] += int(row["referrals"])
            open_[file.quarter] += int(row["referrals"]) * (row["outcome"] == "not yet decided")
    undecided = {quarter: open_[quarter] / every[quarter] for quarter in QUARTERS}
    assert undecided["2026-Q3"] > 0.28 > 0.22 > undecided["2026-Q2"] > 0.1
    assert all(undecided[quarter] < 0.05 for quarter in QUARTERS[:-2])


def test_parts_of_the_referrals_are_no_more_than_the_whole(by_extract):
    for row in every_row(by_extract, "referrals"):
        assert int(row["referrals"]) >= 1
        assert 0 <= int(row["aim_assessments"]) <= int(row["referrals"])
        assert 0 <= int(row["criminal_justice"]) <= int(row["referrals"])
        assert not row["urn"] or row["source"] == "2A"
