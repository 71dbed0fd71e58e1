"""In one line: which weights and thresholds the partnerships on a screen have set themselves."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from gapmap.indicator import definitions
from gapmap.reference.thresholds import WEIGHT, ChangedSetting, changed_settings, thresholds
from gapmap.ui.words import percent

# From this share of schools known on a figure is ranked, where its partnership set no other.
RANKED_FROM: Final = percent(thresholds().defaults["rank_known_share"].value)
FEW_KNOWN: Final = f"under {RANKED_FROM} known"
# What decides nothing but a school's gap score, beside the weights.
_OF_SCORES: Final = "gap_score_unknown_share"


def changed_line(boroughs: Iterable[str] | None = None, *, with_scores: bool = True) -> list[str]:
    """One line for each partnership of these boroughs (GSS codes; None: all) that counts otherwise
    than the others do; none where none does. `with_scores`: whether gap scores are shown."""
    by_partnership: dict[str, list[str]] = {}
    for one in changed_settings(boroughs):
        if with_scores or not _is_of_scores(one):
            by_partnership.setdefault(one.partnership, []).append(_said(one))
    return [
        f"Settings of {partnership} of its own: {'; '.join(said)}."
        for partnership, said in by_partnership.items()
    ]


def _is_of_scores(one: ChangedSetting) -> bool:
    return one.threshold.setting.partition(".")[0] in (WEIGHT, _OF_SCORES)


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
