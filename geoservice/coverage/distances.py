"""As the crow flies, from each of many points to the nearest of many others."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from geoservice.geo import LonLat

EARTH_RADIUS_M = 6_371_008.8
BLOCK = 256
"""Points of one neighbourhood, looked at together."""

Floats = npt.NDArray[np.float64]


def nearest_m(points: Sequence[LonLat], others: Sequence[LonLat]) -> Floats:
    """Metres on a sphere, 0.5 % at most from the ellipsoid; infinite when there are no others.

    Whatever the filters, the cost is the same, where an index of PostGIS must be walked past all
    the places that a filter leaves out.
    """
    if not others:
        return np.full(len(points), np.inf)
    targets = _on_sphere(others)
    from_points = _on_sphere(points)
    nearest = np.empty(len(points))  # as cosines: only the largest becomes an angle
    for block in _neighbourhoods(points):
        here = from_points[block]
        nearest[block] = (here @ _worth_a_look(here, targets).T).max(axis=1)
    return EARTH_RADIUS_M * _angle(nearest)


def _neighbourhoods(points: Sequence[LonLat]) -> list[npt.NDArray[np.intp]]:
    """Indices of points that lie near one another: strips of a degree, each from south to north."""
    lon, lat = np.array(points, dtype=np.float64).reshape(-1, 2).T
    order = np.lexsort((lat, np.floor(lon)))
    return [order[start : start + BLOCK] for start in range(0, len(order), BLOCK)]


def _worth_a_look(here: Floats, targets: Floats) -> Floats:
    """The targets that may be the nearest of some point: one beyond `reach` of the middle cannot."""
    middle = here.mean(axis=0, keepdims=True)
    middle /= np.linalg.norm(middle) or 1
    spread = _angle(here @ middle.T).max()
    away = _angle(middle @ targets.T)[0]
    reach = away.min() + 2 * spread + 1e-7
    return targets[away <= reach]


def _angle(cosine: Floats) -> Floats:
    """In radians."""
    return np.arccos(np.clip(cosine, -1, 1))


def _on_sphere(points: Sequence[LonLat]) -> Floats:
    """One row per point, of length 1, from the centre of the Earth."""
    lon, lat = np.radians(np.array(points, dtype=np.float64).reshape(-1, 2)).T
    return np.stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)], axis=1)
