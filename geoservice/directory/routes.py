"""The directory: people who agreed, as pages and as data; and what changed since.

No browser and no proxy keeps an answer: whoever withdraws is gone from the next one.
"""

from collections.abc import Sequence
from typing import Annotated, Any
from urllib.parse import urlencode

import orjson
from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import HTMLResponse, Response
from sqlalchemy import Row, Table

from geoservice.auth.current import CurrentAccount
from geoservice.auth.paths import HOME
from geoservice.auth.private import mark_private
from geoservice.clock import day_in_paris, now
from geoservice.directory import queries, schemas
from geoservice.directory.pages import ColleaguesPage, ListPage, Person, PersonPage, Place
from geoservice.directory.question import MediatorQuery
from geoservice.exports import since
from geoservice.exports.queries import complete_until
from geoservice.mediators.profile import NoProfileYet
from geoservice.mediators.queries import (
    departements_of,
    for_professionals,
    hidden_from_professionals,
    own,
)
from geoservice.permanences.announced import Announced
from geoservice.permanences.queries import FOR_PROFESSIONALS, OF_MEDIATOR
from geoservice.search import answers
from geoservice.search.question import API_LIMIT_MAX, DEPTH_MAX, LIMIT_DEFAULT, PAGE_LIMIT_MAX
from geoservice.territories.queries import communes_in
from geoservice.web.data import Json, csv_lines
from geoservice.web.database import AppDb, CurrentSettings, PublicDb
from geoservice.web.pages import render
from geoservice.web.problems import Problem

PATH = "/mediateurs"
CHANGES = "/api/v1/mediateurs/changements"
COLLEAGUES = HOME + "/collegues"

pages = APIRouter(include_in_schema=False, dependencies=[Depends(mark_private)])
data = APIRouter(include_in_schema=False, dependencies=[Depends(mark_private)])
private = APIRouter(include_in_schema=False, dependencies=[Depends(mark_private)])
api = APIRouter(prefix="/api/v1", tags=["Médiateurs"], dependencies=[Depends(mark_private)])


class MediatorNotFound(Problem):
    status = 404
    title = "Cette personne n’est pas dans l’annuaire."


class MediatorGone(Problem):
    status = 410
    title = "Cette personne n’est plus dans l’annuaire."


def page_query(request: Request) -> MediatorQuery:
    return MediatorQuery.parse(request.query_params.multi_items(), limit_max=PAGE_LIMIT_MAX)


def api_query(request: Request) -> MediatorQuery:
    return MediatorQuery.parse(request.query_params.multi_items(), limit_max=API_LIMIT_MAX)


def file_query(request: Request) -> MediatorQuery:
    return MediatorQuery.parse(request.query_params.multi_items(), limit_max=DEPTH_MAX)


PageQuery = Annotated[MediatorQuery, Depends(page_query)]
ApiQuery = Annotated[MediatorQuery, Depends(api_query)]
FileQuery = Annotated[MediatorQuery, Depends(file_query)]


async def _found(
    db: PublicDb, query: MediatorQuery, settings: CurrentSettings, view: Table, limit: int
) -> tuple[answers.Resolved, Sequence[Row[Any]], dict[int, list[Row[Any]]], int]:
    """The question as understood, one page of people, their places, and how many people in all."""
    resolved = await answers.resolve(db, query.work, settings, now())
    statement = queries.chosen(query, resolved, view)
    total = (await db.execute(queries.count(statement))).scalar_one()
    page = statement.limit(limit).offset((query.work.page - 1) * limit)
    rows = (await db.execute(page)).all()
    return resolved, rows, await _places(db, rows), total


async def _places(db: PublicDb, rows: Sequence[Row[Any]]) -> dict[int, list[Row[Any]]]:
    places: dict[int, list[Row[Any]]] = {row.id: [] for row in rows}
    for place in await db.execute(queries.PLACES, {"mediators": list(places)}):
        places[place.mediator_id].append(place)
    return places


@pages.get(PATH)
async def show_list(
    request: Request, db: PublicDb, settings: CurrentSettings, query: PageQuery
) -> HTMLResponse:
    limit = query.work.limit or LIMIT_DEFAULT
    resolved, rows, places, total = await _found(db, query, settings, queries.ON_PAGES, limit)
    page = ListPage.of(query, resolved, rows, places, total, limit)
    return render(request, "directory/list.html", page)


@data.get(PATH + ".json")
@api.get(
    "/mediateurs",
    response_model=schemas.ReponseMediateurs,
    summary="Les médiateurs qui ont accepté que leurs données soient réutilisées",
)
async def list_people(
    request: Request, db: PublicDb, settings: CurrentSettings, query: ApiQuery
) -> Json:
    limit = query.work.limit or LIMIT_DEFAULT
    _, rows, places, total = await _found(db, query, settings, queries.AS_DATA, limit)
    page = query.work.page
    following = query.address(request.url.path, page=page + 1) if page * limit < total else None
    return Json(
        {
            "total": total,
            "page": page,
            "limite": limit,
            "suivante": settings.site + following if following else None,
            "mediateurs": [schemas.mediator(row, places[row.id], settings.site) for row in rows],
        }
    )


@data.get(PATH + ".geojson")
async def list_as_geojson(db: PublicDb, settings: CurrentSettings, query: FileQuery) -> Response:
    told = await _file(db, query, settings)
    collection = {"type": "FeatureCollection", "features": list(schemas.features(told))}
    return Response(orjson.dumps(collection), media_type="application/geo+json")


@data.get(PATH + ".csv")
async def list_as_csv(db: PublicDb, settings: CurrentSettings, query: FileQuery) -> Response:
    told = await _file(db, query, settings)
    lines = csv_lines([schemas.CSV_COLUMNS, *map(schemas.csv_row, told)])
    headers = {"Content-Disposition": 'inline; filename="mediateurs.csv"'}
    return Response(lines, media_type="text/csv; charset=utf-8", headers=headers)


async def _file(
    db: PublicDb, query: MediatorQuery, settings: CurrentSettings
) -> list[dict[str, Any]]:
    limit = query.work.limit or DEPTH_MAX
    _, rows, places, _ = await _found(db, query, settings, queries.AS_DATA, limit)
    return [schemas.mediator(row, places[row.id], settings.site) for row in rows]


@api.get(
    "/mediateurs/changements",
    response_model=schemas.Changements,
    summary="Ce qui a changé depuis une date, départs et retraits d’accord compris",
)
async def list_changes(
    db: PublicDb,
    settings: CurrentSettings,
    modifie_depuis: Annotated[str, Query(description="Une date, ou une date et une heure.")] = "",
    apres: Annotated[str, Query(max_length=50)] = "",
    limite: Annotated[str, Query()] = "",
) -> Json:
    asked, limit = since.read([("modifie_depuis", modifie_depuis), ("limite", limite)])
    until = (await db.execute(complete_until())).scalar_one()
    bounds = {"since": asked.moment, "after": apres.replace("\x00", ""), "until": until}
    changed = (await db.execute(queries.CHANGES, bounds | {"limit": limit})).all()
    ids = [row.public_id for row in changed if row.is_visible]
    rows = (await db.execute(queries.AMONG, {"ids": ids})).all()
    places = await _places(db, rows)
    told = {row.public_id: schemas.mediator(row, places[row.id], settings.site) for row in rows}
    last = changed[-1] if len(changed) == limit else None

    def address(**asked: Any) -> str:
        return f"{settings.site}{CHANGES}?{urlencode(asked | {'limite': limit})}"

    return Json(
        {
            "changements": [
                {
                    "id": row.public_id,
                    "modifie_le": row.changed_at,
                    "visible": row.public_id in told,
                    "mediateur": told.get(row.public_id),
                }
                for row in changed
            ],
            "suivante": last
            and address(modifie_depuis=last.changed_at.isoformat(), apres=last.public_id),
            "prochaine_fois": address(modifie_depuis=until.isoformat()),
        }
    )


@data.get(PATH + "/{public_id}.json")
@api.get("/mediateurs/{public_id}", response_model=schemas.Mediateur, summary="Un médiateur")
async def show_as_json(public_id: str, db: PublicDb, settings: CurrentSettings) -> Json:
    row = await _one(db, public_id, queries.AS_DATA)
    places = await _places(db, [row])
    return Json(schemas.mediator(row, places[row.id], settings.site))


@pages.get(PATH + "/{public_id}")
async def show(request: Request, public_id: str, db: PublicDb) -> HTMLResponse:
    row = await _one(db, public_id, queries.ON_PAGES)
    places = await _places(db, [row])
    moment = now()
    asked = {"mediator": public_id, "today": day_in_paris(moment)}
    permanences = tuple(
        (Place(one.place, one.place_name, one.commune or ""), Announced.of(one, moment))
        for one in await db.execute(OF_MEDIATOR, asked)
    )
    person = Person.of(row, places[row.id])
    title = f"{person.name}, {person.role}" if person.name else person.role
    return render(request, "directory/person.html", PersonPage(person, permanences, title))


@private.get(COLLEAGUES)
async def show_colleagues(request: Request, me: CurrentAccount, db: AppDb) -> HTMLResponse:
    """Of the départements where one works: whoever works in none is shown nobody."""
    mediator = (await db.execute(own(me.account_id))).one_or_none()
    if mediator is None:
        raise NoProfileYet
    departements = [code for code in await db.scalars(departements_of(mediator.id)) if code]
    communes = communes_in(departements)
    people = (await db.execute(for_professionals(communes))).all()
    hidden = (await db.execute(hidden_from_professionals(communes))).scalar_one()
    moment = now()
    asked = {"departements": departements, "today": day_in_paris(moment)}
    permanences = tuple(
        (Place(one.place, one.place_name, one.commune or ""), Announced.of(one, moment))
        for one in await db.execute(FOR_PROFESSIONALS, asked)
    )
    page = ColleaguesPage.of(people, hidden, permanences, mediator.public_id)
    return render(request, "directory/colleagues.html", page)


async def _one(db: PublicDb, public_id: str, view: Table) -> Row[Any]:
    if "\x00" in public_id:
        raise MediatorNotFound
    row = (await db.execute(queries.one(public_id, view))).one_or_none()
    if row is not None:
        return row
    if (await db.execute(queries.HAS_LEFT, {"id": public_id})).scalar_one():
        raise MediatorGone
    raise MediatorNotFound
