"""Who is far from a place that answers, commune by commune, and what one more place would change."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row

from geoservice.clock import today
from geoservice.coverage.distances import Floats
from geoservice.search import form
from geoservice.search.answers import Resolved
from geoservice.search.form import Form
from geoservice.web.svg import HEIGHT, WIDTH

BANDS_KM = (5, 10, 20)
FARTHEST_SHOWN = 25


@dataclass(frozen=True)
class Band:
    km: int
    inhabitants: int
    share: float
    """Percent of the inhabitants that are known."""
    added: int | None
    """How many more with the place that was added; None when none was."""


@dataclass(frozen=True)
class Far:
    """One commune."""

    code: str
    name: str
    departement: str | None
    population: int | None
    metres: float | None
    """None when no place answers anywhere."""
    metres_then: float | None
    """With the place that was added; None without one."""


@dataclass(frozen=True)
class Shade:
    path: str
    rank: int
    """0 for the nearest band, 3 for beyond the last."""


@dataclass(frozen=True)
class Found:
    heading: str
    communes: int
    inhabitants: int
    unknown_population: int
    """How many communes have no known population: nobody is counted there."""
    places: int
    unplaced: int
    """Places that answer, of which nobody knows where they are."""
    hours_asked: bool
    bands: tuple[Band, ...]
    farthest: tuple[Far, ...]
    shades: tuple[Shade, ...]
    added: str | None
    """Where a place was imagined."""
    csv: str
    places_href: str


@dataclass(frozen=True)
class Territory:
    value: str
    label: str
    chosen: bool


@dataclass(frozen=True)
class CoveragePage:
    title: str
    form: Form
    criteria: tuple[str, ...]
    """Of the question, the territory apart."""
    regions: tuple[Territory, ...]
    departements: tuple[Territory, ...]
    other: tuple[Territory, ...]
    """Territories of the question that are neither, kept in the form."""
    added: str
    found: Found | None
    """None while nothing was asked."""
    width: int = WIDTH
    height: int = HEIGHT

    @classmethod
    def of(
        cls, resolved: Resolved, choices: Sequence[Row[Any]], added: str, found: Found | None
    ) -> "CoveragePage":
        wanted = {str(name): row.name for name, row in zip(resolved.territory_names(), resolved.territories, strict=True)}  # fmt: skip
        offered = [
            Territory(f"{row.type}:{row.code}", row.name, f"{row.type}:{row.code}" in wanted)
            for row in choices
        ]
        known = {one.value for one in offered}
        title = "Qui est loin d’un lieu d’aide ?"
        return cls(
            title=f"{title} {found.heading}" if found else title,
            form=form.of(resolved, today()),
            criteria=tuple(
                chip.label for chip in form.chips(resolved) if chip.label not in wanted.values()
            ),
            regions=tuple(one for one in offered if one.value.startswith("region")),
            departements=tuple(one for one in offered if one.value.startswith("departement")),
            other=tuple(
                Territory(value, name, chosen=True)
                for value, name in wanted.items()
                if value not in known
            ),
            added=added,
            found=found,
        )


def found(
    resolved: Resolved,
    rows: Sequence[Row[Any]],
    now_m: Floats,
    then_m: Floats | None,
    places: int,
    unplaced: int,
    paths: Mapping[str, str],
    added: str | None,
    addresses: tuple[str, str],
) -> Found:
    """`rows` are the communes, `now_m` and `then_m` their distances in the same order.

    `addresses` are those of the CSV file and of the list of places.
    """
    communes = far(rows, now_m, then_m)
    shown = then_m if then_m is not None else now_m
    inhabitants = sum(row.population or 0 for row in rows)
    return Found(
        heading=form.spoken(row.name for row in resolved.territories) or "France entière",
        communes=len(rows),
        inhabitants=inhabitants,
        unknown_population=sum(row.population is None for row in rows),
        places=places,
        unplaced=unplaced,
        hours_asked=resolved.schedules is not None,
        bands=tuple(_band(km, rows, now_m, then_m, inhabitants) for km in BANDS_KM),
        farthest=tuple(sorted(communes, key=_farthest_first)[:FARTHEST_SHOWN]),
        shades=tuple(
            Shade(paths[row.code], sum(metres > km * 1000 for km in BANDS_KM))
            for row, metres in zip(rows, shown.tolist(), strict=True)
            if row.code in paths
        ),
        added=added,
        csv=addresses[0],
        places_href=addresses[1],
    )


def far(rows: Sequence[Row[Any]], now_m: Floats, then_m: Floats | None) -> list[Far]:
    then = [None] * len(rows) if then_m is None else then_m.tolist()
    return [
        Far(
            row.code,
            row.name,
            row.departement,
            row.population,
            metres if math.isfinite(metres) else None,
            after,
        )
        for row, metres, after in zip(rows, now_m.tolist(), then, strict=True)
    ]


def _farthest_first(commune: Far) -> tuple[float, int, str]:
    metres = math.inf if commune.metres is None else commune.metres
    return -metres, -(commune.population or 0), commune.code


def _band(
    km: int, rows: Sequence[Row[Any]], now_m: Floats, then_m: Floats | None, inhabitants: int
) -> Band:
    within = _within(km, rows, now_m)
    return Band(
        km,
        within,
        100 * within / inhabitants if inhabitants else 0,
        None if then_m is None else _within(km, rows, then_m) - within,
    )


def _within(km: int, rows: Sequence[Row[Any]], distances_m: Floats) -> int:
    return sum(
        row.population or 0
        for row, metres in zip(rows, distances_m.tolist(), strict=True)
        if metres <= km * 1000
    )
