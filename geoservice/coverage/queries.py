"""Where people live, and where the places that answer a question are."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Float,
    Select,
    Text,
    case,
    false,
    func,
    or_,
    select,
    text,
    true,
)

from geoservice.db.versions import CURRENT
from geoservice.geo import LonLat
from geoservice.search import answers
from geoservice.search.answers import Resolved
from geoservice.search.queries import places
from geoservice.search.question import TerritoryName
from geoservice.teams.naming import PERIMETER
from geoservice.teams.perimeters import holds_commune
from geoservice.territories.queries import territories as listed

Points = Select[*tuple[Any, ...]]
"""One row, of one geography: `points`. Nothing where there are none."""

SIMPLER_DEGREES = 0.0005

VERSION = text(CURRENT)


def communes(names: Sequence[TerritoryName]) -> Select[*tuple[Any, ...]]:
    """Today's communes inside any of the territories; all of them without one."""
    here = listed.c
    statement = select(
        here.code,
        here.name,
        here.departement,
        here.epci,
        here.population,
    ).where(here.type == "commune", here.successor.is_(None))
    if names:
        statement = statement.where(or_(false(), *(inside(name) for name in names)))
    return statement.order_by(here.code)


def former() -> Select[str, str]:
    """Communes that were joined to another: their outlines are still their own, their people are not."""
    here = listed.c
    return select(here.code, here.successor).where(
        here.type == "commune", here.successor.is_not(None)
    )


def commune_at(lon: float, lat: float) -> Select[*tuple[Any, ...]]:
    """The commune whose outline holds a point; no row for one that is not on Earth."""
    here = listed.c
    point = func.ST_SetSRID(func.ST_MakePoint(lon, lat), 4326)
    return (
        select(here.code, here.name, here.departement, here.code.label("commune"))
        .where(here.type == "commune", func.ST_Intersects(here.outline, point))
        .order_by(here.code)
        .limit(1)
    )


def inside(name: TerritoryName) -> ColumnElement[bool]:
    if name.type == PERIMETER:
        return holds_commune(name.code, listed.c.code)
    column = {"commune": "code"}.get(name.type, name.type)
    return listed.c[column] == name.code


def counts(resolved: Resolved) -> Select[*tuple[Any, ...]]:
    """Of the places that answer, in each commune: how many, and how many without position."""
    return (
        _everywhere(resolved)
        .with_only_columns(
            places.c.code_insee,
            func.count().label("places"),
            func.count().filter(places.c.point.is_(None)).label("unplaced"),
        )
        .group_by(places.c.code_insee)
    )


def distances(names: Sequence[TerritoryName], there: Points) -> Select[*tuple[Any, ...]]:
    """Metres on the ellipsoid from each of `communes`, in their order, to the nearest point of `there`.

    All the points as one geography: PostGIS keeps its tree of circles from commune to commune, and
    the cost is the same whatever the filters. The index of the places would be walked past all those
    that a filter leaves out.
    """
    nearest = there.subquery("there")
    metres = func.ST_Distance(func.geography(listed.c.point), nearest.c.points, type_=Float)
    return communes(names).with_only_columns(metres).join_from(listed, nearest, true())


def answering(resolved: Resolved) -> Points:
    """Wherever they are: help may be near, beyond the border."""
    points = func.geography(func.ST_Collect(places.c.point)).label("points")
    return _everywhere(resolved).with_only_columns(points)


def only(point: LonLat) -> Points:
    return select(func.geography(func.ST_Point(*point, 4326)).label("points"))


def _everywhere(resolved: Resolved) -> Select[*tuple[Any, ...]]:
    return answers.statement_for(replace(resolved, territories=())).order_by(None)


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
    """The outlines of the communes of `communes` and of those joined to them, as GeoJSON, fifty metres simpler."""
    former = listed.alias("former")
    joined = (
        select(former.c.successor, func.ST_Collect(former.c.outline).label("outline"))
        .where(former.c.type == "commune", former.c.successor.is_not(None))
        .group_by(former.c.successor)
        .subquery("joined")
    )
    # of the few only: to unite costs more than to read
    whole = case(
        (joined.c.outline.is_(None), listed.c.outline),
        else_=func.ST_Union(listed.c.outline, joined.c.outline),
    )
    return (
        communes(names)
        .with_only_columns(
            listed.c.code,
            func.ST_AsGeoJSON(
                func.ST_SimplifyPreserveTopology(whole, SIMPLER_DEGREES), 5, type_=Text
            ).label("outline"),
        )
        .outerjoin_from(listed, joined, joined.c.successor == listed.c.code)
    )
