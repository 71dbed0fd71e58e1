"""The questions that the pages ask, timed on two stores of which one holds ten times the rows."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any, Literal

from benchmarks import national, synthetic
from benchmarks.stores import StoreFolder, publish_file, with_demonstration
from gapmap.question import Question, question
from gapmap.reference import reference
from gapmap.stores.store import Database, Store, rows_of

Instance = Literal["exact", "released"]

TIMES = 20
FILES = 10
# The last is the newest that the demonstration has: the screens look at it first.
QUARTERS = tuple(
    f"{year}-Q{number}"
    for year in (2024, 2025, 2026)
    for number in (1, 2, 3, 4)
    if (2024, 2) <= (year, number) <= (2026, 3)
)
CAMDEN = "E09000007"

# What each page asks when it is opened, and of which store.
PAGES: Mapping[str, tuple[tuple[str, Instance], ...]] = {
    "every page": (
        ("reference/demonstration", "released"),
        ("reference/held_quarters", "released"),
        ("reference/filters", "released"),
    ),
    "london": (
        ("london/headline", "released"),
        ("london/runs_out", "released"),
        ("london/not_submitted", "released"),
        ("london/ranking", "released"),
        ("gaps/submitted", "released"),
    ),
    "london, a figure of boroughs": (("areas/values", "released"),),
    "london, what changed": (
        ("london/changed", "released"),
        ("london/movers", "released"),
        ("london/closed_by_type", "released"),
        ("london/items_changed", "released"),
        ("london/messages_sent", "released"),
        ("london/returns_behind", "released"),
    ),
    "london, three criteria": (
        ("london/criteria_schools", "released"),
        ("london/criteria_boroughs", "released"),
    ),
    "london, missing answers": (
        ("london/missing_by_indicator", "released"),
        ("london/missing_by_borough", "released"),
    ),
    "borough, a list of London": (
        ("london/listed_schools", "released"),
        ("london/failing_schools", "released"),
    ),
    "borough": (
        ("borough/profile", "released"),
        ("compare/with_peers", "released"),
        ("borough/dsl_runs_out", "released"),
        ("borough/counts", "released"),
        ("areas/values", "released"),
    ),
    "borough, schools": (
        ("schools/in_borough", "released"),
        ("borough/trend", "released"),
        ("gaps/submitted", "released"),
    ),
    "borough, types": (("borough/by_type", "released"),),
    "borough, referrals and voice": (
        ("referrals/by_quarter", "released"),
        ("referrals/breakdown", "released"),
        ("areas/values", "released"),
    ),
    "borough, its own lead": (
        ("referrals/by_quarter", "exact"),
        ("borough/no_referral_seen", "exact"),
    ),
    "school": (
        ("schools/one", "released"),
        ("schools/items", "released"),
        ("schools/score", "released"),
        ("schools/history", "released"),
    ),
    "school, trust": (
        ("schools/trust", "released"),
        ("schools/trust_items", "released"),
    ),
    "school, its own lead": (("schools/for_own_lead", "exact"),),
    "compare": (
        ("compare/areas", "released"),
        ("compare/by_borough", "released"),
        ("compare/side_by_side", "released"),
        ("compare/unknown", "released"),
    ),
    "compare, funnel and trends": (
        ("compare/by_borough", "released"),
        ("compare/trend", "released"),
    ),
    "engagement": (
        ("engagement/by_type", "released"),
        ("engagement/letter_answers", "released"),
        ("engagement/told_by_type", "released"),
        ("gaps/submitted", "released"),
        ("gaps/by_borough", "released"),
    ),
    "actions": (
        ("agreements/where_gaps_stand", "released"),
        ("joined_up/review_by_borough", "released"),
    ),
    "agency": (
        ("agency/gaps", "released"),
        ("agency/review_items", "released"),
        ("agency/by_part", "released"),
    ),
    "voice": (
        ("voice/ladder", "released"),
        ("voice/reported", "released"),
        ("gaps/submitted", "released"),
    ),
    "voice, by borough": (("voice/by_borough", "released"),),
    "voice, beside what was reported": (
        ("areas/values", "released"),
        ("voice/testimonies_by_engagement", "released"),
    ),
    "voice, its own lead": (("voice/named_schools", "exact"),),
    "joined_up": (
        ("joined_up/training", "released"),
        ("gaps/submitted", "released"),
    ),
    "joined_up, messages and review": (
        ("joined_up/messages", "released"),
        ("joined_up/review", "released"),
        ("joined_up/review_by_borough", "released"),
        ("engagement/by_type", "released"),
    ),
    "joined_up, pilots": (("joined_up/pilots", "released"),),
    "joined_up, figures": (
        ("areas/values", "released"),
        ("joined_up/published_factor", "released"),
    ),
    "returns": (
        ("returns/states", "released"),
        ("returns/places", "released"),
    ),
    "definitions, how fresh": (("returns/freshness", "released"),),
    "upload": (
        ("store/version", "exact"),
        ("submissions/current", "exact"),
    ),
    "submissions": (
        ("submissions/standing", "released"),
        ("submissions/all", "exact"),
        ("submissions/events", "exact"),
    ),
}

# Where a page opens without a choice that others make.
OPENS_WITHOUT: Mapping[str, tuple[str, ...]] = {
    "london": ("borough",),
    "compare": ("indicator",),
    "borough": ("indicator",),
    "engagement": ("borough",),
    "agency": ("borough",),
    "returns": ("extract",),
    "submissions": ("extract",),
}

# The same figures from the rows, at view time: for what is aggregated at publication.
FROM_THE_ROWS = {
    "referrals/by_borough": """
        select borough_code, sum(referrals) from current_referrals
        where referral_type = 'HSB' and quarter = $quarter group by borough_code""",
    "referrals/by_quarter": """
        select quarter, sum(referrals) filter (where borough_code = $borough), sum(referrals)
        from current_referrals where referral_type = 'HSB' group by quarter""",
}


def measure(folder: Path, rows: int, demonstration: StoreFolder | None = None) -> dict[str, Any]:
    """Medians in milliseconds by page and question, with `rows` and with ten times `rows`.

    Both stores hold the demonstration data, then ten files of referrals, one a quarter; what stands
    is then swollen to England's size.
    """
    base = demonstration or with_demonstration(folder / "demonstration")
    sizes = {"small": rows, "large": 10 * rows}
    seconds: dict[str, float] = {}
    filled = {name: base.copy_to(folder / name) for name in sizes}
    for name, total in sizes.items():
        with filled[name].opened() as store:
            begun = time.perf_counter()
            _fill(store, folder, total // FILES)
            seconds[name] = time.perf_counter() - begun
            national.swell(store)
    # Opened afresh, as the app finds them, and asked in turns.
    with filled["small"].opened() as small, filled["large"].opened() as large:
        questions = _timed_pages({"small": small, "large": large})
    return {"rows": sizes, "seconds_to_publish": seconds, "questions": questions, "times": TIMES}


def _fill(store: Store, folder: Path, rows_a_file: int) -> None:
    schools = synthetic.open_schools(synthetic.demonstration_register())
    for number, quarter in enumerate(QUARTERS):
        table = synthetic.referrals(schools, rows_a_file, [quarter], synthetic.SEED + number)
        file = synthetic.write_csv(table, folder / f"referrals-{quarter}.csv")
        publish_file(store, "referrals", file)
        file.unlink()


def _timed_pages(stores: Mapping[str, Store]) -> list[dict[str, Any]]:
    values = {size: _values(store) for size, store in stores.items()}
    return [
        {
            "page": page,
            "question": name,
            "store": instance,
            **_timed("ms", _askings(stores, values, page, name, instance)),
            **_timed("from_rows_ms", _askings_of_rows(stores, values, name)),
        }
        for page, asked in PAGES.items()
        for name, instance in asked
    ]


Asking = Callable[[], Any]
Values = Mapping[str, Mapping[str, Any]]


def _askings(
    stores: Mapping[str, Store], values: Values, page: str, name: str, instance: Instance
) -> dict[str, Asking]:
    asked = question(name)
    left_out = OPENS_WITHOUT.get(page, ())
    askings = {}
    for size, store in stores.items():
        opening = {k: v for k, v in values[size].items() if k not in left_out}
        database = store.exact if instance == "exact" else store.released
        askings[size] = _asking(database, asked, given_for(asked, opening))
    return askings


def _askings_of_rows(stores: Mapping[str, Store], values: Values, name: str) -> dict[str, Asking]:
    """The same figures from the rows; none for a question that no rows stand behind."""
    sql = FROM_THE_ROWS.get(name)
    if sql is None:
        return {}
    takes = {key: p for key, p in question(name).parameters.items() if f"${key}" in sql}
    asked = Question(name, "", {}, takes, sql)
    return {
        size: _asking(store.exact, asked, given_for(asked, values[size]))
        for size, store in stores.items()
    }


def _asking(database: Database, asked: Question, given: Mapping[str, Any]) -> Asking:
    # As a frame: that is what a page gets.
    return lambda: database.answer(asked, given).to_pandas()


def _timed(what: str, askings: Mapping[str, Asking]) -> dict[str, float]:
    """Median milliseconds of each, asked in turns, and how they grow from small to large."""
    if not askings:
        return {}
    taken: dict[str, list[float]] = {size: [] for size in askings}
    for _ in range(1 + TIMES):
        for size, ask in askings.items():
            begun = time.perf_counter()
            ask()
            taken[size].append(1000 * (time.perf_counter() - begun))
    # Without the first, in which DuckDB reads the file.
    small, large = (statistics.median(taken[size][1:]) for size in ("small", "large"))
    return {f"{what}_small": small, f"{what}_large": large, f"{what}_growth": large / small}


def _values(store: Store) -> dict[str, Any]:
    """A value for every parameter that a page's question needs."""
    quarter, before = QUARTERS[-1], QUARTERS[-2]
    schools = rows_of(
        store.released.ask(
            "schools/in_borough",
            {"quarter": quarter, "borough": CAMDEN, "indicator": "police_engagement"},
        )
    )
    newest = rows_of(store.exact.ask("submissions/all"))[0]["submission_id"]
    return {
        "quarter": quarter,
        "previous": before,
        "borough": CAMDEN,
        "indicator": "police_engagement",
        "measure": "hsb_referrals",
        "measures": ["no_referral_seen"],
        "level": "borough",
        "area": CAMDEN,
        "breakdown": "source",
        "owner": "school",
        "part": "borough",
        "today": date(2026, 11, 2),
        "said": "harassment happens",
        "item": "DSL supervision pilot",
        "extract": "referrals",
        "urn": schools[0]["urn"],
        "submission": newest,
        "pairs": [f"{quarter} {CAMDEN}"],
        "quarters": [quarter],
        "areas": [f"borough:{CAMDEN}", f"neighbours:{CAMDEN}", "inner or outer:Inner"],
        "boroughs": [row["borough_code"] for row in reference.boroughs()],
        "indicators": ["police_engagement", "dsl_in_date", "hsb_training"],
        "school_types": ["independent"],
        "extracts": ["training", "police_engagement", "school_safeguarding"],
        "answers": ["gap"],
        "ahead": 2,
        "least": 10,
        "ceiling": 0.8,
    }


def given_for(asked: Question, values: Mapping[str, Any]) -> dict[str, Any]:
    """The values that a question takes. Raises QuestionError when one that it needs has none."""
    return asked.bind({key: values[key] for key in asked.parameters if key in values})
