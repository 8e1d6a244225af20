"""The drawn map: frames, pins that do not hide each other, names that do not collide."""

import itertools
import math

from hypothesis import given
from hypothesis import strategies as st

from geoservice.geo import LonLat
from geoservice.web.svg import (
    HEIGHT,
    LARGE,
    SMALL,
    WIDTH,
    Area,
    Frame,
    degrees,
    draw,
    mercator,
)

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
    drawing = draw(Frame.around(places, 30_000), [], list(enumerate(places, start=1)))

    for lettering, size in ((drawing.small, SMALL), (drawing.large, LARGE)):
        assert sorted(pin.number for pin in lettering.pins) == list(range(1, 21))
        for pin in lettering.pins:
            assert size.pin <= pin.x <= WIDTH - size.pin
            assert size.pin <= pin.y <= HEIGHT - size.pin
        for one, other in itertools.combinations(lettering.pins, 2):
            assert math.hypot(one.x - other.x, one.y - other.y) >= size.apart


def test_twenty_places_at_one_address_can_all_be_read() -> None:
    here = LonLat(6.13, 45.9)

    drawing = draw(Frame.around([here], 6_000), [], [(rank, here) for rank in range(1, 21)])

    for lettering, size in ((drawing.small, SMALL), (drawing.large, LARGE)):
        for one, other in itertools.combinations(lettering.pins, 2):
            assert math.hypot(one.x - other.x, one.y - other.y) >= size.apart


def test_a_town_under_a_number_is_named_beside_it() -> None:
    here = LonLat(6.13, 45.9)
    frame = Frame.around([here], 30_000)

    drawing = draw(frame, [Area("Annecy", "M0 0", 130_000, here)], [(1, here)])

    for lettering, size in ((drawing.small, SMALL), (drawing.large, LARGE)):
        [label], [pin] = lettering.labels, lettering.pins
        assert label.text == "Annecy"
        beside = abs(label.x - pin.x) >= size.pin + len("Annecy") * size.letter / 2
        assert beside or abs(label.y - size.line / 4 - pin.y) >= size.pin


def test_the_main_town_is_named_however_many_places_it_has() -> None:
    here = LonLat(6.13, 45.9)
    frame = Frame.around([here], 60_000)
    areas = [Area("Annecy", "M0 0", 130_000, here)]

    drawing = draw(frame, areas, [(rank, here) for rank in range(1, 21)])

    for lettering in (drawing.small, drawing.large):
        assert [label.text for label in lettering.labels] == ["Annecy"]


def test_the_largest_towns_are_named_first_and_never_twice_in_one_spot() -> None:
    here = LonLat(1.9, 46.2)
    frame = Frame.around([here], 30_000)
    areas = [Area("Petite", "M0 0", 100, here), Area("Grande", "M0 0", 9_000, here)]

    drawing = draw(frame, areas, [])

    spots = {(label.x, label.y) for label in drawing.small.labels}
    assert [label.text for label in drawing.small.labels] == ["Grande", "Petite"]
    assert len(spots) == 2
    assert drawing.small.labels[0].x == frame.place(here)[0]
