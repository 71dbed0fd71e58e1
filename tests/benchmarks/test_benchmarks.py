"""The benchmarks run and say what they measured; how fast anything is, no test asserts."""

import re
import socket
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pyarrow as pa
import pytest

from benchmarks import asking, report, synthetic
from benchmarks.wire import counted
from gapmap.question import Question, question
from gapmap.settings import ROOT
from gapmap.stores.store import Store
from tests.uploads import check, upload

ROWS = 1000
QUARTERS = ["2026-Q1", "2026-Q2"]
KEY = ["quarter", "borough", "urn", "urn_attended", "referral_type", "source", "outcome"]
# How a screen asks: load(viewer, "gaps/headline", …).
ASKED_BY_SCREENS = re.compile(r"load(?:_one)?\(\s*viewer,\s*\"([a-z_]+/[a-z_]+)\"")


@pytest.fixture(scope="module")
def register() -> synthetic.DemoFile:
    return synthetic.demonstration_register()


@pytest.fixture(scope="module")
def rows(register: synthetic.DemoFile) -> pa.Table:
    return synthetic.referrals(synthetic.open_schools(register), ROWS, QUARTERS)


def test_synthetic_keys_stand_once(rows: pa.Table) -> None:
    assert rows.num_rows == ROWS
    keys = set(zip(*(rows[name].to_pylist() for name in KEY), strict=True))
    assert len(keys) == ROWS
    assert set(rows["quarter"].to_pylist()) == set(QUARTERS)
    referring = rows.filter(pa.compute.is_valid(rows["urn"]))
    assert referring.num_rows > 0
    assert set(referring["source"].to_pylist()) == {"2A"}


def test_synthetic_files_pass_intake(
    empty_store: Store, register: synthetic.DemoFile, rows: pa.Table, tmp_path: Path
) -> None:
    from gapmap.publishing.submission import publish

    national = synthetic.write_register(register, tmp_path / "register.csv", rows=3500)
    checked = check(
        empty_store, upload("schools", national.read_bytes(), as_at=register.register_date)
    )
    assert checked.rows is not None
    assert checked.rows.num_rows + checked.left_out == 3500
    assert len(checked.dropped_columns) + 22 == synthetic.REGISTER_COLUMNS
    publish(empty_store, checked, "administrator@example.org")
    for write, name in ((synthetic.write_csv, "r.csv"), (synthetic.write_xlsx, "r.xlsx")):
        file = write(rows, tmp_path / name)
        referred = check(empty_store, upload("referrals", file.read_bytes(), name=name))
        assert [issue.message for issue in referred.issues] == []
        assert referred.rows is not None
        assert referred.rows.num_rows == ROWS


VALUES = {
    "quarter": "2026-Q3",
    "previous": "2026-Q2",
    "borough": "E09000007",
    "indicator": "police_engagement",
    "measure": "hsb_referrals",
    "measures": ["no_referral_seen"],
    "level": "borough",
    "area": "E09000007",
    "breakdown": "source",
    "owner": "school",
    "part": "borough",
    "today": date(2026, 11, 2),
    "said": "harassment happens",
    "item": "DSL supervision pilot",
    "extract": "referrals",
    "urn": 100001,
    "submission": "referrals-00001",
    "pairs": ["2026-Q3 E09000007"],
    "quarters": ["2026-Q3"],
    "areas": ["borough:E09000007"],
    "boroughs": ["E09000007"],
    "indicators": ["police_engagement"],
    "school_types": ["independent"],
    "extracts": ["training"],
    "answers": ["gap"],
    "ahead": 2,
    "least": 10,
    "ceiling": 0.8,
}


@pytest.mark.parametrize(
    ("page", "name"), [(page, name) for page, asked in asking.PAGES.items() for name, _ in asked]
)
def test_every_listed_question_exists_and_gets_its_values(page: str, name: str) -> None:
    opening = {k: v for k, v in VALUES.items() if k not in asking.OPENS_WITHOUT.get(page, ())}
    asked: Question = question(name)
    assert set(asking.given_for(asked, opening)) == set(asked.parameters)


# "london, what changed" is a part of the page london.
LISTED = {page.partition(",")[0] for page in asking.PAGES} - {"every page"}


@pytest.mark.parametrize("page", sorted(LISTED))
def test_every_question_that_a_page_asks_is_listed(page: str) -> None:
    asked = set(ASKED_BY_SCREENS.findall((ROOT / "pages" / f"{page}.py").read_text("utf-8")))
    listed = [asking.PAGES[part] for part in asking.PAGES if part.partition(",")[0] == page]
    assert asked <= {name for questions in listed for name, _ in questions}


def test_questions_are_found_in_a_page() -> None:
    text = 'a = load(viewer, "gaps/headline", x=1)\nb = load_one(\n    viewer, "schools/one")'
    assert ASKED_BY_SCREENS.findall(text) == ["gaps/headline", "schools/one"]


def test_the_report_names_what_was_measured() -> None:
    side = {"seconds": 1.0, "peak_mb": 250.0}
    asked = {"page": "london", "question": "gaps/headline", "store": "released"}
    step = {"ms": 180.4, "ms_worst": 250.0, "wire_bytes": 12_340, "times": 5}
    results: dict[str, Any] = {
        "measured_with": {
            "date": "2026-10-15",
            "cores": 2,
            "memory_gb": 24,
            "python": "3.11.7",
            "duckdb": "1.5.5",
            "streamlit": "1.67.0",
        },
        "load": [
            {
                "file": "referrals, CSV",
                "rows": 1_000_000,
                "megabytes": 59.4,
                "bare": side,
                "gapmap": {"seconds": 2.5, "peak_mb": 612.0},
                "ratio": 2.5,
                "cpu_ratio": 3.04,
            }
        ],
        "queries": {
            "rows": {"small": 1_000_000, "large": 10_000_000},
            "questions": [asked | {"ms_small": 4.0, "ms_large": 4.4, "ms_growth": 1.1}],
        },
        "browser": {
            "first_screen": step,
            "second_screen": step,
            "filter": {"not_cached": step, "cached": step},
            "borough": {"first": step, "not_cached": step, "cached": step},
        },
    }
    lines = report.markdown(results).splitlines()
    assert lines[0] == "2026-10-15, 2 cores, 24 GB; Python 3.11.7, DuckDB 1.5.5, Streamlit 1.67.0."
    assert (
        "| referrals, CSV | 1,000,000 | 59.4 | 1.00 s | 2.50 s | 2.5 | 3.0 | 250 MB | 612 MB |"
        in lines
    )
    assert "| london: `gaps/headline` | released | 4.0 ms | 4.4 ms | 1.10 | – | – |" in lines
    assert "| filter changed on London, cached | 180 ms | 250 ms | 12.3 kB |" in lines


@pytest.mark.parametrize(
    ("rows", "words"), [(10_000_000, "10M"), (100_000, "100k"), (1500, "1,500"), (250, "250")]
)
def test_numbers_of_rows_are_short(rows: int, words: str) -> None:
    assert report.short(rows) == words


def test_the_relay_counts_what_goes_either_way() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        with counted(f"http://127.0.0.1:{port}") as wire:
            with socket.create_connection(("127.0.0.1", urlsplit(wire.url).port or 0)) as browser:
                browser.sendall(b"x" * 1000)
                answering, _ = server.accept()
                with answering:
                    assert len(answering.recv(1000, socket.MSG_WAITALL)) == 1000
                    answering.sendall(b"y" * 500)
                    assert len(browser.recv(500, socket.MSG_WAITALL)) == 500
            assert wire.bytes == 1500
            wire.start_again()
            assert wire.bytes == 0
