"""What a choropleth shows: communes by their distance, larger territories by where most people live."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from geoservice.coverage.measuring import Measured

BANDS_KM = (5, 10, 20)
NEARLY_ALL = 0.9
"""The share of the inhabitants that a territory is shaded by."""


@dataclass(frozen=True, slots=True)
class Shaded:
    """One territory."""

    population: int | None
    places: int
    """Inside it, that answer."""
    now_m: float
    """Infinite when no place answers anywhere."""
    then_m: float | None
    """With the place that was imagined; None without one."""

    @property
    def shade(self) -> int:
        return shade(self.now_m if self.then_m is None else self.then_m)


def shade(metres: float) -> int:
    """0 for the nearest of BANDS_KM, 3 for beyond the last."""
    return sum(metres > km * 1000 for km in BANDS_KM)


def rounded(metres: float | None) -> int | None:
    """None for what is unknown, and for what nobody reaches."""
    return round(metres) if metres is not None and math.isfinite(metres) else None


def nearly_all_m(communes: Iterable[tuple[float, int]]) -> float:
    """Nine inhabitants of ten live within, by distance and inhabitants of each commune; infinite when no place answers."""
    listed = sorted(communes)
    inhabitants = sum(people for _, people in listed)
    reached = 0
    for metres, people in listed:
        reached += people
        if reached >= NEARLY_ALL * inhabitants:
            return metres
    return math.inf


def shades(measured: Measured, type_: str) -> Mapping[str, Shaded]:
    """Code of each territory of a type («commune», «epci» or «departement») → its shade."""
    then = measured.then_m
    each = zip(
        measured.communes,
        measured.now_m,
        [None] * len(measured.communes) if then is None else then,
        strict=True,
    )
    communes = {
        row.code: Shaded(row.population, measured.by_commune.get(row.code, 0), now_m, then_m)
        for row, now_m, then_m in each
    }
    if type_ == "commune":
        return communes | {old: communes[code] for old, code in measured.former.items()}
    inside: dict[str, list[Shaded]] = {}
    for row in measured.communes:
        if code := getattr(row, type_):
            inside.setdefault(code, []).append(communes[row.code])
    return {code: _together(those) for code, those in inside.items()}


def _together(those: list[Shaded]) -> Shaded:
    return Shaded(
        sum(one.population or 0 for one in those),
        sum(one.places for one in those),
        nearly_all_m((one.now_m, one.population or 0) for one in those),
        None
        if those[0].then_m is None
        else nearly_all_m((one.then_m or 0.0, one.population or 0) for one in those),
    )
