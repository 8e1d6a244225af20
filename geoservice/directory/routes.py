"""The directory: people who agreed, as pages and as data; and what changed since.

No browser and no proxy keeps an answer: whoever withdraws is gone from the next one.
"""

from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Annotated, Any
from urllib.parse import urlencode

import orjson
from fastapi import APIRouter, Depends, Path, Query, Request
from fastapi.responses import HTMLResponse, Response, StreamingResponse
from sqlalchemy import Row, Table
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from geoservice.auth.current import CurrentAccount
from geoservice.auth.paths import HOME
from geoservice.auth.private import mark_private
from geoservice.clock import day_in_paris, now
from geoservice.directory import feed, presence, queries, schemas
from geoservice.directory.around import Around
from geoservice.directory.documentation import openapi_parameters
from geoservice.directory.formats import BY_FILENAME, FORMATS, Format
from geoservice.directory.pages import ColleaguesPage, ListPage, Person, PersonPage, Place
from geoservice.directory.question import MediatorQuery
from geoservice.exports import since
from geoservice.exports.queries import complete_until
from geoservice.mediators.current import OwnProfile
from geoservice.mediators.queries import (
    communes_as_professional,
    for_professionals,
    hidden_from_professionals,
)
from geoservice.permanences.announced import Announced
from geoservice.permanences.queries import (
    FOR_PROFESSIONALS,
    OF_MEDIATORS,
    OF_MEDIATORS_AS_DATA,
)
from geoservice.search import answers
from geoservice.search.question import API_LIMIT_MAX, DEPTH_MAX, LIMIT_DEFAULT, PAGE_LIMIT_MAX
from geoservice.settings import Settings
from geoservice.web.data import Json
from geoservice.web.database import AppDb, CurrentSettings, Engines, PublicDb
from geoservice.web.pages import render
from geoservice.web.problems import Problem

PATH = "/mediateurs"
CHANGES = "/api/v1/mediateurs/changements"
COLLEAGUES = HOME + "/collegues"
BATCH_PEOPLE = 200

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
PublicId = Annotated[str, Path(description="Identifiant permanent, donné avec chaque personne")]


@dataclass(frozen=True)
class Found:
    """The question as understood, and the people of one page."""

    resolved: answers.Resolved
    people: Sequence[Row[Any]]
    around: Around
    total: int
    """How many people in all, all pages together."""


async def _found(
    db: PublicDb, query: MediatorQuery, settings: CurrentSettings, view: Table, limit: int
) -> Found:
    moment = now()
    resolved = await answers.resolve(db, query.work, settings, moment)
    present = await presence.ask(db, query.present, moment) if query.present else None
    statement = queries.chosen(query, resolved, view, present)
    total = (await db.execute(queries.count(statement))).scalar_one()
    page = statement.limit(limit).offset((query.work.page - 1) * limit)
    rows = (await db.execute(page)).all()
    return Found(resolved, rows, await _around(db, rows, view, moment), total)


async def _around(
    db: AsyncConnection, rows: Sequence[Row[Any]], view: Table, moment: datetime
) -> Around:
    """Where each of these people works, and when they are there."""
    around = Around(moment)
    worked = {"mediators": [row.id for row in rows]}
    for place in await db.execute(queries.PLACES, worked):
        around.places.setdefault(place.mediator_id, []).append(place)
    told = OF_MEDIATORS if view is queries.ON_PAGES else OF_MEDIATORS_AS_DATA
    asked = {"mediators": [row.public_id for row in rows], "today": day_in_paris(moment)}
    for permanence in await db.execute(told, asked):
        around.permanences.setdefault(permanence.mediator_id, []).append(permanence)
    return around


@pages.get(PATH)
async def show_list(
    request: Request, db: PublicDb, settings: CurrentSettings, query: PageQuery
) -> HTMLResponse:
    limit = query.work.limit or LIMIT_DEFAULT
    found = await _found(db, query, settings, queries.ON_PAGES, limit)
    page = ListPage.of(query, found.resolved, found.people, found.around, found.total, limit)
    return render(request, "directory/list.html", page)


@data.get(PATH + ".json")
@api.get(
    "/mediateurs",
    response_model=schemas.ReponseMediateurs,
    response_description="Une page de personnes",
    summary="Les médiateurs qui ont accepté que leurs données soient réutilisées",
    openapi_extra={"parameters": openapi_parameters()},
)
async def list_people(
    request: Request, db: PublicDb, settings: CurrentSettings, query: ApiQuery
) -> Json:
    limit = query.work.limit or LIMIT_DEFAULT
    found = await _found(db, query, settings, queries.AS_DATA, limit)
    page = query.work.page
    more = page * limit < found.total
    following = query.address(request.url.path, page=page + 1) if more else None
    return Json(
        {
            "question": schemas.question(query, found.resolved),
            "total": found.total,
            "page": page,
            "limite": limit,
            "suivante": settings.site + following if following else None,
            "mediateurs": _told(found.people, found.around, settings),
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
    return _attached(BY_FILENAME["mediateurs.csv"], iter([told]), "inline")


@data.get(PATH + ".xlsx")
async def list_as_xlsx(db: PublicDb, settings: CurrentSettings, query: FileQuery) -> Response:
    told = await _file(db, query, settings)
    return _attached(BY_FILENAME["mediateurs.xlsx"], iter([told]), "attachment")


@data.get(PATH + ".atom")
async def list_as_atom(db: PublicDb, settings: CurrentSettings, query: FileQuery) -> Response:
    """The latest changes first; and who is no longer in the data, whatever the question."""
    latest = replace(query, work=replace(query.work, sort="mise_a_jour", limit=feed.ENTRIES_MAX))
    told = await _file(db, latest, settings)
    gone = (await db.execute(queries.GONE, {"limit": feed.ENTRIES_MAX})).all()
    address, page = query.address(PATH + ".atom"), query.address(PATH)
    content = feed.feed(told, gone, settings.site, address, page, now())
    return Response(content, media_type="application/atom+xml")


async def _file(
    db: PublicDb, query: MediatorQuery, settings: CurrentSettings
) -> list[dict[str, Any]]:
    limit = query.work.limit or DEPTH_MAX
    found = await _found(db, query, settings, queries.AS_DATA, limit)
    return _told(found.people, found.around, settings)


def _told(rows: Sequence[Row[Any]], around: Around, settings: Settings) -> list[dict[str, Any]]:
    return [schemas.mediator(row, around, settings.site) for row in rows]


def _attached(
    wanted: Format, batches: Iterator[list[dict[str, Any]]], disposition: str
) -> Response:
    writer = wanted.writer()
    parts = [writer.head(), *map(writer.people, batches), writer.tail()]
    headers = {"Content-Disposition": f'{disposition}; filename="{wanted.filename}"'}
    return Response(b"".join(parts), media_type=wanted.media_type, headers=headers)


async def whole_file(request: Request, settings: CurrentSettings) -> StreamingResponse:
    """Everybody who agreed that it be re-used, a few at a time."""
    wanted = BY_FILENAME[request.url.path.removeprefix("/donnees/")]
    engines: Engines = request.app.state.engines
    headers = {"Content-Disposition": f'attachment; filename="{wanted.filename}"'}
    body = _whole(engines.public, wanted, settings)
    return StreamingResponse(body, media_type=wanted.media_type, headers=headers)


async def _whole(engine: AsyncEngine, wanted: Format, settings: Settings) -> AsyncIterator[bytes]:
    writer = wanted.writer()
    yield writer.head()
    last = 0
    while True:
        async with engine.connect() as db:
            asked = {"after": last, "limit": BATCH_PEOPLE}
            rows = (await db.execute(queries.FOLLOWING, asked)).all()
            around = await _around(db, rows, queries.AS_DATA, now())
        if not rows:
            break
        last = rows[-1].id
        yield writer.people(_told(rows, around, settings))
    yield writer.tail()


for _format in FORMATS:
    data.add_api_route(f"/donnees/{_format.filename}", whole_file, methods=["GET"])


@api.get(
    "/mediateurs/changements",
    response_model=schemas.Changements,
    response_description="Les plus anciens changements d’abord",
    summary="Ce qui a changé depuis une date, départs et retraits d’accord compris",
)
async def list_changes(
    db: PublicDb,
    settings: CurrentSettings,
    modifie_depuis: Annotated[str, Query(description="Une date, ou une date et une heure.")] = "",
    apres: Annotated[
        str, Query(max_length=50, description="Donné par « suivante » : où reprendre.")
    ] = "",
    limite: Annotated[str, Query(description="Nombre de changements par réponse.")] = "",
) -> Json:
    asked, limit = since.read([("modifie_depuis", modifie_depuis), ("limite", limite)])
    until = (await db.execute(complete_until())).scalar_one()
    bounds = {"since": asked.moment, "after": apres.replace("\x00", ""), "until": until}
    changed = (await db.execute(queries.CHANGES, bounds | {"limit": limit})).all()
    ids = [row.public_id for row in changed if row.is_visible]
    rows = (await db.execute(queries.AMONG, {"ids": ids})).all()
    around = await _around(db, rows, queries.AS_DATA, now())
    told = {row.public_id: schemas.mediator(row, around, settings.site) for row in rows}
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
@api.get(
    "/mediateurs/{public_id}",
    response_model=schemas.Mediateur,
    response_description="La personne, avec ce qu’elle accepte de montrer",
    summary="Un médiateur",
)
async def show_as_json(public_id: PublicId, db: PublicDb, settings: CurrentSettings) -> Json:
    row = await _one(db, public_id, queries.AS_DATA)
    around = await _around(db, [row], queries.AS_DATA, now())
    return Json(schemas.mediator(row, around, settings.site))


@pages.get(PATH + "/{public_id}")
async def show(request: Request, public_id: str, db: PublicDb) -> HTMLResponse:
    row = await _one(db, public_id, queries.ON_PAGES)
    around = await _around(db, [row], queries.ON_PAGES, now())
    permanences = tuple(
        (Place(one.place, one.place_name, one.commune or ""), Announced.of(one, around.moment))
        for one in around.permanences_of(row)
    )
    person = Person.of(row, around)
    title = f"{person.name}, {person.role}" if person.name else person.role
    return render(request, "directory/person.html", PersonPage(person, permanences, title))


@private.get(COLLEAGUES)
async def show_colleagues(
    request: Request, me: CurrentAccount, mediator: OwnProfile, db: AppDb
) -> HTMLResponse:
    """Of the communes of which one is a professional, as a source or a team says."""
    communes = communes_as_professional(me.account_id)
    # one is not one's colleague, shown or hidden
    people = (await db.execute(for_professionals(communes, besides=mediator.id))).all()
    counted = hidden_from_professionals(communes, besides=mediator.id)
    hidden = (await db.execute(counted)).scalar_one()
    moment = now()
    asked = {"account": me.account_id, "today": day_in_paris(moment)}
    permanences = tuple(
        (Place(one.place, one.place_name, one.commune or ""), Announced.of(one, moment))
        for one in await db.execute(FOR_PROFESSIONALS, asked)
    )
    is_one = (await db.execute(communes.limit(1))).first() is not None
    page = ColleaguesPage.of(people, hidden, permanences, is_one, me.mail)
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
