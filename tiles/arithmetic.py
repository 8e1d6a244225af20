"""Tiles of Web Mercator and the Morton numbers that they are ranges of.

A position is a square of a grid of 2³¹ squares a side: x31 from the west, y31 from the north. The
Morton number of (x, y) has the bits of x on even ranks and those of y on odd ones, so that the
places of a tile are one range of it, and a coarser grid is a shift. The database computes the same
numbers in `mercator_x31`, `mercator_y31` and `morton`.
"""

import math
from typing import NamedTuple, Self

MAX_ZOOM = 24
"""Deeper than any map goes."""
MAX_LATITUDE = 85.0511287798066
"""Degrees: where the square of Web Mercator ends."""
GRID_BITS = 31
CELL_BITS = 4
"""A tile is clustered in a grid of 2⁴ = 16 cells a side."""

_SPREAD = tuple(sum((value >> bit & 1) << 2 * bit for bit in range(11)) for value in range(1 << 11))
"""The bits of a number of 11 bits, put on even ranks."""


class Bounds(NamedTuple):
    west: float
    south: float
    east: float
    north: float


class Tile(NamedTuple):
    z: int
    x: int
    y: int
    """Counted from the north."""

    @classmethod
    def checked(cls, z: int, x: int, y: int) -> Self:
        """Raises ValueError when there is no such tile."""
        if not (0 <= z <= MAX_ZOOM and 0 <= x < 1 << z and 0 <= y < 1 << z):
            raise ValueError(f"{z}/{x}/{y}")
        return cls(z, x, y)

    def parent(self) -> "Tile":
        """Raises ValueError for the tile of zoom 0, which has none."""
        return Tile.checked(self.z - 1, self.x >> 1, self.y >> 1)

    def children(self) -> "tuple[Tile, Tile, Tile, Tile]":
        """In Morton order: north-west, north-east, south-west, south-east."""
        z, x, y = self.z + 1, self.x << 1, self.y << 1
        return Tile(z, x, y), Tile(z, x + 1, y), Tile(z, x, y + 1), Tile(z, x + 1, y + 1)


def x31_of(lon: float) -> int:
    """`lon` in degrees; what is beyond the edge falls in the last square."""
    return min((1 << GRID_BITS) - 1, max(0, math.floor((lon + 180) / 360 * (1 << GRID_BITS))))


def y31_of(lat: float) -> int:
    """`lat` in degrees; what is beyond MAX_LATITUDE falls in the first or last square."""
    lat = min(MAX_LATITUDE, max(-MAX_LATITUDE, lat))
    mercator = math.asinh(math.tan(math.radians(lat))) / math.pi
    return min((1 << GRID_BITS) - 1, max(0, math.floor((1 - mercator) / 2 * (1 << GRID_BITS))))


def tile_of(lon: float, lat: float, z: int) -> Tile:
    """Return the tile of zoom `z` that holds a point: degrees, WGS 84, longitude first.

    Every point on Earth has one: beyond MAX_LATITUDE it is in the edge rows, and longitude 180 is
    in the last column. Raises ValueError if `z` is not in 0..MAX_ZOOM or a coordinate not finite.
    Source: OGC 17-083r4, WebMercatorQuad.
    """
    if not (math.isfinite(lon) and math.isfinite(lat)):
        raise ValueError(f"{lon}, {lat}")
    shift = GRID_BITS - z
    return Tile.checked(z, x31_of(lon) >> shift, y31_of(lat) >> shift)


def bounds(tile: Tile) -> Bounds:
    """Degrees, WGS 84."""
    side = 1 << tile.z

    def latitude(row: int) -> float:
        return math.degrees(math.atan(math.sinh(math.pi * (1 - 2 * row / side))))

    return Bounds(
        tile.x / side * 360 - 180,
        latitude(tile.y + 1),
        (tile.x + 1) / side * 360 - 180,
        latitude(tile.y),
    )


def morton(x: int, y: int) -> int:
    """Interleave two numbers of at most 31 bits."""
    return _spread(x) | _spread(y) << 1


def _spread(value: int) -> int:
    return _SPREAD[value & 0x7FF] | _SPREAD[value >> 11 & 0x7FF] << 22 | _SPREAD[value >> 22] << 44


def key_range(tile: Tile) -> tuple[int, int]:
    """The first and the last Morton number of the positions inside a tile, both included."""
    shift = 2 * (GRID_BITS - tile.z)
    first = morton(tile.x, tile.y) << shift
    return first, first + (1 << shift) - 1


def cell_range(tile: Tile) -> tuple[int, int]:
    """The first and the last of the 256 cells of a tile, both included."""
    first = morton(tile.x, tile.y) << 2 * CELL_BITS
    return first, first + (1 << 2 * CELL_BITS) - 1
