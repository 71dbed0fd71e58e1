"""Every question is asked: by a screen, by the program, or by those who type it."""

from gapmap.settings import ROOT

# These are run folder by folder, file by file.
RUN_BY_FOLDER = {"checks", "indicators", "measures", "open", "schema"}
TABLES_COPIED = {
    f"store/{name}"
    for name in (
        "held_quarter",
        "school_predecessor",
        "submission_received",
        "submission_status",
    )
}
# For analysts at the command line; every other question there is one of a screen's.
TYPED = {"referrals/by_borough"}


def test_every_question_is_asked() -> None:
    sources = [ROOT / "app.py", *(ROOT / "gapmap").rglob("*.py"), *(ROOT / "pages").glob("*.py")]
    text = "\n".join(path.read_text(encoding="utf-8") for path in sources)
    names = {
        path.relative_to(ROOT / "queries").with_suffix("").as_posix()
        for path in (ROOT / "queries").rglob("*.sql")
    }
    listed = {name for name in names if name.partition("/")[0] not in RUN_BY_FOLDER}
    unasked = {name for name in listed if f'"{name}"' not in text}
    assert unasked == TABLES_COPIED | TYPED
