"""The map on other sites: the framed pages, which work without a script."""

from collections.abc import Awaitable, Callable, Coroutine
from typing import Annotated, Any
from urllib.parse import parse_qsl, urlsplit

import orjson
from fastapi import APIRouter, Query, Request
from fastapi.routing import APIRoute
from starlette.responses import RedirectResponse, Response

from geoservice.clock import now
from geoservice.embed import appearance, snippets
from geoservice.embed.appearance import Appearance
from geoservice.embed.asked import LIST, Asked
from geoservice.embed.building import BUILDER, build, title_of
from geoservice.embed.pages import EmbedPage, EmbedPlacePage, RefusedPage
from geoservice.search import answers, drawings
from geoservice.search.question import PAGE_LIMIT_MAX
from geoservice.settings import Settings
from geoservice.web.database import CurrentSettings, PublicDb
from geoservice.web.headers import policy
from geoservice.web.pages import ErrorPage, Page, render
from geoservice.web.problems import NotFound, Problem
from geoservice.web.static import FOREVER

ANYONE = "*"


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


def _refused(request: Request, problem: Problem) -> Response:
    settings: Settings = request.app.state.settings
    pairs = request.query_params.multi_items()
    look, _ = appearance.read(appearance.split(pairs)[0])
    error = ErrorPage.of(problem, pairs, LIST)
    page = RefusedPage(problem.title, look, error, settings.site)
    refused = _framed(request, "embed/refused.html", page, look)
    refused.status_code = problem.status
    return refused


def _framed(request: Request, template: str, page: Page, look: Appearance) -> Response:
    answer = render(request, template, page)
    answer.headers["content-security-policy"] = policy(
        ancestors=ANYONE, images=look.logo_origin or ""
    )
    # `<carte-mediation>` reads these pages from the sites where it stands; they hold public data only
    answer.headers["access-control-allow-origin"] = "*"
    return answer


@pages.get(LIST)
async def show_list(request: Request, db: PublicDb, settings: CurrentSettings) -> Response:
    asked = Asked.parse(request.query_params.multi_items())
    resolved = await answers.resolve(db, asked.query, settings, now())
    found = await answers.answer(db, resolved, limit_max=PAGE_LIMIT_MAX)
    drawing = await drawings.of_list(db, found.rows, (asked.query.page - 1) * found.limit + 1)
    announced = await answers.permanences(db, found.rows, resolved.moment)
    page = EmbedPage.of(asked, found, announced, drawing, settings.site)
    return _framed(request, "embed/list.html", page, asked.look)


@pages.get(LIST + "/lieux/{public_id}")
async def show_place(
    request: Request, db: PublicDb, settings: CurrentSettings, public_id: str
) -> Response:
    asked = Asked.parse(request.query_params.multi_items())
    row = await answers.place(db, public_id)
    if isinstance(row, str):
        return RedirectResponse(asked.address(f"{LIST}/lieux/{row}"), status_code=301)
    drawing = await drawings.of_place(db, row)
    moment = now()
    announced = await answers.permanences(db, [row], moment)
    page = EmbedPlacePage.of(asked, row, announced[row.id], moment, drawing, settings.site)
    return _framed(request, "embed/place.html", page, asked.look)


@pages.get(LIST + "/couleurs.css")
async def show_colours(request: Request) -> Response:
    """The chosen colours, as a style sheet of its own: pages carry no style."""
    look, faults = appearance.read(appearance.split(request.query_params.multi_items())[0])
    shown, dark = look.palettes
    text = _rule(shown.properties(), "dark" if look.theme == "sombre" else "light")
    if dark:
        inner = _rule(dark.properties(), "dark")
        text += f"@media screen and (prefers-color-scheme: dark) {{\n{inner}}}\n"
    headers = {"access-control-allow-origin": "*"}
    if not faults:
        headers["cache-control"] = FOREVER
    return Response(text, media_type="text/css", headers=headers)


def _rule(properties: dict[str, str], scheme: str) -> str:
    lines = "".join(f"  {name}: {value};\n" for name, value in properties.items())
    return f".cm {{\n  color-scheme: {scheme};\n{lines}}}\n"


@ours.get(BUILDER)
async def make_code(request: Request, db: PublicDb, settings: CurrentSettings) -> Response:
    page = await build(db, request.query_params.multi_items(), settings)
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
    if parts.netloc != urlsplit(settings.site).netloc or parts.path not in (LIST, "/lieux"):
        raise NotAnEmbed
    asked = Asked.parse(parse_qsl(parts.query))
    resolved = await answers.resolve(db, asked.query, settings, now())
    told = snippets.oembed(asked, title_of(asked, resolved), settings.site, maxwidth, maxheight)
    return Response(
        orjson.dumps(told),
        media_type="application/json",
        headers={"access-control-allow-origin": "*"},
    )
