"""Positions and boxes on Earth: degrees, WGS 84, longitude first."""

from typing import NamedTuple, Self

MAX_LATITUDE_IN_MERCATOR = 85.051129


class LonLat(NamedTuple):
    lon: float
    lat: float

    @classmethod
    def checked(cls, lon: float, lat: float) -> Self:
        """Raises ValueError when the coordinates are not on Earth."""
        if not (-180 <= lon <= 180 and -90 <= lat <= 90):
            raise ValueError(f"{lon}, {lat}")
        return cls(lon, lat)


class Box(NamedTuple):
    west: float
    south: float
    east: float
    north: float

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read «west,south,east,north»; raises ValueError when it is not a box on Earth."""
        west, south, east, north = (float(part) for part in text.split(","))
        LonLat.checked(west, south)
        LonLat.checked(east, north)
        if west >= east or south >= north:
            raise ValueError(text)
        return cls(west, south, east, north)
