"""Where people live, and where the places that answer a question are."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import ColumnElement, Float, Select, Text, false, func, or_, select

from geoservice.search import answers
from geoservice.search.answers import Resolved
from geoservice.search.queries import places
from geoservice.search.question import TerritoryName
from geoservice.teams.naming import PERIMETER
from geoservice.teams.perimeters import holds_commune
from geoservice.territories.queries import territories as listed

SIMPLER_DEGREES = 0.0005


def communes(names: Sequence[TerritoryName]) -> Select[*tuple[Any, ...]]:
    """Today's communes inside any of the territories; all of them without one."""
    here = listed.c
    statement = select(
        here.code,
        here.name,
        here.departement,
        here.epci,
        here.population,
        func.ST_X(here.point, type_=Float).label("lon"),
        func.ST_Y(here.point, type_=Float).label("lat"),
    ).where(here.type == "commune", here.successor.is_(None))
    if names:
        statement = statement.where(or_(false(), *(inside(name) for name in names)))
    return statement.order_by(here.code)


def inside(name: TerritoryName) -> ColumnElement[bool]:
    if name.type == PERIMETER:
        return holds_commune(name.code, listed.c.code)
    column = {"commune": "code"}.get(name.type, name.type)
    return listed.c[column] == name.code


def positions(resolved: Resolved) -> Select[*tuple[Any, ...]]:
    """Of the places that answer, wherever they are: help may be near, beyond the border.

    Those without position have none: `lon` is None.
    """
    everywhere = replace(resolved, territories=())
    return (
        answers.statement_for(everywhere)
        .order_by(None)
        .with_only_columns(
            places.c.code_insee,
            func.ST_X(places.c.point, type_=Float).label("lon"),
            func.ST_Y(places.c.point, type_=Float).label("lat"),
        )
    )


def choices() -> Select[*tuple[Any, ...]]:
    """The territories of the form."""
    return (
        select(listed.c.type, listed.c.code, listed.c.name)
        .where(listed.c.type.in_(("region", "departement")))
        .order_by(listed.c.type, listed.c.code)
    )


def parts(type_: str, codes: Sequence[str]) -> Select[*tuple[Any, ...]]:
    """Names and boxes of départements or EPCI."""
    here = listed.c
    return select(
        here.code,
        here.name,
        func.ST_XMin(here.outline, type_=Float).label("west"),
        func.ST_YMin(here.outline, type_=Float).label("south"),
        func.ST_XMax(here.outline, type_=Float).label("east"),
        func.ST_YMax(here.outline, type_=Float).label("north"),
    ).where(here.type == type_, here.code.in_(codes))


def shapes(names: Sequence[TerritoryName]) -> Select[*tuple[Any, ...]]:
    """The outlines of the communes of `communes`, as GeoJSON, fifty metres simpler."""
    return communes(names).with_only_columns(
        listed.c.code,
        func.ST_AsGeoJSON(
            func.ST_SimplifyPreserveTopology(listed.c.outline, SIMPLER_DEGREES), 5, type_=Text
        ).label("outline"),
    )
