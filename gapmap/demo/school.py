"""One establishment of the demonstration, as it is in truth over the two years."""

from dataclasses import dataclass
from datetime import date

from gapmap.demo.boroughs import Borough
from gapmap.demo.kinds import Ages
from gapmap.demo.places import Point

FIRST_URN = 900_001


@dataclass(frozen=True)
class School:
    """One establishment. `announced`: from this day the register says that it is to close."""

    urn: int
    borough: Borough
    kind: str
    number: int
    name: str
    type_name: str
    phase: str
    ages: Ages | None
    gender: str
    religion: str
    pupils: int | None
    point: Point
    opened: date | None
    closed: date | None = None
    announced: date | None = None
    trust: tuple[str, str] | None = None
    federation: tuple[str, str] | None = None
