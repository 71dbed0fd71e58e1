"""A lead's spreadsheet with twenty different faults comes back with twenty issues in one go."""

from gapmap.publishing.submission import publish
from gapmap.stores.store import Store
from tests.twenty_faults import FAULTS, SHEET, expected, workbook
from tests.uploads import check, contents, course, csv_bytes, referral, upload


def test_twenty_faults_come_back_as_twenty_located_issues(store: Store) -> None:
    assert len({(fault.column, fault.code) for fault in FAULTS}) == len(FAULTS) == 20
    before = contents(store.exact)
    prepared = check(store, upload("referrals", workbook(), name="referrals.xlsx"))
    assert prepared.refused
    issues = prepared.issues.listed("error")
    assert [(issue.cell, issue.column, issue.code) for issue in issues] == expected()
    assert len(issues) == sum(prepared.issues.counts("error").values()) == 20
    # Beside them only that the title rows were passed over.
    assert prepared.issues.counts("warning") == {"title_rows_skipped": 1}
    for issue in issues:
        assert (issue.severity, issue.sheet) == ("error", SHEET)
        assert issue.message
        assert not issue.message.endswith(".")
        assert issue.fix.endswith((".", "?"))
    assert contents(store.exact) == before


def test_the_mended_file_goes_through(store: Store) -> None:
    prepared = check(store, upload("referrals", workbook(mended=True), name="referrals.xlsx"))
    assert [issue.code for issue in prepared.issues] == ["title_rows_skipped"]
    assert prepared.rows is not None
    assert prepared.rows.num_rows == 20
    assert publish(store, prepared, "lead@hackney.example").outcome == "published"


# --- later stages look at what is right so far ----------------------------------------------------


def told(store: Store, extract: str, rows: list[dict[str, object]]) -> list[tuple[int | None, str]]:
    prepared = check(store, upload(extract, csv_bytes(rows)))
    assert prepared.refused
    return [(issue.row, issue.code) for issue in prepared.issues]


def test_repeated_rows_and_rules_are_told_beside_faulty_cells(store: Store) -> None:
    rows = [
        course(staff_trained="two"),
        course(urn=100002),
        course(urn=100002),
        course(urn=999999),
        course(urn=100003, staff_trained=9),
        course(urn=100012, borough="Bromley"),  # closed: a warning, which refuses nothing
    ]
    assert told(store, "training", rows) == [
        (2, "not_a_number"),
        (4, "duplicate_key"),
        (5, "unknown_urn"),
        (6, "trained_above_scope"),
    ]


def test_a_stage_that_saw_a_part_of_the_rows_has_not_passed(store: Store) -> None:
    prepared = check(store, upload("referrals", [referral(referrals="few"), referral(source="7")]))
    stages = prepared.issues.stages()
    assert (stages["cells"], stages["key"], stages["rules"]) == ("failed", "not run", "not run")
    prepared = check(store, upload("referrals", [referral(referrals="few"), referral(urn=999999)]))
    assert prepared.issues.stages()["rules"] == "failed"
    assert prepared.issues.stages()["key"] == "not run"


def test_what_needs_every_row_is_not_judged_by_some(store: Store) -> None:
    assert publish(
        store,
        check(store, upload("referrals", [referral(quarter="2026-Q2", referrals=90)])),
        "lead@x",
    )
    rows = [referral(referrals=1, source="7"), referral(referrals="ninety")]
    # Not that the number fell from 90 to 1: the faulty cell may hold the rest.
    assert told(store, "referrals", rows) == [(3, "not_a_number")]


def test_a_file_without_one_right_row_is_told_its_cells_alone(store: Store) -> None:
    assert told(store, "referrals", [referral(referrals="few")]) == [(2, "not_a_number")]


def test_the_quarter_is_asked_for_beside_faulty_cells(store: Store) -> None:
    rows = [referral(referrals="few"), referral(source="7")]
    unnamed = [{k: v for k, v in row.items() if k != "quarter"} for row in rows]
    assert sorted(code for _, code in told(store, "referrals", unnamed)) == [
        "missing_quarter",
        "not_a_number",
    ]
