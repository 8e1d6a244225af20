"""Statements of the exports: every place a few at a time, and what changed since a moment."""

from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ColumnElement,
    Date,
    DateTime,
    Float,
    Integer,
    Select,
    Table,
    Text,
    cast,
    func,
    select,
    tuple_,
)

from geoservice import clock
from geoservice.db.base import views
from geoservice.search.queries import places, visible

changes = Table(
    "changes",
    views,
    Column("id", Integer),
    Column("public_id", Text),
    Column("name", Text),
    Column("commune", Text),
    Column("changed_at", DateTime(timezone=True)),
    Column("is_visible", Boolean),
    Column("merged_into", Text),
)
versions = Table("data_versions", views, Column("dataset", Text), Column("version", BigInteger))


def everything() -> Select[Any]:
    """The places that anyone may see, at no distance from anywhere."""
    return visible().add_columns(cast(None, Float).label("distance_m"))


def following(last_id: int, limit: int) -> Select[Any]:
    """The places that anyone may see, in the order of their keys, from the one after `last_id`.

    Batches are asked for one by one, so that no connection waits for whoever downloads slowly.
    """
    return everything().where(places.c.id > last_id).order_by(places.c.id).limit(limit)


def version() -> Select[int]:
    """Raised by every change of the places."""
    return select(versions.c.version).where(versions.c.dataset == "places")


def changed_after(moment: datetime, last_id: int, until: datetime, limit: int) -> Select[Any]:
    """Places that changed after (`moment`, `last_id`) and before `until`, oldest change first."""
    here = changes.c
    return (
        select(changes)
        .where(tuple_(here.changed_at, here.id) > tuple_(moment, last_id), here.changed_at < until)
        .order_by(here.changed_at, here.id)
        .limit(limit)
    )


def among(ids: list[int]) -> Select[Any]:
    return everything().where(places.c.id.in_(ids))


def complete_until() -> Select[datetime]:
    """Every change that started before this moment can be read: nothing older is still to come.

    A long import writes its changes with the moment of its start, and shows them at its end.
    """
    return select(func.public_view.changes_complete_until(type_=DateTime(timezone=True)))


def a_year_ago() -> ColumnElement[Any]:
    return cast(clock.today(), Date) - func.make_interval(1)


def freshness() -> Select[Any]:
    """How many places, how many that a source looked at within a year, and the latest such day."""
    here = places.c
    counted: Select[Any] = select(
        func.count().label("total"),
        func.count().filter(here.updated_on > a_year_ago()).label("looked_at_this_year"),
        func.max(here.changed_at).label("changed_at"),
    ).select_from(places)  # pyright: ignore[reportAssignmentType] - three columns, told as one row
    return counted
