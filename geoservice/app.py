"""The wiring, and nothing but the wiring."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, nullcontext

from fastapi import FastAPI
from fastapi.responses import PlainTextResponse
from sqlalchemy import text
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware

from geoservice import __version__, tasks
from geoservice.auth import routes as auth
from geoservice.auth.current import lead_to_sign_in
from geoservice.auth.private import PrivateAnswers
from geoservice.auth.provider import Provider
from geoservice.coverage import routes as coverage
from geoservice.db.server import Server, addresses
from geoservice.directory import routes as directory
from geoservice.duplicates import routes as duplicates
from geoservice.embed import routes as embed
from geoservice.embed.figures import Tally
from geoservice.embed.files import widget_files
from geoservice.exports import routes as exports
from geoservice.imports import routes as imports
from geoservice.jobs import worker
from geoservice.links import routes as links
from geoservice.mail import outbox
from geoservice.mail import routes as mail
from geoservice.mediators import routes as mediators
from geoservice.news import routes as news
from geoservice.paper import routes as paper
from geoservice.permanences import routes as permanences
from geoservice.portraits import routes as portraits
from geoservice.quality import routes as quality
from geoservice.roster import routes as roster
from geoservice.search import routes as search
from geoservice.search.schemas import Probleme
from geoservice.settings import Settings
from geoservice.sitemap import routes as sitemap
from geoservice.teams import routes as teams
from geoservice.tiles import routes as tile_descriptions
from geoservice.tiles.application import TileServer, TilesFirst
from geoservice.web import metrics, pages, refusals
from geoservice.web.database import Engines, PublicDb
from geoservice.web.headers import HeadAsGet, SecurityHeaders
from geoservice.web.static import static_files

DESCRIPTION = """
Les lieux de médiation numérique de France, en données ouvertes, sans clé.

La même question s’écrit de la même façon sur toutes les adresses qui listent des lieux :
`/lieux` (page), `/lieux.json`, `.geojson`, `.csv`, `.xlsx`, `.atom` et les tuiles de la carte.
Une valeur inconnue est une erreur 422 qui dit ce qui est accepté.
"""


def from_environment() -> FastAPI:
    """What uvicorn calls in each of its processes; `geoservice serve` has started the database."""
    settings = Settings.read()
    return create_app(settings, addresses(settings))


def create_app(settings: Settings, server: Server) -> FastAPI:
    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncGenerator[None]:
        engines = app.state.engines = Engines.of(server, settings)
        metrics.watch(engines.public, "public")
        metrics.watch(engines.app, "app")
        tiles = app.state.tiles = TileServer(server, settings, engines.public)
        tiles.start()
        tally = app.state.tally = Tally(engines.app)
        tally.start()
        async with (
            worker.inside(server, settings, tasks.ALL) if settings.worker_inside else nullcontext()
        ):
            yield
        await tiles.stop()
        await tally.stop()
        await engines.dispose()
        metrics.leave()

    app = FastAPI(
        title="Carte de la médiation numérique",
        version=__version__,
        description=DESCRIPTION,
        openapi_url="/api/openapi.json",
        docs_url=None,
        redoc_url=None,
        lifespan=lifespan,
        middleware=[
            Middleware(metrics.Measured),
            Middleware(TilesFirst),
            Middleware(HeadAsGet),
            Middleware(SecurityHeaders),
            Middleware(GZipMiddleware),
            Middleware(PrivateAnswers),
        ],
        separate_input_output_schemas=False,
        responses={422: {"model": Probleme, "description": "La question n’a pas été comprise"}},
    )
    app.state.settings = settings
    app.state.provider = Provider.of(settings)
    refusals.install(app)
    lead_to_sign_in(app)
    app.mount("/statique", static_files(), name="statique")
    app.mount("/w/v1", widget_files(), name="widget")
    app.include_router(tile_descriptions.router)
    app.include_router(exports.api)  # before the list, whose address it shares
    app.include_router(permanences.data)  # before the place, whose address it begins with
    app.include_router(links.public)  # before the place, whose address it begins with
    app.include_router(links.secret)
    app.include_router(news.public)
    app.include_router(news.private)
    app.include_router(links.moderation)
    app.include_router(links.campaigns)
    app.include_router(links.leaving)
    app.include_router(search.api)
    app.include_router(search.data)
    app.include_router(search.files)
    app.include_router(paper.router)  # before the pages: «fiche» is no slug
    app.include_router(search.pages)
    app.include_router(directory.data)  # before the exports, whose addresses some of it share
    app.include_router(exports.data)
    app.include_router(exports.pages)
    app.include_router(imports.router)
    app.include_router(embed.pages)
    app.include_router(embed.ours)
    app.include_router(embed.own)
    app.include_router(coverage.router)
    app.include_router(portraits.router)
    app.include_router(duplicates.router)
    app.include_router(directory.api)
    app.include_router(directory.pages)
    app.include_router(directory.private)
    app.include_router(mediators.private)
    app.include_router(teams.secret)  # before the teams: «invitation» is no code
    app.include_router(teams.router)
    app.include_router(roster.router)
    app.include_router(quality.router)
    app.include_router(permanences.private)
    app.include_router(pages.router)
    app.include_router(sitemap.router)
    app.include_router(metrics.router)
    app.include_router(auth.router)
    if outbox.is_shown(settings):
        app.include_router(mail.router)

    @app.get("/health", include_in_schema=False)
    async def is_alive() -> PlainTextResponse:
        return PlainTextResponse("ok")

    @app.get("/ready", include_in_schema=False)
    async def is_ready(db: PublicDb) -> PlainTextResponse:
        await db.execute(text("SELECT 1"))
        return PlainTextResponse("ok")

    return app
