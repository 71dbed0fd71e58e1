"""What a school is called while nobody has chosen to name it."""

from gapmap.ui.naming import school_label


def label(place: int, phase: str = "secondary") -> str:
    return school_label("St Example's", phase, place, named=False)


def test_letters_go_on_after_z() -> None:
    assert [label(n) for n in (1, 2, 26, 27, 52, 53, 702, 703)] == [
        "Secondary A",
        "Secondary B",
        "Secondary Z",
        "Secondary AA",
        "Secondary AZ",
        "Secondary BA",
        "Secondary ZZ",
        "Secondary AAA",
    ]


def test_no_two_schools_of_a_phase_are_called_alike() -> None:
    assert len({label(n) for n in range(1, 1001)}) == 1000


def test_the_phase_is_told_and_unknown_is_a_school() -> None:
    assert label(1, "16 plus") == "16 plus A"
    assert label(1, "all-through") == "All-through A"
    assert label(1, "unknown") == "School A"


def test_the_name_only_when_it_is_asked_for() -> None:
    assert school_label("St Example's", "secondary", 1, named=True) == "St Example's"
    assert "Example" not in label(1)
