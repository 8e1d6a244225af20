"""A request's connection: anonymous pages read the public views, and nothing else."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request
from sqlalchemy import URL
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from geoservice.db.server import Server
from geoservice.settings import Settings


@dataclass(frozen=True)
class Engines:
    public: AsyncEngine
    app: AsyncEngine

    @classmethod
    def of(cls, server: Server, settings: Settings) -> "Engines":
        def engine(url: URL, timeout_s: int) -> AsyncEngine:
            options = str(url.query.get("options", ""))
            limited = f"{options} -c statement_timeout={timeout_s}s".strip()
            return create_async_engine(
                url.update_query_dict({"options": limited}),
                pool_size=settings.connections,
                max_overflow=0,
                pool_timeout=settings.query_timeout_s,
                pool_pre_ping=True,
                hide_parameters=True,  # what people write stays out of the log
            )

        return cls(
            public=engine(server.public, settings.query_timeout_s),
            app=engine(server.app, settings.query_timeout_s),
        )

    async def dispose(self) -> None:
        await self.public.dispose()
        await self.app.dispose()


async def public_connection(request: Request) -> AsyncIterator[AsyncConnection]:
    engines: Engines = request.app.state.engines
    async with engines.public.connect() as connection:
        yield connection


PublicDb = Annotated[AsyncConnection, Depends(public_connection, scope="function")]


async def app_transaction(request: Request) -> AsyncIterator[AsyncConnection]:
    engines: Engines = request.app.state.engines
    async with engines.app.begin() as connection:
        yield connection


AppDb = Annotated[AsyncConnection, Depends(app_transaction, scope="function")]
"""For signed-in pages and forms: committed before the answer leaves, undone by a refusal."""


def settings_of(request: Request) -> Settings:
    return request.app.state.settings


CurrentSettings = Annotated[Settings, Depends(settings_of)]
