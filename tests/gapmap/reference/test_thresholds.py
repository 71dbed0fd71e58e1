"""Thresholds and weights: the file, its faults, and who set what."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gapmap.indicator import of_schools
from gapmap.reference import reference, thresholds
from gapmap.reference.thresholds import (
    ThresholdError,
    borough_settings,
    changed_settings,
    parse_thresholds,
    partnership_of_borough,
)
from gapmap.settings import QUERIES, REFERENCE
from gapmap.stores.store import Store
from tests.uploads import look

SHARED = "City and Hackney Safeguarding Children Partnership"
CITY, HACKNEY, BRENT = "E09000001", "E09000012", "E09000005"
FILE = (REFERENCE / "settings.toml").read_text(encoding="utf-8")
OWN = f'\n[partnerships."{SHARED}"]\npolice_contact_terms = 0\nweight.dsl_in_date = 5\n'


def parsed(text: str) -> thresholds.Thresholds:
    return parse_thresholds(text, partnership_of_borough().values())


def test_every_borough_has_every_threshold_and_every_weight() -> None:
    rows = borough_settings()
    names = {f"weight.{d.name}" for d in of_schools()} | {
        "gap_score_unknown_share", "rank_known_share", "police_contact_terms",
        "no_referral_urn_share", "no_referral_prevalence_answers", "lado_contacts_shown_from",
    }  # fmt: skip
    assert {row["setting"] for row in rows} >= names
    assert len(rows) == 33 * len({row["setting"] for row in rows})
    weights = {d.name: d.weight for d in of_schools()}
    for row in rows:
        if row["setting"].startswith("weight."):
            assert row["value"] == weights[row["setting"].removeprefix("weight.")]


def test_the_file_as_it_comes_sets_nothing_otherwise() -> None:
    assert changed_settings() == []
    assert all(row["is_default"] for row in borough_settings())


def test_a_partnership_sets_its_own_for_all_its_boroughs() -> None:
    held = parsed(FILE + OWN)
    rows = {(r["borough_code"], r["setting"]): r for r in borough_settings(held)}
    for code in (CITY, HACKNEY):
        assert rows[code, "police_contact_terms"]["value"] == 0
        assert not rows[code, "police_contact_terms"]["is_default"]
        assert rows[code, "weight.dsl_in_date"]["value"] == 5
        assert rows[code, "rank_known_share"]["is_default"]
    assert rows[BRENT, "police_contact_terms"] == {
        "borough_code": BRENT,
        "setting": "police_contact_terms",
        "value": 1.0,
        "is_default": True,
    }
    assert held.value("police_contact_terms", SHARED) == 0
    with pytest.raises(KeyError):
        held.value("patience", SHARED)


def test_screens_are_told_who_set_what() -> None:
    held = parsed(FILE + OWN)
    changed = changed_settings(None, held)
    assert [(c.partnership, c.threshold.setting, c.value) for c in changed] == [
        (SHARED, "police_contact_terms", 0.0),
        (SHARED, "weight.dsl_in_date", 5.0),
    ]
    assert changed[0].threshold.value == 1
    assert changed[0].threshold.unit == "school terms"
    assert changed_settings([CITY, BRENT], held) == changed
    assert changed_settings([BRENT], held) == []


def test_what_is_set_to_the_default_is_no_change() -> None:
    held = parsed(FILE + f'[partnerships."{SHARED}"]\npolice_contact_terms = 1\n')
    assert changed_settings(None, held) == []
    assert all(row["is_default"] for row in borough_settings(held))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[defaults", "settings.toml: it is not TOML"),
        (FILE + "[extra]\n", "'extra' is neither defaults nor partnerships"),
        ("defaults = 3", "settings.toml, defaults: it must be a table"),
        ("[partnerships]", "settings.toml, defaults: it must be a table"),
        (FILE + '[partnerships."Nowhere"]\n', "partnerships: 'Nowhere' is no partnership"),
        (FILE + OWN + "patience = 3\n", f"{SHARED}: there is no setting 'patience'"),
        (FILE + OWN + "weight.luck = 3\n", "there is no setting 'weight.luck'"),
        (FILE + OWN + "weight.hsb_referrals = 3\n", "there is no setting 'weight.hsb_referrals'"),
        (FILE + OWN + "weight.reviewed = 11\n", "weight.reviewed must be from 0 to 10, and is 11"),
        (FILE + OWN + "weight.reviewed = -1\n", "weight.reviewed must be from 0 to 10, and is -1"),
        (FILE + OWN + "weight.reviewed = nan\n", "must be from 0 to 10, and is nan"),
        (FILE + OWN + "weight.reviewed = true\n", "weight.reviewed must be a number"),
        (FILE + OWN + "rank_known_share = '0.3'\n", "rank_known_share must be a number"),
        (FILE + OWN + "rank_known_share = 1.5\n", "must be from 0 to 1, and is 1.5"),
        (FILE + f'[partnerships]\n"{SHARED}" = 3\n', f"{SHARED}: it must be a table"),
        (FILE.replace("value = 0.4", "value = 4"), "gap_score_unknown_share: value must be from"),
        (FILE.replace("value = 0.4\n", ""), "gap_score_unknown_share: it lacks or does not know v"),
        (FILE.replace("value = 0.4", "worth = 0.4"), "does not know value, worth"),
        (FILE.replace('unit = "school terms"', "unit = 3"), "unit must be a text"),
    ],
)
def test_a_fault_names_its_place(text: str, said: str) -> None:
    with pytest.raises(ThresholdError, match=re.escape(said)):
        parsed(text)


@given(st.floats())
def test_no_number_out_of_range_is_taken(number: float) -> None:
    """Python's words for numbers are TOML's."""
    text = FILE + f'[partnerships."{SHARED}"]\nrank_known_share = {number!r}\n'
    if 0 <= number <= 1:
        assert parsed(text).value("rank_known_share", SHARED) == number
    else:
        with pytest.raises(ThresholdError, match="rank_known_share must be from 0 to 1"):
            parsed(text)


def test_questions_read_only_settings_that_there_are() -> None:
    known = set(thresholds.thresholds().defaults)
    read: dict[str, set[str]] = {}
    for file in QUERIES.rglob("*.sql"):
        text = file.read_text(encoding="utf-8")
        if found := set(re.findall(r"setting\s*=\s*'([a-z_.]+)'(?!\s*\|\|)", text)):
            read[file.stem] = found
    assert {name: found - known for name, found in read.items() if found - known} == {}
    assert "police_contact_terms" in read["police_engagement"]


def test_the_reference_hash_covers_them(monkeypatch: pytest.MonkeyPatch) -> None:
    tables = dict(reference.reference_tables())
    before = reference.reference_hash()
    changed = parsed(FILE + OWN)
    tables["borough_setting"] = type(tables["phase"]).from_pylist(borough_settings(changed))
    monkeypatch.setattr(reference, "reference_tables", lambda: tables)
    reference.reference_hash.cache_clear()
    try:
        assert reference.reference_hash() != before
    finally:
        reference.reference_hash.cache_clear()


def test_both_stores_hold_them(empty_store: Store) -> None:
    for database in (empty_store.exact, empty_store.released):
        rows = look(database, "from borough_setting select distinct borough_code")
        assert len(rows) == 33
