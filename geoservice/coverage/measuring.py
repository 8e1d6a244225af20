"""How far each commune is from a place that answers, now and with one that is imagined."""

import asyncio
import math
import re
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import URL, Row
from sqlalchemy.ext.asyncio import AsyncConnection

from geoservice.clock import now
from geoservice.coverage import queries
from geoservice.coverage.question import ADDED, Asked, about_presence
from geoservice.geo import LonLat
from geoservice.search import answers, moments
from geoservice.search.answers import Resolved
from geoservice.search.question import PlaceQuery, TerritoryName
from geoservice.settings import Settings
from geoservice.territories.address import Located, label_of, locate
from geoservice.web.problems import Fault, WrongQuestion

KEPT = 40
COMMUNES_KEPT = 4
"""All of France weighs some 20 MB."""

POINT = re.compile(r"(-?\d{1,3}(?:\.\d+)?)\s*[,;]\s*(-?\d{1,3}(?:\.\d+)?)")

_turn = asyncio.Semaphore(1)
"""All of France takes a whole core of the database for some seconds: one at a time."""


@dataclass(frozen=True)
class Imagined:
    located: Located
    presence: str
    answers: bool
    """False for a permanence that is not held when the question asks for one."""


@dataclass(frozen=True)
class Measured:
    resolved: Resolved
    communes: Sequence[Row[Any]]
    former: Mapping[str, str]
    """Communes of before, which are drawn still → the one of `communes` that they are part of."""
    places: int
    unplaced: int
    by_commune: Mapping[str, int]
    """Code of each commune that has places that answer → how many."""
    now_m: Sequence[float]
    """From each of `communes`; infinite when no place answers."""
    imagined: Imagined | None
    then_m: Sequence[float] | None


_measured: OrderedDict[tuple[object, ...], Measured] = OrderedDict()
_communes: OrderedDict[tuple[URL, str, tuple[TerritoryName, ...]], Sequence[Row[Any]]] = (
    OrderedDict()
)


async def measure(db: AsyncConnection, asked: Asked, settings: Settings) -> Measured:
    """Kept until the data change, or the minute where it matters: a page, its files and its tiles measure once.

    Raises WrongQuestion for a territory or a locality that nobody knows.
    """
    moment = now()
    query = about_presence(asked)
    version = (await db.execute(queries.VERSION)).scalar() or ""
    key = (db.engine.url, version, query.minute(moment), query.raw, asked.added, asked.presence)
    if _measured and next(reversed(_measured))[1] != version:
        _measured.clear()  # each holds all the communes of its version
        _communes.clear()
    known = _measured.get(key)
    if known is None:
        known = _measured[key] = await _measure(db, asked, query, settings, version, moment)
        while len(_measured) > KEPT:
            _measured.popitem(last=False)
    return known


async def _measure(
    db: AsyncConnection,
    asked: Asked,
    query: PlaceQuery,
    settings: Settings,
    version: str,
    moment: datetime,
) -> Measured:
    resolved = await answers.resolve(db, query, settings, moment)
    imagined = await _imagined(db, asked, query, settings) if asked.added else None
    communes = await _communes_of(db, version, resolved.territory_names())
    here = {row.code for row in communes}
    former = {
        row.code: row.successor
        for row in await db.execute(queries.former())
        if row.successor in here
    }
    by_commune = (await db.execute(queries.counts(resolved))).all()
    names = resolved.territory_names()
    async with _turn:
        now_m = await _distances_m(db, names, queries.answering(resolved))
    then_m = None
    if imagined and imagined.answers:
        there_m = await _distances_m(db, names, queries.only(imagined.located.point))
        then_m = list(map(min, now_m, there_m))
    elif imagined:
        then_m = now_m
    return Measured(
        resolved,
        communes,
        former,
        sum(row.places for row in by_commune),
        sum(row.unplaced for row in by_commune),
        {row.code_insee: row.places for row in by_commune},
        now_m,
        imagined,
        then_m,
    )


async def _distances_m(
    db: AsyncConnection, names: tuple[TerritoryName, ...], there: queries.Points
) -> list[float]:
    found = await db.scalars(queries.distances(names, there))
    return [math.inf if metres is None else metres for metres in found]


async def _communes_of(
    db: AsyncConnection, version: str, names: tuple[TerritoryName, ...]
) -> Sequence[Row[Any]]:
    key = (db.engine.url, version, names)
    known = _communes.get(key)
    if known is None:
        known = _communes[key] = (await db.execute(queries.communes(names))).all()
        while len(_communes) > COMMUNES_KEPT:
            _communes.popitem(last=False)
    return known


async def _imagined(
    db: AsyncConnection, asked: Asked, query: PlaceQuery, settings: Settings
) -> Imagined:
    if point := POINT.fullmatch(asked.added):
        located = await _at(db, *map(float, point.groups()))
    else:
        try:
            located = await locate(db, asked.added, settings)
        except WrongQuestion as wrong:
            raise WrongQuestion(
                *(Fault(ADDED, fault.message, fault.accepted) for fault in wrong.faults)
            ) from wrong
    meets = True
    if asked.presence and query.present:
        meets = moments.meet(query.present, moments.parse(asked.presence), now())
    return Imagined(located, asked.presence, meets)


async def _at(db: AsyncConnection, lon: float, lat: float) -> Located:
    """A point of the map, called by its commune. Raises WrongQuestion where there is none."""
    here = (await db.execute(queries.commune_at(lon, lat))).first()
    if here is None:
        turned = (await db.execute(queries.commune_at(lat, lon))).first()
        hint = (
            f" Écrivez la longitude d’abord : « {lat:g},{lon:g} » est à {label_of(turned)}."
            if turned
            else " Choisissez un point à terre, en France."
        )
        raise WrongQuestion(
            Fault(ADDED, f"Le point « {lon:g},{lat:g} » n’est dans aucune commune connue.{hint}")
        )
    label = f"{label_of(here)}, au point choisi"
    return Located(label, LonLat(lon, lat), "point", commune=here.code)
