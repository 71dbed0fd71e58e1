"""What the screens Voice and Joined-up look at: a quarter, a borough or London, and one view."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
import streamlit as st

from gapmap.access import Viewer
from gapmap.indicator import Definition
from gapmap.reference import reference
from gapmap.reference.thresholds import changed_settings
from gapmap.ui import filters, frame
from gapmap.ui.loads import load, load_area_values
from gapmap.ui.submitted import boroughs_silent, silent_names
from gapmap.ui.words import missing

LONDON = "London"


@dataclass(frozen=True)
class LookedAt:
    """The choices of a screen. `borough` None: all of London. `question`: of the survey, if any."""

    viewer: Viewer
    held: pd.DataFrame
    quarter: str
    borough: str | None
    view: str
    beside: Any
    question: str = ""

    @property
    def name(self) -> str:
        """The area as people call it."""
        return LONDON if self.borough is None else reference.borough_name(self.borough)

    @property
    def area(self) -> dict[str, str]:
        """The area and quarter as questions take them."""
        level, code = ("london", LONDON) if self.borough is None else ("borough", self.borough)
        return {"quarter": self.quarter, "level": level, "area": code}

    def said(self, **more: str | None) -> dict[str, str | None]:
        """The filters by their labels, for a table that is taken along."""
        return {"Area": self.name, **more}

    def definition(self, definition: Definition) -> None:
        """The definition, one click away, in the row of filters."""
        with self.beside:
            frame.definition_of(definition)

    def definitions(self) -> None:
        """All definitions, one click away, in the row of filters."""
        with self.beside:
            frame.definition_of_all()

    def silent(self, *extracts: str, every: bool = False) -> None:
        """Name the boroughs without an answer that counts; `every`: also those not chosen."""
        only = None if every else self.borough
        silent_names(boroughs_silent(self.viewer, self.quarter, extracts, only=only))

    def never(self, extract: str) -> None:
        """Name the boroughs that never sent what stands from then on, however old it is."""
        found = load(self.viewer, "gaps/submitted", quarter=self.quarter, extract=extract)
        of_area = found if self.borough is None else found[found["borough_code"] == self.borough]
        names = of_area.loc[of_area["last_quarter"].isna(), "borough"]
        silent_names({extract: list(names)})

    def of_boroughs(self, indicator: str) -> pd.DataFrame:
        """An indicator of borough grain: every borough in alphabetical order, then London.

        Adds `borough`, the area's name.
        """
        found = load_area_values(self.viewer, [indicator], [self.quarter])
        names = {row["borough_code"]: row["borough"] for row in reference.boroughs()}
        rows = found[found["level"].isin(["borough", "london"])].copy()
        rows["borough"] = [names.get(code, LONDON) for code in rows["area_code"]]
        return rows.sort_values(
            ["level", "borough"], ignore_index=True
        )  # "borough" comes before "london"


def view_filter(views: Sequence[str]) -> str:
    """One view at a time, in the URL as ?view=; the first from the start."""
    chosen = st.segmented_control(
        "View",
        list(views),
        default=views[0],
        required=True,
        key="view",
        bind="query-params",
        label_visibility="collapsed",
    )
    return chosen or views[0]


def quarter_and_area(columns: Sequence[Any], held: pd.DataFrame) -> tuple[str, str | None]:
    """The filters of every view, in two places of the row."""
    with columns[0]:
        quarter = filters.quarter_filter(list(held["quarter"]))
    with columns[1]:
        borough = filters.area_filter()
    return quarter, borough


def records(found: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows as mappings."""
    return [{str(k): v for k, v in row.items()} for row in found.to_dict("records")]


def release_of(found: pd.DataFrame) -> str | None:
    """The newest release that the figures of an answer come from, or None where none is held."""
    held = found["release_id"].dropna()
    return None if held.empty else str(max(held))


def range_words(low: Any, high: Any) -> str:
    """An interval of percent or points, in whole ones: `12 to 18`, `−5 to 3`."""
    if missing(low) or missing(high):
        return "–"
    return f"{low:.0f} to {high:.0f}".replace("-0 ", "0 ").replace("-", "−")


def percent_words(value: Any) -> str:
    """A share in percent as it is shown, or a dash."""
    return "–" if missing(value) else f"{value:.0f}%"


def key_of(row: Mapping[str, Any], *names: str) -> tuple[Any, ...]:
    """The values of some columns, to find a row by."""
    return tuple(row[name] for name in names)


def own_settings(looked: LookedAt, *settings: str) -> None:
    """Say which partnerships of the area count by thresholds of their own, in one line."""
    boroughs = None if looked.borough is None else [looked.borough]
    said = [
        f"{one.partnership} {one.value:g} {one.threshold.unit}, not {one.threshold.value:g}"
        for one in changed_settings(boroughs)
        if one.threshold.setting in settings
    ]
    if said:
        st.caption(f"Settings of their own: {'; '.join(said)}.")
