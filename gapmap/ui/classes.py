"""The classes of the maps: fixed breaks, the same in every quarter."""

from __future__ import annotations

from typing import Any

from gapmap.ui.borough_classes import NOT_RANKED, UNKNOWN, WITHHELD
from gapmap.ui.words import missing

# Lower bound of the share met, and its label; light (few gaps) to dark (many).
SHARE_CLASSES = (
    (0.90, "90% or more"),
    (0.80, "80–89%"),
    (0.65, "65–79%"),
    (0.50, "50–64%"),
    (0.00, "under 50%"),
)
# Lower bound of a released count of referrals in a quarter, and its label; light to dark.
REFERRAL_CLASSES = ((0, "0"), (10, "10–15"), (20, "20–25"), (30, "30–45"), (50, "50 or more"))

# Under this share known, a figure is shown and not ranked.
LEAST_KNOWN_TO_RANK = 0.5

SHARE_LABELS = tuple(label for _, label in SHARE_CLASSES)
REFERRAL_LABELS = tuple(label for _, label in REFERRAL_CLASSES)


def is_ranked(share_met: Any, share_unknown: Any) -> bool:
    """Whether at least half is known, so that the figure may be ranked."""
    return not missing(share_met) and 1 - float(share_unknown) >= LEAST_KNOWN_TO_RANK


def share_class(share_met: Any, share_unknown: Any) -> str:
    """The class of a share met."""
    if missing(share_met):
        return UNKNOWN
    if not is_ranked(share_met, share_unknown):
        return NOT_RANKED
    # As `percent` rounds it, so that no class contradicts the figure beside it.
    rounded = round(100 * float(share_met)) / 100
    return next(label for bound, label in SHARE_CLASSES if rounded >= bound)


def referral_class(value: Any, marker: Any) -> str:
    """The class of a count of referrals as it is shown."""
    if not missing(marker):
        return WITHHELD
    if missing(value):
        return UNKNOWN
    return next(label for bound, label in reversed(REFERRAL_CLASSES) if value >= bound)
