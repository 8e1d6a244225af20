"""Brings the database to the version that this code expects."""

from typing import TYPE_CHECKING

import psycopg

from geoservice.db import server as servers
from geoservice.db.server import Server
from geoservice.db.wording import in_french
from geoservice.paths import PACKAGE

if TYPE_CHECKING:
    from alembic.config import Config  # half a second to import: only when there is work for it

MIGRATIONS = PACKAGE / "migrations"


class SchemaProblem(Exception):
    """Why the database could not be brought up to date, in French."""


def config(**attributes: object) -> "Config":
    from alembic.config import Config

    chosen = Config()
    chosen.set_main_option("script_location", str(MIGRATIONS))
    chosen.attributes.update(attributes)
    return chosen


def migrate(server: Server) -> None:
    """Raises SchemaProblem, ServerProblem; a migration that fails leaves the base as it was."""
    servers.check(server)
    known = sorted(file.name.split("_")[0] for file in (MIGRATIONS / "versions").glob("[0-9]*.py"))
    current = _current(server)
    if current == known[-1]:
        return
    if current is not None and current not in known:
        raise SchemaProblem(
            f"La base a été mise à jour par une version plus récente du service (étape {current}). "
            "Lancez cette version plus récente, ou restaurez une sauvegarde de la base."
        )
    _upgrade(server)


def _current(server: Server) -> str | None:
    with psycopg.connect(Server.conninfo(server.owner)) as connection:
        found = connection.execute("SELECT to_regclass('alembic_version')").fetchone()
        if found is None or found[0] is None:
            return None
        row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
        return row[0] if row else None


def _upgrade(server: Server) -> None:
    from alembic import command
    from sqlalchemy import NullPool, create_engine

    engine = create_engine(server.owner, poolclass=NullPool)
    try:
        with engine.connect() as connection:
            command.upgrade(config(connection=connection), "head")
    except Exception as error:
        if told := in_french(error):
            raise SchemaProblem(told) from None
        raise
    finally:
        engine.dispose()
