"""Residents under 18 by borough: invented, of about the size that London's boroughs have."""

from collections.abc import Iterator, Sequence
from random import Random

from gapmap.demo.boroughs import Borough
from gapmap.demo.files import DemoFile, csv_bytes

COLUMNS = ("borough", "year", "age_group", "residents")
YEARS = (2024, 2025)

_CITY = 900
# Boroughs of inner London have fewer children for their number of schools.
_PER_STATE_SCHOOL = {True: 690, False: 830}


def population_files(boroughs: Sequence[Borough], seed: int) -> Iterator[DemoFile]:
    """Yield a file a year, as of 30 June; its name and sender say that it is synthetic."""
    for year in YEARS:
        rows = [(one.name, year, "0-17", _residents(one, year, seed)) for one in boroughs]
        yield DemoFile(
            name=f"synthetic_population_0-17_mid-{year}.csv",
            extract="population",
            content=csv_bytes(COLUMNS, rows),
            register_date=None,
            quarter=f"{year}-Q2",
            covers=tuple(borough.code for borough in boroughs),
            nil_returns=(),
            submitted_by="administrator@london-partnership.example",
        )


def _residents(borough: Borough, year: int, seed: int) -> int:
    """Return a number that follows the borough's schools and falls a little from year to year."""
    primary, secondary, *_ = borough.counts
    rng = Random(f"{seed}/population/{borough.code}")
    if borough.name == "City of London":
        first = _CITY * rng.uniform(0.9, 1.1)
    else:
        first = _PER_STATE_SCHOOL[borough.inner] * (primary + secondary) * rng.uniform(0.92, 1.08)
    a_year = rng.uniform(-0.016, 0.006)
    return round(first * (1 + a_year) ** (year - YEARS[0]))
