"""The same question, answered as a page or as data; and one place."""

from collections.abc import AsyncIterator, Callable, Iterable
from datetime import timedelta
from typing import Annotated, Any
from urllib.parse import urlsplit

import orjson
from fastapi import APIRouter, Depends, Path, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response, StreamingResponse
from french_hours import ics
from sqlalchemy import Row, func, select

from geoservice.clock import now
from geoservice.mediators.queries import AT_PLACE, AT_PLACE_AS_DATA
from geoservice.news.queries import AT_PLACE as NEWS_AT_PLACE
from geoservice.places.hours import SPANS_DAYS, hours_of_place
from geoservice.search import answers, drawings, queries, schemas
from geoservice.search.documentation import SINCE, file_parameters, openapi_parameters
from geoservice.search.form import one_moment
from geoservice.search.pages import HomePage, ListPage, PlacePage
from geoservice.search.question import API_LIMIT_MAX, PAGE_LIMIT_MAX, PlaceQuery
from geoservice.search.then import presence_said
from geoservice.search.upkeep import upkeep
from geoservice.territories import queries as gazetteer
from geoservice.territories.address import label_of, suggested
from geoservice.web.data import Json, csv_lines
from geoservice.web.database import CurrentSettings, Engines, PublicDb
from geoservice.web.pages import render
from geoservice.web.problems import Problem

EXPORT_MAX = 50_000
BATCH_ROWS = 500
MOMENTS = ("ouvert", "permanence")

pages = APIRouter(include_in_schema=False)
data = APIRouter(include_in_schema=False)
files = APIRouter(tags=["Lieux"])
api = APIRouter(
    prefix="/api/v1",
    responses={404: {"model": schemas.Probleme, "description": "Rien ne porte ce nom"}},
)


class HoursUnknown(Problem):
    status = 404
    title = "Les horaires de ce lieu ne sont pas connus."


def page_query(request: Request) -> tuple[PlaceQuery, str | None]:
    """And what to say of a choice that was put aside."""
    pairs, note = one_moment(request.query_params.multi_items())
    return PlaceQuery.parse(pairs, limit_max=PAGE_LIMIT_MAX), note


def api_query(request: Request) -> PlaceQuery:
    return PlaceQuery.parse(request.query_params.multi_items(), limit_max=API_LIMIT_MAX)


def export_query(request: Request) -> PlaceQuery:
    return PlaceQuery.parse(request.query_params.multi_items(), limit_max=EXPORT_MAX)


PageQuery = Annotated[tuple[PlaceQuery, str | None], Depends(page_query)]
ApiQuery = Annotated[PlaceQuery, Depends(api_query)]
ExportQuery = Annotated[PlaceQuery, Depends(export_query)]
PublicId = Annotated[str, Path(description="Identifiant permanent, donné avec chaque lieu")]


def moments_query(request: Request) -> PlaceQuery:
    """Of one place, only when can be asked."""
    asked = request.query_params.multi_items()
    return PlaceQuery.parse(pair for pair in asked if pair[0] in MOMENTS)


MomentsQuery = Annotated[PlaceQuery, Depends(moments_query)]


@pages.get("/")
async def home(request: Request) -> HTMLResponse:
    return render(request, "search/home.html", HomePage.of())


@pages.get("/lieux")
async def show_list(
    request: Request, db: PublicDb, settings: CurrentSettings, asked: PageQuery
) -> HTMLResponse:
    query, note = asked
    resolved = await answers.resolve(db, query, settings, now())
    found = await answers.answer(db, resolved, limit_max=PAGE_LIMIT_MAX)
    drawing = await drawings.of_list(db, found.rows, (query.page - 1) * found.limit + 1)
    announced = await answers.permanences(db, found.rows, resolved.moment)
    page = ListPage.of(found, announced, drawing, settings.site, note)
    answer = render(request, "search/list.html", page)
    if page.beyond:
        answer.status_code = 404
    return answer


@data.get("/lieux.json")
@api.get(
    "/lieux",
    response_model=schemas.Reponse,
    response_description="Une page de lieux",
    summary="Les lieux qui répondent à une question",
    tags=["Lieux"],
    openapi_extra={"parameters": [*openapi_parameters(), SINCE]},
)
async def list_places(
    request: Request, db: PublicDb, settings: CurrentSettings, query: ApiQuery
) -> Json:
    resolved = await answers.resolve(db, query, settings, now())
    found = await answers.answer(db, resolved, limit_max=API_LIMIT_MAX)
    return Json(schemas.answer(found, request.url.path, settings.site))


@files.get(
    "/lieux.geojson",
    response_class=StreamingResponse,
    responses={200: {"description": "Les lieux", "content": {"application/geo+json": {}}}},
    summary="Les mêmes lieux, en GeoJSON (RFC 7946)",
    openapi_extra={"parameters": file_parameters(EXPORT_MAX)},
)
async def list_as_geojson(
    request: Request, db: PublicDb, settings: CurrentSettings, query: ExportQuery
) -> StreamingResponse:
    resolved = await answers.resolve(db, query, settings, now())

    def features(rows: Iterable[Row[Any]], first: bool) -> bytes:
        parts = [orjson.dumps(schemas.feature(row, settings.site)) for row in rows]
        return (b"" if first or not parts else b",\n") + b",\n".join(parts)

    head = b'{"type":"FeatureCollection","question":'
    head += orjson.dumps(schemas.question(resolved)) + b',"features":[\n'
    return _stream(
        request, resolved, head, features, b"\n]}\n", "application/geo+json", "lieux.geojson"
    )


@files.get(
    "/lieux.csv",
    response_class=StreamingResponse,
    responses={200: {"description": "Les lieux", "content": {"text/csv": {}}}},
    summary="Les mêmes lieux, en CSV : les colonnes du schéma national 1.0.2",
    openapi_extra={"parameters": file_parameters(EXPORT_MAX)},
)
async def list_as_csv(
    request: Request, db: PublicDb, settings: CurrentSettings, query: ExportQuery
) -> StreamingResponse:
    resolved = await answers.resolve(db, query, settings, now())

    def lines(rows: Iterable[Row[Any]], first: bool) -> bytes:
        return csv_lines(schemas.csv_row(row) for row in rows)

    head = csv_lines([schemas.CSV_COLUMNS])
    return _stream(request, resolved, head, lines, b"", "text/csv; charset=utf-8", "lieux.csv")


def _stream(
    request: Request,
    resolved: answers.Resolved,
    head: bytes,
    write: Callable[[Iterable[Row[Any]], bool], bytes],
    tail: bytes,
    media_type: str,
    filename: str,
) -> StreamingResponse:
    """All the places that answer, a few at a time: memory stays flat whatever their number."""
    engines: Engines = request.app.state.engines
    query = resolved.query
    limit = min(query.limit or EXPORT_MAX, EXPORT_MAX)
    statement = answers.statement_for(resolved).limit(limit).offset((query.page - 1) * limit)

    async def body() -> AsyncIterator[bytes]:
        yield head
        first = True
        # the request's own connection is given back before the body is sent
        async with engines.public.connect() as db, db.stream(statement) as rows:
            async for batch in rows.partitions(BATCH_ROWS):
                yield write(batch, first)
                first = False
        yield tail

    headers = {"Content-Disposition": f'inline; filename="{filename}"'}
    return StreamingResponse(body(), media_type=media_type, headers=headers)


@data.get("/lieux/{public_id}.json")
@api.get(
    "/lieux/{public_id}",
    response_model=schemas.UnLieu,
    response_description="Le lieu",
    summary="Un lieu",
    tags=["Lieux"],
    openapi_extra={"parameters": openapi_parameters(*MOMENTS)},
)
async def show_as_json(
    public_id: PublicId, db: PublicDb, settings: CurrentSettings, query: MomentsQuery
) -> Response:
    row = await answers.place(db, public_id)
    if isinstance(row, str):
        return RedirectResponse(query.address(f"/lieux/{row}.json"), status_code=301)
    moment = now()
    announced = await answers.permanences(db, [row], moment, as_data=True)
    told = schemas.place(row, settings.site)
    told["ouverture"] = schemas.opening(row, moment, query.open)
    told["presence"] = presence_said(announced[row.id], query.present, moment)
    told["permanences"] = schemas.permanences(announced[row.id], moment)
    people = (await db.execute(AT_PLACE_AS_DATA, {"place": row.id})).all()
    told["mediateurs"] = schemas.people(people)
    return Json(told | {"provenance": schemas.provenance(row)})


@pages.get("/lieux/{public_id}")
@pages.get("/lieux/{public_id}/{slug}")
async def show(
    request: Request, public_id: str, db: PublicDb, settings: CurrentSettings, slug: str = ""
) -> Response:
    row = await answers.place(db, public_id)
    if isinstance(row, str):
        return RedirectResponse(f"/lieux/{row}", status_code=301)
    titles = {row.name: row.title for row in await db.execute(queries.source_titles())}
    moment = now()
    announced = await answers.permanences(db, [row], moment)
    drawing = await drawings.of_place(db, row)
    people = (await db.execute(AT_PLACE, {"place": row.id})).all()
    news = (await db.execute(NEWS_AT_PLACE, {"place": row.public_id})).all()
    told = await upkeep(request, row, titles)
    page = PlacePage.of(
        row, titles, announced[row.id], moment, drawing, people, settings.site, news, told
    )
    return render(request, "search/place.html", page)


@data.get("/lieux/{public_id}/horaires.ics")
async def download_calendar(public_id: str, db: PublicDb, settings: CurrentSettings) -> Response:
    row = await answers.place(db, public_id)
    if isinstance(row, str):
        return RedirectResponse(f"/lieux/{row}/horaires.ics", status_code=301)
    hours = hours_of_place(row.opening_hours, row.code_insee, row.departement)
    if hours is None:
        raise HoursUnknown(f"Mieux vaut téléphoner à « {row.name} » avant de venir.")
    moment = now()
    calendar = ics(
        hours,
        row.name,
        f"{row.public_id}@{urlsplit(settings.site).hostname}",
        start=moment,
        end=moment + timedelta(days=SPANS_DAYS),
        stamp=row.changed_at,
        address=", ".join(part for part in (row.address, row.postal_code, row.commune) if part),
        url=f"{settings.site}/lieux/{row.public_id}",
    )
    headers = {"Content-Disposition": 'attachment; filename="horaires.ics"'}
    return Response(calendar, media_type="text/calendar; charset=utf-8", headers=headers)


@api.get(
    "/localites",
    response_model=list[schemas.Localite],
    response_description="Les plus peuplées d’abord",
    summary="Les communes et territoires dont le nom commence ainsi",
    tags=["Territoires"],
)
async def suggest(
    db: PublicDb,
    q: Annotated[
        str, Query(min_length=2, max_length=100, description="Début d’un nom, ou code postal")
    ],
    limite: Annotated[
        int, Query(ge=1, le=gazetteer.SUGGESTIONS_MAX, description="Combien, au plus")
    ] = 8,
) -> Json:
    rows = await suggested(db, q, limite)
    return Json(
        [
            {
                "type": row.type,
                "code": row.code,
                "nom": row.name,
                "libelle": label_of(row),
                "departement": row.departement,
                "lon": row.lon,
                "lat": row.lat,
            }
            for row in rows
        ]
    )


@api.get(
    "/sources",
    response_model=list[schemas.SourceDeDonnees],
    response_description="Toutes les sources",
    summary="Les sources",
    tags=["Sources"],
)
async def list_sources(db: PublicDb) -> Json:
    rows = (await db.execute(queries.all_sources())).all()
    return Json(
        [
            {
                "nom": row.name,
                "titre": row.title,
                "licence": row.licence,
                "site": row.homepage,
                "importee_le": row.imported_at,
            }
            for row in rows
        ]
    )


@api.get(
    "/territoires",
    response_model=schemas.Territoires,
    response_description="Une page de territoires",
    summary="Les territoires : communes, intercommunalités, départements, régions",
    tags=["Territoires"],
)
async def list_territories(
    db: PublicDb, settings: CurrentSettings, asked: Annotated[schemas.TerritoiresDemandes, Query()]
) -> Json:
    found = gazetteer.listed(asked.type, asked.departement, asked.region, asked.epci, asked.q)
    total = await db.scalar(select(func.count()).select_from(found.order_by(None).subquery()))
    page = found.limit(asked.limite).offset((asked.page - 1) * asked.limite)
    return Json(
        {
            "total": total,
            "page": asked.page,
            "limite": asked.limite,
            "territoires": [
                {
                    "type": row.type,
                    "code": row.code,
                    "nom": row.name,
                    "departement": row.departement,
                    "region": row.region,
                    "epci": row.epci,
                    "population": row.population,
                    "lon": row.lon,
                    "lat": row.lat,
                    "page": f"{settings.site}/territoires/{row.type}/{row.code}",
                }
                for row in await db.execute(page)
            ],
        }
    )


@api.get(
    "/territoires/{type_}/{code}",
    response_model=schemas.TerritoireDeFrance,
    response_description="Le territoire",
    summary="Un territoire",
    tags=["Territoires"],
)
async def show_territory(
    db: PublicDb,
    type_: Annotated[str, Path(description="commune, epci, departement ou region")],
    code: Annotated[str, Path(description="Code de l’Insee, ou SIREN d’un EPCI")],
) -> Json:
    row = (await db.execute(gazetteer.territory(type_, code))).first()
    if row is None:
        raise TerritoryNotFound
    return Json(
        {
            "type": row.type,
            "code": row.code,
            "nom": row.name,
            "population": row.population,
            "bbox": [row.west, row.south, row.east, row.north],
        }
    )


class TerritoryNotFound(Problem):
    status = 404
    title = "Ce territoire n’existe pas, ou n’est pas chargé."
