"""How a file in another layout is read: which heading is which column, which answer which value.

A survey export or a case system's export is mapped once by a person. The mapping belongs to an
extract and to a set of headings (the fingerprint), and can be written as TOML and read again.
"""

from __future__ import annotations

import hashlib
import json
import re
import tomllib
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from gapmap.column_types import CellFault, Surroundings, parse_cell
from gapmap.contract import Contract, Field, folded

# The only extract whose source may be a file of persons: their answers are counted, and dropped.
COUNTED_EXTRACT = "perception_survey"
COUNTED_COLUMNS = ("question", "valid_answers", "a_lot", "sometimes")
# What an answer to a counted question may be: the last is no valid answer.
COUNTED_ANSWERS = ("a lot", "sometimes", "other", "no answer")
# In a counted file, what keeps a person out of the count: no child, no parent, no school.
LEAVE_OUT = "leave out"

_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_TABLES = {"extract": str, "name": str, "columns": dict, "questions": dict}
_PROPERTIES = {"heading": str, "constant": str, "answers": dict}


class MappingError(ValueError):
    """A mapping is wrong: the message names the property and the mend."""


@dataclass(frozen=True)
class Source:
    """Where a column comes from: the file's column of `heading`, or one value for every row.

    `answers`: what the texts of that column mean, in words that the contract allows.
    """

    heading: str | None = None
    constant: str | None = None
    answers: Mapping[str, str] = field(default_factory=dict)

    @property
    def meanings(self) -> dict[str, str]:
        """`answers` by their folded texts."""
        return {folded_answer(text): meaning for text, meaning in self.answers.items()}


@dataclass(frozen=True)
class ColumnMapping:
    """One layout of one extract.

    `columns` by the contract's names. `questions`, only where a file of persons is counted: the
    source of each question of the perception survey, whose answers mean COUNTED_ANSWERS.
    """

    extract: str
    name: str
    columns: Mapping[str, Source]
    questions: Mapping[str, Source] = field(default_factory=dict)

    @property
    def counts(self) -> bool:
        """Whether the file is one of persons, whose answers are counted."""
        return bool(self.questions)

    @property
    def sources(self) -> tuple[Source, ...]:
        return (*self.columns.values(), *self.questions.values())

    @property
    def headings(self) -> tuple[str, ...]:
        """The folded headings that are kept, each once."""
        named = [folded(source.heading) for source in self.sources if source.heading is not None]
        return tuple(dict.fromkeys(named))

    @property
    def constants(self) -> dict[str, str]:
        """The columns whose value is the same in every row."""
        return {
            name: source.constant
            for name, source in self.columns.items()
            if source.constant is not None
        }


def folded_answer(text: str) -> str:
    """An answer as it is compared: case, spacing, kind of apostrophe and end mark do not matter."""
    plain = unicodedata.normalize("NFKC", text).replace("’", "'")
    return re.sub(r"\s+", " ", plain).strip(" ;.,!").casefold()


def fingerprint(header: Sequence[str]) -> str:
    """What tells a layout: a SHA-256 of the folded headings, in whatever order they stand.

    A hash, so that headings that are not kept are not stored by this either.
    """
    return hashlib.sha256("\x1f".join(sorted(map(folded, header))).encode()).hexdigest()


# --- from TOML, and back -------------------------------------------------------------------------


def parse_mapping(text: str, where: str) -> ColumnMapping:
    """A mapping from TOML text; what it names is not yet held against a contract.

    Raises MappingError, naming `where` and the property, on a property that mappings do not have,
    a missing one or one of the wrong kind.
    """
    try:
        given = tomllib.loads(text)
    except tomllib.TOMLDecodeError as fault:
        raise MappingError(f"{where}: it is not TOML: {fault}") from fault
    _check_words(given, _TABLES, where)
    for word in ("extract", "name"):
        if not given.get(word, "").strip():
            raise MappingError(f"{where}: property {word!r} is missing")
    return ColumnMapping(
        given["extract"],
        given["name"].strip(),
        _sources(given.get("columns", {}), f"{where}, columns"),
        _sources(given.get("questions", {}), f"{where}, questions"),
    )


def _check_words(given: Mapping[str, Any], known: Mapping[str, type], where: str) -> None:
    for word, value in given.items():
        if word not in known:
            allowed = ", ".join(known)
            raise MappingError(f"{where}: unknown property {word!r}; it may be one of {allowed}")
        if not isinstance(value, known[word]):
            kind = "a text" if known[word] is str else "a table"
            raise MappingError(f"{where}: property {word!r} must be {kind}")


def _sources(given: Mapping[str, Any], where: str) -> dict[str, Source]:
    return {name: _source(properties, f"{where}.{name}") for name, properties in given.items()}


def _source(given: Any, where: str) -> Source:
    if not isinstance(given, dict):
        raise MappingError(f"{where}: it must be a table with heading or constant")
    _check_words(given, _PROPERTIES, where)
    if ("heading" in given) == ("constant" in given):
        raise MappingError(f"{where}: give either heading or constant")
    answers = given.get("answers", {})
    if answers and "constant" in given:
        raise MappingError(f"{where}: answers go with heading, not with constant")
    for text, meaning in answers.items():
        if not isinstance(meaning, str):
            raise MappingError(f"{where}: the meaning of the answer {text!r} must be a text")
    return Source(given.get("heading"), given.get("constant"), answers)


def as_toml(mapping: ColumnMapping, remarks: Mapping[str, str] | None = None) -> str:
    """The mapping as TOML, which `parse_mapping` reads again.

    `remarks` stand as a comment above the column or question that they are about.
    """
    said = remarks or {}
    lines = [f"extract = {_quoted(mapping.extract)}", f"name = {_quoted(mapping.name)}"]
    for table, sources in (("columns", mapping.columns), ("questions", mapping.questions)):
        for name, source in sources.items():
            lines += ["", *([f"# {said[name]}"] if name in said else [])]
            lines += _source_lines(f"{table}.{_key(name)}", source)
    return "\n".join(lines) + "\n"


def _source_lines(table: str, source: Source) -> list[str]:
    word, value = ("heading", source.heading)
    if value is None:
        word, value = "constant", source.constant
    lines = [f"[{table}]", f"{word} = {_quoted(value or '')}"]
    if source.answers:
        lines.append(f"[{table}.answers]")
        lines += [f"{_quoted(t)} = {_quoted(meaning)}" for t, meaning in source.answers.items()]
    return lines


def _key(name: str) -> str:
    return name if _BARE_KEY.fullmatch(name) else _quoted(name)


def _quoted(text: str) -> str:
    """A TOML basic string: JSON's escapes are TOML's, but for DEL, which JSON leaves bare."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


# --- held against the contract -------------------------------------------------------------------


def check_mapping(mapping: ColumnMapping, contract: Contract, around: Surroundings) -> None:
    """Raises MappingError when the mapping cannot give rows of `contract`.

    A column that the contract does not have, a value that a column does not take, a required
    column without source, persons counted where nothing is counted.
    """
    if mapping.extract != contract.name:
        raise MappingError(
            f"the mapping is of the extract {mapping.extract!r}, not of {contract.name!r}"
        )
    if mapping.counts and contract.name != COUNTED_EXTRACT:
        raise MappingError(
            f"questions: answers of persons are counted for {COUNTED_EXTRACT!r} only"
        )
    fields = {one.name: one for one in to_map(contract, counted=mapping.counts)}
    for name, source in mapping.columns.items():
        if name not in fields:
            raise MappingError(
                f"columns: unknown column {name!r}; it may be one of {', '.join(fields)}"
            )
        _check_source(source, fields[name], mapping.counts, around)
    _check_questions(mapping, contract)
    for one in fields.values():
        if must_be_mapped(one) and one.name not in mapping.columns:
            raise MappingError(
                f"columns: {one.name!r} has no source; give a heading, or a constant for all rows"
            )


def to_map(contract: Contract, *, counted: bool) -> tuple[Field, ...]:
    """The fields that a mapping may give; those that the count itself gives are not among them."""
    return tuple(f for f in contract.fields if not (counted and f.name in COUNTED_COLUMNS))


def must_be_mapped(field: Field) -> bool:
    """Whether a mapping is incomplete without the field."""
    return field.required and not field.from_upload and not field.may_be_absent


def _check_source(source: Source, field: Field, counted: bool, around: Surroundings) -> None:
    if source.constant is not None and field.from_upload:
        # The mapping would give next quarter's file the quarter of this one.
        raise MappingError(
            f"columns.{field.name}: a {field.type} is never the same in every file; leave it out "
            "and give it with each upload"
        )
    values = [source.constant] if source.constant is not None else list(source.answers.values())
    for value in values:
        if counted and value == LEAVE_OUT and source.constant is None:
            continue
        try:
            parse_cell(value, field, around)
        except CellFault as fault:
            raise MappingError(f"columns.{field.name}: {fault.message}. {fault.fix}") from fault


def _check_questions(mapping: ColumnMapping, contract: Contract) -> None:
    if not mapping.counts:
        return
    asked = contract.field("question").enum
    for name, source in mapping.questions.items():
        if name not in asked:
            raise MappingError(
                f"questions: unknown question {name!r}; it may be one of {', '.join(asked)}"
            )
        if source.heading is None:
            raise MappingError(f"questions.{name}: give the heading of its column")
        for meaning in source.answers.values():
            if meaning not in COUNTED_ANSWERS:
                allowed = ", ".join(COUNTED_ANSWERS)
                raise MappingError(
                    f"questions.{name}: {meaning!r} is not allowed here; one of {allowed}"
                )
