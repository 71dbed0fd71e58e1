"""The matrix of data/reference/roles.toml: what each role may do, see, open, ask and fetch."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal, get_args

from gapmap.settings import REFERENCE

Role = Literal["executive", "lead", "contributor", "analyst", "administrator"]
ROLES: tuple[Role, ...] = get_args(Role)

Reach = Literal["no", "own", "london", "yes"]
Figures = Literal["no", "released", "own"]
_REACHES: tuple[str, ...] = get_args(Reach)
# What a cell of each table may say.
_CELLS: Mapping[str, tuple[str, ...]] = {
    "actions": _REACHES,
    "pages": ("no", "yes"),
    "routes": ("no", "yes"),
    "questions": get_args(Figures),
    "commands": ("no", "yes"),
}
_HELD_FOR = ("boroughs", "extracts")
# Who is not signed in has no role, and a cell in each row of routes.
STRANGER = "stranger"
EVERY_PATH = "/"
# What the program asks the matrix about; the file has a row for each and no other.
ACTIONS = (
    "upload",
    "upload_for_london",
    "publish",
    "accept",
    "withdraw",
    "reinstate",
    "confirm_figures",
    "release",
    "withdraw_release",
    "see_exact",
    "see_rows_about_people",
    "see_rows",
    "see_rows_of_london",
    "see_schools_that_answered",
    "see_who_submitted",
    "remind",
    "download",
    "make_link",
    "agree",
    "ask_executive",
    "answer_ask",
    "save_view",
    "remove_any_view",
    "edit_notes",
    "set_deadline",
    "see_audit",
    "edit_access",
)

Row = Mapping[Role, str]
Columns = Mapping[str, tuple[str, ...]]
_COLUMNS: Columns = {"routes": (STRANGER, *ROLES)}


class RolesError(ValueError):
    """roles.toml is wrong: the message names the place, the word and the mend."""


@dataclass(frozen=True)
class Matrix:
    """The file as it is: a row per action, page, route, folder of questions and command.

    `names`: what each role is called on screen. `held_for`: what has to come with it, boroughs or
    extracts.
    """

    names: Mapping[Role, str]
    held_for: Mapping[Role, tuple[str, ...]]
    actions: Mapping[str, Row]
    pages: Mapping[str, Row]
    routes: Mapping[str, Mapping[str, str]]
    questions: Mapping[str, Row]
    commands: Mapping[str, Row]


def parse_roles(text: str, where: str = "roles.toml") -> Matrix:
    """The matrix of a text.

    Raises RolesError, naming `where`, the table and the word, on a table, role, action or cell that
    there is not, and on a missing one.
    """
    try:
        given = tomllib.loads(text)
    except tomllib.TOMLDecodeError as fault:
        raise RolesError(f"{where}: it is not TOML: {fault}") from fault
    _check_words(given, ("roles", *_CELLS), where)
    roles = _table(given["roles"], f"{where}, roles")
    _check_words(roles, ROLES, f"{where}, roles")
    tables = {name: _rows(given[name], name, f"{where}, {name}") for name in _CELLS}
    _check_words(tables["actions"], ACTIONS, f"{where}, actions")
    _check_routes(tables["routes"], f"{where}, routes")
    for role in ROLES:
        _check_role(roles[role], f"{where}, roles.{role}")
    held_for = {role: tuple(roles[role]["held_for"]) for role in ROLES}
    _check_own(tables, held_for, where)
    return Matrix({role: roles[role]["name"] for role in ROLES}, held_for, **tables)


def _table(given: Any, where: str) -> Mapping[str, Any]:
    if not isinstance(given, Mapping):
        raise RolesError(f"{where}: it must be a table")
    return given


def _check_words(given: Mapping[str, Any], known: tuple[str, ...], where: str) -> None:
    """Whether a table has exactly these words."""
    for word in given:
        if word not in known:
            raise RolesError(f"{where}: there is no {word!r}; there are {', '.join(known)}")
    for word in known:
        if word not in given:
            raise RolesError(f"{where}: {word!r} is missing")


def _check_role(given: Any, where: str) -> None:
    words = _table(given, where)
    _check_words(words, ("name", "held_for"), where)
    if not isinstance(words["name"], str) or not words["name"].strip():
        raise RolesError(f"{where}: name must be a text")
    if not isinstance(words["held_for"], list):
        raise RolesError(f"{where}: held_for must be a list")
    for word in words["held_for"]:
        if word not in _HELD_FOR:
            raise RolesError(f"{where}: held_for may name {', '.join(_HELD_FOR)}, and not {word!r}")


def _check_routes(routes: Mapping[str, Row], where: str) -> None:
    """Whether every path falls under a row."""
    for route in routes:
        if not route.startswith("/"):
            raise RolesError(f"{where}: {route!r} must begin with /")
    if EVERY_PATH not in routes:
        raise RolesError(f"{where}: {EVERY_PATH!r} is missing")


def _rows(given: Any, table: str, where: str) -> dict[str, Any]:
    rows: dict[str, Any] = {}
    columns = _COLUMNS.get(table, ROLES)
    for name, cells in _table(given, where).items():
        _check_words(_table(cells, f"{where}.{name}"), columns, f"{where}.{name}")
        for role in columns:
            if cells[role] not in _CELLS[table]:
                allowed = ", ".join(_CELLS[table])
                raise RolesError(
                    f"{where}.{name}: {role} may be one of {allowed}, and not {cells[role]!r}"
                )
        rows[name] = {role: cells[role] for role in columns}
    return rows


def _check_own(
    tables: Mapping[str, Mapping[str, Row]], held_for: Mapping[Role, tuple[str, ...]], where: str
) -> None:
    """Whether only a role that is held for boroughs has something of its own."""
    for table, rows in tables.items():
        for name, row in rows.items():
            for role in ROLES:
                if row[role] == "own" and "boroughs" not in held_for[role]:
                    raise RolesError(
                        f"{where}, {table}.{name}: {role} is held for no borough, so that nothing "
                        "is its own"
                    )


@cache
def matrix(path: Path = REFERENCE / "roles.toml") -> Matrix:
    """The matrix of a file, as `parse_roles`."""
    return parse_roles(path.read_text(encoding="utf-8"), path.name)


def route_of(path: str) -> str:
    """The row of [routes] that a path falls under."""
    routes = matrix().routes
    fitting = (route for route in routes if route == path or is_below(path, route))
    return max(fitting, key=len, default=EVERY_PATH)


def is_below(path: str, route: str) -> bool:
    return route.endswith("/") and path.startswith(route)


def is_closed(path: str) -> bool:
    """Whether nobody at all may fetch a path."""
    return "yes" not in matrix().routes[route_of(path)].values()
