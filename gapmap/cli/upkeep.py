"""The store's own upkeep on the command line: verify, rebuild, back up, restore."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import Any

import click

from gapmap.cli.command import FAULT, as_table, do
from gapmap.owner import as_json

_A_PATH = click.Path(resolve_path=True)


@click.command()
@click.option(
    "--against",
    type=_A_PATH,
    help="A backup, the folder of an archive or another store's file, in place of the archive.",
)
@click.option("--json", "as_text", flag_value=False, default=True, help="Answer in JSON.")
def verify(against: str | None, as_text: bool) -> None:
    """Prove that the store and its archive hold the same. Exit code 1: they differ."""
    answer = do("verify", {"against": against})
    if not as_text:
        click.echo(as_json(answer))
    elif answer["same"]:
        click.echo(f"the same: {answer['submissions']:,} submissions, {answer['rows']:,} rows")
    else:
        columns = ["submission", "what", "store", "against"]
        click.echo(as_table(columns, answer["differences"]))
    if not answer["same"]:
        sys.exit(FAULT)


@click.command()
@click.option("--to", type=_A_PATH, help="A store that is not there yet; else it is put in place.")
def rebuild(to: str | None) -> None:
    """Make the store again from its archive, and prove that both hold the same."""
    answer = do("rebuild", {"to": to})
    counted = f"{answer['submissions']:,} submissions, {answer['rows']:,} rows"
    click.echo(f"rebuilt {answer['store']}: {counted}, {answer['steps']:,} steps")
    _tell_kept(answer)


@click.command()
@click.argument("target", type=_A_PATH)
def backup(target: str) -> None:
    """Copy the store and its archive to TARGET, a folder or a .tar that is not there yet."""
    answer = do("backup", {"target": target})
    size = f"{answer['bytes'] / 1024 / 1024:,.1f} MB"
    click.echo(
        f"backed up version {answer['version']} to {target}: {answer['files']:,} files, {size}"
    )


@click.command()
@click.argument("source", type=_A_PATH)
def restore(source: str) -> None:
    """Put the backup SOURCE in place of the store; what was there is kept beside it."""
    answer = do("restore", {"source": source})
    click.echo(f"restored version {answer['version']}, backed up at {answer['made_at']} UTC")
    _tell_kept(answer)


def _tell_kept(answer: Mapping[str, Any]) -> None:
    if answer["kept"]:
        click.echo(f"what was there before is kept beside the store, in {answer['kept']}")
