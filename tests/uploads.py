"""Files to upload, made by hand, and the shortest way through production intake into a store."""

from __future__ import annotations

import csv
import io
import sys
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

import openpyxl
import pytest

from gapmap.access import Viewer
from gapmap.calendar_quarter import Quarter, parse_quarter
from gapmap.contract import contracts
from gapmap.intake.intake import Prepared, Upload, prepare
from gapmap.intake.upload import Mode
from gapmap.publishing.submission import Published, publish
from gapmap.question import Question
from gapmap.stores.store import Database, Store, rows_of

TODAY = date(2026, 10, 15)
REGISTERED = date(2026, 6, 30)
MOST_BYTES = 100 * 1024 * 1024
HACKNEY, BROMLEY, BRENT = "E09000012", "E09000006", "E09000005"

Row = Mapping[str, Any]

REGISTER_COLUMNS = (
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
    "HeadLastName",
    "TelephoneNum",
)
# A point well inside each borough: easting, northing.
INSIDE = {HACKNEY: (534500, 185500), BROMLEY: (541500, 168000), BRENT: (520500, 185500)}


def school(
    urn: int,
    borough: str,
    kind: str,
    phase: str = "Not applicable",
    ages: tuple[int | str, int | str] = ("", ""),
    pupils: int | str = "",
    **more: Any,
) -> dict[str, Any]:
    """A row of the register; `more` replaces columns by heading."""
    easting, northing = INSIDE.get(borough, ("", ""))
    return {
        **dict.fromkeys(REGISTER_COLUMNS, ""),
        "URN": urn,
        "EstablishmentName": f"School {urn}",
        "TypeOfEstablishment (name)": kind,
        "EstablishmentStatus (name)": "Open",
        "PhaseOfEducation (name)": phase,
        "StatutoryLowAge": ages[0],
        "StatutoryHighAge": ages[1],
        "NumberOfPupils": pupils,
        "DistrictAdministrative (code)": borough,
        "Easting": easting,
        "Northing": northing,
        "HeadLastName": "Featherstonehaugh",
        "TelephoneNum": "02079460000",
        **more,
    }


def tiny_register() -> list[dict[str, Any]]:
    """Eighteen establishments in three boroughs, fifteen of them in scope at some time."""
    closed = {"EstablishmentStatus (name)": "Closed"}
    return [
        school(100001, HACKNEY, "Community school", "Primary", (3, 11), 420),
        school(100002, HACKNEY, "Academy converter", "Secondary", (11, 18), 1100),
        school(100003, HACKNEY, "Other independent school"),
        school(100004, HACKNEY, "Community special school", ages=(11, 19), pupils=90),
        school(100005, HACKNEY, "Local authority nursery school", "Nursery", (2, 5), 60),
        school(100006, HACKNEY, "Further education", "16 plus", (16, 99)),
        school(100007, HACKNEY, "Pupil referral unit", ages=(5, 16), pupils=35),
        school(100011, BROMLEY, "Free schools", "All Through", (4, 18), 800),
        school(100012, BROMLEY, "Voluntary aided school", "Primary", (4, 11), 210)
        | closed
        | {"CloseDate": "15-02-2026"},
        school(100013, BROMLEY, "Community school", "Primary", (4, 11), 0)
        | {"EstablishmentStatus (name)": "Proposed to open", "OpenDate": "01-09-2026"},
        school(100014, BROMLEY, "Higher education institutions", "Not applicable"),
        school(100015, BROMLEY, "Foundation school", "Secondary", (11, 16)),
        school(100016, BROMLEY, "Other independent school", ages=(4, 13), pupils=150),
        school(100021, BRENT, "Academy 16-19 converter", "16 plus", (16, 19), 640),
        school(100022, BRENT, "Other independent special school", ages=(16, 25), pupils=20),
        school(100023, BRENT, "Community school", "Middle deemed secondary", (9, 13), 330)
        | {
            "EstablishmentStatus (name)": "Open, but proposed to close",
            "CloseDate": "31-12-2026",
        },
        school(100024, BRENT, "Community school", "Primary", (4, 11), 300) | closed,
        school(100025, BRENT, "Other independent school", ages=(2, 5), pupils=40),
    ]


def csv_bytes(rows: Sequence[Row], columns: Sequence[str] | None = None) -> bytes:
    """A CSV file in UTF-8; the columns are those of the first row unless they are given."""
    text = io.StringIO()
    writer = csv.DictWriter(text, columns or list(rows[0]), lineterminator="\n", restval="")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def xlsx_bytes(sheets: Mapping[str, Iterable[Sequence[Any]]]) -> bytes:
    """An Excel workbook: by sheet, its rows of cells from A1."""
    workbook = openpyxl.Workbook()
    workbook.remove(workbook.active)
    for name, rows in sheets.items():
        sheet = workbook.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    content = io.BytesIO()
    workbook.save(content)
    return content.getvalue()


def referral(**values: Any) -> dict[str, Any]:
    """A good row of referrals; `values` replace its cells."""
    return {
        "quarter": "2026-Q3",
        "borough": "Hackney",
        "urn": "",
        "urn_attended": "",
        "referral_type": "HSB",
        "source": "6",
        "outcome": "NFA",
        "referrals": 9,
        "aim_assessments": "",
        "criminal_justice": "",
        **values,
    }


def course(**values: Any) -> dict[str, Any]:
    """A good row of training; `values` replace its cells."""
    return {
        "quarter": "2026-Q3",
        "borough": "Hackney",
        "agency": "school",
        "urn": 100001,
        "course": "DSL initial",
        "staff_in_scope": 2,
        "staff_trained": 2,
        **values,
    }


def engagement(**values: Any) -> dict[str, Any]:
    """A good row of police engagement; `values` replace its cells."""
    return {
        "quarter": "2026-Q3",
        "urn": 100001,
        "role": "other",
        "priority_school": "no",
        "level": "named contact",
        "visits": 1,
        "sessions_delivered": 0,
        "last_contact_month": "2026-09",
        **values,
    }


YES_NO_COLUMNS = tuple(
    f.column for f in contracts()["school_safeguarding"].fields if f.type == "answer"
)


def school_return(**values: Any) -> dict[str, Any]:
    """A good row of school_safeguarding, all of it yes; `values` replace its cells."""
    return {
        "quarter": "2026-Q3",
        "urn": 100001,
        **dict.fromkeys(YES_NO_COLUMNS, "yes"),
        "self_evaluation_met": "",
        "self_evaluation_applicable": "",
        "hsb_reports_two_years": "",
        **values,
    }


def school_link(urn: int, link_urn: int, link_type: str, since: str = "") -> dict[str, Any]:
    """A row of school_links as downloaded; `since` is day-month-year."""
    return {
        "URN": urn,
        "LinkURN": link_urn,
        "LinkName": f"School {link_urn}",
        "LinkType": link_type,
        "LinkEstablishedDate": since,
    }


def upload(
    extract: str,
    content: bytes | Sequence[Row],
    *,
    name: str | None = None,
    quarter: str | Quarter | None = None,
    as_at: date | None = None,
    covers: Sequence[str] = (),
    mode: Mode = "replace",
) -> Upload:
    """An upload of bytes, or of rows as a CSV file. A register is of REGISTERED unless said."""
    if not isinstance(content, bytes):
        content = csv_bytes(content)
    if extract == "schools" and as_at is None:
        as_at = REGISTERED
    chosen = parse_quarter(quarter) if isinstance(quarter, str) else quarter
    named = name or f"{extract}.csv"
    return Upload(content, named, extract, chosen, as_at, tuple(covers), mode=mode)


def check(
    store: Store,
    given: Upload,
    today: date = TODAY,
    most_bytes: int = MOST_BYTES,
    viewer: Viewer | None = None,
) -> Prepared:
    """What intake makes of an upload."""
    return prepare(store, given, most_bytes=most_bytes, today=today, viewer=viewer)


def publish_csv(
    store: Store,
    extract: str,
    content: bytes | Sequence[Row],
    by: str = "lead@hackney.example",
    **declared: Any,
) -> Published:
    """Publish through intake, as a browser or the command line does; fails where it is refused."""
    prepared = check(store, upload(extract, content, **declared))
    assert not prepared.refused, [(issue.code, issue.message) for issue in prepared.issues]
    return publish(store, prepared, by)


def set_clock(patch: pytest.MonkeyPatch, moment: str) -> None:
    """Set the moment, UTC, at which things are published, wherever the program asks for it."""
    now = datetime.fromisoformat(moment)
    for name, module in list(sys.modules.items()):
        if name.startswith("gapmap.") and hasattr(module, "now_utc"):
            patch.setattr(module, "now_utc", lambda: now)


def look(database: Database, sql: str) -> list[dict[str, Any]]:
    """Rows of a store, to be asserted on."""
    return rows_of(database.answer(Question("look", "", {}, {}, sql), {}))


def tables_of(database: Database) -> list[str]:
    """The names of a store's tables, without its views."""
    sql = "from duckdb_tables() select table_name order by table_name"
    return [row["table_name"] for row in look(database, sql)]


def contents(database: Database) -> dict[str, list[dict[str, Any]]]:
    """Every row of every table, in an order of its own: equal where the stores are equal."""
    return {
        table: sorted(look(database, f"from {table}"), key=repr) for table in tables_of(database)
    }
