"""Statistical neighbours in DfE's wide layout: ten an authority, with invented closeness."""

from collections.abc import Sequence
from datetime import date
from random import Random

from gapmap.demo.boroughs import Borough
from gapmap.demo.files import DemoFile, csv_bytes
from gapmap.demo.quarters import quarter_of_day

DATED = date(2024, 9, 30)
RANKS = 10
COLUMNS = (
    "old_la_code",
    *(name for rank in range(1, RANKS + 1) for name in (f"SN_{rank}", f"SN_{rank}P")),
)
# DfE names no neighbours for it: it has one state school.
WITHOUT_NEIGHBOURS = "City of London"

# Authorities outside London, by DfE code: they are neighbours, and have rows of their own.
_OUTSIDE = ("330", "352", "335", "353", "380", "821", "825", "831", "856", "867", "871", "919")
_WORDS = ("Extremely close", "Very close", "Close", "Somewhat close", "Not close")
# A distance up to each of these is one word less close; both are invented.
_UP_TO = (0.30, 0.55, 0.95, 1.6)

Profile = tuple[float, ...]


def neighbours_file(boroughs: Sequence[Borough], seed: int) -> DemoFile:
    """Return the file of all authorities that the demonstration knows, London's first."""
    profiles = {one.dfe_la_code: _of_borough(one) for one in boroughs}
    named = {one.dfe_la_code: one.name for one in boroughs}
    for code in _OUTSIDE:
        profiles[code] = _of_an_authority_outside(code, seed)
    rows = [
        (code,) + (None,) * (2 * RANKS)
        if named.get(code) == WITHOUT_NEIGHBOURS
        else (code, *_nearest(code, profiles, seed))
        for code in profiles
    ]
    with_some = [one.code for one in boroughs if one.name != WITHOUT_NEIGHBOURS]
    return DemoFile(
        name=f"synthetic_statistical_neighbours_{DATED.isoformat()}.csv",
        extract="neighbours",
        content=csv_bytes(COLUMNS, rows),
        register_date=DATED,
        quarter=quarter_of_day(DATED),
        covers=tuple(with_some),
        nil_returns=(),
        submitted_by="administrator@london-partnership.example",
    )


def _of_borough(borough: Borough) -> Profile:
    """Return what boroughs are compared by: inner London, size, independents, academies."""
    primary, secondary, independent, *_ = borough.counts
    return (
        0.8 * borough.inner,
        (primary + 3 * secondary) / 120,
        independent / 40,
        borough.academy_percent / 100,
    )


def _of_an_authority_outside(code: str, seed: int) -> Profile:
    rng = Random(f"{seed}/authority/{code}")
    return (0.0, rng.uniform(0.6, 1.6), rng.uniform(0.1, 0.6), rng.uniform(0.2, 0.9))


def _nearest(code: str, profiles: dict[str, Profile], seed: int) -> list[str]:
    """Return the ten nearest with their closeness in words, nearest first; never the City."""
    rng = Random(f"{seed}/neighbours/{code}")
    own = profiles[code]
    distances = {
        other: 1.6 * sum((a - b) ** 2 for a, b in zip(own, theirs, strict=True)) ** 0.5
        + rng.uniform(0, 0.25)
        for other, theirs in profiles.items()
        if other not in (code, "201")
    }
    nearest = sorted(distances, key=lambda other: (distances[other], other))[:RANKS]
    return [cell for other in nearest for cell in (other, _in_words(distances[other]))]


def _in_words(distance: float) -> str:
    return _WORDS[sum(distance > bound for bound in _UP_TO)]
