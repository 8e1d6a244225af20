"""The drawn map: frames, pins that do not hide each other, names that do not collide."""

import itertools
import math

from hypothesis import given
from hypothesis import strategies as st

from geoservice.geo import LonLat
from geoservice.web.svg import HEIGHT, PIN_APART, WIDTH, Area, Frame, degrees, draw, mercator

points = st.builds(LonLat, st.floats(-179, 179), st.floats(-80, 80))
near_gueret = st.builds(LonLat, st.floats(1.8, 1.95), st.floats(46.1, 46.25))


@given(points)
def test_the_plane_gives_back_the_point(point: LonLat) -> None:
    back = degrees(*mercator(point))

    assert math.isclose(back.lon, point.lon, abs_tol=1e-9)
    assert math.isclose(back.lat, point.lat, abs_tol=1e-9)


@given(st.lists(points, min_size=1, max_size=20))
def test_every_place_is_in_its_frame(places: list[LonLat]) -> None:
    frame = Frame.around(places, 6_000)

    for point in places:
        x, y = frame.place(point)
        assert 0 <= x <= WIDTH
        assert 0 <= y <= HEIGHT


@given(near_gueret, st.floats(-1e-5, 1e-5))
def test_neighbouring_questions_share_their_drawing(point: LonLat, step: float) -> None:
    widths = {
        Frame.around([place], 9_000).unit for place in (point, LonLat(point.lon + step, point.lat))
    }

    assert len(widths) == 1


@given(st.lists(near_gueret, min_size=20, max_size=20))
def test_twenty_numbers_can_all_be_read(places: list[LonLat]) -> None:
    drawing = draw(Frame.around(places, 30_000), [], enumerate(places, start=1))

    assert sorted(pin.number for pin in drawing.pins) == list(range(1, 21))
    for one, other in itertools.combinations(drawing.pins, 2):
        assert math.hypot(one.x - other.x, one.y - other.y) >= PIN_APART


def test_the_largest_towns_are_named_first_and_never_twice_in_one_spot() -> None:
    here = LonLat(1.9, 46.2)
    frame = Frame.around([here], 30_000)
    areas = [Area("Petite", "M0 0", 100, here), Area("Grande", "M0 0", 9_000, here)]

    drawing = draw(frame, areas, [])

    assert [label.text for label in drawing.labels] == ["Grande"]
