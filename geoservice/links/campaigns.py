"""Campaigns: a coordinator asks the places of the territory whether what is told of them is still right."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from sqlalchemy import Row
from starlette.responses import RedirectResponse, Response

from geoservice import clock
from geoservice.auth.current import Identity, require
from geoservice.auth.forms import AccountForm
from geoservice.auth.model import Role
from geoservice.auth.private import mark_private
from geoservice.auth.secrets import digest
from geoservice.links import actions, queries
from geoservice.links.letters import (
    MESSAGE_MAX,
    MONTHS,
    REMIND_DAYS,
    Campaign,
    CampaignPage,
    CampaignsPage,
    LeavePage,
    NewCampaignPage,
)
from geoservice.links.refusals import Elsewhere
from geoservice.teams.queries import is_everywhere
from geoservice.web.database import AppDb
from geoservice.web.pages import render
from geoservice.web.problems import NotFound

campaigns = APIRouter(
    prefix="/campagnes", include_in_schema=False, dependencies=[Depends(mark_private)]
)
leaving = APIRouter(prefix="/ne-plus-ecrire", include_in_schema=False)

Coordinator = Annotated[Identity, require(Role.COORDINATOR, Role.MODERATOR)]


def scope(me: Identity, departement: str = "") -> dict[str, Any]:
    """What a statement needs to stay on the territory of somebody."""
    return {
        "everywhere": is_everywhere(me),
        "account": me.account_id,
        "departement": departement,
    }


@campaigns.get("")
async def show_all(request: Request, me: Coordinator, db: AppDb) -> Response:
    rows = (await db.execute(queries.CAMPAIGNS, scope(me))).all()
    page = CampaignsPage(tuple(Campaign.of(row) for row in rows))
    return render(request, "links/campaigns.html", page)


@campaigns.get("/nouvelle")
async def show_new(
    request: Request, me: Coordinator, db: AppDb, mois: str = "12", departement: str = ""
) -> Response:
    """Choose whom to ask. Any page may lead here with a selection in the question:

    `mois`: places that nobody confirmed for so many months, one of `MONTHS`, else 12;
    `departement`: its code, «23» or «2A»; empty for all that is theirs.
    """
    return render(request, "links/new_campaign.html", await _new(me, db, mois, departement))


async def _new(me: Identity, db: AppDb, mois: str, departement: str) -> NewCampaignPage:
    months = int(mois) if mois in map(str, MONTHS) else 12
    code = departement.strip().upper()[:3]
    rows = (await db.execute(queries.TO_ASK, _asked(me, months, code))).all()
    held = is_everywhere(me) or bool(
        await db.scalar(queries.LOOKS_AFTER, {"account": me.account_id})
    )
    return NewCampaignPage.of(rows, months, code, me.token, has_territory=held)


async def among(me: Identity, db: AppDb, places: Sequence[int]) -> NewCampaignPage:
    """To those of these places that somebody may ask now, however old what is told of them."""
    rows = (await db.execute(queries.TO_ASK, _asked(me, 0, "", places))).all()
    page = NewCampaignPage.of(rows, 0, "", me.token, has_territory=True)
    return replace(page, passed_over=0 if page.more else len(places) - len(rows))


def _asked(
    me: Identity, months: int, code: str, places: Sequence[int] | None = None
) -> dict[str, Any]:
    among = None if places is None else list(places)
    return scope(me, code) | {"months": months, "today": clock.today(), "among": among}


@campaigns.post("/nouvelle")
async def start(request: Request, me: Coordinator, db: AppDb, form: AccountForm) -> Response:
    """Only places that could be chosen now are asked, whatever the form names."""
    chosen = _numbers(form.all("lieu"))
    page = (
        await among(me, db, sorted(_numbers(form.all("parmi"))))
        if form.one("mois") == "0"
        else await _new(me, db, form.one("mois"), form.one("departement"))
    )
    asked = {one.id: one.mail for one in page.reachable if one.mail and one.id in chosen}
    message, days = form.one("message").replace("\r\n", "\n"), form.one("rappel")
    remind = int(days) if days in map(str, REMIND_DAYS) else None
    mistake = None
    if not asked:
        mistake = "Cochez au moins un lieu."
    elif len(message) > MESSAGE_MAX:
        mistake = f"Votre mot est trop long : {MESSAGE_MAX} caractères au plus."
    if mistake:
        reachable = tuple(replace(one, chosen=one.id in chosen) for one in page.reachable)
        again = replace(
            page,
            reachable=reachable,
            message=message[: 2 * MESSAGE_MAX],
            remind_days=remind,
            mistake=mistake,
            title=f"À corriger – {page.title}",
        )
        answer = render(request, "links/new_campaign.html", again)
        answer.status_code = 422
        return answer
    number = await actions.start_campaign(
        db, me.account_id, asked, months=page.months, message=message, remind_days=remind
    )
    return RedirectResponse(f"/campagnes/{number}", 303)


def _numbers(values: Sequence[str]) -> set[int]:
    return {int(one) for one in values if one.isdecimal() and len(one) < 10}


@campaigns.get("/{number}")
async def show(request: Request, me: Coordinator, db: AppDb, number: int) -> Response:
    row = await _campaign(me, db, number)
    letters = (await db.execute(queries.LETTERS, scope(me) | {"campaign": number})).all()
    return render(request, "links/campaign.html", CampaignPage.of(row, letters, me.token))


@campaigns.post("/{number}/arreter")
async def end(me: Coordinator, db: AppDb, form: AccountForm, number: int) -> Response:
    await _campaign(me, db, number)
    await actions.end_campaign(db, number)
    return RedirectResponse(f"/campagnes/{number}", 303)


async def _campaign(me: Identity, db: AppDb, number: int) -> Row[Any]:
    found = await db.execute(queries.CAMPAIGN, scope(me) | {"campaign": number})
    row = found.one_or_none()
    if row is None:
        raise Elsewhere
    return row


async def _letter(db: AppDb, cle: str) -> Row[Any]:
    found = await db.execute(queries.LETTER_LEFT, {"hash": digest(cle)})
    row = found.one_or_none()
    if row is None:
        raise NotFound
    return row


@leaving.get("/{cle}")
async def show_leave(request: Request, db: AppDb, cle: str) -> Response:
    """Reading changes nothing: mail scanners open links too."""
    letter = await _letter(db, cle)
    return render(request, "links/leave.html", LeavePage(cle, bool(letter.left_at)))


@leaving.post("/{cle}")
async def leave(request: Request, db: AppDb, cle: str) -> Response:
    """The button of the page, or that of a mail program, whose form may be multipart (RFC 8058).

    Nothing of the form is read: the address says it all.
    """
    await actions.leave(db, await _letter(db, cle))
    return render(request, "links/leave.html", LeavePage(cle, True))
