"""A small map drawn by the server: it needs no script, no WebGL, and it prints.

Everything is in Web Mercator squares of a drawing `WIDTH` wide, whole numbers only.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from geoservice.geo import MAX_LATITUDE_IN_MERCATOR, Box, LonLat

WIDTH, HEIGHT = 640, 480
SPIRAL_TURNS = 240
"""Enough for a whole page of places at one address."""


@dataclass(frozen=True)
class Size:
    """How large letters and pins are, in pixels of the drawing; the style sheets say the same."""

    letter: float
    """Width of a letter, on average."""
    line: int
    """Height of a line of letters."""
    pin: int
    """Radius of a pin."""
    names_max: int

    @property
    def apart(self) -> int:
        """Two numbered pins nearer than this are pushed apart."""
        return 2 * self.pin


SMALL = Size(letter=10, line=20, pin=14, names_max=10)
"""For a drawing shown about as wide as it is."""
LARGE = Size(letter=16, line=30, pin=25, names_max=6)
"""For a telephone, a narrow column or paper, where the drawing is half as wide."""


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
class Lettering:
    """Names and numbers in one size."""

    labels: tuple[Label, ...]
    pins: tuple[Pin, ...]
    """The last is drawn first: the nearest place stays on top."""


@dataclass(frozen=True)
class Drawing:
    """What the template draws."""

    outlines: tuple[str, ...]
    small: Lettering
    large: Lettering
    """The same places and, among the same names, those that find room."""
    width: int = WIDTH
    height: int = HEIGHT


def draw(frame: Frame, areas: Sequence[Area], places: Sequence[tuple[int, LonLat]]) -> Drawing:
    paths = tuple(area.path for area in areas)
    small, large = (_lettering(frame, areas, places, size) for size in (SMALL, LARGE))
    return Drawing(paths, small, large)


def _lettering(
    frame: Frame, areas: Sequence[Area], places: Sequence[tuple[int, LonLat]], size: Size
) -> Lettering:
    pins: list[Pin] = []
    for number, point in places:
        x, y = _free_spot(frame.place(point), pins, size)
        pins.append(Pin(x, y, number))
    return Lettering(_labels(frame, areas, pins, size), tuple(reversed(pins)))


def _free_spot(wanted: tuple[int, int], taken: Sequence[Pin], size: Size) -> tuple[int, int]:
    """The wanted spot, or the nearest free one on a spiral around it, whole inside the drawing."""
    for turn in range(SPIRAL_TURNS):
        radius = size.apart / 4 * math.sqrt(turn)
        angle = turn * 2.4  # the golden angle, in radians
        x = round(wanted[0] + radius * math.cos(angle))
        y = round(wanted[1] + radius * math.sin(angle))
        inside = size.pin < x < WIDTH - size.pin and size.pin < y < HEIGHT - size.pin
        if inside and all(math.hypot(pin.x - x, pin.y - y) >= size.apart for pin in taken):
            return x, y
    return wanted


def _labels(
    frame: Frame, areas: Sequence[Area], pins: Sequence[Pin], size: Size
) -> tuple[Label, ...]:
    """The names of the largest territories that find room, on their spot or beside it."""
    kept: list[Label] = []
    for area in sorted(areas, key=lambda area: (-area.population, area.name)):
        if len(kept) == size.names_max:
            break
        x, y = frame.place(area.point)
        if not (0 < x < WIDTH and 0 < y < HEIGHT):
            continue
        spots = _near(len(area.name) * size.letter / 2, size)
        if not kept:  # the main town has a name, however many numbers are upon it
            spots += _far(size)
        for dx, dy in spots:
            # the baseline is under the middle of the letters
            label = Label(round(x + dx), round(y + dy + size.line / 4), area.name)
            if _has_room(label, kept, pins, size):
                kept.append(label)
                break
    return tuple(kept)


def _near(half: float, size: Size) -> list[tuple[float, float]]:
    """Where the middle of a name may be: on the spot, then above, below, beside."""
    beside, line = size.pin + half + 4, size.line
    return [
        (0, 0), (0, -line), (0, line), (beside, 0), (-beside, 0), (0, -2 * line), (0, 2 * line),
        *((dx, dy) for dx in (half, -half, beside, -beside) for dy in (-line, line)),
    ]  # fmt: skip


def _far(size: Size) -> list[tuple[float, float]]:
    return [
        (size.line * lines * math.cos(eighth * math.pi / 4), size.line * lines * math.sin(eighth * math.pi / 4))
        for lines in range(3, 9)
        for eighth in range(8)
    ]  # fmt: skip


def _has_room(label: Label, kept: Sequence[Label], pins: Sequence[Pin], size: Size) -> bool:
    half, middle = len(label.text) * size.letter / 2, label.y - size.line / 4
    inside = half < label.x < WIDTH - half and size.line < label.y < HEIGHT - size.line / 2
    on_pin = any(
        abs(pin.x - label.x) < half + size.pin + 2
        and abs(pin.y - middle) < size.line / 2 + size.pin
        for pin in pins
    )
    on_label = any(
        abs(other.x - label.x) < half + len(other.text) * size.letter / 2 + size.letter
        and abs(other.y - label.y) < size.line * 1.3
        for other in kept
    )
    return inside and not on_pin and not on_label
