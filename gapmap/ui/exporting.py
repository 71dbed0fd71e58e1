"""What stands under every table: its source, and the way to take it along."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import pandas as pd
import streamlit as st

from gapmap.export import Provenance, as_csv, as_workbook, file_name
from gapmap.gate.handouts import with_word
from gapmap.ui.noting import noting
from gapmap.ui.viewing import download_word
from gapmap.ui.words import quarter_words

EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def under_table(
    line: str, table: Callable[[], pd.DataFrame], about: Provenance, quarter: str, *, key: str
) -> None:
    """The line of period, source and n; beside it the table as CSV and as Excel.

    `table` and the file are made when somebody asks for them, not with every run.
    """
    noted_on = f"{about.title} {quarter}"
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key=key):
        st.caption(line, width="stretch")
        for label, suffix, mime, made in (
            ("CSV", "csv", "text/csv", as_csv),
            ("Excel", "xlsx", EXCEL, as_workbook),
        ):
            download(
                label,
                partial(_file, made, table, about),
                file_name(about.title, quarter, suffix),
                mime,
                noted_on,
                key=f"{key}_{suffix}",
                type="tertiary",
                help=f"The table with its filters, period, source and definition: {label}.",
            )


def download(
    label: str,
    made: Callable[[], bytes],
    name: str,
    mime: str,
    noted_on: str,
    *,
    place: Any = st,
    **more: Any,
) -> None:
    """The button of every file that is taken along: made, and noted, when somebody asks for it."""
    place.download_button(
        label,
        partial(_noted, noting("download", noted_on), made),
        name,
        own_type(mime),
        icon=":material/download:",
        on_click="ignore",
        **more,
    )


def _noted(noted: Callable[[], None], made: Callable[[], bytes]) -> bytes:
    noted()
    return made()


def own_type(mime: str) -> str:
    """The media type of a download, with a secret word as a parameter.

    Streamlit serves a file to everybody who knows its name, a hash of the content, the type and the
    file's name, of large files in part. With the word nobody can try what a lead's file holds by
    its hash, and no two people's files are taken for one; with sign-in the gate holds the word
    against who asks.
    """
    return with_word(mime, download_word())


def _file(
    made: Callable[[pd.DataFrame, Provenance], bytes],
    table: Callable[[], pd.DataFrame],
    about: Provenance,
) -> bytes:
    return made(table(), about)


def provenance(
    title: str,
    quarter: str,
    *,
    source: str,
    definition: str,
    filters: dict[str, str | None] | None = None,
    release: str | None = None,
    notes: tuple[str, ...] = (),
) -> Provenance:
    """What a table is; a filter that is None narrows nothing and says "All"."""
    return Provenance(
        title=title,
        period=quarter_words(quarter),
        source=source,
        definition=definition,
        filters={label: chosen or "All" for label, chosen in (filters or {}).items()},
        release=release,
        notes=notes,
    )
