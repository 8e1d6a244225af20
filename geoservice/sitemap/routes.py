"""What search engines read first: which pages there are, and which addresses lead nowhere for them."""

from collections.abc import AsyncIterator, Callable, Iterable
from typing import Any
from xml.sax.saxutils import escape

from fastapi import APIRouter, Request
from sqlalchemy import Row, Select
from starlette.responses import PlainTextResponse, Response, StreamingResponse

from geoservice.sitemap import queries
from geoservice.web.database import CurrentSettings, Engines, PublicDb
from geoservice.web.problems import NotFound

FILE_MAX = 50_000
"""Addresses of one file, by the rules of sitemaps.org."""
BATCH_ROWS = 1_000
XML = "application/xml"
NAMESPACE = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
HEAD = f'<?xml version="1.0" encoding="UTF-8"?>\n<urlset {NAMESPACE}>\n'

PAGES = (
    "/", "/territoires", "/donnees", "/integrer", "/api/docs", "/accessibilite", "/confidentialite",
)  # fmt: skip
NOT_FOR_ROBOTS = (
    "/lieux?*", "/lieux.", "/mediateurs?*", "/mediateurs.", "/couverture?*", "/fiche?*", "/embed?*", "/oembed",
    "/tuiles/", "/fond/", "/connexion", "/moi", "/equipes", "/modifier/", "/moderation", "/doublons",
    "/imports", "/metrics",
)  # fmt: skip
"""The same places in as many ways as there are questions, what people see signed in, and the map's files."""

router = APIRouter(include_in_schema=False)


@router.get("/robots.txt")
async def show_robots(settings: CurrentSettings) -> PlainTextResponse:
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in NOT_FOR_ROBOTS)]
    return PlainTextResponse("\n".join([*lines, "", f"Sitemap: {settings.site}/sitemap.xml", ""]))


@router.get("/sitemap.xml")
async def show_index(db: PublicDb, settings: CurrentSettings) -> Response:
    last = (await db.execute(queries.last_place())).scalar_one()
    count = (await db.execute(queries.territory_count())).scalar_one()
    names = [
        "pages",
        *(f"lieux-{number}" for number in range(-(-last // FILE_MAX))),
        *(f"territoires-{number}" for number in range(-(-count // FILE_MAX))),
    ]
    files = "".join(f"<sitemap><loc>{escape(settings.site)}/sitemap/{name}.xml</loc></sitemap>\n" for name in names)  # fmt: skip
    return Response(
        f'<?xml version="1.0" encoding="UTF-8"?>\n<sitemapindex {NAMESPACE}>\n{files}</sitemapindex>\n',
        media_type=XML,
    )


@router.get("/sitemap/pages.xml")
async def list_pages(settings: CurrentSettings) -> Response:
    return Response(f"{HEAD}{_listed(settings.site, PAGES)}</urlset>\n", media_type=XML)


@router.get("/sitemap/lieux-{number}.xml")
async def list_places(
    request: Request, number: int, db: PublicDb, settings: CurrentSettings
) -> StreamingResponse:
    first = number * FILE_MAX + 1
    if not 1 <= first <= (await db.execute(queries.last_place())).scalar_one():
        raise NotFound

    def line(row: Row[Any, Any]) -> str:
        address = f"{settings.site}/lieux/{row.public_id}"
        return (
            f"<url><loc>{escape(address)}</loc><lastmod>{row.changed_at:%Y-%m-%d}</lastmod></url>\n"
        )

    return _stream(request, queries.places_between(first, first + FILE_MAX - 1), line)


@router.get("/sitemap/territoires-{number}.xml")
async def list_territories(
    request: Request, number: int, db: PublicDb, settings: CurrentSettings
) -> StreamingResponse:
    first = number * FILE_MAX
    if not 0 <= first < (await db.execute(queries.territory_count())).scalar_one():
        raise NotFound

    def line(row: Row[Any, Any]) -> str:
        return _listed(settings.site, [f"/territoires/{row.type}/{row.code}"])

    return _stream(request, queries.some_territories(first, FILE_MAX), line)


def _listed(site: str, paths: Iterable[str]) -> str:
    return "".join(f"<url><loc>{escape(site + path)}</loc></url>\n" for path in paths)


def _stream(
    request: Request, statement: Select[Any, Any], line: Callable[[Row[Any, Any]], str]
) -> StreamingResponse:
    engines: Engines = request.app.state.engines

    async def body() -> AsyncIterator[str]:
        yield HEAD
        # the request's own connection is given back before the body is sent
        async with engines.public.connect() as db, db.stream(statement) as rows:
            async for batch in rows.partitions(BATCH_ROWS):
                yield "".join(map(line, batch))
        yield "</urlset>\n"

    return StreamingResponse(body(), media_type=XML)
