"""Every page that search engines may list, a file at a time."""

from typing import Any

from sqlalchemy import Select, func, select

from geoservice.search.queries import places
from geoservice.territories.queries import territories


def last_place() -> Select[int]:
    """The highest key of a place that anyone may see."""
    return select(func.coalesce(func.max(places.c.id), 0))


def places_between(first_id: int, last_id: int) -> Select[Any, Any]:
    """Keys keep a place in the same file whatever comes and goes; bounds included."""
    here = places.c
    return (
        select(here.public_id, here.changed_at)
        .where(here.id.between(first_id, last_id))
        .order_by(here.id)
    )


def territory_count() -> Select[int]:
    return select(func.count()).select_from(territories).where(territories.c.successor.is_(None))


def some_territories(offset: int, limit: int) -> Select[Any, Any]:
    """Former communes have no page: theirs leads to the commune that they are part of."""
    here = territories.c
    return (
        select(here.type, here.code)
        .where(here.successor.is_(None))
        .order_by(here.type, here.code)
        .offset(offset)
        .limit(limit)
    )
