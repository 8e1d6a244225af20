"""One place answers for everything that goes wrong: a page for people, RFC 9457 for programs."""

import logging
import re
from typing import Any
from urllib.parse import unquote

import orjson
import psycopg
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.exceptions import HTTPException
from starlette.responses import Response

from geoservice.web.headers import is_open_data
from geoservice.web.pages import ErrorPage, render
from geoservice.web.problems import (
    Fault,
    NoDatabase,
    NoRoomLeft,
    NotFound,
    Problem,
    TooSlow,
    WrongQuestion,
)

log = logging.getLogger("geoservice")


class MethodNotAllowed(Problem):
    status = 405
    title = "Cette adresse ne peut pas être appelée de cette façon."


class OurFault(Problem):
    status = 500
    title = "Une erreur de notre part empêche d’afficher cette page. Réessayez plus tard."


def _asked(request: Request) -> str:
    """The route, without its values or its question: secrets and searches stay out of the log."""
    return getattr(request.scope.get("route"), "path", None) or request.url.path


def answer(request: Request, problem: Problem) -> Response:
    path = request.url.path
    accepted = request.headers.get("accept", "")
    if is_open_data(path) or ("json" in accepted and "html" not in accepted):
        return Response(
            orjson.dumps(problem.body()), problem.status, media_type="application/problem+json"
        )
    page = render(
        request, "error.html", ErrorPage.of(problem, request.query_params.multi_items(), path)
    )
    page.status_code = problem.status
    return page


FRENCH = {
    "missing": "Le paramètre « {name} » est obligatoire.",
    "string_too_short": "« {name} » est trop court : au moins {min_length} caractères.",
    "string_too_long": "« {name} » est trop long : {max_length} caractères au plus.",
    "int_parsing": "« {name} » doit être un nombre entier.",
    "greater_than_equal": "« {name} » doit être au moins {ge}.",
    "extra_forbidden": "« {name} » n’est pas un paramètre de cette adresse.",
    "literal_error": "La valeur de « {name} » n’est pas dans la liste.",
    "less_than_equal": "« {name} » doit être au plus {le}.",
}
"""What pydantic says, by kind, in French."""


def _in_french(error: RequestValidationError) -> WrongQuestion:
    faults: list[Fault] = []
    for fault in error.errors():
        name = str(fault["loc"][-1])
        sentence = FRENCH.get(fault["type"], "La valeur de « {name} » n’est pas acceptée.")
        said: dict[str, Any] = fault.get("ctx", {})
        accepted = tuple(re.findall("'([^']+)'", said.get("expected", "")))
        faults.append(Fault(name, sentence.format(name=name, **said), accepted))
    return WrongQuestion(*faults)


def from_database(error: Exception) -> Problem | None:
    """What to tell people of a database error; None when it is a bug of ours."""
    if isinstance(error, PoolTimeout):
        return TooSlow()
    cause = error.orig if isinstance(error, DBAPIError) else error
    if isinstance(cause, psycopg.errors.QueryCanceled):
        return TooSlow()
    if isinstance(cause, psycopg.errors.DiskFull):
        return NoRoomLeft()
    if isinstance(cause, psycopg.OperationalError):
        return NoDatabase()
    return None


def install(app: FastAPI) -> None:
    async def on_problem(request: Request, error: Exception) -> Response:
        assert isinstance(error, Problem)  # noqa: S101 - registered for it
        return answer(request, error)

    async def on_http(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)  # noqa: S101 - registered for it
        problem = MethodNotAllowed() if error.status_code == 405 else NotFound()
        return answer(request, problem)

    async def on_parameters(request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)  # noqa: S101 - registered for it
        return answer(request, _in_french(error))

    async def on_database(request: Request, error: Exception) -> Response:
        # no text of ours holds a NUL, so no page has one in its address
        if "\x00" in request.url.path or "\x00" in unquote(request.url.query):
            return answer(request, NotFound())
        if problem := from_database(error):
            log.warning("%s on %s", type(error).__name__, _asked(request))
            return answer(request, problem)
        return await on_bug(request, error)

    async def on_bug(request: Request, error: Exception) -> Response:
        log.error("%s on %s", type(error).__name__, _asked(request), exc_info=error)
        return answer(request, OurFault())

    app.add_exception_handler(Problem, on_problem)
    app.add_exception_handler(HTTPException, on_http)
    app.add_exception_handler(RequestValidationError, on_parameters)
    app.add_exception_handler(DBAPIError, on_database)
    app.add_exception_handler(PoolTimeout, on_database)
    app.add_exception_handler(psycopg.Error, on_database)
    app.add_exception_handler(Exception, on_bug)
