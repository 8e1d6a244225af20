"""What a team has still to complete: on the screen, and as files."""

from dataclasses import replace
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response, StreamingResponse
from sqlalchemy import func, select

from geoservice.auth.current import NotAllowed
from geoservice.auth.model import Role
from geoservice.auth.private import mark_private
from geoservice.clock import now, today
from geoservice.links import campaigns
from geoservice.quality import pages, queries
from geoservice.quality.pages import Month, QualityPage
from geoservice.quality.question import QualityQuery
from geoservice.roster import files
from geoservice.roster.columns import Around
from geoservice.roster.queries import PARTS, communes
from geoservice.search import answers
from geoservice.teams.access import Entered
from geoservice.web.database import AppDb, CurrentSettings
from geoservice.web.pages import render

FILE_ROWS_MAX = 50_000

router = APIRouter(
    prefix="/equipes/{team_code}/qualite",
    include_in_schema=False,
    dependencies=[Depends(mark_private)],
)


def quality_query(request: Request) -> QualityQuery:
    return QualityQuery.parse(request.query_params.multi_items())


Query = Annotated[QualityQuery, Depends(quality_query)]


@router.get("")
async def show(
    request: Request, access: Entered, db: AppDb, settings: CurrentSettings, query: Query
) -> Response:
    team, day = access.team.id, today()
    resolved = await answers.resolve(db, query.places, settings, now())
    judged = queries.judged(team, resolved, day)
    wanted = queries.chosen(judged, query.lacking, query.months, day)
    found = queries.listed(judged, wanted, query.sort)
    if query.format:
        rows = (await db.execute(found.limit(FILE_ROWS_MAX))).all()
        return _file(query.format, pages.columns(settings.site), rows, access.team.code)
    first = (query.page - 1) * queries.ROWS_PER_PAGE
    rows = (await db.execute(found.limit(queries.ROWS_PER_PAGE).offset(first))).all()
    summary = (await db.execute(queries.summary(judged, wanted))).one()
    ours = communes(team, query.places.territories)
    months = [Month.of(row) for row in await db.execute(queries.months(ours, day))]
    present = queries.measured(day).where(queries.places.c.code_insee.in_(ours)).subquery()
    measured = [column for column in present.c if column.key not in ("month", "code_insee")]
    totals = select(*(func.coalesce(func.sum(one), 0).label(one.key) for one in measured))
    path = f"{access.address}/qualite"
    page = QualityPage(
        team=access.team.name,
        team_code=access.team.code,
        summary=summary,
        now=Month.of((await db.execute(totals)).one(), "aujourd’hui"),
        lacks=pages.lacks(query, path, summary),
        months=tuple(reversed(months)),
        choices=pages.choices(query, (await db.execute(PARTS, {"team": team})).all()),
        kept=pages.kept(query),
        rows=tuple(pages.to_do(row) for row in rows),
        pages=pages.pages(query, path, summary.chosen),
        files=pages.files(query, path),
        campaign=pages.campaign(query, path) if _may_write(access) else None,
        is_narrowed=bool(query.lacking or query.months or query.places.raw),
    )
    return render(request, "quality/show.html", page)


@router.get("/campagne")
async def choose_letters(
    request: Request, access: Entered, db: AppDb, settings: CurrentSettings, query: Query
) -> Response:
    """Write to the places of the list: all that answer the question, on every page of it."""
    if not _may_write(access):
        raise NotAllowed("Seule la coordination d’un territoire écrit à ses lieux.")
    day = today()
    resolved = await answers.resolve(db, query.places, settings, now())
    judged = queries.judged(access.team.id, resolved, day)
    wanted = queries.chosen(judged, query.lacking, query.months, day)
    listed = (await db.scalars(select(judged.c.id).where(*wanted).limit(FILE_ROWS_MAX))).all()
    page = await campaigns.among(access.me, db, listed)
    back = query.address(f"{access.address}/qualite") + "#liste"
    return render(request, "links/new_campaign.html", replace(page, back=back))


def _may_write(access: Entered) -> bool:
    return access.me.may(Role.COORDINATOR, Role.MODERATOR)


def _file(format_: str, columns: Any, rows: Any, code: str) -> Response:
    if format_ == "xlsx":
        body = files.workbook([("À compléter", columns, rows)], Around())
        media = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    else:
        body = iter([files.table(columns, rows, Around())])
        media = "text/csv; charset=utf-8"
    name = f"a-completer-{code.lower()}-{today():%Y-%m-%d}.{format_}"
    return StreamingResponse(
        body,
        media_type=media,
        headers={"content-disposition": f'attachment; filename="{name}"'},
    )
