"""Two cookies, both strictly necessary: the session, and the browser that asks for a link."""

from fastapi import Request
from starlette.responses import Response

from geoservice.auth.queries import LINK_LASTS, SESSION_LASTS
from geoservice.settings import Settings

BROWSER = "connexion"
BROWSER_PATH = "/connexion"


def is_secure(settings: Settings) -> bool:
    return settings.site.startswith("https://")


def session_name(settings: Settings) -> str:
    """`__Host-`: no other site of the same domain can set it. Browsers want https for that."""
    return "__Host-session" if is_secure(settings) else "session"


def session_of(request: Request) -> str | None:
    return request.cookies.get(session_name(request.app.state.settings))


def browser_of(request: Request) -> str | None:
    return request.cookies.get(BROWSER)


def set_session(answer: Response, secret: str, settings: Settings) -> None:
    answer.set_cookie(
        session_name(settings),
        secret,
        max_age=int(SESSION_LASTS.total_seconds()),
        httponly=True,
        samesite="lax",
        secure=is_secure(settings),
    )


def set_browser(answer: Response, secret: str, settings: Settings) -> None:
    """Sent back to the sign-in pages only."""
    answer.set_cookie(
        BROWSER,
        secret,
        max_age=int(LINK_LASTS.total_seconds()) * 4,
        path=BROWSER_PATH,
        httponly=True,
        samesite="lax",
        secure=is_secure(settings),
    )


def forget_session(answer: Response, settings: Settings) -> None:
    answer.delete_cookie(
        session_name(settings), httponly=True, samesite="lax", secure=is_secure(settings)
    )


def forget_browser(answer: Response, settings: Settings) -> None:
    answer.delete_cookie(
        BROWSER, path=BROWSER_PATH, httponly=True, samesite="lax", secure=is_secure(settings)
    )
