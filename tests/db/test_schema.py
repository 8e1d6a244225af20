from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import Engine, NullPool, create_engine, text

from geoservice.db import schema
from geoservice.db import server as servers
from geoservice.db.schema import SchemaProblem
from geoservice.db.server import Server, ServerProblem
from geoservice.settings import Settings


def test_the_models_say_what_the_migrations_made(engine: Engine) -> None:
    with engine.connect() as connection:
        command.check(schema.config(connection=connection))


def test_migrations_go_up_down_and_up_again(server: Server, engine: Engine) -> None:
    with engine.connect() as connection:
        connection.execution_options(isolation_level="AUTOCOMMIT").execute(
            text("CREATE DATABASE up_and_down")
        )
    other = Server(
        *(url.set(database="up_and_down") for url in (server.owner, server.app, server.public))
    )
    second = create_engine(other.owner, poolclass=NullPool)
    try:
        schema.migrate(other)
        with second.connect() as connection:
            command.downgrade(schema.config(connection=connection), "base")
        schema.migrate(other)
        with second.connect() as connection:
            command.check(schema.config(connection=connection))
    finally:
        second.dispose()
        with engine.connect() as connection:
            connection.execution_options(isolation_level="AUTOCOMMIT").execute(
                text("DROP DATABASE up_and_down WITH (FORCE)")
            )


def test_a_base_of_a_newer_version_is_refused_and_left_alone(
    server: Server, engine: Engine
) -> None:
    with engine.begin() as connection:
        before = connection.scalar(text("SELECT version_num FROM alembic_version"))
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    try:
        with pytest.raises(SchemaProblem, match="version plus récente"):
            schema.migrate(server)
    finally:
        with engine.begin() as connection:
            connection.execute(
                text("UPDATE alembic_version SET version_num = :before"), {"before": before}
            )


def test_a_server_out_of_reach_is_said_without_its_password(tmp_path: Path) -> None:
    settings = Settings(
        _env_file=None,  # pyright: ignore[reportCallIssue] - pydantic-settings' own parameter
        database_url="postgresql://someone:secret-word@127.0.0.1:1/none",
    )
    with (
        pytest.raises(ServerProblem, match="Impossible de se connecter") as refused,
        servers.running(settings) as server,
    ):
        schema.migrate(server)
    assert "secret-word" not in str(refused.value)


def test_a_server_given_by_address_is_used_instead(server: Server) -> None:
    settings = Settings(
        _env_file=None,  # pyright: ignore[reportCallIssue] - pydantic-settings' own parameter
        database_url=Server.conninfo(server.owner),
    )
    with servers.running(settings) as given:
        schema.migrate(given)
        engine = create_engine(given.public, poolclass=NullPool)
        with engine.connect() as connection:
            assert connection.scalar(text("SELECT current_user")) == "geoservice_public"
        engine.dispose()
