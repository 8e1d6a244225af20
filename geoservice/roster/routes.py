"""The list of a team's territory: on the screen, and as files."""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response, StreamingResponse
from sqlalchemy import Row, select
from sqlalchemy.ext.asyncio import AsyncConnection

from geoservice.auth.current import NotAllowed
from geoservice.auth.private import mark_private
from geoservice.clock import day_in_paris, now, today
from geoservice.mediators.names import full_name
from geoservice.mediators.queries import (
    COORDINATORS,
    for_professionals,
    hidden_from_professionals,
)
from geoservice.permanences.queries import AT_PLACES, SHOWN_TO_PROFESSIONALS
from geoservice.roster import files, pages, queries
from geoservice.roster.columns import PEOPLE, PLACES, Around, Column, hours_told
from geoservice.roster.pages import Coordinator, Counts, OurCoordinator, RosterPage
from geoservice.roster.question import VIEWS, RosterQuery
from geoservice.search import answers
from geoservice.search.queries import places as listed
from geoservice.settings import Settings
from geoservice.teams.access import Access, Entered
from geoservice.teams.model import Role
from geoservice.teams.queries import MEMBERS
from geoservice.web.database import AppDb, CurrentSettings
from geoservice.web.pages import render
from geoservice.web.problems import Fault, WrongQuestion

router = APIRouter(
    prefix="/equipes/{team_code}/annuaire",
    include_in_schema=False,
    dependencies=[Depends(mark_private)],
)


def roster_query(request: Request) -> RosterQuery:
    return RosterQuery.parse(request.query_params.multi_items())


Query = Annotated[RosterQuery, Depends(roster_query)]


@dataclass(frozen=True)
class Found:
    """The places and the people that answer, in order."""

    places: Sequence[Row[Any]]
    people: Sequence[Row[Any]]
    around: Around
    counts: Counts

    def rows(self, view: str) -> Sequence[Row[Any]]:
        return self.places if view == "lieux" else self.people


Shown = Mapping[str, Sequence[Column]]
"""View → its columns, of the views that will be shown."""


async def _found(
    access: Access,
    db: AsyncConnection,
    query: RosterQuery,
    settings: Settings,
    shown: Shown,
    *,
    whole: bool,
) -> Found:
    """What is not shown is not read, but the columns of the places when they are wanted `whole`."""
    team = access.team.id
    resolved = await answers.resolve(db, query.places, settings, now())
    of_places = [*shown.get("lieux", ()), *([query.sort] if query.view == "lieux" else ())]
    read = None if whole else [column.reads for column in of_places if column.reads]
    places = (await db.execute(queries.places_of(team, resolved, read))).all()
    everywhere = queries.communes(team, ())
    people: Sequence[Row[Any]] = ()
    everybody: Sequence[Row[Any]] = ()
    hidden = 0
    if access.may_see_colleagues:
        everybody = (await db.execute(for_professionals(everywhere))).all()
        hidden = (await db.scalar(hidden_from_professionals(everywhere))) or 0
        people = everybody
        if query.places.territories:
            here = for_professionals(queries.communes(team, query.places.territories))
            people = (await db.execute(here)).all()
        people = _chosen(query, people, {row.public_id for row in places})
    all_places = await db.scalar(
        select(queries.func.count()).where(listed.c.code_insee.in_(everywhere))
    )
    counts = Counts(len(people), hidden, len(places), all_places or 0, len(everybody) + hidden)
    named = {
        (view, column.name)
        for listed in ({query.view: (query.sort,)}, shown)
        for view, columns in listed.items()
        for column in columns
    }
    around = Around(
        _people_at(everybody),
        await _at(db, places) if ("lieux", "permanences") in named else {},
        await _of(db, people) if ("personnes", "permanences") in named else {},
    )
    by = query.sort.value

    def key(row: Row[Any]) -> tuple[str, str]:
        return _sortable(by(row, around)), row.public_id

    def ordered(view: str, rows: Sequence[Row[Any]]) -> Sequence[Row[Any]]:
        if view != query.view:
            return rows
        known = [row for row in rows if by(row, around) not in (None, "")]
        unknown = [row for row in rows if by(row, around) in (None, "")]
        # what is not known is last, whatever the order
        return [*sorted(known, key=key, reverse=query.descending), *unknown]

    return Found(ordered("lieux", places), ordered("personnes", people), around, counts)


def _chosen(query: RosterQuery, people: Sequence[Row[Any]], places: set[str]) -> Sequence[Row[Any]]:
    words = _plain(query.places.words or "").split()

    def answers_it(row: Row[Any]) -> bool:
        for column, values in query.people.items():
            said: Any = getattr(row, column)
            if not set(values) & set(said if isinstance(said, list) else [said]):  # pyright: ignore[reportUnknownArgumentType]
                return False
        if query.narrows_places and not any(one["id"] in places for one in row.places):
            return False
        if not words:
            return True
        told = (full_name(row), row.employer, row.role, *row.skills, *(one["name"] for one in row.places))  # fmt: skip
        text = _plain(" ".join(part for part in told if part))
        return all(word in text for word in words)

    return [row for row in people if answers_it(row)]


def _people_at(everybody: Sequence[Row[Any]]) -> dict[str, int]:
    people_at: dict[str, int] = {}
    for row in everybody:
        for one in row.places:
            people_at[one["id"]] = people_at.get(one["id"], 0) + 1
    return people_at


async def _at(db: AsyncConnection, places: Sequence[Row[Any]]) -> dict[int, list[str]]:
    at: dict[int, list[str]] = {}
    asked = {"places": [row.id for row in places], "today": day_in_paris(now())}
    for row in await db.execute(AT_PLACES, asked):
        at.setdefault(row.place_id, []).append(_told(row))
    return at


async def _of(db: AsyncConnection, people: Sequence[Row[Any]]) -> dict[int, list[str]]:
    of: dict[int, list[str]] = {}
    asked = {"mediators": [row.id for row in people], "today": day_in_paris(now())}
    for row in await db.execute(SHOWN_TO_PROFESSIONALS, asked):
        of.setdefault(row.mediator_id, []).append(f"{_told(row)} ({row.place_name})")
    return of


def _told(row: Row[Any]) -> str:
    sentence = hours_told(row.expression).rstrip(".")
    return f"{sentence}, sur rendez-vous" if row.by_appointment else sentence


def _sortable(value: object) -> str:
    return f"{value:09}" if isinstance(value, int) else _plain(str(value))


def _plain(text: str) -> str:
    """Without accents nor case."""
    spread = unicodedata.normalize("NFD", text.casefold())
    return "".join(sign for sign in spread if not unicodedata.combining(sign))


@router.get("")
async def show(
    request: Request, access: Entered, db: AppDb, settings: CurrentSettings, query: Query
) -> Response:
    found = await _found(access, db, query, settings, {query.view: query.columns}, whole=False)
    team = {"team": access.team.id}
    members = (await db.execute(MEMBERS, team)).all()
    others = (await db.execute(COORDINATORS, team)).all() if access.may_see_colleagues else ()
    path = f"{access.address}/annuaire"
    rows = found.rows(query.view)
    on_page = pages.page_of(query, rows)
    values = [[column.value(row, found.around) for column in query.columns] for row in on_page]
    formats = [
        (label, query.address(f"{path}/fichier", format=name, page=None))
        for name, label in pages.FORMATS.items()
    ]
    page = RosterPage(
        team=access.team.name,
        team_code=access.team.code,
        view=query.view,
        counts=found.counts,
        may_see_people=access.may_see_colleagues,
        headings=pages.headings(query, path, values),
        rows=pages.rows(query, on_page, values),
        words=query.places.words or "",
        choices=pages.choices(query, (await db.execute(queries.PARTS, team)).all()),
        moments=pages.moments(query, today()),
        columns=pages.columns(query),
        kept=pages.kept(query),
        sort=tuple(pair for pair in query.raw if pair[0] in ("tri", "ordre")),
        views=tuple(
            (
                name,
                query.address(path, vue=name, colonnes=None, tri=None, ordre=None, page=None),
                name == query.view,
            )
            for name in VIEWS
        ),
        files=tuple(formats),
        pages=pages.pages(query, path, len(rows)),
        ours=tuple(
            OurCoordinator(row.name, row.mail, row.in_programme)
            for row in members
            if row.role == Role.COORDINATOR
        ),
        others=tuple(Coordinator.of(row) for row in others),
    )
    return render(request, "roster/show.html", page)


@router.get("/fichier")
async def download(access: Entered, db: AppDb, settings: CurrentSettings, query: Query) -> Response:
    """Every row of the list, not only those of one page."""
    format_ = query.chosen("format")
    if format_ not in pages.FORMATS:
        raise WrongQuestion(Fault("format", "Choisissez un format.", tuple(pages.FORMATS)))
    if query.view == "personnes" and not access.may_see_colleagues:
        raise NotAllowed("Votre rôle dans l’équipe est la lecture seule : voyez l’annuaire public.")
    shown: dict[str, Sequence[Column]] = {query.view: query.columns}
    if format_ == "xlsx":
        shown = {"lieux": PLACES, "personnes": PEOPLE} | shown
    elif format_ == "geojson":
        shown = {"lieux": query.columns if query.view == "lieux" else PLACES}
    found = await _found(access, db, query, settings, shown, whole=format_ != "csv")
    rows, around = found.rows(query.view), found.around
    if format_ == "xlsx":
        sheets = [("Lieux", shown["lieux"], found.places)]
        if access.may_see_colleagues:
            sheets.append(("Personnes", shown["personnes"], found.people))
        body: Any = files.workbook(sheets, around)
        media = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    elif format_ == "csv":
        body, media = iter([files.table(query.columns, rows, around)]), "text/csv; charset=utf-8"
    elif format_ == "geojson":
        body = iter([files.features(shown["lieux"], found.places, around)])
        media = "application/geo+json"
    else:
        cards = files.place_cards if query.view == "lieux" else files.people_cards
        body, media = iter([cards(rows)]), "text/vcard; charset=utf-8"
    name = f"{query.view}-{access.team.code.lower()}-{today():%Y-%m-%d}.{format_}"
    return StreamingResponse(
        body,
        media_type=media,
        headers={"content-disposition": f'attachment; filename="{name}"'},
    )
