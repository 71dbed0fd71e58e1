"""Referrals: counts by school, source and outcome, a file per borough and quarter.

The first four quarters came in one collection for London each, before boroughs sent their own.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from random import Random
from typing import NamedTuple

from gapmap.demo.boroughs import Borough
from gapmap.demo.draws import pick
from gapmap.demo.files import DemoFile, csv_bytes, slug
from gapmap.demo.quiet import quiet_schools
from gapmap.demo.school import School

COLUMNS = (
    "quarter",
    "borough",
    "urn",
    "urn_attended",
    "referral_type",
    "source",
    "outcome",
    "referrals",
    "aim_assessments",
    "criminal_justice",
)
FIRST_OWN_FILES = "2025-Q4"
NOT_SENT = {("Merton", "2026-Q3")}
CITY = "City of London"
# The City's lead is Hackney's too: one file for both, the City ticked as nil in most quarters.
CITY_REFERRALS = {"2025-Q1": 1, "2026-Q2": 2}
# Camden's team sees to it: only where nearly all do can the lack of a referral be told.
CARRIES_A_URN = {"Camden": 0.96}

_SEASON = {"1": 1.05, "2": 1.1, "3": 0.6, "4": 1.0}
_SOURCES = {
    "1A": 8,
    "1B": 1,
    "1C": 1,
    "1D": 2,
    "2A": 34,
    "2B": 4,
    "3A": 2,
    "3B": 1,
    "3C": 1,
    "3D": 1,
    "3E": 2,
    "3F": 3,
    "4": 1,
    "5A": 6,
    "5B": 2,
    "5C": 4,
    "6": 20,
    "7": 1,
    "8": 3,
    "9": 2,
    "10": 1,
}
_OUTCOMES = {"NFA": 22, "early help": 20, "assessment": 36, "strategy discussion": 12, "s47": 10}
# The share not yet decided: outcomes are provisional for two quarters.
_UNDECIDED = {"2026-Q2": 0.16, "2026-Q3": 0.36}
_REFERRING = {
    "primary": 1.0,
    "secondary": 6.0,
    "independent": 0.6,
    "special": 4.0,
    "alternative": 4.0,
    "nursery": 0.0,
    "college": 3.0,
}

Row = tuple[object, ...]


class _Kind(NamedTuple):
    """What one row counts; None is an empty field."""

    urn: int | None
    urn_attended: int | None
    referral_type: str
    source: str
    outcome: str


def referral_files(
    quarter: str, boroughs: Sequence[Borough], schools: Sequence[School], seed: int
) -> Iterator[DemoFile]:
    """Yield the quarter's referral files; Merton has not sent its last."""
    sending = [borough for borough in boroughs if (borough.name, quarter) not in NOT_SENT]
    rows = {borough.code: list(_rows(quarter, borough, schools, seed)) for borough in sending}
    if quarter < FIRST_OWN_FILES:
        yield _file("london", "london-partnership", quarter, sending, rows)
        return
    city = next(borough for borough in sending if borough.name == CITY)
    for borough in sending:
        if borough.name == "Hackney":
            yield _file("city-and-hackney", "hackney", quarter, [city, borough], rows)
        elif borough != city:
            yield _file(slug(borough.name), slug(borough.name), quarter, [borough], rows)


def _file(
    name: str, sender: str, quarter: str, covers: Sequence[Borough], rows: dict[str, list[Row]]
) -> DemoFile:
    return DemoFile(
        name=f"referrals_{name}_{quarter}.csv",
        extract="referrals",
        content=csv_bytes(COLUMNS, (row for borough in covers for row in rows[borough.code])),
        register_date=None,
        quarter=quarter,
        covers=tuple(borough.code for borough in covers),
        nil_returns=tuple(borough.code for borough in covers if not rows[borough.code]),
        submitted_by=f"performance.team@{sender}.example",
    )


def _rows(quarter: str, borough: Borough, schools: Sequence[School], seed: int) -> Iterator[Row]:
    rng = Random(f"{seed}/referrals/{borough.code}/{quarter}")
    quiet = quiet_schools(schools)
    schools = [one for one in schools if one.urn not in quiet]
    its_schools = [one for one in schools if one.borough == borough and _REFERRING[one.kind]]
    beside = [
        one
        for one in schools
        if one.borough != borough and one.borough.police_bcu_code == borough.police_bcu_code
    ]
    usual = Random(f"{seed}/carries a URN/{borough.code}").triangular(0.62, 0.99, 0.92)
    carries_urn = CARRIES_A_URN.get(borough.name, usual)
    counts = Counter(
        _referral(referral_type, quarter, its_schools, beside, carries_urn, rng)
        for referral_type, number in _numbers(quarter, borough, rng, seed).items()
        for _ in range(number)
    )
    for kind, count in counts.items():
        hsb = kind.referral_type == "HSB"
        aim = sum(rng.random() < 0.25 for _ in range(count)) if hsb else 0
        criminal_justice = sum(rng.random() < 0.07 for _ in range(count))
        yield quarter, borough.name, *kind, count, aim, criminal_justice


def _numbers(quarter: str, borough: Borough, rng: Random, seed: int) -> dict[str, int]:
    """Return how many referrals of each type a borough accepted: more where more pupils are."""
    if borough.name == CITY:
        return {"HSB": CITY_REFERRALS.get(quarter, 0)}
    primary, secondary, *_ = borough.counts
    own = Random(f"{seed}/referrals/{borough.code}").uniform(0.75, 1.25)
    mean = (5 + 0.14 * (primary + 3 * secondary)) * own * _SEASON[quarter[-1]]
    hsb = round(rng.gauss(mean, 0.7 * mean**0.5))
    other = round(rng.gauss(0.6 * mean, 0.6 * mean**0.5))
    return {"HSB": min(40, max(5, hsb)), "other child-on-child abuse": max(2, other)}


def _referral(
    referral_type: str,
    quarter: str,
    its_schools: Sequence[School],
    beside: Sequence[School],
    carries_urn: float,
    rng: Random,
) -> _Kind:
    source = pick(_SOURCES, rng)
    urn = attended = None
    if source == "2A" and rng.random() < carries_urn:
        urn = _school(its_schools, rng)
        attended = urn if rng.random() < 0.9 else None
    elif rng.random() < 0.5:
        # a child may attend a school of a neighbouring borough
        attended = (
            rng.choice(beside).urn if beside and rng.random() < 0.03 else _school(its_schools, rng)
        )
    undecided = rng.random() < _UNDECIDED.get(quarter, 0.02)
    outcome = "not yet decided" if undecided else pick(_OUTCOMES, rng)
    return _Kind(urn, attended, referral_type, source, outcome)


def _school(schools: Sequence[School], rng: Random) -> int:
    return rng.choices(schools, [_REFERRING[one.kind] for one in schools])[0].urn
