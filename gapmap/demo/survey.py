"""The perception survey: what children, parents and schools answer, by borough or by school.

A borough's children stand either in rows of its schools or in rows without one, so that rows may
be summed. Girls and boys are parts of "all".
"""

from collections.abc import Iterator, Sequence
from random import Random

from gapmap.demo.boroughs import Borough
from gapmap.demo.draws import part_of, within
from gapmap.demo.files import DemoFile, csv_bytes, slug
from gapmap.demo.quiet import quiet_schools
from gapmap.demo.school import School

COLUMNS = (
    "quarter",
    "borough",
    "urn",
    "respondent",
    "sex",
    "question",
    "valid_answers",
    "a_lot",
    "sometimes",
)
# The years' surveys are held in the spring, in some boroughs in the autumn before.
ROUNDS = {"autumn": ("2024-Q4", "2025-Q4"), "spring": ("2025-Q1", "2026-Q1")}
AUTUMN = ("Hackney", "Lambeth", "Lewisham", "Southwark", "Tower Hamlets", "Islington", "Ealing")
# Boroughs without any survey; those that held the first alone, now out of date; the second alone.
NEVER = ("City of London", "Bexley", "Havering", "Hillingdon", "Merton", "Sutton", "Harrow")
FIRST_ALONE = ("Enfield", "Waltham Forest", "Kensington and Chelsea")
SECOND_ALONE = ("Barnet", "Bromley", "Redbridge")
# Their schools took part one by one.
BY_SCHOOL = ("Camden", "Hackney", "Haringey", "Islington", "Brent", "Lambeth", "Westminster")

# The share that answers "a lot" or "sometimes": of children, parents, schools.
_SHARES = {
    "harassment happens": (0.46, 0.27, 0.21),
    "would report": (0.48, 0.76, 0.86),
    "knows how to report": (0.62, 0.70, 0.92),
    "school acts": (0.52, 0.71, 0.91),
}
_RESPONDENTS = ("child", "parent", "school")
_ANSWERING = {"child": (320, 980), "parent": (60, 310), "school": (18, 60)}
_GIRLS_SAY = {"harassment happens": 0.12, "would report": -0.04}
# What children answered in the second round is a little better than in the first.
_SINCE = {"harassment happens": -0.02, "would report": 0.04, "knows how to report": 0.07}
_A_LOT = 0.36
_QUIET_SAY = 0.28
_TAKING_PART = {"secondary": 0.85, "independent": 0.3, "special": 0.25, "alternative": 0.4}
_IN_A_SCHOOL = {
    "secondary": (48, 190),
    "independent": (4, 55),
    "special": (3, 14),
    "alternative": (3, 12),
}

Row = tuple[object, ...]


def perception_survey_files(
    quarter: str, boroughs: Sequence[Borough], schools: Sequence[School], seed: int
) -> Iterator[DemoFile]:
    """Yield a file of each borough whose survey was held in the quarter."""
    quiet = quiet_schools(schools)
    for borough in boroughs:
        if quarter not in rounds_of(borough):
            continue
        its_schools = [one for one in schools if one.borough == borough]
        name = slug(borough.name)
        yield DemoFile(
            name=f"perception_survey_{name}_{quarter}.csv",
            extract="perception_survey",
            content=csv_bytes(COLUMNS, _rows(quarter, borough, its_schools, quiet, seed)),
            register_date=None,
            quarter=quarter,
            covers=(borough.code,),
            nil_returns=(),
            submitted_by=f"public.health@{name}.example",
        )


def rounds_of(borough: Borough) -> tuple[str, ...]:
    """Return the quarters in which a borough held the survey."""
    held = ROUNDS["autumn" if borough.name in AUTUMN else "spring"]
    if borough.name in NEVER:
        return ()
    if borough.name in FIRST_ALONE:
        return held[:1]
    return held[1:] if borough.name in SECOND_ALONE else held


def _rows(
    quarter: str,
    borough: Borough,
    schools: Sequence[School],
    quiet: frozenset[int],
    seed: int,
) -> Iterator[Row]:
    rng = Random(f"{seed}/survey/{borough.code}/{quarter}")
    shares = _shares_of(borough, quarter, seed)
    for respondent in _RESPONDENTS:
        if respondent == "child" and borough.name in BY_SCHOOL:
            for school in schools:
                if _takes_part(school, quiet, seed):
                    yield from _of_school(quarter, school, shares, quiet, rng)
            continue
        answering = rng.randint(*_ANSWERING[respondent])
        shown = {question: shares[question, respondent] for question in _SHARES}
        for row in _of_group(respondent, answering, shown, rng):
            yield quarter, borough.name, None, *row


def _shares_of(borough: Borough, quarter: str, seed: int) -> dict[tuple[str, str], float]:
    """Return the share by question and respondent; a borough keeps its own from year to year."""
    own = Random(f"{seed}/survey/{borough.code}")
    second = quarter >= "2025-Q4"
    shares = {}
    for question, of_each in _SHARES.items():
        for respondent, share in zip(_RESPONDENTS, of_each, strict=True):
            since = _SINCE.get(question, 0) if second and respondent == "child" else 0
            shares[question, respondent] = within(
                0.05, share + own.uniform(-0.08, 0.08) + since, 0.97
            )
    return shares


def _takes_part(school: School, quiet: frozenset[int], seed: int) -> bool:
    if school.urn in quiet:
        return school.kind == "secondary"
    chance = _TAKING_PART.get(school.kind, 0) if school.has_secondary_pupils else 0
    return Random(f"{seed}/survey/{school.urn}").random() < chance


def _of_school(
    quarter: str,
    school: School,
    shares: dict[tuple[str, str], float],
    quiet: frozenset[int],
    rng: Random,
) -> Iterator[Row]:
    own = rng.uniform(-0.09, 0.05)
    shown = {question: shares[question, "child"] for question in _SHARES}
    shown["harassment happens"] += _QUIET_SAY if school.urn in quiet else own
    answering = rng.randint(*_IN_A_SCHOOL[school.kind])
    for row in _of_group("child", answering, shown, rng, school.gender):
        yield quarter, school.borough.name, school.urn, *row


def _of_group(
    respondent: str, answering: int, shares: dict[str, float], rng: Random, gender: str = "Mixed"
) -> Iterator[Row]:
    """Yield respondent, sex, question, valid answers, a lot, sometimes; children by sex too."""
    girls = {"Girls": 1.0, "Boys": 0.0}.get(gender, rng.uniform(0.42, 0.58))
    for question, share in shares.items():
        valid = part_of(answering, 0.95, rng)
        if respondent != "child":
            yield respondent, "all", question, valid, *_answers(valid, share, rng)
            continue
        more = _GIRLS_SAY.get(question, 0)
        of_girls = round(valid * girls)
        said = {
            "girls": (of_girls, *_answers(of_girls, share + more / 2, rng)),
            "boys": (valid - of_girls, *_answers(valid - of_girls, share - more / 2, rng)),
        }
        both = [sum(pair) for pair in zip(said["girls"], said["boys"], strict=True)]
        yield respondent, "all", question, *both
        for sex, counts in said.items():
            if counts[0]:
                yield respondent, sex, question, *counts


def _answers(valid: int, share: float, rng: Random) -> tuple[int, int]:
    """Return how many answered "a lot", and how many "sometimes"."""
    either = part_of(valid, within(0.02, share, 0.98), rng)
    a_lot = part_of(either, _A_LOT, rng)
    return a_lot, either - a_lot
