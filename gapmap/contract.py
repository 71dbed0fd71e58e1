"""The contracts of data/contracts: what one row of an extract is, column by column.

A contract is the only declaration of an extract. Validation, the tables of the store and what the
screens say about a column are all read from it. Its words are Table Schema's where that has one.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from typing import Any, Literal

from gapmap.settings import CONTRACTS

FIELD_TYPES = (
    "quarter",
    "borough",
    "urn",
    "integer",
    "string",
    "answer",
    "month",
    "date",
    "year",
    "published",
)
SYMBOLS = ("c", "x", "z", "u", "low", ".", "..", "<90")

_VALID_FOR = re.compile(r"(\d+) (month|term)s?")
_STANDS_ALONE = ("its quarter", "until the next register", "as dated")


class ContractError(ValueError):
    """A contract file is wrong: the message names the file, the property and the mend."""


@dataclass(frozen=True)
class Field:
    """One column of an extract.

    `name` is the heading in the file, `column` the name in the store. `may_be_absent`: the file
    may lack the column altogether. `from_upload`: the value may be given with the upload instead.
    `leave_out_others`: rows of boroughs that the reference data does not hold are left out and
    counted instead of being an error. `message` replaces the standard advice on a bad cell.
    `pattern`: a regular expression that the whole text of a string must match; `message` says in
    words what that is. `symbols`: what a published figure may be instead of a number. `aliases`:
    other headings by which the column is known.
    """

    name: str
    type: str
    description: str
    column: str
    required: bool = False
    enum: tuple[str, ...] = ()
    minimum: int | None = None
    maximum: int | None = None
    max_length: int | None = None
    pattern: str | None = None
    aliases: tuple[str, ...] = ()
    message: str | None = None
    may_be_absent: bool = False
    from_upload: bool = False
    leave_out_others: bool = False
    symbols: tuple[str, ...] = ()

    @property
    def symbol_column(self) -> str | None:
        """Where the store keeps the symbol of a published figure that is not a number."""
        return f"{self.column}_symbol" if self.type == "published" else None


@dataclass(frozen=True)
class Wide:
    """How the same rows are published in the width: a neighbour a pair of columns.

    `neighbour` and `closeness` are headings with {rank} in them, for 1 to `ranks`.
    """

    id: str
    neighbour: str
    closeness: str
    ranks: int


@dataclass(frozen=True)
class Contract:
    """One extract.

    `primaryKey` names store columns that together are unique in a file. `valid_for_count` of
    `valid_for_unit` (month or term): how long the last answer stands; 0 months is its quarter
    alone. `borough_from`: the column through whose school a row gets its borough; with
    `leave_out_unknown_schools` rows of other schools are left out and counted. `year_ends` is the
    month and day on which a year of the column `year` ends. `wide`: another layout of the file.
    """

    name: str
    title: str
    one_row_is: str
    held_by: str
    valid_for: str
    dated_by: Literal["quarter", "date", "year"]
    undeclared_columns: Literal["refuse", "drop"]
    primaryKey: tuple[str, ...]  # noqa: N815 - Table Schema's own word
    fields: tuple[Field, ...]
    borough_from: str | None = None
    leave_out_unknown_schools: bool = False
    year_ends: str | None = None
    wide: Wide | None = None

    @property
    def valid_for_count(self) -> int:
        match = _VALID_FOR.fullmatch(self.valid_for)
        return int(match[1]) if match else 0

    @property
    def valid_for_unit(self) -> str:
        match = _VALID_FOR.fullmatch(self.valid_for)
        return match[2] if match else "month"

    def field(self, column: str) -> Field:
        """The field stored as `column`. Raises KeyError when there is none."""
        for field in self.fields:
            if field.column == column:
                return field
        raise KeyError(column)


def folded(heading: str) -> str:
    """A heading as it is compared: case, spaces, underscores and hyphens do not matter."""
    return re.sub(r"[\s_\-]+", " ", heading.replace("\ufeff", "")).strip().casefold()


def _checked_words(
    kind: type, given: Mapping[str, Any], where: str, *, supplied: tuple[str, ...]
) -> None:
    known = {f.name for f in fields(kind)}
    for word in given:
        if word not in known:
            allowed = ", ".join(sorted(known))
            raise ContractError(f"{where}: unknown property {word!r}; it may be one of {allowed}")
    needed = {f.name for f in fields(kind) if f.default is f.default_factory}
    missing = sorted(needed - set(given) - set(supplied))
    if missing:
        raise ContractError(f"{where}: property {missing[0]!r} is missing")


def _field(given: Mapping[str, Any], where: str) -> Field:
    _checked_words(Field, given, where, supplied=("column",))
    if given["type"] not in FIELD_TYPES:
        raise ContractError(f"{where}: type {given['type']!r} is none of {', '.join(FIELD_TYPES)}")
    if given["type"] == "string" and not {"enum", "max_length", "pattern"} & set(given):
        raise ContractError(
            f"{where}: a string needs an enum, a pattern or a max_length; free text is out"
        )
    if "pattern" in given:
        _check_pattern(given, where)
    for symbol in given.get("symbols", ()):
        if symbol not in SYMBOLS:
            raise ContractError(f"{where}: symbol {symbol!r} is none of {', '.join(SYMBOLS)}")
    lists = {word: tuple(given.get(word, ())) for word in ("enum", "aliases", "symbols")}
    return Field(**{"column": given["name"], **given, **lists})


def _check_pattern(given: Mapping[str, Any], where: str) -> None:
    if given["type"] != "string" or "message" not in given:
        raise ContractError(
            f"{where}: a pattern is of a string, and has a message that says what is meant"
        )
    try:
        re.compile(given["pattern"])
    except re.error as fault:
        raise ContractError(f"{where}: pattern {given['pattern']!r}: {fault}") from fault


def parse_contract(text: str, where: str) -> Contract:
    """A contract from TOML text.

    Raises ContractError, naming `where` and the property, on a word that contracts do not have, a
    missing one, an unknown type, a key that names no column or a validity that cannot be read.
    """
    try:
        given = tomllib.loads(text)
    except tomllib.TOMLDecodeError as fault:
        raise ContractError(f"{where}: it is not TOML: {fault}") from fault
    _checked_words(Contract, given, where, supplied=())
    parsed = tuple(
        _field(f, f"{where}, field {f.get('name', number)!r}")
        for number, f in enumerate(given["fields"], start=1)
    )
    wide = {"wide": _wide(given["wide"], where)} if "wide" in given else {}
    key = {"fields": parsed, "primaryKey": tuple(given["primaryKey"])}
    contract = Contract(**{**given, **key, **wide})
    _check_contract(contract, where)
    return contract


def _wide(given: Mapping[str, Any], where: str) -> Wide:
    _checked_words(Wide, given, f"{where}, wide", supplied=())
    return Wide(**given)


def _check_contract(contract: Contract, where: str) -> None:
    if not (_VALID_FOR.fullmatch(contract.valid_for) or contract.valid_for in _STANDS_ALONE):
        raise ContractError(
            f"{where}: valid_for {contract.valid_for!r} is not '24 months' or alike"
        )
    if contract.dated_by not in ("quarter", "date", "year"):
        raise ContractError(f"{where}: dated_by must be quarter, date or year")
    if (contract.dated_by == "year") != (contract.year_ends is not None):
        raise ContractError(f"{where}: year_ends goes with dated_by year, and must be given then")
    if contract.undeclared_columns not in ("refuse", "drop"):
        raise ContractError(f"{where}: undeclared_columns must be refuse or drop")
    _check_headings(contract, where)
    columns = {f.column for f in contract.fields}
    for column in (*contract.primaryKey, *filter(None, [contract.borough_from])):
        if column not in columns:
            raise ContractError(f"{where}: {column!r} is no column of this contract")


def _check_headings(contract: Contract, where: str) -> None:
    """No heading, alias or not, may stand for two columns."""
    known: dict[str, str] = {}
    for field in contract.fields:
        for heading in (field.name, *field.aliases):
            if folded(heading) in known:
                raise ContractError(
                    f"{where}, field {field.name!r}: the heading {heading!r} stands for "
                    f"{known[folded(heading)]!r} already"
                )
            known[folded(heading)] = field.name


@cache
def contracts(folder: Path = CONTRACTS) -> dict[str, Contract]:
    """Every contract of a folder by name, in alphabetical order.

    Raises ContractError when one is wrong or is named unlike its file.
    """
    found = {}
    for path in sorted(folder.glob("*.toml")):
        contract = parse_contract(path.read_text(encoding="utf-8"), path.name)
        if contract.name != path.stem:
            raise ContractError(f"{path.name}: its name is {contract.name!r}")
        found[contract.name] = contract
    return found
