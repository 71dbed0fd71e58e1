"""The questions of queries/: one SQL file each, whose header says what it answers and takes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gapmap.settings import QUERIES

if TYPE_CHECKING:
    import pyarrow as pa

STATEMENTS = ("schema", "checks", "publish")

_HEADER_PARAMETER = re.compile(r"\$([a-z0-9_]+)(?: \((optional)?\s*(list)?\))?: (.+)")
_BODY_PARAMETER = re.compile(r"(?<![\w$])\$([a-z0-9_]+)")
_NAME = re.compile(r"[a-z0-9_]+(/[a-z0-9_]+)*")


class QuestionError(ValueError):
    """A question does not exist, or is asked with the wrong parameters."""


@dataclass(frozen=True)
class Parameter:
    """A value that a question takes; `is_list` ones match any of several."""

    name: str
    optional: bool
    is_list: bool
    meaning: str


@dataclass(frozen=True)
class Question:
    """A SQL file: `header` holds its comment lines by key, `sql` is the statement as it is run."""

    name: str
    answers: str
    header: Mapping[str, str]
    parameters: Mapping[str, Parameter]
    sql: str

    def bind(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """The values to run with: what is given, None for optional ones left out.

        Raises QuestionError on a parameter that the question does not take or that is missing.
        """
        for name in given:
            if name not in self.parameters:
                takes = ", ".join(self.parameters) or "none"
                raise QuestionError(f"{self.name} takes no parameter {name!r}; it takes {takes}")
        missing = [p.name for p in self.parameters.values() if p.name not in given]
        for name in missing:
            if not self.parameters[name].optional:
                raise QuestionError(
                    f"{self.name} needs the parameter {name!r}: {self.parameters[name].meaning}"
                )
        return {name: given.get(name) for name in self.parameters}

    def bind_text(self, given: Mapping[str, str]) -> dict[str, Any]:
        """As `bind`, from text: lists are split at commas, an empty text is None."""
        values: dict[str, Any] = {}
        for name, text in given.items():
            parameter = self.parameters.get(name)
            values[name] = text.split(",") if parameter and parameter.is_list else (text or None)
        return self.bind(values)


def parse_question(name: str, text: str) -> Question:
    """A question from the text of its file.

    Raises QuestionError when the parameters of header and body differ.
    """
    lines = text.splitlines()
    comments = [line[2:].strip() for line in lines if line.startswith("--")]
    body = "\n".join(line for line in lines if not line.lstrip().startswith("--")).strip()
    header: dict[str, str] = {}
    parameters: dict[str, Parameter] = {}
    answers: list[str] = []
    for line in comments:
        if match := _HEADER_PARAMETER.fullmatch(line):
            key, optional, is_list, meaning = match.groups()
            parameters[key] = Parameter(key, bool(optional), bool(is_list), meaning)
        elif match := re.fullmatch(r"([a-z_]+): (.*)", line):
            header[match[1]] = match[2]
        else:
            answers.append(line)
    used = set(_BODY_PARAMETER.findall(body))
    if used != set(parameters):
        raise QuestionError(
            f"{name}: its header names the parameters {sorted(parameters)}, its body {sorted(used)}"
        )
    return Question(name, " ".join(answers), header, parameters, body.removesuffix(";"))


@cache
def question(name: str, folder: Path = QUERIES) -> Question:
    """The question in queries/<name>.sql.

    Raises QuestionError when there is none of that name.
    """
    path = folder / f"{name}.sql"
    if not _NAME.fullmatch(name) or not path.is_file():
        raise QuestionError(f"there is no question {name!r}; see queries/ for those there are")
    return parse_question(name, path.read_text(encoding="utf-8"))


def questions(subject: str, folder: Path = QUERIES) -> list[Question]:
    """All questions of a subject (a folder of queries/), in alphabetical order."""
    return [question(f"{subject}/{path.stem}") for path in sorted((folder / subject).glob("*.sql"))]


def rows_of(table: pa.Table) -> list[dict[str, Any]]:
    """The rows of an answer as dictionaries."""
    return list(table.to_pylist())
