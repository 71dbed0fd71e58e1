"""The maps' specifications; that they draw and answer in a browser is tested in tests/browser."""

import json
from collections.abc import Iterator
from math import asinh, pi, radians, tan
from typing import Any

import pytest
from shapely.geometry import shape
from streamlit.testing.v1 import AppTest

from gapmap.reference import geography
from gapmap.ui import maps, palette
from gapmap.ui.borough.borough_classes import BOUNDARIES_URL, choropleth_spec
from gapmap.ui.classes import DSL_LABELS, DSL_LATER, DSL_NONE, SCORE_HIDDEN, SCORE_LABELS
from gapmap.ui.school.school_points import (
    DSL_MARKS,
    SCORE_MARKS,
    STATE_MARKS,
    Marks,
    school_deck,
    school_legend,
)

CLASSES = ["0–24%", "25–49%", "50–74%", "75–100%"]
CROYDON = "E09000008"
HACKNEY = "E09000012"


def borough_row(code: str, name: str, **changed: Any) -> Any:
    row = {
        "code": code,
        "name": name,
        "value": 0.6,
        "class": "50–74%",
        "tooltip": {"Share met": "60%", "n": "88", "Unknown": "12%"},
    }
    return row | changed


def all_rows() -> list[Any]:
    """All 33 boroughs in one class, but Croydon, which is unknown."""
    places = [feature["properties"] for feature in geography.boundaries()["features"]]
    rows = [borough_row(place["code"], place["name"]) for place in places]
    return [
        row | {"value": None, "class": maps.UNKNOWN} if row["code"] == CROYDON else row
        for row in rows
    ]


def spec_of(rows: list[Any], **changed: Any) -> dict[str, Any]:
    return choropleth_spec(rows, CLASSES, **({"title": "Share met", "height": 430} | changed))


def layer(spec: dict[str, Any], name: str) -> dict[str, Any]:
    (found,) = [one for one in spec["layer"] if one["name"] == name]
    return found


def texts_in(node: Any) -> Iterator[str]:
    """Every text of a JSON tree but the names of its fields."""
    if isinstance(node, dict):
        node = list(node.values())
    if isinstance(node, list):
        for part in node:
            yield from texts_in(part)
    elif isinstance(node, str):
        yield node


# --- boroughs in classes ------------------------------------------------------------------------


def test_with_fixed_greys_the_specification_stands_still_while_its_figures_change() -> None:
    """So the browser swaps the figures, and does not compile the map anew."""
    of_a_quarter = {"neutrals": (maps.NOT_RANKED,), "height": "stretch"}
    known = spec_of([row | {"class": "0–24%", "value": 0.1} for row in all_rows()], **of_a_quarter)
    unknown = spec_of(
        [row | {"class": maps.UNKNOWN, "value": None} for row in all_rows()], **of_a_quarter
    )
    assert known.pop("datasets") != unknown.pop("datasets")
    assert known == unknown
    fill = layer(known, "areas")["encoding"]["fill"]
    assert fill["legend"]["values"] == [*CLASSES, maps.NOT_RANKED]


def test_every_borough_is_in_the_specification_once_and_it_is_small_json() -> None:
    spec = spec_of(all_rows())
    written = json.dumps(spec, allow_nan=False)
    assert json.loads(written) == spec
    codes = [row["code"] for row in spec["datasets"]["figures"]]
    assert sorted(codes) == sorted(geography.adjoining())
    assert len(codes) == 33
    assert len(written) < 10_000


def test_geometry_comes_from_this_server_only() -> None:
    texts = list(texts_in(spec_of(all_rows(), selected=CROYDON)))
    urls = {text for text in texts if "//" in text or text.startswith("/")}
    # The schema names the language and is never fetched.
    assert urls == {
        "https://vega.github.io/schema/vega-lite/v6.json",
        "/geometry/boroughs.json",
        "/geometry/hatching.json",
    }


def test_unknown_is_hatched_grey_and_off_the_scale_of_colours() -> None:
    spec = spec_of(all_rows())
    scale = layer(spec, "areas")["encoding"]["fill"]["scale"]
    fills = dict(zip(scale["domain"], scale["range"], strict=True))
    assert list(fills) == [*CLASSES, maps.UNKNOWN]
    assert fills[maps.UNKNOWN] == palette.UNKNOWN_FILL
    assert fills[maps.UNKNOWN] not in {*palette.SEQUENTIAL, palette.BACKGROUND}
    hatching = layer(spec, "hatching")
    assert hatching["transform"][-1] == {"filter": {"field": "class", "equal": maps.UNKNOWN}}
    assert hatching["encoding"]["stroke"]["scale"]["range"] == [palette.UNKNOWN_HATCH]


def test_a_borough_without_a_row_counts_as_unknown() -> None:
    spec = spec_of([borough_row(HACKNEY, "Hackney")])
    fallback = {"calculate": "datum['class'] || 'unknown'", "as": "class"}
    assert fallback in layer(spec, "areas")["transform"]
    assert fallback in layer(spec, "hatching")["transform"]


def test_legend_names_classes_light_to_dark_and_the_greys_in_use() -> None:
    rows = [*all_rows()[:-1], borough_row("E09000033", "Westminster") | {"class": maps.NOT_RANKED}]
    fill = layer(spec_of(rows), "areas")["encoding"]["fill"]
    assert fill["legend"] == {"title": "Share met", "values": [*CLASSES, "not ranked"]}
    assert fill["scale"]["range"] == [
        palette.SEQUENTIAL[0],
        palette.SEQUENTIAL[1],
        palette.SEQUENTIAL[3],
        palette.SEQUENTIAL[4],
        palette.NOT_RANKED_FILL,
        palette.UNKNOWN_FILL,
    ]
    # Its own legend, as it is hatched, whether a borough is unknown or not.
    stroke = layer(spec_of(rows), "hatching")["encoding"]["stroke"]
    assert stroke["scale"]["domain"] == [maps.UNKNOWN]
    assert stroke["legend"]["symbolFillColor"] == palette.UNKNOWN_FILL


@pytest.mark.parametrize("count", [1, 2, 3, 4, 5])
def test_classes_never_share_a_colour(count: int) -> None:
    classes = [str(place) for place in range(count)]
    spec = choropleth_spec([], classes, title="Share met", height=430)
    fills = layer(spec, "areas")["encoding"]["fill"]["scale"]["range"]
    assert len(set(fills)) == count + 1


def test_tooltip_gives_borough_then_lines_in_their_order() -> None:
    spec = spec_of([borough_row(HACKNEY, "Hackney")])
    shown = layer(spec, "areas")["encoding"]["tooltip"]
    assert [line["title"] for line in shown] == ["title", "Share met", "n", "Unknown"]
    (datum,) = spec["datasets"]["figures"]
    assert [datum[line["field"]] for line in shown[1:]] == ["60%", "88", "12%"]


def test_only_the_selected_borough_is_outlined() -> None:
    outline = layer(spec_of(all_rows(), selected=CROYDON), "selected")
    assert outline["transform"][-1] == {"filter": {"field": "code", "equal": CROYDON}}
    assert outline["mark"]["strokeWidth"] == 3.5
    assert [one["name"] for one in spec_of(all_rows())["layer"]] == ["areas", "hatching"]


def test_overlays_leave_the_pointer_to_the_areas() -> None:
    spec = spec_of(all_rows(), selected=CROYDON)
    assert layer(spec, "hatching")["mark"]["interactive"] is False
    assert layer(spec, "selected")["mark"]["interactive"] is False
    names = [param["name"] for param in layer(spec, "areas")["params"]]
    assert names == ["borough", "hover"]


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([borough_row(HACKNEY, "Hackney")] * 2, "more than once"),
        ([borough_row(HACKNEY, "Hackney") | {"class": "most"}], r"classes of the map: \['most'\]"),
        ([borough_row(HACKNEY, "Hackney", value=None)], r"without a value: \['Hackney'\]"),
        (
            [borough_row(HACKNEY, "Hackney"), borough_row(CROYDON, "Croydon", tooltip={"n": "1"})],
            "differ in their labels",
        ),
    ],
)
def test_rows_that_would_mislead_are_refused(rows: list[Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        spec_of(rows)


def test_more_classes_than_colours_are_refused() -> None:
    with pytest.raises(ValueError, match="At most 5 classes"):
        choropleth_spec([], list("abcdef"), title="Share met", height=430)


# --- schools of one borough ---------------------------------------------------------------------


def school(urn: str, mark: str, **changed: Any) -> Any:
    point = {
        "urn": urn,
        "name": "Oak & Elm Primary School",
        "lon": -0.0987654,
        "lat": 51.3712345,
        "mark": mark,
        "tooltip": {"State": mark, "Phase": "primary"},
    }
    return point | changed


def four_schools() -> list[Any]:
    return [school(str(100_000 + place), state) for place, state in enumerate(palette.STATES)]


def deck_of(schools: list[Any], **changed: Any) -> dict[str, Any]:
    deck = school_deck(schools, **({"borough": CROYDON, "height": 430} | changed))
    decoded: dict[str, Any] = json.loads(deck.to_json())
    return decoded


def test_deck_asks_nobody_for_a_base_map() -> None:
    deck = deck_of(four_schools())
    assert deck.get("mapProvider") is None
    # pydeck's word for "none given", which Streamlit takes for "no base map". Were it missing from
    # the JSON, Streamlit would choose one of its own and ask Carto for tiles.
    assert deck["mapStyle"] == "__MAP_STYLE__"
    assert not [text for text in texts_in(deck) if "//" in text]


def test_marks_stand_on_their_areas_and_take_no_click() -> None:
    rows = [row | {"mark": "1"} if row["code"] == CROYDON else row for row in all_rows()]
    spec = spec_of(rows, marked=True)
    for name in ("halo", "marks"):
        assert layer(spec, name)["mark"]["interactive"] is False
        assert {"filter": "datum['mark']"} in layer(spec, name)["transform"]
    marked = {one["code"]: one["mark"] for one in spec["datasets"]["figures"]}
    assert {code for code, mark in marked.items() if mark} == {CROYDON}


def test_only_layers_of_schools_answer_to_the_pointer() -> None:
    deck = deck_of(four_schools(), selected="100001")
    pickable = {one["id"]: one["pickable"] for one in deck["layers"]}
    assert pickable == {
        "neighbours": False,
        "borough": False,
        "schools-not-applicable": True,
        "schools-met": True,
        "schools-unknown": True,
        "schools-gap": True,
        "selected-school": False,
    }


def test_each_school_is_drawn_once_in_the_layer_of_its_state() -> None:
    drawn = {
        one["id"]: [point["urn"] for point in one["data"]]
        for one in deck_of(four_schools())["layers"]
        if one["id"].startswith("schools-")
    }
    assert drawn == {
        "schools-met": ["100000"],
        "schools-gap": ["100001"],
        "schools-unknown": ["100002"],
        "schools-not-applicable": ["100003"],
    }


@pytest.mark.parametrize(
    ("marks", "ring"),
    [
        (STATE_MARKS, "unknown"),
        (SCORE_MARKS, SCORE_HIDDEN.replace(" ", "-")),
        (DSL_MARKS, DSL_NONE.replace(" ", "-")),
    ],
)
def test_marks_differ_in_more_than_colour(marks: Marks, ring: str) -> None:
    schools = [school(str(100_000 + place), name) for place, name in enumerate(marks)]
    decoded = json.loads(school_deck(schools, marks, borough=CROYDON, height=430).to_json())
    layers = [one for one in decoded["layers"] if one["id"].startswith("schools-")]
    forms = {
        (one["getRadius"], one["getLineWidth"], one["getFillColor"] == [255, 255, 255])
        for one in layers
    }
    assert len(forms) == len(layers) == len(marks)
    rings = [one["id"] for one in layers if one["getFillColor"] == [255, 255, 255]]
    assert rings == [f"schools-{ring}"]


def test_the_more_points_are_open_the_darker_and_larger_the_mark() -> None:
    drawn = [SCORE_MARKS[label] for label in SCORE_LABELS]
    assert [mark.colour for mark in drawn] == list(palette.SEQUENTIAL)
    sizes = [mark.radius for mark in drawn]
    assert sizes == sorted(sizes)
    assert list(SCORE_MARKS)[-1] == SCORE_LABELS[-1]  # on top


def test_dsl_training_that_ends_first_is_on_top() -> None:
    assert list(DSL_MARKS) == [DSL_NONE, DSL_LATER, *reversed(DSL_LABELS)]
    sizes = [mark.radius for mark in DSL_MARKS.values()]
    assert sizes == sorted(sizes)


def test_only_the_borough_is_sent_and_all_others_are_fetched_once() -> None:
    by_id = {one["id"]: one for one in deck_of(four_schools())["layers"]}
    assert by_id["borough"]["data"]["properties"]["code"] == CROYDON
    assert by_id["neighbours"]["data"] == BOUNDARIES_URL


def test_deck_is_compact() -> None:
    deck = school_deck(
        [school(str(100_000 + n), "met") for n in range(150)], borough=CROYDON, height=430
    )
    written = deck.to_json()
    assert "\n" not in written.replace("\\n", "")
    assert len(written.encode()) < 40_000


@pytest.mark.parametrize("code", sorted(geography.adjoining()))
def test_first_view_holds_the_whole_borough(code: str) -> None:
    view = deck_of([], borough=code)["initialViewState"]
    (polygon,) = [
        shape(feature["geometry"])
        for feature in geography.boundaries()["features"]
        if feature["properties"]["code"] == code
    ]
    west, south, east, north = polygon.bounds
    world = 512 * 2 ** view["zoom"]
    # Web Mercator by another formula than the one under test: y = asinh(tan(latitude)).
    middle, low, high = (asinh(tan(radians(y))) for y in (view["latitude"], south, north))
    reach = max(high - middle, middle - low) / (2 * pi) * world
    aside = max(east - view["longitude"], view["longitude"] - west) / 360 * world
    assert reach < 430 / 2
    assert aside < 400 / 2
    assert reach > 0.8 * 430 / 2 or aside > 0.8 * 400 / 2  # and not needlessly small


def test_an_unheard_of_borough_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        school_deck([], borough="E09000099", height=430)


def test_the_looked_at_school_is_ringed_where_it_lies() -> None:
    schools = [school("100000", "met", lon=-0.1, lat=51.4), school("100001", "gap")]
    (halo,) = [
        one
        for one in deck_of(schools, selected="100000")["layers"]
        if one["id"] == "selected-school"
    ]
    assert halo["data"] == [{"position": [-0.1, 51.4]}]
    assert halo["filled"] is False


def test_legend_counts_the_schools_of_all_four_states() -> None:
    legend = school_legend([school("1", "gap"), school("2", "gap"), school("3", "unknown")])
    for words in ("met (0)", "gap (2)", "unknown (1)", "not applicable (0)"):
        assert words in legend


def test_legend_of_scores_goes_from_most_points_open_to_hidden() -> None:
    legend = school_legend([school("1", "no gap"), school("2", SCORE_HIDDEN)], SCORE_MARKS)
    places = [legend.index(f"{label} (") for label in [*reversed(SCORE_LABELS), SCORE_HIDDEN]]
    assert places == sorted(places)
    assert "no gap (1)" in legend
    assert f"{SCORE_HIDDEN} (1)" in legend


# --- a click counts once ------------------------------------------------------------------------


def test_selections_are_read_as_the_browser_sends_them() -> None:
    assert maps.code_of({"borough": [{"code": CROYDON}]}) == CROYDON
    assert maps.code_of({"borough": {}}) is None
    assert maps.urn_of({"objects": {"schools-gap": [{"urn": "100001", "name": "x"}]}}) == "100001"
    assert maps.urn_of({"indices": {}, "objects": {}}) is None


def test_a_held_selection_is_told_once_and_then_the_key_changes() -> None:
    def page() -> None:
        import streamlit as st

        from gapmap.ui.maps import clicked_once

        def draw(key: str) -> str | None:
            st.text(key)
            # As Streamlit does, hold on to the click for as long as the key lives.
            return "E09000008" if key in st.session_state.get("clicked_keys", ()) else None

        st.text(str(clicked_once("map", draw)))

    app = AppTest.from_function(page).run()
    assert [text.value for text in app.text] == ["map_0", "None"]
    app.session_state["clicked_keys"] = ["map_0"]
    app.run()
    assert [text.value for text in app.text] == ["map_0", "E09000008"]
    app.run()
    assert [text.value for text in app.text] == ["map_1", "None"]
    app.session_state["clicked_keys"] = ["map_0", "map_1"]
    app.run()
    assert [text.value for text in app.text] == ["map_1", "E09000008"]


def test_both_maps_run_as_part_of_a_page() -> None:
    def page() -> None:
        import streamlit as st

        from gapmap.ui import maps

        row = {"code": "E09000012", "name": "Hackney", "value": 0.6, "class": "high", "tooltip": {}}
        st.text(str(maps.choropleth([row], ["high"], title="Share", key="london", alt="London")))
        st.text(str(maps.school_map([], borough="E09000012", key="schools", alt="Hackney")))

    app = AppTest.from_function(page).run()
    assert not app.exception
    assert [text.value for text in app.text] == ["None", "None"]
