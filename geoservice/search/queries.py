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
    cast,
    func,
    literal,
    literal_column,
    or_,
    select,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, INTEGER, TEXT

from geoservice.db.base import views
from geoservice.geo import LonLat
from geoservice.places.fields import FIELDS
from geoservice.places.masks import ACCESSIBLE, BITS, BOOKABLE, bits_of
from geoservice.places.model import UTC_MOMENT, Place, Source
from geoservice.search.opening import OpenSchedules
from geoservice.search.question import DEPTH_MAX, PlaceQuery, TerritoryName
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


def visible() -> Select[Any]:
    """Every column that may be told of the places anyone may see."""
    here = places.c
    return select(
        here.id,
        here.public_id,
        *(here[field.column] for field in FIELDS if field.column not in COMPUTED),
        func.ST_X(here.point, type_=Float).label("lon"),
        func.ST_Y(here.point, type_=Float).label("lat"),
        here.departement,
        here.schedule_id,
        here.provenance,
        here.changed_at,
    ).select_from(places)


def geography(point: LonLat) -> ColumnElement[Any]:
    return func.ST_MakePoint(point.lon, point.lat).op("::")(text("geography"))


def near(chosen: Select[Any], centre: LonLat, radius_m: float) -> Select[Any]:
    """Keep the places at most `radius_m` metres from `centre`; adds `distance_m`, on the ellipsoid."""
    here = geography(centre)
    distance_m = func.ST_Distance(places.c.on_earth, here, type_=Float).label("distance_m")
    return chosen.add_columns(distance_m).where(func.ST_DWithin(places.c.on_earth, here, radius_m))


def nearest(centre: LonLat, radius_m: float) -> ColumnElement[bool]:
    """Membership of the SCAN_MAX nearest places: a rare filter must not walk the whole country."""
    here = geography(centre)
    scanned = (
        select(places.c.id)
        .where(func.ST_DWithin(places.c.on_earth, here, radius_m))
        .order_by(places.c.on_earth.op("<->")(here))
        .limit(SCAN_MAX)
    )
    return places.c.id.in_(scanned)


def conditions(
    query: PlaceQuery, territories: tuple[TerritoryName, ...]
) -> list[ColumnElement[bool]]:
    """What a place must satisfy, distance and hours apart; in any one of the `territories`."""
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
    if query.box:
        wanted.append(here.point.op("&&")(func.ST_MakeEnvelope(*query.box, 4326)))
    return wanted


def inside(name: TerritoryName) -> ColumnElement[bool]:
    here, listed = places.c, listed_territories.c
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
    stated = func.jsonb_path_query_array(places.c.provenance, literal_column("'$.*.source'::jsonpath"))
    return stated.op("?|")(cast(list(names), ARRAY(TEXT)))


def chosen(
    query: PlaceQuery,
    centre: LonLat | None,
    radius_m: float,
    territories: tuple[TerritoryName, ...],
) -> Select[Any]:
    """The places that answer, in no order yet."""
    statement = visible().where(*conditions(query, territories))
    if centre is None:
        return statement.add_columns(cast(None, Float).label("distance_m"))
    statement = near(statement, centre, radius_m)
    if query.words:  # few places say these words: their index comes first
        return statement
    return statement.where(nearest(centre, radius_m))


def open_then(schedules: OpenSchedules, *, include_unknown: bool) -> ColumnElement[bool]:
    """Open at the moments that were asked about, by appointment or not."""
    is_open = places.c.schedule_id.in_(_ids(schedules.open))
    return or_(is_open, unknown_hours(schedules)) if include_unknown else is_open


def unknown_hours(schedules: OpenSchedules) -> ColumnElement[bool]:
    """Nobody knows whether the place is open then."""
    here = places.c.schedule_id
    return or_(here.is_(None), here.in_(_ids(schedules.unknown)))


def _ids(ids: Sequence[int]) -> Any:
    return select(func.unnest(cast(list(ids), ARRAY(INTEGER))))


ORDERS = {
    "distance": (literal_column("distance_m"), places.c.id),
    "nom": (places.c.norm, places.c.id),
    "mise_a_jour": (places.c.updated_on.desc().nulls_last(), places.c.id),
}


def count(statement: Select[Any]) -> Select[tuple[int]]:
    """How many, up to one more than anyone may read."""
    counted = statement.order_by(None).with_only_columns(literal(1)).limit(DEPTH_MAX + 1).subquery()
    return select(func.count()).select_from(counted)


def source_names() -> Select[tuple[str]]:
    return select(sources.c.name)


def source_titles() -> Select[tuple[str, str]]:
    return select(sources.c.name, sources.c.title)


def all_sources() -> Select[Any]:
    return select(sources).order_by(sources.c.name).limit(500)


def found(public_id: str) -> Select[Any]:
    return (
        visible()
        .add_columns(cast(None, Float).label("distance_m"))
        .where(places.c.public_id == public_id)
    )


def former(public_id: str) -> Select[Any]:
    """A place that was withdrawn or merged: its name, and the id of its heir if it has one."""
    return select(former_places).where(former_places.c.public_id == public_id)
