"""The pages as they run, without a browser: each module has a store of its own on disk."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from html import unescape
from pathlib import Path
from re import findall
from typing import Any

import pytest
import streamlit as st
from streamlit.dataframe_util import convert_arrow_bytes_to_pandas_df
from streamlit.testing.v1 import AppTest

from gapmap.access import Role
from gapmap.office.audit_log import events
from gapmap.opened import close_the_store, the_office, the_store
from gapmap.settings import ROOT
from gapmap.stores.store import Store
from tests.releasing import release_by_rule
from tests.uploads import TODAY, course, engagement, publish_csv, referral, tiny_register

SHELL = ROOT / "gapmap" / "shell.py"
SECONDS = 30.0
# A card of gapmap.ui.cards: label, figure, change, note.
_CARD = (
    r'<div class="label">(.*?)</div><div><span class="value">(.*?)</span>'
    r'<span class="change"[^>]*>(.*?)</span></div><div class="note">(.*?)</div>'
)


def noted(what: str) -> list[tuple[str | None, str]]:
    """What the audit log holds of a kind: role and on what, the oldest first."""
    first, last = (datetime(year, 1, 1, tzinfo=UTC) for year in (2020, 2100))
    found = events(the_office(), first, last, what=what)
    return [(event["role"], event["on_what"]) for event in reversed(found)]


class Screen:
    """A page at its address, as one viewer sees it. What it shows is read in words."""

    def __init__(self, path: str, **query: str) -> None:
        self.app = AppTest.from_file(str(SHELL), default_timeout=SECONDS)
        for name, value in query.items():
            self.app.query_params[name] = value
        # Before the first run Streamlit goes by the file's name, which is the page's address too.
        self.app.switch_page(f"../pages/{path}.py")
        self.run()

    def run(self) -> Screen:
        """Run the page once more; an exception fails the test."""
        self.app.run()
        assert [fault.value for fault in self.app.exception] == []
        return self

    def view_as(self, role: Role, *boroughs: str) -> Screen:
        """Use the switch at the top right; `boroughs` are GSS codes."""
        self.app.selectbox(key="viewer_role").set_value(role)
        self.run()
        if boroughs:
            self.app.multiselect(key="viewer_boroughs").set_value(list(boroughs))
            self.run()
        return self

    def choose(self, key: str, value: Any) -> Screen:
        """Set a filter, by the value and not by its label."""
        self.app.selectbox(key=key).set_value(value)
        return self.run()

    def press(self, label: str) -> Screen:
        """Press the one button of that label."""
        (button,) = [one for one in self.app.button if one.label == label]
        button.click()
        return self.run()

    def select_row(self, table: str, row: int) -> Screen:
        """Choose a row of a table, as a click on it does."""
        clicks = self.app.session_state[f"{table}_clicks"]
        self.app.session_state[f"{table}_{clicks}"] = {"selection": {"rows": [row], "columns": []}}
        return self.run()

    @property
    def title(self) -> str:
        (title,) = self.app.title
        return str(title.value)

    @property
    def query(self) -> dict[str, Any]:
        """The query of the address; a parameter that stands once is a text."""
        found = {}
        for name, value in self.app.query_params.items():
            found[name] = value[0] if isinstance(value, list) and len(value) == 1 else value
        return found

    @property
    def words(self) -> str:
        """All running text: notices, captions, headings, links."""
        kinds: Iterable[Any] = (
            *self.app.title,
            *self.app.subheader,
            *self.app.markdown,
            *self.app.info,
            *self.app.warning,
            *self.app.error,
            *self.app.success,
            *self.app.caption,
        )
        links = [link.label for link in self.app.page_link]
        return "\n".join([*(str(one.value) for one in kinds), *links])

    @property
    def cards(self) -> dict[str, tuple[str, str, str]]:
        """The headline: by label, the figure, its change and what stands behind it."""
        drawn = "".join(one.value for one in self.app.html)
        return {
            unescape(label): (unescape(value), unescape(change), unescape(note))
            for label, value, change, note in findall(_CARD, drawn)
        }

    @property
    def frames(self) -> list[Any]:
        """The tables with rows to scroll, as frames."""
        return [table.value for table in self.app.dataframe]

    @property
    def tables(self) -> list[Any]:
        """The plain tables, as frames."""
        return [table.value for table in self.app.table]

    @property
    def map_classes(self) -> dict[str, str]:
        """The class in which the map of London draws each borough, by name."""
        (chart,) = self.app.get("vega_lite_chart")
        (figures,) = chart.proto.datasets
        frame = convert_arrow_bytes_to_pandas_df(figures.data.data)
        return dict(zip(frame["name"], frame["class"], strict=True))

    @property
    def finding(self) -> str:
        """What the chart asks and finds, as it stands above it."""
        (said,) = [one.value for one in self.app.html if 'class="finding"' in one.value]
        return str(said).partition("</style>")[2]

    @property
    def map_marks(self) -> dict[str, str]:
        """What stands on each borough of the map of London, by name."""
        (chart,) = self.app.get("vega_lite_chart")
        (figures,) = chart.proto.datasets
        frame = convert_arrow_bytes_to_pandas_df(figures.data.data)
        return dict(zip(frame["name"], frame["mark"], strict=True))

    @property
    def map_points(self) -> dict[str, list[str]]:
        """The schools on the map of a borough: by state, what each is called there."""
        (chart,) = self.app.get("deck_gl_json_chart")
        layers = json.loads(chart.proto.json)["layers"]
        return {
            layer["id"].removeprefix("schools-"): [point["name"] for point in layer["data"]]
            for layer in layers
            if layer["id"].startswith("schools-")
        }

    def drawn(self, part: str) -> str:
        """The HTML of the one part of the screen that has this class."""
        (found,) = [one.value for one in self.app.html if f'<div class="{part}">' in one.value]
        return str(found)

    @property
    def parts(self) -> list[str]:
        """What the controls of a few words offer, one after the other."""
        return [str(option) for one in self.app.segmented_control for option in one.options]

    def frame(self, heading: str) -> Any:
        """The one table with rows to scroll that has such a column."""
        (found,) = [frame for frame in self.frames if heading in frame.columns]
        return found

    def rows(self, place: int = 0) -> list[dict[str, Any]]:
        """A scrolling table's rows."""
        return [
            {str(k): v for k, v in row.items()} for row in self.frames[place].to_dict("records")
        ]


@contextmanager
def store_of_the_pages(folder: Path) -> Iterator[Store]:
    """The store that the pages find: empty, in a folder of its own, closed at the end."""
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("GAPMAP_STORE", str(folder / "gapmap.duckdb"))
        environment.setattr("gapmap.ui.upload.upload_steps.today", lambda: TODAY)
        # Answers are cached by the store's version, and each of these stores begins at 0.
        st.cache_data.clear()
        opened = the_store()
        assert opened.archive.is_relative_to(folder), "a store of another test is open"
        yield opened
        close_the_store()
        st.cache_data.clear()


@pytest.fixture
def pages_store(tmp_path: Path) -> Iterator[Store]:
    """An empty store of the pages, for one test."""
    with store_of_the_pages(tmp_path) as opened:
        yield opened


@pytest.fixture(scope="module")
def empty_pages(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """An empty store of the pages, for a module that publishes nothing."""
    with store_of_the_pages(tmp_path_factory.mktemp("empty")) as opened:
        yield opened


@pytest.fixture(scope="module")
def tiny_pages(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """A store of the pages with `publish_tiny`, for a module that publishes nothing."""
    with store_of_the_pages(tmp_path_factory.mktemp("tiny")) as opened:
        publish_tiny(opened)
        yield opened


@pytest.fixture(scope="module")
def tiny_files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files of a store with `publish_tiny`, to be copied."""
    folder = tmp_path_factory.mktemp("tiny")
    with store_of_the_pages(folder) as opened:
        publish_tiny(opened)
    return folder


@pytest.fixture
def tiny_copy(tiny_files: Path, tmp_path: Path) -> Iterator[Store]:
    """A store of the pages with `publish_tiny`, for one test that publishes."""
    folder = shutil.copytree(tiny_files, tmp_path / "copy")
    with store_of_the_pages(folder) as opened:
        yield opened


def publish_tiny(store: Store, released: Callable[[Store], object] = release_by_rule) -> None:
    """The tiny register with two quarters: Hackney and Bromley answer, Brent has not submitted.

    What is about children is `released`: by the rule alone.
    """
    publish_csv(store, "schools", tiny_register())
    publish_csv(store, "police_engagement", POLICE_BEFORE, name="police_2026-Q2.csv")
    publish_csv(store, "police_engagement", POLICE_NOW, name="police_2026-Q3.csv")
    publish_csv(store, "training", TRAINING, name="training_2026-Q3.csv")
    publish_csv(store, "referrals", REFERRALS_BEFORE, name="referrals_2026-Q2.csv")
    publish_csv(store, "referrals", REFERRALS_NOW, name="referrals_2026-Q3.csv")
    released(store)


POLICE_BEFORE = [
    engagement(quarter="2026-Q2", urn=urn, level="none", last_contact_month="")
    for urn in (100001, 100002, 100003)
]
# In Hackney two schools have a contact, one was contacted only, one has not said when.
POLICE_NOW = [
    engagement(urn=100001, level="named contact"),
    engagement(urn=100002, level="contacted"),
    engagement(urn=100003, level="active", last_contact_month="2026-08"),
    engagement(urn=100004, level="embedded", last_contact_month=""),
    engagement(urn=100011, level="none", last_contact_month=""),
]
TRAINING = [
    course(urn=100001, course="DSL refresher", staff_in_scope=1, staff_trained=1),
    course(urn=100001, course="deputy DSL", staff_in_scope=3, staff_trained=3),
    course(urn=100001, course="HSB specialist", staff_in_scope=4, staff_trained=1),
    course(urn=100002, course="DSL initial", staff_in_scope=2, staff_trained=1),
    course(urn=100002, course="HSB specialist", staff_in_scope=4, staff_trained=0),
]
REFERRALS_BEFORE = [
    referral(quarter="2026-Q2", referrals=31),
    referral(quarter="2026-Q2", borough="Bromley", referrals=9),
]
REFERRALS_NOW = [
    referral(referrals=23),
    referral(borough="Bromley", referrals=4),
    referral(borough="Bromley", referral_type="other child-on-child abuse", referrals=60),
]
