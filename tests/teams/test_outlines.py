"""Outlines as people paste them: one valid surface, or a sentence that says what to do."""

import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geoservice.teams.outlines import POINTS_MAX, WrongOutline, read_geojson

SQUARE: list[list[list[float]]] = [[[6, 44], [7, 44], [7, 45], [6, 45], [6, 44]]]
POLYGON: dict[str, Any] = {"type": "Polygon", "coordinates": SQUARE}


@pytest.mark.parametrize(
    "told",
    [
        POLYGON,
        {"type": "MultiPolygon", "coordinates": [SQUARE]},
        {"type": "Feature", "geometry": POLYGON, "properties": {}},
        {"type": "FeatureCollection", "features": [{"type": "Feature", "geometry": POLYGON}]},
        {"type": "GeometryCollection", "geometries": [POLYGON, {"type": "Point"}]},
    ],
    ids=lambda told: told["type"],
)
def test_every_way_to_write_a_surface_is_read(told: Any) -> None:
    assert read_geojson(json.dumps(told)).area == pytest.approx(1)


def test_two_squares_that_overlap_count_once() -> None:
    shifted = [[[x + 0.5, y] for x, y in SQUARE[0]]]
    told = {"type": "MultiPolygon", "coordinates": [SQUARE, shifted]}

    assert read_geojson(json.dumps(told)).area == pytest.approx(1.5)


def test_a_bow_tie_becomes_a_valid_surface() -> None:
    bow: list[list[list[float]]] = [[[6, 44], [7, 45], [7, 44], [6, 45], [6, 44]]]

    found = read_geojson(json.dumps({"type": "Polygon", "coordinates": bow}))

    assert found.is_valid
    assert found.area > 0


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("pas du json", "n’est pas du GeoJSON"),
        ("[]", "ne contient pas de surface"),
        ('{"type": "Point", "coordinates": [6, 44]}', "ne contient pas de surface"),
        ('{"type": "Polygon", "coordinates": [[[6, 44], [7, 45]]]}', "mal formé"),
        ('{"type": "Polygon", "coordinates": [[["a", 44], [7, 45], [7, 46], [6, 44]]]}', "mal formé"),
        ('{"type": "Polygon", "coordinates": [[[6,44],[7,45],[8,46],[6,44]]]}', "pas de surface"),
        (
            '{"type": "Polygon", "coordinates": [[[940000, 6300000], [941000, 6300000],'
            " [941000, 6301000], [940000, 6300000]]]}",
            "WGS 84",
        ),
        ('{"type": "Feature", "geometry": null}', "ne contient pas de surface"),
    ],
)  # fmt: skip
def test_what_is_not_a_surface_is_refused_with_what_to_do(text: str, words: str) -> None:
    with pytest.raises(WrongOutline, match=words):
        read_geojson(text)


def test_too_many_points_are_refused() -> None:
    ring = [[6 + i / 1e5, 44 + (i % 2) / 10] for i in range(POINTS_MAX)]
    told = {"type": "Polygon", "coordinates": [[*ring, ring[0]]]}

    with pytest.raises(WrongOutline, match="Simplifiez"):
        read_geojson(json.dumps(told))


@given(st.text() | st.recursive(
    st.none() | st.floats() | st.text() | st.sampled_from(["Polygon", "Feature"]),
    lambda inner: st.lists(inner, max_size=5)
    | st.dictionaries(st.sampled_from(["type", "coordinates", "geometry", "features"]), inner),
).map(json.dumps))  # fmt: skip
def test_no_text_is_a_bug(text: str) -> None:
    with suppress(WrongOutline):
        assert read_geojson(text).is_valid
