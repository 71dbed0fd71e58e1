"""The boroughs of the demonstration, and roughly how many establishments London has in each."""

import csv
from collections.abc import Iterable
from dataclasses import dataclass

from gapmap.settings import REFERENCE

KINDS = ("primary", "secondary", "independent", "special", "alternative", "nursery", "college")

# Round, approximate numbers: primary, secondary (all-through too), independent, special,
# alternative provision, nursery school, college; then the percentage of primaries in a trust.
_ABOUT = {
    "City of London": (1, 0, 4, 0, 0, 0, 1, 0),
    "Barking and Dagenham": (45, 12, 5, 3, 2, 0, 1, 25),
    "Barnet": (85, 28, 35, 5, 2, 4, 2, 35),
    "Bexley": (55, 16, 5, 5, 1, 0, 1, 65),
    "Brent": (60, 16, 18, 4, 2, 4, 1, 25),
    "Bromley": (75, 18, 18, 5, 2, 0, 2, 90),
    "Camden": (40, 11, 32, 5, 2, 1, 2, 5),
    "Croydon": (85, 25, 22, 7, 3, 5, 2, 55),
    "Ealing": (65, 17, 20, 6, 2, 4, 2, 10),
    "Enfield": (65, 20, 12, 6, 2, 0, 1, 25),
    "Greenwich": (65, 15, 15, 4, 2, 4, 2, 20),
    "Hackney": (55, 16, 32, 4, 2, 2, 2, 15),
    "Hammersmith and Fulham": (35, 12, 22, 5, 2, 4, 2, 30),
    "Haringey": (60, 13, 15, 5, 2, 3, 1, 25),
    "Harrow": (40, 13, 18, 4, 1, 0, 2, 25),
    "Havering": (60, 18, 8, 4, 1, 0, 2, 45),
    "Hillingdon": (65, 23, 15, 8, 2, 1, 2, 45),
    "Hounslow": (55, 18, 15, 5, 1, 1, 1, 25),
    "Islington": (45, 10, 12, 4, 2, 3, 2, 10),
    "Kensington and Chelsea": (25, 6, 40, 2, 1, 4, 2, 15),
    "Kingston upon Thames": (35, 11, 12, 3, 1, 1, 1, 45),
    "Lambeth": (60, 18, 15, 5, 2, 5, 2, 15),
    "Lewisham": (65, 14, 12, 6, 2, 2, 1, 10),
    "Merton": (45, 9, 14, 4, 1, 0, 1, 10),
    "Newham": (65, 20, 10, 2, 2, 7, 3, 45),
    "Redbridge": (50, 18, 20, 5, 2, 0, 1, 20),
    "Richmond upon Thames": (45, 11, 22, 3, 1, 1, 2, 30),
    "Southwark": (70, 20, 15, 7, 2, 5, 1, 30),
    "Sutton": (40, 15, 8, 5, 2, 2, 1, 60),
    "Tower Hamlets": (70, 19, 20, 6, 2, 6, 3, 20),
    "Waltham Forest": (50, 17, 12, 5, 2, 4, 2, 50),
    "Wandsworth": (60, 11, 32, 8, 2, 3, 2, 30),
    "Westminster": (40, 12, 22, 2, 2, 4, 3, 35),
}


@dataclass(frozen=True)
class Borough:
    """A borough with the counts that it gets: `counts` follows KINDS."""

    code: str
    dfe_la_code: str
    name: str
    police_bcu_code: str
    partnership: str
    inner: bool
    counts: tuple[int, ...]
    academy_percent: int


def read_boroughs() -> tuple[Borough, ...]:
    """Return the 33 boroughs of the reference data, in its order.

    Read with csv, which leaves North Area's code as the text `NA`.
    """
    with (REFERENCE / "boroughs.csv").open(encoding="utf-8", newline="") as lines:
        return tuple(_borough(row) for row in csv.DictReader(lines))


def _borough(row: dict[str, str]) -> Borough:
    *counts, academy_percent = _ABOUT[row["borough"]]
    return Borough(
        row["borough_code"],
        row["dfe_la_code"],
        row["borough"],
        row["police_bcu_code"],
        row["partnership"],
        row["inner_outer_dfe"] == "Inner",
        tuple(counts),
        academy_percent,
    )


def by_partnership(boroughs: Iterable[Borough]) -> dict[str, tuple[Borough, ...]]:
    """Return the boroughs of each partnership, in their order; three partnerships have two."""
    partners: dict[str, tuple[Borough, ...]] = {}
    for borough in boroughs:
        partners[borough.partnership] = (*partners.get(borough.partnership, ()), borough)
    return partners
