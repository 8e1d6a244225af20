"""From a question to statements: which places answer, in which order, how many.

Every public surface starts from `visible()`, so a place hidden here is hidden everywhere.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Float,
    Select,
    Table,
    any_,
    cast,
    false,
    func,
    literal,
    literal_column,
    or_,
    select,
    text,
    true,
)
from sqlalchemy.dialects.postgresql import ARRAY, INTEGER, TEXT

from geoservice.db.base import views
from geoservice.geo import LonLat
from geoservice.places.fields import FIELDS
from geoservice.places.masks import ACCESSIBLE, BITS, BOOKABLE, bits_of
from geoservice.places.model import UTC_MOMENT, Place, Source
from geoservice.search.opening import OpenSchedules
from geoservice.search.question import DEPTH_MAX, PlaceQuery, TerritoryName
from geoservice.teams.naming import PERIMETER
from geoservice.teams.perimeters import contains
from geoservice.territories.queries import territories as listed_territories

SCAN_MAX = 20_000
"""Around a point, no more than this many of the nearest places are looked at."""

places = Table("places", views, *(Column(c.name, c.type) for c in Place.__table__.columns))
sources = Table("sources", views, *(Column(c.name, c.type) for c in Source.__table__.columns))
former_places = Table(
    "former_places",
    views,
    *(Column(name, TEXT) for name in ("public_id", "name", "commune", "merged_into")),
    Column("withdrawn_at", UTC_MOMENT),
)

COMPUTED = {"lon", "lat"}


def told() -> list[ColumnElement[Any]]:
    """Every column that may be told of a place."""
    here = places.c
    return [
        here.id,
        here.public_id,
        *(here[field.column] for field in FIELDS if field.column not in COMPUTED),
        func.ST_X(here.point, type_=Float).label("lon"),
        func.ST_Y(here.point, type_=Float).label("lat"),
        here.departement,
        here.schedule_id,
        here.provenance,
        here.changed_at,
    ]


def visible() -> Select[Any]:
    """The places anyone may see."""
    return select(*told()).select_from(places)


def geography(point: LonLat) -> ColumnElement[Any]:
    return func.ST_MakePoint(point.lon, point.lat).op("::")(text("geography"))


def within(centre: LonLat, radius_m: float) -> ColumnElement[bool]:
    return func.ST_DWithin(places.c.on_earth, geography(centre), radius_m)


def distance_m(centre: LonLat) -> ColumnElement[float]:
    """Metres on the ellipsoid, as the crow flies."""
    return func.ST_Distance(places.c.on_earth, geography(centre), type_=Float)


def conditions(
    query: PlaceQuery,
    territories: tuple[TerritoryName, ...],
    present: Sequence[int] | None,
) -> list[ColumnElement[bool]]:
    """What a place must satisfy, distance and hours apart; in any one of the `territories`.

    `present` are the ids of the places where a mediator is, when the question is about that.
    """
    here = places.c
    wanted: list[ColumnElement[bool]] = [
        here[BITS[column].mask].op("&")(bits_of(column, values)) != 0
        for column, values in query.categories.items()
    ]
    if query.accessible:
        wanted.append(here.mask.op("&")(ACCESSIBLE) != 0)
    if query.bookable:
        wanted.append(here.mask.op("&")(BOOKABLE) != 0)
    if query.typologies:
        wanted.append(here.typologies.op("&&")(cast(list(query.typologies), ARRAY(TEXT))))
    if query.sources:
        wanted.append(from_sources(query.sources))
    if territories:
        wanted.append(or_(*(inside(name) for name in territories)))
    if query.words:
        wanted.append(saying(query.words))
    if present is not None:
        wanted.append(here.id == any_(cast(list(present), ARRAY(INTEGER))))
    if query.picked:
        wanted.append(here.public_id == any_(cast(list(query.picked), ARRAY(TEXT))))
    if query.box:
        wanted.append(here.point.op("&&")(func.ST_MakeEnvelope(*query.box, 4326)))
    return wanted


def inside(name: TerritoryName) -> ColumnElement[bool]:
    here, listed = places.c, listed_territories.c
    if name.type == PERIMETER:
        return contains(name.code, here.code_insee, here.point)
    if name.type == "commune":
        return here.code_insee == name.code
    if name.type == "departement":
        return here.departement == name.code
    if name.type == "region":
        return here.departement.in_(
            select(listed.code).where(listed.type == "departement", listed.region == name.code)
        )
    return here.code_insee.in_(
        select(listed.code).where(listed.type == "commune", listed.epci == name.code)
    )


def saying(words: str) -> ColumnElement[bool]:
    """All the words, each whole or begun; or something much like them in the name or address."""
    begun = func.regexp_replace(func.norm(words), r"(\S+)(\s|$)", r"\1:* & ", "g")
    asked = func.to_tsquery("simple", func.rtrim(begun, " &"))
    return or_(places.c.words.op("@@")(asked), places.c.norm.op("%>")(func.norm(words)))


def from_sources(names: tuple[str, ...]) -> ColumnElement[bool]:
    stated = func.jsonb_path_query_array(
        places.c.provenance, literal_column("'$.*.source'::jsonpath")
    )
    return stated.op("?|")(cast(list(names), ARRAY(TEXT)))


def chosen(
    query: PlaceQuery,
    centre: LonLat | None,
    radius_m: float,
    territories: tuple[TerritoryName, ...],
    present: Sequence[int] | None,
) -> Select[Any]:
    """The places that answer, hours apart, in no order yet; adds `distance_m`, None without centre."""
    statement = visible().where(*conditions(query, territories, present))
    if centre is None:
        return statement.add_columns(cast(None, Float).label("distance_m"))
    return statement.add_columns(distance_m(centre).label("distance_m")).where(
        within(centre, radius_m)
    )


def page_around(
    conditions: Sequence[ColumnElement[bool]],
    centre: LonLat,
    radius_m: float,
    schedules: OpenSchedules | None,
    *,
    include_unknown: bool,
    sort: str,
    limit: int,
    offset: int,
) -> Select[Any]:
    """One page of the places around a point, and how many there are, in one look at the circle.

    Adds `distance_m`, `total`, `unknown_hours` and `scanned` (at most SCAN_MAX places, the nearest).
    Past the last page, one row tells the totals and its `public_id` is None.
    """
    here = places.c
    answers, unknown = true(), false()
    if schedules is not None:
        answers = open_then(schedules, include_unknown=include_unknown)
        unknown = unknown_hours(schedules)
    near = (
        select(
            here.id,
            here.norm,
            here.updated_on,
            distance_m(centre).label("distance_m"),
            answers.label("answers"),
            unknown.label("unknown"),
        )
        .where(within(centre, radius_m), *conditions)
        .order_by(here.on_earth.op("<->")(geography(centre)))
        .limit(SCAN_MAX)
        .cte("near")
    )
    totals = select(
        func.count().label("scanned"),
        func.count().filter(near.c.answers).label("total"),
        func.count().filter(near.c.unknown).label("unknown_hours"),
    ).select_from(near)
    orders: dict[str, Any] = {
        "distance": near.c.distance_m,
        "nom": near.c.norm,
        "mise_a_jour": near.c.updated_on.desc().nulls_last(),
    }
    page = (
        select(
            near.c.id,
            near.c.distance_m,
            func.row_number().over(order_by=(orders[sort], near.c.id)).label("rank"),
        )
        .where(near.c.answers)
        .order_by(orders[sort], near.c.id)
        .limit(limit)
        .offset(offset)
        .subquery("page")
    )
    counted = totals.subquery("counted")
    shown = page.join(places, here.id == page.c.id)
    return (
        select(*told(), page.c.distance_m, *counted.c)
        .select_from(counted.outerjoin(shown, true()))
        .order_by(page.c.rank)
    )


def open_then(schedules: OpenSchedules, *, include_unknown: bool) -> ColumnElement[bool]:
    """Open at the moments that were asked about, by appointment or not."""
    is_open = _one_of(schedules.open)
    return or_(is_open, unknown_hours(schedules)) if include_unknown else is_open


def unknown_hours(schedules: OpenSchedules) -> ColumnElement[bool]:
    """Nobody knows whether the place is open then."""
    return or_(places.c.schedule_id.is_(None), _one_of(schedules.unknown))


def _one_of(ids: Sequence[int]) -> ColumnElement[bool]:
    """False for a place without schedule, where SQL would say NULL. PostgreSQL hashes long arrays."""
    return func.coalesce(places.c.schedule_id == any_(cast(list(ids), ARRAY(INTEGER))), False)


ORDERS: dict[str, tuple[Any, Any]] = {
    "distance": (literal_column("distance_m"), places.c.id),
    "nom": (places.c.norm, places.c.id),
    "mise_a_jour": (places.c.updated_on.desc().nulls_last(), places.c.id),
}


def count(statement: Select[Any]) -> Select[int]:
    """How many, up to one more than anyone may read."""
    counted = statement.order_by(None).with_only_columns(literal(1)).limit(DEPTH_MAX + 1).subquery()
    return select(func.count()).select_from(counted)


def source_titles() -> Select[Any, Any]:
    return select(sources.c.name, sources.c.title)


def all_sources() -> Select[Any]:
    return select(sources).order_by(sources.c.name).limit(500)


def found(public_id: str) -> Select[Any]:
    return (
        visible()
        .add_columns(cast(None, Float).label("distance_m"))
        .where(places.c.public_id == public_id)
    )


def known(public_ids: Sequence[str]) -> Select[str]:
    """Those that places bear."""
    asked = cast(list(public_ids), ARRAY(TEXT))
    return select(places.c.public_id).where(places.c.public_id == any_(asked))


def former(public_id: str) -> Select[Any]:
    """A place that was withdrawn or merged: its name, and the id of its heir if it has one."""
    return select(former_places).where(former_places.c.public_id == public_id)
