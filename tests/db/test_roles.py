"""Three roles: what each may, tried by connecting as it."""

import psycopg
import pytest
from sqlalchemy import Engine, text

from geoservice.db.server import Server


def tables(engine: Engine, schema: str, kinds: str) -> list[str]:
    with engine.connect() as connection:
        return list(
            connection.execute(
                text(
                    "SELECT relname FROM pg_class JOIN pg_namespace n ON n.oid = relnamespace"
                    f" WHERE nspname = :schema AND relkind IN ({kinds})"
                    " AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = pg_class.oid AND deptype = 'e')"
                ),
                {"schema": schema},
            ).scalars()
        )


def test_the_public_role_is_refused_on_every_table(server: Server, engine: Engine) -> None:
    for table in tables(engine, "public", "'r', 'p', 'v', 'm'"):
        with (
            psycopg.connect(Server.conninfo(server.public)) as connection,
            pytest.raises(psycopg.errors.InsufficientPrivilege),
        ):
            connection.execute(f"SELECT * FROM public.{table} LIMIT 1")  # pyright: ignore


def test_the_public_role_reads_every_public_view(server: Server, engine: Engine) -> None:
    views = tables(engine, "public_view", "'v'")
    assert views
    with psycopg.connect(Server.conninfo(server.public)) as connection:
        for view in views:
            connection.execute(f"SELECT * FROM public_view.{view} LIMIT 1")  # pyright: ignore


def test_the_public_role_writes_nowhere(server: Server, engine: Engine) -> None:
    for view in tables(engine, "public_view", "'v'"):
        with (
            psycopg.connect(Server.conninfo(server.public)) as connection,
            pytest.raises(psycopg.Error),
        ):
            connection.execute(f"DELETE FROM public_view.{view}")  # pyright: ignore


def test_the_public_role_creates_nothing(server: Server) -> None:
    with (
        psycopg.connect(Server.conninfo(server.public)) as connection,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        connection.execute("CREATE TABLE public.mine (id integer)")


def test_the_app_role_reads_and_writes_places_but_changes_no_table(server: Server) -> None:
    with psycopg.connect(Server.conninfo(server.app)) as connection:
        connection.execute("UPDATE places SET name = name WHERE false")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("DROP TABLE places")
