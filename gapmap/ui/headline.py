"""The headline: five figures with their change on the quarter before."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from gapmap.indicator import Definition, of_schools
from gapmap.ui.cards import Card, Tone, show_cards
from gapmap.ui.words import change, count, missing, sentence


def headline(found: pd.DataFrame, silent: Mapping[str, list[str]], previous: str | None) -> None:
    """Schools with each gap, answers unknown, and boroughs that have not submitted.

    `found` has a row per indicator (gaps/headline); `silent` names, per extract, the boroughs with
    no answer that still counts; `previous` is the quarter compared with.
    """
    rows = {str(row["indicator"]): row for row in found.to_dict("records")}
    gaps = [_gap_card(d, rows.get(d.name), previous) for d in of_schools()]
    show_cards([*gaps, _unknown_card(found, previous), _silent_card(silent)])


def borough_headline(found: pd.DataFrame, previous: str | None) -> None:
    """The same figures of one borough: its schools with each gap, and its answers unknown."""
    rows = {str(row["indicator"]): row for row in found.to_dict("records")}
    gaps = [_gap_card(d, rows.get(d.name), previous) for d in of_schools()]
    show_cards([*gaps, _unknown_card(found, previous)])


def _gap_card(definition: Definition, row: Mapping[Any, Any] | None, previous: str | None) -> Card:
    label = sentence(definition.gap)
    if row is None or not row["met"] + row["gap"]:
        return Card(label, "–", note="Nothing is known: no school here has an answer that counts.")
    return Card(
        label,
        f"{count(row['gap'])}",
        _moved(row["gap"], row["gap_before"], previous),
        _tone(row["gap"], row["gap_before"]),
        _behind(row, previous),
        f"{definition.question} {_pupils(row)}",
    )


def _behind(row: Mapping[Any, Any], previous: str | None) -> str:
    pupils = f"of {count(row['met'] + row['gap'])} known; {count(row['pupils_gap'])} pupils"
    moved = change(row["same_gap"], row["same_gap_before"]) if previous else None
    if moved is None:
        return f"{pupils}; no earlier quarter"
    if not row["same_schools"]:
        return f"{pupils}; no school answered in both quarters"
    return f"{pupils}; same {count(row['same_schools'])} schools: {moved}"


def _pupils(row: Mapping[Any, Any]) -> str:
    return (
        f"Pupils are those of schools whose number is known; {count(row['gap_without_pupils'])} of "
        "these schools give none. 'Same schools' compares those that answered in both quarters."
    )


def _unknown_card(found: pd.DataFrame, previous: str | None) -> Card:
    now, before = found["unknown"].sum(), found["unknown_before"].sum(min_count=1)
    not_sent = found["not_submitted"].sum() + found["no_row"].sum()
    return Card(
        "Answers unknown",
        count(now),
        _moved(now, before, previous),
        _tone(now, before),
        f"not asked {count(found['not_asked'].sum())}, no reply {count(found['no_reply'].sum())}, "
        f"not sent {count(not_sent)}, out of date {count(found['out_of_date'].sum())}",
        "Answers of schools to these items that are missing; never counted as a gap nor as met.",
    )


def _silent_card(silent: Mapping[str, list[str]]) -> Card:
    names = sorted({name for boroughs in silent.values() for name in boroughs})
    return Card(
        "Boroughs not submitted",
        count(len(names)),
        note=", ".join(names) if names else "every borough has an answer that counts",
        meaning="Boroughs with no answer that still counts, for at least one extract.",
    )


def _moved(now: Any, before: Any, previous: str | None) -> str:
    moved = change(now, before) if previous else None
    return "" if moved is None else f"{moved} on {previous}"


def _tone(now: Any, before: Any) -> Tone:
    if missing(now) or missing(before) or now == before:
        return "neutral"
    return "worse" if now > before else "better"
