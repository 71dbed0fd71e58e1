"""The demonstration's files read back, and what its tests ask of them again and again."""

import csv
import io
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from gapmap.demo import DemoFile

ROOT = Path(__file__).resolve().parents[3]

HACKNEY, BROMLEY, HAVERING, CITY = "E09000012", "E09000006", "E09000016", "E09000001"
STRAY = {"Brent", "Lewisham", "Sutton"}
ENGAGED = {"named contact", "active", "embedded"}
# The first month of the term before the one in which the quarter ends.
PREVIOUS_TERM = {
    "2024-Q4": "2024-04",
    "2025-Q2": "2025-01",
    "2025-Q4": "2025-04",
    "2026-Q1": "2025-09",
    "2026-Q2": "2026-01",
    "2026-Q3": "2026-04",
}
POLICE_QUARTERS = list(PREVIOUS_TERM)
QUARTERS = [
    "2024-Q4",
    "2025-Q1",
    "2025-Q2",
    "2025-Q3",
    "2025-Q4",
    "2026-Q1",
    "2026-Q2",
    "2026-Q3",
]
OUTSIDE_THE_SCOPE = {"Higher education institutions", "Online provider"}
COLLEGES = {
    "Further education",
    "Sixth form centres",
    "Special post 16 institution",
    "Academy 16-19 converter",
    "Academy 16 to 19 sponsor led",
    "Free schools 16 to 19",
}

Row = dict[str, str]
Filed = Mapping[str, Sequence[tuple[DemoFile, list[Row]]]]


def rows_of(file: DemoFile) -> list[Row]:
    """The rows of a file by heading, every cell a text."""
    return list(csv.DictReader(io.StringIO(file.content.decode("utf-8"), newline="")))


def every_row(by_extract: Filed, extract: str) -> Iterator[Row]:
    """All rows of an extract, in the order of the files."""
    for _, rows in by_extract[extract]:
        yield from rows


def share(states: list[bool]) -> float:
    return sum(states) / len(states)


def code_of(row: Row) -> str:
    return row["DistrictAdministrative (code)"]


def police_states(by_extract, school, quarter: str) -> dict[str, dict[str, bool]]:
    """Met (True) or gap by URN, by borough; a named contact without a month is unknown."""
    states: dict[str, dict[str, bool]] = defaultdict(dict)
    for file, rows in by_extract["police_engagement"]:
        for row in rows if file.quarter == quarter else ():
            engaged = row["level"] in ENGAGED
            if engaged and not row["last_contact_month"]:
                continue
            recent = row["last_contact_month"] >= PREVIOUS_TERM[quarter]
            borough = school[row["urn"]]["DistrictAdministrative (code)"]
            states[borough][row["urn"]] = engaged and recent
    return states


def trained_states(by_extract, school, quarter: str, courses: str) -> dict[str, dict[str, bool]]:
    """The same for training: `HSB`, at least one trained; `DSL`, all in scope in date."""
    counts: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for file, rows in by_extract["training"]:
        for row in rows if file.quarter == quarter else ():
            if row["agency"] == "school" and courses in row["course"]:
                counts[row["urn"]].append((int(row["staff_trained"]), int(row["staff_in_scope"])))
    states: dict[str, dict[str, bool]] = defaultdict(dict)
    for urn, pairs in counts.items():
        trained, in_scope = map(sum, zip(*pairs, strict=True))
        met = trained > 0 if courses == "HSB" else trained == in_scope
        states[school[urn]["DistrictAdministrative (code)"]][urn] = met
    return states


def shares(states: dict[str, dict[str, bool]]) -> dict[str, float]:
    return {borough: share(list(its.values())) for borough, its in states.items()}
