"""The partnership review: ten items a borough, compiled once a quarter for all of London."""

from collections.abc import Iterator, Sequence
from random import Random

from gapmap.demo.boroughs import Borough
from gapmap.demo.files import DemoFile, csv_bytes
from gapmap.demo.quarters import QUARTERS, month_before

COLUMNS = ("quarter", "borough", "item", "status", "month")
# How likely each item is done by the first quarter, and how many quarters the others take at most.
_ITEMS = {
    "review completed": (0.45, 6),
    "offer published": (0.40, 7),
    "GPs alerted": (0.35, 9),
    "mental health services alerted": (0.30, 10),
    "emergency DSL forum held": (0.60, 5),
    "parents' campaign": (0.20, 10),
    "PSHE programme": (0.30, 9),
    "LADO function extended": (0.15, 12),
    "DSL supervision pilot": (0.0, 16),
    "good practice shared": (0.15, 10),
}
NEVER_SENT = ("Waltham Forest",)
STOPPED = {"Croydon": "2025-Q4"}
LATE_IN_THE_LAST = ("Barking and Dagenham", "Harrow", "Newham")
# Quarters in which an item was begun and done: counted from the first quarter of the
# demonstration; below 0 is before it. Hackney's pilot is what closed its gap in supervision.
COURSES = {
    ("Hackney", "DSL supervision pilot"): (4, 7),
    ("Hackney", "good practice shared"): (6, 7),
    ("Hammersmith and Fulham", "DSL supervision pilot"): (-6, -3),
    ("Kingston upon Thames", "DSL supervision pilot"): (-6, -2),
    ("Richmond upon Thames", "DSL supervision pilot"): (-6, -2),
}

Row = tuple[object, ...]


def partnership_review_file(quarter: str, boroughs: Sequence[Borough], seed: int) -> DemoFile:
    """Return the quarter's state of the review in the boroughs that told it."""
    telling = [borough for borough in boroughs if _tells(borough, quarter)]
    rows = [row for borough in telling for row in _rows(quarter, borough, seed)]
    return DemoFile(
        name=f"partnership_review_london_{quarter}.csv",
        extract="partnership_review",
        content=csv_bytes(COLUMNS, rows),
        register_date=None,
        quarter=quarter,
        covers=tuple(borough.code for borough in telling),
        nil_returns=(),
        submitted_by="review.team@london-partnership.example",
    )


def _tells(borough: Borough, quarter: str) -> bool:
    if borough.name in LATE_IN_THE_LAST and quarter == QUARTERS[-1]:
        return False
    return borough.name not in NEVER_SENT and quarter <= STOPPED.get(borough.name, quarter)


def _rows(quarter: str, borough: Borough, seed: int) -> Iterator[Row]:
    now = QUARTERS.index(quarter)
    for item in _ITEMS:
        begun, done = _course(borough, item, seed)
        if now < begun:
            yield quarter, borough.name, item, "not started", None
        elif now < done:
            yield quarter, borough.name, item, "in progress", _month(borough, item, begun, seed)
        else:
            yield quarter, borough.name, item, "done", _month(borough, item, done, seed)


def _course(borough: Borough, item: str, seed: int) -> tuple[int, int]:
    """Return the quarters, counted from the first, in which an item was begun and done."""
    if (borough.name, item) in COURSES:
        return COURSES[borough.name, item]
    rng = Random(f"{seed}/review/{borough.code}/{item}")
    at_first, longest = _ITEMS[item]
    done = rng.randint(-4, 0) if rng.random() < at_first else rng.randint(1, longest)
    return done - rng.randint(1, 4), done


def _month(borough: Borough, item: str, number: int, seed: int) -> str:
    """Return a month of the quarter with this number; one in forty is not written down."""
    rng = Random(f"{seed}/review/{borough.code}/{item}/{number}")
    months_back = 3 * -number + rng.randrange(3)
    return "" if rng.random() < 0.025 else month_before(QUARTERS[0], months_back)
