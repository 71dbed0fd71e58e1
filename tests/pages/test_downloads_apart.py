"""A file that one screen makes has a name that no other screen can work out."""

from streamlit.testing.v1 import AppTest


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
