"""The demonstration is made once for all of its tests."""

import csv
from collections import defaultdict

import pytest

from gapmap.demo import DemoFile, demonstration_files
from tests.gapmap.demo.demo_rows import OUTSIDE_THE_SCOPE, ROOT, Row, rows_of


@pytest.fixture(scope="session")
def files() -> list[DemoFile]:
    return list(demonstration_files())


@pytest.fixture(scope="session")
def by_extract(files: list[DemoFile]) -> dict[str, list[tuple[DemoFile, list[Row]]]]:
    """Files with their rows, by extract."""
    read = defaultdict(list)
    for file in files:
        read[file.extract].append((file, rows_of(file)))
    return dict(read)


@pytest.fixture(scope="session")
def registers(by_extract) -> dict[str, dict[str, Row]]:
    """Rows by URN, by the register's date."""
    return {
        file.register_date.isoformat(): {row["URN"]: row for row in rows}
        for file, rows in by_extract["schools"]
    }


@pytest.fixture(scope="session")
def school(registers) -> dict[str, Row]:
    return registers["2024-09-30"] | registers["2026-06-30"]


@pytest.fixture(scope="session")
def in_scope(registers) -> list[Row]:
    return [
        row
        for row in registers["2024-09-30"].values()
        if row["EstablishmentStatus (name)"] != "Closed"
        and row["TypeOfEstablishment (name)"] not in OUTSIDE_THE_SCOPE
    ]


@pytest.fixture(scope="session")
def borough_codes() -> dict[str, str]:
    with (ROOT / "data/reference/boroughs.csv").open(encoding="utf-8", newline="") as lines:
        return {row["borough"]: row["borough_code"] for row in csv.DictReader(lines)}
