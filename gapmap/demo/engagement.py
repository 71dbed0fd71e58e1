"""Which schools answer, and which of them are engaged: the patterns behind the figures.

Each borough has a share for each subject that moves in a line over the eight quarters. Within a
borough its most engaged schools make up that share, by a score that a school mostly keeps.
"""

from collections.abc import Iterable, Sequence
from random import Random

from gapmap.demo.boroughs import Borough
from gapmap.demo.draws import within
from gapmap.demo.quarters import QUARTERS
from gapmap.demo.school import School

POLICE, HSB, DSL = "police engagement", "HSB training", "DSL in date"

# The share of schools that are engaged: (the lowest borough's, the highest's) in the last quarter.
_SPREAD = {POLICE: (0.40, 0.90), HSB: (0.36, 0.86), DSL: (0.48, 0.92)}
# The one that improved markedly and the one that slipped: (first quarter's, last quarter's).
_COURSES = {
    ("Hackney", POLICE): (0.34, 0.88),
    ("Hackney", HSB): (0.36, 0.86),
    ("Bromley", POLICE): (0.86, 0.44),
    ("Bromley", HSB): (0.80, 0.48),
    ("Bromley", DSL): (0.90, 0.66),
}
# The Metropolitan Police moved its schools officers in May 2025; contact fell for a while. Leads
# who were trained together in the autumn of 2024 ran out of date together.
_DIP = {(POLICE, "2025-Q2"): 0.04, (POLICE, "2025-Q4"): 0.03, (DSL, "2026-Q3"): 0.16}

_LEANING = {
    "primary": 0.2,
    "secondary": 0.5,
    "independent": -1.6,
    "special": 0.3,
    "alternative": 0.6,
    "nursery": 0.1,
    "college": -0.5,
}
# Of a borough's independent schools the police reach a part of their own; in the last quarter
# two boroughs met each of them, after a drive, and two lost touch.
_MOVED = {"Brent": 0.22, "Lewisham": 0.18, "Redbridge": -0.12, "Hillingdon": -0.12}
_ANSWERING = {
    "primary": 0.94,
    "secondary": 0.96,
    "independent": 0.70,
    "special": 0.94,
    "alternative": 0.94,
    "nursery": 0.92,
    "college": 0.83,
}
# Some schools stopped answering: by the last quarters their answers have gone out of date.
_STOPPED, _LAST_ANSWERED = 0.05, "2025-Q2"


class Engagement:
    """The engagement of London's schools in one subject, for one seed."""

    def __init__(self, subject: str, boroughs: Sequence[Borough], seed: int) -> None:
        self._subject = subject
        self._key = f"{seed}/{subject}"
        low, high = _SPREAD[subject]
        rng = Random(self._key)
        step = (high - low) / (len(boroughs) - 1)
        last = [low + step * position for position in range(len(boroughs))]
        rng.shuffle(last)
        self._course = {
            borough.name: _COURSES.get(
                (borough.name, subject), (share - rng.uniform(-0.03, 0.09), share)
            )
            for borough, share in zip(boroughs, last, strict=True)
        }

    def share(self, borough: Borough, quarter: str) -> float:
        """Return the share of a borough's answering schools that are engaged in a quarter."""
        first, last = self._course[borough.name]
        passed = QUARTERS.index(quarter) / (len(QUARTERS) - 1)
        return first + (last - first) * passed - _DIP.get((self._subject, quarter), 0)

    def answering(self, schools: Iterable[School], quarter: str) -> list[School]:
        """Return the schools that stand in the file of a quarter; the others are absent from it."""
        return [school for school in schools if self._answers(school, quarter)]

    def engaged(self, schools: Sequence[School], quarter: str) -> set[int]:
        """Return the URNs of those engaged among one borough's answering schools."""
        if not schools:
            return set()
        borough = schools[0].borough
        wanted = round(self.share(borough, quarter) * len(schools))
        ordered = sorted(schools, key=lambda school: -self._score(school, quarter))
        if self._subject == POLICE:
            independent = [one for one in ordered if one.kind == "independent"]
            reached = round(self._share_of_independents(borough, quarter) * len(independent))
            others = [one for one in ordered if one.kind != "independent"]
            ordered = [*independent[:reached], *others, *independent[reached:]]
        return {school.urn for school in ordered[:wanted]}

    def _share_of_independents(self, borough: Borough, quarter: str) -> float:
        own = Random(f"{self._key}/independents/{borough.name}").uniform(-0.07, 0.07)
        moved = _MOVED.get(borough.name, 0) if quarter == QUARTERS[-1] else 0
        return within(0, 0.8 * self.share(borough, quarter) - 0.18 + own + moved, 1)

    def _answers(self, school: School, quarter: str) -> bool:
        stopped = self._draw("stopped", school).random() < _STOPPED
        if stopped and quarter > _LAST_ANSWERED:
            return False
        kept = self._draw("answers", school).random()
        passing = self._draw("answers", school, quarter).gauss(0, 0.02)
        return kept + passing < _ANSWERING[school.kind]

    def _score(self, school: School, quarter: str) -> float:
        kept = self._draw("leans", school).gauss(0, 1)
        passing = self._draw("leans", school, quarter).gauss(0, 0.3)
        return _LEANING[school.kind] + kept + passing

    def _draw(self, what: str, school: School, quarter: str = "") -> Random:
        return Random(f"{self._key}/{what}/{school.urn}/{quarter}")
