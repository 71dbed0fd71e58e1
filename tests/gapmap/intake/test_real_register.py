"""The register as it was downloaded in 2016: 140 columns, Windows-1252, CRLF, blanks everywhere."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pyarrow.parquet as parquet
import pytest

from gapmap.contract import contracts
from gapmap.intake.intake import Prepared
from gapmap.publishing.submission import publish
from gapmap.reading.delimited import read_delimited
from gapmap.settings import ROOT
from gapmap.stores.store import Store, rows_of
from tests.uploads import check, contents, look, upload

FILE = ROOT.parent / "shared" / "data" / "school_register_london_2016.csv"
AS_AT = date(2016, 9, 30)
PERSONAL = ("HeadFirstName", "HeadLastName", "TelephoneNum", "Postcode", "SchoolWebsite", "Street")

pytestmark = pytest.mark.skipif(
    not FILE.exists(), reason="the real register of 2016 is not beside this repository"
)


@pytest.fixture(scope="module")
def prepared(lasting_empty: Store) -> Prepared:
    content = FILE.read_bytes()
    return check(lasting_empty, upload("schools", content, name=FILE.name, as_at=AS_AT))


@pytest.fixture(scope="module")
def loaded(lasting_empty: Store, prepared: Prepared) -> Store:
    assert publish(lasting_empty, prepared, "admin@x").outcome == "published"
    return lasting_empty


def test_it_loads_as_it_is(prepared: Prepared) -> None:
    assert prepared.rows is not None
    assert prepared.rows.num_rows == 3_032
    assert prepared.left_out == 0
    assert len(prepared.dropped_columns) == 118
    assert prepared.issues.counts("error") == {}
    assert prepared.issues.counts("warning") == {
        "read_as_windows_1252": 1,
        "point_outside_borough": 6,
    }
    outside = [issue for issue in prepared.issues if issue.code == "point_outside_borough"]
    assert all(issue.cell and issue.row and "lies outside" in issue.message for issue in outside)
    assert len({pair.borough_code for pair in prepared.pairs}) == 33


def test_the_same_bytes_are_unchanged(loaded: Store, prepared: Prepared) -> None:
    again = check(loaded, prepared.upload)
    assert publish(loaded, again, "admin@x").outcome == "unchanged"


def test_blanks_stay_unknown(loaded: Store) -> None:
    rows = look(loaded.released, "from school where school_type = 'independent'")
    without_ages = [row for row in rows if row["low_age"] is None]
    assert len(without_ages) == 369
    assert {row["phase"] for row in without_ages} == {"unknown"}
    assert all(row["pupils"] is None or row["pupils"] > 0 for row in rows)


def test_it_is_known_to_uploads(loaded: Store) -> None:
    assert len(rows_of(loaded.exact.ask("schools/known"))) == 3_032


def personal_values() -> set[str]:
    """Surnames, phone numbers, postcodes and streets of the file, where it has any."""
    table = read_delimited(FILE.read_bytes())
    places = [table.header.index(name) for name in PERSONAL]
    values = {text for place in places for text in table.columns[place].to_pylist()}
    return {text for text in values if len(text) > 6}


def held(loaded: Store) -> Iterator[str]:
    for database in (loaded.exact, loaded.released):
        for rows in contents(database).values():
            for row in rows:
                yield from (value for value in row.values() if isinstance(value, str))


def test_nothing_personal_is_in_any_table_or_in_the_archive(loaded: Store) -> None:
    personal = personal_values()
    assert len(personal) > 1_000
    names = {row["school_name"] for row in look(loaded.exact, "from schools")}
    assert not (personal - names) & set(held(loaded))
    (file,) = [path for path in loaded.archive.rglob("*") if path.is_file()]
    archived = parquet.read_table(file)
    declared = {field.column for field in contracts()["schools"].fields}
    assert set(archived.column_names) == declared | {"row_no", "lon", "lat"}
    texts = {v for name in archived.column_names for v in archived[name].to_pylist()}
    assert not (personal - names) & texts


def test_every_point_lies_in_or_near_london(loaded: Store) -> None:
    (box,) = look(
        loaded.exact,
        "from schools select min(lon) as west, max(lon) as east, min(lat) as south, "
        "max(lat) as north, count(lon) as placed",
    )
    assert -0.55 < box["west"] < box["east"] < 0.35
    assert 51.25 < box["south"] < box["north"] < 51.72
    assert box["placed"] > 3_000


def test_the_file_lies_outside_the_repository() -> None:
    assert ROOT not in Path(FILE).resolve().parents
