"""Every table of the application, so that Alembic sees them all."""

from geoservice.db.base import Base
from geoservice.imports import model as imports
from geoservice.places import model as places
from geoservice.territories import model as territories

__all__ = ["ALL_TABLES", "imports", "places", "territories"]

ALL_TABLES = Base.metadata.tables.values()
