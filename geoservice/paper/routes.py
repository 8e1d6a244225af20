"""Sheets to print («fiches à imprimer»): one place, or the nearest places that answer a question."""

from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from geoservice.clock import now, today
from geoservice.paper import printing
from geoservice.paper.pages import LOOKED_AT, ListSheet, PlaceSheet, open_this_week
from geoservice.search import answers, drawings, queries
from geoservice.search.pages import PlacePage
from geoservice.search.question import PlaceQuery
from geoservice.web.database import CurrentSettings, PublicDb

PLACES_MAX = 10
"""What holds on one page in large type."""

router = APIRouter(include_in_schema=False)


def sheet_query(request: Request) -> PlaceQuery:
    return PlaceQuery.parse(request.query_params.multi_items(), limit_max=PLACES_MAX)


async def list_sheet(
    db: PublicDb, settings: CurrentSettings, query: Annotated[PlaceQuery, Depends(sheet_query)]
) -> ListSheet:
    resolved = await answers.resolve(db, query, settings, now())
    limit = min(query.limit or PLACES_MAX, PLACES_MAX)
    # what was picked by hand is printed, closed or not
    looks_further = query.page == 1 and not query.picked
    looked_at = LOOKED_AT if looks_further else limit
    wider = replace(resolved, query=replace(query, limit=looked_at))
    found = await answers.answer(db, wider, limit_max=looked_at)
    rows, closed = found.rows, 0
    if looks_further:
        rows, closed = open_this_week(rows, resolved.moment, limit)
    found = replace(found, resolved=resolved, rows=rows, limit=limit)
    titles = {row.name: row.title for row in await db.execute(queries.source_titles())}
    first = (query.page - 1) * found.limit + 1
    drawing = await drawings.of_list(db, found.rows, first)
    announced = await answers.permanences(db, found.rows, resolved.moment)
    return ListSheet.of(found, titles, announced, drawing, closed, settings.site)


async def place_sheet(public_id: str, db: PublicDb, settings: CurrentSettings) -> PlaceSheet | str:
    """Or the id of the place that it was merged into."""
    row = await answers.place(db, public_id)
    if isinstance(row, str):
        return row
    titles = {one.name: one.title for one in await db.execute(queries.source_titles())}
    moment = now()
    announced = await answers.permanences(db, [row], moment)
    drawing = await drawings.of_place(db, row)
    place = PlacePage.of(row, titles, announced[row.id], moment, drawing)
    return PlaceSheet.of(place, today(), settings.site)


CurrentListSheet = Annotated[ListSheet, Depends(list_sheet, scope="function")]
CurrentPlaceSheet = Annotated[PlaceSheet | str, Depends(place_sheet, scope="function")]


@router.get("/fiche")
async def show_list(sheet: CurrentListSheet) -> HTMLResponse:
    return HTMLResponse(printing.html("paper/list.html", sheet, sheet.density))


@router.get("/fiche.pdf")
async def print_list(sheet: CurrentListSheet) -> Response:
    return _pdf(await printing.pdf("paper/list.html", sheet), "lieux.pdf")


@router.get("/lieux/{public_id}/fiche")
async def show_place(public_id: str, sheet: CurrentPlaceSheet) -> Response:
    if isinstance(sheet, str):
        return RedirectResponse(f"/lieux/{sheet}/fiche", status_code=301)
    return HTMLResponse(printing.html("paper/place.html", sheet))


@router.get("/lieux/{public_id}/fiche.pdf")
async def print_place(public_id: str, sheet: CurrentPlaceSheet) -> Response:
    if isinstance(sheet, str):
        return RedirectResponse(f"/lieux/{sheet}/fiche.pdf", status_code=301)
    return _pdf(await printing.pdf("paper/place.html", sheet), f"lieu-{sheet.place.id}.pdf")


def _pdf(body: bytes, filename: str) -> Response:
    headers = {"Content-Disposition": f'inline; filename="{filename}"'}
    return Response(body, media_type="application/pdf", headers=headers)
