"""A mediator's own permanences, and the calendar files of places and mediators."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Annotated, Any
from urllib.parse import urlsplit

from fastapi import APIRouter, Depends, Request
from french_hours import Event, State, calendar_file, uid_of
from sqlalchemy import Row
from starlette.responses import RedirectResponse, Response

from geoservice import clock
from geoservice.auth.current import CurrentAccount
from geoservice.auth.forms import AccountForm
from geoservice.auth.paths import HOME
from geoservice.auth.private import mark_private
from geoservice.clock import day_in_paris, now
from geoservice.mediators.current import MaybeProfile
from geoservice.permanences import actions, queries
from geoservice.permanences.announcing import Corrections, Typed, read_absence, read_announcement
from geoservice.permanences.pages import FormPage, OwnPage
from geoservice.permanences.presence import DAY, presences, rhythm
from geoservice.places.hours import SPANS_DAYS
from geoservice.settings import Settings
from geoservice.web.database import AppDb, CurrentSettings, PublicDb
from geoservice.web.pages import render
from geoservice.web.problems import NotFound, Problem

OWN = HOME + "/permanences"
NEW = OWN + "/nouvelle"
ABSENCES = HOME + "/absences"

private = APIRouter(include_in_schema=False, dependencies=[Depends(mark_private)])
data = APIRouter(include_in_schema=False)


class NotAMediator(Problem):
    status = 403
    title = "Seuls les médiateurs annoncent des permanences."


class NoPermanence(Problem):
    status = 404
    title = "Aucune permanence n’est annoncée ici."


async def own_mediator(found: MaybeProfile) -> int:
    if found is None:
        raise NotAMediator("Remplissez d’abord votre fiche de médiateur, à la page « Ma fiche ».")
    return found.id


Mediator = Annotated[int, Depends(own_mediator)]


@private.get(OWN)
async def show_own(request: Request, me: CurrentAccount, mediator: Mediator, db: AppDb) -> Response:
    return render(request, "permanences/own.html", await _own_page(db, mediator, me.token))


async def _own_page(
    db: AppDb,
    mediator: int,
    token: str,
    typed: tuple[str, str] = ("", ""),
    faults: dict[str, str] | None = None,
) -> OwnPage:
    moment = now()
    asked = {"mediator": mediator}
    rows = (await db.execute(queries.OWN, asked)).all()
    absences = (
        await db.execute(queries.OWN_ABSENCES, asked | {"today": day_in_paris(moment)})
    ).all()
    places = (await db.execute(queries.OWN_PLACES, asked)).all()
    return OwnPage.of(rows, absences, places, token, moment, typed, faults)


@private.get(NEW)
async def show_new(request: Request, me: CurrentAccount, mediator: Mediator, db: AppDb) -> Response:
    places = (await db.execute(queries.OWN_PLACES, {"mediator": mediator})).all()
    page = FormPage.of(NEW, Typed(), places, me.token)
    return render(request, "permanences/form.html", page)


@private.post(NEW)
async def announce(
    request: Request, me: CurrentAccount, mediator: Mediator, form: AccountForm, db: AppDb
) -> Response:
    today = clock.today()
    typed = Typed.of(form)
    places = (await db.execute(queries.OWN_PLACES, {"mediator": mediator})).all()
    announcement = read_announcement(typed, places, today)
    if isinstance(announcement, Corrections):
        return _to_correct(request, FormPage.of(NEW, typed, places, me.token, announcement))
    id_ = await actions.announce(db, mediator, announcement, today)
    return RedirectResponse(f"{OWN}#permanence-{id_}", 303)


@private.get(OWN + "/{public_id}")
async def show_one(
    request: Request, me: CurrentAccount, mediator: Mediator, db: AppDb, public_id: str
) -> Response:
    row = await _one(db, mediator, public_id)
    places = (await db.execute(queries.OWN_PLACES, {"mediator": mediator})).all()
    page = FormPage.of(f"{OWN}/{public_id}", Typed.kept(row), places, me.token)
    return render(request, "permanences/form.html", page)


@private.post(OWN + "/{public_id}")
async def change(
    request: Request,
    me: CurrentAccount,
    mediator: Mediator,
    form: AccountForm,
    db: AppDb,
    public_id: str,
) -> Response:
    today = clock.today()
    await _one(db, mediator, public_id)
    typed = Typed.of(form)
    places = (await db.execute(queries.OWN_PLACES, {"mediator": mediator})).all()
    announcement = read_announcement(typed, places, today)
    if isinstance(announcement, Corrections):
        page = FormPage.of(f"{OWN}/{public_id}", typed, places, me.token, announcement)
        return _to_correct(request, page)
    await actions.change(db, mediator, public_id, announcement, today)
    return RedirectResponse(f"{OWN}#permanence-{public_id}", 303)


@private.post(OWN + "/{public_id}/retirer")
async def withdraw(mediator: Mediator, form: AccountForm, db: AppDb, public_id: str) -> Response:
    if not await actions.withdraw(db, mediator, public_id):
        raise NotFound
    return RedirectResponse(OWN, 303)


@private.post(ABSENCES)
async def say_absent(
    request: Request, me: CurrentAccount, mediator: Mediator, form: AccountForm, db: AppDb
) -> Response:
    days = read_absence(form, clock.today())
    if isinstance(days, dict):
        typed = form.one("premier-jour"), form.one("dernier-jour")
        page = await _own_page(db, mediator, me.token, typed, days)
        answer = render(request, "permanences/own.html", page)
        answer.status_code = 422
        return answer
    chosen = form.one("permanence")
    permanence = (await _one(db, mediator, chosen)).id if chosen else None
    await actions.say_absent(db, mediator, permanence, *days)
    return RedirectResponse(f"{OWN}#absences", 303)


@private.post(ABSENCES + "/{absence}/retirer")
async def come_back(mediator: Mediator, form: AccountForm, db: AppDb, absence: int) -> Response:
    if not await actions.come_back(db, mediator, absence):
        raise NotFound
    return RedirectResponse(f"{OWN}#absences", 303)


async def _one(db: AppDb, mediator: int, public_id: str) -> Row[Any]:
    for row in await db.execute(queries.OWN, {"mediator": mediator}):
        if row.public_id == public_id:
            return row
    raise NotFound


def _to_correct(request: Request, page: FormPage) -> Response:
    answer = render(request, "permanences/form.html", page)
    answer.status_code = 422
    return answer


@data.get("/lieux/{public_id}/permanences.ics")
async def download_of_place(public_id: str, db: PublicDb, settings: CurrentSettings) -> Response:
    moment = now()
    if "\x00" in public_id:
        raise NoPermanence
    place = (await db.execute(queries.PLACE, {"place": public_id})).one_or_none()
    if place is None:
        raise NoPermanence
    asked = {"places": [place.id], "today": day_in_paris(moment)}
    rows = (await db.execute(queries.AT_PLACES, asked)).all()
    if not rows:
        raise NoPermanence(f"Mieux vaut téléphoner à « {place.place_name} » avant de venir.")
    events = (event for row in rows for event in _events(row, place, moment, settings))
    return _file(f"Permanences – {place.place_name}", rows, events)


@data.get("/mediateurs/{public_id}/permanences.ics")
async def download_of_mediator(public_id: str, db: PublicDb, settings: CurrentSettings) -> Response:
    moment = now()
    if "\x00" in public_id:
        raise NoPermanence
    asked = {"mediators": [public_id], "today": day_in_paris(moment)}
    rows = (await db.execute(queries.OF_MEDIATORS, asked)).all()
    if not rows:
        raise NoPermanence
    events = (event for row in rows for event in _events(row, row, moment, settings))
    return _file("Permanences", rows, events)


def _events(
    row: Row[Any], place: Row[Any], moment: datetime, settings: Settings
) -> Iterable[Event]:
    """`place` has place_name, address, postal_code, commune and its public id as `place`."""
    uid = f"permanence-{row.public_id}@{urlsplit(settings.site).hostname}"
    how = "sur rendez-vous" if row.by_appointment else "sans rendez-vous"
    where = (place.place_name, place.address, place.postal_code, place.commune)
    for span in presences(row, moment, moment + SPANS_DAYS * DAY):
        yield Event(
            uid_of(uid, span),
            span.start,
            span.end,
            f"{place.place_name} : permanence d’un médiateur numérique, {how}",
            row.changed_at,
            confirmed=span.state is State.OPEN,
            description=row.note,
            address=", ".join(part for part in where if part),
            url=f"{settings.site}/lieux/{place.place}",
        )


def _file(title: str, rows: Sequence[Row[Any]], events: Iterable[Event]) -> Response:
    zone = rhythm(rows[0]).calendar.time_zone
    headers = {"Content-Disposition": 'attachment; filename="permanences.ics"'}
    calendar = calendar_file(title, zone, events)
    return Response(calendar, media_type="text/calendar; charset=utf-8", headers=headers)
