"""A MapLibre style that asks no other host: land, borders, names, clusters and places.

Without `glyphs`, MapLibre (5.11 and later) draws letters with the fonts of the page; circles need
no sprite.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from tiles.layers import (
    CLUSTERS_UNTIL,
    NAMES,
    OUTLINED_FROM,
    PLACES,
    PLACES_MAX_ZOOM,
    TERRITORIES,
    TERRITORIES_MAX_ZOOM,
    TERRITORIES_MIN_ZOOM,
)

FONT = ["system-ui", "sans-serif"]


@dataclass(frozen=True)
class Palette:
    sea: str
    land: str
    border: str
    ink: str
    """Of names on land, with `land` as a halo: contrast 7:1 or more."""
    cluster: str
    on_cluster: str
    """Of counts on `cluster`: contrast 4.5:1 or more."""
    halo: str
    """Around points, against land and sea: contrast 3:1 or more with `kinds`."""
    kinds: Sequence[str]
    """Of the nine families of places, in their order."""


LIGHT = Palette(
    sea="#dbe7ee",
    land="#f7f6f2",
    border="#8a8f98",
    ink="#2b2f36",
    cluster="#1f3f8f",
    on_cluster="#ffffff",
    halo="#ffffff",
    kinds=(
        "#8a3ffc", "#0f62fe", "#007d79", "#6f4e37", "#b0640a",
        "#b5179e", "#1b7f3b", "#c1121f", "#4d5358",
    ),
)  # fmt: skip
DARK = Palette(
    sea="#10161d",
    land="#1d242d",
    border="#6f7b88",
    ink="#e8ebef",
    cluster="#a9c1ff",
    on_cluster="#0d1526",
    halo="#0d1117",
    kinds=(
        "#be95ff", "#78a9ff", "#3ddbd9", "#d2b48c", "#ffb65c",
        "#ff8fe0", "#6fdc8c", "#ff8389", "#c1c7cd",
    ),
)  # fmt: skip


def style(
    places: str, territories: str, attribution: str, palette: Palette = LIGHT
) -> dict[str, Any]:
    """`places` and `territories` are absolute tile addresses with {z}, {x} and {y}.

    Layers of the background start with «fond-», so that a page may replace them by a basemap.
    Source: https://maplibre.org/maplibre-style-spec/
    """
    return {
        "version": 8,
        "name": "Médiation numérique",
        "center": [2.5, 46.6],
        "zoom": 5,
        "sources": {
            TERRITORIES: {
                "type": "vector",
                "tiles": [territories],
                "minzoom": TERRITORIES_MIN_ZOOM,
                "maxzoom": TERRITORIES_MAX_ZOOM,
                "attribution": "Contours : IGN, Insee",
            },
            PLACES: {
                "type": "vector",
                "tiles": [places],
                "maxzoom": PLACES_MAX_ZOOM,
                "attribution": attribution,
            },
        },
        "layers": [*_background(palette), *_places(palette)],
    }


def _background(palette: Palette) -> list[dict[str, Any]]:
    widths = {"region": 1.6, "departement": 1.0, "epci": 0.7, "commune": 0.4}
    borders: list[dict[str, Any]] = [
        {
            "id": f"fond-{type_}",
            "type": "line",
            "source": TERRITORIES,
            "source-layer": TERRITORIES,
            "minzoom": OUTLINED_FROM[type_],
            "filter": ["==", ["get", "type"], type_],
            "paint": {"line-color": palette.border, "line-width": width, "line-opacity": 0.7},
        }
        for type_, width in reversed(widths.items())
    ]
    return [
        {
            "id": "fond-mer",
            "type": "background",
            "paint": {"background-color": palette.sea},
        },
        {
            "id": "fond-terre",
            "type": "fill",
            "source": TERRITORIES,
            "source-layer": TERRITORIES,
            "filter": ["==", ["get", "type"], "region"],
            "paint": {"fill-color": palette.land, "fill-antialias": False},
        },
        *borders,
        {
            "id": "fond-noms",
            "type": "symbol",
            "source": TERRITORIES,
            "source-layer": NAMES,
            "layout": {
                "text-field": ["get", "nom"],
                "text-font": FONT,
                "text-size": ["interpolate", ["linear"], ["get", "population"], 0, 12, 200_000, 16],
                "symbol-sort-key": ["-", ["get", "population"]],
            },
            "paint": {
                "text-color": palette.ink,
                "text-halo-color": palette.land,
                "text-halo-width": 1.5,
            },
        },
    ]


def _places(palette: Palette) -> list[dict[str, Any]]:
    source = {"source": PLACES, "source-layer": PLACES}
    by_kind: list[Any] = ["match", ["get", "famille"]]
    for number, colour in enumerate(palette.kinds, start=1):
        by_kind += [number, colour]
    by_kind.append(palette.kinds[-1])
    return [
        {
            "id": "lieux-groupes",
            "type": "circle",
            **source,
            "maxzoom": CLUSTERS_UNTIL + 1,
            "filter": ["has", "nombre"],
            "paint": {
                "circle-color": palette.cluster,
                "circle-radius": [
                    "interpolate", ["linear"], ["sqrt", ["get", "nombre"]], 1, 18, 10, 20, 100, 29,
                ],
                "circle-stroke-color": palette.halo,
                "circle-stroke-width": 1.5,
            },
        },
        {
            "id": "lieux-points",
            "type": "circle",
            **source,
            "filter": ["!", ["has", "nombre"]],
            "paint": {
                "circle-color": by_kind,
                "circle-radius": ["interpolate", ["linear"], ["zoom"], 5, 4, 12, 6, 16, 9],
                "circle-stroke-color": palette.halo,
                "circle-stroke-width": 1.5,
            },
        },
        {
            "id": "lieux-nombres",
            "type": "symbol",
            **source,
            "maxzoom": CLUSTERS_UNTIL + 1,
            "filter": ["has", "nombre"],
            "layout": {
                # with its unit: a number alone is the rank of a place in the list
                "text-field": [
                    "concat", ["number-format", ["get", "nombre"], {"locale": "fr"}],
                    ["case", ["==", ["get", "nombre"], 1], "\nlieu", "\nlieux"],
                ],
                "text-font": FONT,
                "text-size": 11,
                "text-line-height": 1.05,
                "text-allow-overlap": True,
            },
            "paint": {"text-color": palette.on_cluster},
        },
        {
            "id": "lieux-noms",
            "type": "symbol",
            **source,
            "minzoom": CLUSTERS_UNTIL + 1,
            "layout": {
                "text-field": ["get", "nom"],
                "text-font": FONT,
                "text-size": 13,
                "text-anchor": "top",
                "text-offset": [0, 0.8],
                "text-max-width": 12,
                "text-optional": True,
            },
            "paint": {
                "text-color": palette.ink,
                "text-halo-color": palette.land,
                "text-halo-width": 1.5,
            },
        },
    ]  # fmt: skip
