"""The question as it was understood, and what answers it: what pages and data are made from."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select
from sqlalchemy.ext.asyncio import AsyncConnection

from geoservice.clock import day_in_paris
from geoservice.geo import LonLat
from geoservice.permanences.queries import AT_PLACES, AT_PLACES_AS_DATA
from geoservice.search import opening, presence, queries
from geoservice.search.opening import OpenSchedules
from geoservice.search.question import (
    DEPTH_MAX,
    LIMIT_DEFAULT,
    RADIUS_DEFAULT_KM,
    PlaceQuery,
    TerritoryName,
)
from geoservice.settings import Settings
from geoservice.teams.naming import PERIMETER
from geoservice.teams.perimeters import perimeter
from geoservice.territories import queries as gazetteer
from geoservice.territories.address import Located, locate
from geoservice.web.problems import Fault, Problem, WrongQuestion


class PlaceNotFound(Problem):
    status = 404
    title = "Ce lieu n’existe pas. Vérifiez l’adresse, ou cherchez-le par son nom."


class PlaceGone(Problem):
    status = 410
    title = "Ce lieu n’est plus référencé."


@dataclass(frozen=True)
class Resolved:
    """A question whose words have been looked up."""

    query: PlaceQuery
    centre: LonLat | None
    """Where distances are counted from; None when no point was asked for."""
    radius_km: float | None
    located: Located | None
    """What `ou` was understood as; None when it was not given."""
    territories: Sequence[Row[Any]]
    """Of `territoire`: type, code, name, and their box (west, south, east, north)."""
    schedules: OpenSchedules | None
    """Of `ouvert`: which schedules are open then; None when it was not given."""
    present: Sequence[int] | None
    """Of `permanence`: ids of the places where a mediator is present then; None when it was not given."""
    moment: datetime
    """When the question was asked: what «maintenant» and «samedi» are counted from."""

    def territory_names(self) -> tuple[TerritoryName, ...]:
        return tuple(TerritoryName(row.type, row.code) for row in self.territories)

    @property
    def sort(self) -> str:
        return self.query.sort or ("distance" if self.centre else "nom")


@dataclass(frozen=True)
class Answer:
    resolved: Resolved
    rows: Sequence[Row[Any]]
    """Columns of `queries.visible()`, plus `distance_m` (metres, None without a centre)."""
    total: int
    """How many places answer, all pages together; at most DEPTH_MAX."""
    more_than_total: bool
    """True when there are more than `total`, and nobody counted them."""
    limit: int
    unknown_hours: int | None
    """With `ouvert`: how many places answer the rest of the question, but nobody knows their hours.

    They are not in `rows`, unless the question includes them. None without `ouvert`.
    """

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // self.limit))


async def resolve(
    db: AsyncConnection, query: PlaceQuery, settings: Settings, now: datetime
) -> Resolved:
    """Look up the words of the question. Raises WrongQuestion for names that nobody knows."""
    territories = [await _territory(db, name.type, name.code) for name in query.territories]
    await _check_sources(db, query)
    await _check_places(db, query)
    located = await locate(db, query.where, settings) if query.where else None
    centre = query.point
    if located:
        if territory := located.territory:
            if query.radius_km:
                note = f"« rayon » ne s’applique pas à un territoire : voici tout {located.label}."
                located = replace(located, note=note)
            territories.append(await _territory(db, *territory))
        else:
            centre = located.point
    radius_km = (query.radius_km or RADIUS_DEFAULT_KM) if centre else None
    schedules = await opening.ask(db, query.open, now) if query.open else None
    present = await presence.ask(db, query.present, now) if query.present else None
    return Resolved(query, centre, radius_km, located, territories, schedules, present, now)


async def _territory(db: AsyncConnection, type_: str, code: str) -> Row[Any]:
    asked = perimeter(code) if type_ == PERIMETER else gazetteer.territory(type_, code)
    row = (await db.execute(asked)).first()
    if row is None:
        raise WrongQuestion(
            Fault(
                "territoire", f"Le territoire « {type_}:{code} » n’existe pas, ou n’est pas chargé."
            )
        )
    return row


async def _check_sources(db: AsyncConnection, query: PlaceQuery) -> None:
    if not query.sources:
        return
    known = {row.name: row.title for row in await db.execute(queries.source_titles())}
    for name in query.sources:
        if name not in known:
            accepted = tuple(sorted(known))
            titles = tuple(known[each] for each in accepted)
            raise WrongQuestion(
                Fault("source", f"La source « {name} » n’existe pas.", accepted, titles)
            )


async def _check_places(db: AsyncConnection, query: PlaceQuery) -> None:
    """That those that were picked by hand are all there: none is left out in silence."""
    if not query.picked:
        return
    known = set((await db.execute(queries.known(query.picked))).scalars())
    faults = [
        Fault("lieux", f"Aucun lieu ne porte l’identifiant « {public_id} ».")
        for public_id in query.picked
        if public_id not in known
    ]
    if faults:
        raise WrongQuestion(*faults)


async def answer(db: AsyncConnection, resolved: Resolved, *, limit_max: int) -> Answer:
    """One page of the places that answer, and how many there are."""
    limit = min(resolved.query.limit or LIMIT_DEFAULT, limit_max)
    if resolved.centre is not None:
        return await _around(db, resolved, resolved.centre, limit)
    statement = statement_for(resolved)
    total = (await db.execute(queries.count(statement))).scalar_one()
    unknown_hours = None
    if resolved.schedules is not None:
        unknown = _statement(resolved, queries.unknown_hours(resolved.schedules))
        unknown_hours = (await db.execute(queries.count(unknown))).scalar_one()
    page = statement.limit(limit).offset((resolved.query.page - 1) * limit)
    rows = (await db.execute(page)).all()
    return Answer(resolved, rows, min(total, DEPTH_MAX), total > DEPTH_MAX, limit, unknown_hours)


async def _around(db: AsyncConnection, resolved: Resolved, centre: LonLat, limit: int) -> Answer:
    query = resolved.query
    statement = queries.page_around(
        queries.conditions(query, resolved.territory_names(), resolved.present),
        centre,
        (resolved.radius_km or 0) * 1000,
        resolved.schedules,
        include_unknown=query.include_unknown_hours,
        sort=resolved.sort,
        limit=limit,
        offset=(query.page - 1) * limit,
    )
    rows = (await db.execute(statement)).all()
    counted = rows[0]
    return Answer(
        resolved,
        [row for row in rows if row.public_id is not None],
        total=min(counted.total, DEPTH_MAX),
        more_than_total=counted.total > DEPTH_MAX or counted.scanned == queries.SCAN_MAX,
        limit=limit,
        unknown_hours=None if resolved.schedules is None else counted.unknown_hours,
    )


async def permanences(
    db: AsyncConnection, rows: Sequence[Row[Any]], now: datetime, *, as_data: bool = False
) -> dict[int, list[Row[Any]]]:
    """Id of each of the places → its permanences, as anyone may read them."""
    asked = {"places": [row.id for row in rows], "today": day_in_paris(now)}
    found: dict[int, list[Row[Any]]] = {row.id: [] for row in rows}
    for row in await db.execute(AT_PLACES_AS_DATA if as_data else AT_PLACES, asked):
        found[row.place_id].append(row)
    return found


def statement_for(resolved: Resolved) -> Select[Any]:
    """Every place that answers, in order."""
    hours = None
    if resolved.schedules is not None:
        hours = queries.open_then(
            resolved.schedules, include_unknown=resolved.query.include_unknown_hours
        )
    return _statement(resolved, hours).order_by(*queries.ORDERS[resolved.sort])


def _statement(resolved: Resolved, hours: ColumnElement[bool] | None) -> Select[Any]:
    radius_m = (resolved.radius_km or 0) * 1000
    statement = queries.chosen(
        resolved.query, resolved.centre, radius_m, resolved.territory_names(), resolved.present
    )
    return statement if hours is None else statement.where(hours)


async def place(db: AsyncConnection, public_id: str) -> Row[Any] | str:
    """The place, or the id under which it is: of its heir, or in lower case. Raises PlaceNotFound, PlaceGone."""
    row = (await db.execute(queries.found(public_id))).first()
    if row is not None:
        return row
    if (lower := public_id.lower()) != public_id:
        found = await place(db, lower)
        return found if isinstance(found, str) else found.public_id
    former = (await db.execute(queries.former(public_id))).first()
    if former is None:
        raise PlaceNotFound
    if former.merged_into:
        return former.merged_into
    raise PlaceGone(f"« {former.name} » n’est plus dans aucune des sources de la carte.")
