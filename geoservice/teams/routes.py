"""The pages where people form a team, and pass it on."""

from dataclasses import replace
from typing import Any
from urllib.parse import quote

from fastapi import APIRouter, Depends, Request
from sqlalchemy import Row
from starlette.responses import RedirectResponse, Response

from geoservice.auth import limits
from geoservice.auth.current import CurrentAccount, Identity, NotAllowed
from geoservice.auth.forms import AccountForm, Form, SecretForm
from geoservice.auth.model import Role as AccountRole
from geoservice.auth.private import mark_private
from geoservice.auth.secrets import digest
from geoservice.mail.message import WrongAddress, read_address
from geoservice.teams import actions, naming, perimeters, queries
from geoservice.teams.access import Access, Entered, Managed
from geoservice.teams.jobs import PATH as INVITATION
from geoservice.teams.listing import WrongList, read_communes
from geoservice.teams.model import Role
from geoservice.teams.naming import Named
from geoservice.teams.outlines import WrongOutline, read_geojson
from geoservice.teams.pages import (
    AnsweredPage,
    Asked,
    InvitationPage,
    OnePerimeter,
    OneTeam,
    PerimetersPage,
    TeamPage,
    TeamsPage,
)
from geoservice.teams.roles import BY_SLUG, Choice
from geoservice.web.database import AppDb
from geoservice.web.pages import Page, render
from geoservice.web.problems import Fault, NotFound, Problem, WrongQuestion

NAME_LONGEST = 100
CREATED_PER_ACCOUNT = 10
INVITED_PER_TEAM = 60
SAVED_PER_TEAM = 200
"""In an hour."""
WRONG_ADDRESS = "Cette adresse n’est pas complète. Elle doit ressembler à prenom.nom@exemple.fr."

secret = APIRouter(include_in_schema=False, dependencies=[Depends(mark_private)])
router = APIRouter(prefix="/equipes", include_in_schema=False, dependencies=[Depends(mark_private)])


class DeadInvitation(Problem):
    status = 410
    title = (
        "Cette invitation ne marche plus : elle a servi, elle a été retirée, ou elle a plus de "
        "14 jours. Demandez-en une autre à la personne qui vous a invité."
    )


class TooManySent(Problem):
    status = 429
    title = "Trop de demandes ont été faites. Réessayez dans une heure."


@router.get("")
async def show_teams(request: Request, me: CurrentAccount, db: AppDb) -> Response:
    return render(request, "teams/list.html", await _teams(me, db))


async def _teams(me: Identity, db: AppDb) -> TeamsPage:
    mine = (await db.execute(queries.MINE, {"account": me.account_id})).all()
    codes = {row.code for row in mine}
    others = (await db.execute(queries.ALL)).all() if me.may() else ()
    asked = {"account": me.account_id, "everywhere": me.may()}
    return TeamsPage(
        me.token,
        tuple(OneTeam.of(row, mine=True) for row in mine),
        tuple(OneTeam.of(row, mine=False) for row in others if row.code not in codes),
        tuple(Asked.of(row) for row in await db.execute(queries.WAITING, asked)),
    )


@router.post("")
async def create(form: AccountForm, request: Request, me: CurrentAccount, db: AppDb) -> Response:
    name = _name(form)
    choice = BY_SLUG.get(form.one("role"))
    mistake = None
    if not name:
        mistake = f"Donnez un nom à l’équipe : {NAME_LONGEST} caractères au plus."
    elif choice is None or choice.role is not Role.COORDINATOR:
        mistake = "Dites si vous coordonnez dans le dispositif, ou hors dispositif."
    if mistake:
        page = replace(await _teams(me, db), name=form.one("nom")[:NAME_LONGEST], mistake=mistake)
        return _refused(render(request, "teams/list.html", page))
    await _count(db, f"teams of {me.account_id}", CREATED_PER_ACCOUNT)
    in_programme = bool(choice and choice.in_programme)
    team = await actions.create(db, me.account_id, name, in_programme=in_programme)
    return RedirectResponse(f"/equipes/{team.code}", 303)


@secret.get(INVITATION)
async def show_invitation(request: Request, db: AppDb, cle: str = "") -> Response:
    """Reading changes nothing: mail scanners open links too."""
    return _secret(request, "teams/invitation.html", InvitationPage.of(await _opened(db, cle), cle))


@secret.post(INVITATION)
async def answer(form: SecretForm, request: Request, db: AppDb) -> Response:
    cle = form.one("lien")
    opened = await _opened(db, cle)
    if form.one("reponse") == "refuser":
        await actions.decline(db, cle)
        return _secret(request, "teams/answered.html", AnsweredPage(None, None))
    name = " ".join(form.one("nom").split())
    mistake = None
    if form.one("reponse") != "accepter":
        mistake = "Dites si vous acceptez ou refusez."
    elif not opened.is_known and not 0 < len(name) <= NAME_LONGEST:
        mistake = f"Écrivez votre nom : {NAME_LONGEST} caractères au plus."
    if mistake:
        page = InvitationPage.of(opened, cle, mistake)
        return _refused(_secret(request, "teams/invitation.html", page))
    if await actions.accept(db, cle, name) is None:
        raise DeadInvitation
    return _secret(request, "teams/answered.html", AnsweredPage(opened.name, opened.code))


async def _opened(db: AppDb, cle: str) -> Row[Any]:
    opened = (await db.execute(queries.OPENED, {"hash": digest(cle)})).one_or_none()
    if opened is None:
        raise DeadInvitation
    return opened


@router.get("/{team_code}")
async def show_team(request: Request, access: Entered, db: AppDb) -> Response:
    return render(request, "teams/show.html", await _page(access, db))


async def _page(access: Access, db: AppDb) -> TeamPage:
    team = {"team": access.team.id}
    return TeamPage.of(
        access.team,
        access.me.token,
        access.me.account_id,
        members=(await db.execute(queries.MEMBERS, team)).all(),
        territories=(await db.execute(queries.TERRITORIES, team)).all(),
        invitations=(await db.execute(queries.INVITATIONS, team)).all(),
        history=(await db.execute(queries.HISTORY, team | {"limit": queries.HISTORY_MAX})).all(),
        may_manage=access.may_manage,
        may_decide=access.me.may(AccountRole.COORDINATOR, AccountRole.MODERATOR),
    )


async def _corrected(
    request: Request,
    access: Access,
    db: AppDb,
    field: str,
    mistake: str,
    typed: str,
    candidates: tuple[Named, ...] = (),
) -> Response:
    page = replace(
        await _page(access, db),
        mistakes=((field, mistake),),
        typed=typed[:254],
        candidates=candidates,
    )
    return _refused(render(request, "teams/show.html", page))


@router.post("/{team_code}/nom")
async def rename(form: AccountForm, request: Request, access: Managed, db: AppDb) -> Response:
    name = _name(form)
    if not name:
        mistake = f"Donnez un nom à l’équipe : {NAME_LONGEST} caractères au plus."
        return await _corrected(request, access, db, "nom", mistake, form.one("nom"))
    await actions.rename(db, access.team.id, access.me.account_id, name)
    return _back(access)


@router.post("/{team_code}/inviter")
async def invite(form: AccountForm, request: Request, access: Managed, db: AppDb) -> Response:
    try:
        mail = read_address(form.one("mail"))
    except WrongAddress:
        return await _corrected(request, access, db, "inviter", WRONG_ADDRESS, form.one("mail"))
    await _count(db, f"invitations of {access.team.id}", INVITED_PER_TEAM)
    choice, is_owner = _choice(form), form.one("responsable") == "oui"
    await actions.invite(db, access.team.id, access.me.account_id, mail, choice, is_owner=is_owner)
    return _back(access, "invitations")


@router.post("/{team_code}/invitations/{number}/retirer")
async def withdraw_invitation(
    form: AccountForm, access: Entered, db: AppDb, number: int
) -> Response:
    await actions.withdraw_invitation(
        db, access.team.id, access.me.account_id, number, may_manage=access.may_manage
    )
    return _back(access, "invitations" if access.may_manage else "partir")


@router.post("/{team_code}/passer")
async def propose_succession(
    form: AccountForm, request: Request, access: Entered, db: AppDb
) -> Response:
    try:
        mail = read_address(form.one("mail"))
    except WrongAddress:
        return await _corrected(request, access, db, "passer", WRONG_ADDRESS, form.one("mail"))
    if mail == access.me.mail:
        mistake = "C’est votre adresse. Écrivez celle de la personne qui prend la suite."
        return await _corrected(request, access, db, "passer", mistake, mail)
    me = access.me.account_id
    return await _propose(access, db, me, mail, "partir")


async def _propose(access: Access, db: AppDb, subject: int, mail: str, fragment: str) -> Response:
    await _count(db, f"invitations of {access.team.id}", INVITED_PER_TEAM)
    await actions.propose_succession(db, access.team.id, access.me.account_id, subject, mail)
    return _back(access, fragment)


@router.post("/{team_code}/membres/{number}/remplacer")
async def replace_member(
    form: AccountForm, request: Request, access: Managed, db: AppDb, number: int
) -> Response:
    """For somebody who vanished: whoever accepts has their role, and they are out."""
    try:
        mail = read_address(form.one("mail"))
    except WrongAddress:
        field = f"remplacer-{number}"
        return await _corrected(request, access, db, field, WRONG_ADDRESS, form.one("mail"))
    return await _propose(access, db, number, mail, "invitations")


@router.post("/{team_code}/quitter")
async def leave(form: AccountForm, access: Entered, db: AppDb) -> Response:
    await actions.leave(db, access.team.id, access.me.account_id)
    return RedirectResponse("/equipes", 303)


@router.post("/{team_code}/fermer")
async def close(form: AccountForm, request: Request, access: Managed, db: AppDb) -> Response:
    if form.one("sur") != "oui":
        mistake = "Cochez la case pour fermer l’équipe : cela ne se défait pas ici."
        return await _corrected(request, access, db, "fermer", mistake, "")
    await actions.close(db, access.team.id, access.me.account_id)
    return RedirectResponse("/equipes", 303)


@router.post("/{team_code}/membres/{number}/role")
async def change_role(form: AccountForm, access: Managed, db: AppDb, number: int) -> Response:
    choice, is_owner = _choice(form), form.one("responsable") == "oui"
    await actions.change_role(
        db, access.team.id, access.me.account_id, number, choice, is_owner=is_owner
    )
    return _back(access, "personnes")


@router.post("/{team_code}/membres/{number}/retirer")
async def remove(form: AccountForm, access: Managed, db: AppDb, number: int) -> Response:
    await actions.remove(db, access.team.id, access.me.account_id, number)
    return _back(access, "personnes")


@router.post("/{team_code}/territoires")
async def ask_territory(
    form: AccountForm, request: Request, access: Managed, db: AppDb
) -> Response:
    words = form.one("territoire") or form.one("nom-du-territoire")
    found = await naming.meant(db, words[:200].replace("\x00", ""))
    if len(found) != 1:
        mistake = (
            "Plusieurs territoires ont ce nom. Choisissez le vôtre."
            if found
            else f"Nous ne connaissons pas de territoire « {words[:200]} ». Écrivez le nom exact "
            "d’une commune, d’une intercommunalité, d’un département ou d’une région."
        )
        return await _corrected(request, access, db, "territoire", mistake, words, tuple(found))
    [named] = found
    await actions.ask_territory(
        db,
        access.team.id,
        access.me.account_id,
        named.type,
        named.code,
        named.label,
        may_give=await _may_give(access.me, db, named.type, named.code),
    )
    return _back(access, "territoires")


@router.post("/{team_code}/territoires/retirer")
async def remove_territory(form: AccountForm, access: Managed, db: AppDb) -> Response:
    type_, _, code = form.one("territoire").partition(":")
    named = await naming.exactly(db, type_, code)
    label = named.label if named else code
    await actions.remove_territory(db, access.team.id, access.me.account_id, type_, code, label)
    return _back(access, "territoires")


@router.post("/{team_code}/territoires/decider")
async def decide_territory(
    form: AccountForm, me: CurrentAccount, db: AppDb, team_code: str
) -> Response:
    """By those who look after all of that territory, whether or not they are in the team."""
    team = (await db.execute(queries.TEAM, {"code": team_code.upper()})).one_or_none()
    type_, _, code = form.one("territoire").partition(":")
    named = await naming.exactly(db, type_, code)
    if team is None or named is None or form.one("verdict") not in ("accepter", "refuser"):
        raise NotFound("Cette demande n’attend plus.")
    if not await _may_give(me, db, type_, code):
        raise NotAllowed(
            "Ce territoire se donne par l’administration du service, ou par une coordination qui "
            "s’occupe déjà de tout ce territoire."
        )
    await actions.decide_territory(
        db,
        team.id,
        me.account_id,
        type_,
        code,
        named.label,
        accepted=form.one("verdict") == "accepter",
    )
    return RedirectResponse("/equipes", 303)


@router.get("/{team_code}/perimetres")
async def show_perimeters(request: Request, access: Entered, db: AppDb) -> Response:
    return render(request, "teams/perimeters.html", await _perimeters(access, db))


async def _perimeters(access: Access, db: AppDb) -> PerimetersPage:
    team = {"team": access.team.id}
    box = (await db.execute(perimeters.BOX, team)).one_or_none()
    return PerimetersPage(
        access.me.token,
        access.team.name,
        access.team.code,
        tuple(OnePerimeter.of(row) for row in await db.execute(perimeters.OF_TEAM, team)),
        access.may_save,
        access.may_remove,
        ",".join(f"{degrees:.4f}" for degrees in box) if box else "",
    )


@router.post("/{team_code}/perimetres")
async def save_perimeter(
    form: AccountForm, request: Request, access: Entered, db: AppDb
) -> Response:
    if not access.may_save:
        raise NotAllowed("Votre rôle dans l’équipe est la lecture seule.")
    name, is_list = _name(form), form.one("facon") == "liste"
    field = "liste" if is_list else "contour"
    typed = form.one(field).replace("\x00", "")
    mistake = None if name else f"Donnez un nom au périmètre : {NAME_LONGEST} caractères au plus."
    await _count(db, f"perimeters of {access.team.id}", SAVED_PER_TEAM)
    team, me = access.team.id, access.me.account_id
    if mistake is None:
        try:
            if is_list:
                communes = await read_communes(db, team, typed)
                await actions.save_listed(db, team, me, name, communes)
            else:
                await actions.save_drawn(db, team, me, name, read_geojson(typed))
        except (WrongList, WrongOutline) as wrong:
            mistake = str(wrong)
    if mistake:
        page = replace(
            await _perimeters(access, db), mistakes=((field, mistake),), name=name, typed=typed
        )
        return _refused(render(request, "teams/perimeters.html", page))
    return RedirectResponse(f"{access.address}/perimetres", 303)


@router.post("/{team_code}/perimetres/{perimeter}/nom")
async def rename_perimeter(
    form: AccountForm, access: Entered, db: AppDb, perimeter: str
) -> Response:
    if not access.may_remove:
        raise NotAllowed("Seule la coordination de l’équipe change ses périmètres.")
    name = _name(form)
    if not name:
        message = f"Donnez un nom au périmètre : {NAME_LONGEST} caractères au plus."
        raise WrongQuestion(Fault("nom", message))
    await actions.rename_perimeter(db, access.team.id, access.me.account_id, perimeter, name)
    return RedirectResponse(f"{access.address}/perimetres", 303)


@router.post("/{team_code}/perimetres/{perimeter}/retirer")
async def remove_perimeter(
    form: AccountForm, access: Entered, db: AppDb, perimeter: str
) -> Response:
    if not access.may_remove:
        raise NotAllowed("Seule la coordination de l’équipe change ses périmètres.")
    await actions.remove_perimeter(db, access.team.id, access.me.account_id, perimeter)
    return RedirectResponse(f"{access.address}/perimetres", 303)


async def _may_give(me: Identity, db: AppDb, type_: str, code: str) -> bool:
    asked = {"type": type_, "code": code, "account": me.account_id}
    return me.may() or bool(await db.scalar(queries.MAY_GIVE, asked))


def _name(form: Form) -> str:
    """Empty when it cannot be a name."""
    name = " ".join(form.one("nom").split())
    return name if len(name) <= NAME_LONGEST and "\x00" not in name else ""


def _choice(form: Form) -> Choice:
    choice = BY_SLUG.get(form.one("role"))
    if choice is None:
        raise WrongQuestion(Fault("role", "Choisissez un rôle dans la liste.", tuple(BY_SLUG)))
    return choice


def _back(access: Access, fragment: str = "") -> Response:
    return RedirectResponse(access.address + (f"#{quote(fragment)}" if fragment else ""), 303)


async def _count(db: AppDb, subject: str, most: int) -> None:
    if not await limits.within(db, (subject, most)):
        raise TooManySent


def _refused(answer: Response) -> Response:
    answer.status_code = 422
    return answer


def _secret(request: Request, template: str, page: Page) -> Response:
    answer = render(request, template, page)
    answer.headers["referrer-policy"] = "no-referrer"
    answer.headers["x-robots-tag"] = "noindex"
    return answer
