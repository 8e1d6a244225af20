"""Signing in with a link sent by mail, and one's own account."""

import logging
from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import RedirectResponse, Response

from geoservice.auth import actions, cookies, limits, queries, secrets
from geoservice.auth.current import CurrentAccount, Identity, MaybeAccount
from geoservice.auth.device import device
from geoservice.auth.forms import AccountForm, SignInForm
from geoservice.auth.jobs import LINK_PATH, MAIL_PATH
from geoservice.auth.pages import (
    AccountPage,
    ConfirmedPage,
    ConfirmPage,
    DeadLinkPage,
    LinkPage,
    NotSignedInPage,
    OwnPage,
    SentPage,
    SignedOutPage,
    SignInPage,
)
from geoservice.auth.paths import HOME, own_path
from geoservice.auth.private import mark_private
from geoservice.auth.provider import RETURN_PATH, Provider, ProviderFailed
from geoservice.mail.message import WrongAddress, read_address
from geoservice.settings import Settings
from geoservice.web.database import AppDb, CurrentSettings
from geoservice.web.pages import Page, render
from geoservice.web.problems import NotFound

SIGN_IN = "/connexion"
SENT = "/connexion/envoye"
GO_PATH = "/connexion/fournisseur"
OWN = HOME + "/compte"
NAME_LONGEST = 100
WRONG_ADDRESS = "Cette adresse n’est pas complète. Elle doit ressembler à prenom.nom@exemple.fr."

log = logging.getLogger("geoservice.auth")

router = APIRouter(include_in_schema=False, dependencies=[Depends(mark_private)])


def _for_browser(
    request: Request, settings: Settings, template: str, page: Page, browser: str
) -> Response:
    """The page, to a browser that must keep `browser` until the link is used."""
    answer = render(request, template, page)
    cookies.set_browser(answer, browser, settings)
    # the address of this page may be a secret; `no-referrer` would hide the origin of its form
    answer.headers["referrer-policy"] = "same-origin"
    return answer


@router.get(SIGN_IN)
async def show_sign_in(
    request: Request,
    settings: CurrentSettings,
    me: MaybeAccount,
    suite: Annotated[str | None, Query()] = None,
) -> Response:
    if me is not None:
        return RedirectResponse(own_path(suite), 303)
    browser = cookies.browser_of(request) or secrets.new()
    page = SignInPage(
        secrets.form_token(browser), own_path(suite), provider=_provider_name(settings)
    )
    return _for_browser(request, settings, "auth/sign_in.html", page, browser)


@router.post(SIGN_IN)
async def ask_for_link(
    request: Request, settings: CurrentSettings, form: SignInForm, db: AppDb
) -> Response:
    browser = cookies.browser_of(request) or ""  # the form was checked with it
    next_path = own_path(form.one("suite"))
    try:
        mail = read_address(form.one("mail"))
    except WrongAddress:
        page = SignInPage(
            secrets.form_token(browser),
            next_path,
            form.one("mail"),
            WRONG_ADDRESS,
            _provider_name(settings),
            "Adresse à corriger – Se connecter",
        )
        refused = _for_browser(request, settings, "auth/sign_in.html", page, browser)
        refused.status_code = 422
        return refused
    await limits.count(db, mail, request.client.host if request.client else "")
    await actions.ask_for_link(db, mail, browser, next_path)
    return RedirectResponse(SENT, 303)


def _provider_name(settings: Settings) -> str | None:
    return settings.oidc_name if settings.oidc_issuer else None


def provider_of(request: Request) -> Provider:
    """Without one, these addresses are not there."""
    if request.app.state.provider is None:
        raise NotFound
    return request.app.state.provider


CurrentProvider = Annotated[Provider, Depends(provider_of)]


@router.get(GO_PATH)
async def go_to_provider(
    request: Request,
    settings: CurrentSettings,
    provider: CurrentProvider,
    db: AppDb,
    suite: Annotated[str | None, Query()] = None,
) -> Response:
    """A link, not a form: a form may not lead to another site."""
    browser = cookies.browser_of(request) or secrets.new()
    await limits.count_network(db, request.client.host if request.client else "")
    state = await actions.go_to_provider(db, browser, own_path(suite))
    try:
        answer = RedirectResponse(await provider.sign_in_address(state, browser), 303)
    except ProviderFailed as failed:
        return _not_signed_in(request, settings, "panne", failed)
    cookies.set_browser(answer, browser, settings)
    return answer


@router.get(RETURN_PATH)
async def come_back_from_provider(
    request: Request,
    settings: CurrentSettings,
    provider: CurrentProvider,
    db: AppDb,
    state: str = "",
    code: str = "",
    error: str = "",
    iss: str | None = None,
) -> Response:
    browser = cookies.browser_of(request) or ""
    next_path = await actions.come_back(db, state, browser)
    if next_path is None:
        return _not_signed_in(request, settings, "ancienne")
    if error:
        return _not_signed_in(request, settings, "refus" if error == "access_denied" else "panne")
    try:
        if not provider.vouches(iss):
            raise ProviderFailed("another issuer")
        person = await provider.identify(code, state, browser)
    except ProviderFailed as failed:
        return _not_signed_in(request, settings, "panne", failed)
    session = await actions.sign_in_as(
        db, person, device(request.headers.get("user-agent", "")), cookies.session_of(request)
    )
    if session is None:
        return _not_signed_in(request, settings, "inconnu")
    answer = RedirectResponse(own_path(next_path), 303)
    cookies.set_session(answer, session, settings)
    cookies.forget_browser(answer, settings)
    return answer


NOT_SIGNED_IN = {"ancienne": 410, "refus": 403, "panne": 502, "inconnu": 403}


def _not_signed_in(
    request: Request, settings: Settings, reason: str, failed: ProviderFailed | None = None
) -> Response:
    if failed is not None:
        log.warning("The provider did not sign somebody in (%s)", failed)
    page = NotSignedInPage(settings.oidc_name, reason)
    answer = render(request, "auth/not_signed_in.html", page)
    answer.status_code = NOT_SIGNED_IN[reason]
    return answer


@router.get(SENT)
async def show_sent(request: Request) -> Response:
    return render(request, "auth/sent.html", SentPage())


@router.get(LINK_PATH)
async def show_link(
    request: Request,
    settings: CurrentSettings,
    db: AppDb,
    secret: Annotated[str, Query(alias="cle")] = "",
) -> Response:
    """Changes nothing: mail scanners open links before people do."""
    browser = cookies.browser_of(request) or secrets.new()
    shown = queries.link_shown(secrets.digest(secret), secrets.digest(browser))
    link = (await db.execute(shown)).one_or_none()
    if link is None or not link.here:
        return _dead(request, elsewhere=link is not None)
    page = LinkPage(secrets.form_token(browser), secret, link.mail)
    return _for_browser(request, settings, "auth/link.html", page, browser)


@router.post(LINK_PATH)
async def use_link(
    request: Request, settings: CurrentSettings, form: SignInForm, db: AppDb
) -> Response:
    opened = await actions.use_link(
        db,
        form.one("lien"),
        cookies.browser_of(request) or "",
        device(request.headers.get("user-agent", "")),
        cookies.session_of(request),
    )
    if opened is None:
        return _dead(request, elsewhere=False)
    answer = RedirectResponse(own_path(opened.next_path), 303)
    cookies.set_session(answer, opened.secret, settings)
    cookies.forget_browser(answer, settings)
    return answer


async def _sign_out_address(request: Request, id_token: str) -> str | None:
    """None when there is no provider any more, or it does not answer: one is signed out here."""
    provider: Provider | None = request.app.state.provider
    try:
        return await provider.sign_out_address(id_token) if provider else None
    except ProviderFailed:
        return None


def _dead(request: Request, *, elsewhere: bool) -> Response:
    answer = render(request, "auth/dead_link.html", DeadLinkPage(elsewhere))
    answer.status_code = 403 if elsewhere else 410
    return answer


@router.get(HOME)
async def show_account(request: Request, me: CurrentAccount, db: AppDb) -> Response:
    sessions = (await db.execute(queries.sessions_of(me.account_id))).all()
    return render(request, "auth/account.html", AccountPage.of(me, sessions))


@router.post(HOME + "/sessions/{session}/fermer")
async def close_session(me: CurrentAccount, form: AccountForm, db: AppDb, session: int) -> Response:
    if not await actions.close_session(db, me.account_id, session):
        raise NotFound
    return RedirectResponse(HOME, 303)


@router.post(HOME + "/sessions/fermer-les-autres")
async def close_other_sessions(me: CurrentAccount, form: AccountForm, db: AppDb) -> Response:
    await actions.close_other_sessions(db, me.account_id, me.session)
    return RedirectResponse(HOME, 303)


@router.post(HOME + "/deconnexion")
async def sign_out(
    request: Request, settings: CurrentSettings, me: CurrentAccount, form: AccountForm, db: AppDb
) -> Response:
    id_token = await actions.sign_out(db, me.session)
    answer: Response = RedirectResponse("/", 303)
    if id_token is not None and (address := await _sign_out_address(request, id_token)):
        page = SignedOutPage(settings.oidc_name, address)
        answer = render(request, "auth/signed_out.html", page)
    cookies.forget_session(answer, settings)
    return answer


async def _own(
    request: Request, me: Identity, db: AppDb, status: int = 200, **typed: str
) -> Response:
    change = (await db.execute(queries.mail_change_of(me.account_id))).one_or_none()
    page = OwnPage(me.token, me.name, me.mail, waiting=change.mail if change else None)
    answer = render(request, "auth/own.html", replace(page, **typed))
    answer.status_code = status
    return answer


@router.get(OWN)
async def show_own(request: Request, me: CurrentAccount, db: AppDb) -> Response:
    return await _own(request, me, db)


@router.post(OWN + "/nom")
async def rename(request: Request, me: CurrentAccount, form: AccountForm, db: AppDb) -> Response:
    name = " ".join(form.one("nom").split())
    if not name or len(name) > NAME_LONGEST or not name.isprintable():
        mistake = f"Écrivez votre nom, en {NAME_LONGEST} caractères au plus."
        return await _own(request, me, db, 422, name=form.one("nom"), name_mistake=mistake)
    await actions.rename(db, me.account_id, name)
    return RedirectResponse(HOME, 303)


@router.post(OWN + "/adresse")
async def ask_for_mail(
    request: Request, me: CurrentAccount, form: AccountForm, db: AppDb
) -> Response:
    try:
        mail = read_address(form.one("mail"))
    except WrongAddress:
        return await _own(request, me, db, 422, new=form.one("mail"), mail_mistake=WRONG_ADDRESS)
    if mail == me.mail:
        mistake = "C’est déjà l’adresse de votre compte."
        return await _own(request, me, db, 422, new=mail, mail_mistake=mistake)
    await limits.count(db, mail, request.client.host if request.client else "")
    await actions.ask_for_mail(db, me.account_id, mail)
    return RedirectResponse(OWN, 303)


@router.get(MAIL_PATH)
async def show_mail_change(
    request: Request,
    settings: CurrentSettings,
    db: AppDb,
    secret: Annotated[str, Query(alias="cle")] = "",
) -> Response:
    """Changes nothing, as for `show_link`; opens in any browser, and without being signed in."""
    shown = queries.mail_change_shown(secrets.digest(secret))
    change = (await db.execute(shown)).one_or_none()
    if change is None:
        return _told(request, "passee")
    browser = cookies.browser_of(request) or secrets.new()
    page = ConfirmPage(secrets.form_token(browser), secret, change.mail, bool(change.is_old))
    return _for_browser(request, settings, "auth/mail_change.html", page, browser)


@router.post(MAIL_PATH)
async def answer_mail_change(request: Request, form: SignInForm, db: AppDb) -> Response:
    if form.one("reponse") == "non":
        refused = await actions.refuse_mail(db, form.one("lien"))
        return _told(request, "refusee" if refused else "passee")
    done = await actions.confirm_mail(db, form.one("lien"))
    return _told(request, "passee" if done is None else "faite" if done else "une")


def _told(request: Request, state: str) -> Response:
    answer = render(request, "auth/mail_changed.html", ConfirmedPage(state))
    answer.status_code = 410 if state == "passee" else 200
    return answer
