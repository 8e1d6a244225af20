"""Asking for a link from the page of a place, reporting what is wrong there, and moderation."""

from dataclasses import replace
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from sqlalchemy import Row
from starlette.responses import RedirectResponse, Response

from geoservice import clock
from geoservice.auth import limits
from geoservice.auth.current import Identity, require
from geoservice.auth.forms import AccountForm, PublicForm
from geoservice.auth.limits import network
from geoservice.auth.model import Role
from geoservice.auth.private import mark_private
from geoservice.links import actions, queries
from geoservice.links.campaigns import campaigns, leaving, scope
from geoservice.links.editing import secret
from geoservice.links.mails import ClosedMail, DecisionMail, UndoneMail
from geoservice.links.moderation import HistoryPage, Looked, ModerationPage, Reported
from geoservice.links.pages import (
    AskedPage,
    AskPage,
    ReportedPage,
    ReportPage,
    label,
)
from geoservice.links.proposals import Proposed, ProposedPage, ProposePage
from geoservice.links.refusals import AlreadyDecided, Elsewhere, TooManyAsked
from geoservice.links.reports import Report
from geoservice.mail.message import WrongAddress, compose, read_address
from geoservice.mail.sending import queue
from geoservice.teams.queries import is_everywhere
from geoservice.territories.address import communes_called
from geoservice.web.database import AppDb, CurrentSettings
from geoservice.web.pages import render
from geoservice.web.problems import NotFound

__all__ = ["campaigns", "leaving", "moderation", "public", "secret"]

ASKS_PER_PLACE = 20
ASKS_PER_MAIL = 5
ASKS_PER_NETWORK = 60
REPORTS_PER_NETWORK = 20
REPORTS_PER_PLACE = 20
"""In an hour."""
HISTORY_SHOWN = 50
LATEST = 2**63 - 1
"""Above the number of any change."""

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


@public.get("/lieux/ajouter")
async def show_propose(request: Request) -> Response:
    return render(request, "links/propose.html", ProposePage(Proposed(), {}))


@public.post("/lieux/ajouter")
async def propose(request: Request, db: AppDb, form: PublicForm) -> Response:
    proposed = Proposed.of(form)
    communes = await communes_called(db, proposed.commune[:200])
    told, faults = proposed.read(communes, clock.today())
    if faults:
        page = ProposePage(proposed, faults, "À corriger – Un lieu manque ?")
        return _refused(render(request, "links/propose.html", page))
    client = network(request.client.host if request.client else "")
    if not await limits.within(db, (f"proposal network {client}", REPORTS_PER_NETWORK)):
        raise TooManyAsked
    if not form.one("site"):
        await actions.propose(db, told, proposed.body, proposed.contact)
    return RedirectResponse("/lieux/ajouter/merci", 303)


@public.get("/lieux/ajouter/merci")
async def show_proposed(request: Request) -> Response:
    return render(request, "links/proposed.html", ProposedPage())


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
    where = scope(me, code)
    changes = (await db.execute(queries.WAITING_CHANGES, where)).all()
    reports = (await db.execute(queries.WAITING_REPORTS, where)).all()
    proposals = (await db.execute(queries.WAITING_PROPOSALS, where)).all()
    held = await db.scalar(queries.LOOKS_AFTER, {"account": me.account_id})
    return ModerationPage.of(
        changes,
        reports,
        proposals,
        code,
        me.token,
        everywhere=is_everywhere(me),
        has_territory=is_everywhere(me) or bool(held),
    )


async def _change(me: Identity, db: AppDb, change: int) -> Row[Any]:
    found = await db.execute(queries.THEIR_CHANGE, scope(me) | {"change": change})
    row = found.one_or_none()
    if row is None:
        raise Elsewhere
    return row


@moderation.post("/changements/{change}")
async def decide(
    request: Request,
    me: Moderator,
    db: AppDb,
    settings: CurrentSettings,
    form: AccountForm,
    change: int,
) -> Response:
    row = await _change(me, db, change)
    verdict, reason = form.one("verdict"), form.one("raison")[:300]
    mistake = None
    if verdict not in ("accepter", "refuser"):
        mistake = "Dites si vous acceptez ou refusez ce changement."
    elif verdict == "refuser" and not reason:
        mistake = "Pour refuser, écrivez la raison : la personne la lira."
    if mistake:
        page = replace(await _waiting(me, db), mistake=mistake, title="À corriger – Modération")
        return _refused(render(request, "links/moderation.html", page))
    accepted = verdict == "accepter"
    if not await actions.decide(db, row, me.account_id, accepted=accepted, reason=reason):
        raise AlreadyDecided
    if accepted and form.one("confiance") == "oui":
        await actions.trust(db, row)
    if row.mail:
        page_of_place = f"{settings.site}/lieux/{row.public_id}"
        mail = DecisionMail(row.name, page_of_place, label(row.field), accepted, reason)
        await queue(db, compose("mail/place_decision.txt", row.mail, mail))
    return RedirectResponse("/moderation", 303)


@moderation.get("/historique")
async def show_history(
    request: Request,
    me: Moderator,
    db: AppDb,
    lieu: str = "",
    avant: Annotated[int, Query(ge=1, le=LATEST)] = LATEST,
) -> Response:
    return render(request, "links/history.html", await _history(me, db, lieu, avant))


async def _history(
    me: Identity, db: AppDb, lieu: str = "", below: int = LATEST, mistake: str | None = None
) -> HistoryPage:
    where = scope(me) | {"lieu": lieu}
    changes = (await db.execute(queries.DECIDED_CHANGES, where | {"below": below})).all()
    reports = await db.execute(queries.DECIDED_REPORTS, where)
    return HistoryPage(
        tuple(Looked.of(row) for row in changes[:HISTORY_SHOWN]),
        tuple(Reported.of(row) for row in reports if below == LATEST),
        lieu,
        changes[HISTORY_SHOWN - 1].id if len(changes) > HISTORY_SHOWN else None,
        me.token,
        mistake,
        "À corriger – Ce qui a été changé" if mistake else "Ce qui a été changé",
    )


@moderation.post("/changements/{change}/annuler")
async def undo(
    request: Request,
    me: Moderator,
    db: AppDb,
    settings: CurrentSettings,
    form: AccountForm,
    change: int,
) -> Response:
    row, reason = await _change(me, db, change), form.one("raison")[:300]
    if not reason:
        page = await _history(me, db, row.public_id, mistake=_UNDO_NEEDS_REASON)
        return _refused(render(request, "links/history.html", page))
    if not await actions.undo_as_moderator(db, row, me.account_id, reason):
        raise AlreadyDecided
    await _tell(db, settings, row, published=False, reason=reason)
    return RedirectResponse(f"/moderation/historique?lieu={row.public_id}", 303)


_UNDO_NEEDS_REASON = "Pour annuler, écrivez la raison : la personne la lira."


@moderation.post("/changements/{change}/remettre")
async def restore(
    me: Moderator, db: AppDb, settings: CurrentSettings, form: AccountForm, change: int
) -> Response:
    row = await _change(me, db, change)
    if not await actions.restore(db, row, me.account_id):
        raise AlreadyDecided
    await _tell(db, settings, row, published=True, reason="")
    return RedirectResponse(f"/moderation/historique?lieu={row.public_id}", 303)


@moderation.post("/changements/{change}/lien")
async def close_link(
    me: Moderator, db: AppDb, settings: CurrentSettings, form: AccountForm, change: int
) -> Response:
    """The link by which a change came opens nothing more; what it changed stays, and is undone apart."""
    row = await _change(me, db, change)
    if not row.link_works:
        raise AlreadyDecided
    await actions.revoke(db, row.link_id)
    if row.mail:
        page = f"{settings.site}/lieux/{row.public_id}"
        await queue(db, compose("mail/place_link_closed.txt", row.mail, ClosedMail(row.name, page)))
    return RedirectResponse(f"/moderation/historique?lieu={row.public_id}", 303)


async def _tell(
    db: AppDb, settings: CurrentSettings, row: Row[Any], *, published: bool, reason: str
) -> None:
    """The bearer of the link, if it is still known."""
    if row.mail:
        page = f"{settings.site}/lieux/{row.public_id}"
        mail = UndoneMail(row.name, page, label(row.field), published, reason)
        await queue(db, compose("mail/place_undone.txt", row.mail, mail))


@moderation.post("/signalements/{number}")
async def close_report(me: Moderator, db: AppDb, form: AccountForm, number: int) -> Response:
    found = await db.execute(queries.THEIR_REPORT, scope(me) | {"report": number})
    verdict = form.one("verdict")
    if verdict not in ("done", "refused") or found.one_or_none() is None:
        raise Elsewhere
    if not await actions.close_report(db, number, me.account_id, verdict):
        raise AlreadyDecided
    return RedirectResponse("/moderation", 303)


@moderation.post("/ajouts/{number}")
async def decide_proposal(me: Moderator, db: AppDb, form: AccountForm, number: int) -> Response:
    found = await db.execute(queries.THEIR_PROPOSAL, scope(me) | {"proposal": number})
    verdict = form.one("verdict")
    if verdict not in ("done", "refused") or found.one_or_none() is None:
        raise Elsewhere
    if not await actions.decide_proposal(db, number, me.account_id, verdict):
        raise AlreadyDecided
    return RedirectResponse("/moderation", 303)
