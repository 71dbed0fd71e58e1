"""In one line: which weights and thresholds the partnerships on a screen have set themselves."""

from __future__ import annotations

from collections.abc import Iterable

from gapmap.indicator import definitions
from gapmap.reference.thresholds import WEIGHT, ChangedSetting, changed_settings


def changed_line(boroughs: Iterable[str] | None = None) -> list[str]:
    """One line for each partnership of these boroughs (GSS codes; None: all) that counts otherwise
    than the others do; none where none does."""
    by_partnership: dict[str, list[str]] = {}
    for one in changed_settings(boroughs):
        by_partnership.setdefault(one.partnership, []).append(_said(one))
    return [
        f"Settings of {partnership} of its own: {'; '.join(said)}."
        for partnership, said in by_partnership.items()
    ]


def _said(one: ChangedSetting) -> str:
    kind, _, name = one.threshold.setting.partition(".")
    if kind == WEIGHT and name:
        return (
            f"{definitions()[name].title} weighs {one.value:g} points, not {one.threshold.value:g}"
        )
    return (
        f"{one.threshold.meaning.removesuffix('.')}: {one.value:g} {one.threshold.unit}, not "
        f"{one.threshold.value:g}"
    )
