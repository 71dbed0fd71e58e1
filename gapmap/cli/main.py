"""The command line: `python -m gapmap`. Exit codes: 0 done, 3 refused, 2 usage, 1 fault."""

from __future__ import annotations

import csv
import io
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from gapmap.access import ROLES
from gapmap.calendar_quarter import parse_quarter
from gapmap.cli.command import FAULT, as_table, do, the_settings
from gapmap.cli.releases import release, releases, withdraw_release
from gapmap.cli.upkeep import backup, rebuild, restore, verify
from gapmap.operations.operations import problems
from gapmap.owner import as_json
from gapmap.publishing.revision_words import told
from gapmap.reading.reading import Unreadable, check_size

REFUSED = 3
SHOWN_AT_MOST = 50


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """gapmap without a browser. GAPMAP_STORE names the store."""


@main.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--extract", required=True, help="Which extract the file is, for instance referrals.")
@click.option("--quarter", help="Calendar quarter of all rows, as 2026-Q3.")
@click.option("--date", help="The register's date, as 2026-09-30.")
@click.option(
    "--covers",
    multiple=True,
    metavar="CODE",
    help="A borough declared as covered. Boroughs without rows become nil returns; once a borough "
    "with rows is named, all of them must be.",
)
@click.option(
    "--update-schools",
    "mode",
    flag_value="update",
    help="Update the schools that FILE has rows of and carry the others over from what stands. "
    "Without it FILE replaces all of its quarters and boroughs.",
)
@click.option("--by", default="operator", show_default=True, help="Who submits, as an e-mail.")
@click.option(
    "--why", help="The reason of a revision; needed once what stands is final. It is kept."
)
@click.option("--strict", is_flag=True, help="Refuse on warnings too.")
@click.option("--dry-run", is_flag=True, help="Check, say what would change, publish nothing.")
@click.option("--json", "as_text", flag_value=False, default=True, help="Answer in JSON.")
def load(file: Path, as_text: bool, **options: Any) -> None:
    """Check FILE against its contract and publish it: all of it or nothing."""
    _check_dates(options)
    content, refusal = _read(file)
    arguments = {**options, "covers": list(options["covers"]), "file_name": file.name}
    answer = refusal or do("load", arguments, content)
    click.echo(_told(answer) if as_text else as_json(answer))
    if answer["outcome"] == "refused":
        sys.exit(REFUSED)
    if answer["outcome"] == "overtaken":
        sys.exit(FAULT)


def _check_dates(options: Mapping[str, Any]) -> None:
    if options["quarter"]:
        try:
            parse_quarter(options["quarter"])
        except ValueError as fault:
            raise click.BadParameter(str(fault), param_hint="--quarter") from fault


def _read(file: Path) -> tuple[bytes, dict[str, Any] | None]:
    """The file's bytes, or the refusal of one that is too large to be read at all."""
    try:
        check_size(file.stat().st_size, the_settings().max_upload_bytes)
    except Unreadable as fault:
        issues = [issue.as_dict() for issue in fault.issues]
        refusal = {
            "outcome": "refused",
            "submission": None,
            "version": None,
            "rows": 0,
            "carried_over": 0,
            "left_out": 0,
            "dropped_columns": [],
            "issues_total": len(issues),
            "issues": issues,
        }
        return b"", refusal
    return file.read_bytes(), None


def _told(answer: Mapping[str, Any]) -> str:
    lines = problems(answer["issues"][:SHOWN_AT_MOST])
    if answer["issues_total"] > len(lines):
        lines.append(f"... {answer['issues_total']:,} issues in all; --json lists up to 1,000")
    if answer["dropped_columns"]:
        lines.append(f"{len(answer['dropped_columns'])} columns are not declared and were dropped")
    if answer["left_out"]:
        lines.append(f"{answer['left_out']:,} rows lie outside London and were left out")
    if "preview" in answer:
        lines += told(answer["preview"])
    return "\n".join([*lines, *_outcome(answer)])


def _outcome(answer: Mapping[str, Any]) -> list[str]:
    carried = answer["carried_over"]
    over = f", {carried:,} of them carried over from what stood" if carried else ""
    rows = f"{answer['rows']:,} rows{over}" if answer["rows"] else "a nil return"
    match answer["outcome"]:
        case "refused":
            return ["refused: nothing was stored"]
        case "overtaken":
            return [
                f"not published: {answer['message']}",
                "load the file again to publish over what stands now, or leave it",
            ]
        case "published":
            return [f"published {answer['submission']}: {rows}"]
        case _ if answer.get("dry_run"):
            late = [pair["late_in_words"] for pair in answer["preview"]["pairs"] if pair["late"]]
            explain = [f"to be explained (--why): {words}" for words in late]
            return [*explain, f"would be published: {rows}; nothing was stored"]
        case _:
            return [f"unchanged: these bytes stand already as {answer['submission']}"]


@main.command("map")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--extract", required=True, help="Which extract the file is.")
@click.option(
    "--mapping",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="The mapping, a TOML file: which heading is which column, which answer which value.",
)
@click.option("--suggest", is_flag=True, help="Print the matches that are offered, as TOML.")
@click.option("--by", default="operator", show_default=True, help="Who confirms, as an e-mail.")
@click.option("--json", "as_text", flag_value=False, default=True, help="Answer in JSON.")
def map_columns(
    file: Path, extract: str, mapping: Path | None, suggest: bool, by: str, as_text: bool
) -> None:
    """Say once how FILE is read; later files with the same headings then load unprompted."""
    if suggest == (mapping is not None):
        raise click.UsageError("give either --mapping or --suggest")
    content, refusal = _read(file)
    arguments = {"file_name": file.name, "extract": extract, "suggest": suggest, "by": by}
    if mapping is not None:
        arguments["mapping"] = _text_of(mapping)
    answer = refusal or do("map", arguments, content)
    click.echo(_told_of_mapping(answer) if as_text else as_json(answer))
    if answer["outcome"] == "refused":
        sys.exit(REFUSED)


def _text_of(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as fault:
        raise click.BadParameter("it is not text in UTF-8", param_hint="--mapping") from fault


def _told_of_mapping(answer: Mapping[str, Any]) -> str:
    match answer["outcome"]:
        case "suggested":
            return str(answer["suggestion"]).rstrip("\n")
        case "mapped":
            return (
                f"mapped {answer['mapping']}: {answer['kept_columns']} columns are kept, "
                f"{answer['dropped_columns']} dropped unseen; now load the file"
            )
        case _:
            return "\n".join([*problems(answer["issues"]), "refused: nothing was stored"])


@main.command()
@click.argument("question")
@click.option("--param", "params", multiple=True, metavar="NAME=VALUE", help="A parameter.")
@click.option("--format", "form", type=click.Choice(["table", "csv", "json"]), default="table")
@click.option("--json", "form", flag_value="json", help="The same as --format json.")
@click.option("--role", type=click.Choice(ROLES), help="Answer as this role is answered.")
@click.option(
    "--borough",
    "boroughs",
    multiple=True,
    metavar="CODE",
    help="A borough that the role is held for.",
)
def ask(
    question: str,
    params: tuple[str, ...],
    form: str,
    role: str | None,
    boroughs: tuple[str, ...],
) -> None:
    """Ask QUESTION: a file of queries/ without .sql, for instance gaps/by_borough.

    With no --role it is answered as to the operator of the machine, from exact figures.
    """
    parameters = {}
    for param in params:
        name, equals, value = param.partition("=")
        if not equals:
            raise click.BadParameter(f"{param!r} is not NAME=VALUE", param_hint="--param")
        parameters[name] = value
    asked = {"question": question, "parameters": parameters}
    answer = do("ask", {**asked, "role": role, "boroughs": list(boroughs)})
    if answer["note"]:
        click.echo(answer["note"], err=True)
    click.echo(_formatted(answer["columns"], answer["rows"], form))


def _formatted(columns: list[str], rows: list[dict[str, Any]], form: str) -> str:
    if form == "json":
        return as_json(rows)  # type: ignore[arg-type]
    if form == "csv":
        text = io.StringIO()
        writer = csv.DictWriter(text, columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
        return text.getvalue().rstrip("\n")
    return as_table(columns, rows)


@main.command()
@click.option("--extract", help="One extract alone.")
@click.option("--json", "as_text", flag_value=False, default=True, help="Answer in JSON.")
def submissions(extract: str | None, as_text: bool) -> None:
    """What came, from whom, and what of it stands; newest first."""
    answer = do("submissions", {"extract": extract})["submissions"]
    if not as_text:
        click.echo(as_json(answer))
        return
    columns = [
        "submission_id",
        "standing",
        "first_quarter",
        "row_count",
        "submitted_by",
        "file_name",
    ]
    click.echo(as_table(columns, answer))


@main.command()
@click.argument("submission")
@click.option("--by", required=True, help="Who withdraws, as an e-mail.")
@click.option("--why", required=True, help="The reason; it is kept.")
def withdraw(submission: str, by: str, why: str) -> None:
    """Withdraw SUBMISSION: what stood before it stands again."""
    do("withdraw", {"submission": submission, "by": by, "why": why})
    click.echo(f"withdrawn {submission}")


@main.command()
@click.argument("submission")
@click.option("--by", required=True, help="Who undoes the withdrawal, as an e-mail.")
def reinstate(submission: str, by: str) -> None:
    """Undo the withdrawal of SUBMISSION."""
    do("reinstate", {"submission": submission, "by": by})
    click.echo(f"reinstated {submission}")


@main.command()
@click.option("--if-empty", is_flag=True, help="Leave a store that holds something alone.")
def demo(if_empty: bool) -> None:
    """Load the synthetic demonstration data into an empty store."""
    answer = do("demo", {"if_empty": if_empty})
    if answer["outcome"] == "published":
        click.echo(f"published {answer['files']} demonstration files")


for command in (release, releases, withdraw_release, verify, rebuild, backup, restore):
    main.add_command(command)
