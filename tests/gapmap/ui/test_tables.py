"""A table whose row can be chosen: told once, by its place."""

from streamlit.dataframe_util import convert_arrow_bytes_to_pandas_df
from streamlit.testing.v1 import AppTest


def page() -> None:
    import pandas as pd
    import streamlit as st

    from gapmap.ui.tables import chosen_row

    frame = pd.DataFrame({"Borough": ["Barnet", "Brent", "Camden"]})
    st.text(str(chosen_row(frame, key="boroughs")))


def told(app: AppTest) -> str:
    assert not app.exception
    return str(app.text[0].value)


def test_nothing_is_chosen_at_first() -> None:
    app = AppTest.from_function(page).run()
    assert told(app) == "None"
    assert list(app.dataframe[0].value["Borough"]) == ["Barnet", "Brent", "Camden"]


def test_a_missing_value_is_a_dash() -> None:
    app = AppTest.from_function(page).run()
    assert app.dataframe[0].proto.placeholder == "–"


def test_a_chosen_row_is_told_once() -> None:
    app = AppTest.from_function(page).run()
    app.session_state["boroughs_0"] = {"selection": {"rows": [0], "columns": []}}
    assert told(app.run()) == "0"
    assert told(app.run()) == "None"
    app.session_state["boroughs_1"] = {"selection": {"rows": [2], "columns": []}}
    assert told(app.run()) == "2"


def changes_page() -> None:
    import pandas as pd
    import streamlit as st

    from gapmap.ui.tables import chosen_row

    frame = pd.DataFrame({"Borough": ["Barnet", "Brent", "Camden"], "Change": [-0.4, 2.6, None]})
    st.text(str(chosen_row(frame, key="boroughs", changes={"Change": True})))


def test_a_change_has_its_sign_and_stays_a_number() -> None:
    app = AppTest.from_function(changes_page).run()
    assert not app.exception
    sent = app.dataframe[0].proto.arrow_data.styler.display_values
    written = convert_arrow_bytes_to_pandas_df(sent)
    assert list(written["Change"]) == ["±0", "+3", "–"]
    assert list(app.dataframe[0].value["Change"])[:2] == [-0.4, 2.6]
