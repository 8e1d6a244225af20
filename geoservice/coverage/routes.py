"""«Couverture»: for a territory and any question, how far people are from a place that answers."""

from collections.abc import Sequence
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, Response
from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncConnection

from geoservice.clock import now, today
from geoservice.coverage import pages, queries, question
from geoservice.coverage.measuring import Measured, measure
from geoservice.coverage.pages import Addresses, CoveragePage, Drawn, Report
from geoservice.coverage.question import ADDED, Asked, about_presence
from geoservice.coverage.shading import rounded
from geoservice.geo import LonLat
from geoservice.paper import printing
from geoservice.search import answers
from geoservice.search.schemas import harmless
from geoservice.territories import outlines
from geoservice.web.data import csv_lines
from geoservice.web.database import CurrentSettings, PublicDb
from geoservice.web.pages import render
from geoservice.web.problems import Problem
from geoservice.web.svg import HEIGHT, WIDTH, Frame
from tiles.layers import SHADED_COMMUNES

DRAWN_MAX = SHADED_COMMUNES
"""Communes of a drawing: more would be dust, and weigh too much."""
AT_LEAST_M = 6_000
OVERSEAS = ("97", "98")
CSV_COLUMNS = (
    "code_insee",
    "commune",
    "departement",
    "epci",
    "population",
    "lieux",
    "distance_m",
    "distance_avec_ajout_m",
)
"""The last one only with a place that was imagined."""


class TooLarge(Problem):
    status = 422
    title = f"Ce territoire est trop grand pour des contours : choisissez-en un de {DRAWN_MAX} communes au plus, ou prenez le CSV."


router = APIRouter(include_in_schema=False)


def coverage_question(request: Request) -> Asked:
    return question.read(request.query_params.multi_items())


CoverageQuestion = Annotated[Asked, Depends(coverage_question)]


@router.get("/couverture")
async def show(
    request: Request, db: PublicDb, settings: CurrentSettings, asked: CoverageQuestion
) -> HTMLResponse:
    choices = (await db.execute(queries.choices())).all()
    if not request.query_params:
        resolved = await answers.resolve(db, asked.query, settings, now())
        page = CoveragePage.of(resolved, choices, asked, None)
    else:
        measured = await measure(db, asked, settings)
        found = await _found(db, asked, measured)
        page = CoveragePage.of(measured.resolved, choices, asked, found)
    return render(request, "coverage/show.html", page)


async def _found(db: AsyncConnection, asked: Asked, measured: Measured) -> pages.Found:
    rows = measured.communes
    kind = pages.kind_of_parts(measured)
    codes = sorted({str(code) for row in rows if (code := getattr(row, kind))})
    named: Sequence[Row[Any]] = ()
    if len(codes) > 1:
        named = (await db.execute(queries.parts(kind, codes))).all()
    query = asked.query
    return pages.found(
        measured,
        named,
        await _drawn(db, measured, kind, named),
        Addresses(
            csv=asked.address("/couverture.csv"),
            pdf=asked.address("/couverture.pdf"),
            shapes=asked.address("/couverture.geojson"),
            asked=asked.address("").removeprefix("?"),
            places_asked=about_presence(asked).address("").removeprefix("?"),
            places=about_presence(asked).address("/lieux"),
            inside=lambda name: query.address("/couverture", territoire=name, **asked.changes),
            imagine=lambda where: query.address("/couverture", **{**asked.changes, ADDED: where}),
        ),
    )


async def _drawn(
    db: AsyncConnection, measured: Measured, kind: str, named: Sequence[Row[Any]]
) -> Drawn:
    """The communes, or the territories that hold them where they are too many."""
    territories = measured.resolved.territories
    if territories and len(measured.communes) <= DRAWN_MAX:
        frame = _frame(territories)
        codes = [*(row.code for row in measured.communes), *measured.former]
        paths = await outlines.of_type(db, frame, "commune", codes)
        return Drawn("commune", paths, _mark(frame, measured))
    near = [row for row in named if not row.code.startswith(OVERSEAS)] or named
    if not near:
        return Drawn(kind, {})
    frame = _frame(near)
    paths = await outlines.of_type(db, frame, kind, [row.code for row in near])
    return Drawn(kind, paths, _mark(frame, measured))


def _mark(frame: Frame, measured: Measured) -> tuple[int, int] | None:
    if measured.imagined is None:
        return None
    x, y = frame.place(measured.imagined.located.point)
    return (x, y) if 0 <= x <= WIDTH and 0 <= y <= HEIGHT else None


def _frame(boxes: Sequence[Row[Any]]) -> Frame:
    corners = [
        corner
        for row in boxes
        for corner in (LonLat(row.west, row.south), LonLat(row.east, row.north))
    ]
    return Frame.around(corners, AT_LEAST_M)


@router.get("/couverture.pdf")
async def print_report(
    db: PublicDb, settings: CurrentSettings, asked: CoverageQuestion
) -> Response:
    measured = await measure(db, asked, settings)
    page = CoveragePage.of(measured.resolved, (), asked, await _found(db, asked, measured))
    report = Report.of(page, today(), settings.site + asked.address("/couverture"))  # fmt: skip
    body = await printing.pdf("coverage/report.html", report)
    headers = {"Content-Disposition": 'inline; filename="couverture.pdf"'}
    return Response(body, media_type="application/pdf", headers=headers)


@router.get("/couverture.csv")
async def download(db: PublicDb, settings: CurrentSettings, asked: CoverageQuestion) -> Response:
    measured = await measure(db, asked, settings)
    columns = CSV_COLUMNS if measured.then_m is not None else CSV_COLUMNS[:-1]
    rows = (
        (
            one.code,
            harmless(one.name),
            one.departement,
            one.epci,
            one.population,
            one.places,
            rounded(one.metres),
            rounded(one.metres_then),
        )
        for one in pages.far(measured)
    )
    lines = csv_lines([columns, *(row[: len(columns)] for row in rows)])
    headers = {"Content-Disposition": 'inline; filename="couverture.csv"'}
    return Response(lines, media_type="text/csv; charset=utf-8", headers=headers)


@router.get("/couverture.geojson")
async def download_shapes(
    db: PublicDb, settings: CurrentSettings, asked: CoverageQuestion
) -> Response:
    """The communes with their outlines, for a map: those without any place have `lieux` = 0."""
    measured = await measure(db, asked, settings)
    names = measured.resolved.territory_names()
    if not names or len(measured.communes) > DRAWN_MAX:
        raise TooLarge
    outlines_of = {row.code: row.outline for row in await db.execute(queries.shapes(names))}
    features = [
        {
            "type": "Feature",
            "geometry": orjson.Fragment(outlines_of[one.code]),
            "properties": {
                "code_insee": one.code,
                "commune": one.name,
                "population": one.population,
                "lieux": one.places,
                "distance_m": rounded(one.metres),
                "distance_avec_ajout_m": rounded(one.metres_then),
            },
        }
        for one in pages.far(measured)
    ]
    body = orjson.dumps({"type": "FeatureCollection", "features": features})
    return Response(body, media_type="application/geo+json")
