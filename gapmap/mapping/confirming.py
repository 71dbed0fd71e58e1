"""How a person maps a file: what there is to choose from, what is offered, what is confirmed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from gapmap.column_types import Surroundings
from gapmap.contract import Contract, Field, folded
from gapmap.issue import IssueLog
from gapmap.mapping.layout import scanned_as
from gapmap.mapping.mapped import narrowed, only
from gapmap.mapping.mapping import (
    COUNTED_ANSWERS,
    ColumnMapping,
    MappingError,
    Source,
    as_toml,
    check_mapping,
    fingerprint,
    must_be_mapped,
    to_map,
)
from gapmap.mapping.mapping_store import Confirmed, keep_mapping
from gapmap.mapping.matching import (
    allowed_values,
    offer_answers,
    offer_columns,
    offer_questions,
    unread,
)
from gapmap.reading.text_table import TextTable
from gapmap.reading.wide import as_long
from gapmap.reference import reference
from gapmap.screening.identifier import identifiers
from gapmap.screening.scan import scan
from gapmap.screening.validation import fits, looks_like_another
from gapmap.stores.store import Store

# A column with more different texts is none of answers.
MOST_ANSWERS = 60
# As is one with longer texts (in characters): those are remarks.
LONGEST = 200


@dataclass(frozen=True)
class Choices:
    """The columns of a file that may be mapped.

    `headings` are those of columns in which the scan finds nothing; `texts` the different texts of
    each, where they are few enough to be answers. `withheld`: the columns, by their position from
    0, that may identify somebody; they can only be dropped, and are never shown.
    """

    headings: tuple[str, ...]
    texts: Mapping[str, tuple[str, ...]]
    withheld: tuple[int, ...]


def choices_of(table: TextTable, contract: Contract) -> Choices:
    """What a person may choose from, to map a file."""
    as_any = replace(contract, undeclared_columns="refuse", fields=())
    headings, texts, withheld = [], {}, []
    for place, heading in enumerate(table.header):
        alone = only(table, [place])
        log = IssueLog()
        scan(replace(alone, titles=(), sheets=()), "", as_any, log)
        if log.has_errors():
            withheld.append(place)
        elif folded(heading):
            headings.append(heading)
            different = alone.columns[0].unique().to_pylist()
            if len(different) <= MOST_ANSWERS and max(map(len, different), default=0) <= LONGEST:
                texts[heading] = tuple(different)
    return Choices(tuple(headings), texts, tuple(withheld))


def borough_names() -> tuple[str, ...]:
    """What a column of boroughs can mean."""
    return tuple(row["borough"] for row in reference.boroughs())


def texts_to_map(
    heading: str | None, choices: Choices, field: Field, around: Surroundings
) -> tuple[str, ...]:
    """The answers under a heading that the contract cannot read by itself."""
    if heading is None or not allowed_values(field, borough_names()):
        return ()
    return tuple(unread(choices.texts.get(heading, ()), field, around))


def offered_mapping(
    choices: Choices, contract: Contract, around: Surroundings
) -> tuple[ColumnMapping, dict[str, str]]:
    """Everything that is offered as a mapping, and the reason of each column or question.

    For a person to correct: what is not offered is missing, so it may not be valid until then.
    """
    questions = offer_questions(choices.headings, contract)
    columns = offer_columns(choices.headings, contract, counted=bool(questions))
    fields = {field.name: field for field in contract.fields}
    allowed = {field.name: allowed_values(field, borough_names()) for field in contract.fields}
    # Columns that take the same words are offered each other's answers, for the next file.
    same = dict.fromkeys(allowed.values(), frozenset[str]())
    for name, offer in columns.items():
        found = texts_to_map(offer.source.heading, choices, fields[name], around)
        same[allowed[name]] |= set(found)
    asked = {
        t for offer in questions.values() for t in choices.texts.get(offer.source.heading or "", ())
    }
    reasons = {name: offer.reason for name, offer in (columns | questions).items()}
    mapping = ColumnMapping(
        contract.name,
        contract.title,
        {
            name: _answered(offer.source, same[allowed[name]], allowed[name])
            for name, offer in columns.items()
        },
        {
            name: _answered(offer.source, asked, COUNTED_ANSWERS)
            for name, offer in questions.items()
        },
    )
    return mapping, reasons


def suggestion(choices: Choices, contract: Contract, around: Surroundings) -> str:
    """What is offered, as TOML: each column with its reason, and as comments what is missing."""
    mapping, reasons = offered_mapping(choices, contract, around)
    fields = {field.name: field for field in contract.fields}
    for name, source in mapping.columns.items():
        if source.heading is not None:
            texts = texts_to_map(source.heading, choices, fields[name], around)
            reasons[name] += _without_offer(texts, source)
    for name, source in mapping.questions.items():
        texts = tuple(sorted(choices.texts.get(source.heading or "", ())))
        reasons[name] += _without_offer(texts, source)
    notes = "".join(f"# {note}\n" for note in _notes(mapping, choices, contract))
    return f"{as_toml(mapping, reasons)}\n{notes}"


def _without_offer(texts: Sequence[str], source: Source) -> str:
    missing = [repr(text) for text in texts if text not in source.answers]
    return f"; nothing is like the answers {', '.join(missing)}" if missing else ""


def _notes(mapping: ColumnMapping, choices: Choices, contract: Contract) -> list[str]:
    """What a person has to add, and what there is to add it from."""
    used = set(mapping.headings)
    missing = [
        f"missing: the column {field.name!r}: {field.description}"
        for field in to_map(contract, counted=mapping.counts)
        if must_be_mapped(field) and field.name not in mapping.columns
    ]
    spare = [
        f"a heading that is not used: {heading!r}"
        for heading in choices.headings
        if folded(heading) not in used
    ]
    withheld = len(choices.withheld)
    return [*missing, *spare, f"columns that may identify somebody, always dropped: {withheld}"]


def _answered(source: Source, texts: Iterable[str], allowed: Sequence[str]) -> Source:
    """A source with what is offered for its answers."""
    if source.heading is None:
        return source
    offers = offer_answers(sorted(texts), allowed)
    return replace(source, answers={text: v for text, v in offers.items() if v is not None})


def confirm(
    store: Store,
    table: TextTable,
    mapping: ColumnMapping,
    contract: Contract,
    around: Surroundings,
    log: IssueLog,
    *,
    by: str,
    at: datetime,
) -> Confirmed | None:
    """Keep a mapping for every file with the headings of `table`, from `at` (UTC) on.

    None when the columns that it keeps may identify somebody: `log` says where. Raises
    MappingError when the mapping is wrong, or the file needs none (headings and answers are the
    contract's), ValueError without `by`.
    """
    header = as_long(table, contract).header
    other = looks_like_another(header, contract)
    if other is not None:
        raise MappingError(f"the headings are those of the extract {other.name!r}; load it as that")
    if fits(header, contract) and not _unread_in(table, contract, around):
        raise MappingError(f"the headings are those of {contract.name!r}: load it as it is")
    _check_texts(mapping)
    check_mapping(mapping, contract, around)
    kept = narrowed(table, mapping)
    scan(replace(kept, titles=(), sheets=()), "", scanned_as(contract, mapping), log)
    if log.has_errors():
        return None
    return keep_mapping(store, mapping, fingerprint(table.header), by, at)


def _unread_in(table: TextTable, contract: Contract, around: Surroundings) -> bool:
    """Whether a column under its own heading holds other answers than may stand there."""
    by_name = {folded(name): f for f in contract.fields for name in (f.name, *f.aliases)}
    choices = choices_of(table, contract)
    return any(
        texts_to_map(heading, choices, by_name[folded(heading)], around)
        for heading in choices.headings
        if folded(heading) in by_name
    )


def _check_texts(mapping: ColumnMapping) -> None:
    """A mapping is kept, so nothing in it may identify anybody either."""
    for text in (mapping.name, *(text for source in mapping.sources for text in source.answers)):
        if identifiers(text):
            raise MappingError(
                "the name of the mapping or one of its answers may identify somebody; take it out"
            )
