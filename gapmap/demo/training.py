"""Training coverage: a first collection for London, then a file per borough, termly or yearly."""

from collections.abc import Iterator, Sequence
from random import Random

from gapmap.demo.boroughs import Borough
from gapmap.demo.engagement import DSL, HSB, Engagement
from gapmap.demo.files import DemoFile, csv_bytes, slug
from gapmap.demo.school import School

COLUMNS = ("quarter", "borough", "agency", "urn", "course", "staff_in_scope", "staff_trained")
FIRST_COLLECTION = "2024-Q4"
YEARLY = "2025-Q4"
TERMLY = ("2025-Q2", "2026-Q2")
NEVER_SENT = "Havering"
# Their booking systems send at the start of the autumn term too.
AUTUMN = "2026-Q3"
BOROUGHS_IN_AUTUMN = ("Greenwich", "Lewisham", "Wandsworth")
# The other boroughs hold training once a year, with the section 175/157 audit.
BOROUGHS_TERMLY = (
    "Barnet",
    "Bromley",
    "Camden",
    "Croydon",
    "Ealing",
    "Enfield",
    "Greenwich",
    "Hackney",
    "Haringey",
    "Hounslow",
    "Islington",
    "Lambeth",
    "Lewisham",
    "Merton",
    "Newham",
    "Southwark",
    "Tower Hamlets",
    "Wandsworth",
)
# Agency, staff in scope, the share trained.
_AGENCIES = (
    ("children's social care", (60, 220), (0.55, 0.90)),
    ("police", (20, 90), (0.35, 0.75)),
    ("health", (80, 300), (0.30, 0.70)),
    ("youth justice", (10, 40), (0.60, 0.95)),
    ("voluntary", (10, 60), (0.20, 0.60)),
)
_STAFF = {
    "primary": (25, 90),
    "secondary": (70, 190),
    "independent": (8, 120),
    "special": (40, 130),
    "alternative": (10, 40),
    "nursery": (12, 30),
    "college": (90, 420),
}

Row = tuple[object, ...]
Course = tuple[str, int, int]


def training_files(
    quarter: str, boroughs: Sequence[Borough], schools: Sequence[School], seed: int
) -> Iterator[DemoFile]:
    """Yield the quarter's training files: course rows of schools and of the other agencies."""
    sending = _sending(quarter, boroughs)
    dsl, hsb = Engagement(DSL, boroughs, seed), Engagement(HSB, boroughs, seed)
    rows = {
        borough.name: [
            *_school_rows(quarter, borough, schools, dsl, hsb, seed),
            *_agency_rows(quarter, borough, seed),
        ]
        for borough in sending
    }
    if quarter == FIRST_COLLECTION:
        every = [row for its_rows in rows.values() for row in its_rows]
        yield _file("london", "london-partnership", quarter, sending, every)
        return
    for borough in sending:
        name = slug(borough.name)
        yield _file(name, name, quarter, [borough], rows[borough.name])


def _sending(quarter: str, boroughs: Sequence[Borough]) -> list[Borough]:
    if quarter in (FIRST_COLLECTION, YEARLY):
        return [borough for borough in boroughs if borough.name != NEVER_SENT]
    if quarter in TERMLY:
        return [borough for borough in boroughs if borough.name in BOROUGHS_TERMLY]
    if quarter == AUTUMN:
        return [borough for borough in boroughs if borough.name in BOROUGHS_IN_AUTUMN]
    return []


def _file(
    name: str, sender: str, quarter: str, covers: Sequence[Borough], rows: Sequence[Row]
) -> DemoFile:
    return DemoFile(
        name=f"training_{name}_{quarter}.csv",
        extract="training",
        content=csv_bytes(COLUMNS, rows),
        register_date=None,
        quarter=quarter,
        covers=tuple(borough.code for borough in covers),
        nil_returns=(),
        submitted_by=f"training.bookings@{sender}.example",
    )


def _school_rows(
    quarter: str,
    borough: Borough,
    schools: Sequence[School],
    dsl: Engagement,
    hsb: Engagement,
    seed: int,
) -> Iterator[Row]:
    answering = dsl.answering((one for one in schools if one.borough == borough), quarter)
    in_date = dsl.engaged(answering, quarter)
    trained = hsb.engaged([one for one in answering if one.kind != "nursery"], quarter)
    for school in answering:
        rng = Random(f"{seed}/training/{school.urn}/{quarter}")
        for course, in_scope, in_date_staff in (
            *_dsl_courses(school.urn in in_date, rng),
            *_staff_courses(school, rng),
            *_hsb_courses(school, school.urn in trained, rng),
        ):
            yield quarter, borough.name, "school", school.urn, course, in_scope, in_date_staff


def _dsl_courses(in_date: bool, rng: Random) -> Iterator[Course]:
    """Yield the lead's row and the deputies'; one person stands in one row."""
    deputies = rng.choices((0, 1, 2, 3, 4), (8, 32, 34, 18, 8))[0]
    lead_lapsed = not in_date and (deputies == 0 or rng.random() < 0.45)
    lead_course = "DSL initial" if rng.random() < 0.25 else "DSL refresher"
    yield lead_course, 1, 0 if lead_lapsed else 1
    if deputies:
        lapsed = 0 if in_date or lead_lapsed else rng.randint(1, deputies)
        yield "deputy DSL", deputies, deputies - lapsed


def _staff_courses(school: School, rng: Random) -> Iterator[Course]:
    staff = rng.randint(*_STAFF[school.kind])
    yield "all-staff annual", staff, round(staff * min(1, rng.uniform(0.72, 1.06)))
    if rng.random() < 0.6:
        governors = rng.randint(5, 16)
        yield "governor", governors, round(governors * rng.uniform(0.3, 1))


def _hsb_courses(school: School, trained: bool, rng: Random) -> Iterator[Course]:
    """Yield the harmful sexual behaviour courses: nobody trained where the school has a gap."""
    if school.kind == "nursery":
        return
    places = rng.randint(1, 5)
    course = rng.choice(("HSB specialist", "multi-agency HSB"))
    yield course, places, rng.randint(1, places) if trained else 0
    if rng.random() < 0.2:
        other = "HSB specialist" if course == "multi-agency HSB" else "multi-agency HSB"
        yield other, places, rng.randint(0, places) if trained else 0


def _agency_rows(quarter: str, borough: Borough, seed: int) -> Iterator[Row]:
    for agency, staff, share in _AGENCIES:
        in_scope = Random(f"{seed}/{agency}/{borough.code}").randint(*staff)
        rng = Random(f"{seed}/{agency}/{borough.code}/{quarter}")
        for course in ("HSB specialist", "multi-agency HSB"):
            trained = round(in_scope * rng.uniform(*share))
            yield quarter, borough.name, agency, None, course, in_scope, trained
