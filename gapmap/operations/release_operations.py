"""What gapmap can do with releases without a browser; as gapmap.operations.operations."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gapmap.calendar_quarter import parse_quarter
from gapmap.intake.intake import UsageError
from gapmap.settings import Settings
from gapmap.stores.store import Store


def make_release(
    store: Store, settings: Settings, arguments: Mapping[str, Any], content: bytes = b""
) -> dict[str, Any]:
    """Work out, audit and make the release of a quarter; with `dry_run` only say what would change.

    Arguments: quarter, by, why, dry_run. Raises UsageError on a quarter that is none,
    ReleaseRefused when nothing of it waits or it cannot be made safe.
    """
    from gapmap import release  # here: the audit brings a solver along

    try:
        quarter = str(parse_quarter(arguments["quarter"]))
    except ValueError as fault:
        raise UsageError(str(fault)) from fault
    proposal = release.propose(store, quarter)
    planned = proposal.planned
    answer: dict[str, Any] = {
        "quarter": quarter,
        "release": None,
        "replaces": proposal.draft.replaces,
        "changes": proposal.changes.num_rows,
        "cells": planned.figures.num_rows,
        "hidden": planned.hidden,
        "withheld": planned.withheld,
        "viewers": planned.viewers,
        "seconds": round(planned.seconds, 3),
        "unconfirmed": proposal.draft.unconfirmed,
    }
    if arguments.get("dry_run"):
        return {**answer, "outcome": "proposed"}
    by = arguments.get("by") or "operator"
    made = release.release(store, quarter, by, arguments.get("why"), proposal=proposal)
    return {**answer, "outcome": "released", "release": made["release_id"]}


def list_releases(
    store: Store, settings: Settings, arguments: Mapping[str, Any], content: bytes = b""
) -> dict[str, Any]:
    """Every release, the newest first, and the quarters that wait for one."""
    from gapmap import release

    waiting = [
        {
            "quarter": draft.quarter,
            "replaces": draft.replaces,
            "boroughs": len(draft.boroughs),
            "unconfirmed": draft.unconfirmed,
        }
        for draft in release.drafts(store)
    ]
    return {"releases": release.releases(store), "drafts": waiting}


def withdraw_release(
    store: Store, settings: Settings, arguments: Mapping[str, Any], content: bytes = b""
) -> dict[str, Any]:
    """Withdraw a release. Arguments: release, by, why. Raises ReleaseRefused."""
    from gapmap import release

    release.withdraw_release(store, arguments["release"], arguments["by"], arguments["why"])
    return {"release": arguments["release"], "outcome": "withdrawn"}
