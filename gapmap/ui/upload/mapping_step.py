"""The step that maps a file of an unknown layout: first its columns, then its answers, then a yes.

Everything is offered and nothing is taken as said until the person confirms it. Columns that may
identify somebody are counted, never shown.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import streamlit as st

from gapmap.column_types import Surroundings
from gapmap.contract import Contract, Field
from gapmap.intake.intake import Prepared, Upload
from gapmap.issue import IssueLog
from gapmap.mapping.confirming import (
    MOST_ANSWERS,
    Choices,
    borough_names,
    choices_of,
    confirm,
    offered_mapping,
    texts_to_map,
)
from gapmap.mapping.layout import read_to_map
from gapmap.mapping.mapping import (
    COUNTED_ANSWERS,
    COUNTED_EXTRACT,
    ColumnMapping,
    MappingError,
    Source,
    fingerprint,
    folded_answer,
    must_be_mapped,
    to_map,
)
from gapmap.mapping.mapping_store import newest_mapping
from gapmap.mapping.matching import allowed_values, choices, offer_answers
from gapmap.opened import the_store
from gapmap.operations.operations import today
from gapmap.publishing.standing import now_utc
from gapmap.reference import reference
from gapmap.ui.words import numbered

NOT_THERE = "not in the file"
LEFT_AS_IT_IS = "leave as it is"
_EVERY_ROW = "every row: "
# Errors of cells in other words than the contract's, whatever the headings are.
_ANSWERS_UNREAD = {"not_allowed", "unknown_borough"}
_DRAFT, _FILE, _SAID = "mapping_draft", "file_to_map", "mapping_said"
_PERSONS, _COUNTS = "one person's answers: they are counted, and the rows dropped", "counts"


@dataclass(frozen=True)
class _File:
    """What of a file is shown, so that it can be mapped; `initial` is what is offered."""

    key: str
    contract: Contract
    choices: Choices
    around: Surroundings
    initial: ColumnMapping
    reasons: Mapping[str, str]


@dataclass(frozen=True)
class _Draft:
    """The columns that were chosen; their answers are still to be said."""

    key: str
    columns: Mapping[str, Source]
    questions: Mapping[str, Source]


def needs_mapping(prepared: Prepared) -> bool:
    """Whether nothing can be said about the file before somebody maps it."""
    return prepared.unmapped


def offer(upload: Upload, prepared: Prepared, by: str) -> None:
    """The two forms, one after the other; confirming them checks the file again."""
    answers_unread = _ANSWERS_UNREAD & set(prepared.issues.counts("error"))
    if not (prepared.mappable or answers_unread):
        return
    unknown = needs_mapping(prepared)
    if unknown:
        st.info(
            "The headings of this file are those of no extract. Say once what its columns and "
            "answers are: later files with the same headings then load by themselves.",
            icon=":material/table_convert:",
        )
    elif not st.toggle(
        "Map the columns of this file",
        key=f"map_{upload.sha256[:12]}",
        help="Say once which column is which and what the answers mean: later files with the same "
        "headings are read by it.",
    ):
        return
    file = _file(upload, prepared.contract)
    if file.choices.withheld:
        st.caption(
            f"{numbered(len(file.choices.withheld), 'column')} may identify somebody: always "
            "dropped, and not shown here. What is left out below is dropped unseen too."
        )
    draft: _Draft | None = st.session_state.get(_DRAFT)
    if draft is None or draft.key != file.key:
        _columns_form(file)
    else:
        _answers_form(upload, file, draft, by)


def show_mapped() -> None:
    """That a mapping was confirmed, once."""
    said = st.session_state.pop(_SAID, None)
    if said:
        st.success(said, icon=":material/check:")


def _file(upload: Upload, contract: Contract) -> _File:
    """The file's columns, read and scanned once; of its rows only the different answers stay."""
    key = f"{upload.sha256[:12]}_{contract.name}"
    held: _File | None = st.session_state.get(_FILE)
    if held is not None and held.key == key:
        return held
    with st.spinner("Reading the columns"):
        table = read_to_map(upload.content, upload.file_name, contract)
        around = Surroundings(reference.borough_spellings(), today(), table.typed_dates)
        offered = choices_of(table, contract)
    initial, reasons = offered_mapping(offered, contract, around)
    before = newest_mapping(the_store(), contract.name, fingerprint(table.header))
    if before is not None:
        initial, reasons = before.mapping, {}
    file = _File(key, contract, offered, around, initial, reasons)
    st.session_state[_FILE] = file
    return file


# --- the columns ---------------------------------------------------------------------------------


def _columns_form(file: _File) -> None:
    counted = _one_row_is(file)
    with st.form(f"columns_{file.key}"):
        st.markdown("**Which column is which?** What is filled in is a suggestion.")
        sides = st.columns(2)
        columns = {}
        for number, field in enumerate(to_map(file.contract, counted=counted)):
            with sides[number % 2]:
                columns[field.name] = _choose_source(file, field)
        questions = {}
        if counted:
            st.markdown("**Which column asks which question?**")
            asked = file.contract.field("question").enum
            questions = {name: _choose_question(file, name) for name in asked}
        if st.form_submit_button("Next: the answers"):
            st.session_state[_DRAFT] = _Draft(file.key, _given(columns), _given(questions))
            st.rerun()


def _one_row_is(file: _File) -> bool:
    """Whether the file is one of persons, whose answers are counted."""
    if file.contract.name != COUNTED_EXTRACT:
        return False
    options = [_PERSONS, _COUNTS]
    chosen = st.radio(
        "One row of the file is",
        options,
        index=0 if file.initial.counts else 1,
        key=f"one_row_{file.key}",
    )
    return chosen == _PERSONS


def _given(sources: Mapping[str, Source | None]) -> dict[str, Source]:
    return {name: source for name, source in sources.items() if source is not None}


def _choose_source(file: _File, field: Field) -> Source | None:
    """The column of a field: a heading, or one value for every row."""
    allowed = allowed_values(field, borough_names())
    constants = () if field.from_upload else allowed
    options = [
        NOT_THERE,
        *file.choices.headings,
        *(f"{_EVERY_ROW}{value}" for value in constants),
    ]
    needed = " (needed)" if must_be_mapped(field) else ""
    chosen = st.selectbox(
        f"{field.name}{needed}",
        options,
        index=_place(options, file.initial.columns.get(field.name)),
        key=f"column_{file.key}_{field.name}",
        help=f"{field.description}{_suggested(file, field.name)}",
        accept_new_options=not (allowed or field.from_upload),
    )
    return _source(chosen, file.choices.headings)


def _choose_question(file: _File, question: str) -> Source | None:
    options = [NOT_THERE, *file.choices.headings]
    chosen = st.selectbox(
        question,
        options,
        index=_place(options, file.initial.questions.get(question)),
        key=f"question_{file.key}_{question}",
        help=f"The column with the answers to it.{_suggested(file, question)}",
    )
    return _source(chosen, file.choices.headings)


def _suggested(file: _File, name: str) -> str:
    return f" Suggested: {file.reasons[name]}." if name in file.reasons else ""


def _place(options: Sequence[str], offered: Source | None) -> int:
    if offered is None:
        return 0
    shown = offered.heading if offered.heading is not None else f"{_EVERY_ROW}{offered.constant}"
    return options.index(shown) if shown in options else 0


def _source(chosen: str | None, headings: Sequence[str]) -> Source | None:
    if chosen is None or chosen == NOT_THERE:
        return None
    if chosen in headings:
        return Source(heading=chosen)
    return Source(constant=chosen.removeprefix(_EVERY_ROW))


# --- the answers ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Answers:
    """Columns whose answers mean the same words, and the different texts in them."""

    names: tuple[str, ...]
    allowed: tuple[str, ...]
    texts: tuple[str, ...]


def _answers_form(upload: Upload, file: _File, draft: _Draft, by: str) -> None:
    if st.button("Back to the columns", icon=":material/arrow_back:"):
        st.session_state.pop(_DRAFT, None)
        st.rerun()
    _say_left_out(file, draft)
    with st.form(f"answers_{file.key}"):
        groups = _groups(file, draft)
        meanings = {group.names: _choose_meanings(file, group) for group in groups}
        name = st.text_input("Name of the mapping", file.initial.name, key=f"name_{file.key}")
        if not by:
            st.caption("Give your e-mail above: every mapping says who confirmed it.")
        confirmed = st.form_submit_button("Confirm the mapping", type="primary", disabled=not by)
    if confirmed:
        answers = {column: found for names, found in meanings.items() for column in names}
        _confirm(upload, file, _mapping(file, name, draft, answers), by)


def _say_left_out(file: _File, draft: _Draft) -> None:
    """Which columns are dropped, so that none is by an oversight."""
    sources = (*draft.columns.values(), *draft.questions.values())
    chosen = {source.heading for source in sources}
    spare = [heading for heading in file.choices.headings if heading not in chosen]
    if spare:
        st.caption(f"Left out, and dropped unseen: {'; '.join(spare)}.")


def _groups(file: _File, draft: _Draft) -> list[_Answers]:
    """The columns of answers, together where they take the same words."""
    fields = {field.name: field for field in file.contract.fields}
    found: dict[tuple[str, ...], dict[str, tuple[str, ...]]] = {}
    for name, source in draft.columns.items():
        allowed = choices(fields[name], borough_names(), counted=bool(draft.questions))
        if source.heading is not None and allowed:
            _say_too_many(file, name, source.heading)
            texts = texts_to_map(source.heading, file.choices, fields[name], file.around)
            found.setdefault(allowed, {})[name] = texts
    for name, source in draft.questions.items():
        _say_too_many(file, name, source.heading or "")
        every = file.choices.texts.get(source.heading or "", ())
        texts = tuple(text for text in every if folded_answer(text) not in COUNTED_ANSWERS)
        found.setdefault(COUNTED_ANSWERS, {})[name] = texts
    return [
        _Answers(tuple(of), allowed, tuple(sorted({t for texts in of.values() for t in texts})))
        for allowed, of in found.items()
    ]


def _say_too_many(file: _File, name: str, heading: str) -> None:
    if heading not in file.choices.texts:
        st.warning(
            f"The column chosen for {name} holds more than {MOST_ANSWERS} different texts, so it "
            "is none of answers. Go back and choose another.",
            icon=":material/warning:",
        )


def _choose_meanings(file: _File, group: _Answers) -> dict[str, str]:
    """What each text of a group of columns means."""
    if not group.texts:
        return {}
    st.markdown(f"**What do the answers mean?** {', '.join(group.names)}")
    offers = offer_answers(group.texts, group.allowed) | _said_before(file, group)
    options = [LEFT_AS_IT_IS, *group.allowed]
    meanings = {}
    columns = st.columns(3)
    for number, text in enumerate(group.texts):
        offered = offers.get(text)
        chosen = columns[number % 3].selectbox(
            f"“{text}”" if text.strip() else "(blank)",
            options,
            index=options.index(offered) if offered in options else 0,
            key=f"answer_{file.key}_{group.names[0]}_{number}",
        )
        if chosen is not None and chosen != LEFT_AS_IT_IS:
            meanings[text] = chosen
    return meanings


def _said_before(file: _File, group: _Answers) -> dict[str, str | None]:
    """What the mapping that applied until now says of these texts."""
    before: dict[str, str] = {}
    for name, source in (*file.initial.columns.items(), *file.initial.questions.items()):
        if name in group.names:
            before |= source.meanings
    return {
        text: before[folded_answer(text)] for text in group.texts if folded_answer(text) in before
    }


def _mapping(
    file: _File, name: str, draft: _Draft, answers: Mapping[str, Mapping[str, str]]
) -> ColumnMapping:
    def answered(sources: Mapping[str, Source], before: Mapping[str, Source]) -> dict[str, Source]:
        return {
            column: Source(
                source.heading,
                source.constant,
                _unasked(file, source, before.get(column)) | dict(answers.get(column, {})),
            )
            for column, source in sources.items()
        }

    return ColumnMapping(
        file.contract.name,
        name.strip() or file.contract.title,
        answered(draft.columns, file.initial.columns),
        answered(draft.questions, file.initial.questions),
    )


def _unasked(file: _File, source: Source, before: Source | None) -> dict[str, str]:
    """What the mapping until now says of answers that this file does not hold."""
    if before is None or source.heading is None or before.heading != source.heading:
        return {}
    shown = {folded_answer(text) for text in file.choices.texts.get(source.heading, ())}
    return {t: meaning for t, meaning in before.answers.items() if folded_answer(t) not in shown}


def _confirm(upload: Upload, file: _File, mapping: ColumnMapping, by: str) -> None:
    """Keep the mapping, and let the file be checked again by it."""
    log = IssueLog()
    table = read_to_map(upload.content, upload.file_name, file.contract)
    try:
        kept = confirm(
            the_store(), table, mapping, file.contract, file.around, log, by=by, at=now_utc()
        )
    except MappingError as fault:
        st.error(f"The mapping is not complete. {fault}.", icon=":material/error:")
        return
    if kept is None:
        found = "; ".join(dict.fromkeys(issue.message for issue in log))
        st.error(f"A column that is kept may identify somebody: {found}.", icon=":material/error:")
        return
    for key in (_DRAFT, _FILE, "checked_upload"):
        st.session_state.pop(key, None)
    st.session_state[_SAID] = (
        f"The mapping “{mapping.name}” is kept: files with these headings load by it from now on."
    )
    st.rerun()
