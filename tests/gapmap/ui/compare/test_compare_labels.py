"""Names beside dots: none over another where there is room."""

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as some

from gapmap.ui.compare.compare_labels import _PLACES, _box, _common, text_positions


def test_a_dot_alone_is_named_at_its_right() -> None:
    assert text_positions([(100, 100)], ["Brent"], [], 600) == ["middle right"]


def test_at_the_edge_a_name_turns_inwards() -> None:
    assert text_positions([(595, 100)], ["Barnet"], [], 600) == ["middle left"]


def test_two_dots_side_by_side_do_not_share_a_place() -> None:
    dots = [(100.0, 100.0), (120.0, 100.0)]
    places = text_positions(dots, ["Hillingdon", "Wandsworth"], [], 600)
    boxes = [_box(place, x, y, 10) for place, (x, y) in zip(places, dots, strict=True)]
    assert all(_common(one, other) == 0 for one, other in combinations(boxes, 2))


def test_a_name_gives_way_to_a_dot_that_bears_none() -> None:
    assert text_positions([(100, 100)], ["Brent"], [(118, 100)], 600) == ["middle left"]


@given(dots=some.lists(some.tuples(some.floats(0, 600), some.floats(0, 300)), max_size=12))
def test_every_dot_gets_a_place(dots: list[tuple[float, float]]) -> None:
    places = text_positions(dots, ["Name"] * len(dots), [], 600)
    assert len(places) == len(dots)
    assert set(places) <= set(_PLACES)
