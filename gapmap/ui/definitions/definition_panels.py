"""The panels of the definitions screen: what every extract, indicator, word and setting means."""

from __future__ import annotations

from functools import partial

import pandas as pd
import streamlit as st

from gapmap.column_types import ANSWERS
from gapmap.contract import Contract, Field, contracts
from gapmap.export import Provenance
from gapmap.indicator import Definition, definitions
from gapmap.operations.operations import today
from gapmap.reference.sources import sources
from gapmap.reference.thresholds import WEIGHT, changed_settings, thresholds
from gapmap.reference.vocabulary import vocabularies
from gapmap.template import csv_template, workbook_template
from gapmap.ui.exporting import EXCEL, download, under_table
from gapmap.ui.words import day_words, numbered, sentence

EXTRACTS, INDICATORS, VOCABULARIES = "Extracts", "Indicators", "Vocabularies"
SETTINGS, SOURCES, FRESHNESS = "Settings", "Sources", "Freshness"
SUBJECTS = (EXTRACTS, INDICATORS, VOCABULARIES, SETTINGS, SOURCES, FRESHNESS)
EVERY_INDICATOR = "every indicator"
_WORDS_HEIGHT = 440
_FILTER_WIDTH = 480

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


def choose_subject() -> str:
    """Which part of the definitions to look at."""
    chosen = st.segmented_control(
        "Subject",
        SUBJECTS,
        default=EXTRACTS,
        required=True,
        key="subject",
        bind="query-params",
        label_visibility="collapsed",
    )
    return chosen or EXTRACTS


def choose_contract() -> Contract:
    """Which extract to look at."""
    every = contracts()
    titles = {name: contract.title for name, contract in every.items()}
    first = next(iter(every))
    chosen = st.selectbox(
        "Extract",
        list(titles),
        format_func=titles.__getitem__,
        key="defined",
        bind="query-params",
        width=_FILTER_WIDTH,
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
    for place, label, suffix, mime, made in (
        (left, "Template for Excel", "xlsx", EXCEL, workbook_template),
        (right, "Template as CSV", "csv", "text/csv", csv_template),
    ):
        download(
            label,
            partial(made, contract),
            f"{contract.name}_template.{suffix}",
            mime,
            f"template of {contract.name}",
            place=place,
        )
    columns = pd.DataFrame([column_row(field) for field in contract.fields])
    st.table(columns, hide_index=True)
    _under(f"Columns of {contract.title}", columns, f"data/contracts/{contract.name}.toml")


def _key(contract: Contract) -> list[str]:
    return [contract.field(column).name for column in contract.primaryKey]


def column_row(field: Field) -> dict[str, str]:
    """One column of an extract, in the words of its contract."""
    return {
        "Column": field.name,
        "What it holds": f"{field.description}{_also_headed(field)}",
        "Type": _TYPE_WORDS[field.type],
        "Needed": _needed(field),
        "Allowed": ", ".join(allowed(field)) or (field.message if field.pattern else "") or "",
    }


def _also_headed(field: Field) -> str:
    return f" Also headed: {', '.join(field.aliases)}." if field.aliases else ""


def _needed(field: Field) -> str:
    if field.from_upload:
        return "here or with the upload"
    if field.required:
        return "every row"
    return "the column may be left out" if field.may_be_absent else "may be blank"


def allowed(field: Field) -> tuple[str, ...]:
    """The values or symbols that a column may hold, where they are counted up."""
    return ANSWERS if field.type == "answer" else (*field.enum, *field.symbols)


def choose_indicator() -> Definition | None:
    """One indicator to look at whole, or None for the list of them all."""
    titles = {name: definition.title for name, definition in definitions().items()}
    chosen = st.selectbox(
        "Indicator",
        [EVERY_INDICATOR, *titles],
        format_func=lambda name: titles.get(name, sentence(name)),
        key="defined_indicator",
        bind="query-params",
        width=_FILTER_WIDTH,
    )
    return definitions().get(chosen or EVERY_INDICATOR)


def indicators(chosen: Definition | None) -> None:
    """One indicator whole, or a line for each: what it asks, who owns the gap, what closes it."""
    if chosen is not None:
        st.subheader(chosen.question)
        facts = indicator_facts(chosen)
        st.table(pd.DataFrame({"": list(facts), " ": list(facts.values())}), hide_index=True)
        told = pd.DataFrame({"What": list(facts), "Said": list(facts.values())})
        _under(chosen.title, told, f"queries/indicators/{chosen.name}.sql")
        return
    rows = [
        {
            "Indicator": d.title,
            "Question": d.question,
            "Level": sentence(d.level),
            "Owner": sentence(d.owner),
            "What closes it": d.closes,
            "Weight": f"{d.weight:g}",
            "Letter row": d.letter,
        }
        for d in definitions().values()
    ]
    table = pd.DataFrame(rows)
    st.table(table, hide_index=True)
    _under("Indicators", table, "queries/indicators")


def indicator_facts(definition: Definition) -> dict[str, str]:
    """All that the file of an indicator says, by its label."""
    return {
        "Numerator": definition.numerator,
        "Denominator": definition.denominator,
        "Grain": definition.grain,
        "Applies to": definition.applies_to,
        "Unit": definition.unit,
        "Period": definition.period,
        "Polarity": definition.polarity,
        "Who owns the gap": definition.owner,
        "What closes it": definition.closes,
        "From": ", ".join(contracts()[extract].title for extract in definition.extracts),
        "Row of the letter of October 2021": definition.letter,
        "Weight in the gap score": f"{definition.weight:g}",
    }


def choose_vocabulary() -> str:
    """Which vocabulary to look at."""
    titles = list(vocabularies())
    chosen = st.selectbox(
        "Vocabulary", titles, key="vocabulary", bind="query-params", width=_FILTER_WIDTH
    )
    return chosen or titles[0]


def vocabulary(title: str) -> None:
    """The words of one vocabulary, as its file or the contracts declare them."""
    words = pd.DataFrame(vocabularies()[title])
    last = {words.columns[-1]: st.column_config.TextColumn(width=560)} if len(words) else {}
    st.dataframe(words, hide_index=True, height=_WORDS_HEIGHT, row_height=29, column_config=last)
    _under(title, words, "data/reference")


def settings() -> None:
    """Every threshold and weight, and which partnerships set their own."""
    changed = changed_settings()
    st.subheader("Which partnerships count otherwise?")
    if changed:
        rows = [
            {
                "Partnership": one.partnership,
                "Setting": one.threshold.meaning,
                "Here": f"{one.value:g} {one.threshold.unit}",
                "Elsewhere": f"{one.threshold.value:g}",
            }
            for one in changed
        ]
        st.table(pd.DataFrame(rows), hide_index=True)
    else:
        st.caption("None: every partnership counts with the values below.")
    st.subheader("What holds everywhere else?")
    held = thresholds().defaults.values()
    rows = [
        {"What it decides": t.meaning, "Value": f"{t.value:g}", "Unit": t.unit}
        for t in sorted(held, key=lambda t: t.setting.startswith(f"{WEIGHT}."))
    ]
    table = pd.DataFrame(rows)
    st.table(table, hide_index=True)
    _under("Settings", table, "data/reference/settings.toml")
    st.caption(
        "An administrator edits data/reference/settings.toml and starts gapmap again; every state "
        "and score is then written anew."
    )


def sources_and_licences() -> None:
    """Where the data comes from, what for, and under which terms."""
    rows = [
        {
            "Source": one.title,
            "Publisher": one.publisher,
            "Used for": one.used_for,
            "Licence": one.licence,
            "Attribution": one.attribution or "",
        }
        for one in sources()
    ]
    table = pd.DataFrame(rows)
    st.table(table, hide_index=True)
    _under("Sources and licences", table, "data/reference/sources.toml")


def _under(title: str, table: pd.DataFrame, source: str) -> None:
    """Where it is declared, and the way to take it along."""
    day = day_words(today())
    about = Provenance(
        title=title,
        period=f"as declared on {day}",
        source=source,
        definition="What this installation of gapmap goes by.",
    )
    line = f"From {source}, as declared on {day} · n = {numbered(len(table), 'row')}"
    under_table(line, lambda: table, about, day, key="definition_source")
