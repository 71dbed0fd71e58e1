"""DfE's published factors at the end of assessment, in its layout, with invented figures."""

from collections.abc import Iterable, Iterator, Sequence
from random import Random

from gapmap.demo.boroughs import Borough
from gapmap.demo.draws import part_of
from gapmap.demo.files import DemoFile, csv_bytes

COLUMNS = (
    "time_period",
    "time_identifier",
    "geographic_level",
    "country_code",
    "country_name",
    "region_code",
    "region_name",
    "new_la_code",
    "old_la_code",
    "la_name",
    "Episodes_with_assessment_factor",
    "Sexual_Abuse_child_on_child",
    "Sexual_Abuse_adult_on_child",
)
YEARS = (2022, 2023, 2024, 2025)
# Symbols of the publication: c confidential, x not available, z not applicable, low rounds to 0.
_SMALL = 5
NOT_AVAILABLE = {("Lewisham", 2024), ("Havering", 2023)}
NOT_APPLICABLE = {("City of London", 2022)}
PUBLISHED_ZERO = {("Bexley", 2025), ("Bexley", 2024)}
LOW = {("Harrow", 2025), ("Sutton", 2023)}

_ENGLAND = ("E92000001", "England")
_LONDON = {True: ("E13000001", "Inner London"), False: ("E13000002", "Outer London")}
_OTHER_REGIONS = {"E12000008": "South East", "E12000006": "East of England"}
_OTHER_AUTHORITIES = (
    ("E12000006", "E06000032", "821", "Luton"),
    ("E12000008", "E06000039", "871", "Slough"),
)

Row = tuple[object, ...]
Figures = tuple[object, object, object]


def factors_file(boroughs: Sequence[Borough], seed: int) -> DemoFile:
    """Return the whole series as one download: national, regional and local rows of each year."""
    rows = [row for year in YEARS for row in _rows(year, boroughs, seed)]
    return DemoFile(
        name=f"synthetic_cin_factors_{YEARS[0]}_to_{YEARS[-1]}.csv",
        extract="cin_factors",
        content=csv_bytes(COLUMNS, rows),
        register_date=None,
        quarter=f"{YEARS[-1]}-Q1",
        covers=tuple(borough.code for borough in boroughs),
        nil_returns=(),
        submitted_by="administrator@london-partnership.example",
    )


def _rows(year: int, boroughs: Sequence[Borough], seed: int) -> Iterator[Row]:
    own = {borough: _own_figures(borough, year, seed) for borough in boroughs}
    yield _row(year, "National", (*_ENGLAND, *[None] * 5), _scaled(own.values(), 7.6))
    yield _row(year, "Regional", _region("E12000007", "London"), _scaled(own.values(), 1))
    for inner, region in _LONDON.items():
        part = [figures for borough, figures in own.items() if borough.inner is inner]
        yield _row(year, "Regional", _region(*region), _scaled(part, 1))
    for code, name in _OTHER_REGIONS.items():
        scale = Random(f"{seed}/factors/{code}/{year}").uniform(0.6, 1.1)
        yield _row(year, "Regional", _region(code, name), _scaled(own.values(), scale))
    for borough in boroughs:
        figures = _published(borough, year, own[borough])
        yield _row(year, "Local authority", _authority(borough), figures)
    for region_code, *authority in _OTHER_AUTHORITIES:
        place = (*_region(region_code, _OTHER_REGIONS[region_code])[:4], *authority)
        rng = Random(f"{seed}/factors/{authority[0]}/{year}")
        assessments = rng.randint(900, 1600)
        figures = assessments, part_of(assessments, 0.02, rng), part_of(assessments, 0.03, rng)
        yield _row(year, "Local authority", place, figures)


def _row(year: int, level: str, place: tuple[object, ...], figures: Figures) -> Row:
    return year, "Reporting year", level, *place, *figures


def _region(code: str, name: str) -> tuple[object, ...]:
    return *_ENGLAND, code, name, None, None, None


def _authority(borough: Borough) -> tuple[object, ...]:
    region = _region(*_LONDON[borough.inner])[:4]
    return (*region, borough.code, borough.dfe_la_code, borough.name)


def _scaled(parts: Iterable[tuple[int, int, int]], scale: float) -> Figures:
    """Return the sum of the figures, times `scale`."""
    assessments, child, adult = (round(scale * sum(of)) for of in zip(*parts, strict=True))
    return assessments, child, adult


def _own_figures(borough: Borough, year: int, seed: int) -> tuple[int, int, int]:
    """Return assessments with a factor, and with sexual abuse by a child and by an adult."""
    primary, secondary, *_ = borough.counts
    rng = Random(f"{seed}/factors/{borough.code}")
    mean = 18.0 * (primary + 2 * secondary) * rng.uniform(0.7, 1.3)
    share = rng.uniform(0.008, 0.03)
    rng = Random(f"{seed}/factors/{borough.code}/{year}")
    assessments = max(4, round(rng.gauss(mean, 0.05 * mean)))
    return (
        assessments,
        part_of(assessments, share, rng),
        part_of(assessments, 1.6 * share, rng),
    )


def _published(borough: Borough, year: int, figures: tuple[int, int, int]) -> Figures:
    """Return the figures with the symbols that stand for them in the publication."""
    place = (borough.name, year)
    if place in NOT_AVAILABLE:
        return "x", "x", "x"
    assessments, child, adult = figures
    shown = tuple("c" if 1 <= count <= _SMALL else count for count in (child, adult))
    if place in NOT_APPLICABLE:
        return assessments, "z", shown[1]
    if place in PUBLISHED_ZERO:
        return assessments, 0, shown[1]
    return assessments, "low" if place in LOW else shown[0], shown[1]
