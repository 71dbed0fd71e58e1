"""The classes of the maps: fixed breaks, the same in every quarter."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

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


_COUNTED = (WITHHELD,)


def _scale(
    title: str, *classes: tuple[float, str], step: float = 1.0, neutrals: tuple[str, ...] = _COUNTED
) -> Scale:
    bounds, labels = zip(*classes, strict=True)
    return Scale(title, labels, bounds, neutrals, step)


_REFERRED = ((0, "0"), (10, "10–15"), (20, "20–25"), (30, "30–45"), (50, "50 or more"))
_OF_FOUR = ((0, "under 30"), (30, "30–55"), (60, "60–85"), (90, "90–115"), (120, "120 or more"))
_FIFTHS = (
    (0, "under 20%"),
    (20, "20–39%"),
    (40, "40–59%"),
    (60, "60–79%"),
    (80, "80% or more"),
)
_DONE = (
    (90, "90% or more"),
    (80, "80–89%"),
    (65, "65–79%"),
    (50, "50–64%"),
    (0, "under 50%"),
)
# Every indicator of borough grain in its own unit, with breaks that hold in every quarter. From
# light to dark is from few to many; where higher is better, from good to poor.
BOROUGH_SCALES: Final[Mapping[str, Scale]] = {
    "hsb_referrals": _scale("Referrals in the quarter", *_REFERRED),
    "hsb_referrals_four_quarters": _scale("Referrals in four quarters", *_OF_FOUR),
    "hsb_referral_rate": _scale(
        "Per 10,000 children",
        *((0, "under 1"), (1, "1.0–1.9"), (2, "2.0–2.9"), (3, "3.0–3.9"), (4, "4 or more")),
        step=0.1,
    ),
    "hsb_referral_rate_four_quarters": _scale(
        "Per 10,000 children",
        *(
            (0, "under 8"),
            (8, "8.0–10.9"),
            (11, "11.0–13.9"),
            (14, "14.0–16.9"),
            (17, "17 or more"),
        ),
        step=0.1,
    ),
    "hsb_referral_rate_in_schools": _scale(
        "Per 1,000 pupils",
        *((0, "0"), (0.1, "0.1–0.2"), (0.3, "0.3–0.4"), (0.5, "0.5–0.9"), (1, "1 or more")),
        step=0.1,
    ),
    "education_share": _scale("From education", *_FIFTHS),
    "no_further_action_share": _scale("No further action", *_FIFTHS),
    "urn_share": _scale("Name the school", *_DONE),
    "no_referral_seen": _scale(
        "Schools", *((0, "0"), (5, "5"), (10, "10"), (15, "15"), (20, "20 or more"))
    ),
    "prevalence": _scale(
        "A lot or sometimes",
        (0, "under 30%"),
        (30, "30–39%"),
        (40, "40–49%"),
        (50, "50–59%"),
        (60, "60% or more"),
    ),
    "perception_gap_parent": _scale(
        "Points apart",
        *((-100, "under 5"), (5, "5–9"), (10, "10–19"), (20, "20–29"), (30, "30 or more")),
    ),
    "perception_gap_school": _scale(
        "Points apart",
        *((-100, "under 5"), (5, "5–9"), (10, "10–19"), (20, "20–29"), (30, "30 or more")),
    ),
    "lado_threshold_share": _scale("Met the threshold", *_FIFTHS),
    "published_factor_share": _scale(
        "Of assessments",
        (0, "under 1%"),
        (1, "1.0–1.9%"),
        (2, "2.0–2.9%"),
        (3, "3.0–3.9%"),
        (4, "4% or more"),
        step=0.1,
    ),
    "review_items": _scale("Items done", *_DONE, neutrals=()),
}
# Number of schools that fail every criterion, and whether a borough does.
FAILING_SCALE: Final = _scale(
    "Schools that fail all",
    *((0, "none"), (1, "1–4"), (5, "5–9"), (10, "10–14"), (15, "15 or more")),
    neutrals=(),
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
