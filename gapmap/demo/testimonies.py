"""Testimonies that name a school: one list for London, of a few hundred schools."""

from collections.abc import Sequence
from random import Random

from gapmap.demo.boroughs import Borough
from gapmap.demo.files import DemoFile, csv_bytes
from gapmap.demo.quiet import quiet_schools
from gapmap.demo.school import School

COLUMNS = ("quarter", "urn", "testimonies")
COPIED = "2025-Q1"

# How likely a school is named, and how many testimonies there are about at most, by kind.
_NAMED = {
    "secondary": (0.38, 14),
    "independent": (0.5, 22),
    "college": (0.45, 12),
    "special": (0.05, 3),
    "alternative": (0.08, 3),
    "primary": (0.015, 2),
}


def testimonies_file(boroughs: Sequence[Borough], schools: Sequence[School], seed: int) -> DemoFile:
    """Return the list as it was copied once; boroughs without a school on it have none."""
    rows = list(_rows(schools, seed))
    named = {urn for _, urn, _ in rows}
    with_some = {school.borough.code for school in schools if school.urn in named}
    return DemoFile(
        name=f"testimonies_london_{COPIED}.csv",
        extract="testimonies",
        content=csv_bytes(COLUMNS, rows),
        register_date=None,
        quarter=COPIED,
        covers=tuple(borough.code for borough in boroughs),
        nil_returns=tuple(borough.code for borough in boroughs if borough.code not in with_some),
        submitted_by="review.team@london-partnership.example",
    )


def _rows(schools: Sequence[School], seed: int) -> list[tuple[str, int, int]]:
    quiet = quiet_schools(schools)
    rows = []
    for school in schools:
        rng = Random(f"{seed}/testimonies/{school.urn}")
        chance, most = _NAMED.get(school.kind, (0.0, 0))
        if school.kind == "independent" and not school.has_secondary_pupils:
            chance *= 0.12
        if school.urn in quiet or rng.random() < chance:
            rows.append((COPIED, school.urn, 1 + int(rng.triangular(0, most, 0))))
    return rows
