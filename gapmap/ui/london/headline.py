"""The headline of London: five figures, each with its change, its pupils and the list behind it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import pandas as pd

from gapmap.access import Viewer
from gapmap.contract import contracts
from gapmap.indicator import definitions, of_schools
from gapmap.ui.cards import Card, Opening, Tone, show_opening_cards
from gapmap.ui.classes import DSL_SOON
from gapmap.ui.loads import load
from gapmap.ui.london.london_choice import (
    DSL_TRAINING,
    LISTS,
    MISSING,
    NO_POLICE,
    NOT_REVIEWED,
    NOT_SUBMITTED,
)
from gapmap.ui.navigation import go_into
from gapmap.ui.words import change, count, missing

# The extract in which schools answer yes or no: only there somebody is asked, replies or says no.
QUESTIONS: Final = "school_safeguarding"
# What is counted of each, in the order of the card.
KINDS: Final = {"not_asked": "not asked", "no_reply": "no reply", "gap": "said no"}
_WIDTHS: Final = (1, 1.12, 1, 1.06, 1.3)

Row = Mapping[Any, Any]


@dataclass(frozen=True)
class Headline:
    """What the five figures are of: `found` is london/headline, a row an indicator; `runs_out`,
    `asked` and `returns` are london/runs_out, asked and not_submitted; `previous` the quarter
    compared with."""

    found: pd.DataFrame
    runs_out: pd.DataFrame
    asked: pd.DataFrame
    returns: pd.DataFrame
    previous: str | None

    def row(self, indicator: str) -> Row | None:
        """The figures of an indicator, or None where no school matches."""
        rows = self.found[self.found["indicator"] == indicator]
        return None if rows.empty else dict(rows.iloc[0])

    def silent(self) -> list[str]:
        """The boroughs with no answer that counts, for at least one extract, by name."""
        return sorted(set(self.returns.loc[self.returns["is_missing"], "borough"]))


def school_extracts() -> tuple[str, ...]:
    """The extracts that the indicators of schools rest on."""
    return tuple(sorted({name for d in of_schools() for name in d.extracts}))


def load_headline(
    viewer: Viewer, quarter: str, previous: str | None, of_school: Mapping[str, str | None]
) -> Headline:
    """The figures of a quarter, of the schools that the filters leave."""
    return Headline(
        load(viewer, "london/headline", quarter=quarter, previous=previous, **of_school),
        load(
            viewer,
            "london/runs_out",
            quarter=quarter,
            indicator="dsl_in_date",
            ahead=DSL_SOON,
            **of_school,
        ),
        load(viewer, "london/asked", quarter=quarter, indicators=questions(), **of_school),
        load(
            viewer,
            "london/not_submitted",
            quarter=quarter,
            previous=previous,
            extracts=school_extracts(),
            **of_school,
        ),
        previous,
    )


def show_headline(held: Headline) -> None:
    """Draw the five cards; a click on one opens the list behind it: a step in the history."""
    opened = show_opening_cards(
        [
            (_unreviewed(held), _list_of(NOT_REVIEWED)),
            (_dsl(held), _list_of(DSL_TRAINING)),
            (_no_police(held), _list_of(NO_POLICE)),
            (_silent(held), _list_of(NOT_SUBMITTED)),
            (_asked(held), Opening("open the missing answers", {"london_view": MISSING})),
        ],
        key="headline",
        widths=_WIDTHS,
    )
    if opened:
        go_into(**opened)


def _list_of(name: str) -> Opening:
    return Opening("open the list and its letter", {"london_view": LISTS, "list": name})


def _unreviewed(held: Headline) -> Card:
    label, row = "Schools unreviewed", held.row("reviewed")
    if row is None:
        return _nothing(label)
    before = _sum(row["gap_before"], row["unknown_before"])
    now = row["gap"] + row["unknown"]
    same = change(row["both_unmet"], row["both_unmet_before"])
    return Card(
        label,
        count(now),
        _moved(now, before, held.previous),
        _tone(now, before),
        f"{count(row['gap'])} said no, {count(row['unknown'])} unknown; "
        f"{count(row['pupils_gap'] + row['pupils_unknown'])} pupils. "
        f"{_same(row['both_schools'], same, held.previous)}",
        f"{definitions()['reviewed'].question} Unreviewed are those that say no and those of which "
        "it is not known; the two are never one. "
        f"{_pupils(row['gap_without_pupils'] + row['unknown_without_pupils'])}",
    )


def _dsl(held: Headline) -> Card:
    label, row = "DSL out of date", held.row("dsl_in_date")
    if row is None or not row["met"] + row["gap"]:
        return _nothing(label)
    soon = held.runs_out["runs_out"].sum()
    return _gap_card(
        held,
        label,
        row,
        f"{count(soon)} more run out within two quarters",
        f"{definitions()['dsl_in_date'].question} Training counts for "
        f"{contracts()['training'].valid_for}; it runs out for "
        f"{count(soon)} further schools this quarter or in the next two.",
    )


def _no_police(held: Headline) -> Card:
    label, row = "No police contact", held.row("police_engagement")
    if row is None or not row["met"] + row["gap"]:
        return _nothing(label)
    known = f"of {count(row['met'] + row['gap'])} known"
    return _gap_card(held, label, row, known, definitions()["police_engagement"].question)


def _gap_card(held: Headline, label: str, row: Row, first: str, meaning: str) -> Card:
    moved = change(row["same_gap"], row["same_gap_before"])
    return Card(
        label,
        count(row["gap"]),
        _moved(row["gap"], row["gap_before"], held.previous),
        _tone(row["gap"], row["gap_before"]),
        f"{first}; {count(row['pupils_gap'])} pupils. "
        f"{_same(row['same_schools'], moved, held.previous)}",
        f"{meaning} {_pupils(row['gap_without_pupils'])}",
    )


def _silent(held: Headline) -> Card:
    names = held.silent()
    before: int | None = None
    if held.previous is not None:
        was = held.returns["was_missing"].fillna(value=False).astype(bool)
        before = held.returns.loc[was, "borough"].nunique()
    areas = held.returns[held.returns["borough"].isin(names)].drop_duplicates("borough_code")
    behind = f"{count(areas['schools'].sum())} schools, {count(areas['pupils'].sum())} pupils"
    return Card(
        NOT_SUBMITTED,
        count(len(names)),
        _moved(len(names), before, held.previous),
        _tone(len(names), before),
        f"{_shortened(names)}. {behind}" if names else "Every borough has an answer that counts.",
        "Boroughs with no return that still counts, for at least one extract that schools answer "
        f"in: {', '.join(names) or 'none'}.",
    )


def _shortened(names: Sequence[str], most: int = 3) -> str:
    if len(names) <= most:
        return ", ".join(names)
    return f"{', '.join(names[:most])} and {len(names) - most} more"


def _asked(held: Headline) -> Card:
    """Schools with any such answer; how answers moved stands beside, told apart as answers."""
    names = questions()
    rows = held.found[held.found["indicator"].isin(names)]
    schools = _by_kind(held.asked, "schools")
    pupils = _by_kind(held.asked, "pupils")
    without = _by_kind(held.asked, "without_pupils")
    before = [rows[f"{column}_before"].sum(min_count=1) for column in KINDS]
    moved = [change(rows[column].sum(), was) for column, was in zip(KINDS, before, strict=True)]
    same = change(rows["same_gap"].sum(min_count=1), rows["same_gap_before"].sum(min_count=1))
    since = (
        f"Answers since {held.previous}: {' · '.join(str(one) for one in moved)}"
        if held.previous and None not in moved
        else "No earlier quarter."
    )
    return Card(
        " · ".join(KINDS.values()).capitalize(),
        " · ".join(count(number) for number in schools),
        note=f"Schools, on any of {len(names)} questions; "
        f"{' · '.join(count(number) for number in pupils)} pupils. {since}",
        meaning=f"We have not asked {count(schools[0])} schools; {count(schools[1])} have not "
        f"replied; {count(schools[2])} said no, each to at least one of {len(names)} questions. "
        f"Answers, not schools: {' · '.join(count(rows[column].sum()) for column in KINDS)}; no "
        f"of the same schools: {same or '–'}. {' · '.join(count(number) for number in without)} of "
        f"the schools give no number of pupils. {_most(rows)}",
    )


def questions() -> tuple[str, ...]:
    """The indicators about which schools are asked: they answer yes or no."""
    return tuple(d.name for d in of_schools() if d.extracts == (QUESTIONS,))


def _by_kind(asked: pd.DataFrame, column: str) -> list[int]:
    found = dict(zip(asked["answer"], asked[column], strict=True))
    return [int(found.get(kind, 0)) for kind in KINDS]


def _most(rows: pd.DataFrame) -> str:
    """The question that most schools were not asked."""
    if rows.empty or not rows["not_asked"].sum():
        return ""
    most = max(rows.to_dict("records"), key=lambda row: row["not_asked"])
    title = definitions()[str(most["indicator"])].title
    return f"Not asked of most: {title}, {count(most['not_asked'])} schools."


def _nothing(label: str) -> Card:
    return Card(label, "–", note="Nothing is known: no school here has an answer that counts.")


def _sum(*parts: Any) -> Any:
    return None if any(missing(part) for part in parts) else sum(parts)


def _same(schools: Any, moved: str | None, previous: str | None) -> str:
    if previous is None or moved is None:
        return "No earlier quarter."
    if not schools:
        return "No school answered in both quarters."
    return f"Same {count(schools)} schools: {moved}"


def _pupils(without: Any) -> str:
    return (
        f"Pupils are those of schools whose number is known; {count(without)} of these schools "
        "give none. 'Same schools' compares those in both quarters."
    )


def _moved(now: Any, before: Any, previous: str | None) -> str:
    moved = change(now, before) if previous else None
    return "" if moved is None else f"{moved} since {previous}"


def _tone(now: Any, before: Any) -> Tone:
    if missing(now) or missing(before) or now == before:
        return "neutral"
    return "worse" if now > before else "better"
