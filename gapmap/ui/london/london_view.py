"""The map of London over the quarters, with its ranking and what stands under them."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from gapmap.access import Viewer
from gapmap.indicator import Definition
from gapmap.ui import filters, frame
from gapmap.ui.exporting import provenance, under_table
from gapmap.ui.loads import load
from gapmap.ui.london import london_figures, london_panels, london_play
from gapmap.ui.navigation import go_into
from gapmap.ui.submitted import boroughs_silent, silent_line, silent_names
from gapmap.ui.words import known_of

NO_REFERRAL = "no_referral_seen"
# The view of a borough that says in how many schools no referral was seen, and to whom in which.
_VIEW_OF_CHILDREN = "Referrals & voice"

Filters = Mapping[str, str | None]


def show_map(
    viewer: Viewer,
    definition: Definition,
    held: pd.DataFrame,
    quarter: str,
    of_school: Filters,
) -> None:
    """The map and its table, to be played over the quarters; a borough that is clicked opens."""
    quarters = sorted(held["quarter"])

    def draw(shown: str) -> None:
        of_schools = definition.level == "school"
        clicked = (
            _shares(viewer, definition, held, shown, of_school)
            if of_schools
            else _figures(viewer, definition, held, shown)
        )
        if clicked:
            london_play.stop()
            view = {"view": _VIEW_OF_CHILDREN} if definition.name == NO_REFERRAL else {}
            go_into(borough=clicked, **view)

    london_play.over_time(quarters, quarter, draw)


def _shares(
    viewer: Viewer, definition: Definition, held: pd.DataFrame, quarter: str, of_school: Filters
) -> str | None:
    boroughs = load(
        viewer,
        "london/ranking",
        indicator=definition.name,
        quarter=quarter,
        previous=filters.quarter_before(held, quarter),
        **of_school,
    )
    if not boroughs["schools"].any():
        frame.nothing_matches("London", quarter, held)
        return None
    clicked = london_panels.share_panels(boroughs, definition)
    n = known_of(boroughs["n"].sum(), boroughs["schools"].sum())
    _under(
        viewer,
        definition,
        quarter,
        frame.source_line(quarter, held, definition.extracts, n),
        london_panels.table_of(boroughs, ranked=definition.polarity != "none"),
        of_school,
    )
    return clicked


def _figures(
    viewer: Viewer, definition: Definition, held: pd.DataFrame, quarter: str
) -> str | None:
    figures = london_figures.load_figures(viewer, definition, list(held["quarter"]), quarter)
    clicked = london_figures.figure_panels(figures, definition)
    boroughs = london_figures.boroughs_of(figures, definition)
    n = london_figures.london_line(figures, definition)
    release = london_figures.release_of(viewer, definition, quarter)
    if release:
        n = f"{n}; release {release}"
    _under(
        viewer,
        definition,
        quarter,
        frame.source_line(quarter, held, definition.extracts, n),
        london_figures.figure_table(boroughs, definition),
        {},
        release,
    )
    return clicked


def _under(
    viewer: Viewer,
    definition: Definition,
    quarter: str,
    line: str,
    table: pd.DataFrame,
    of_school: Filters,
    release: str | None = None,
) -> None:
    """What stands under both: who has not submitted, the source, and the table to take along."""
    silent = boroughs_silent(viewer, quarter, definition.extracts)
    if len(silent) > 1:
        silent_names(silent)
    else:
        silent_line(silent, definition)
    under_table(
        line,
        lambda: table,
        provenance(
            f"{definition.title} by borough",
            quarter,
            source=line,
            definition=f"{definition.question} {definition.numerator}; out of "
            f"{definition.denominator}. In {definition.unit}.",
            filters={
                label: value
                for label, value in (
                    ("Phase", of_school.get("phase")),
                    ("School type", of_school.get("school_type")),
                )
                if of_school
            },
            release=release,
            notes=(definition.note,) if definition.note else (),
        ),
        quarter,
        key="london_export",
    )
