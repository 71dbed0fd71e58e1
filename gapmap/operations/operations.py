"""What gapmap can do without a browser: the commands behind the command line and the owner.

Each takes the store, the settings, plain arguments and the bytes of a file, and answers with a
dictionary that goes into JSON.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any, get_args

from gapmap.access import ROLES, NotAllowed, Viewer
from gapmap.answering import NOT_AT_THIS_DETAIL, answer_as, is_outside_lattice
from gapmap.calendar_quarter import parse_quarter
from gapmap.column_types import Surroundings, fold_borough
from gapmap.intake.intake import Prepared, Upload, UsageError, contract_named, prepare
from gapmap.intake.upload import Mode
from gapmap.issue import LISTED_AT_MOST, Issue, IssueLog
from gapmap.mapping.layout import MAPPED, read_to_map
from gapmap.mapping.mapping import parse_mapping
from gapmap.operations.release_operations import list_releases, make_release, withdraw_release
from gapmap.operations.upkeep_operations import (
    back_up_store,
    rebuild_store,
    restore_store,
    verify_store,
)
from gapmap.publishing.revision import PairChange, late_revisions, preview_of
from gapmap.publishing.revision_words import WHY_IS_KEPT, as_answer, late_in_words
from gapmap.publishing.standing import now_utc
from gapmap.publishing.submission import (
    Superseded,
    history,
    publish,
    reinstate,
    stands_already,
    version_to_move,
    withdraw,
)
from gapmap.question import STATEMENTS, question
from gapmap.reading.reading import Unreadable, check_size
from gapmap.reference import reference
from gapmap.screening.scan import scan_refusal
from gapmap.settings import Settings
from gapmap.stores.store import Store, rows_of

if TYPE_CHECKING:
    from gapmap.demo import DemoFile

# Who releases the demonstration's figures.
DEMONSTRATED_BY = "demonstration"

Arguments = Mapping[str, Any]
Answer = dict[str, Any]


def today() -> date:
    """The day, in UTC."""
    return datetime.now(UTC).date()


def as_upload(arguments: Arguments, content: bytes) -> Upload:
    """An upload from plain arguments. Raises UsageError on one that cannot be read."""
    try:
        quarter = parse_quarter(arguments["quarter"]) if arguments.get("quarter") else None
        as_at = date.fromisoformat(arguments["date"]) if arguments.get("date") else None
    except ValueError as fault:
        raise UsageError(str(fault)) from fault
    mode: Mode = arguments.get("mode") or "replace"
    if mode not in get_args(Mode):
        raise UsageError(f"{mode!r} is no mode; there are {', '.join(get_args(Mode))}")
    return Upload(
        content,
        arguments["file_name"],
        arguments["extract"],
        quarter,
        as_at,
        tuple(borough_code(text) for text in arguments.get("covers", ())),
        mode=mode,
    )


def borough_code(text: str) -> str:
    """The GSS code of a borough's name or code. Raises UsageError for anything else."""
    code = reference.borough_spellings().get(fold_borough(text))
    if code is None:
        raise UsageError(f"{text!r} is not a London borough; give its name or its code")
    return code


def load(store: Store, settings: Settings, arguments: Arguments, content: bytes) -> Answer:
    """Check a file and publish it, unless `dry_run`; `strict` refuses on warnings too.

    Arguments: file_name, extract, quarter, date, covers, mode, by, why, strict, dry_run. A dry run
    answers with a `preview`. What revises a final quarter is refused without `why`; when somebody
    else published meanwhile the outcome is "overtaken", with a `message` and a `preview` of the
    file against what stands now.
    Raises UsageError on wrong arguments.
    """
    upload = as_upload(arguments, content)
    prepared = prepare(store, upload, most_bytes=settings.max_upload_bytes, today=today())
    to_accept = prepared.issues.total - prepared.issues.counts("warning").get(MAPPED, 0)
    if prepared.refused or (arguments.get("strict") and to_accept):
        return _loaded("refused", prepared)
    if arguments.get("dry_run"):
        return {**_loaded("unchanged", prepared), "dry_run": True, **_previewed(store, prepared)}
    why = (arguments.get("why") or "").strip()
    try:
        if not (why or stands_already(store, prepared)):
            version_to_move(store, prepared)  # a race that is lost is told before a reason is asked
            late = [_unexplained(pair) for pair in late_revisions(store, prepared)]
            if late:
                return _loaded("refused", prepared, unexplained=late)
        done = publish(store, prepared, arguments.get("by") or "operator", why=why)
    except Superseded as lost:
        return {**_overtaken(store, settings, upload), "message": str(lost)}
    return _loaded(done.outcome, prepared, done.submission_id, done.version)


def _overtaken(store: Store, settings: Settings, upload: Upload) -> Answer:
    """The upload against what stands now that somebody else was first."""
    again = prepare(store, upload, most_bytes=settings.max_upload_bytes, today=today())
    preview = {} if again.refused else _previewed(store, again)
    return {**_loaded("overtaken", again), **preview}


def _previewed(store: Store, prepared: Prepared) -> Answer:
    return {"preview": as_answer(preview_of(store, prepared))}


def _unexplained(pair: PairChange) -> Issue:
    fix = f"Say why with --why. {WHY_IS_KEPT}"
    return Issue("error", "why_missing", late_in_words(pair), fix)


def _loaded(
    outcome: str,
    prepared: Prepared,
    submission: str | None = None,
    version: int | None = None,
    unexplained: Sequence[Issue] = (),
) -> Answer:
    issues = [*unexplained, *prepared.issues][:LISTED_AT_MOST]
    return {
        "outcome": outcome,
        "submission": submission,
        "version": version,
        "rows": 0 if prepared.rows is None else prepared.rows.num_rows,
        "carried_over": prepared.carried_rows,
        "left_out": prepared.left_out,
        "dropped_columns": list(prepared.dropped_columns),
        "stages": prepared.issues.stages(),
        "issues_total": prepared.issues.total + len(unexplained),
        "issues": [issue.as_dict() for issue in issues],
    }


def map_file(store: Store, settings: Settings, arguments: Arguments, content: bytes) -> Answer:
    """Confirm how files with the headings of this one are read; or suggest it, as TOML.

    Arguments: file_name, extract, by, and either mapping (TOML) or suggest.
    Raises UsageError on an unknown extract, MappingError on a wrong mapping.
    """
    from gapmap.mapping.confirming import choices_of, confirm, suggestion

    contract = contract_named(arguments["extract"])
    log = IssueLog()
    try:
        check_size(len(content), settings.max_upload_bytes)
        most = settings.max_upload_bytes
        table = read_to_map(content, arguments["file_name"], contract, most)
    except Unreadable as fault:
        scan_refusal(fault.issues, arguments["file_name"], log)
        return _mapped("refused", log)
    around = Surroundings(reference.borough_spellings(), today(), table.typed_dates)
    if arguments.get("suggest"):
        offered = suggestion(choices_of(table, contract), contract, around)
        return {**_mapped("suggested", log), "suggestion": offered}
    mapping = parse_mapping(arguments["mapping"], "the mapping")
    by = arguments.get("by") or "operator"
    kept = confirm(store, table, mapping, contract, around, log, by=by, at=now_utc())
    if kept is None:
        return _mapped("refused", log)
    columns = len(kept.mapping.headings)
    return {
        **_mapped("mapped", log),
        "mapping": kept.mapping_id,
        "kept_columns": columns,
        "dropped_columns": len(table.header) - columns,
    }


def _mapped(outcome: str, log: IssueLog) -> Answer:
    issues = [issue.as_dict() for issue in log]
    return {"outcome": outcome, "issues_total": log.total, "issues": issues}


def ask(store: Store, settings: Settings, arguments: Arguments, content: bytes = b"") -> Answer:
    """Ask a question of queries/: as the operator of the machine, of the exact store, or as a role.

    Arguments: question, parameters (texts by name), role (optional), boroughs (names or codes that
    the role is held for). A cell outside the lattice is answered with marker c: it is not released
    at this detail. Raises QuestionError on an unknown question or wrong parameters, UsageError for
    a file that is a statement or a check and for an unknown role or borough, NotAllowed where the
    role is not answered.
    """
    name = arguments["question"].removesuffix(".sql")
    if name.partition("/")[0] in STATEMENTS:
        raise UsageError(f"{name} is not a question: it belongs to the store's own work")
    asked = question(name)
    given = asked.bind_text(arguments.get("parameters", {}))
    viewer = _viewer(arguments)
    if viewer is not None and not viewer.runs("ask"):
        raise NotAllowed(f"{viewer.name}: nothing is asked on the command line for this role")
    exact = True
    if viewer is None:
        table = store.exact.answer(asked, given)
    else:
        table, exact = answer_as(store, viewer, asked, given)
    outside = viewer is not None and is_outside_lattice(asked, given)
    return {
        "columns": table.column_names,
        "rows": rows_of(table),
        "exact": exact,
        "note": NOT_AT_THIS_DETAIL if outside else None,
    }


def _viewer(arguments: Arguments) -> Viewer | None:
    """Who asks; None: the operator of the machine. Raises UsageError on an unknown role."""
    role, boroughs = arguments.get("role"), arguments.get("boroughs") or ()
    if role is None:
        if boroughs:
            raise UsageError("--borough says for which boroughs a --role is held; give a --role")
        return None
    if role not in ROLES:
        raise UsageError(f"{role!r} is no role; there are {', '.join(ROLES)}")
    return Viewer(role, frozenset(borough_code(text) for text in boroughs))


# --- the demonstration ----------------------------------------------------------------------------


def submissions(
    store: Store, settings: Settings, arguments: Arguments, content: bytes = b""
) -> Answer:
    """Every submission, newest first. Arguments: extract (optional)."""
    return {"submissions": history(store, arguments.get("extract"))}


def withdraw_submission(
    store: Store, settings: Settings, arguments: Arguments, content: bytes = b""
) -> Answer:
    """Withdraw a submission. Arguments: submission, by, why. Raises NoSuchSubmission."""
    withdraw(store, arguments["submission"], arguments["by"], arguments["why"])
    return {"submission": arguments["submission"], "outcome": "withdrawn"}


def reinstate_submission(
    store: Store, settings: Settings, arguments: Arguments, content: bytes = b""
) -> Answer:
    """Undo a withdrawal. Arguments: submission, by. Raises NoSuchSubmission."""
    reinstate(store, arguments["submission"], arguments["by"], arguments.get("why"))
    return {"submission": arguments["submission"], "outcome": "reinstated"}


def load_demonstration(
    store: Store, settings: Settings, arguments: Arguments, content: bytes = b""
) -> Answer:
    """Publish the demonstration data through intake, all of it at once.

    Arguments: if_empty (true: a store that holds something is left alone without complaint).
    Raises UsageError when the store holds something already.
    """
    from gapmap import demo  # here: no other command needs them
    from gapmap.publishing import bulk  # here: no other command needs them

    came = history(store)
    if came:
        if arguments.get("if_empty"):
            # The releases come after the files: a first start may have been ended in between.
            unfinished = all(one["demonstration"] for one in came)
            made = _release_demonstration(store, arguments) if unfinished else 0
            return {"outcome": "unchanged", "files": 0, "releases": made}
        raise UsageError("the store holds submissions; the demonstration needs an empty store")
    files = bulk.publish_many(
        store,
        ((_demonstration(file), file.submitted_by) for file in demo.demonstration_files()),
        most_bytes=settings.max_upload_bytes,
        today=max(today(), demo.AS_AT),
        report=arguments.get("report") or (lambda _: None),
    )
    made = _release_demonstration(store, arguments)
    return {"outcome": "published", "files": files, "releases": made}


def _release_demonstration(store: Store, arguments: Arguments) -> int:
    """Release what was never released; the number of releases."""
    from gapmap import release
    from gapmap.demo.audited import kept_or_planned

    if release.releases(store):
        return 0
    planner = arguments.get("planner") or kept_or_planned
    why = "The synthetic demonstration."
    return len(release.release_all(store, DEMONSTRATED_BY, why, planner=planner))


def _demonstration(file: DemoFile) -> Upload:
    of_quarters = contract_named(file.extract).dated_by == "quarter"
    return Upload(
        file.content,
        file.name,
        file.extract,
        parse_quarter(file.quarter) if of_quarters else None,
        file.register_date,
        file.nil_returns,
        demonstration=True,
    )


COMMANDS: Mapping[str, Callable[[Store, Settings, Arguments, bytes], Answer]] = {
    "load": load,
    "map": map_file,
    "ask": ask,
    "release": make_release,
    "releases": list_releases,
    "withdraw-release": withdraw_release,
    "submissions": submissions,
    "withdraw": withdraw_submission,
    "reinstate": reinstate_submission,
    "demo": load_demonstration,
    "verify": verify_store,
    "rebuild": rebuild_store,
    "backup": back_up_store,
    "restore": restore_store,
}
# They replace files that may be damaged, and take a store that is not open.
REPLACING = frozenset({"rebuild", "restore"})


def where(issue: Mapping[str, Any]) -> str:
    """The place of an issue in words: sheet, cell or row, column."""
    parts = [
        f"sheet {issue['sheet']}" if issue["sheet"] else None,
        f"cell {issue['cell']}" if issue["cell"] else None,
        f"row {issue['row']}" if issue["row"] and not issue["cell"] else None,
        f"column {issue['column']}" if issue["column"] else None,
    ]
    return ", ".join(part for part in parts if part)


def problems(issues: Iterable[Mapping[str, Any]]) -> list[str]:
    """Issues as lines of text: severity, place, what is wrong, how to mend it."""
    return [
        f"{issue['severity']}: {_placed(where(issue))}{issue['message']}. {issue['fix']}"
        for issue in issues
    ]


def _placed(place: str) -> str:
    return f"{place}: " if place else ""
