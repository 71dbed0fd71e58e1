"""Police engagement: one file per command unit, irregular at first, quarterly since."""

from collections.abc import Iterator, Sequence
from random import Random

from gapmap.demo.boroughs import Borough
from gapmap.demo.draws import pick
from gapmap.demo.engagement import POLICE, Engagement
from gapmap.demo.files import DemoFile, csv_bytes, slug
from gapmap.demo.quarters import month_before
from gapmap.demo.school import School

COLUMNS = (
    "quarter",
    "urn",
    "role",
    "priority_school",
    "level",
    "visits",
    "sessions_delivered",
    "last_contact_month",
)
QUARTERS_SENT = ("2024-Q4", "2025-Q2", "2025-Q4", "2026-Q1", "2026-Q2", "2026-Q3")
# East Area's file leaves out Havering; the City's own police stopped sending, so that its last
# answers have gone out of date.
NEVER_COVERED = "Havering"
LAST_SENT = {"City of London": "2025-Q2"}

_ENGAGED_LEVELS = {"named contact": 55, "active": 32, "embedded": 13}
_ROLES_BEFORE = {"safer schools officer": 1}
_ROLES_AT_THE_MOVE = {"designated ward officer CYP": 70, "safer schools officer": 30}
_ROLES_SINCE = {"designated ward officer CYP": 84, "youth engagement officer": 11, "other": 5}
_ANSWERS = {"yes": 13, "no": 70, "not asked": 9, "no reply": 8}

Row = tuple[object, ...]


def police_files(
    quarter: str, boroughs: Sequence[Borough], schools: Sequence[School], seed: int
) -> Iterator[DemoFile]:
    """Yield the quarter's file of each command unit that sent one, without nursery schools."""
    if quarter not in QUARTERS_SENT:
        return
    engagement = Engagement(POLICE, boroughs, seed)
    covered: dict[str, list[Borough]] = {}
    for borough in boroughs:
        if borough.name != NEVER_COVERED and quarter <= LAST_SENT.get(borough.name, quarter):
            unit = borough.police_bcu_code or slug(borough.name)
            covered.setdefault(unit, []).append(borough)
    for unit, its_boroughs in covered.items():
        rows: list[Row] = []
        for borough in its_boroughs:
            asked = [one for one in schools if one.borough == borough and one.kind != "nursery"]
            rows += _rows(engagement, asked, quarter, seed)
        yield DemoFile(
            name=f"police_engagement_{unit}_{quarter}.csv",
            extract="police_engagement",
            content=csv_bytes(COLUMNS, rows),
            register_date=None,
            quarter=quarter,
            covers=tuple(borough.code for borough in its_boroughs),
            nil_returns=(),
            submitted_by=f"schools.contact.{unit.lower()}@police.example",
        )


def _rows(
    engagement: Engagement, asked: Sequence[School], quarter: str, seed: int
) -> Iterator[Row]:
    answering = engagement.answering(asked, quarter)
    engaged = engagement.engaged(answering, quarter)
    for school in answering:
        rng = Random(f"{seed}/police/{school.urn}/{quarter}")
        contact = _engaged(quarter, rng) if school.urn in engaged else _not_engaged(quarter, rng)
        yield (quarter, school.urn, _role(quarter, rng), _priority(school, seed), *contact)


def _engaged(quarter: str, rng: Random) -> Row:
    """Return level, visits, sessions, month: mostly a contact of the quarter itself.

    Mostly, since the answer stands in the next quarter too, by when an older contact has aged.
    """
    month = month_before(quarter, rng.choices(range(6), (32, 32, 30, 3, 2, 1))[0])
    month = month.replace("-08", "-07")  # schools are closed in August
    level = pick(_ENGAGED_LEVELS, rng)
    written = None if rng.random() < 0.03 else month
    return level, rng.randint(1, 8), rng.randint(0, 5), written


def _not_engaged(quarter: str, rng: Random) -> Row:
    """Return the same for a school without police: never met, or met too little or long ago."""
    what = rng.random()
    if what < 0.2:
        return "none", 0, 0, None
    if what < 0.65:
        return "contacted", rng.randint(0, 1), 0, month_before(quarter, rng.randint(0, 8))
    return pick(_ENGAGED_LEVELS, rng), 0, 0, month_before(quarter, rng.randint(10, 18))


def _role(quarter: str, rng: Random) -> str:
    if quarter < "2025-Q2":
        return pick(_ROLES_BEFORE, rng)
    return pick(_ROLES_AT_THE_MOVE if quarter == "2025-Q2" else _ROLES_SINCE, rng)


def _priority(school: School, seed: int) -> str:
    """Return whether it is a priority school, the same in each quarter."""
    return pick(_ANSWERS, Random(f"{seed}/priority/{school.urn}"))
