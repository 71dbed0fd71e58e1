"""The panels of the definitions screen: the extracts column by column, and the indicators."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from gapmap.column_types import ANSWERS
from gapmap.contract import Contract, Field, contracts
from gapmap.indicator import definitions
from gapmap.template import csv_template, workbook_template
from gapmap.ui.words import sentence

_TYPE_WORDS = {
    "quarter": "quarter, as 2026-Q3",
    "borough": "borough: name, GSS code or DfE code",
    "urn": "URN",
    "integer": "whole number",
    "string": "text",
    "answer": "answer",
    "month": "month, as 2026-09",
    "date": "date, as 31-08-2026",
    "year": "year",
    "published": "whole number or symbol",
}


def choose_contract() -> Contract:
    """Which extract to look at."""
    every = contracts()
    titles = {name: contract.title for name, contract in every.items()}
    first = next(iter(every))
    chosen = st.selectbox(
        "Extract", list(titles), format_func=titles.__getitem__, key="defined", bind="query-params"
    )
    return every[chosen or first]


def describe(contract: Contract) -> None:
    """What an extract is, with its templates and every column."""
    undeclared = (
        "are dropped unread and not kept"
        if contract.undeclared_columns == "drop"
        else "refuse the file"
    )
    st.markdown(
        f"One row is **{contract.one_row_is}**. Held by {contract.held_by}. An answer stands "
        f"for {contract.valid_for}. A row is unique by {', '.join(_key(contract))}. Other "
        f"columns {undeclared}."
    )
    left, right, _ = st.columns([1.6, 1.6, 4])
    left.download_button(
        "Template for Excel",
        workbook_template(contract),
        f"{contract.name}_template.xlsx",
        icon=":material/download:",
        on_click="ignore",
    )
    right.download_button(
        "Template as CSV",
        csv_template(contract),
        f"{contract.name}_template.csv",
        icon=":material/download:",
        on_click="ignore",
    )
    st.table(pd.DataFrame([column_row(field) for field in contract.fields]), hide_index=True)


def _key(contract: Contract) -> list[str]:
    return [contract.field(column).name for column in contract.primaryKey]


def column_row(field: Field) -> dict[str, str]:
    """One column of an extract, in the words of its contract."""
    return {
        "Column": field.name,
        "What it holds": field.description,
        "Type": _TYPE_WORDS[field.type],
        "Needed": _needed(field),
        "Allowed": ", ".join(allowed(field)),
    }


def _needed(field: Field) -> str:
    if field.from_upload:
        return "here or with the upload"
    if field.required:
        return "every row"
    return "the column may be left out" if field.may_be_absent else "may be blank"


def allowed(field: Field) -> tuple[str, ...]:
    """The values or symbols that a column may hold, where they are counted up."""
    return ANSWERS if field.type == "answer" else (*field.enum, *field.symbols)


def indicators() -> None:
    """Every indicator, as its file defines it."""
    rows = [
        {
            "Indicator": d.title,
            "Question": d.question,
            "Counts as met": d.numerator,
            "Out of": d.denominator,
            "Applies to": d.applies_to,
            "Owner": sentence(d.owner),
            "What closes it": d.closes,
            "Weight": f"{d.weight:g}",
            "Letter row": d.letter,
        }
        for d in definitions().values()
    ]
    st.table(pd.DataFrame(rows), hide_index=True)
