"""The colours of the Compare screen: legible on their ground, apart for everybody."""

import pytest

from gapmap.ui import palette
from gapmap.ui.compare.compare_grid import FILLS, INKS
from tests.gapmap.ui.test_palette import VISION, closest, contrast


def test_the_figure_in_a_cell_is_legible_on_its_class() -> None:
    assert INKS.keys() == FILLS.keys()
    worst = {kind: contrast(INKS[kind], fill) for kind, fill in FILLS.items()}
    assert min(worst.values()) >= 4.5, worst


@pytest.mark.parametrize("vision", VISION)
def test_chosen_areas_are_told_apart(vision: str) -> None:
    assert closest([*palette.CHOSEN, palette.OTHERS], vision) > 12
    assert min(contrast(colour, palette.BACKGROUND) for colour in palette.CHOSEN) >= 3
