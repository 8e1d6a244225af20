"""Colours that can be read: the contrast of WCAG 2.2, and the nearest colour that has enough of it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

TEXT_RATIO = 4.5
"""Between a text and what is behind it (WCAG 1.4.3, AA)."""
EDGE_RATIO = 3.0
"""Between the edge of a field and what is around it (WCAG 1.4.11)."""
STEPS = 64
"""How many steps lead from a colour to black or to white."""

_HEX = re.compile(r"#?([0-9a-f]{3}|[0-9a-f]{6})", re.IGNORECASE)


@dataclass(frozen=True)
class Colour:
    red: int
    green: int
    blue: int
    """0 to 255, sRGB."""

    @classmethod
    def parse(cls, text: str) -> Self:
        """`0b5f58`, `#0b5f58` or `#0bf`. Raises ValueError for anything else."""
        found = _HEX.fullmatch(text.strip())
        if found is None:
            raise ValueError(text)
        digits = found[1] if len(found[1]) == 6 else "".join(digit * 2 for digit in found[1])
        return cls(*bytes.fromhex(digits))

    def __str__(self) -> str:
        return f"#{self.red:02x}{self.green:02x}{self.blue:02x}"

    @property
    def luminance(self) -> float:
        """Relative luminance, 0 (black) to 1 (white)."""
        red, green, blue = (_linear(value / 255) for value in (self.red, self.green, self.blue))
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    def towards(self, other: "Colour", share: float) -> "Colour":
        """`share` of `other`, 0 to 1, in this colour."""
        mixed = (
            round(mine + (its - mine) * share)
            for mine, its in zip(
                (self.red, self.green, self.blue),
                (other.red, other.green, other.blue),
                strict=True,
            )
        )
        return Colour(*mixed)


BLACK, WHITE = Colour(0, 0, 0), Colour(255, 255, 255)


def _linear(value: float) -> float:
    return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4


def contrast(one: Colour, other: Colour) -> float:
    """1 (the same) to 21 (black and white), whatever the order."""
    light, dark = sorted((one.luminance, other.luminance), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def readable(colour: Colour, behind: Sequence[Colour], ratio: float = TEXT_RATIO) -> Colour:
    """`colour`, or the nearest to it on the way to black or to white that stands out enough.

    One background can always be satisfied at TEXT_RATIO; when several cannot, the best end is given.
    """

    def worst(tried: Colour) -> float:
        return min(contrast(tried, one) for one in behind)

    if worst(colour) >= ratio:
        return colour
    for step in range(1, STEPS + 1):
        ways = [colour.towards(end, step / STEPS) for end in (BLACK, WHITE)]
        best = max(ways, key=worst)
        if worst(best) >= ratio:
            return best
    return max((BLACK, WHITE), key=worst)


def written_on(colour: Colour) -> Colour:
    """Black or white, whichever is read better on this colour: always more than TEXT_RATIO."""
    return max((WHITE, BLACK), key=lambda one: contrast(one, colour))


@dataclass(frozen=True)
class Palette:
    """Every colour of an embedded page, made from three."""

    main: Colour
    on_main: Colour
    paper: Colour
    ink: Colour
    soft: Colour
    """Text that says less."""
    line: Colour
    edge: Colour
    """Around fields."""
    tint: Colour
    """Behind a few words, never under a link."""

    @classmethod
    def of(cls, main: Colour, ink: Colour, paper: Colour) -> Self:
        """Everything in it can be read, whatever the three colours are."""
        ink = readable(ink, [paper])
        main = readable(main, [paper])
        tint = paper.towards(main, 0.1)
        if contrast(ink, tint) < TEXT_RATIO:
            tint = paper
        return cls(
            main=main,
            on_main=written_on(main),
            paper=paper,
            ink=ink,
            soft=readable(ink.towards(paper, 0.3), [paper, tint]),
            line=paper.towards(ink, 0.18),
            edge=readable(paper.towards(ink, 0.45), [paper], EDGE_RATIO),
            tint=tint,
        )

    def properties(self) -> dict[str, str]:
        """As the style sheet of the embedded pages names them."""
        return {
            "--cm-couleur": str(self.main),
            "--cm-sur-couleur": str(self.on_main),
            "--cm-fond": str(self.paper),
            "--cm-texte": str(self.ink),
            "--cm-texte-doux": str(self.soft),
            "--cm-ligne": str(self.line),
            "--cm-bord": str(self.edge),
            "--cm-teinte": str(self.tint),
        }
