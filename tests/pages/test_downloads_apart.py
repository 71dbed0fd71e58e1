"""A file that one screen makes has a name that no other screen can work out."""

from streamlit.testing.v1 import AppTest

from gapmap.settings import ROOT


def page() -> None:
    import streamlit as st

    from gapmap.ui.exporting import own_type

    st.text(own_type("text/csv"))


def test_the_type_of_a_download_is_the_screens_own() -> None:
    first, second = (AppTest.from_function(page).run() for _ in range(2))
    told = first.text[0].value
    assert told.startswith("text/csv; for=")
    assert len(told.partition("=")[2]) == 32
    assert second.text[0].value != told
    assert first.run().text[0].value == told


def test_every_file_goes_out_by_one_door() -> None:
    """Where it is noted, and bears the word that the gate holds against who asks."""
    files = [*(ROOT / "gapmap").rglob("*.py"), *(ROOT / "pages").glob("*.py")]
    handing_out = {
        path.name for path in files if "download_button(" in path.read_text(encoding="utf-8")
    }
    assert handing_out == {"exporting.py"}
