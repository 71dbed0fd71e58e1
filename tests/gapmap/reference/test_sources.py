"""Sources: every file of data/reference and every extract has one, and a fault is named."""

import pytest

from gapmap.contract import contracts
from gapmap.reference.sources import SourceError, parse_sources, sources
from gapmap.settings import REFERENCE

WHOLE = """
[register]
title = "Register"
publisher = "Department for Education"
used_for = "schools"
licence = "OGL"
files = ["phases.csv"]
extracts = ["schools"]
"""


def test_every_reference_file_has_one_source() -> None:
    named = [file for source in sources() for file in source.files]
    assert sorted(named) == sorted(path.name for path in REFERENCE.iterdir() if path.is_file())


def test_every_extract_has_one_source() -> None:
    named = [extract for source in sources() for extract in source.extracts]
    assert sorted(named) == sorted(contracts())


def test_what_is_not_ours_names_its_attribution() -> None:
    for source in sources():
        if "Open Government Licence" in source.licence:
            assert source.attribution, source.name


def test_a_source_is_read_whole() -> None:
    (found,) = parse_sources(WHOLE)
    assert (found.name, found.files, found.extracts) == ("register", ("phases.csv",), ("schools",))
    assert found.attribution is None


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[", "x.toml: it is not TOML"),
        ("register = 1", "x.toml, register: it must be a table of properties"),
        (WHOLE + 'attibution = "x"', "x.toml, register: unknown property 'attibution'"),
        (WHOLE.replace("licence", "#"), "x.toml, register: property 'licence' is missing"),
        (WHOLE.replace('"OGL"', "3"), "x.toml, register: licence must be a text"),
        (
            WHOLE.replace('["phases.csv"]', '"phases.csv"'),
            "files must be a list of texts",
        ),
        (
            WHOLE.replace('"schools"]', '"pupils"]'),
            "there is no extract 'pupils'",
        ),
    ],
)
def test_a_fault_names_its_place(text: str, said: str) -> None:
    with pytest.raises(SourceError) as fault:
        parse_sources(text, "x.toml")
    assert said in str(fault.value)
