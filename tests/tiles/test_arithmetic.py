"""Laws of tiles: every point has one, tiles nest, and ranges of Morton numbers are tiles."""

import itertools
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tiles.arithmetic import (
    MAX_LATITUDE,
    MAX_ZOOM,
    Tile,
    bounds,
    cell_range,
    key_range,
    morton,
    tile_of,
    x31_of,
    y31_of,
)

longitudes = st.floats(-180, 180)
latitudes = st.floats(-90, 90)
mercator_latitudes = st.floats(-MAX_LATITUDE, MAX_LATITUDE)
zooms = st.integers(0, MAX_ZOOM)
coordinates = st.integers(0, 2**31 - 1)


@st.composite
def tiles(draw: st.DrawFn) -> Tile:
    z = draw(zooms)
    side = st.integers(0, 2**z - 1)
    return Tile(z, draw(side), draw(side))


@given(longitudes, mercator_latitudes, zooms)
def test_a_point_lies_inside_its_tile(lon: float, lat: float, z: int) -> None:
    box = bounds(tile_of(lon, lat, z))

    rounding = 1e-9
    assert box.west - rounding <= lon <= box.east + rounding
    assert box.south - rounding <= lat <= box.north + rounding


@given(longitudes, latitudes, zooms)
def test_every_point_on_earth_has_a_tile(lon: float, lat: float, z: int) -> None:
    assert Tile.checked(*tile_of(lon, lat, z))


@given(tiles())
def test_the_middle_of_a_tile_is_in_that_tile(tile: Tile) -> None:
    box = bounds(tile)

    assert tile_of((box.west + box.east) / 2, (box.south + box.north) / 2, tile.z) == tile


@given(longitudes, latitudes, st.integers(1, MAX_ZOOM))
def test_the_tile_of_a_point_is_a_child_of_its_tile_one_zoom_above(
    lon: float, lat: float, z: int
) -> None:
    tile = tile_of(lon, lat, z)

    assert tile.parent() == tile_of(lon, lat, z - 1)
    assert tile in tile.parent().children()


@given(tiles().filter(lambda tile: tile.z < MAX_ZOOM))
def test_the_children_of_a_tile_share_its_range_out_in_order(tile: Tile) -> None:
    ranges = [key_range(child) for child in tile.children()]

    assert ranges[0][0] == key_range(tile)[0]
    assert ranges[3][1] == key_range(tile)[1]
    assert all(before[1] + 1 == after[0] for before, after in itertools.pairwise(ranges))


@given(longitudes, latitudes, tiles())
def test_a_point_is_in_a_tile_exactly_when_its_number_is_in_the_range(
    lon: float, lat: float, tile: Tile
) -> None:
    first, last = key_range(tile)

    inside = first <= morton(x31_of(lon), y31_of(lat)) <= last

    assert inside == (tile_of(lon, lat, tile.z) == tile)


@given(coordinates, coordinates)
def test_a_morton_number_gives_its_coordinates_back(x: int, y: int) -> None:
    number = morton(x, y)

    assert sum((number >> 2 * bit & 1) << bit for bit in range(31)) == x
    assert sum((number >> 2 * bit + 1 & 1) << bit for bit in range(31)) == y


@given(tiles())
def test_the_cells_of_a_tile_are_the_tiles_four_zooms_deeper(tile: Tile) -> None:
    first, last = cell_range(tile)

    assert (first, last - first) == (morton(tile.x << 4, tile.y << 4), 255)


@pytest.mark.parametrize(
    ("z", "x", "y"), [(0, 1, 0), (3, 8, 0), (3, 0, 8), (-1, 0, 0), (MAX_ZOOM + 1, 0, 0), (2, -1, 0)]
)
def test_an_impossible_tile_is_refused(z: int, x: int, y: int) -> None:
    with pytest.raises(ValueError, match=f"{z}/{x}/{y}"):
        Tile.checked(z, x, y)


@pytest.mark.parametrize(("lon", "lat"), [(math.nan, 0), (0, math.inf)])
def test_a_point_that_is_not_a_number_has_no_tile(lon: float, lat: float) -> None:
    with pytest.raises(ValueError, match=r"nan|inf"):
        tile_of(lon, lat, 4)


def test_annecy_is_where_other_maps_have_it() -> None:
    assert tile_of(6.1294, 45.8992, 12) == Tile(12, 2117, 1458)
