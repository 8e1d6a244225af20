"""The map on other sites: the framed pages, which work without a script, and the making of them."""

import re
from collections.abc import Awaitable, Callable, Coroutine
from typing import Annotated, Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import orjson
from fastapi import APIRouter, Depends, Query, Request
from fastapi.routing import APIRoute
from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.responses import RedirectResponse, Response

from geoservice.auth import limits
from geoservice.auth.current import (
    CurrentAccount,
    Identity,
    MaybeAccount,
    NotAllowed,
    current_account,
    find_account,
)
from geoservice.auth.forms import AccountForm, Form, PublicForm, sent_from_account, sent_with_secret
from geoservice.auth.private import mark_private
from geoservice.auth.secrets import digest
from geoservice.clock import now
from geoservice.embed import actions, appearance, hosts, queries, snippets
from geoservice.embed import asked as asking
from geoservice.embed.appearance import Appearance
from geoservice.embed.asked import LIST, Asked
from geoservice.embed.building import BUILDER, build, made, title_of
from geoservice.embed.figures import Tally
from geoservice.embed.jobs import OWN_PATH
from geoservice.embed.model import Embed
from geoservice.embed.pages import (
    SAVE,
    Chosen,
    Edited,
    EmbedPage,
    EmbedPlacePage,
    FindPage,
    OneEmbedPage,
    OwnPage,
    RefusedPage,
    SavePage,
    SentPage,
    Settled,
)
from geoservice.embed.queries import Owner, Saved
from geoservice.mail.message import WrongAddress, read_address
from geoservice.mediators.queries import AT_PLACE
from geoservice.search import answers, drawings
from geoservice.search.question import PAGE_LIMIT_MAX
from geoservice.settings import Settings
from geoservice.teams.access import Access, entered, managed
from geoservice.web.data import csv_lines
from geoservice.web.database import AppDb, CurrentSettings, PublicDb
from geoservice.web.headers import policy
from geoservice.web.pages import ErrorPage, Page, render
from geoservice.web.problems import NotFound, Problem
from geoservice.web.static import FOREVER

ANYONE = "*"
PASTED = re.compile(r"/embed|/lieux|(?:/embed)?/lieux/(?P<place>[^/]+)(?:/[^/]*)?")
"""The addresses of ours that editors may be given."""
FIND = BUILDER + "/retrouver"
SENT = BUILDER + "/envoye"
OWN = "/moi/cartes"
BY_LINK = OWN_PATH + "/{cle}"
OF_TEAM = "/equipes/{team_code}/cartes"
ASKS_PER_MAIL, ASKS_PER_NETWORK = 5, 60
"""In an hour."""
WRONG_ADDRESS = "Cette adresse n’est pas complète. Elle doit ressembler à prenom.nom@exemple.fr."


class Framed(APIRoute):
    """Answers that other sites show in a frame: so are their refusals, in the same clothes."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle: Callable[[Request], Awaitable[Response]] = super().get_route_handler()

        async def answer(request: Request) -> Response:
            try:
                return await handle(request)
            except Problem as problem:
                return _refused(request, problem)

        return answer


pages = APIRouter(include_in_schema=False, route_class=Framed)
ours = APIRouter(include_in_schema=False)
"""What stays on our own site."""
own = APIRouter(include_in_schema=False, dependencies=[Depends(mark_private)])
"""The maps that one saved, by one's account or by a link, and those of a team: the same pages at three addresses."""


def _refused(request: Request, problem: Problem) -> Response:
    settings: Settings = request.app.state.settings
    saved: Saved | None = getattr(request.state, "saved", None)
    pairs = request.query_params.multi_items()
    chosen, _ = appearance.split(pairs)
    if saved:
        chosen = asking.over(appearance.split(saved.pairs)[0], chosen)
    look, _ = appearance.read(chosen)
    error = ErrorPage.of(problem, pairs, LIST)
    page = RefusedPage(problem.title, look, error, settings.site)
    refused = _framed(request, "embed/refused.html", page, look)
    refused.status_code = problem.status
    return refused


async def _asked(request: Request, db: PublicDb) -> Asked:
    pairs = request.query_params.multi_items()
    saved = request.state.saved = await asking.saved_in(db, pairs)  # for refusals too
    return Asked.parse(pairs, saved)


CurrentAsked = Annotated[Asked, Depends(_asked)]


def _framed(request: Request, template: str, page: Page, look: Appearance) -> Response:
    """For any site, or those that the owner of a saved embed named."""
    saved: Saved | None = getattr(request.state, "saved", None)
    sites = saved.hosts if saved else ()
    answer = render(request, template, page)
    # in a sandbox without an origin, MapLibre can only make its worker from a data: address
    answer.headers["content-security-policy"] = policy(
        ancestors=" ".join(sites) or ANYONE, images=look.logo_origin or "", workers="data:"
    )
    # `<carte-mediation>` reads these pages from the sites where it stands; they hold public data only
    origin = request.headers.get("origin", "")
    if not sites:
        answer.headers["access-control-allow-origin"] = ANYONE
    else:
        answer.headers.add_vary_header("Origin")
        if hosts.allows(sites, origin):
            answer.headers["access-control-allow-origin"] = origin
    return answer


@pages.get(LIST)
async def show_list(
    request: Request, db: PublicDb, settings: CurrentSettings, asked: CurrentAsked
) -> Response:
    resolved = await answers.resolve(db, asked.query, settings, now())
    found = await answers.answer(db, resolved, limit_max=PAGE_LIMIT_MAX)
    drawing = await drawings.of_list(db, found.rows, (asked.query.page - 1) * found.limit + 1)
    announced = await answers.permanences(db, found.rows, resolved.moment)
    page = EmbedPage.of(asked, found, announced, drawing, settings.site)
    tally: Tally = request.app.state.tally
    tally.count(request, asked.saved, asked.counts_as)
    return _framed(request, "embed/list.html", page, asked.look)


@pages.get(LIST + "/lieux/{public_id}")
async def show_place(
    request: Request, db: PublicDb, settings: CurrentSettings, asked: CurrentAsked, public_id: str
) -> Response:
    row = await answers.place(db, public_id)
    if isinstance(row, str):
        return RedirectResponse(asked.onward(f"{LIST}/lieux/{row}"), status_code=301)
    drawing = await drawings.of_place(db, row)
    moment = now()
    announced = await answers.permanences(db, [row], moment)
    people = (await db.execute(AT_PLACE, {"place": row.id})).all()
    page = EmbedPlacePage.of(asked, row, announced[row.id], people, moment, drawing, settings.site)
    return _framed(request, "embed/place.html", page, asked.look)


@pages.get(LIST + "/couleurs.css")
async def show_colours(request: Request) -> Response:
    """The chosen colours, as a style sheet of its own: pages carry no style."""
    look, faults = appearance.read(appearance.split(request.query_params.multi_items())[0])
    headers = {"access-control-allow-origin": ANYONE}
    if not faults:
        headers["cache-control"] = FOREVER
    return Response(look.style, media_type="text/css", headers=headers)


@ours.get(BUILDER)
async def make_code(request: Request, db: PublicDb, settings: CurrentSettings) -> Response:
    return await _builder(request, db, request.query_params.multi_items(), settings)


async def _builder(
    request: Request,
    db: AsyncConnection,
    given: asking.Pairs,
    settings: Settings,
    embed: Edited | None = None,
) -> Response:
    page = await build(db, given, settings, embed)
    answer = render(request, "embed/integrate.html", page)
    answer.headers["content-security-policy"] = policy(frames="'self'")
    if page.mistakes or page.corrections:
        answer.status_code = 422
    return answer


class NotAnEmbed(NotFound):
    title = "Cette adresse n’est pas celle d’une carte à intégrer. Faites-en une sur /integrer."


class OnlyJson(Problem):
    status = 501
    title = "Seul le format JSON est servi."


@ours.get("/oembed")
async def describe_for_editors(
    db: PublicDb,
    settings: CurrentSettings,
    url: Annotated[str, Query(max_length=4_000)],
    format_: Annotated[str, Query(alias="format")] = "json",
    maxwidth: Annotated[int | None, Query(ge=1)] = None,
    maxheight: Annotated[int | None, Query(ge=1)] = None,
) -> Response:
    """What WordPress and its like ask when an address of ours is pasted (https://oembed.com)."""
    if format_ != "json":
        raise OnlyJson
    parts = urlsplit(url)
    shown = PASTED.fullmatch(parts.path)
    if parts.netloc != urlsplit(settings.site).netloc or shown is None:
        raise NotAnEmbed
    asked = await asking.read(db, parse_qsl(parts.query))
    if shown["place"]:
        row = await answers.place(db, shown["place"])
        while isinstance(row, str):  # merged into another
            row = await answers.place(db, row)
        title, path = row.name, f"{LIST}/lieux/{row.public_id}"
    else:
        resolved = await answers.resolve(db, asked.query, settings, now())
        title, path = title_of(asked, resolved), LIST
    told = snippets.oembed(asked, title, settings.site, maxwidth, maxheight, path)
    return Response(
        orjson.dumps(told),
        media_type="application/json",
        headers={"access-control-allow-origin": ANYONE},
    )


# Saving a map: with an account, or with a mail whose owner agrees.


@ours.get(SAVE)
async def show_save(
    request: Request, db: AppDb, public: PublicDb, settings: CurrentSettings, me: MaybeAccount
) -> Response:
    """What `/integrer` made; what it would not make is shown there."""
    given = request.query_params.multi_items()
    made_ = (await build(public, given, settings)).made
    if made_ is None:
        return RedirectResponse(BUILDER + "?" + urlencode(given), 303)
    teams = await _teams_of(db, me.account_id if me else None)
    page = SavePage.of(made_, me, teams)
    return render(request, "embed/save.html", page)


@ours.post(SAVE)
async def save_by_mail(
    request: Request, db: AppDb, public: PublicDb, settings: CurrentSettings, form: PublicForm
) -> Response:
    typed = await _typed(public, settings, form)
    try:
        mail = read_address(form.one("mail"))
    except WrongAddress:
        mail = ""
        typed.faults["mail"] = WRONG_ADDRESS
    if typed.faults:
        return _refuse_save(request, typed, form)
    await _count_asked(db, request, mail)
    owner = Owner(SENT, mail)
    await actions.save(db, owner, typed.name, typed.question, typed.hosts, counted=typed.counted)
    await actions.ask_for_link(db, mail)
    return RedirectResponse(SENT, 303)


@ours.post(OWN)
async def save_for_account(
    form: AccountForm,
    request: Request,
    db: AppDb,
    public: PublicDb,
    settings: CurrentSettings,
    me: CurrentAccount,
) -> Response:
    """For oneself, or for a team that one is responsible for."""
    code = form.one("equipe")
    owner = await _team(me, db, code) if code else _owner_of(me)
    typed = await _typed(public, settings, form)
    if typed.faults:
        return _refuse_save(request, typed, form, me, await _teams_of(db, me.account_id))
    key = await actions.save(
        db, owner, typed.name, typed.question, typed.hosts, counted=typed.counted
    )
    return RedirectResponse(f"{owner.home}/{key}", 303)


async def _team(me: Identity, db: AsyncConnection, code: str) -> Owner:
    """Raises NotFound, or NotAllowed for those who are not responsible for it."""
    return _owner_of_team(await managed(await entered(me, db, code)))


async def _teams_of(db: AsyncConnection, account_id: int | None) -> tuple[Chosen, ...]:
    """Those that an account is responsible for."""
    rows = () if account_id is None else await db.execute(queries.managed_teams(account_id))
    return tuple(Chosen(row.code, row.name) for row in rows)


async def _typed(db: AsyncConnection, settings: Settings, form: Form) -> Settled:
    """Raises NotAnEmbed for a question that the builder would not make."""
    made_ = (await build(db, parse_qsl(form.one("question")), settings)).made
    if made_ is None:
        raise NotAnEmbed
    return Settled.of(form, made_.question)


def _refuse_save(
    request: Request,
    typed: Settled,
    form: Form,
    me: Identity | None = None,
    teams: tuple[Chosen, ...] = (),
) -> Response:
    page = SavePage.again(typed, form.one("mail")[:254], me, teams, form.one("equipe"))
    return _refused_form(render(request, "embed/save.html", page))


def _refused_form(answer: Response) -> Response:
    answer.status_code = 422
    return answer


async def _count_asked(db: AsyncConnection, request: Request, mail: str) -> None:
    """Raises TooManyLinks."""
    client = limits.network(request.client.host if request.client else "")
    if not await limits.within(
        db, (f"embed network {client}", ASKS_PER_NETWORK), (f"embed mail {mail}", ASKS_PER_MAIL)
    ):
        raise TooManyAsked


class TooManyAsked(Problem):
    status = 429
    title = "Trop de demandes ont été faites. Réessayez dans une heure."


@ours.get(FIND)
async def show_find(request: Request) -> Response:
    return render(request, "embed/find.html", FindPage())


@ours.post(FIND)
async def find(request: Request, db: AppDb, form: PublicForm) -> Response:
    try:
        mail = read_address(form.one("mail"))
    except WrongAddress:
        page = FindPage(form.one("mail")[:254], WRONG_ADDRESS, "Adresse à corriger")
        return _refused_form(render(request, "embed/find.html", page))
    await _count_asked(db, request, mail)
    await actions.ask_for_link(db, mail)
    return RedirectResponse(SENT, 303)


@ours.get(SENT)
async def show_sent(request: Request) -> Response:
    return render(request, "embed/sent.html", SentPage())


class DeadLink(Problem):
    status = 410
    title = (
        "Ce lien ne marche plus. Demandez-en un autre : « Retrouver mes cartes », sur /integrer."
    )


async def _owner(request: Request, db: AppDb) -> Owner:
    """By a link, by the account or in a team: reading changes nothing, mail scanners open links too."""
    secret: str | None = request.path_params.get("cle")
    if secret is None:
        me = await current_account(await find_account(request, db))
        code: str | None = request.path_params.get("team_code")
        return _owner_of(me) if code is None else _owner_of_team(await entered(me, db, code))
    mail = (await db.execute(queries.opened_link(digest(secret)))).scalar_one_or_none()
    if mail is None:
        raise DeadLink
    return Owner(f"{OWN_PATH}/{secret}", mail)


def _owner_of(me: Identity) -> Owner:
    return Owner(OWN, me.mail, me.account_id, me.token)


def _owner_of_team(access: Access) -> Owner:
    me, team = access.me, access.team
    home = f"{access.address}/cartes"
    return Owner(home, me.mail, me.account_id, me.token, team.id, team.name, access.may_manage)


async def _own_form(request: Request, settings: CurrentSettings) -> Form:
    if "cle" in request.path_params:
        return await sent_with_secret(request)
    return await sent_from_account(request, settings)


CurrentOwner = Annotated[Owner, Depends(_owner)]


async def _changing(owner: CurrentOwner) -> Owner:
    if not owner.may_change:
        raise NotAllowed(
            "Seules les personnes responsables de l’équipe changent ses cartes. Demandez-le-leur."
        )
    return owner


ChangingOwner = Annotated[Owner, Depends(_changing)]
OwnForm = Annotated[Form, Depends(_own_form)]


async def _embed(db: AppDb, owner: CurrentOwner, key: str) -> Row[*tuple[Any, ...]]:
    row = (await db.execute(queries.own(owner).where(Embed.key == key))).one_or_none()
    if row is None:
        raise queries.UnknownKey
    return row


OwnedEmbed = Annotated[Row[Any], Depends(_embed)]


@own.get(OWN)
@own.get(BY_LINK)
@own.get(OF_TEAM)
async def show_all(request: Request, db: AppDb, owner: CurrentOwner) -> Response:
    rows = (await db.execute(queries.own(owner))).all()
    return _own(render(request, "embed/own.html", OwnPage.of(owner, rows)))


@own.get(OWN + "/{key}")
@own.get(BY_LINK + "/{key}")
@own.get(OF_TEAM + "/{key}")
async def show_one(
    request: Request, db: AppDb, settings: CurrentSettings, owner: CurrentOwner, embed: OwnedEmbed
) -> Response:
    return await _one(request, db, settings, owner, embed)


@own.post(OWN + "/{key}")
@own.post(BY_LINK + "/{key}")
@own.post(OF_TEAM + "/{key}")
async def settle(
    form: OwnForm,
    request: Request,
    db: AppDb,
    settings: CurrentSettings,
    owner: ChangingOwner,
    embed: OwnedEmbed,
) -> Response:
    typed = Settled.of(form, embed.question)
    if typed.faults:
        return _refused_form(await _one(request, db, settings, owner, embed, typed))
    await actions.settle(db, owner, embed.id, typed.name, typed.hosts, counted=typed.counted)
    return RedirectResponse(f"{owner.home}/{embed.key}", 303)


@own.post(OWN + "/{key}/confier")
async def entrust(
    form: OwnForm, db: AppDb, me: CurrentAccount, owner: CurrentOwner, embed: OwnedEmbed
) -> Response:
    """To a team that one is responsible for."""
    team = await _team(me, db, form.one("equipe"))
    await actions.entrust(db, team, embed.id, embed.name)
    return RedirectResponse(f"{team.home}/{embed.key}", 303)


@own.post(OWN + "/{key}/confirmer")
@own.post(BY_LINK + "/{key}/confirmer")
async def confirm(form: OwnForm, db: AppDb, owner: CurrentOwner, embed: OwnedEmbed) -> Response:
    await actions.confirm(db, embed.id)
    return RedirectResponse(f"{owner.home}/{embed.key}", 303)


@own.get(OWN + "/{key}/changer")
@own.get(BY_LINK + "/{key}/changer")
@own.get(OF_TEAM + "/{key}/changer")
async def show_change(
    request: Request, db: AppDb, settings: CurrentSettings, owner: ChangingOwner, embed: OwnedEmbed
) -> Response:
    given = request.query_params.multi_items() or parse_qsl(embed.question)
    return _own(await _builder(request, db, given, settings, Edited.of(embed, owner)))


@own.post(OWN + "/{key}/changer")
@own.post(BY_LINK + "/{key}/changer")
@own.post(OF_TEAM + "/{key}/changer")
async def change(
    form: OwnForm,
    request: Request,
    db: AppDb,
    settings: CurrentSettings,
    owner: ChangingOwner,
    embed: OwnedEmbed,
) -> Response:
    given = parse_qsl(form.one("question"))
    made_ = (await build(db, given, settings)).made
    if made_ is None:
        return _own(await _builder(request, db, given, settings, Edited.of(embed, owner)))
    await actions.ask_again(db, owner, embed.id, embed.name, made_.question)
    return RedirectResponse(f"{owner.home}/{embed.key}", 303)


@own.get(OWN + "/{key}/chiffres")
@own.get(BY_LINK + "/{key}/chiffres")
@own.get(OF_TEAM + "/{key}/chiffres")
async def download_figures(db: AppDb, embed: OwnedEmbed) -> Response:
    rows = (await db.execute(queries.days(embed.id))).all()
    lines = csv_lines([("jour", "affichages", "recherches"), *rows])
    name = f'attachment; filename="chiffres-{embed.key}.csv"'
    return Response(
        lines, media_type="text/csv; charset=utf-8", headers={"content-disposition": name}
    )


@own.post(OWN + "/{key}/supprimer")
@own.post(BY_LINK + "/{key}/supprimer")
@own.post(OF_TEAM + "/{key}/supprimer")
async def remove(form: OwnForm, db: AppDb, owner: ChangingOwner, embed: OwnedEmbed) -> Response:
    await actions.remove(db, owner, embed.id, embed.name)
    return RedirectResponse(owner.home, 303)


def _own(answer: Response) -> Response:
    """The address may be a secret."""
    answer.headers["referrer-policy"] = "no-referrer"
    answer.headers["x-robots-tag"] = "noindex"
    return answer


async def _one(
    request: Request,
    db: AsyncConnection,
    settings: Settings,
    owner: Owner,
    embed: Row[Any],
    typed: Settled | None = None,
) -> Response:
    saved = Saved.of(embed)
    asked = Asked.parse([("integration", embed.key)], saved)
    resolved = await answers.resolve(db, asked.query, settings, now())
    days = (await db.execute(queries.days(embed.id).limit(queries.DAYS_SHOWN))).all()
    mine = owner.account_id is not None and owner.team_id is None
    teams = await _teams_of(db, owner.account_id if mine else None)
    page = OneEmbedPage.of(owner, embed, made(asked, resolved, settings), days, teams, typed)
    answer = _own(render(request, "embed/one.html", page))
    answer.headers["content-security-policy"] = policy(frames="'self'")
    return answer
