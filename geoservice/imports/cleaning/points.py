"""Positions in the coordinates that French files use, made into degrees of WGS 84."""

import math
import re
from collections.abc import Callable
from functools import cache

from geoservice.geo import LonLat
from geoservice.imports.cleaning import Cleaned, Refused

LAMBERT_93 = "EPSG:2154"
NAMES = {
    "wgs-84": "EPSG:4326",
    "wgs84": "EPSG:4326",
    "lambert-93": LAMBERT_93,
    "lambert93": LAMBERT_93,
}
DIGITS = 6
"""A tenth of a metre."""


def read_point(lon: str, lat: str, crs: str | None) -> Cleaned[LonLat]:
    """Where the two written numbers are on Earth.

    With no `crs`, values far beyond degrees are read as Lambert-93 metres. Raises Refused for what
    is no position, and for 0, 0, by which files say that it is unknown.
    """
    x, y = _number(lon), _number(lat)
    if x == 0 and y == 0:
        raise Refused("position 0, 0 : inconnue")
    code = NAMES.get(crs.lower().replace(" ", "-"), crs.upper()) if crs else None
    if code is None:
        code = LAMBERT_93 if _looks_like_lambert_93(x, y) else "EPSG:4326"
    if code == "EPSG:4326" and not _looks_like_lambert_93(y, x):
        return Cleaned(_on_earth(x, y))
    operations = ["converti de Lambert-93" if code == LAMBERT_93 else f"converti de {code}"]
    if crs is None and _looks_like_lambert_93(y, x):
        code, x, y = LAMBERT_93, y, x
        operations = ["X et Y échangés", "converti de Lambert-93"]
    converted = _on_earth(*_to_degrees(code)(x, y))
    return Cleaned(converted, tuple(operations))


def _number(text: str) -> float:
    try:
        number = float(re.sub(r"\s", "", text).replace(",", ".").rstrip("°"))
    except ValueError:
        raise Refused("n’est pas une paire de coordonnées") from None
    if not math.isfinite(number):
        raise Refused("n’est pas une paire de coordonnées")
    return number


def _looks_like_lambert_93(x: float, y: float) -> bool:
    return 0 <= x <= 1_300_000 and 6_000_000 <= y <= 7_200_000


def _on_earth(lon: float, lat: float) -> LonLat:
    try:
        return LonLat.checked(round(lon, DIGITS), round(lat, DIGITS))
    except ValueError:
        raise Refused("hors de la Terre") from None


@cache
def _to_degrees(code: str) -> Callable[[float, float], tuple[float, float]]:
    from pyproj import Transformer  # half a second that most imports do not need
    from pyproj.exceptions import CRSError

    try:
        return Transformer.from_crs(code, "EPSG:4326", always_xy=True).transform
    except CRSError:
        raise Refused(f"système de coordonnées inconnu : {code}") from None
