"""A small map drawn by the server: it needs no script, no WebGL, and it prints.

Everything is in Web Mercator squares of a drawing `WIDTH` wide, whole numbers only.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Self

from geoservice.geo import MAX_LATITUDE_IN_MERCATOR, Box, LonLat

WIDTH, HEIGHT = 640, 480
PIN_APART = 24
"""Two numbered pins nearer than this are pushed apart."""
SPIRAL_TURNS = 240
"""Enough for a whole page of places at one address."""
LETTER_WIDTH, LINE_HEIGHT = 7.5, 16
LABELS_MAX = 9


@dataclass(frozen=True)
class Frame:
    """A rectangle of the Web Mercator plane, whose side is 1, drawn on WIDTH × HEIGHT."""

    west: float
    north: float
    unit: float
    """How many pixels wide the whole plane would be."""

    @classmethod
    def around(cls, points: Sequence[LonLat], smallest_m: float) -> Self:
        """The points with a margin, at least `smallest_m` metres wide, on a grid that neighbours share."""
        xs, ys = zip(*(mercator(point) for point in points), strict=True)
        middle_latitude = sum(point.lat for point in points) / len(points)
        smallest = smallest_m / (40_075_017 * math.cos(math.radians(middle_latitude)))
        needed = max(
            (max(xs) - min(xs)) * 1.2, (max(ys) - min(ys)) * 1.2 * WIDTH / HEIGHT, smallest
        )
        # widths are powers of √2 and corners multiples of a 16th: few drawings serve many questions
        width = 2 ** (math.ceil(math.log2(needed) * 2) / 2)
        step = width / 16
        west = round(((max(xs) + min(xs) - width) / 2) / step) * step
        north = round(((max(ys) + min(ys) - width * HEIGHT / WIDTH) / 2) / step) * step
        return cls(west, north, WIDTH / width)

    def place(self, point: LonLat) -> tuple[int, int]:
        x, y = mercator(point)
        return round((x - self.west) * self.unit), round((y - self.north) * self.unit)

    @property
    def box(self) -> Box:
        west, north = degrees(self.west, self.north)
        east, south = degrees(self.west + WIDTH / self.unit, self.north + HEIGHT / self.unit)
        return Box(west, south, east, north)

    @property
    def width_degrees(self) -> float:
        return 360 * WIDTH / self.unit


def mercator(point: LonLat) -> tuple[float, float]:
    """East and south of the plane's north-west corner; the plane is 1 wide."""
    latitude = max(-MAX_LATITUDE_IN_MERCATOR, min(MAX_LATITUDE_IN_MERCATOR, point.lat))
    y = (1 - math.asinh(math.tan(math.radians(latitude))) / math.pi) / 2
    return (point.lon + 180) / 360, y


def degrees(x: float, y: float) -> LonLat:
    return LonLat(x * 360 - 180, math.degrees(math.atan(math.sinh(math.pi * (1 - 2 * y)))))


@dataclass(frozen=True)
class Area:
    """One territory: the path of its outline, and where to write its name."""

    name: str
    path: str
    """Of an SVG `path`, in pixels of the drawing."""
    population: int
    point: LonLat


@dataclass(frozen=True)
class Label:
    x: int
    y: int
    text: str


@dataclass(frozen=True)
class Pin:
    x: int
    y: int
    number: int


@dataclass(frozen=True)
class Drawing:
    """What the template draws."""

    outlines: tuple[str, ...]
    labels: tuple[Label, ...]
    pins: tuple[Pin, ...]
    """The last is drawn first: the nearest place stays on top."""
    width: int = WIDTH
    height: int = HEIGHT


def draw(
    frame: Frame,
    areas: Sequence[Area],
    places: Iterable[tuple[int, LonLat]],
    pins_apart: int = PIN_APART,
) -> Drawing:
    pins: list[Pin] = []
    for number, point in places:
        x, y = _free_spot(frame.place(point), pins, pins_apart)
        pins.append(Pin(x, y, number))
    paths = tuple(area.path for area in areas)
    return Drawing(paths, _labels(frame, areas, pins), tuple(reversed(pins)))


def _free_spot(wanted: tuple[int, int], taken: Sequence[Pin], apart: int) -> tuple[int, int]:
    """The wanted spot, or the nearest free one on a spiral around it."""
    for turn in range(SPIRAL_TURNS):
        radius, angle = 3.2 * math.sqrt(turn) * 2, turn * 2.4  # the golden angle, in radians
        x = round(wanted[0] + radius * math.cos(angle))
        y = round(wanted[1] + radius * math.sin(angle))
        if all(math.hypot(pin.x - x, pin.y - y) >= apart for pin in taken):
            return x, y
    return wanted


def _labels(frame: Frame, areas: Sequence[Area], pins: Sequence[Pin]) -> tuple[Label, ...]:
    """The names of the largest territories that find room."""
    kept: list[Label] = []
    for area in sorted(areas, key=lambda area: (-area.population, area.name)):
        x, y = frame.place(area.point)
        half = len(area.name) * LETTER_WIDTH / 2
        y += 4  # the baseline is under the middle of the letters
        fits = half < x < WIDTH - half and LINE_HEIGHT < y < HEIGHT - LINE_HEIGHT
        on_pin = any(abs(pin.x - x) < half + 14 and abs(pin.y - y + 5) < 22 for pin in pins)
        on_label = any(
            abs(label.x - x) < half + len(label.text) * LETTER_WIDTH / 2 + 8
            and abs(label.y - y) < LINE_HEIGHT + 6
            for label in kept
        )
        if fits and not on_pin and not on_label:
            kept.append(Label(x, y, area.name))
        if len(kept) == LABELS_MAX:
            break
    return tuple(kept)
