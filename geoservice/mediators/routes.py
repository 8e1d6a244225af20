"""A mediator's own profile («fiche»): who they are, who sees what of them, where they work; and leaving."""

from dataclasses import replace
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Depends, Query, Request
from sqlalchemy import Row, RowMapping
from starlette.responses import RedirectResponse, Response

from geoservice.auth import cookies, limits, secrets
from geoservice.auth.current import CurrentAccount
from geoservice.auth.forms import AccountForm, SecretForm
from geoservice.auth.paths import HOME
from geoservice.auth.private import mark_private
from geoservice.consent.model import Audience, Contact, RecordedBy
from geoservice.consent.queries import in_force, journal
from geoservice.mediators import actions, queries
from geoservice.mediators.current import MaybeProfile, OwnProfile
from geoservice.mediators.jobs import (
    CONTACT_PATH,
    confirmation_of,
    confirmation_shown,
)
from geoservice.mediators.pages import ContactPage, LeavePage, LeftPage, OwnPage, ProfilePage
from geoservice.mediators.profile import Corrections, Typed, read_profile
from geoservice.web.database import AppDb, CurrentSettings
from geoservice.web.pages import render
from geoservice.web.problems import NotFound, Problem

OWN = HOME + "/fiche"
PROFILE = OWN + "/modifier"
LEAVE = OWN + "/partir"
ADDRESSES_PER_HOUR = 10
"""That one person may want written to."""

private = APIRouter(include_in_schema=False, dependencies=[Depends(mark_private)])


class TooManyAddresses(Problem):
    status = 429
    title = "Trop d’adresses ont été essayées. Laissez celle d’avant, ou réessayez dans une heure."


@private.get(OWN)
async def show_own(
    request: Request,
    me: CurrentAccount,
    profile: MaybeProfile,
    db: AppDb,
    q: Annotated[str, Query(max_length=200)] = "",
) -> Response:
    if profile is None:
        return RedirectResponse(PROFILE, 303)
    return render(request, "mediators/own.html", await _own_page(db, profile, me.token, q))


async def _own_page(
    db: AppDb, row: Row[Any], token: str, words: str = "", mistake: str | None = None
) -> OwnPage:
    asked = {"mediator": row.id}
    views = {
        audience: (await db.execute(seen, asked)).one_or_none()
        for audience, seen in queries.SEEN.items()
    }
    agreed = (await db.execute(in_force(row.person))).all()
    places = (await db.execute(queries.OWN_PLACES, asked)).all()
    found = None
    words = words.replace("\x00", "").strip()
    if words:
        like = {"words": words, "limit": queries.FOUND_MAX}
        found = (await db.execute(queries.PLACES_LIKE, like)).all()
    waiting = (await db.execute(confirmation_of(row.id))).one_or_none()
    page = OwnPage.of(row, views, agreed, places, token, words, found, mistake)
    return replace(page, unconfirmed=waiting.mail if waiting else None)


@private.get(PROFILE)
async def show_profile(
    request: Request, me: CurrentAccount, profile: MaybeProfile, db: AppDb
) -> Response:
    typed = Typed(mail=me.mail)
    if profile is not None:
        waiting = (await db.execute(confirmation_of(profile.id))).one_or_none()
        typed = Typed.kept(profile)
        typed = replace(typed, mail=waiting.mail) if waiting else typed
    return render(request, "mediators/profile.html", ProfilePage.of(typed, me.token))


@private.post(PROFILE)
async def save_profile(
    request: Request, me: CurrentAccount, before: MaybeProfile, form: AccountForm, db: AppDb
) -> Response:
    typed = Typed.of(form)
    profile = read_profile(typed)
    if isinstance(profile, Corrections):
        page = ProfilePage.of(typed, me.token, profile)
        answer = render(request, "mediators/profile.html", page)
        answer.status_code = 422
        return answer
    if await actions.is_to_ask(db, me.account_id, me.mail, profile.mail):
        asked = (f"addresses of account {me.account_id}", ADDRESSES_PER_HOUR)
        if not await limits.within(db, asked, (f"mail {profile.mail}", limits.PER_MAIL)):
            raise TooManyAddresses
    await actions.save(db, me.account_id, me.mail, profile)
    return RedirectResponse(OWN, 303)


@private.get(CONTACT_PATH)
async def show_contact(
    request: Request, db: AppDb, secret: Annotated[str, Query(alias="cle")] = ""
) -> Response:
    """Changes nothing: mail scanners open links. Opens in any browser, signed in or not."""
    waiting = (await db.execute(confirmation_shown(secrets.digest(secret)))).one_or_none()
    if waiting is None:
        return _contact_told(request, "passee")
    name = f"{waiting.given_name} {waiting.family_name}"
    page = ContactPage("a-confirmer", secret, waiting.mail, name)
    return render(request, "mediators/contact.html", page)


@private.post(CONTACT_PATH)
async def answer_contact(request: Request, form: SecretForm, db: AppDb) -> Response:
    if form.one("reponse") == "non":
        refused = await actions.refuse_contact(db, form.one("lien"))
        return _contact_told(request, "refusee" if refused else "passee")
    done = await actions.confirm_contact(db, form.one("lien"))
    return _contact_told(request, "faite" if done else "passee")


def _contact_told(request: Request, state: str) -> Response:
    answer = render(request, "mediators/contact.html", ContactPage(state))
    answer.status_code = 410 if state == "passee" else 200
    return answer


@private.post(OWN + "/accords")
async def decide(form: AccountForm, own: OwnProfile, db: AppDb) -> Response:
    """Boxes that are ticked are agreed to; the others are withdrawn, from the next request on."""
    agreed = [
        (contact, audience)
        for contact in Contact
        for audience in Audience
        if form.one(f"{contact}-{audience}") == "oui"
    ]
    await actions.decide(db, own, agreed)
    return RedirectResponse(f"{OWN}#accords", 303)


@private.post(OWN + "/lieux")
async def work_at(
    request: Request, me: CurrentAccount, form: AccountForm, own: OwnProfile, db: AppDb
) -> Response:
    if not await actions.work_at(db, own.id, form.one("lieu")):
        mistake = "Ce lieu n’est plus sur la carte : cherchez-en un autre."
        answer = render(
            request, "mediators/own.html", await _own_page(db, own, me.token, mistake=mistake)
        )
        answer.status_code = 422
        return answer
    return RedirectResponse(f"{OWN}#lieux", 303)


@private.post(OWN + "/lieux/{place}/retirer")
async def work_no_more_at(form: AccountForm, own: OwnProfile, db: AppDb, place: str) -> Response:
    if not await actions.work_no_more_at(db, own.id, place):
        raise NotFound
    return RedirectResponse(f"{OWN}#lieux", 303)


@private.get(OWN + "/mes-donnees.json")
async def export(me: CurrentAccount, own: OwnProfile, db: AppDb) -> Response:
    asked = {"mediator": own.id}
    profiles = (await db.execute(queries.own(me.account_id))).mappings()
    events = (await db.execute(journal(own.person))).mappings()
    waiting = (await db.execute(confirmation_of(own.id))).one_or_none()
    held: dict[str, Any] = {
        "compte": {"mail": me.mail, "nom": me.name},
        "fiche": _told(profiles.one(), "id", "account_id", "norm"),
        "adresse_a_confirmer": waiting.mail if waiting else None,
        "accords": [_told(event, "id", "person") for event in events],
    }
    listed = {
        "lieux": queries.OWN_PLACES,
        "permanences": queries.PERMANENCES,
        "absences": queries.ABSENCES,
    }
    for name, statement in listed.items():
        held[name] = [dict(row) for row in (await db.execute(statement, asked)).mappings()]
    body = orjson.dumps(held, option=orjson.OPT_INDENT_2)
    headers = {"Content-Disposition": 'attachment; filename="mes-donnees.json"'}
    return Response(body, media_type="application/json", headers=headers)


def _told(row: RowMapping, *ours: str) -> dict[str, Any]:
    """Without what only this service's own tables understand."""
    return {str(name): value for name, value in row.items() if name not in ours}


@private.get(LEAVE)
async def show_leave(request: Request, me: CurrentAccount, own: OwnProfile) -> Response:
    return render(request, "mediators/leave.html", LeavePage(me.token))


@private.post(LEAVE)
async def leave(
    request: Request,
    settings: CurrentSettings,
    me: CurrentAccount,
    form: AccountForm,
    own: OwnProfile,
    db: AppDb,
) -> Response:
    if form.one("sur") != "oui":
        page = LeavePage(me.token, "Cochez la case pour confirmer.", "À confirmer – Partir")
        answer = render(request, "mediators/leave.html", page)
        answer.status_code = 422
        return answer
    await db.run_sync(actions.leave, me.account_id, RecordedBy.PERSON)
    gone = render(request, "mediators/left.html", LeftPage())
    cookies.forget_session(gone, settings)
    return gone
