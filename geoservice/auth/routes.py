"""Signing in with a link sent by mail, and one's own account."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import RedirectResponse, Response

from geoservice.auth import actions, cookies, limits, queries, secrets
from geoservice.auth.current import CurrentAccount, MaybeAccount
from geoservice.auth.device import device
from geoservice.auth.forms import AccountForm, SignInForm
from geoservice.auth.jobs import LINK_PATH
from geoservice.auth.pages import AccountPage, DeadLinkPage, LinkPage, SentPage, SignInPage
from geoservice.auth.paths import HOME, own_path
from geoservice.auth.private import mark_private
from geoservice.mail.message import WrongAddress, read_address
from geoservice.settings import Settings
from geoservice.web.database import AppDb, CurrentSettings
from geoservice.web.pages import Page, render
from geoservice.web.problems import NotFound

SIGN_IN = "/connexion"
SENT = "/connexion/envoye"

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
    page = SignInPage(secrets.form_token(browser), own_path(suite))
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
            "Cette adresse n’est pas complète. Elle doit ressembler à prenom.nom@exemple.fr.",
            "Adresse à corriger – Se connecter",
        )
        refused = _for_browser(request, settings, "auth/sign_in.html", page, browser)
        refused.status_code = 422
        return refused
    await limits.count(db, mail, request.client.host if request.client else "")
    await actions.ask_for_link(db, mail, browser, next_path)
    return RedirectResponse(SENT, 303)


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
    settings: CurrentSettings, me: CurrentAccount, form: AccountForm, db: AppDb
) -> Response:
    await actions.close_session(db, me.account_id, me.session)
    answer = RedirectResponse("/", 303)
    cookies.forget_session(answer, settings)
    return answer
