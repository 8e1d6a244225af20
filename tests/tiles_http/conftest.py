"""A base of our own, whose changes are committed, and the tiles of it over ASGI."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Iterator
from contextlib import asynccontextmanager

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import Engine, NullPool, create_engine, text
from starlette.middleware import Middleware

from geoservice.db import schema
from geoservice.db.server import Server
from geoservice.settings import Settings
from geoservice.tiles import routes
from geoservice.tiles.application import TileServer, TilesFirst
from geoservice.web import refusals
from geoservice.web.database import Engines

Get = Callable[..., httpx.Response]


@pytest.fixture(scope="session")
def base(server: Server) -> Server:
    """An empty database beside the others."""
    engine = create_engine(server.owner, poolclass=NullPool, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text("CREATE DATABASE tiles"))
    engine.dispose()
    ours = Server(*(url.set(database="tiles") for url in (server.owner, server.app, server.public)))
    schema.migrate(ours)
    return ours


@pytest.fixture
def owner(base: Server) -> Iterator[Engine]:
    """Of a base without places or territories."""
    engine = create_engine(base.owner, poolclass=NullPool)
    yield engine
    with engine.begin() as connection:
        connection.execute(text("TRUNCATE places, territories CASCADE"))
        connection.execute(text("DELETE FROM sources"))
        connection.execute(text("SELECT refresh_territory_outlines()"))
    engine.dispose()


@asynccontextmanager
async def running(base: Server, settings: Settings) -> AsyncGenerator[httpx.AsyncClient]:
    """The tiles as the application serves them, in this process."""
    engines = Engines.of(base, settings)
    app = FastAPI(middleware=[Middleware(TilesFirst)])
    app.state.tiles = TileServer(base, settings, engines.public)
    app.include_router(routes.router)
    refusals.install(app)
    app.state.tiles.start()
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://carte.example") as client:
        yield client
    await app.state.tiles.stop()
    await engines.dispose()


@pytest.fixture
def tile_settings(settings: Settings) -> Settings:
    return settings.model_copy(update={"connections": 4, "tile_max_age_s": 60})


@pytest.fixture
def get(base: Server, owner: Engine, tile_settings: Settings) -> Iterator[Get]:
    """Ask one address of the tiles; headers by keyword, «_» for «-»."""
    with asyncio.Runner() as runner:
        service = running(base, tile_settings)
        client = runner.run(service.__aenter__())
        runner.run(asyncio.sleep(0.1))  # until it listens

        def ask(address: str, **headers: str) -> httpx.Response:
            runner.run(asyncio.sleep(0.02))  # what PostgreSQL needs to announce a change
            named = {name.replace("_", "-"): value for name, value in headers.items()}
            return runner.run(client.get(address, headers=named))

        yield ask
        runner.run(service.__aexit__(None, None, None))
