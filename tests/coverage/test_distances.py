"""As the crow flies: laws of the distance to the nearest."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Geod

from geoservice.coverage.distances import nearest_m
from geoservice.geo import LonLat

points = st.builds(LonLat, st.floats(-180, 180), st.floats(-90, 90))


@given(points, st.lists(points, min_size=1, max_size=5))
def test_the_nearest_is_as_far_as_pyproj_says(point: LonLat, others: list[LonLat]) -> None:
    exact = min(Geod(ellps="sphere").inv(*point, *other)[2] for other in others)

    assert nearest_m([point], others)[0] == pytest.approx(exact, rel=1e-3, abs=1)


def test_metz_is_forty_eight_kilometres_from_nancy() -> None:
    metz, nancy = LonLat(6.1757, 49.1193), LonLat(6.1844, 48.6921)

    assert nearest_m([metz], [nancy])[0] == pytest.approx(47_500, rel=0.01)


def test_without_places_everybody_is_infinitely_far() -> None:
    assert nearest_m([LonLat(2, 48)], []).tolist() == [math.inf]


def test_a_territory_without_communes_has_no_distance() -> None:
    assert nearest_m([], [LonLat(2, 48)]).tolist() == []
