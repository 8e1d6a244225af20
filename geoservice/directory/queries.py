"""Mediators who agreed: for pages, those that anyone may see; for data, those that may be copied.

Both views leave out every contact whose agreement is not in force (migration 0012).
"""

from typing import Any

from sqlalchemy import (
    ARRAY,
    Column,
    Float,
    Integer,
    Select,
    Table,
    Text,
    bindparam,
    cast,
    func,
    or_,
    select,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY as PG_ARRAY
from sqlalchemy.sql.base import ReadOnlyColumnCollection

from geoservice.db.base import views
from geoservice.directory.presence import Presences
from geoservice.directory.question import MediatorQuery
from geoservice.places.model import UTC_MOMENT
from geoservice.search import answers
from geoservice.search.question import DEPTH_MAX


def _columns() -> tuple[Column[Any], ...]:
    return (
        Column("id", Integer),
        *(Column(name, Text) for name in ("public_id", "role", "employer")),
        *(Column(name, ARRAY(Text)) for name in ("skills", "languages", "publics")),
        *(Column(name, Text) for name in ("given_name", "family_name", "norm", "summary")),
        *(Column(name, Text) for name in ("mail", "phone", "booking_url")),
        Column("changed_at", UTC_MOMENT),
    )


ON_PAGES = Table("mediators", views, *_columns())
AS_DATA = Table("reusable_mediators", views, *_columns())
worked = Table(
    "mediator_places", views, Column("mediator_id", Integer), Column("place_id", Integer)
)


def chosen(
    query: MediatorQuery, resolved: answers.Resolved, view: Table, present: Presences | None = None
) -> Select[Any]:
    """Everyone who answers, in order, with `distance_m` to the nearest place where they work.

    With `present`, to the nearest place where they are then. None when no point was asked for.
    """
    here = view.c
    statement = select(*(column for column in here if column.name != "norm"))
    distance: Any = cast(None, Float)
    if query.is_about_places:
        places = answers.statement_for(resolved).order_by(None).subquery("places_that_answer")
        at = worked.c if present is None else _there(present, view)
        nearest = (
            select(at.mediator_id, func.min(places.c.distance_m).label("distance_m"))
            .join(places, places.c.id == at.place_id)
            .group_by(at.mediator_id)
            .subquery("nearest")
        )
        statement = statement.join_from(view, nearest, nearest.c.mediator_id == here.id)
        distance = nearest.c.distance_m
    if query.words:
        asked = func.norm(query.words)
        statement = statement.where(
            or_(here.norm.op("%>")(asked), func.norm(here.employer).op("%>")(asked))
        )
    for column, values in query.listed.items():
        several = here[column].op("&&")(cast(list(values), PG_ARRAY(Text)))
        statement = statement.where(here.role.in_(values) if column == "role" else several)
    orders: dict[str, Any] = {
        "distance": distance,
        "nom": here.norm.nulls_last(),
        "mise_a_jour": here.changed_at.desc(),
    }
    return statement.add_columns(distance.label("distance_m")).order_by(
        orders[resolved.sort], here.norm.nulls_last(), here.id
    )


def _there(present: Presences, view: Table) -> ReadOnlyColumnCollection[str, Any]:
    """Who is where, among those whom the view may tell of."""
    known = present.on_pages if view is ON_PAGES else present.as_data
    pairs = func.unnest(
        cast(list(known), PG_ARRAY(Integer)), cast(list(present.places), PG_ARRAY(Integer))
    )
    return pairs.table_valued("mediator_id", "place_id", name="present").render_derived().c


def count(statement: Select[Any]) -> Select[int]:
    """How many, up to one more than anyone may read."""
    return select(func.count()).select_from(
        statement.order_by(None).limit(DEPTH_MAX + 1).subquery()
    )


def one(public_id: str, view: Table) -> Select[Any]:
    return select(
        *(column for column in view.c if column.name != "norm"),
        cast(None, Float).label("distance_m"),
    ).where(view.c.public_id == public_id)


PLACES = text(
    """
    SELECT worked.mediator_id, place.public_id, place.name, place.address, place.postal_code,
      place.commune, ST_X(place.point) AS lon, ST_Y(place.point) AS lat
    FROM public_view.mediator_places worked
    JOIN public_view.places place ON place.id = worked.place_id
    WHERE worked.mediator_id = ANY (:mediators)
    ORDER BY worked.mediator_id, place.norm, place.id
    """
).bindparams(bindparam("mediators", type_=ARRAY(Integer)))
"""Where each of them works."""

HAS_LEFT = text("SELECT EXISTS (SELECT FROM public_view.former_mediators WHERE public_id = :id)")

CHANGES = text(
    """
    SELECT public_id, changed_at, is_visible FROM public_view.mediator_changes
    WHERE (changed_at, public_id) > (:since, :after) AND changed_at <= :until
    ORDER BY changed_at, public_id LIMIT :limit
    """
)
"""Of those who were once in the data, and of nobody else; leavings included."""

AMONG = text(
    "SELECT *, NULL AS distance_m FROM public_view.reusable_mediators WHERE public_id = ANY (:ids)"
).bindparams(bindparam("ids", type_=ARRAY(Text)))

FOLLOWING = text(
    "SELECT *, NULL AS distance_m FROM public_view.reusable_mediators WHERE id > :after"
    " ORDER BY id LIMIT :limit"
)
"""A batch of those who agreed that it be re-used: asked for one by one, nobody waits for a slow reader."""

GONE = text(
    """
    SELECT public_id, changed_at FROM public_view.mediator_changes WHERE NOT is_visible
    ORDER BY changed_at DESC, public_id LIMIT :limit
    """
)
"""Those who were once in the data and are no more, the latest first."""
