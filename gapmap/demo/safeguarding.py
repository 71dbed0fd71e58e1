"""Schools' safeguarding returns: one a partnership and academic year, staggered over its terms."""

from collections.abc import Iterator, Sequence
from random import Random

from gapmap.demo.boroughs import Borough, by_partnership
from gapmap.demo.draws import part_of, within
from gapmap.demo.files import DemoFile, csv_bytes, slug
from gapmap.demo.school import School

# What the partnership knows by itself; then what only the school can say.
OF_PARTNERSHIP = (
    "letter_sent",
    "offer_of_support_sent",
    "dsl_forum_attended",
    "dsl_forum_role_offered",
    "self_evaluation_returned",
    "hsb_survey_returned",
    "relevant_agency_named",
)
OF_SCHOOL = (
    "reviewed",
    "hsb_policy",
    "alcohol_policy",
    "anonymous_reporting",
    "visible_information",
    "dsl_supervision",
    "pshe_delivering",
    "parent_campaign_sent",
)
COLUMNS = (
    "quarter",
    "urn",
    "letter_sent",
    "reviewed",
    "offer_of_support_sent",
    "dsl_forum_attended",
    "dsl_forum_role_offered",
    "self_evaluation_returned",
    "hsb_survey_returned",
    "hsb_policy",
    "alcohol_policy",
    "anonymous_reporting",
    "visible_information",
    "dsl_supervision",
    "pshe_delivering",
    "parent_campaign_sent",
    "relevant_agency_named",
    "self_evaluation_met",
    "self_evaluation_applicable",
    "hsb_reports_two_years",
)
ITEMS = COLUMNS[2:17]

FIRST_YEAR = ("2024-Q4", "2025-Q1", "2025-Q2")
SECOND_YEAR = ("2025-Q4", "2026-Q1", "2026-Q2")
# By a partnership's first borough, where it is not as with the others: the quarters of its two
# returns. Newham never sent one, Bexley one that has gone out of date, Enfield and Merton began
# in the second year, Sutton's is late. Hackney's closed its gap in supervision in the last quarter.
RETURNS: dict[str, tuple[str | None, str | None]] = {
    "Newham": (None, None),
    "Bexley": ("2024-Q4", None),
    "Enfield": (None, "2026-Q1"),
    "Merton": (None, "2026-Q2"),
    "Sutton": ("2025-Q1", "2026-Q3"),
    "City of London": ("2025-Q2", "2026-Q3"),
    "Camden": ("2025-Q2", "2026-Q2"),
    "Bromley": ("2025-Q1", "2026-Q1"),
}
# Their audit went to council schools and academies alone, in the years given.
INDEPENDENTS_NOT_ASKED = {
    "Ealing": (0, 1),
    "Redbridge": (0, 1),
    "Barnet": (0,),
    "Croydon": (0,),
    "Hillingdon": (0,),
    "Wandsworth": (0,),
}

# The share that answers yes, of those that answer, in the first year and the second.
_YES = {
    "letter_sent": (0.84, 0.94),
    "reviewed": (0.50, 0.66),
    "offer_of_support_sent": (0.62, 0.80),
    "dsl_forum_attended": (0.58, 0.70),
    "dsl_forum_role_offered": (0.28, 0.46),
    "self_evaluation_returned": (0.80, 0.87),
    "hsb_survey_returned": (0.46, 0.63),
    "hsb_policy": (0.62, 0.77),
    "alcohol_policy": (0.55, 0.66),
    "anonymous_reporting": (0.40, 0.56),
    "visible_information": (0.70, 0.82),
    "dsl_supervision": (0.22, 0.33),
    "pshe_delivering": (0.66, 0.75),
    "parent_campaign_sent": (0.36, 0.56),
    "relevant_agency_named": (0.0, 0.03),
}
# Boroughs that went another way: Hackney's supervision pilot reached nearly all, the three others
# began theirs before; Bromley's schools stopped reviewing.
COURSES = {
    ("Hackney", "dsl_supervision"): (0.26, 0.94),
    ("Hammersmith and Fulham", "dsl_supervision"): (0.70, 0.84),
    ("Kingston upon Thames", "dsl_supervision"): (0.66, 0.80),
    ("Richmond upon Thames", "dsl_supervision"): (0.68, 0.82),
    ("Bromley", "reviewed"): (0.74, 0.50),
}
_LEANING = {"independent": -0.20, "college": -0.08, "secondary": 0.05, "special": 0.04}
# Items that a partnership may not have asked about in a year, and how often it did not.
_NOT_ASKED = {"alcohol_policy": 0.2, "hsb_survey_returned": 0.1, "relevant_agency_named": 0.35}
_NOT_ASKED_ELSE = 0.03
_ABSENT = {"independent": 0.12, "college": 0.08}
_ABSENT_ELSE = 0.03
_NO_REPLY = {"independent": (0.42, 0.34), "college": (0.22, 0.18)}
_NO_REPLY_ELSE = (0.10, 0.06)
_CRITERIA = (28, 36)
_REPORTS = {"secondary": 9.0, "special": 5.0, "alternative": 6.0, "college": 7.0, "primary": 1.6}

Row = tuple[object, ...]


def school_safeguarding_files(
    quarter: str, boroughs: Sequence[Borough], schools: Sequence[School], seed: int
) -> Iterator[DemoFile]:
    """Yield the quarter's returns: a file of each partnership whose turn it is."""
    for partners in by_partnership(boroughs).values():
        planned = returns_of(partners)
        if quarter not in planned:
            continue
        name = "-and-".join(slug(borough.name) for borough in partners)
        rows = [
            row
            for borough in partners
            for row in _rows(quarter, planned.index(quarter), borough, schools, seed)
        ]
        yield DemoFile(
            name=f"school_safeguarding_{name}_{quarter}.csv",
            extract="school_safeguarding",
            content=csv_bytes(COLUMNS, rows),
            register_date=None,
            quarter=quarter,
            covers=tuple(borough.code for borough in partners),
            nil_returns=(),
            submitted_by=f"education.safeguarding@{name}.example",
        )


def returns_of(partners: Sequence[Borough]) -> tuple[str | None, str | None]:
    """Return the quarters of a partnership's two returns; None where it sent none."""
    first = partners[0]
    if first.name in RETURNS:
        return RETURNS[first.name]
    turn = int(first.dfe_la_code) % len(FIRST_YEAR)
    return FIRST_YEAR[turn], SECOND_YEAR[turn]


def _rows(
    quarter: str, year: int, borough: Borough, schools: Sequence[School], seed: int
) -> Iterator[Row]:
    asked = _asked(year, borough, seed)
    shares = {item: _share(item, year, borough, seed) for item in ITEMS}
    for school in schools:
        if school.borough != borough:
            continue
        kept = Random(f"{seed}/safeguarding/{school.urn}")
        rng = Random(f"{seed}/safeguarding/{school.urn}/{year}")
        if kept.random() < _ABSENT.get(school.kind, _ABSENT_ELSE):
            continue
        silent = kept.random() < _NO_REPLY.get(school.kind, _NO_REPLY_ELSE)[year]
        answers = _answers(school, shares, silent, kept, rng)
        for item in ITEMS:
            if item not in asked or _is_passed_over(school, year) or _is_idle(school, item):
                answers[item] = "not asked"
        returned = answers["self_evaluation_returned"] == "yes"
        replied = "yes" in {answers[item] for item in OF_SCHOOL}
        yield (
            quarter,
            school.urn,
            *(answers[item] for item in ITEMS),
            *(_criteria(rng) if returned else (None, None)),
            _reports(school, rng) if replied else None,
        )


def _asked(year: int, borough: Borough, seed: int) -> set[str]:
    rng = Random(f"{seed}/asked/{borough.code}/{year}")
    asked = {item for item in ITEMS if rng.random() >= _NOT_ASKED.get(item, _NOT_ASKED_ELSE)}
    return asked | {item for name, item in COURSES if name == borough.name}


def _is_passed_over(school: School, year: int) -> bool:
    """Whether the audit did not go to the school."""
    years = INDEPENDENTS_NOT_ASKED.get(school.borough.name, ())
    return school.kind == "independent" and year in years


def _is_idle(school: School, item: str) -> bool:
    """Whether nobody asks this of a school with pupils so young."""
    if item == "alcohol_policy":
        return not school.takes_children_from_11
    return item in ("anonymous_reporting", "pshe_delivering") and school.kind == "nursery"


def _share(item: str, year: int, borough: Borough, seed: int) -> float:
    if (borough.name, item) in COURSES:
        return COURSES[borough.name, item][year]
    if item == "relevant_agency_named":
        return _YES[item][year]
    own = Random(f"{seed}/safeguarding/{borough.code}/{item}").uniform(-0.14, 0.14)
    return within(0.04, _YES[item][year] + own, 0.97)


def _answers(
    school: School, shares: dict[str, float], silent: bool, kept: Random, rng: Random
) -> dict[str, str]:
    """Return the answer to each item: a school that said yes mostly says yes the next year too."""
    answers = {}
    for item in ITEMS:
        readiness = kept.random() + rng.gauss(0, 0.03)
        # No return was ever made where the school is silent: the partnership says so.
        of_a_return = item in ("self_evaluation_returned", "hsb_survey_returned")
        if silent and (item in OF_SCHOOL or (of_a_return and rng.random() < 0.25)):
            answers[item] = "no reply"
        elif silent and of_a_return:
            answers[item] = "no"
        else:
            yes = readiness < shares[item] + _leaning(school, item)
            answers[item] = "yes" if yes else "no"
    return answers


def _leaning(school: School, item: str) -> float:
    return 0.0 if item == "relevant_agency_named" else _LEANING.get(school.kind, 0.0)


def _criteria(rng: Random) -> tuple[int, int]:
    applicable = rng.randint(*_CRITERIA)
    return part_of(applicable, rng.uniform(0.72, 1), rng), applicable


def _reports(school: School, rng: Random) -> int:
    """Return a count about children: mostly small, often none."""
    return int(rng.expovariate(1 / _REPORTS.get(school.kind, 0.8)))
