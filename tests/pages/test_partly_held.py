"""While only a part is published: what is there is shown, and what is missing is said in words."""

from gapmap.indicator import of_schools
from gapmap.stores.store import Store
from tests.pages.conftest import Screen
from tests.releasing import release_by_rule
from tests.uploads import HACKNEY, publish_csv, referral, tiny_register


def test_with_a_register_alone_every_answer_is_unknown(pages_store: Store) -> None:
    publish_csv(pages_store, "schools", tiny_register())
    screen = Screen("london")
    # The register's own quarter, and the schools that are open then.
    assert "2026-Q2 (April–June 2026)" in screen.words
    assert "n = 0 schools known of 14" in screen.words
    assert screen.cards["No police contact"][0] == "–"
    assert screen.cards["Boroughs not submitted"][0] == "33"
    assert set(screen.map_classes.values()) == {"unknown"}
    items = Screen("school", urn="100001").drawn("items")
    applicable = len(of_schools()) - items.count('">not applicable</td>')
    assert items.count('">unknown: not submitted</td>') == applicable > 10


def test_without_a_register_no_school_is_known(pages_store: Store) -> None:
    publish_csv(pages_store, "referrals", [referral(referrals=23)])
    release_by_rule(pages_store)
    screen = Screen("london")
    assert "No school register is held" in screen.words
    assert not screen.app.get("vega_lite_chart")
    assert not [one for one in screen.app.button if one.label == "Show all schools"]
    found = {
        row["Borough"]: row["HSB referrals"]
        for row in screen.choose("indicator", "hsb_referrals").rows()
    }
    assert found["Hackney"] == "25"
    assert "An administrator uploads it." in Screen("borough", borough=HACKNEY).words
