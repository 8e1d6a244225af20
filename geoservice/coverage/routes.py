"""«Couverture»: for a territory and any question, how far people are from a place that answers."""

from collections.abc import Sequence
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, Response
from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncConnection

from geoservice.clock import now, today
from geoservice.coverage import pages, queries
from geoservice.coverage.measuring import (
    ADDED,
    ADDED_PRESENCE,
    Asked,
    Measured,
    about_presence,
    measure,
)
from geoservice.coverage.pages import Addresses, CoveragePage, Drawn, Report
from geoservice.geo import LonLat
from geoservice.paper import printing
from geoservice.search import answers, moments
from geoservice.search.question import PlaceQuery
from geoservice.search.schemas import harmless
from geoservice.territories import outlines
from geoservice.web.data import csv_lines
from geoservice.web.database import CurrentSettings, PublicDb
from geoservice.web.pages import render
from geoservice.web.problems import Fault, Problem, WrongQuestion
from geoservice.web.svg import HEIGHT, WIDTH, Frame

NOT_HERE = ("ou", "lon", "lat", "rayon", "bbox", "tri", "page", "limite")
DRAWN_MAX = 1_500
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
    pairs = [(name, value.strip()) for name, value in request.query_params.multi_items()]
    added = [value for name, value in pairs if name == ADDED and value]
    presence = [value for name, value in pairs if name == ADDED_PRESENCE and value]
    faults = [
        Fault(name, f"« {name} » ne sert pas ici : choisissez un « territoire ».")
        for name in dict.fromkeys(name for name, value in pairs if name in NOT_HERE and value)
    ]
    faults += [
        Fault(name, f"« {name} » ne peut être donné qu’une fois.")
        for name, values in ((ADDED, added), (ADDED_PRESENCE, presence))
        if len(set(values)) > 1
    ]
    faults += [
        Fault(name, f"« {name} » contient un caractère qui ne s’écrit pas.")
        for name, values in ((ADDED, added), (ADDED_PRESENCE, presence))
        if any("\x00" in value for value in values)
    ]
    for value in presence[:1]:
        try:
            moments.parse(value)
        except ValueError:
            known = moments.ACCEPTED
            message = f"« {value} » n’est pas un moment connu."
            faults.append(Fault(ADDED_PRESENCE, message, tuple(known), tuple(known.values())))
    if faults:
        raise WrongQuestion(*faults)
    query = PlaceQuery.parse([pair for pair in pairs if pair[0] not in (ADDED, ADDED_PRESENCE)])
    # without a place where it is held, a permanence is not imagined
    return Asked(query, "".join(added[:1]), "".join(presence[:1]) if added else "")


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
            csv=query.address("/couverture.csv", **asked.changes),
            pdf=query.address("/couverture.pdf", **asked.changes),
            shapes=query.address("/couverture.geojson", **asked.changes),
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
        codes = [row.code for row in measured.communes]
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
    report = Report.of(page, today(), settings.site + asked.query.address("/couverture", **asked.changes))  # fmt: skip
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
            _metres(one.metres),
            _metres(one.metres_then),
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
                "distance_m": _metres(one.metres),
                "distance_avec_ajout_m": _metres(one.metres_then),
            },
        }
        for one in pages.far(measured)
    ]
    body = orjson.dumps({"type": "FeatureCollection", "features": features})
    return Response(body, media_type="application/geo+json")


def _metres(metres: float | None) -> int | None:
    return None if metres is None else round(metres)
