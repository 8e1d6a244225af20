"""Alembic's entry: the connection comes from `db.schema`, the tables from `tables`."""

from typing import Any

from alembic import context

from geoservice.db.base import Base, views
from geoservice.tables import ALL_TABLES

OURS = {table.name for table in ALL_TABLES}


def include_name(name: str | None, type_: str, parents: Any) -> bool:
    """Other people's tables (PostGIS, procrastinate) are not compared."""
    if type_ == "table":
        return name in OURS
    return not (type_ == "schema" and name == views.schema)


connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=Base.metadata,
    include_name=include_name,
    compare_type=True,
    transaction_per_migration=True,
)
with context.begin_transaction():
    context.run_migrations()
