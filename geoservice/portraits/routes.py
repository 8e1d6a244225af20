"""«Territoires»: the page of a commune, an EPCI, a département or a région, and how to find it."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncConnection

from geoservice.clock import now
from geoservice.directory import queries as directory
from geoservice.directory.question import MediatorQuery
from geoservice.news.pages import soonest
from geoservice.news.queries import INSIDE
from geoservice.portraits import queries
from geoservice.portraits.pages import PEOPLE_SHOWN, Counted, IndexPage, PortraitPage, address
from geoservice.search import answers, drawings, moments, opening, presence
from geoservice.search.pages import ListPage
from geoservice.search.question import LIMIT_DEFAULT, PlaceQuery, TerritoryName
from geoservice.territories.address import suggested
from geoservice.territories.model import TYPES
from geoservice.web.data import Json
from geoservice.web.database import CurrentSettings, PublicDb
from geoservice.web.pages import render
from geoservice.web.problems import Problem

SUGGESTED_MAX = 20

router = APIRouter(include_in_schema=False)


class NoSuchTerritory(Problem):
    status = 404
    title = "Ce territoire n’existe pas, ou n’est pas chargé. Cherchez-le par son nom."


@router.get("/territoires")
async def show_index(
    request: Request,
    db: PublicDb,
    settings: CurrentSettings,
    q: Annotated[str, Query(max_length=100)] = "",
) -> HTMLResponse:
    words = q.replace("\x00", "").strip()
    rows = await suggested(db, words, SUGGESTED_MAX) if words else ()
    large = (await db.execute(queries.large())).all()
    return render(
        request, "portraits/index.html", IndexPage.of(words, rows, large, settings.site)
    )  # fmt: skip


@router.get("/territoires/{type_}/{code}.json")
async def show_as_json(type_: str, code: str, db: PublicDb, settings: CurrentSettings) -> Response:
    name, row = await _known(db, type_, code)
    if row.successor:
        return RedirectResponse(f"{address('commune', row.successor)}.json", status_code=301)
    counted = await _counted(db, name, await _people_total(db, name, settings))
    parents = (await db.execute(queries.parents(name))).all()
    return Json(
        {
            "type": row.type,
            "code": row.code,
            "nom": row.name,
            "population": row.population,
            "contenu_dans": [
                {"type": one.type, "code": one.code, "nom": one.name} for one in parents
            ],
            "lieux": counted.places,
            "lieux_gratuits": counted.free,
            "lieux_ouverts_samedi": counted.on_saturday,
            "lieux_france_services": counted.france_services,
            "lieux_aux_horaires_connus": counted.hours_known,
            "lieux_verifies_depuis_un_an": counted.looked_at,
            "communes": counted.communes,
            "communes_sans_lieu": counted.communes_without,
            "mediateurs_dans_l_annuaire": counted.people,
            "url": settings.site + address(name.type, name.code),
        }
    )


@router.get("/territoires/{type_}/{code}")
async def show(
    request: Request, type_: str, code: str, db: PublicDb, settings: CurrentSettings
) -> Response:
    name, row = await _known(db, type_, code)
    if row.successor:
        return RedirectResponse(address("commune", row.successor), status_code=301)
    if name.code != code:
        return RedirectResponse(address(name.type, name.code), status_code=301)
    query = PlaceQuery.parse([("territoire", str(name))])
    resolved = await answers.resolve(db, query, settings, now())
    found = await answers.answer(db, resolved, limit_max=LIMIT_DEFAULT)
    drawing = await drawings.of_list(db, found.rows, 1)
    announced = await answers.permanences(db, found.rows, resolved.moment)
    people = directory.chosen(_everyone(name), resolved, directory.ON_PAGES)
    total = (await db.execute(directory.count(people))).scalar_one()
    page = PortraitPage.of(
        name,
        row,
        ListPage.of(found, announced, drawing),
        await _counted(db, name, total),
        (await db.execute(queries.parents(name))).all(),
        (await db.execute(queries.children(name))).all(),
        (await db.execute(people.limit(PEOPLE_SHOWN))).all(),
        await _presences(db, name),
        soonest((await db.execute(INSIDE[name.type], {"code": name.code})).all(), now()),
        settings.site,
    )
    return render(request, "portraits/show.html", page)


async def _presences(db: AsyncConnection, name: TerritoryName) -> dict[str, int]:
    """Each day of the week → in how many places a mediator is."""
    here = set((await db.execute(queries.ids(name))).scalars())
    return {
        weekday: len(here.intersection(await presence.ask(db, moments.parse(weekday), now())))
        for weekday in moments.DAYS
    }


async def _known(db: AsyncConnection, type_: str, code: str) -> tuple[TerritoryName, Row[Any]]:
    name = TerritoryName(type_, code.upper())
    if type_ in TYPES and code.isalnum():
        row = (await db.execute(queries.one(name))).first()
        if row is not None:
            return name, row
    raise NoSuchTerritory


def _everyone(name: TerritoryName) -> MediatorQuery:
    return MediatorQuery.parse([("territoire", str(name))], limit_max=PEOPLE_SHOWN)


async def _people_total(db: AsyncConnection, name: TerritoryName, settings: CurrentSettings) -> int:
    query = _everyone(name)
    resolved = await answers.resolve(db, query.work, settings, now())
    people = directory.chosen(query, resolved, directory.ON_PAGES)
    return (await db.execute(directory.count(people))).scalar_one()


async def _counted(db: AsyncConnection, name: TerritoryName, people: int) -> Counted:
    saturday = await opening.ask(db, moments.parse("samedi"), now())
    row = (await db.execute(queries.figures(name, saturday))).one()
    return Counted(
        places=row.places,
        hours_known=row.hours_known,
        on_saturday=row.on_saturday,
        free=row.free,
        france_services=row.france_services,
        looked_at=row.looked_at,
        communes=(await db.execute(queries.communes(name))).scalar_one(),
        communes_without=(await db.execute(queries.communes_without(name))).scalar_one(),
        people=people,
    )
