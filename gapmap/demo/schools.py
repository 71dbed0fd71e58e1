"""The invented establishments of London, over the two years that the demonstration covers."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from random import Random

from gapmap.demo.boroughs import KINDS, Borough
from gapmap.demo.changes import with_changes
from gapmap.demo.kinds import draw, in_a_trust
from gapmap.demo.names import school_name, stems, trust_name
from gapmap.demo.places import Places, Point
from gapmap.demo.school import FIRST_URN, School

# One school each lies just outside its stated borough, since a register always has some.
BOROUGHS_WITH_A_STRAY_POINT = ("Brent", "Lewisham", "Sutton")

_FIRST_NUMBER = {
    "primary": 2000,
    "secondary": 4000,
    "independent": 6000,
    "special": 7000,
    "alternative": 1100,
    "nursery": 1000,
    "college": 8000,
}


def schools_of_london(boroughs: tuple[Borough, ...], seed: int) -> tuple[School, ...]:
    """Return all establishments, in S and outside it, by URN, closed ones and successors too."""
    rng = Random(f"{seed}/schools")
    names = stems(rng)
    standing = list(_standing(boroughs, names, rng, seed))
    standing = _with_unusual_phases(_with_trusts(standing, boroughs, names, rng))
    untouched = {"City of London", *BOROUGHS_WITH_A_STRAY_POINT}
    changed = with_changes(standing, untouched, rng)
    return (*changed, *_outside_the_scope(changed, names, rng))


def _standing(
    boroughs: tuple[Borough, ...], names: Iterator[str], rng: Random, seed: int
) -> Iterator[School]:
    places = Places()
    urn = FIRST_URN
    for borough in boroughs:
        point_rng = Random(f"{seed}/points/{borough.code}")
        next_point = places.inside(borough.code, point_rng)
        stray = borough.name in BOROUGHS_WITH_A_STRAY_POINT
        for kind, count in zip(KINDS, borough.counts, strict=True):
            for position in range(count):
                point = next_point()
                if stray and kind == "primary" and position == 0:
                    point = places.just_outside(borough.code, point_rng)
                number = _FIRST_NUMBER[kind] + position
                yield _school(urn, borough, kind, number, next(names), point, rng)
                urn += 1


def _school(
    urn: int, borough: Borough, kind: str, number: int, stem: str, point: Point, rng: Random
) -> School:
    profile = draw(kind, borough, rng)
    return School(
        urn=urn,
        borough=borough,
        kind=kind,
        number=number,
        name=school_name(stem, profile.name_style, profile.religion, rng),
        type_name=profile.type_name,
        phase=profile.phase,
        ages=profile.ages,
        gender=profile.gender,
        religion=profile.religion,
        pupils=profile.pupils,
        point=point,
        opened=_opened(rng, in_a_trust(profile.type_name)),
    )


def _opened(rng: Random, academy: bool) -> date | None:
    """Return a first of September; old schools often have no OpenDate in the register."""
    if academy:
        return date(rng.randint(2010, 2023), 9, 1)
    return date(rng.randint(1900, 2012), 9, 1) if rng.random() < 0.35 else None


def _with_unusual_phases(schools: list[School]) -> list[School]:
    """Make two of them middle schools: London has next to none, the register's words do."""
    middle = {
        ("Harrow", "primary"): ("Middle deemed primary", (8, 12)),
        ("Hillingdon", "secondary"): ("Middle deemed secondary", (9, 13)),
    }
    changed = []
    for school in schools:
        phase, ages = middle.pop((school.borough.name, school.kind), (school.phase, school.ages))
        changed.append(replace(school, phase=phase, ages=ages))
    return changed


def _with_trusts(
    schools: list[School], boroughs: tuple[Borough, ...], names: Iterator[str], rng: Random
) -> list[School]:
    """Give academies a trust of their police command unit, some council primaries a federation."""
    trusts: dict[str, list[tuple[str, str]]] = {}
    for number, borough in enumerate(boroughs):
        named = [
            (str(91_001 + 10 * number + nth), trust_name(next(names), rng)) for nth in range(6)
        ]
        trusts.setdefault(borough.police_bcu_code, []).extend(named)
    joined = [
        replace(school, trust=rng.choice(trusts[school.borough.police_bcu_code]))
        if in_a_trust(school.type_name)
        else school
        for school in schools
    ]
    return _with_federations(joined, names)


def _with_federations(schools: list[School], names: Iterator[str]) -> list[School]:
    """Put pairs of council primaries that follow each other into a federation, one in twelve."""
    federated = list(schools)
    code = 95_001
    for position in range(0, len(schools) - 1, 24):
        pair = schools[position : position + 2]
        if all(one.kind == "primary" and one.trust is None for one in pair) and (
            pair[0].borough == pair[1].borough
        ):
            federation = (str(code), f"{next(names)} Federation")
            federated[position : position + 2] = [
                replace(one, federation=federation) for one in pair
            ]
            code += 1
    return federated


def _outside_the_scope(
    schools: list[School], names: Iterator[str], rng: Random
) -> Iterator[School]:
    """Yield a few establishments that no question counts: universities, an online provider."""
    neighbours = {"Camden": "university", "Greenwich": "university", "Barnet": "online"}
    types = {"university": "Higher education institutions", "online": "Online provider"}
    beside = {school.borough.name: school for school in schools}
    for offset, (name, style) in enumerate(neighbours.items(), start=1):
        yield replace(
            beside[name],
            urn=schools[-1].urn + offset,
            kind=style,
            number=9000 + offset,
            name=school_name(next(names), style, "Does not apply", rng),
            type_name=types[style],
            phase="Not applicable",
            ages=None,
            gender="Mixed",
            religion="Does not apply",
            pupils=None,
            opened=None,
            closed=None,
            announced=None,
            trust=None,
            federation=None,
            predecessors=(),
        )
