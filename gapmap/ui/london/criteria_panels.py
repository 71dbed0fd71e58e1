"""Three criteria: the schools, or the boroughs, that fail up to three indicators at once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import pandas as pd
import streamlit as st

from gapmap.access import Viewer
from gapmap.indicator import definitions
from gapmap.ui.borough.listed_schools import of_criteria, open_borough
from gapmap.ui.classes import FAILING_SCALE, STANDINGS
from gapmap.ui.exporting import provenance, under_table
from gapmap.ui.finding import show_finding
from gapmap.ui.frame import Source
from gapmap.ui.loads import load
from gapmap.ui.london.london_choice import OF_SCHOOLS, Criteria
from gapmap.ui.london.london_panels import MAP_ALT, map_and_table
from gapmap.ui.maps import UNKNOWN, BoroughRow, choropleth
from gapmap.ui.navigation import go_into
from gapmap.ui.tables import chosen_row
from gapmap.ui.words import count, interval, missing, numbered, percent

Filters = Mapping[str, str | None]
MOST_NAMED: Final = 6
_WIDTH: Final = 108
_ABOVE: Final = 86  # pixels of the criteria and of the sentence below them


def show_criteria(
    viewer: Viewer, criteria: Criteria, quarter: str, of_school: Filters, source_of: Source
) -> None:
    """Map and table of the boroughs by how many of their schools fail, or whether they do."""
    titles = [definitions()[name].title for name in criteria.indicators]
    extracts = {name for one in criteria.indicators for name in definitions()[one].extracts}
    source = source_of(sorted(extracts))
    given: dict[str, Any] = {
        "quarter": quarter,
        "indicators": criteria.indicators,
        **of_school,
    }
    if criteria.of == OF_SCHOOLS:
        found = load(viewer, "london/criteria_schools", **given)
        show_finding("Which schools fail all of these?", *schools_words(found, titles))
        clicked, shown = _schools(found), schools_table(found)
    else:
        found = load(viewer, "london/criteria_boroughs", ceiling=criteria.ceiling, **given)
        question = f"Which boroughs are under {percent(criteria.ceiling)} on all of these?"
        show_finding(question, *boroughs_words(found))
        clicked, shown = _boroughs(found, titles), boroughs_table(found, titles)
    under_table(
        source,
        lambda: shown,
        provenance(
            f"Three criteria, {criteria.of.lower()}",
            quarter,
            source=source,
            definition="; ".join(
                f"{definitions()[name].title}: {definitions()[name].gap}"
                for name in criteria.indicators
            ),
            filters={
                "Criteria": ", ".join(titles),
                "Share met under": None if criteria.of == OF_SCHOOLS else percent(criteria.ceiling),
                "Phase": of_school.get("phase"),
                "School type": of_school.get("school_type"),
            },
        ),
        quarter,
        key="criteria_export",
    )
    if clicked and criteria.of == OF_SCHOOLS:
        open_borough(clicked, of_criteria(criteria.indicators))
    if clicked:
        go_into(borough=clicked)


# --- schools --------------------------------------------------------------------------------------


def schools_words(found: pd.DataFrame, titles: list[str]) -> tuple[str, str]:
    """In a sentence: how many schools fail all criteria, in how many boroughs."""
    failing = numbered(int(found["failing"].sum()), "school")
    where = numbered(int((found["failing"] > 0).sum()), "borough")
    at_once = " at once" if len(titles) > 1 else ""
    return failing, (
        f"in {where}: the gap on {_listed(titles)}{at_once} "
        f"({count(found['pupils_failing'].sum())} pupils); of "
        f"{count(found['unknown'].sum())} further ones it is not known."
    )


def _listed(titles: list[str]) -> str:
    return titles[0] if len(titles) == 1 else f"{', '.join(titles[:-1])} and {titles[-1]}"


def schools_table(found: pd.DataFrame) -> pd.DataFrame:
    """Boroughs by the number of schools that fail all criteria."""
    return pd.DataFrame(
        {
            "Borough": found["borough"],
            "Fail all": found["failing"],
            "Share": found["share_failing"] * 100,
            "95%": [interval(a, b) for a, b in zip(found["low"], found["high"], strict=True)],
            "Pupils": found["pupils_failing"],
            "Known": found["n"],
            "Unknown": found["unknown"],
        }
    )


def _schools(found: pd.DataFrame) -> str | None:
    left, right = map_and_table(_ABOVE)
    with left:
        on_map = choropleth(
            [_school_row(row) for row in found.to_dict("records")],
            FAILING_SCALE.labels,
            title=FAILING_SCALE.title,
            key="criteria_map",
            alt=MAP_ALT,
            height="stretch",
            neutrals=FAILING_SCALE.neutrals,
        )
    with right:
        place = chosen_row(
            schools_table(found),
            key="criteria_table",
            height="stretch",
            columns={
                "Borough": st.column_config.TextColumn(width=158),
                "Fail all": st.column_config.NumberColumn(
                    width=70, help="Schools with the gap on every criterion."
                ),
                "Share": st.column_config.ProgressColumn(
                    format="%.0f%%",
                    min_value=0,
                    max_value=100,
                    width=100,
                    help="Of the schools of which it is known.",
                ),
                "95%": st.column_config.TextColumn(
                    width=84, alignment="right", help="Wilson 95% interval."
                ),
                "Pupils": st.column_config.NumberColumn(
                    format="localized", width=76, help="In the schools that fail all."
                ),
                "Known": st.column_config.NumberColumn(
                    width=64, help="Schools that fail all, or meet one: n."
                ),
                "Unknown": st.column_config.NumberColumn(
                    width=72, help="None met, and at least one unknown: never counted as failing."
                ),
            },
        )
    return on_map or (None if place is None else str(found.iloc[place]["borough_code"]))


def _school_row(row: Mapping[Any, Any]) -> BoroughRow:
    known = None if missing(row["share_failing"]) else float(row["failing"])
    return {
        "code": row["borough_code"],
        "name": row["borough"],
        "value": known,
        "class": FAILING_SCALE.class_of(known),
        "tooltip": {
            "fail all": f"{count(row['failing'])} schools ({percent(row['share_failing'])})",
            "known": f"{count(row['n'])} schools",
            "unknown": f"{count(row['unknown'])} schools",
        },
    }


# --- boroughs -------------------------------------------------------------------------------------


def boroughs_words(found: pd.DataFrame) -> tuple[str, str]:
    """How many boroughs are under the share on all criteria, and which."""
    under = found.loc[found["standing"] == STANDINGS[1], "borough"]
    unknown = int((found["standing"] == UNKNOWN).sum())
    names = f"({', '.join(under)})" if 0 < len(under) <= MOST_NAMED else f"of {len(found)}"
    return numbered(len(under), "borough"), f"{names}; of {unknown} it is not known."


def boroughs_table(found: pd.DataFrame, titles: list[str]) -> pd.DataFrame:
    """Boroughs by how many criteria they fail, with the share met of each."""
    shown: dict[str, Any] = {"Borough": found["borough"]}
    for place, title in enumerate(titles):
        shown[title] = [
            None if missing(shares[place]) else 100 * float(shares[place])
            for shares in found["shares"]
        ]
    return pd.DataFrame(
        {**shown, "Under": found["under"], "Known": found["judged"], "Standing": found["standing"]}
    )


def _boroughs(found: pd.DataFrame, titles: list[str]) -> str | None:
    left, right = map_and_table(_ABOVE)
    with left:
        on_map = choropleth(
            [_borough_row(row, titles) for row in found.to_dict("records")],
            STANDINGS,
            title="Share met",
            key="criteria_boroughs_map",
            alt=MAP_ALT,
            height="stretch",
            neutrals=(),
        )
    with right:
        shares = {
            title: st.column_config.NumberColumn(format="%.0f%%", width=_WIDTH) for title in titles
        }
        place = chosen_row(
            boroughs_table(found, titles),
            key="criteria_boroughs_table",
            height="stretch",
            columns={
                "Borough": st.column_config.TextColumn(width=158),
                **shares,
                "Under": st.column_config.NumberColumn(width=54, help="Criteria under the share."),
                "Known": st.column_config.NumberColumn(
                    width=60, help="Criteria of which enough schools are known to count."
                ),
                "Standing": st.column_config.TextColumn(width=96),
            },
        )
    return on_map or (None if place is None else str(found.iloc[place]["borough_code"]))


def _borough_row(row: Mapping[Any, Any], titles: list[str]) -> BoroughRow:
    standing = str(row["standing"])
    shares = "; ".join(
        f"{title} {percent(share)}" for title, share in zip(titles, row["shares"], strict=True)
    )
    return {
        "code": row["borough_code"],
        "name": row["borough"],
        "value": None if standing == UNKNOWN else float(row["under"]),
        "class": standing,
        "tooltip": {"standing": standing, "met": shares},
    }
