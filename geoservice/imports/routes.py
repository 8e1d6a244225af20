"""Past imports and their reports, for those who look after the data."""

from typing import Annotated

from fastapi import APIRouter, Path, Request
from fastapi.responses import HTMLResponse

from geoservice.auth.current import Identity, require
from geoservice.auth.model import Role
from geoservice.imports import queries
from geoservice.imports.pages import ImportsPage, RunPage
from geoservice.web.database import AppDb
from geoservice.web.pages import render
from geoservice.web.problems import Problem

router = APIRouter(prefix="/imports", include_in_schema=False)

Reader = Annotated[Identity, require(Role.COORDINATOR, Role.MODERATOR)]


class ImportUnknown(Problem):
    status = 404
    title = "Cet import n’existe pas. Retournez à la page des imports."


@router.get("")
async def list_all(request: Request, _: Reader, db: AppDb) -> HTMLResponse:
    sources = (await db.execute(queries.SOURCES)).all()
    runs = (await db.execute(queries.LATEST_RUNS)).all()
    return render(request, "imports/list.html", ImportsPage.of(sources, runs))


@router.get("/{run}")
async def show(
    request: Request, _: Reader, db: AppDb, run: Annotated[int, Path(ge=0, lt=2**63)]
) -> HTMLResponse:
    found = (await db.execute(queries.RUN, {"id": run})).first()
    if found is None:
        raise ImportUnknown
    return render(request, "imports/run.html", RunPage.of(found))
