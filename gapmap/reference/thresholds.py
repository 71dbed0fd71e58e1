"""Weights and thresholds, and which partnerships set their own: data/reference/settings.toml."""

from __future__ import annotations

import csv
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from typing import Any

from gapmap.indicator import of_schools
from gapmap.settings import REFERENCE

WEIGHT = "weight"
MOST_WEIGHT = 10


class ThresholdError(ValueError):
    """settings.toml is wrong: the message names the place and the mend."""


@dataclass(frozen=True)
class Threshold:
    """A setting with its default `value`; a partnership may set another from `least` to `most`."""

    setting: str
    value: float
    unit: str
    least: float
    most: float
    meaning: str


@dataclass(frozen=True)
class ChangedSetting:
    """A setting of which a partnership set another value than the default."""

    partnership: str
    threshold: Threshold
    value: float


@dataclass(frozen=True)
class Thresholds:
    """The defaults by setting, and what each partnership that sets its own has set."""

    defaults: Mapping[str, Threshold]
    partnerships: Mapping[str, Mapping[str, float]]

    def value(self, setting: str, partnership: str) -> float:
        """What holds in a partnership. Raises KeyError on a setting that there is not."""
        return self.partnerships.get(partnership, {}).get(setting, self.defaults[setting].value)


def parse_thresholds(
    text: str, partnerships: Iterable[str], where: str = "settings.toml"
) -> Thresholds:
    """The thresholds of a text, with the weights of the indicators' files among the defaults.

    Raises ThresholdError, naming `where`, the table and the setting, on a word, partnership or
    setting that there is not, a missing one and a value that cannot be.
    """
    try:
        given = tomllib.loads(text)
    except tomllib.TOMLDecodeError as fault:
        raise ThresholdError(f"{where}: it is not TOML: {fault}") from fault
    for table in given:
        if table not in ("defaults", "partnerships"):
            raise ThresholdError(f"{where}: {table!r} is neither defaults nor partnerships")
    defaults = {
        name: _default(name, words, f"{where}, defaults.{name}")
        for name, words in _table(given.get("defaults"), f"{where}, defaults").items()
    }
    defaults |= _weights()
    own = _table(given.get("partnerships", {}), f"{where}, partnerships")
    known = set(partnerships)
    for name in own:
        if name not in known:
            raise ThresholdError(f"{where}, partnerships: {name!r} is no partnership")
    set_by = {name: _own(words, defaults, f"{where}, {name}") for name, words in own.items()}
    return Thresholds(defaults, set_by)


def _table(given: Any, where: str) -> Mapping[str, Any]:
    if not isinstance(given, Mapping):
        raise ThresholdError(f"{where}: it must be a table")
    return given


def _default(setting: str, given: Any, where: str) -> Threshold:
    words = _table(given, where)
    needed = {f.name for f in fields(Threshold)} - {"setting"}
    if needed != set(words):
        odd = ", ".join(sorted(needed ^ set(words)))
        raise ThresholdError(f"{where}: it lacks or does not know {odd}")
    for word in ("unit", "meaning"):
        if not isinstance(words[word], str) or not words[word].strip():
            raise ThresholdError(f"{where}: {word} must be a text")
    for word in ("least", "most", "value"):
        _check_number(words[word], f"{where}: {word}")
    found = Threshold(setting=setting, **words)
    _check_range(found, found.value, f"{where}: value")
    return found


def _weights() -> dict[str, Threshold]:
    return {
        f"{WEIGHT}.{d.name}": Threshold(
            setting=f"{WEIGHT}.{d.name}",
            value=d.weight,
            unit="points",
            least=0,
            most=MOST_WEIGHT,
            meaning=f"The points of the gap “{d.gap}” in a school's gap score.",
        )
        for d in of_schools()
    }


def _own(given: Any, defaults: Mapping[str, Threshold], where: str) -> dict[str, float]:
    words = dict(_table(given, where))
    weights = _table(words.pop(WEIGHT, {}), f"{where}, {WEIGHT}")
    words |= {f"{WEIGHT}.{name}": value for name, value in weights.items()}
    for setting, value in words.items():
        if setting not in defaults:
            raise ThresholdError(f"{where}: there is no setting {setting!r}")
        _check_number(value, f"{where}: {setting}")
        _check_range(defaults[setting], value, f"{where}: {setting}")
    return {setting: float(value) for setting, value in words.items()}


def _check_number(value: Any, where: str) -> None:
    if type(value) not in (int, float):  # True is an int, and no number here
        raise ThresholdError(f"{where} must be a number")


def _check_range(threshold: Threshold, value: float, where: str) -> None:
    # Written so that nan, which TOML has, is refused too.
    if not threshold.least <= value <= threshold.most:
        raise ThresholdError(
            f"{where} must be from {threshold.least:g} to {threshold.most:g}, and is {value:g}"
        )


@cache
def partnership_of_borough() -> dict[str, str]:
    """The partnership of each borough by GSS code."""
    with (REFERENCE / "boroughs.csv").open(encoding="utf-8", newline="") as file:
        return {row["borough_code"]: row["partnership"] for row in csv.DictReader(file)}


@cache
def thresholds(path: Path = REFERENCE / "settings.toml") -> Thresholds:
    """The thresholds of a file, as `parse_thresholds`."""
    partnerships = partnership_of_borough().values()
    return parse_thresholds(path.read_text(encoding="utf-8"), partnerships, path.name)


def borough_settings(held: Thresholds | None = None) -> list[dict[str, Any]]:
    """The rows of the table borough_setting: one per borough and setting."""
    held = held or thresholds()
    rows = []
    for code, partnership in partnership_of_borough().items():
        for setting, threshold in held.defaults.items():
            value = held.value(setting, partnership)
            is_default = value == threshold.value
            row = {"borough_code": code, "setting": setting, "value": float(value)}
            rows.append({**row, "is_default": is_default})
    return rows


def changed_settings(
    boroughs: Iterable[str] | None = None, held: Thresholds | None = None
) -> list[ChangedSetting]:
    """What the partnerships of these boroughs (GSS codes; None: all) set other than the default.

    In alphabetical order of partnerships; a screen that shows any of them says so.
    """
    held = held or thresholds()
    codes = partnership_of_borough()
    shown = set(codes.values()) if boroughs is None else {codes[code] for code in boroughs}
    return [
        ChangedSetting(partnership, held.defaults[setting], value)
        for partnership in sorted(shown & set(held.partnerships))
        for setting, value in held.partnerships[partnership].items()
        if value != held.defaults[setting].value
    ]
