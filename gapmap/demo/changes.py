"""Schools that open, close, convert, merge and split between the demonstration's two registers.

No change falls on a quarter's last day, so that "open at the quarter's end" has one answer.
"""

from collections.abc import Iterator, Set
from dataclasses import replace
from datetime import date
from random import Random
from typing import NamedTuple

from gapmap.demo.school import School

_LONG_AGO = date(1995, 9, 1)
_CONVERTED = date(2025, 9, 1)
_LAST_DAY_OF_A_COUNCIL_SCHOOL = date(2025, 8, 31)
_CONVERSIONS = 14


class _Opening(NamedTuple):
    number: int
    kind: str
    opened: date


class _Closure(NamedTuple):
    number: int
    kind: str
    closed: date
    announced: date | None  # None: the register said nothing before the school closed


_OPENINGS = (
    _Opening(4, "primary", date(2025, 9, 1)),
    _Opening(3, "independent", date(2025, 9, 1)),
    _Opening(2, "secondary", date(2025, 9, 1)),
    _Opening(2, "special", date(2026, 4, 15)),
    _Opening(1, "college", date(2025, 9, 1)),
)
_CLOSURES = (
    _Closure(14, "primary", date(2021, 8, 31), None),
    _Closure(8, "independent", date(2022, 8, 31), None),
    _Closure(3, "secondary", date(2023, 8, 31), None),
    _Closure(5, "primary", date(2025, 8, 31), date(2024, 6, 1)),
    _Closure(6, "primary", date(2025, 8, 31), None),
    _Closure(6, "independent", date(2025, 8, 31), None),
    _Closure(1, "alternative", date(2026, 4, 15), None),
    _Closure(7, "primary", date(2026, 8, 31), date(2026, 2, 1)),
    _Closure(2, "independent", date(2027, 8, 31), date(2026, 5, 1)),
)


def with_changes(schools: list[School], untouched: Set[str], rng: Random) -> list[School]:
    """Return the schools with their changes, then the successors of those that converted, of two
    that merged and of one that was split.

    `untouched` names boroughs in which nothing changes. Successors have URNs after the last.
    """
    candidates = [school for school in schools if school.borough.name not in untouched]
    rng.shuffle(candidates)
    changed = {school.urn: school for school in schools}
    for one in (*_opened(candidates), *_closed(candidates)):
        changed[one.urn] = one
    converted = _taken(candidates, _CONVERSIONS, "primary", "Community school")
    for one in converted:
        changed[one.urn] = replace(one, closed=_LAST_DAY_OF_A_COUNCIL_SCHOOL, federation=None)
    merging = _infant_and_junior(candidates)
    splitting = _taken(candidates, 1, "secondary", phase="All-through")
    for one in (*merging, *splitting):
        changed[one.urn] = replace(one, closed=_LAST_DAY_OF_A_COUNCIL_SCHOOL, federation=None)
    first = schools[-1].urn + 1
    successors = list(_successors(converted, schools, first, rng))
    first += len(successors)
    merged = _merged(merging, first)
    return [*changed.values(), *successors, merged, *_split(splitting[0], merged.urn + 1)]


def _taken(
    candidates: list[School],
    number: int,
    kind: str,
    type_name: str | None = None,
    phase: str | None = None,
) -> list[School]:
    """Take schools out of the candidates, so that none changes twice."""
    taken = [
        school
        for school in candidates
        if school.kind == kind
        and type_name in (None, school.type_name)
        and phase in (None, school.phase)
    ][:number]
    return _take_out(taken, candidates)


def _take_out(taken: list[School], candidates: list[School]) -> list[School]:
    urns = {school.urn for school in taken}
    candidates[:] = [school for school in candidates if school.urn not in urns]
    return taken


def _infant_and_junior(candidates: list[School]) -> list[School]:
    """Take a council's infant school and a junior school of the same borough."""
    council = [one for one in candidates if one.type_name == "Community school"]
    juniors = {one.borough.code: one for one in council if one.ages == (7, 11)}
    infant = next(one for one in council if one.ages == (3, 7) and one.borough.code in juniors)
    return _take_out([infant, juniors[infant.borough.code]], candidates)


def _opened(candidates: list[School]) -> Iterator[School]:
    for number, kind, opened in _OPENINGS:
        for school in _taken(candidates, number, kind):
            yield replace(school, opened=opened)


def _closed(candidates: list[School]) -> Iterator[School]:
    for number, kind, closed, announced in _CLOSURES:
        for school in _taken(candidates, number, kind):
            opened = min(school.opened or _LONG_AGO, _LONG_AGO)
            yield replace(school, opened=opened, closed=closed, announced=announced)


def _successors(
    converted: list[School], schools: list[School], first_urn: int, rng: Random
) -> Iterator[School]:
    """Yield the academies that council schools became: same place and name, a URN of their own."""
    for urn, school in enumerate(converted, start=first_urn):
        trusts = sorted(
            {
                neighbour.trust
                for neighbour in schools
                if neighbour.trust
                and neighbour.borough.police_bcu_code == school.borough.police_bcu_code
            }
        )
        yield replace(
            school,
            urn=urn,
            type_name="Academy converter",
            opened=_CONVERTED,
            trust=rng.choice(trusts),
            federation=None,
            predecessors=(school.urn,),
        )


def _merged(merging: list[School], urn: int) -> School:
    """Return the primary school that an infant and a junior school became, on the first's site."""
    infant, junior = merging
    stem = infant.name.partition(" ")[0]
    return replace(
        infant,
        urn=urn,
        name=f"{stem} Primary School",
        ages=(3, 11),
        pupils=(infant.pupils or 0) + (junior.pupils or 0),
        opened=_CONVERTED,
        federation=None,
        predecessors=(infant.urn, junior.urn),
    )


def _split(school: School, urn: int) -> Iterator[School]:
    """Yield the primary and the secondary school that an all-through school was split into."""
    stem = school.name.partition(" ")[0]
    easting, northing = school.point
    parts = (
        ("primary", "Primary School", "Primary", (4, 11), 3900, 0.4),
        ("secondary", "High School", "Secondary", (11, 18), school.number, 0.6),
    )
    for offset, (kind, ending, phase, ages, number, share) in enumerate(parts):
        yield replace(
            school,
            urn=urn + offset,
            kind=kind,
            number=number,
            name=f"{stem} {ending}",
            phase=phase,
            ages=ages,
            pupils=round((school.pupils or 0) * share),
            point=(easting + 20 * offset, northing),  # two doors of one site
            opened=_CONVERTED,
            predecessors=(school.urn,),
        )
