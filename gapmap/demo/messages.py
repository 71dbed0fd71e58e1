"""The message log: which agency told which schools what, kept jointly and sent once a quarter."""

from collections import Counter
from collections.abc import Iterator, Sequence
from random import Random

from gapmap.demo.boroughs import Borough
from gapmap.demo.draws import pick
from gapmap.demo.files import DemoFile, csv_bytes
from gapmap.demo.quarters import month_before
from gapmap.demo.school import School

COLUMNS = ("quarter", "borough", "agency", "message", "school_type", "schools_reached", "month")
NEVER_SENT = ("Havering", "Waltham Forest")
# Who mostly says what, and how likely in a quarter.
_SAID = {
    ("partnership", "statutory framework"): 0.45,
    ("partnership", "support offer"): 0.40,
    ("partnership", "reporting routes"): 0.15,
    ("children's social care", "reporting routes"): 0.35,
    ("children's social care", "support offer"): 0.15,
    ("children's social care", "statutory framework"): 0.10,
    ("police", "police contact"): 0.35,
    ("police", "reporting routes"): 0.12,
    ("health", "health offer"): 0.30,
}
_TOLD = {
    "all": 48,
    "maintained": 12,
    "academy": 12,
    "independent": 14,
    "free school": 3,
    "special": 5,
    "alternative provision": 3,
    "nursery": 1,
    "college": 4,
}
# A message more: Hackney's offer of supervision reached every school as its last term began.
OFFERED = {("Hackney", "2026-Q3"): ("partnership", "support offer", "all", "2026-09")}

Row = tuple[object, ...]


def message_log_file(
    quarter: str, boroughs: Sequence[Borough], schools: Sequence[School], seed: int
) -> DemoFile:
    """Return the quarter's log; boroughs in which nothing was sent ticked that as nil."""
    telling = [borough for borough in boroughs if borough.name not in NEVER_SENT]
    rows = {one.code: list(_rows(quarter, one, schools, seed)) for one in telling}
    return DemoFile(
        name=f"message_log_london_{quarter}.csv",
        extract="message_log",
        content=csv_bytes(COLUMNS, (row for its_rows in rows.values() for row in its_rows)),
        register_date=None,
        quarter=quarter,
        covers=tuple(rows),
        nil_returns=tuple(code for code, its_rows in rows.items() if not its_rows),
        submitted_by="review.team@london-partnership.example",
    )


def _rows(quarter: str, borough: Borough, schools: Sequence[School], seed: int) -> Iterator[Row]:
    numbers = Counter(one.school_type for one in schools if one.borough == borough)
    numbers["all"] = numbers.total()
    rng = Random(f"{seed}/messages/{borough.code}/{quarter}")
    busy = Random(f"{seed}/messages/{borough.code}").uniform(0.3, 1.5)
    offered = OFFERED.get((borough.name, quarter))
    if offered:
        *what, month = offered
        yield quarter, borough.name, *what, numbers["all"], month
    for (agency, message), chance in _SAID.items():
        if rng.random() >= chance * busy:
            continue
        told = pick(_TOLD, rng)
        month = month_before(quarter, rng.randrange(3))
        if numbers[told] and (agency, message, told, month) != offered:
            reached = round(numbers[told] * min(1, rng.uniform(0.6, 1.15)))
            yield quarter, borough.name, agency, message, told, reached, month
