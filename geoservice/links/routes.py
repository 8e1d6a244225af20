"""Asking for a link from the page of a place, reporting what is wrong there, and moderation."""

from dataclasses import replace
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from sqlalchemy import Row
from starlette.responses import RedirectResponse, Response

from geoservice.auth import limits
from geoservice.auth.current import Identity, require
from geoservice.auth.forms import AccountForm, PublicForm
from geoservice.auth.limits import network
from geoservice.auth.model import Role
from geoservice.auth.private import mark_private
from geoservice.links import actions, queries
from geoservice.links.editing import secret
from geoservice.links.mails import DecisionMail
from geoservice.links.moderation import ModerationPage
from geoservice.links.pages import (
    AskedPage,
    AskPage,
    ReportedPage,
    ReportPage,
    label,
)
from geoservice.links.refusals import TooManyAsked
from geoservice.links.reports import Report
from geoservice.mail.message import WrongAddress, compose, read_address
from geoservice.mail.sending import queue
from geoservice.web.database import AppDb, CurrentSettings
from geoservice.web.pages import render
from geoservice.web.problems import NotFound

__all__ = ["moderation", "public", "secret"]

ASKS_PER_PLACE = 20
ASKS_PER_MAIL = 5
ASKS_PER_NETWORK = 60
REPORTS_PER_NETWORK = 20
REPORTS_PER_PLACE = 20
"""In an hour."""

public = APIRouter(include_in_schema=False)

moderation = APIRouter(
    prefix="/moderation", include_in_schema=False, dependencies=[Depends(mark_private)]
)

Moderator = Annotated[Identity, require(Role.COORDINATOR, Role.MODERATOR)]


@public.get("/lieux/{public_id}/modifier")
async def show_ask(request: Request, db: AppDb, public_id: str) -> Response:
    return render(request, "links/ask.html", AskPage(await _place(db, public_id)))


@public.post("/lieux/{public_id}/modifier")
async def ask(request: Request, db: AppDb, form: PublicForm, public_id: str) -> Response:
    place = await _place(db, public_id)
    try:
        mail = read_address(form.one("mail"))
    except WrongAddress:
        mistake = "Cette adresse n’est pas complète. Elle doit ressembler à accueil@exemple.fr."
        page = AskPage(place, form.one("mail")[:254], mistake, "Adresse à corriger")
        return _refused(render(request, "links/ask.html", page))
    client = network(request.client.host if request.client else "")
    if not await limits.within(
        db,
        (f"link network {client}", ASKS_PER_NETWORK),
        (f"link place {place.id}", ASKS_PER_PLACE),
        (f"link mail {mail}", ASKS_PER_MAIL),
    ):
        raise TooManyAsked
    await actions.ask_for_link(db, place.id, mail)
    return RedirectResponse(f"/lieux/{place.public_id}/modifier/envoye", 303)


@public.get("/lieux/{public_id}/modifier/envoye")
async def show_asked(request: Request, public_id: str) -> Response:
    return render(request, "links/asked.html", AskedPage())


@public.get("/lieux/{public_id}/signaler")
async def show_report(request: Request, db: AppDb, public_id: str) -> Response:
    page = ReportPage(await _place(db, public_id), Report(), {})
    return render(request, "links/report.html", page)


@public.post("/lieux/{public_id}/signaler")
async def report(request: Request, db: AppDb, form: PublicForm, public_id: str) -> Response:
    place, said = await _place(db, public_id), Report.of(form)
    if faults := said.faults():
        page = ReportPage(place, said, faults, title="À corriger – Signaler une erreur")
        return _refused(render(request, "links/report.html", page))
    client = network(request.client.host if request.client else "")
    if not await limits.within(
        db,
        (f"report network {client}", REPORTS_PER_NETWORK),
        (f"report place {place.id}", REPORTS_PER_PLACE),
    ):
        raise TooManyAsked
    if not form.one("site"):  # a field that people do not see: who fills it in is a program
        await actions.report(db, place.id, said)
    return RedirectResponse(f"/lieux/{place.public_id}/signaler/merci", 303)


@public.get("/lieux/{public_id}/signaler/merci")
async def show_reported(request: Request, db: AppDb, public_id: str) -> Response:
    place = await _place(db, public_id)
    return render(request, "links/reported.html", ReportedPage(place.public_id))


async def _place(db: AppDb, public_id: str) -> Row[Any]:
    place = (await db.execute(queries.ASKED_PLACE, {"public_id": public_id})).one_or_none()
    if place is None:
        raise NotFound
    return place


def _refused(answer: Response) -> Response:
    answer.status_code = 422
    return answer


@moderation.get("")
async def show_waiting(
    request: Request, me: Moderator, db: AppDb, departement: str = ""
) -> Response:
    return render(request, "links/moderation.html", await _waiting(me, db, departement))


async def _waiting(me: Identity, db: AppDb, departement: str = "") -> ModerationPage:
    code = departement.strip().upper()[:3]
    changes = (await db.execute(queries.WAITING_CHANGES, {"departement": code})).all()
    reports = (await db.execute(queries.WAITING_REPORTS, {"departement": code})).all()
    return ModerationPage.of(changes, reports, code, me.token)


@moderation.post("/changements/{change}")
async def decide(
    request: Request,
    me: Moderator,
    db: AppDb,
    settings: CurrentSettings,
    form: AccountForm,
    change: int,
) -> Response:
    verdict, reason = form.one("verdict"), form.one("raison")[:300]
    mistake = None
    if verdict not in ("accepter", "refuser"):
        mistake = "Dites si vous acceptez ou refusez ce changement."
    elif verdict == "refuser" and not reason:
        mistake = "Pour refuser, écrivez la raison : la personne la lira."
    if mistake:
        page = replace(await _waiting(me, db), mistake=mistake)
        return _refused(render(request, "links/moderation.html", page))
    accepted = verdict == "accepter"
    row = await actions.decide(db, change, me.account_id, accepted=accepted, reason=reason)
    if row is None:
        raise NotFound("Ce changement n’attend plus : quelqu’un d’autre a décidé.")
    if row.mail:
        page_of_place = f"{settings.site}/lieux/{row.public_id}"
        mail = DecisionMail(row.name, page_of_place, label(row.field), accepted, reason)
        await queue(db, compose("mail/place_decision.txt", row.mail, mail))
    return RedirectResponse("/moderation", 303)


@moderation.post("/signalements/{number}")
async def close_report(me: Moderator, db: AppDb, form: AccountForm, number: int) -> Response:
    verdict = form.one("verdict")
    if verdict not in ("done", "refused") or not await actions.close_report(
        db, number, me.account_id, verdict
    ):
        raise NotFound("Ce signalement n’attend plus : quelqu’un d’autre a décidé.")
    return RedirectResponse("/moderation", 303)
