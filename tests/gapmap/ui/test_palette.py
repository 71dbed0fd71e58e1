"""Contrast and colour blindness, from the published formulas.

Contrast: WCAG 2.2, relative luminance. Colour blindness: the matrices for severity 1.0 of Machado,
Oliveira and Fernandes, "A Physiologically-based Model for Simulation of Color Vision Deficiency",
IEEE TVCG 15(6), 2009, applied to linear RGB. Difference: CIE 1976 delta E in L*a*b*, D65; about 2
is just noticeable side by side.
"""

from itertools import combinations

import numpy as np
import pytest

from gapmap.ui import palette

VISION = {
    "full": np.eye(3),
    "protanopia": np.array(
        [
            [0.152286, 1.052583, -0.204868],
            [0.114503, 0.786281, 0.099216],
            [-0.003882, -0.048116, 1.051998],
        ]
    ),
    "deuteranopia": np.array(
        [
            [0.367322, 0.860646, -0.227968],
            [0.280085, 0.672501, 0.047413],
            [-0.011820, 0.042940, 0.968881],
        ]
    ),
    "tritanopia": np.array(
        [
            [1.255528, -0.076749, -0.178779],
            [-0.078411, 0.930809, 0.147602],
            [0.004733, 0.691367, 0.303900],
        ]
    ),
}
TO_XYZ = np.array(
    [
        [0.4124564, 0.3575761, 0.1804375],
        [0.2126729, 0.7151522, 0.072175],
        [0.0193339, 0.119192, 0.9503041],
    ]
)
D65 = np.array([0.95047, 1.0, 1.08883])


def linear(colour: str) -> np.ndarray:
    part = np.array(palette.rgb(colour)) / 255
    return np.where(part <= 0.04045, part / 12.92, ((part + 0.055) / 1.055) ** 2.4)


def contrast(colour: str, ground: str) -> float:
    bright, dark = sorted(
        (float(linear(one) @ TO_XYZ[1]) for one in (colour, ground)), reverse=True
    )
    return (bright + 0.05) / (dark + 0.05)


def lab(colour: str, vision: str = "full") -> np.ndarray:
    share = TO_XYZ @ np.clip(VISION[vision] @ linear(colour), 0, 1) / D65
    x, y, z = np.where(share > 0.008856, np.cbrt(share), 7.787 * share + 16 / 116)
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


def closest(colours: list[str], vision: str) -> float:
    return min(
        float(np.linalg.norm(lab(one, vision) - lab(other, vision)))
        for one, other in combinations(colours, 2)
    )


def test_formulas_agree_with_published_values() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21.0)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.005)
    # Red and green of like lightness: far apart in full vision, close in deuteranopia.
    assert closest(["#b8413c", "#6b7a2a"], "full") > 55
    assert closest(["#b8413c", "#6b7a2a"], "deuteranopia") < 20


def test_every_state_has_a_mark_and_a_text_colour() -> None:
    assert set(palette.STATE_COLOURS) == set(palette.STATE_TEXT_COLOURS) == set(palette.STATES)


@pytest.mark.parametrize("colour", [*palette.STATE_COLOURS.values(), palette.BOUNDARY])
def test_marks_stand_out_from_white(colour: str) -> None:
    assert contrast(colour, palette.BACKGROUND) >= 3


@pytest.mark.parametrize(
    "colour", [*palette.STATE_TEXT_COLOURS.values(), palette.TEXT, palette.MUTED_TEXT]
)
def test_words_are_legible_on_white(colour: str) -> None:
    assert contrast(colour, palette.BACKGROUND) >= 4.5


def test_hatching_stands_out_from_its_grey() -> None:
    assert contrast(palette.UNKNOWN_HATCH, palette.UNKNOWN_FILL) >= 3


@pytest.mark.parametrize("vision", VISION)
def test_states_are_told_apart(vision: str) -> None:
    assert closest(list(palette.STATE_COLOURS.values()), vision) >= 20


@pytest.mark.parametrize("vision", VISION)
def test_classes_are_told_apart_from_each_other_and_from_the_greys(vision: str) -> None:
    greys = [palette.UNKNOWN_FILL, palette.NOT_RANKED_FILL, palette.WITHHELD_FILL]
    assert closest([*palette.SEQUENTIAL, *greys], vision) >= 10


def test_classes_darken_in_even_steps() -> None:
    lightness = np.array([lab(colour)[0] for colour in palette.SEQUENTIAL])
    steps = -np.diff(lightness)
    assert steps.min() >= 15
    assert steps.max() <= 19
