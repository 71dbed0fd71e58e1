"""The register as GIAS gives it on two days, and which schools were open at a quarter's end."""

from collections.abc import Iterable
from datetime import date

from gapmap.demo.boroughs import Borough
from gapmap.demo.files import DemoFile, csv_bytes
from gapmap.demo.quarters import quarter_end, quarter_of_day
from gapmap.demo.school import School

REGISTER_DATES = (date(2024, 9, 30), date(2026, 6, 30))

COLUMNS = (
    "URN",
    "LA (code)",
    "EstablishmentNumber",
    "EstablishmentName",
    "TypeOfEstablishment (name)",
    "EstablishmentTypeGroup (name)",
    "EstablishmentStatus (name)",
    "OpenDate",
    "CloseDate",
    "PhaseOfEducation (name)",
    "StatutoryLowAge",
    "StatutoryHighAge",
    "Gender (name)",
    "ReligiousCharacter (name)",
    "NumberOfPupils",
    "Trusts (code)",
    "Trusts (name)",
    "Federations (code)",
    "Federations (name)",
    "DistrictAdministrative (code)",
    "Easting",
    "Northing",
)
_GROUPS = {
    "Local authority maintained schools": (
        "Community school",
        "Voluntary aided school",
        "Voluntary controlled school",
        "Foundation school",
        "Pupil referral unit",
        "Local authority nursery school",
    ),
    "Special schools": (
        "Community special school",
        "Foundation special school",
        "Non-maintained special school",
        "Other independent special school",
    ),
    "Free Schools": ("University technical college", "Studio schools"),
    "Independent schools": ("Other independent school",),
    "Colleges": ("Further education", "Sixth form centres"),
    "Other types": ("Special post 16 institution",),
    "Universities": ("Higher education institutions",),
    "Online provider": ("Online provider",),
}
_GROUP_OF_TYPE = {name: group for group, names in _GROUPS.items() for name in names}
_OUTSIDE_THE_SCOPE = ("university", "online")


class Register:
    """What the register says of the schools on each of its days."""

    def __init__(self, schools: Iterable[School]) -> None:
        self.schools = tuple(schools)

    def dated(self, quarter: str) -> date:
        """Return the day of the register that holds at the end of a quarter."""
        return max(day for day in REGISTER_DATES if day <= quarter_end(quarter))

    def listed(self, dated: date) -> tuple[School, ...]:
        """Return the schools that the register of that day lists: those opened by then."""
        return tuple(one for one in self.schools if one.opened is None or one.opened <= dated)

    def open_at_end_of(self, quarter: str) -> tuple[School, ...]:
        """Return the schools of S at a quarter's end, as the register that holds then has it."""
        dated, end = self.dated(quarter), quarter_end(quarter)
        return tuple(
            school
            for school in self.listed(dated)
            if school.kind not in _OUTSIDE_THE_SCOPE and not _closed_by(school, dated, end)
        )


def register_file(register: Register, dated: date, boroughs: Iterable[Borough]) -> DemoFile:
    """Return the register of one day as a download from GIAS."""
    return DemoFile(
        name=f"gias_london_{dated.isoformat()}.csv",
        extract="schools",
        content=csv_bytes(COLUMNS, (_row(one, dated) for one in register.listed(dated))),
        register_date=dated,
        quarter=quarter_of_day(dated),
        covers=tuple(borough.code for borough in boroughs),
        nil_returns=(),
        submitted_by="administrator@london-partnership.example",
    )


def _closed_by(school: School, dated: date, day: date) -> bool:
    """Whether the register of `dated` has the school closed on `day`."""
    closed = _known_closure(school, dated)
    return closed is not None and closed <= day


def _known_closure(school: School, dated: date) -> date | None:
    """Return the CloseDate that the register of that day holds: past, or announced."""
    if school.closed is None:
        return None
    announced = school.announced is not None and school.announced <= dated
    return school.closed if announced or school.closed <= dated else None


def _status(school: School, dated: date) -> str:
    if _known_closure(school, dated) is None:
        return "Open"
    return "Closed" if _closed_by(school, dated, dated) else "Open, but proposed to close"


def _group(school: School, dated: date) -> str:
    """Return the group of the type; that of independent special schools changed over the years."""
    name = school.type_name
    if name == "Other independent special school" and dated == REGISTER_DATES[0]:
        return "Independent schools"
    if name in _GROUP_OF_TYPE:
        return _GROUP_OF_TYPE[name]
    return "Academies" if name.startswith("Academy") else "Free Schools"


def _row(school: School, dated: date) -> tuple[object, ...]:
    low, high = school.ages or (None, None)
    return (
        school.urn,
        school.borough.dfe_la_code,
        school.number,
        school.name,
        school.type_name,
        _group(school, dated),
        _status(school, dated),
        _day(school.opened),
        _day(_known_closure(school, dated)),
        school.phase,
        low,
        high,
        school.gender,
        school.religion,
        school.pupils,
        *(school.trust or (None, None)),
        *(school.federation or (None, None)),
        school.borough.code,
        *school.point,
    )


def _day(day: date | None) -> str | None:
    return day.strftime("%d-%m-%Y") if day else None
