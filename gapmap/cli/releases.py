"""Releases of figures about children on the command line."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import click

from gapmap.cli.command import as_table, do
from gapmap.owner import as_json


@click.command()
@click.option("--quarter", required=True, help="Calendar quarter, as 2026-Q3.")
@click.option("--by", default="operator", show_default=True, help="Who releases.")
@click.option("--why", help="What the release is for; it is kept.")
@click.option("--dry-run", is_flag=True, help="Work out and audit, say what would change.")
@click.option("--json", "as_text", flag_value=False, default=True, help="Answer in JSON.")
def release(as_text: bool, **options: Any) -> None:
    """Make, audit and release the figures about children of a quarter."""
    answer = do("release", options)
    if not as_text:
        click.echo(as_json(answer))
        return
    for line in _told_of_release(answer):
        click.echo(line)


def _told_of_release(answer: Mapping[str, Any]) -> list[str]:
    audited = (
        f"{answer['cells']:,} figures, {answer['hidden']:,} of them hidden, {answer['withheld']:,} "
        f"of these to protect another; audited for {answer['viewers']} viewers in "
        f"{answer['seconds']:.1f} s"
    )
    waiting = answer["unconfirmed"]
    unconfirmed = [f"not confirmed by their leads: {', '.join(waiting)}"] if waiting else []
    if answer["outcome"] == "proposed":
        done = f"would change {answer['changes']:,} figures; nothing was released"
    else:
        done = f"released {answer['release']}: {answer['quarter']}, {answer['changes']:,} changed"
    return [audited, *unconfirmed, done]


@click.command()
@click.option("--json", "as_text", flag_value=False, default=True, help="Answer in JSON.")
def releases(as_text: bool) -> None:
    """Every release of figures about children, the newest first, and what waits for one."""
    answer = do("releases", {})
    if not as_text:
        click.echo(as_json(answer))
        return
    columns = ["release_id", "quarter", "standing", "made_at", "made_by", "hidden", "withheld"]
    click.echo(as_table(columns, answer["releases"]))
    for draft in answer["drafts"]:
        click.echo(f"{draft['quarter']} waits for a release: {draft['boroughs']} boroughs changed")


@click.command("withdraw-release")
@click.argument("release")
@click.option("--by", required=True, help="Who withdraws, as an e-mail.")
@click.option("--why", required=True, help="The reason; it is kept.")
def withdraw_release(release: str, by: str, why: str) -> None:
    """Withdraw RELEASE: what the quarter's release before it said is shown again."""
    do("withdraw-release", {"release": release, "by": by, "why": why})
    click.echo(f"withdrawn {release}")
