"""A text table held against a contract: headings, cells, the key, rows that lie elsewhere."""

from collections.abc import Sequence
from datetime import date

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from gapmap.column_types import Surroundings
from gapmap.contract import Contract, contracts, parse_contract
from gapmap.issue import IssueLog
from gapmap.reading.reading import read_table
from gapmap.reference import reference
from gapmap.screening.validation import Validated, hold
from tests.uploads import csv_bytes, engagement, referral, tiny_register

AROUND = Surroundings(reference.borough_spellings(), date(2026, 10, 15))

KEYED = parse_contract(
    """
name = "keyed"
title = "Keyed"
one_row_is = "one key"
held_by = "a test"
valid_for = "its quarter"
dated_by = "quarter"
undeclared_columns = "refuse"
primaryKey = ["a", "b", "n"]
fields = [
    { name = "a", type = "string", description = "A.", max_length = 9 },
    { name = "b", type = "string", description = "B.", max_length = 9 },
    { name = "n", type = "integer", description = "N." },
    { name = "v", type = "integer", description = "V.", required = true },
]
""",
    "keyed.toml",
)


def held(content: bytes, contract: Contract) -> tuple[Validated | None, IssueLog]:
    log = IssueLog()
    return hold(read_table(content, "x.csv"), contract, AROUND, log), log


few = st.sampled_from(["", "x", "y", " x", "zz"])
keys = st.lists(
    st.tuples(few, few, st.sampled_from(["", "0", "1", "1.0"])), min_size=1, max_size=30
)


@given(keys)
def test_repeated_keys_are_those_a_dictionary_finds(rows: Sequence[tuple[str, str, str]]) -> None:
    first: dict[tuple[str, str, str], int] = {}
    expected = []
    for row_no, row in enumerate(rows, start=2):
        key = (row[0].strip(), row[1].strip(), row[2].removesuffix(".0"))
        if key in first:
            expected.append((row_no, first[key]))
        else:
            first[key] = row_no
    content = csv_bytes([dict(zip("abnv", (*row, 1), strict=True)) for row in rows])
    validated, log = held(content, KEYED)
    found = [(i.row, int(i.message.split()[3].rstrip(":"))) for i in log]
    assert found == expected
    assert validated is not None
    assert validated.partial == bool(expected)
    assert {i.code for i in log} <= {"duplicate_key"}


def test_keys_of_many_distinct_values_do_not_collide() -> None:
    rows = [{"a": f"a{n}", "b": f"b{n}", "n": n, "v": 1} for n in range(3_000)]
    validated, log = held(csv_bytes(rows), KEYED)
    assert log.total == 0
    assert validated is not None
    assert not validated.partial
    again, log = held(csv_bytes([*rows, rows[17], rows[17]]), KEYED)
    assert again is not None
    assert again.partial
    assert [(i.row, i.message.split(":")[0]) for i in log] == [
        (3_002, "it repeats row 19"),
        (3_003, "it repeats row 19"),
    ]


def test_rows_are_typed_in_the_contracts_order() -> None:
    row = engagement(last_contact_month="", visits="1,200", level="Named Contact")
    columns = list(reversed(row))
    validated, log = held(csv_bytes([row], columns), contracts()["police_engagement"])
    assert log.total == 0
    assert validated is not None
    assert validated.rows.schema.names == [
        "row_no",
        *(f.column for f in contracts()["police_engagement"].fields),
    ]
    assert validated.rows.schema.field("urn").type == pa.int32()
    assert validated.rows.to_pylist() == [
        {
            "row_no": 2,
            "quarter": "2026-Q3",
            "urn": 100001,
            "role": "other",
            "priority_school": "no",
            "level": "named contact",
            "visits": 1200,
            "sessions_delivered": 0,
            "last_contact_month": None,
        }
    ]
    assert validated.positions["quarter"] == len(columns) - 1


def test_headings_match_in_any_writing() -> None:
    row = {name.replace("_", " ").upper(): value for name, value in referral().items()}
    validated, log = held(csv_bytes([row]), contracts()["referrals"])
    assert log.total == 0
    assert validated is not None


def test_undeclared_columns_of_the_register_are_dropped_and_named() -> None:
    validated, log = held(csv_bytes(tiny_register()), contracts()["schools"])
    assert log.total == 0
    assert validated is not None
    assert validated.dropped_columns == ("HeadLastName", "TelephoneNum")
    assert "HeadLastName" not in validated.rows.column_names
    assert validated.left_out == 0


def test_an_unknown_column_is_not_quoted_and_a_near_one_is_proposed() -> None:
    row = {("outcom" if n == "outcome" else n): v for n, v in referral().items()}
    _, log = held(csv_bytes([row | {"Jamie Smith": 1}]), contracts()["referrals"])
    unknown = [i for i in log if i.code == "unknown_column"]
    assert [i.cell for i in unknown] == ["G1", "K1"]
    assert unknown[0].fix.startswith("Did you mean 'outcome'? ")
    assert all("Jamie" not in f"{i.message}{i.fix}{i.column}" for i in log)


def test_faults_beyond_the_list_are_counted_by_code() -> None:
    rows = [{"a": str(n), "b": "", "n": n, "v": "-1" if n % 2 else "many"} for n in range(2_400)]
    _, log = held(csv_bytes(rows), KEYED)
    assert log.counts("error") == {"negative_count": 1_200, "not_a_number": 1_200}
    assert [i.row for i in log] == list(range(2, 1_002))
    assert {i.cell for i in log if i.row == 2} == {"D2"}


def test_cautions_are_warnings_and_do_not_refuse() -> None:
    rows = [
        referral(quarter="Q3 2026", referrals=n, outcome=o) for n, o in ((1, "NFA"), (2, "s47"))
    ]
    validated, log = held(csv_bytes(rows), contracts()["referrals"])
    assert validated is not None
    assert log.counts("warning") == {"quarter_read_with_care": 2}
    assert not log.has_errors()
