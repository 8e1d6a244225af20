"""Who is asking, and what they may open: the dependencies of signed-in pages."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import Depends, FastAPI, Request
from starlette.responses import RedirectResponse, Response

from geoservice.auth import cookies, queries
from geoservice.auth.actions import note_seen
from geoservice.auth.model import IN_FRENCH, Role
from geoservice.auth.private import mark_private
from geoservice.auth.secrets import digest, form_token
from geoservice.web import refusals
from geoservice.web.database import AppDb
from geoservice.web.problems import Problem


class SignInNeeded(Problem):
    """Browsers are led to the sign-in page, and back after; programs are told."""

    status = 401
    title = "Connectez-vous pour ouvrir cette page."


class NotAllowed(Problem):
    status = 403
    title = "Votre compte ne permet pas d’ouvrir cette page."


@dataclass(frozen=True)
class Identity:
    account_id: int
    mail: str
    name: str
    roles: frozenset[Role]
    session: int
    token: str
    """What the forms of this person's pages must repeat."""

    def may(self, *roles: Role) -> bool:
        """Whether one of the roles is theirs; an administrator may everything."""
        return bool(self.roles & {*roles, Role.ADMINISTRATOR})


async def find_account(request: Request, db: AppDb) -> Identity | None:
    """The account of the session, if the request has one in force."""
    mark_private(request)
    secret = cookies.session_of(request)
    if secret is None:
        return None
    row = (await db.execute(queries.signed_in(digest(secret)))).one_or_none()
    if row is None:
        return None
    if row.stale:
        await note_seen(db, row.id, row.session)
    return Identity(
        row.id,
        row.mail,
        row.name,
        frozenset(Role(role) for role in row.roles),
        row.session,
        form_token(secret),
    )


MaybeAccount = Annotated[Identity | None, Depends(find_account)]


async def current_account(found: MaybeAccount) -> Identity:
    if found is None:
        raise SignInNeeded
    return found


CurrentAccount = Annotated[Identity, Depends(current_account)]


def require(*roles: Role) -> Any:
    """`me: Annotated[Identity, require(Role.COORDINATOR)]`: one of these roles, or a refusal."""

    async def allowed(me: CurrentAccount) -> Identity:
        if not me.may(*roles):
            needed = " ou ".join(f"« {IN_FRENCH[role]} »" for role in roles)
            raise NotAllowed(
                f"Il faut un compte avec le rôle {needed}. "
                "Demandez-le à la personne qui administre le service."
            )
        return me

    check: Callable[[Identity], Awaitable[Identity]] = allowed
    return Depends(check)


def lead_to_sign_in(app: FastAPI) -> None:
    async def on_sign_in_needed(request: Request, error: Exception) -> Response:
        assert isinstance(error, SignInNeeded)  # noqa: S101 - registered for it
        if "text/html" not in request.headers.get("accept", ""):
            return refusals.answer(request, error)
        address = "/connexion"
        if request.method == "GET":
            question = f"?{request.url.query}" if request.url.query else ""
            address += "?" + urlencode({"suite": request.url.path + question})
        return RedirectResponse(address, 303)

    app.add_exception_handler(SignInNeeded, on_sign_in_needed)
