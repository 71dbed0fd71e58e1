"""How each role is answered: released figures to all, own exact ones to a borough's lead alone."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from gapmap.access import EXECUTIVE, ROLES, NotAllowed, Viewer
from gapmap.answering import answer, answer_as, answer_to_own_lead, is_for_own_lead
from gapmap.publishing.standing import bring_up_to_date
from gapmap.question import Question, question
from gapmap.settings import QUERIES
from gapmap.stores.store import Store, open_memory_store, rows_of
from tests.releasing import release_by_rule
from tests.uploads import BRENT, HACKNEY, contents, publish_csv, referral, tiny_register

LEAD = Viewer("lead", frozenset({HACKNEY}))
OTHERS = [
    EXECUTIVE,
    Viewer("analyst"),
    Viewer("administrator"),
    Viewer("contributor", frozenset({HACKNEY}), frozenset({"referrals"})),
    Viewer("lead", frozenset({BRENT})),
    Viewer("lead"),
    Viewer("executive", frozenset({HACKNEY})),
]
OF_HACKNEY: dict[str, Any] = {
    "quarter": "2026-Q3",
    "borough": HACKNEY,
    "measure": "hsb_referrals",
    "level": "borough",
    "area": HACKNEY,
    "breakdown": "source",
    "urn": 100001,
    "measures": ["hsb_referrals", "referrals"],
    "indicators": ["hsb_referrals"],
    "quarters": ["2026-Q3"],
}


def own_questions() -> list[Question]:
    names = [
        str(path.relative_to(QUERIES).with_suffix(""))
        for path in QUERIES.rglob("*.sql")
        if path.relative_to(QUERIES).parts[0] != "schema"
    ]
    return sorted(
        (one for one in map(question, names) if is_for_own_lead(one)), key=lambda one: one.name
    )


OWN = own_questions()


def asked(of: Question) -> dict[str, Any]:
    return {name: OF_HACKNEY[name] for name in of.parameters if name in OF_HACKNEY}


@pytest.fixture
def two_stores(tmp_path: Path) -> Iterator[tuple[Store, Store]]:
    """Two stores with the tiny register."""
    opened = []
    for name in ("one", "other"):
        (tmp_path / name).mkdir()
        store = open_memory_store(tmp_path / name)
        opened.append(store)
        bring_up_to_date(store)
        publish_csv(store, "schools", tiny_register())
    yield opened[0], opened[1]
    for store in opened:
        store.close()


@pytest.fixture(scope="module")
def held(lasting_store: Store) -> Store:
    """Hackney 23, Brent 41: whatever is shown of the two is rounded."""
    publish_csv(
        lasting_store,
        "referrals",
        [referral(referrals=23), referral(borough="Brent", referrals=41)],
    )
    release_by_rule(lasting_store)
    return lasting_store


def test_there_are_questions_for_the_own_lead() -> None:
    assert {one.name for one in OWN} >= {"referrals/by_quarter", "schools/for_own_lead"}


@pytest.mark.parametrize("viewer", OTHERS, ids=str)
@pytest.mark.parametrize("of", OWN, ids=lambda one: one.name)
def test_nobody_else_is_answered_exactly(held: Store, viewer: Viewer, of: Question) -> None:
    with pytest.raises(NotAllowed):
        answer_to_own_lead(held, viewer, HACKNEY, of, asked(of))


@pytest.mark.parametrize("of", OWN, ids=lambda one: one.name)
def test_the_own_lead_gets_the_own_rows_alone(held: Store, of: Question) -> None:
    found = answer_to_own_lead(held, LEAD, HACKNEY, of, asked(of))
    for row in rows_of(found):
        assert row.get("area_code", HACKNEY) == HACKNEY
        assert row.get("level", "borough") == "borough"
        assert row.get("borough_code", HACKNEY) == HACKNEY
        assert 41 not in row.values()
        assert 64 not in row.values()
    elsewhere = {**asked(of), **{k: BRENT for k in ("borough", "area") if k in of.parameters}}
    try:
        rows = rows_of(answer_to_own_lead(held, LEAD, HACKNEY, of, elsewhere))
    except NotAllowed:
        return
    assert rows == []


def test_exact_and_released_differ_and_say_which_they_are(held: Store) -> None:
    of = question("referrals/by_quarter")
    given = {"measure": "hsb_referrals", "borough": HACKNEY}

    def totals(viewer: Viewer) -> tuple[list[int], bool]:
        table, exact = answer_as(held, viewer, of, given)
        return [row["value"] for row in rows_of(table) if row["quarter"] == "2026-Q3"], exact

    assert totals(LEAD) == ([23], True)
    for viewer in OTHERS:
        assert totals(viewer) == ([25, 65], False)


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize(
    "cell",
    [
        {"level": "school", "area": "100001"},
        {"breakdown": "borough of residence"},
        {"breakdown": "referral type"},
        {"measure": "aim_assessments"},
    ],
    ids=str,
)
def test_what_is_outside_the_lattice_is_c(held: Store, role: Any, cell: dict[str, str]) -> None:
    of = question("referrals/breakdown")
    given = asked(of) | {"level": "london", "area": "London"} | cell
    (row,) = rows_of(answer(held, Viewer(role), of, given))
    assert (row["value"], row["marker"]) == (None, "c")
    assert {23, 41, 64, 25, 40, 65} & set(row.values()) == set()


@pytest.mark.parametrize("name", ["submissions/all", "release/drafts", "archive/rows"])
def test_what_only_the_exact_store_holds_is_refused_in_words(held: Store, name: str) -> None:
    of = question(name)
    given = {p.name: "x" for p in of.parameters.values() if not p.optional}
    with pytest.raises(NotAllowed, match=name):
        answer(held, EXECUTIVE, of, given)


def test_a_hidden_count_moves_nothing_that_is_shown(two_stores: tuple[Store, Store]) -> None:
    """Rates, order, classes, tooltips, files: all come from tables that are the same in both."""
    shown = []
    for store, hidden in zip(two_stores, (3, 6), strict=True):
        rows = [referral(referrals=hidden), referral(borough="Brent", referrals=30)]
        publish_csv(store, "referrals", rows)
        release_by_rule(store)
        assert hidden in {row["value"] for row in contents(store.exact)["figure"]}
        shown.append(timeless(contents(store.released)))
    assert shown[0] == shown[1]
    assert len(shown[0]["figure"]) > 20


MOMENTS = {"made_at", "changed_at", "computed_at", "published_at", "first_sent_at"}


def timeless(tables: dict[str, list[dict[str, Any]]]) -> dict[str, list[dict[str, Any]]]:
    return {
        name: sorted(({c: v for c, v in row.items() if c not in MOMENTS} for row in rows), key=repr)
        for name, rows in tables.items()
    }
