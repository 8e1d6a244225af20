"""Every table of the application, so that Alembic sees them all."""

from geoservice.auth import model as auth
from geoservice.consent import model as consent
from geoservice.db.base import Base
from geoservice.duplicates import model as duplicates
from geoservice.embed import model as embed
from geoservice.imports import model as imports
from geoservice.links import model as links
from geoservice.mail import model as mail
from geoservice.mediators import model as mediators
from geoservice.news import model as news
from geoservice.permanences import model as permanences
from geoservice.places import model as places
from geoservice.quality import model as quality
from geoservice.teams import model as teams
from geoservice.territories import model as territories

__all__ = [
    "ALL_TABLES",
    "auth",
    "consent",
    "duplicates",
    "embed",
    "imports",
    "links",
    "mail",
    "mediators",
    "news",
    "permanences",
    "places",
    "quality",
    "teams",
    "territories",
]

ALL_TABLES = Base.metadata.tables.values()
