"""An outline that somebody drew or pasted, as one valid multipolygon."""

import math
from collections.abc import Iterator
from typing import Any

import orjson
from shapely import MultiPolygon, Polygon, make_valid
from shapely.errors import ShapelyError
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

POINTS_MAX = 5_000
DEPTH_MAX = 5


class WrongOutline(ValueError):
    """Why, in French, with what to do."""


def read_geojson(text: str) -> MultiPolygon:
    """The surfaces of a GeoJSON (RFC 7946), together. Raises WrongOutline."""
    try:
        told = orjson.loads(text)
    except orjson.JSONDecodeError:
        raise WrongOutline(
            "Ce texte n’est pas du GeoJSON. Il commence par { et finit par } : copiez tout le fichier."
        ) from None
    polygons = [part for one in _geometries(told, DEPTH_MAX) for part in _surfaces(_shape(one))]
    if not polygons:
        raise WrongOutline(
            "Ce GeoJSON ne contient pas de surface. Dessinez un polygone : un point ou une ligne "
            "ne suffit pas."
        )
    if sum(_points(one) for one in polygons) > POINTS_MAX:
        raise WrongOutline(
            f"Ce contour a plus de {POINTS_MAX} points. Simplifiez-le, par exemple avec "
            "mapshaper, ou donnez la liste des communes."
        )
    for one in polygons:
        _check_degrees(one)
    joined = make_valid(MultiPolygon(polygons).buffer(0))
    surfaces = list(_surfaces(joined))
    if not surfaces:
        raise WrongOutline(
            "Ce contour n’a pas de surface : il faut trois points qui ne soient pas alignés."
        )
    return MultiPolygon(surfaces)


def _geometries(told: Any, depth: int) -> Iterator[dict[str, Any]]:
    if not isinstance(told, dict) or depth == 0:
        return
    kind: Any = told.get("type")  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
    if kind == "FeatureCollection":
        inside: Any = told.get("features")  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
    elif kind == "Feature":
        inside = [told.get("geometry")]  # pyright: ignore[reportUnknownMemberType]
    elif kind == "GeometryCollection":
        inside = told.get("geometries")  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
    elif kind in ("Polygon", "MultiPolygon"):
        yield told  # pyright: ignore[reportUnknownVariableType]
        return
    else:
        return
    for one in inside if isinstance(inside, list) else []:  # pyright: ignore[reportUnknownVariableType]
        yield from _geometries(one, depth - 1)


def _shape(told: dict[str, Any]) -> BaseGeometry:
    try:
        return shape(told)
    except (ShapelyError, ValueError, TypeError, KeyError, IndexError, AttributeError):
        raise WrongOutline(
            "Un contour de ce GeoJSON est mal formé : chaque point s’écrit [longitude, latitude]."
        ) from None


def _surfaces(found: BaseGeometry) -> Iterator[Polygon]:
    if isinstance(found, Polygon):
        if not found.is_empty:
            yield found
        return
    for part in getattr(found, "geoms", ()):
        yield from _surfaces(part)


def _points(one: Polygon) -> int:
    return len(one.exterior.coords) + sum(len(ring.coords) for ring in one.interiors)


def _check_degrees(one: Polygon) -> None:
    west, south, east, north = one.bounds
    if not all(math.isfinite(value) for value in one.bounds):
        raise WrongOutline("Un point de ce contour n’est pas un nombre.")
    if west < -180 or east > 180 or south < -90 or north > 90:
        raise WrongOutline(
            "Ces coordonnées ne sont pas en degrés. Enregistrez le fichier en WGS 84 (EPSG:4326), "
            "longitude puis latitude."
        )
