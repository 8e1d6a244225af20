"""Brings the database to the version that this code expects."""

import psycopg
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import NullPool, create_engine

from geoservice.db import server as servers
from geoservice.paths import PACKAGE


class SchemaProblem(Exception):
    """Why the database could not be brought up to date, in French."""


def config(**attributes: object) -> Config:
    chosen = Config()
    chosen.set_main_option("script_location", str(PACKAGE / "migrations"))
    chosen.attributes.update(attributes)
    return chosen


def migrate(server: servers.Server, revision: str = "head") -> None:
    """Raises SchemaProblem, ServerProblem; a migration that fails leaves the base as it was."""
    servers.check(server)
    engine = create_engine(server.owner, poolclass=NullPool)
    with engine.connect() as connection:
        scripts = ScriptDirectory.from_config(config())
        known = {script.revision for script in scripts.walk_revisions()}
        current = MigrationContext.configure(connection).get_current_revision()
        if current is not None and current not in known:
            raise SchemaProblem(
                f"La base a été mise à jour par une version plus récente du service (étape {current}). "
                "Lancez cette version plus récente, ou restaurez une sauvegarde de la base."
            )
        connection.rollback()
        if current == scripts.get_current_head() and revision == "head":
            return
        try:
            command.upgrade(config(connection=connection), revision)
        except Exception as error:
            if isinstance(getattr(error, "orig", error), psycopg.errors.DiskFull):
                raise SchemaProblem(DISK_FULL) from None
            raise


DISK_FULL = "Le disque de la base est plein. Libérez de la place, puis recommencez : rien n’a été écrit à moitié."
