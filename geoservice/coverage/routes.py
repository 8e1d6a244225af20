"""«Couverture»: for a territory and any question, how far people are from a place that answers."""

import asyncio
from dataclasses import dataclass
from typing import Annotated, Any

import numpy as np
from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, Response
from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncConnection

from geoservice.clock import now
from geoservice.coverage import pages, queries
from geoservice.coverage.distances import Floats, nearest_m
from geoservice.coverage.pages import CoveragePage
from geoservice.geo import LonLat
from geoservice.search import answers
from geoservice.search.answers import Resolved
from geoservice.search.question import PlaceQuery
from geoservice.search.schemas import harmless
from geoservice.settings import Settings
from geoservice.territories import outlines
from geoservice.territories.address import Located, locate
from geoservice.web.data import csv_lines
from geoservice.web.database import CurrentSettings, PublicDb
from geoservice.web.pages import render
from geoservice.web.problems import Fault, WrongQuestion
from geoservice.web.svg import Frame

ADDED = "ajout"
NOT_HERE = ("ou", "lon", "lat", "rayon", "bbox", "tri", "page", "limite")
DRAWN_MAX = 1_500
"""Communes of a drawing: more would be dust, and weigh too much."""
AT_LEAST_M = 6_000
CSV_COLUMNS = (
    "code_insee",
    "commune",
    "departement",
    "population",
    "distance_m",
    "distance_avec_ajout_m",
)
"""The last one only with a place that was imagined."""

router = APIRouter(include_in_schema=False)

_turn = asyncio.Semaphore(1)
"""All of France takes a whole core for some seconds: one at a time."""


def coverage_query(request: Request) -> PlaceQuery:
    pairs = [pair for pair in request.query_params.multi_items() if pair[0] != ADDED]
    refused = [name for name, value in pairs if name in NOT_HERE and value.strip()]
    if refused:
        raise WrongQuestion(
            *(
                Fault(name, f"« {name} » ne sert pas ici : choisissez un « territoire ».")
                for name in dict.fromkeys(refused)
            )
        )
    return PlaceQuery.parse(pairs)


CoverageQuery = Annotated[PlaceQuery, Depends(coverage_query)]


@dataclass(frozen=True)
class Measured:
    resolved: Resolved
    communes: list[Row[Any]]
    places: int
    unplaced: int
    now_m: Floats
    added: Located | None
    then_m: Floats | None


async def measure(
    db: AsyncConnection, query: PlaceQuery, added: str, settings: Settings
) -> Measured:
    resolved = await answers.resolve(db, query, settings, now())
    imagined = await _located(db, added, settings) if added else None
    communes = list(await db.execute(queries.communes(resolved.territory_names())))
    points = [LonLat(row.lon, row.lat) for row in communes]
    positions = (await db.execute(queries.positions(resolved))).all()
    known = [LonLat(row.lon, row.lat) for row in positions if row.lon is not None]
    async with _turn:
        now_m = await asyncio.to_thread(nearest_m, points, known)
    then_m = np.minimum(now_m, nearest_m(points, [imagined.point])) if imagined else None
    unplaced = len(positions) - len(known)
    return Measured(resolved, communes, len(positions), unplaced, now_m, imagined, then_m)


async def _located(db: AsyncConnection, added: str, settings: Settings) -> Located:
    try:
        return await locate(db, added, settings)
    except WrongQuestion as wrong:
        raise WrongQuestion(
            *(Fault(ADDED, fault.message, fault.accepted) for fault in wrong.faults)
        ) from wrong


@router.get("/couverture")
async def show(
    request: Request, db: PublicDb, settings: CurrentSettings, query: CoverageQuery
) -> HTMLResponse:
    added = request.query_params.get(ADDED, "").strip()
    choices = (await db.execute(queries.choices())).all()
    if not request.query_params:
        resolved = await answers.resolve(db, query, settings, now())
        page = CoveragePage.of(resolved, choices, added, None)
        return render(request, "coverage/show.html", page)
    measured = await measure(db, query, added, settings)
    found = pages.found(
        measured.resolved,
        measured.communes,
        measured.now_m,
        measured.then_m,
        measured.places,
        measured.unplaced,
        await _paths(db, measured),
        measured.added.label if measured.added else None,
        (query.address("/couverture.csv", ajout=added or None), query.address("/lieux")),
    )
    page = CoveragePage.of(measured.resolved, choices, added, found)
    return render(request, "coverage/show.html", page)


async def _paths(db: AsyncConnection, measured: Measured) -> dict[str, str]:
    """Code of each commune → its outline in the drawing; nothing when there are too many."""
    territories = measured.resolved.territories
    if not territories or len(measured.communes) > DRAWN_MAX:
        return {}
    corners = [
        corner
        for row in territories
        for corner in (LonLat(row.west, row.south), LonLat(row.east, row.north))
    ]
    frame = Frame.around(corners, AT_LEAST_M)
    return await outlines.of_communes(db, frame, [row.code for row in measured.communes])


@router.get("/couverture.csv")
async def download(
    request: Request, db: PublicDb, settings: CurrentSettings, query: CoverageQuery
) -> Response:
    measured = await measure(db, query, request.query_params.get(ADDED, "").strip(), settings)
    columns = CSV_COLUMNS if measured.then_m is not None else CSV_COLUMNS[:-1]
    rows = (
        (
            one.code,
            harmless(one.name),
            one.departement,
            one.population,
            _metres(one.metres),
            _metres(one.metres_then),
        )
        for one in pages.far(measured.communes, measured.now_m, measured.then_m)
    )
    lines = csv_lines([columns, *(row[: len(columns)] for row in rows)])
    headers = {"Content-Disposition": 'inline; filename="couverture.csv"'}
    return Response(lines, media_type="text/csv; charset=utf-8", headers=headers)


def _metres(metres: float | None) -> int | None:
    return None if metres is None else round(metres)
