"""The classes of the maps: fixed breaks, the same in every quarter."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from gapmap.indicator import Definition
from gapmap.ui.borough.borough_classes import NOT_RANKED, UNKNOWN, WITHHELD
from gapmap.ui.words import missing

# Lower bound of the share met, and its label; light (few gaps) to dark (many).
SHARE_CLASSES = (
    (0.90, "90% or more"),
    (0.80, "80–89%"),
    (0.65, "65–79%"),
    (0.50, "50–64%"),
    (0.00, "under 50%"),
)
# Lower bound of a school's gap score in whole per cent, and its label; light (few points open) to
# dark (many). A gap of less than half a per cent is still a gap.
SCORE_CLASSES = (
    (60, "60% or more"),
    (40, "40–59%"),
    (20, "20–39%"),
    (1, "1–19%"),
    (0, "no gap"),
)
SCORE_HIDDEN = "hidden: too much unknown"
# Quarters for which DSL training that is in date still counts after the one that is looked at.
DSL_SOON = 2
DSL_LABELS = ("ends this quarter", "ends next quarter", "ends the quarter after")
DSL_LATER = "counts for longer"
DSL_NONE = "not in date, or not known"


@dataclass(frozen=True)
class Scale:
    """The classes of one map, light to dark, and the greys that its legend always names.

    `bounds`: the lowest value of each class, in the order of `labels`; values are compared as they
    are shown, in steps of `step`. The greys do not depend on what a quarter holds, so that the
    legend stands still while quarters go by.
    """

    title: str
    labels: tuple[str, ...]
    bounds: tuple[float, ...]
    neutrals: tuple[str, ...] = ()
    step: float = 1.0

    def class_of(self, value: Any, marker: Any = None) -> str:
        """The class of a value; withheld and unknown are in none."""
        if not missing(marker):
            return WITHHELD
        if missing(value):
            return UNKNOWN
        shown = round(float(value) / self.step) * self.step
        reached = [pair for pair in zip(self.bounds, self.labels, strict=True) if shown >= pair[0]]
        # What lies under every class, as a difference below 0 does, is in the one it is nearest to.
        return max(reached, default=min(zip(self.bounds, self.labels, strict=True)))[1]


def scale_of(definition: Definition) -> Scale:
    """The scale of an indicator of boroughs, as its file has it."""
    bounds, labels = zip(*definition.classes, strict=True)
    return Scale(
        definition.map_title,
        labels,
        bounds,
        (WITHHELD,) if definition.has_markers else (),
        step=10.0**-definition.decimals,
    )


# Number of schools that fail every criterion, and whether a borough does.
FAILING_SCALE: Final = Scale(
    "Schools that fail all",
    ("none", "1–4", "5–9", "10–14", "15 or more"),
    (0, 1, 5, 10, 15),
)
STANDINGS: Final = ("not under on all", "under on all")

SHARE_LABELS = tuple(label for _, label in SHARE_CLASSES)
SCORE_LABELS = tuple(label for _, label in reversed(SCORE_CLASSES))
SHARE_TITLE = "Schools that meet it"
SHARE_NEUTRALS = (NOT_RANKED,)


def share_class(share_met: Any, *, ranked: bool) -> str:
    """The class of a share met. `ranked`: whether enough is known, as its question says."""
    if missing(share_met):
        return UNKNOWN
    if not ranked:
        return NOT_RANKED
    # As `percent` rounds it, so that no class contradicts the figure beside it.
    rounded = round(100 * float(share_met)) / 100
    return next(label for bound, label in SHARE_CLASSES if rounded >= bound)


def score_class(score: Any) -> str:
    """The class of a school's gap score (0 to 1); hidden where there is none."""
    if missing(score):
        return SCORE_HIDDEN
    # As `percent` rounds it, but that a gap is never shown as none.
    rounded = max(round(100 * float(score)), 1 if float(score) > 0 else 0)
    return next(label for bound, label in SCORE_CLASSES if rounded >= bound)


def dsl_class(quarters_left: Any) -> str:
    """How long DSL training counts; `quarters_left` is missing where it is not in date."""
    if missing(quarters_left):
        return DSL_NONE
    left = int(quarters_left)
    return DSL_LABELS[left] if left <= DSL_SOON else DSL_LATER
