"""Announcing an event or a workshop, accepting it, reading it, following it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Any
from urllib.parse import urlsplit

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import RedirectResponse, Response
from french_hours import Event, State, calendar_file, uid_of
from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncConnection

from geoservice.auth.current import CurrentAccount, Identity, NotAllowed
from geoservice.auth.forms import AccountForm
from geoservice.auth.model import Role
from geoservice.auth.paths import HOME
from geoservice.auth.private import mark_private
from geoservice.clock import PARIS, day_in_paris, now
from geoservice.mail.message import compose
from geoservice.mail.sending import queue
from geoservice.news import actions, queries
from geoservice.news.mails import NewsDecisionMail
from geoservice.news.pages import (
    Announced,
    FormPage,
    ListPage,
    OnePage,
    OwnPage,
    WaitingPage,
    soonest,
)
from geoservice.news.reading import Corrections, Typed, read_draft
from geoservice.news.timing import hours_of, sentence, times
from geoservice.permanences.queries import PLACE
from geoservice.settings import Settings
from geoservice.teams.naming import PERIMETER
from geoservice.teams.perimeters import perimeter
from geoservice.teams.queries import COORDINATES, is_everywhere
from geoservice.territories import queries as gazetteer
from geoservice.web import atom
from geoservice.web.database import AppDb, CurrentSettings, PublicDb
from geoservice.web.pages import render
from geoservice.web.problems import Fault, NotFound, Problem, WrongQuestion

PATH = "/actualites"
OWN = HOME + "/annonces"
NEW = OWN + "/nouvelle"
WAITING = "/moderation/annonces"
CALENDAR_DAYS = timedelta(days=92)
EVENTS_MAX = 500
ATOM_MAX = 50
REASON_MAX = 300

private = APIRouter(include_in_schema=False, dependencies=[Depends(mark_private)])
public = APIRouter(include_in_schema=False)


class NoNews(Problem):
    status = 404
    title = "Cette annonce n’existe pas, ou elle est finie."


class NowhereToAnnounce(Problem):
    status = 403
    title = "Votre compte n’est lié à aucun lieu."


@dataclass(frozen=True)
class Asked:
    """Where: a place, a territory, or the whole country."""

    rows: Sequence[Row[Any]]
    name: str | None
    back: str | None
    query: str
    """Of the address: empty for the whole country."""


async def asked(
    db: PublicDb,
    territoire: Annotated[str, Query(max_length=100)] = "",
    lieu: Annotated[str, Query(max_length=100)] = "",
) -> Asked:
    if territoire and lieu:
        raise WrongQuestion(Fault("lieu", "Donnez soit « lieu », soit « territoire »."))
    if lieu:
        known = None if "\x00" in lieu else (await db.execute(PLACE, {"place": lieu})).first()
        if known is None:
            raise WrongQuestion(Fault("lieu", f"Le lieu « {lieu} » n’existe pas."))
        rows = (await db.execute(queries.AT_PLACE, {"place": lieu})).all()
        return Asked(rows, known.place_name, f"/lieux/{lieu}", f"?lieu={lieu}")
    if territoire:
        kind, _, code = territoire.partition(":")
        code = code.upper()
        found = None
        if kind in queries.INSIDE and code.isalnum():
            named = perimeter(code) if kind == PERIMETER else gazetteer.territory(kind, code)
            found = (await db.execute(named)).first()
        if found is None:
            raise WrongQuestion(
                Fault(
                    "territoire",
                    f"« {territoire} » n’est pas un territoire connu.",
                    (
                        "commune:04070",
                        "epci:200067437",
                        "departement:04",
                        "region:93",
                        "perimetre:K3F9QX2B",
                    ),
                )
            )
        rows = (await db.execute(queries.INSIDE[kind], {"code": code})).all()
        here = f"{kind}:{code}"
        back = f"/lieux?territoire={here}" if kind == PERIMETER else f"/territoires/{kind}/{code}"
        return Asked(rows, found.name, back, f"?territoire={here}")
    return Asked((await db.execute(queries.EVERYWHERE)).all(), None, None, "")


Where = Annotated[Asked, Depends(asked, scope="function")]


@public.get(PATH)
async def show_list(request: Request, where: Where) -> Response:
    title = "Ateliers et événements"
    page = ListPage(
        f"{title} : {where.name}" if where.name else title,
        soonest(where.rows, now()),
        f"{PATH}.atom{where.query}",
        f"{PATH}.ics{where.query}",
        (where.name, where.back) if where.name and where.back else None,
    )
    return render(request, "news/list.html", page)


@public.get(PATH + ".atom")
async def follow(where: Where, settings: CurrentSettings) -> Response:
    moment = now()
    latest = sorted(where.rows, key=lambda row: row.changed_at, reverse=True)[:ATOM_MAX]
    title = "Ateliers et événements" + (f" : {where.name}" if where.name else "")
    content = atom.feed(
        title,
        [_entry(row, settings.site) for row in latest],
        settings.site,
        f"{PATH}.atom{where.query}",
        f"{PATH}{where.query}",
        moment,
    )
    return Response(content, media_type="application/atom+xml")


def _entry(row: Row[Any], site: str) -> atom.Entry:
    said = (sentence(row), f"{row.place_name}, {row.commune or ''}".rstrip(", "), row.description)
    return atom.Entry(
        row.title,
        f"{site}{PATH}/{row.public_id}",
        row.changed_at,
        " — ".join(part for part in said if part),
    )


@public.get(PATH + ".ics")
async def download_calendar(where: Where, settings: CurrentSettings) -> Response:
    return _calendar(where.rows, where.name, settings)


@public.get(PATH + "/{public_id}.ics")
async def download_one(public_id: str, db: PublicDb, settings: CurrentSettings) -> Response:
    row = await _one(db, public_id)
    return _calendar([row], row.title, settings)


@public.get(PATH + "/{public_id}")
async def show(request: Request, public_id: str, db: PublicDb) -> Response:
    row = await _one(db, public_id)
    page = OnePage(f"{row.title}, {row.place_name}", Announced.of(row, now()))
    return render(request, "news/one.html", page)


async def _one(db: AsyncConnection, public_id: str) -> Row[Any]:
    row = None
    if "\x00" not in public_id:
        row = (await db.execute(queries.ONE, {"id": public_id})).first()
    if row is None:
        raise NoNews
    return row


def _calendar(rows: Sequence[Row[Any]], name: str | None, settings: Settings) -> Response:
    moment = now()
    title = "Ateliers et événements" + (f" – {name}" if name else "")
    events = [event for row in rows for event in _events(row, moment, settings)]
    calendar = calendar_file(title, PARIS.key, events[:EVENTS_MAX])
    headers = {"Content-Disposition": 'attachment; filename="actualites.ics"'}
    return Response(calendar, media_type="text/calendar; charset=utf-8", headers=headers)


def _events(row: Row[Any], moment: datetime, settings: Settings) -> Iterator[Event]:
    hours = hours_of(row.expression, row)
    if hours is None:
        return
    last = row.last_day
    if row.first_day < last:
        last = min(last, max(row.first_day, day_in_paris(moment)) + CALENDAR_DAYS)
    uid = f"actualite-{row.public_id}@{urlsplit(settings.site).hostname}"
    where = (row.place_name, row.address, row.postal_code, row.commune)
    for span in times(hours, row.first_day, last, moment):
        yield Event(
            uid_of(uid, span),
            span.start,
            span.end,
            row.title,
            row.changed_at,
            confirmed=span.state is State.OPEN,
            description=row.description,
            address=", ".join(part for part in where if part),
            url=f"{settings.site}{PATH}/{row.public_id}",
        )


def _by(me: Identity) -> dict[str, object]:
    return {"account": me.account_id, "everywhere": is_everywhere(me)}


async def _places(db: AppDb, me: Identity, place: str = "") -> Sequence[Row[Any]]:
    wanted = place.replace("\x00", "")
    return (await db.execute(queries.PLACES, _by(me) | {"place": wanted})).all()


@private.get(OWN)
async def show_own(request: Request, me: CurrentAccount, db: AppDb) -> Response:
    rows = (await db.execute(queries.OWN, {"account": me.account_id})).all()
    waiting = len((await db.execute(queries.WAITING, _by(me))).all())
    return render(request, "news/own.html", OwnPage.of(rows, waiting, me.token, now()))


@private.get(NEW)
async def show_new(request: Request, me: CurrentAccount, db: AppDb, lieu: str = "") -> Response:
    places = await _places(db, me, lieu)
    if not places:
        raise NowhereToAnnounce(
            "Dites dans « Ma fiche » où vous travaillez, ou ouvrez la page d’un lieu de votre "
            "territoire : un lien « Annoncer un atelier » y mène ici."
        )
    page = FormPage.of(NEW, Typed(place=lieu), places, me.token)
    return render(request, "news/form.html", page)


@private.post(NEW)
async def announce(request: Request, me: CurrentAccount, form: AccountForm, db: AppDb) -> Response:
    typed = Typed.of(form)
    places = await _places(db, me, typed.place)
    read = read_draft(typed, places, now())
    if isinstance(read, Corrections):
        return _to_correct(request, FormPage.of(NEW, typed, places, me.token, read))
    draft, place = read
    id_ = await actions.announce(db, me.account_id, draft, in_charge=place.in_charge)
    return RedirectResponse(f"{OWN}#annonce-{id_}", 303)


@private.get(OWN + "/{public_id}")
async def show_one(request: Request, me: CurrentAccount, db: AppDb, public_id: str) -> Response:
    row = await _own(db, me, public_id)
    places = await _places(db, me, row.place)
    page = FormPage.of(f"{OWN}/{public_id}", Typed.kept(row), places, me.token)
    return render(request, "news/form.html", page)


@private.post(OWN + "/{public_id}")
async def change(
    request: Request, me: CurrentAccount, form: AccountForm, db: AppDb, public_id: str
) -> Response:
    await _own(db, me, public_id)
    typed = Typed.of(form)
    places = await _places(db, me, typed.place)
    read = read_draft(typed, places, now())
    if isinstance(read, Corrections):
        page = FormPage.of(f"{OWN}/{public_id}", typed, places, me.token, read)
        return _to_correct(request, page)
    draft, place = read
    await actions.change(db, me.account_id, public_id, draft, in_charge=place.in_charge)
    return RedirectResponse(f"{OWN}#annonce-{public_id}", 303)


@private.post(OWN + "/{public_id}/retirer")
async def withdraw(me: CurrentAccount, form: AccountForm, db: AppDb, public_id: str) -> Response:
    if not await actions.withdraw(db, me.account_id, public_id):
        raise NotFound
    return RedirectResponse(OWN, 303)


async def _own(db: AppDb, me: Identity, public_id: str) -> Row[Any]:
    for row in await db.execute(queries.OWN, {"account": me.account_id}):
        if row.public_id == public_id:
            return row
    raise NotFound


async def who_decides(me: CurrentAccount, db: AppDb) -> Identity:
    """Moderators of the service, and those who coordinate some territory."""
    if me.may(Role.MODERATOR):
        return me
    if not (await db.execute(COORDINATES, {"account": me.account_id})).scalar_one():
        raise NotAllowed("Il faut coordonner un territoire, ou modérer le service.")
    return me


Decider = Annotated[Identity, Depends(who_decides)]


@private.get(WAITING)
async def show_waiting(request: Request, me: Decider, db: AppDb) -> Response:
    return render(request, "news/waiting.html", await _waiting(db, me))


async def _waiting(db: AppDb, me: Identity, mistake: str | None = None) -> WaitingPage:
    rows = (await db.execute(queries.WAITING, _by(me))).all()
    moment = now()
    return WaitingPage(tuple(Announced.of(row, moment) for row in rows), me.token, mistake)


@private.post(WAITING + "/{public_id}")
async def decide(
    request: Request,
    me: Decider,
    form: AccountForm,
    db: AppDb,
    settings: CurrentSettings,
    public_id: str,
) -> Response:
    verdict, reason = form.one("verdict"), form.one("raison")[:REASON_MAX]
    mistake = None
    if verdict not in ("accepter", "refuser"):
        mistake = "Dites si vous acceptez ou refusez cette annonce."
    elif verdict == "refuser" and not reason:
        mistake = "Pour refuser, écrivez la raison : la personne la lira."
    if mistake:
        answer = render(request, "news/waiting.html", await _waiting(db, me, mistake))
        answer.status_code = 422
        return answer
    accepted = verdict == "accepter"
    decided = await actions.decide(
        db,
        me.account_id,
        public_id,
        accepted=accepted,
        reason=reason,
        everywhere=is_everywhere(me),
    )
    if decided is None:
        raise NotFound("Cette annonce n’attend plus, ou n’est pas dans votre territoire.")
    if decided.mail:
        link = f"{PATH}/{public_id}" if accepted else f"{OWN}#annonce-{public_id}"
        mail = NewsDecisionMail(decided.title, settings.site + link, accepted, reason)
        await queue(db, compose("mail/news_decision.txt", decided.mail, mail))
    return RedirectResponse(WAITING, 303)


def _to_correct(request: Request, page: FormPage) -> Response:
    answer = render(request, "news/form.html", page)
    answer.status_code = 422
    return answer
