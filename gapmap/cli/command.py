"""What every command of the command line does: hand its work to the running app, or do it here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from io import StringIO
from typing import Any

import click

from gapmap.office.audit_log import AuditLog
from gapmap.office.office import open_office
from gapmap.operations.noted import note_done
from gapmap.operations.operations import COMMANDS, REPLACING
from gapmap.owner import HINDRANCES, MISTAKES, OwnerFault, find, hand_over
from gapmap.recovery.migration import open_up_to_date
from gapmap.settings import Settings, read_settings
from gapmap.stores.store import Store, closed_store

FAULT = 1


def do(command: str, arguments: Mapping[str, Any], content: bytes = b"") -> dict[str, Any]:
    """Let the running app do a command, or open the stores and do it here."""
    settings = the_settings()
    try:
        handle = find(settings)
        if handle is not None:
            answer = hand_over(handle, command, arguments, content)
            if answer is not None:
                return answer
        return _do_here(settings, command, arguments, content)
    except MISTAKES as mistake:
        raise click.UsageError(str(mistake)) from mistake
    except (OwnerFault, *HINDRANCES) as fault:
        raise click.ClickException(str(fault)) from fault


def the_settings() -> Settings:
    try:
        return read_settings()
    except ValueError as fault:
        raise click.ClickException(str(fault)) from fault


def _do_here(
    settings: Settings, command: str, arguments: Mapping[str, Any], content: bytes
) -> dict[str, Any]:
    if command in REPLACING:
        store = closed_store(settings)
    else:
        store = open_up_to_date(settings, partial(click.echo, err=True))
    try:
        answer = COMMANDS[command](store, settings, arguments, content)
        _note(store, command, arguments, answer)
        return answer
    finally:
        store.close()


def _note(
    store: Store, command: str, arguments: Mapping[str, Any], answer: Mapping[str, Any]
) -> None:
    """Note what was done in the office beside the store; standard output is the command's own."""
    events: list[dict[str, Any]] = []
    note_done(lambda **event: events.append(event), command, arguments, answer)
    if not events:
        return
    office = open_office(store.path)
    try:
        log = AuditLog(office, StringIO())
        for event in events:
            log.note(**event)
    finally:
        office.close()


def as_table(columns: Sequence[str], rows: Sequence[Mapping[str, Any]]) -> str:
    cells = [columns, *[[_cell(row[column]) for column in columns] for row in rows]]
    widths = [max(len(line[i]) for line in cells) for i in range(len(columns))]
    return "\n".join(
        "  ".join(text.ljust(width) for text, width in zip(line, widths, strict=True)).rstrip()
        for line in cells
    )


def _cell(value: Any) -> str:
    match value:
        case None:
            return "-"
        case float():
            return f"{value:.3f}"
        case list():
            return ", ".join(str(part) for part in value)
        case _:
            return str(value)
