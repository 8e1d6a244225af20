"""Forms that only our own pages can send: read once, checked, capped.

Two locks: the browser says that the form comes from this site (Sec-Fetch-Site, or Origin for older
ones), and the form repeats a token made from a cookie that other sites cannot read.
"""

from collections.abc import Sequence
from typing import Annotated
from urllib.parse import parse_qsl, urlsplit

from fastapi import Depends, Request

from geoservice.auth import cookies
from geoservice.auth.private import mark_private
from geoservice.auth.secrets import form_token, same
from geoservice.settings import Settings
from geoservice.web.database import CurrentSettings
from geoservice.web.problems import Problem

LARGEST_BYTES = 64 * 1024
FIELDS_MAX = 200
TOKEN = "jeton"  # noqa: S105 - the field's name
KIND = "application/x-www-form-urlencoded"


class ForgedForm(Problem):
    status = 403
    title = "Ce formulaire n’est plus valable. Retournez à la page, rechargez-la, puis recommencez."


class NoCookies(Problem):
    status = 403
    title = (
        "Votre navigateur n’a pas gardé le cookie nécessaire à la connexion. "
        "Autorisez les cookies pour ce site, puis recommencez."
    )


class FormTooLong(Problem):
    status = 413
    title = "Ce formulaire est trop long."


class Form:
    def __init__(self, pairs: Sequence[tuple[str, str]]) -> None:
        self.pairs = pairs

    def one(self, name: str) -> str:
        """The first value, without the spaces around it; empty when there is none."""
        return next((value.strip() for key, value in self.pairs if key == name), "")

    def all(self, name: str) -> list[str]:
        return [value for key, value in self.pairs if key == name]


async def sent_from_sign_in(request: Request, settings: CurrentSettings) -> Form:
    """A form of the sign-in pages, before there is a session."""
    return await _read(request, settings, cookies.browser_of(request))


async def sent_from_account(request: Request, settings: CurrentSettings) -> Form:
    """A form of a signed-in page."""
    return await _read(request, settings, cookies.session_of(request))


async def sent_from_public(request: Request, settings: CurrentSettings) -> Form:
    """A form that anyone may send, and that does nothing in the name of whoever is signed in."""
    if not _is_ours(request, settings):
        raise ForgedForm
    return Form(await _pairs(request))


async def sent_with_secret(request: Request) -> Form:
    """A form whose address is a secret: another site cannot know it, and there is no cookie to abuse."""
    mark_private(request)
    return Form(await _pairs(request))


PublicForm = Annotated[Form, Depends(sent_from_public)]
SecretForm = Annotated[Form, Depends(sent_with_secret)]
SignInForm = Annotated[Form, Depends(sent_from_sign_in)]
AccountForm = Annotated[Form, Depends(sent_from_account)]


async def _read(request: Request, settings: Settings, cookie: str | None) -> Form:
    mark_private(request)
    if not _is_ours(request, settings):
        raise ForgedForm
    form = Form(await _pairs(request))
    if cookie is None:
        raise NoCookies
    if not same(form_token(cookie), form.one(TOKEN)):
        raise ForgedForm
    return form


def _is_ours(request: Request, settings: Settings) -> bool:
    """Whether the browser says so; one that says nothing is left to the token."""
    if site := request.headers.get("sec-fetch-site"):
        return site == "same-origin"
    origin = request.headers.get("origin")
    if origin is None:
        return True
    ours = urlsplit(settings.site)
    asked_host = f"{request.url.scheme}://{request.headers.get('host', '')}"
    return origin in (f"{ours.scheme}://{ours.netloc}", asked_host)


async def _pairs(request: Request) -> list[tuple[str, str]]:
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != KIND:
        raise ForgedForm
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST_BYTES:
            raise FormTooLong
    try:
        return parse_qsl(
            body.decode(), keep_blank_values=True, max_num_fields=FIELDS_MAX, errors="strict"
        )
    except ValueError:
        raise ForgedForm from None
