"""The cards as HTML: what is in a figure's words stays words."""

import pytest
from streamlit.testing.v1 import AppTest


def drawn() -> str:
    def page() -> None:
        from gapmap.ui.cards import Card, show_cards

        show_cards(
            [
                Card("No <police> contact", "1,085", "−5", "better", 'of "80" & more', "a<b"),
                Card("Plain", "–"),
            ]
        )

    app = AppTest.from_function(page).run()
    assert not app.exception
    return str(app.html[0].value)


@pytest.fixture(scope="module")
def html() -> str:
    return drawn()


def test_every_text_is_escaped(html: str) -> None:
    assert "No &lt;police&gt; contact" in html
    assert "of &quot;80&quot; &amp; more" in html
    assert 'title="a&lt;b"' in html
    assert "<police>" not in html


def test_one_card_a_figure_in_order(html: str) -> None:
    assert html.count('<div class="card"') == 2
    assert html.index("1,085") < html.index("Plain")
