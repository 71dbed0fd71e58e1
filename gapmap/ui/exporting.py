"""What stands under every table: its source, and the way to take it along."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from functools import partial

import pandas as pd
import streamlit as st

from gapmap.export import Provenance, as_csv, as_workbook, file_name
from gapmap.ui.noting import noting
from gapmap.ui.words import quarter_words

_EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def under_table(
    line: str, table: Callable[[], pd.DataFrame], about: Provenance, quarter: str, *, key: str
) -> None:
    """The line of period, source and n; beside it the table as CSV and as Excel.

    `table` and the file are made when somebody asks for them, not with every run.
    """
    noted = noting("download", f"{about.title} {quarter}")
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key=key):
        st.caption(line, width="stretch")
        for label, suffix, mime, made in (
            ("CSV", "csv", "text/csv", as_csv),
            ("Excel", "xlsx", _EXCEL, as_workbook),
        ):
            st.download_button(
                label,
                partial(_file, made, table, about, noted),
                file_name(about.title, quarter, suffix),
                own_type(mime),
                key=f"{key}_{suffix}",
                icon=":material/download:",
                type="tertiary",
                on_click="ignore",
                help=f"The table with its filters, period, source and definition: {label}.",
            )


def own_type(mime: str) -> str:
    """The media type of a download, with a secret word of this screen as a parameter.

    Streamlit serves a file to everybody who is signed in and knows its name, a hash of the content,
    the type and the file's name, of large files in part. With the word nobody can try what a
    lead's file holds by its hash, and no two screens' files are taken for one.
    """
    word = st.session_state.setdefault("download_word", secrets.token_hex(16))
    return f"{mime}; for={word}"


def _file(
    made: Callable[[pd.DataFrame, Provenance], bytes],
    table: Callable[[], pd.DataFrame],
    about: Provenance,
    noted: Callable[[], None],
) -> bytes:
    noted()
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
