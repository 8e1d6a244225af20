"""Who is far from a place that answers, commune by commune, and what one more place would change."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Row

from geoservice.clock import today
from geoservice.coverage.measuring import Measured
from geoservice.coverage.question import Asked
from geoservice.coverage.shading import BANDS_KM, nearly_all_m, shade
from geoservice.search import form, moments
from geoservice.search.answers import Resolved
from geoservice.search.form import WEEKDAYS, Form
from geoservice.web.svg import HEIGHT, WIDTH

FARTHEST_SHOWN = 25
LISTED_MAX = 1_500
FARTHEST_PRINTED = 12
PARTS_PRINTED = 15


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
    epci: str | None
    population: int | None
    places: int
    """Inside it, that answer."""
    metres: float | None
    """None when no place answers anywhere."""
    metres_then: float | None
    """With the place that was added; None without one."""

    @property
    def where(self) -> str:
        return f"{self.name} ({self.departement})" if self.departement else self.name


@dataclass(frozen=True)
class Part:
    """One of the départements or EPCI."""

    name: str
    href: str
    inhabitants: int
    shares: tuple[float, ...]
    """Percent within each of BANDS_KM, with the place that was added."""
    nearly_all_m: float
    """Nine inhabitants of ten live within; infinite when no place answers."""


@dataclass(frozen=True)
class Shade:
    path: str
    rank: int
    """0 for the nearest band, 3 for beyond the last."""


@dataclass(frozen=True)
class Drawn:
    kind: str
    """`commune`, or what stands for communes where they are too many."""
    paths: Mapping[str, str]
    """Code → outline."""
    mark: tuple[int, int] | None = None
    """Where the imagined place is in the drawing."""


@dataclass(frozen=True)
class Addresses:
    csv: str
    pdf: str
    places: str
    shapes: str
    asked: str
    """Of the tiles: the query string of this page."""
    places_asked: str
    """Of the tiles of places: the query string of `places`."""
    inside: Callable[[str], str]
    """The same question of another territory."""
    imagine: Callable[[str], str]
    """The same question with a place, or the permanence, imagined elsewhere."""


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
    presence_asked: bool
    bands: tuple[Band, ...]
    farthest: tuple[Far, ...]
    without: tuple[Far, ...]
    """Communes that have none themselves, the most peopled first; none when they are too many."""
    without_total: int
    parts_title: str
    parts: tuple[Part, ...]
    shades: tuple[Shade, ...]
    of_communes: bool
    """Whether the drawing shows communes, or larger territories by where nine of ten live."""
    mark: tuple[int, int] | None
    box: str
    """«west,south,east,north» of the territories asked for; empty for the whole country."""
    imagined_at: str
    """«longitude,latitude»; empty when nothing is imagined."""
    added: str | None
    """«un lieu à Guéret (23)», «une permanence le jeudi à Guéret (23)»."""
    pointless: bool
    """What was imagined does not answer the question."""
    addresses: Addresses

    @property
    def titled(self) -> str:
        return f"{self.heading}, avec {self.added}" if self.added else self.heading


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
    added_presences: tuple[Territory, ...]
    found: Found | None
    """None while nothing was asked."""
    width: int = WIDTH
    height: int = HEIGHT

    @classmethod
    def of(
        cls, resolved: Resolved, choices: Sequence[Row[Any]], asked: Asked, found: Found | None
    ) -> "CoveragePage":
        wanted = {str(name): row.name for name, row in zip(resolved.territory_names(), resolved.territories, strict=True)}  # fmt: skip
        offered = [
            Territory(f"{row.type}:{row.code}", row.name, f"{row.type}:{row.code}" in wanted)
            for row in choices
        ]
        known = {one.value for one in offered}
        title = "Qui est loin d’un lieu d’aide ?"
        return cls(
            title=f"{title} {found.titled}" if found else title,
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
            added=asked.added,
            added_presences=_presences(asked.presence),
            found=found,
        )


def _presences(chosen: str) -> tuple[Territory, ...]:
    offered = [f"{weekday}{part}" for weekday in WEEKDAYS for part in ("", "-matin", "-apres-midi")]
    if chosen and chosen not in offered:
        offered.append(chosen)
    return tuple(
        Territory(value, f"une permanence {moments.said(value)}", value == chosen)
        for value in offered
    )


@dataclass(frozen=True)
class Report:
    """The same, on paper."""

    title: str
    page: CoveragePage
    found: Found
    farthest: tuple[Far, ...]
    parts: tuple[Part, ...]
    printed_on: date
    address: str
    pdf: str
    back: str

    @classmethod
    def of(cls, page: CoveragePage, printed_on: date, address: str) -> "Report":
        found = page.found
        assert found is not None  # noqa: S101 - a report is asked for with its question
        return cls(
            title=page.title,
            page=page,
            found=found,
            farthest=found.farthest[:FARTHEST_PRINTED],
            parts=found.parts[:PARTS_PRINTED],
            printed_on=printed_on,
            address=address.partition("://")[2],
            pdf=found.addresses.pdf,
            back="/couverture",
        )


def kind_of_parts(measured: Measured) -> str:
    """What the territory is divided into: a département into EPCI, more than that into départements."""
    return "epci" if len({row.departement for row in measured.communes}) == 1 else "departement"


def found(
    measured: Measured, named: Sequence[Row[Any]], drawn: Drawn, addresses: Addresses
) -> Found:
    """`named` are the territories that divide the whole."""
    resolved, rows = measured.resolved, measured.communes
    shown = measured.now_m if measured.then_m is None else measured.then_m
    metres = dict(zip((row.code for row in rows), shown, strict=True))
    kind = kind_of_parts(measured)
    parts = _parts(kind, named, rows, metres, addresses)
    inhabitants = sum(row.population or 0 for row in rows)
    imagined = measured.imagined
    if drawn.kind == "commune":
        reach = metres | {old: metres[code] for old, code in measured.former.items()}
    else:
        reach = {code: part.nearly_all_m for code, part in parts.items()}
    every = far(measured)
    without = [one for one in every if not one.places]
    return Found(
        heading=form.spoken(row.name for row in resolved.territories) or "France entière",
        communes=len(rows),
        inhabitants=inhabitants,
        unknown_population=sum(row.population is None for row in rows),
        places=measured.places,
        unplaced=measured.unplaced,
        hours_asked=resolved.schedules is not None,
        presence_asked=resolved.present is not None,
        bands=tuple(_band(km, measured, inhabitants) for km in BANDS_KM),
        farthest=tuple(sorted(every, key=_farthest_first)[:FARTHEST_SHOWN]),
        without=tuple(sorted(without, key=lambda one: (-(one.population or 0), one.code)))
        if len(without) <= LISTED_MAX
        else (),
        without_total=len(without),
        parts_title="Par intercommunalité" if kind == "epci" else "Par département",
        parts=tuple(sorted(parts.values(), key=lambda part: (*part.shares, part.name))),
        shades=tuple(
            Shade(path, shade(reach[code])) for code, path in drawn.paths.items() if code in reach
        ),
        of_communes=drawn.kind == "commune",
        mark=drawn.mark,
        box=_box(resolved.territories),
        imagined_at="" if imagined is None else "{:.5f},{:.5f}".format(*imagined.located.point),
        added=None if imagined is None else _added(imagined.presence, imagined.located.label),
        pointless=imagined is not None and not imagined.answers,
        addresses=addresses,
    )


def _box(territories: Sequence[Row[Any]]) -> str:
    if not territories:
        return ""
    west, south = (min(getattr(row, side) for row in territories) for side in ("west", "south"))
    east, north = (max(getattr(row, side) for row in territories) for side in ("east", "north"))
    return f"{west:.5f},{south:.5f},{east:.5f},{north:.5f}"


def _added(presence: str, where: str) -> str:
    if presence:
        return f"une permanence {moments.said(presence)} à {where}"
    return f"un lieu à {where}"


def _parts(
    kind: str,
    named: Sequence[Row[Any]],
    rows: Sequence[Row[Any]],
    metres: Mapping[str, float],
    addresses: Addresses,
) -> dict[str, Part]:
    """By code. A commune that is in none (an island without EPCI) is in the totals only."""
    inside: dict[str, list[tuple[float, int]]] = {row.code: [] for row in named}
    for row in rows:
        code = getattr(row, kind)
        if code in inside:
            inside[code].append((metres[row.code], row.population or 0))
    return {
        row.code: _part(row.name, addresses.inside(f"{kind}:{row.code}"), inside[row.code])
        for row in named
    }


def _part(name: str, href: str, communes: Sequence[tuple[float, int]]) -> Part:
    inhabitants = sum(people for _, people in communes)
    within = [sum(people for metres, people in communes if metres <= km * 1000) for km in BANDS_KM]
    shares = tuple(100 * one / inhabitants if inhabitants else 0.0 for one in within)
    return Part(name, href, inhabitants, shares, nearly_all_m(communes))


def far(measured: Measured) -> list[Far]:
    rows = measured.communes
    then = [None] * len(rows) if measured.then_m is None else measured.then_m
    return [
        Far(
            row.code,
            row.name,
            row.departement,
            row.epci,
            row.population,
            measured.by_commune.get(row.code, 0),
            metres if math.isfinite(metres) else None,
            after if after is not None and math.isfinite(after) else None,
        )
        for row, metres, after in zip(rows, measured.now_m, then, strict=True)
    ]


def _farthest_first(commune: Far) -> tuple[float, int, str]:
    metres = math.inf if commune.metres is None else commune.metres
    return -metres, -(commune.population or 0), commune.code


def _band(km: int, measured: Measured, inhabitants: int) -> Band:
    rows = measured.communes
    within = _within(km, rows, measured.now_m)
    return Band(
        km,
        within,
        100 * within / inhabitants if inhabitants else 0,
        None if measured.then_m is None else _within(km, rows, measured.then_m) - within,
    )


def _within(km: int, rows: Sequence[Row[Any]], distances_m: Sequence[float]) -> int:
    return sum(
        row.population or 0
        for row, metres in zip(rows, distances_m, strict=True)
        if metres <= km * 1000
    )
