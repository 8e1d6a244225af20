"""The whole directory as files, what changed since a moment, and two more answers to the question."""

from collections.abc import AsyncIterator
from typing import Annotated

import orjson
from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, Response, StreamingResponse
from fastapi.routing import APIRoute
from sqlalchemy.ext.asyncio import AsyncEngine
from starlette.routing import Match
from starlette.types import Scope

from geoservice.clock import now
from geoservice.exports import atom, queries, schemas, since
from geoservice.exports.formats import FORMATS, Format
from geoservice.exports.national import SCHEMA_FILE
from geoservice.exports.pages import DataPage
from geoservice.search import answers
from geoservice.search.queries import all_sources, places
from geoservice.search.question import DEPTH_MAX, PlaceQuery
from geoservice.web.database import CurrentSettings, Engines, PublicDb
from geoservice.web.pages import render
from geoservice.web.problems import Problem

BATCH_ROWS = 500

BY_FILENAME = {one.filename: one for one in FORMATS.values()}


class UnknownFile(Problem):
    status = 404
    title = "Ce fichier n’existe pas. La page Données ouvertes donne la liste des fichiers."


class Since(APIRoute):
    """An address that is only ours when «modifie_depuis» is asked; without it, the list answers."""

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        if b"modifie_depuis=" not in scope.get("query_string", b""):
            return Match.NONE, {}
        return super().matches(scope)


pages = APIRouter(include_in_schema=False)
data = APIRouter(include_in_schema=False)
api = APIRouter(prefix="/api/v1", route_class=Since, include_in_schema=False)


def whole_query(request: Request) -> PlaceQuery:
    return PlaceQuery.parse(request.query_params.multi_items(), limit_max=DEPTH_MAX)


WholeQuery = Annotated[PlaceQuery, Depends(whole_query)]


@pages.get("/donnees")
async def show(request: Request, db: PublicDb) -> HTMLResponse:
    sources = (await db.execute(all_sources())).all()
    freshness = (await db.execute(queries.freshness())).one()
    return render(request, "exports/data.html", DataPage.of(sources, freshness))


@data.get("/donnees/schema-national.json")
async def show_table_schema() -> Response:
    return Response(SCHEMA_FILE.read_bytes(), media_type="application/json")


@data.get("/donnees/{filename}")
async def download(
    request: Request, filename: str, db: PublicDb, settings: CurrentSettings
) -> Response:
    wanted = BY_FILENAME.get(filename)
    if wanted is None:
        raise UnknownFile
    version = (await db.execute(queries.version())).scalar_one_or_none() or 0
    tag = f'W/"{version}-{wanted.name}"'
    headers = {"ETag": tag, "Cache-Control": "public, no-cache"}
    if tag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    headers["Content-Disposition"] = f'attachment; filename="{filename}"'
    engines: Engines = request.app.state.engines
    body = _whole(engines.public, wanted, settings.site)
    return StreamingResponse(body, media_type=wanted.media_type, headers=headers)


async def _whole(engine: AsyncEngine, wanted: Format, site: str) -> AsyncIterator[bytes]:
    """The file, a batch of places at a time; between two batches no connection is held."""
    writer = wanted.write(site)
    yield writer.head()
    last_id = 0
    while True:
        async with engine.connect() as db:
            rows = (await db.execute(queries.following(last_id, BATCH_ROWS))).all()
        if not rows:
            break
        last_id = rows[-1].id
        yield writer.rows(rows)
    for part in writer.tail():
        yield part


@data.get("/lieux.xlsx")
async def list_as_xlsx(
    request: Request, db: PublicDb, settings: CurrentSettings, query: WholeQuery
) -> StreamingResponse:
    resolved = await answers.resolve(db, query, settings, now())
    limit = query.limit or DEPTH_MAX
    statement = answers.statement_for(resolved).limit(limit).offset((query.page - 1) * limit)
    engines: Engines = request.app.state.engines
    wanted = FORMATS["xlsx"]
    writer = wanted.write(settings.site)

    async def body() -> AsyncIterator[bytes]:
        yield writer.head()
        # the request's own connection is given back before the body is sent
        async with engines.public.connect() as db, db.stream(statement) as rows:
            async for batch in rows.partitions(BATCH_ROWS):
                yield writer.rows(batch)
        for part in writer.tail():
            yield part

    headers = {"Content-Disposition": f'attachment; filename="{wanted.filename}"'}
    return StreamingResponse(body(), media_type=wanted.media_type, headers=headers)


@data.get("/lieux.atom")
async def list_as_atom(
    request: Request, db: PublicDb, settings: CurrentSettings, query: WholeQuery
) -> Response:
    asked_at = now()
    resolved = await answers.resolve(db, query, settings, asked_at)
    latest = (
        answers.statement_for(resolved)
        .order_by(None)
        .order_by(places.c.changed_at.desc(), places.c.id)
        .limit(min(query.limit or atom.ENTRIES_MAX, atom.ENTRIES_MAX))
    )
    rows = (await db.execute(latest)).all()
    address, page = query.address("/lieux.atom"), query.address("/lieux")
    content = atom.feed(rows, settings.site, address, page, asked_at)
    return Response(content, media_type="application/atom+xml")


@api.get("/lieux")
async def list_changes(request: Request, db: PublicDb, settings: CurrentSettings) -> Response:
    asked, limit = since.read(request.query_params.multi_items())
    until = (await db.execute(queries.complete_until())).scalar_one()
    statement = queries.changed_after(asked.moment, asked.last_id, until, limit)
    rows = (await db.execute(statement)).all()
    seen = [row.id for row in rows if row.is_visible]
    visible = {row.id: row for row in (await db.execute(queries.among(seen))).all()}
    told = schemas.changes(rows, visible, asked, until, limit, settings.site)
    return Response(orjson.dumps(told), media_type="application/json")
