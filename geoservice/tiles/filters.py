"""From a question to the places that its tiles show: the same ones as on `/lieux`."""

from collections.abc import Iterator

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from geoservice.places.masks import ACCESSIBLE, BITS, BOOKABLE, bits_of
from geoservice.search import queries
from geoservice.search.answers import Resolved
from geoservice.search.question import PlaceQuery, TerritoryName
from geoservice.territories.model import TYPES
from geoservice.territories.queries import territories as listed_territories
from geoservice.tiles.memory import Memory
from tiles.columns import Columns, Words


async def filters_for(
    db: AsyncConnection, asked: Resolved, memory: Memory, places: Columns
) -> list[Words]:
    """One for each thing asked for; order and pages mean nothing on a map.

    What the columns do not tell is looked up once, as a set of places: see `other_conditions`.
    """
    filters = [places.offering(mask, bits) for mask, bits in _masks(asked.query)]
    if asked.schedules is not None:
        numbers = list(asked.schedules.open)
        if asked.query.include_unknown_hours:
            numbers += [0, *asked.schedules.unknown]
        filters.append(places.having("schedule", numbers))
    if asked.present is not None:
        filters.append(places.among(asked.present))
    if official(asked.territory_names()):
        filters.append(places.having("area", await _areas(db, asked, memory)))
    if others := other_conditions(asked):
        found = await db.scalars(select(queries.places.c.id).where(*others))
        filters.append(places.among(found))
    return filters


def _masks(query: PlaceQuery) -> Iterator[tuple[str, int]]:
    """Each filter that the masks can answer: which mask, and bits one of which is needed."""
    for column, values in query.categories.items():
        yield BITS[column].mask, bits_of(column, values)
    if query.accessible:
        yield "mask", ACCESSIBLE
    if query.bookable:
        yield "mask", BOOKABLE


def official(territories: tuple[TerritoryName, ...]) -> bool:
    """Whether they are told by the official codes of a place; False when there are none."""
    return bool(territories) and all(name.type in TYPES for name in territories)


async def _areas(db: AsyncConnection, asked: Resolved, memory: Memory) -> list[int]:
    """As `queries.inside`, from the columns."""
    listed = listed_territories.c
    codes: dict[str, set[str]] = {"commune": set(), "departement": set()}
    for name in asked.territory_names():
        if name.type in codes:
            codes[name.type].add(name.code)
            continue
        inside, column = (
            ("departement", listed.region) if name.type == "region" else ("commune", listed.epci)
        )
        found = await db.scalars(
            select(listed.code).where(listed.type == inside, column == name.code)
        )
        codes[inside].update(found)
    return memory.areas(codes["departement"], codes["commune"])


def other_conditions(asked: Resolved) -> list[ColumnElement[bool]]:
    """The filters that must look at the place itself: on `queries.places`, once for all the tiles."""
    query = asked.query
    rest = PlaceQuery(
        typologies=query.typologies,
        sources=query.sources,
        words=query.words,
        picked=query.picked,
        box=query.box,
    )
    territories = asked.territory_names()
    conditions = queries.conditions(rest, () if official(territories) else territories, None)
    if asked.centre is not None:
        here = queries.geography(asked.centre)
        radius_m = (asked.radius_km or 0) * 1000
        conditions.append(func.ST_DWithin(queries.places.c.on_earth, here, radius_m))
    return conditions
