"""One establishment of the demonstration, as it is in truth over the two years."""

from dataclasses import dataclass
from datetime import date

from gapmap.demo.boroughs import Borough
from gapmap.demo.kinds import Ages, in_a_trust
from gapmap.demo.places import Point

FIRST_URN = 900_001


@dataclass(frozen=True)
class School:
    """One establishment.

    `announced`: from this day the register says that it is to close. `predecessors`: the URNs that
    it had before, or those of the schools that it was made from.
    """

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
    predecessors: tuple[int, ...] = ()

    @property
    def school_type(self) -> str:
        """The type in the words of the extracts: maintained, academy, free school, independent…"""
        if self.kind in ("primary", "secondary"):
            if self.type_name.startswith("Academy"):
                return "academy"
            return "free school" if in_a_trust(self.type_name) else "maintained"
        return "alternative provision" if self.kind == "alternative" else self.kind

    @property
    def has_secondary_pupils(self) -> bool:
        """Whether pupils of 11 to 16 are there for all that anybody knows; not a college."""
        if self.kind == "secondary":
            return True
        return self.kind != "college" and self.ages is not None and self.ages[1] >= 16

    @property
    def takes_children_from_11(self) -> bool:
        """Whether some are 11 or older; unknown ages count, but for a primary or nursery."""
        if self.ages is None:
            return self.kind not in ("primary", "nursery")
        return self.ages[1] > 11
