"""The archive alone makes the store again, and what differs between the two is found."""

import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as parquet
import pytest
from click.testing import CliRunner

from gapmap.archive.archive import (
    ArchiveAhead,
    ArchiveFault,
    Confirmation,
    Step,
    append,
    archiving,
    names,
    read,
    settle,
    step_name,
    version_in,
)
from gapmap.archive.content import content_hash
from gapmap.archive.holdings import verify
from gapmap.archive.notes import ARCHIVED, as_json, from_json, noted
from gapmap.cli.main import main
from gapmap.contract import contracts
from gapmap.publishing.standing import SAME_IN_BOTH, bring_up_to_date
from gapmap.publishing.submission import publish, reinstate, withdraw
from gapmap.recovery.rebuild import RebuildRefused, rebuild_at, rebuild_in_place
from gapmap.settings import Settings
from gapmap.stores.store import Store, closed_store, open_store, rows_of
from tests.uploads import (
    BRENT,
    HACKNEY,
    check,
    contents,
    course,
    engagement,
    look,
    publish_csv,
    referral,
    tables_of,
    tiny_register,
    upload,
)

MOMENTS = {"computed_at", "made_at", "changed_at", "release_id", "settings_hash"}
ANSWERS: dict[str, dict[str, Any]] = {
    "gaps/by_borough": {"indicator": "dsl_in_date", "quarter": "2026-Q3"},
    "referrals/by_borough": {"measure": "hsb_referrals", "quarter": "2026-Q3"},
    "submissions/all": {},
}


def settings_at(path: Path) -> Settings:
    return Settings(path, 100, "512MB")


def publish_a_quarter(store: Store) -> None:
    """A bit of everything that can happen to a submission, on the tiny register."""
    publish_csv(store, "referrals", [referral(), referral(source="2B")], covers=[BRENT])
    publish_csv(store, "training", [course(), course(urn=100012, borough="Bromley")])
    late = publish_csv(store, "referrals", [referral(referrals=23)], covers=[BRENT])
    publish_csv(store, "police_engagement", [engagement()], by="commander@police.example")
    withdraw(store, late.submission_id, "lead@hackney.example", "sent by mistake — “draft”")
    reinstate(store, late.submission_id, "lead@hackney.example")
    withdraw(store, late.submission_id, "lead@hackney.example", "a mistake after all")
    publish_csv(store, "schools", tiny_register()[:-1], as_at=date(2026, 9, 30), by="admin@x")


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a store in which all that happened once; closed, and to be copied."""
    folder = tmp_path_factory.mktemp("published") / "home"
    store = open_store(settings_at(folder / "gapmap.duckdb"))
    bring_up_to_date(store)
    publish_csv(store, "schools", tiny_register())
    publish_a_quarter(store)
    store.close()
    return folder


@pytest.fixture
def at_home(published: Path, tmp_path: Path) -> Settings:
    """A copy of that store, closed."""
    shutil.copytree(published, tmp_path / "home")
    return settings_at(tmp_path / "home" / "gapmap.duckdb")


@pytest.fixture
def full(at_home: Settings) -> Iterator[Store]:
    """A copy of that store, open."""
    store = open_store(at_home)
    yield store
    store.close()


def without_moments(database: Any) -> dict[str, list[dict[str, Any]]]:
    """Every row of a store but for when and under which release it was computed."""
    return {
        table: sorted(
            ({c: v for c, v in row.items() if c not in MOMENTS} for row in rows), key=repr
        )
        for table, rows in contents(database).items()
        if table != "release"
    }


def answers(store: Store) -> dict[str, list[dict[str, Any]]]:
    return {
        name: [
            {c: v for c, v in row.items() if c not in MOMENTS}
            for row in rows_of(store.exact.ask(name, given))
        ]
        for name, given in ANSWERS.items()
    }


# --- made again ----------------------------------------------------------------------------------


def test_the_store_is_made_again_from_its_archive(full: Store, tmp_path: Path) -> None:
    made = rebuild_at(full, settings_at(tmp_path), tmp_path / "again" / "again.duckdb")
    assert (made.steps, made.verification.submissions, made.kept) == (9, 6, None)
    assert made.verification.same
    again = open_store(settings_at(made.store))
    try:
        bring_up_to_date(again)
        assert without_moments(again.exact) == without_moments(full.exact)
        assert without_moments(again.released) == without_moments(full.released)
        assert answers(again) == answers(full)
        assert [row["standing"] for row in answers(again)["submissions/all"]] == [
            "current",
            "current",
            "withdrawn",
            "current",
            "current",
            "current",
        ]
        assert verify(again).same
        assert names(again.archive) == names(full.archive)
        assert publish_csv(again, "training", [course(borough="Brent", urn=100025)]).version == 1
    finally:
        again.close()


def test_a_nil_return_without_rows_survives(
    open_store: Callable[[], Store], tmp_path: Path
) -> None:
    """Intake wants a row; the archive does not."""
    store = open_store()
    publish_csv(store, "schools", tiny_register())
    given = check(store, upload("referrals", [referral()], covers=[BRENT]))
    assert given.rows is not None
    nil = replace(given, rows=given.rows.slice(0, 0), pairs=(given.pairs[1],))
    done = publish(store, nil, "lead@brent.example")
    archived = read(store.archive, f"referrals/{done.submission_id}.parquet")
    assert archived.rows is not None
    assert archived.rows.num_rows == 0
    assert archived.rows.schema.names[:3] == ["row_no", "quarter", "borough_code"]
    made = rebuild_at(store, settings_at(tmp_path), tmp_path / "again.duckdb")
    assert (made.verification.same, made.verification.rows) == (True, 18)
    again = closed_store(settings_at(made.store))
    again.exact.open()
    pairs = look(again.exact, "from submission_pair where submission_id like 'referrals%'")
    again.close()
    assert [(row["borough_code"], row["nil_return"], row["row_count"]) for row in pairs] == [
        (BRENT, True, 0)
    ]


def test_a_confirmed_mapping_survives(full: Store, tmp_path: Path) -> None:
    row = {
        "mapping_id": "mapping-0123456789ab",
        "extract": "training",
        "fingerprint": "f" * 16,
        "name": "Booking system",
        "content": "name = 'Booking system'",
        "confirmed_by": "lead@x",
        "confirmed_at": datetime(2026, 10, 15, 9, 30, 0, 120, tzinfo=UTC).replace(tzinfo=None),
    }
    confirmed = Confirmation(noted(column_mapping=[row]))
    with archiving(full, confirmed) as keep, full.exact.writing() as writing:
        append(writing, confirmed)
        keep()
    assert names(full.archive)[-1] == (
        "column_mapping/mapping-0123456789ab.20261015T093000000120.json"
    )
    assert settle(full) == []
    assert verify(full).same
    made = rebuild_at(full, settings_at(tmp_path), tmp_path / "again.duckdb")
    again = closed_store(settings_at(made.store))
    again.exact.open()
    assert look(again.exact, "from column_mapping") == [row]
    again.close()
    (full.archive / names(full.archive)[-1]).unlink()
    (lost,) = verify(full).differences
    assert (lost.submission_id, lost.what) == ("column_mapping", "mappings")


def test_every_table_is_archived_or_follows_from_what_is(empty_store: Store) -> None:
    """A table that somebody adds must be made to survive a rebuild, or be listed here."""
    from gapmap.publishing.open_tables import OPEN_TABLES
    from gapmap.reference.reference import reference_tables

    follows = {"school", "indicator_state", "state_count", "standing_answer"}
    follows |= {
        "figure",
        "area_value",
        "release_figure",
        "figure_held",
        "school_signal",
        *OPEN_TABLES,
    }
    known = {*ARCHIVED, *contracts(), *reference_tables(), *SAME_IN_BOTH, *follows, "store_version"}
    assert set(tables_of(empty_store.exact)) - known == set()


@pytest.mark.parametrize("table", sorted(ARCHIVED))
def test_the_archive_knows_the_columns_of_the_store(empty_store: Store, table: str) -> None:
    found = look(empty_store.exact, f"from {table}")
    assert found == []
    schema = empty_store.exact.ask("archive/notes", {"table": table}).schema
    assert schema.remove_metadata() == ARCHIVED[table]


def test_a_column_that_the_archive_does_not_know_is_refused() -> None:
    with pytest.raises(ValueError, match="knows no column 'colour' of submission"):
        noted(submission=[{"submission_id": "training-00001", "colour": "red"}])


def test_the_names_of_files() -> None:
    assert step_name("training", "training-00007", 7) == "training/training-00007.parquet"
    assert step_name("training", "training-00007", 12) == "training/training-00007.00012.json"
    assert version_in("training/training-00007.parquet") == 7
    assert version_in("training/training-00007.00012.json") == 12
    assert version_in(step_name("lado", "lado-123456", 123456)) == 123456


def test_files_come_in_the_order_of_their_steps(full: Store) -> None:
    assert [version_in(name) for name in names(full.archive)] == list(range(1, 10))
    (full.archive / "training" / ".DS_Store.json").write_text("{}")
    (full.archive / "readme.json").write_text("{}")
    assert len(names(full.archive)) == 9


def test_an_archive_does_not_say_where_it_lies(full: Store) -> None:
    for name in names(full.archive):
        step = read(full.archive, name)
        assert str(full.folder) not in as_json(step.notes)


def test_nothing_is_archived_over(full: Store) -> None:
    events = full.exact.ask("archive/notes", {"table": "submission_event"}).slice(0, 1)
    before = (full.archive / names(full.archive)[0]).read_bytes()
    again = Step({"submission_event": events}, pa.table({"row_no": pa.array([], pa.int64())}))
    with pytest.raises(ArchiveFault, match=r"has a file schools/schools-00001\.parquet already"):
        _keep(full, again)
    assert (full.archive / names(full.archive)[0]).read_bytes() == before
    assert list(full.archive.rglob("*.partial")) == []


def _keep(store: Store, step: Step) -> None:
    with archiving(store, step) as keep:
        keep()


# --- refused -------------------------------------------------------------------------------------


def test_a_store_is_never_overwritten(full: Store, tmp_path: Path) -> None:
    there = tmp_path / "there.duckdb"
    for taken in (there, tmp_path / "there-released.duckdb", tmp_path / "there-archive"):
        taken.write_text("mine")
        with pytest.raises(ValueError, match=f"{taken.name} exists already"):
            rebuild_at(full, settings_at(tmp_path), there)
        assert taken.read_text() == "mine"
        taken.unlink()


def test_a_step_that_is_missing_is_named_and_nothing_is_left(full: Store, tmp_path: Path) -> None:
    (full.archive / names(full.archive)[3]).unlink()
    target = tmp_path / "again" / "again.duckdb"
    with pytest.raises(ArchiveFault, match="the archive lacks step 4: the next one is police_enga"):
        rebuild_at(full, settings_at(tmp_path), target)
    assert [path.name for path in target.parent.iterdir() if path.is_file()] == []


def test_a_later_format_is_refused(full: Store) -> None:
    name = next(name for name in names(full.archive) if name.endswith(".json"))
    said = json.loads((full.archive / name).read_text())
    (full.archive / name).write_text(json.dumps({**said, "format": 2}))
    with pytest.raises(ArchiveFault, match="format 2; this gapmap reads 1"):
        read(full.archive, name)


def test_a_file_under_another_name_is_refused(full: Store) -> None:
    first, second, *_ = names(full.archive)
    shutil.copy(full.archive / first, full.archive / second)
    with pytest.raises(ArchiveFault, match=f"{second} holds the step of {first}"):
        read(full.archive, second)


def test_a_flipped_byte_is_noticed_or_harmless(full: Store) -> None:
    """Every 23rd byte of a submission and every 7th of an event."""
    noticed = 0
    for name in (names(full.archive)[1], names(full.archive)[5]):
        path = full.archive / name
        good, held = path.read_bytes(), read(full.archive, name)
        for place in range(0, len(good), 23 if path.suffix == ".parquet" else 7):
            path.write_bytes(good[:place] + bytes([good[place] ^ 0x10]) + good[place + 1 :])
            try:
                found = read(full.archive, name)
            except ArchiveFault:
                noticed += 1
                continue
            assert as_json(found.notes) == as_json(held.notes)
            assert (found.rows is None) == (held.rows is None)
            if found.rows is not None and held.rows is not None:
                assert content_hash(found.rows) == content_hash(held.rows)
        path.write_bytes(good)
    assert noticed > 100


def test_notes_come_back_as_they_went() -> None:
    event = {
        "submission_id": "lado-00002",
        "quarter": "2026-Q3",
        "borough_code": HACKNEY,
        "event": "withdrawn",
        "at_utc": datetime(2026, 10, 15, 9, 30, tzinfo=UTC).replace(tzinfo=None),
        "store_version": 5,
        "by_whom": "lead@x",
        "why": None,
    }
    notes = noted(submission_event=[event])
    assert from_json(as_json(notes)) == notes
    assert from_json(as_json(notes))["submission_event"].to_pylist() == [event]


# --- what differs is found -----------------------------------------------------------------------


def differences(store: Store) -> list[tuple[str, str]]:
    found = verify(store)
    assert found.same == (not found.differences)
    return [(each.submission_id, each.what) for each in found.differences]


def test_a_store_and_its_archive_hold_the_same(full: Store) -> None:
    found = verify(full)
    assert (found.same, found.submissions, found.rows) == (True, 6, 18 + 2 + 2 + 1 + 1 + 17)


TAMPERED = {
    "update referrals set referrals = 99 where submission_id = 'referrals-00002' and row_no = 2": [
        ("referrals-00002", "content")
    ],
    "delete from referrals where submission_id = 'referrals-00002' and row_no = 3": [
        ("referrals-00002", "row count"),
        ("referrals-00002", "content"),
        ("referrals", "rows in all"),
    ],
    "insert into training by name select 'lost' as submission_id, * exclude (submission_id) "
    "from training limit 1": [("training", "rows in all")],
    "update submission_pair set nil_return = false where submission_id = 'referrals-00002'": [
        ("referrals-00002", "quarters and boroughs")
    ],
    "update submission_event set by_whom = 'somebody@else' where store_version = 6": [
        ("referrals-00004", "events")
    ],
    "delete from accepted_warning": [("training-00003", "accepted warnings")],
    "update submission set file_name = 'other.csv' where extract = 'training'": [
        ("training-00003", "record")
    ],
}


@pytest.mark.parametrize("statement", TAMPERED)
def test_what_was_changed_in_the_store_is_found(full: Store, statement: str) -> None:
    with full.exact.writing() as writing:
        writing._cursor.execute(statement)
    assert differences(full) == TAMPERED[statement]


def test_what_was_changed_in_the_archive_is_found(full: Store) -> None:
    first, _, third, *_ = names(full.archive)
    (full.archive / first).unlink()
    table = parquet.read_table(full.archive / third)
    parquet.write_table(table.slice(1), full.archive / third)
    (full.archive / "lado").mkdir()
    event = next(name for name in names(full.archive) if name.endswith("00006.json"))
    shutil.copy(full.archive / event, full.archive / "lado" / "lado-00099.parquet")
    (full.archive / event).unlink()
    assert differences(full) == [
        ("lado-00099", "submission"),
        ("referrals-00004", "events"),
        ("schools-00001", "submission"),
        ("training-00003", "file"),
    ]


def test_a_difference_says_what_each_side_has(full: Store) -> None:
    with full.exact.writing() as writing:
        writing._cursor.execute("update submission_event set why = 'x' where store_version = 6")
    (found,) = verify(full).differences
    assert found.one.startswith("2 of 8 rows differ: ")
    assert "why x" in found.one
    assert "why sent by mistake — “draft”" in found.other


# --- content -------------------------------------------------------------------------------------

ROWS = pa.table(
    {
        "row_no": pa.array([2, 3, 4, 5], pa.int64()),
        "urn": pa.array([100001, None, 100003, 7], pa.int32()),
        "word": pa.array(["a", None, "", "é"], pa.string()),
        "share": pa.array([0.5, None, 1.0, -0.25], pa.float64()),
        "day": pa.array([date(2026, 1, 1), None, date(1999, 12, 31), None], pa.date32()),
        "blank": pa.array([None] * 4, pa.string()),
    }
)


def with_column(name: str, values: Any) -> pa.Table:
    return ROWS.set_column(ROWS.column_names.index(name), name, values)


SAME_ROWS = {
    "chunked": pa.concat_tables([ROWS.slice(0, 1), ROWS.slice(1, 2), ROWS.slice(3)]),
    "sliced": pa.concat_tables([ROWS, ROWS]).slice(0, 4),
    "as a dictionary": with_column("word", ROWS["word"].dictionary_encode()),
    "a dictionary with more in it": with_column(
        "word",
        pa.DictionaryArray.from_arrays([2, None, 1, 0], ["é", "", "a", "unused"]),
    ),
    "large texts": with_column("word", ROWS["word"].cast(pa.large_string())),
    "wider numbers": with_column("urn", ROWS["urn"].cast(pa.int64())),
    "columns in another order": ROWS.select(list(reversed(ROWS.column_names))),
    "without the blank column": ROWS.drop_columns(["blank"]),
    "rows in another order": ROWS.take([3, 1, 0, 2]),
}
OTHER_ROWS = {
    "a number": with_column("urn", pa.array([100002, None, 100003, 7], pa.int32())),
    "an empty text for none": with_column("word", pa.array(["a", "", "", "é"])),
    "none for an empty text": with_column("word", pa.array(["a", None, None, "é"])),
    "zero for none": with_column("urn", pa.array([100001, 0, 100003, 7], pa.int32())),
    "texts swapped": with_column("word", pa.array(["", None, "a", "é"])),
    "texts run together": with_column("word", pa.array(["aé", None, "", ""])),
    "a share": with_column("share", pa.array([0.5, None, 1.0, 0.25])),
    "a day": with_column("day", pa.array([date(2026, 1, 2), None, date(1999, 12, 31), None])),
    "a row fewer": ROWS.slice(0, 3),
    "a row number": with_column("row_no", pa.array([2, 3, 4, 6], pa.int64())),
    "another name": ROWS.rename_columns(["row_no", "urn", "name", "share", "day", "blank"]),
    "a number as a text": with_column("urn", ROWS["urn"].cast(pa.string())),
    "a value in the blank column": with_column("blank", pa.array(["", None, None, None])),
}


@pytest.mark.parametrize("like", SAME_ROWS)
def test_the_same_values_have_the_same_hash(like: str) -> None:
    assert content_hash(SAME_ROWS[like]) == content_hash(ROWS)


def test_other_values_have_another_hash() -> None:
    hashes = {name: content_hash(rows) for name, rows in OTHER_ROWS.items()}
    assert len({*hashes.values(), content_hash(ROWS)}) == len(OTHER_ROWS) + 1


def test_rows_that_share_a_row_number_are_told_by_their_values() -> None:
    wide = pa.table({"row_no": [2, 3, 2, 3], "rank": [1, 1, 2, 2]})
    assert content_hash(wide) == content_hash(wide.take([2, 0, 3, 1]))
    assert content_hash(wide) != content_hash(pa.table({"row_no": [2, 3, 2, 3], "rank": [1] * 4}))


def test_a_type_without_a_rule_is_refused() -> None:
    rows = pa.table({"row_no": [1], "list": [[1, 2]]})
    with pytest.raises(TypeError, match="no rule for a column of list"):
        content_hash(rows)


# --- in place, with files ------------------------------------------------------------------------


def test_a_damaged_store_is_made_again_in_place(at_home: Settings) -> None:
    store = open_store(at_home)
    whole = without_moments(store.exact)
    store.close()
    damaged = at_home.store.read_bytes()[:5000] + b"?" * 200_000
    at_home.store.write_bytes(damaged)
    store = closed_store(at_home)
    try:
        done = rebuild_in_place(store, at_home)
        assert done.kept is not None
        assert (done.kept / "gapmap.duckdb").read_bytes() == damaged
        assert without_moments(store.exact) == whole
        assert verify(store).same
    finally:
        store.close()
    assert sorted(path.name for path in at_home.store.parent.iterdir()) == sorted(
        [
            "gapmap-archive",
            "gapmap-released.duckdb",
            "gapmap.duckdb",
            "gapmap.lock",
            done.kept.name,
        ]
    )


def test_a_store_that_was_lost_is_said_and_made_again(at_home: Settings) -> None:
    at_home.store.unlink()
    store = open_store(at_home)
    with pytest.raises(ArchiveAhead, match=r"up to step 9 and the store to step 0; .* rebuild"):
        bring_up_to_date(store)
    store.close()
    store = closed_store(at_home)
    assert rebuild_in_place(store, at_home).steps == 9
    assert store.version == 9
    store.close()


def test_a_rebuild_that_would_lose_a_step_is_refused(at_home: Settings) -> None:
    store = open_store(at_home)
    try:
        bring_up_to_date(store)
        (store.archive / names(store.archive)[-1]).unlink()
        before = contents(store.exact)
        with pytest.raises(RebuildRefused, match="lacks 1 of the store's 9 files, first schools/"):
            rebuild_in_place(store, at_home)
        assert contents(store.exact) == before
    finally:
        store.close()
    assert not list(at_home.store.parent.glob("gapmap-rebuilding-*"))


def test_on_the_command_line(at_home: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GAPMAP_STORE", str(at_home.store))
    run = CliRunner().invoke
    assert run(main, ["verify"]).output == "the same: 6 submissions, 41 rows\n"
    other = at_home.store.parent / "other.duckdb"
    made = run(main, ["rebuild", "--to", str(other)])
    assert made.output == f"rebuilt {other}: 6 submissions, 41 rows, 9 steps\n"
    assert run(main, ["rebuild", "--to", str(other)]).exit_code == 2
    assert run(main, ["verify", "--against", str(other)]).exit_code == 0
    store = open_store(settings_at(other))
    bring_up_to_date(store)
    publish_csv(store, "referrals", [referral(borough="Brent", referrals=40)])
    store.close()
    differs = run(main, ["verify", "--against", str(other)])
    assert differs.exit_code == 1
    assert differs.output.splitlines() == [
        "submission       what        store    against",
        "referrals-00010  submission  missing  held",
    ]
    answer = run(main, ["verify", "--against", str(other), "--json"])
    assert answer.exit_code == 1
    assert json.loads(answer.output) == {
        "same": False,
        "submissions": 7,
        "rows": 41,
        "differences": [
            {
                "submission": "referrals-00010",
                "what": "submission",
                "store": "missing",
                "against": "held",
            }
        ],
    }
    archive = other.with_name("other-archive")
    assert run(main, ["verify", "--against", str(archive)]).exit_code == 1
    assert run(main, ["verify", "--against", str(archive / "none")]).exit_code == 2
    in_place = run(main, ["rebuild"])
    assert in_place.exit_code == 0
    assert "what was there before is kept beside the store, in gapmap-before-" in in_place.output
    assert run(main, ["verify"]).exit_code == 0
