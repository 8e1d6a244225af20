"""TileJSON and the style say what tiles hold, and name no other host."""

import itertools
import json
import re

import pytest

from tiles.layers import (
    NAMES_LAYER,
    PLACES_LAYER,
    TERRITORIES_LAYER,
    outline_detail,
    outlined,
    population_named,
    shaded,
)
from tiles.style import DARK, LIGHT, Palette, style
from tiles.tilejson import tilejson

ADDRESS = "https://carte.example/tuiles/lieux/{z}/{x}/{y}.mvt?v=1"
PALETTES = pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])


def test_tilejson_covers_the_zooms_of_all_its_layers() -> None:
    described = tilejson("Territoires", ADDRESS, [TERRITORIES_LAYER, NAMES_LAYER], "IGN")

    assert (described["minzoom"], described["maxzoom"]) == (3, 12)
    assert [layer["id"] for layer in described["vector_layers"]] == ["territoires", "noms"]


@PALETTES
def test_the_style_asks_no_host_but_the_one_of_its_tiles(palette: Palette) -> None:
    written = json.dumps(style(ADDRESS, ADDRESS, "Sources", palette))

    assert set(re.findall(r"https?://([^/\"]+)", written)) == {"carte.example"}
    assert '"glyphs"' not in written
    assert '"sprite"' not in written


def test_every_layer_of_the_style_reads_a_layer_that_the_tiles_have() -> None:
    drawn = style(ADDRESS, ADDRESS, "Sources")
    has = {
        ("lieux", PLACES_LAYER.name),
        ("territoires", TERRITORIES_LAYER.name),
        ("territoires", NAMES_LAYER.name),
    }

    read = {(layer.get("source"), layer.get("source-layer")) for layer in drawn["layers"][1:]}

    assert read == has


def luminance(colour: str) -> float:
    """Relative, as WCAG 2 defines it."""
    channels = [int(colour[rank : rank + 2], 16) / 255 for rank in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@PALETTES
def test_points_stand_out_on_land_and_on_sea(palette: Palette) -> None:
    for colour, ground in itertools.product(
        [*palette.kinds, palette.cluster], [palette.land, palette.sea]
    ):
        assert contrast(colour, ground) >= 3, (colour, ground)


@PALETTES
def test_what_is_written_on_the_map_can_be_read(palette: Palette) -> None:
    assert contrast(palette.ink, palette.land) >= 7
    assert contrast(palette.on_cluster, palette.cluster) >= 4.5


def test_there_is_a_colour_for_each_family() -> None:
    assert len(LIGHT.kinds) == len(DARK.kinds) == 9


def test_names_show_from_the_largest_communes_to_the_smallest() -> None:
    thresholds = [population_named(z) for z in range(13)]

    assert thresholds[:5] == [None] * 5
    assert thresholds[5] == 150_000
    assert thresholds[11] == thresholds[12] == 0


def test_a_far_view_outlines_regions_and_a_near_one_communes_too() -> None:
    assert outlined(3) == ["region"]
    assert outlined(9) == ["region", "departement", "epci", "commune"]
    assert [outline_detail(z) for z in (5, 6, 8)] == [0, 1, 2]


@pytest.mark.parametrize(
    ("z", "communes", "type_"),
    [(4, 35_000, "departement"), (6, 35_000, "epci"), (8, 35_000, "commune"), (4, 250, "commune")],
)
def test_a_choropleth_shows_communes_where_they_are_few_enough(
    z: int, communes: int, type_: str
) -> None:
    assert shaded(z, communes) == type_
