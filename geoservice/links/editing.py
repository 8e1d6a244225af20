"""The pages that a link opens: the sheet, one page for each step, then the review and the sending."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from french_hours import InvalidHours, say, week_table
from sqlalchemy import Row
from starlette.responses import RedirectResponse, Response

from geoservice import clock
from geoservice.auth import limits
from geoservice.auth.forms import Form, SecretForm
from geoservice.auth.secrets import digest
from geoservice.geo import LonLat
from geoservice.imports.cleaning import Refused
from geoservice.links import actions, positions, queries
from geoservice.links.edits import (
    COMMUNE,
    DUPLICATE,
    PERMANENCES,
    POINT,
    fingerprint,
    permanence_sentence,
    shown,
)
from geoservice.links.mails import ChangesMail
from geoservice.links.pages import (
    ClosuresPage,
    DayBox,
    Done,
    DuplicatePage,
    EndPage,
    PermanencesPage,
    PositionPage,
    ReadBackPage,
    ReviewPage,
    SentPage,
    SheetPage,
    StepPage,
    Twin,
    WeekPage,
    following,
)
from geoservice.links.refusals import DeadLink, TooManyAsked
from geoservice.links.sheets import Sheet, read_sheet
from geoservice.links.steps import BY_SLUG, Answers, Step, Typed, read_answers, steps_of
from geoservice.links.weeks import DAYS, Closure, plan_of, week_expression, with_closures
from geoservice.mail.message import compose
from geoservice.mail.sending import queue
from geoservice.permanences.announcing import Corrections, read_absence, read_announcement
from geoservice.permanences.announcing import Typed as Announcing
from geoservice.places import public_ids
from geoservice.places.hours import hours_of_place
from geoservice.places.vocabulary import Service
from geoservice.territories.address import communes_called
from geoservice.web.boxes import boxes
from geoservice.web.database import AppDb, CurrentSettings
from geoservice.web.pages import render
from geoservice.web.problems import NotFound

SENDS_PER_LINK = 60
SAVES_PER_LINK = 400
"""In an hour."""
PERMANENCES_MAX = 20
HOURS = "opening_hours"

secret = APIRouter(prefix="/modifier/{cle}", include_in_schema=False)


async def opened(db: AppDb, cle: str) -> Row[Any]:
    """Reading changes nothing: mail scanners open links too."""
    link = (await db.execute(queries.OPENED, {"hash": digest(cle)})).one_or_none()
    if link is None:
        raise DeadLink
    return link


Opened = Annotated[Row[Any], Depends(opened)]


async def open_sheet(db: AppDb, link: Opened) -> Sheet:
    return await read_sheet(db, link)


CurrentSheet = Annotated[Sheet, Depends(open_sheet)]


def open_step(link: Opened, etape: str) -> Step:
    """One of those that the link opens."""
    step = BY_SLUG.get(etape)
    if step is None or step not in steps_of(link.fields):
        raise NotFound
    return step


CurrentStep = Annotated[Step, Depends(open_step)]


def needs(slug: str) -> Any:
    """For a page that belongs to one step: a link that does not open the step does not open it."""

    def is_open(link: Opened) -> None:
        open_step(link, slug)

    return Depends(is_open)


@secret.get("")
async def show(request: Request, db: AppDb, sheet: CurrentSheet, cle: str) -> Response:
    history = (await db.execute(queries.HISTORY, {"place": sheet.link.origin_id})).all()
    page = SheetPage.of(sheet, cle, history, await _sources(db))
    return render(request, "links/sheet.html", page)


@secret.post("/exact")
async def confirm(db: AppDb, link: Opened, form: SecretForm, cle: str) -> Response:
    await _count(db, link)
    await actions.confirm(db, link.link_id, link.origin_id, link.updated_on, clock.today())
    return RedirectResponse(f"/modifier/{cle}/merci", 303)


@secret.get("/verifier")
async def show_review(request: Request, sheet: CurrentSheet, cle: str) -> Response:
    return render(request, "links/review.html", ReviewPage.of(sheet, cle))


@secret.post("/envoyer")
async def send(
    request: Request,
    db: AppDb,
    settings: CurrentSettings,
    sheet: CurrentSheet,
    form: SecretForm,
    cle: str,
) -> Response:
    """What was read is what is sent: if anything moved meanwhile, it is read again first."""
    await _count(db, sheet.link)
    if not sheet.changes:  # sent twice, or the place says so already
        await actions.forget_drafts(db, sheet.link.link_id)
        return RedirectResponse(f"/modifier/{cle}/merci", 303)
    if form.one("lu") != sheet.token:
        again = render(request, "links/review.html", ReviewPage.of(sheet, cle, moved=True))
        again.status_code = 409
        return again
    await actions.send(db, sheet)
    if sheet.link.mail:
        trusted = sheet.link.trusted
        entries = [one.entry for one in sheet.changes]
        mail = ChangesMail(
            sheet.link.name,
            f"{settings.site}/lieux/{sheet.link.public_id}",
            tuple(e.label for e in entries if not e.looked_at(trusted=trusted)),
            tuple(e.label for e in entries if e.looked_at(trusted=trusted)),
        )
        await queue(db, compose("mail/place_changes.txt", sheet.link.mail, mail))
    return RedirectResponse(f"/modifier/{cle}/merci", 303)


@secret.post("/oublier")
async def forget(db: AppDb, link: Opened, form: SecretForm, cle: str) -> Response:
    """Leave the place as it is: one step, or all that was prepared."""
    step = BY_SLUG.get(form.one("etape"))
    for column in step.columns if step else (None,):
        await actions.forget_drafts(db, link.link_id, column)
    return RedirectResponse(f"/modifier/{cle}", 303)


@secret.post("/annuler/{change}")
async def undo(db: AppDb, link: Opened, form: SecretForm, cle: str, change: int) -> Response:
    await _count(db, link)
    if not await actions.undo(db, link.origin_id, change):
        raise NotFound
    return RedirectResponse(f"/modifier/{cle}/merci", 303)


@secret.post("/fin")
async def end(request: Request, db: AppDb, link: Opened, form: SecretForm, cle: str) -> Response:
    await actions.revoke(db, link.link_id)
    return render(request, "links/end.html", EndPage(link))


@secret.get("/merci")
async def show_sent(request: Request, db: AppDb, link: Opened, cle: str) -> Response:
    history = (await db.execute(queries.HISTORY, {"place": link.origin_id})).all()
    page = SentPage(link, cle, tuple(Done.of(row) for row in history))
    return render(request, "links/sent.html", page)


# Hours: in one sentence (the step itself), day by day, and the days of closing; then read back.


@secret.get("/horaires/relire", dependencies=[needs("horaires")])
async def read_back(request: Request, sheet: CurrentSheet, cle: str) -> Response:
    draft = sheet.drafts.get(HOURS)
    if draft is None or not draft.after:
        return RedirectResponse(f"/modifier/{cle}", 303)
    hours = hours_of_place(draft.after, sheet.link.code_insee, sheet.link.departement)
    monday = _monday(clock.today())
    page = ReadBackPage(
        sheet.link,
        cle,
        draft.typed.get(HOURS),
        say(draft.after),
        tuple(week_table(hours, monday)) if hours else (),
    )
    return render(request, "links/read_back.html", page)


def _monday(today: date) -> date:
    """Of the week to come: this one is half over."""
    return today + timedelta(days=7 - today.weekday())


@secret.get("/horaires/jours", dependencies=[needs("horaires")])
async def show_week(request: Request, sheet: CurrentSheet, cle: str) -> Response:
    return render(request, "links/week.html", _week_page(sheet, cle))


def _week_page(
    sheet: Sheet,
    cle: str,
    cells: Mapping[str, str] | None = None,
    faults: Mapping[str, str] | None = None,
    *,
    holidays_off: bool | None = None,
    mistake: str | None = None,
) -> WeekPage:
    try:
        plan = plan_of(sheet.now(HOURS))
    except InvalidHours:
        plan = None
    kept = (plan.cells if plan else None) or {}
    told = kept if cells is None else cells
    off = bool(plan and plan.holidays_off) if holidays_off is None else holidays_off
    wrong = faults or {}
    return WeekPage(
        sheet.link,
        cle,
        tuple(DayBox(code, day, told.get(code, ""), wrong.get(code)) for code, day in DAYS.items()),
        off,
        bool(plan and plan.cells is not None),
        fingerprint(sheet.now(HOURS)),
        mistake,
        "À corriger – Les horaires, jour par jour"
        if wrong or mistake
        else "Les horaires, jour par jour",
    )


@secret.post("/horaires/jours", dependencies=[needs("horaires")])
async def save_week(
    request: Request, db: AppDb, sheet: CurrentSheet, form: SecretForm, cle: str
) -> Response:
    await _count_save(db, sheet.link)
    cells = {code: form.one(code) for code in DAYS}
    off = form.one("feries") == "oui"
    faults: Mapping[str, str] = {}
    mistake, osm, status = None, None, 422
    if form.one("avant") != fingerprint(sheet.now(HOURS)):
        mistake, status = _STALE.format(say(sheet.now(HOURS) or "") or "rien"), 409
    else:
        try:
            osm, faults = week_expression(
                cells, holidays_off=off, closures=_closures(sheet), today=clock.today()
            )
        except Refused as refusal:
            mistake = str(refusal)
    if faults or mistake:
        page = _week_page(sheet, cle, cells, faults, holidays_off=off, mistake=mistake)
        return _refused(render(request, "links/week.html", page), status)
    await actions.keep_drafts(db, sheet, {HOURS: osm})
    return RedirectResponse(f"/modifier/{cle}/horaires/relire", 303)


_STALE = (
    "Pendant que vous écriviez, cette réponse a changé. Elle est maintenant : « {} ». "
    "Enregistrez de nouveau pour garder la vôtre."
)


def _closures(sheet: Sheet) -> tuple[Closure, ...]:
    try:
        return plan_of(sheet.now(HOURS)).closures
    except InvalidHours:
        return ()


@secret.get("/horaires/fermetures", dependencies=[needs("horaires")])
async def show_closures(request: Request, sheet: CurrentSheet, cle: str) -> Response:
    return render(request, "links/closures.html", _closures_page(sheet, cle))


def _closures_page(
    sheet: Sheet,
    cle: str,
    typed: tuple[str, str] = ("", ""),
    faults: Mapping[str, str] | None = None,
) -> ClosuresPage:
    heading = "Fermetures exceptionnelles"
    return ClosuresPage(
        sheet.link,
        cle,
        tuple(one for one in _closures(sheet) if one.last >= clock.today()),
        _are_readable(sheet.now(HOURS)),
        fingerprint(sheet.now(HOURS)),
        typed,
        faults or {},
        f"À corriger – {heading}" if faults else heading,
    )


def _are_readable(osm: str | None) -> bool:
    try:
        return bool(osm and plan_of(osm))
    except InvalidHours:
        return False


@secret.post("/horaires/fermetures", dependencies=[needs("horaires")])
async def save_closures(
    request: Request, db: AppDb, sheet: CurrentSheet, form: SecretForm, cle: str
) -> Response:
    """Add one, or take one away («retirer» is its rank)."""
    await _count_save(db, sheet.link)
    now, typed = sheet.now(HOURS), (form.one("premier-jour"), form.one("dernier-jour"))
    faults: Mapping[str, str] = {}
    status, osm = 422, None
    if not _are_readable(now):
        faults = {"premier-jour": "Dites d’abord les horaires habituels."}
    elif form.one("avant") != fingerprint(now):
        faults, status = {"premier-jour": _STALE.format(say(now))}, 409
    else:
        plan = plan_of(now)
        coming = tuple(one for one in plan.closures if one.last >= clock.today())
        rank = form.one("retirer")
        if rank.isdecimal() and len(rank) < 4 and int(rank) < len(coming):
            kept: tuple[Closure, ...] = (*coming[: int(rank)], *coming[int(rank) + 1 :])
            days = None
        else:
            days = read_absence(form, clock.today())
            kept = coming
        if isinstance(days, dict):
            faults = days
        else:
            kept = (*kept, Closure(*days)) if days else kept
            try:
                osm = with_closures(plan.rest, kept, clock.today())
            except Refused as refusal:
                faults = {"premier-jour": str(refusal)}
    if faults:
        page = _closures_page(sheet, cle, typed, faults)
        return _refused(render(request, "links/closures.html", page), status)
    await actions.keep_drafts(db, sheet, {HOURS: osm})
    return RedirectResponse(f"/modifier/{cle}/horaires/relire", 303)


@secret.get("/permanences", dependencies=[needs(PERMANENCES)])
async def show_permanences(request: Request, sheet: CurrentSheet, cle: str) -> Response:
    page = _permanences_page(sheet, cle, Announcing(), Corrections())
    return render(request, "links/permanences.html", page)


def _permanences_page(
    sheet: Sheet, cle: str, typed: Announcing, corrections: Corrections
) -> PermanencesPage:
    announced = sheet.now(PERMANENCES)
    wrong = corrections.faults or corrections.to_confirm
    heading = "Quand un médiateur est-il là ?"
    return PermanencesPage(
        sheet.link,
        cle,
        tuple(permanence_sentence(one) for one in announced),
        fingerprint(announced),
        typed,
        corrections,
        boxes(Service, typed.services),
        title=f"À corriger – {heading}" if wrong else heading,
    )


@secret.post("/permanences", dependencies=[needs(PERMANENCES)])
async def save_permanences(
    request: Request, db: AppDb, sheet: CurrentSheet, form: SecretForm, cle: str
) -> Response:
    """Add one, or take one away («retirer» is its rank)."""
    await _count_save(db, sheet.link)
    announced: list[dict[str, Any]] = list(sheet.now(PERMANENCES))
    typed = _announcing(form, sheet.link.public_id)
    corrections, status = Corrections(), 422
    rank = form.one("retirer")
    if form.one("avant") != fingerprint(announced):
        corrections, status = Corrections({"quand": _CHANGED_LIST}), 409
    elif rank.isdecimal() and len(rank) < 4 and int(rank) < len(announced):
        del announced[int(rank)]
    elif len(announced) >= PERMANENCES_MAX:
        corrections = Corrections({"quand": f"{PERMANENCES_MAX} permanences au plus."})
    else:
        said = read_announcement(typed, [sheet.link], clock.today())
        if isinstance(said, Corrections):
            corrections = said
        else:
            announced.append(
                {
                    "id": public_ids.draw(),
                    "expression": said.schedule[0],
                    "valid_from": said.valid_from.isoformat() if said.valid_from else None,
                    "valid_until": said.valid_until.isoformat() if said.valid_until else None,
                    "by_appointment": said.by_appointment,
                    "services": list(said.services),
                    "note": said.note,
                }
            )
    if corrections.faults or corrections.to_confirm:
        page = _permanences_page(sheet, cle, typed, corrections)
        return _refused(render(request, "links/permanences.html", page), status)
    await actions.keep_drafts(db, sheet, {PERMANENCES: announced})
    return RedirectResponse(f"/modifier/{cle}/permanences", 303)


_CHANGED_LIST = (
    "Pendant que vous écriviez, la liste a changé. Relisez-la, puis enregistrez de nouveau."
)


def _announcing(form: Form, public_id: str) -> Announcing:
    """The form of a permanence, in the place of the link, for anybody to read."""
    pairs = [pair for pair in form.pairs if pair[0] not in ("lieu", "pour")]
    return Announcing.of(Form([*pairs, ("lieu", public_id), ("pour", "public")]))


@secret.get("/position", dependencies=[needs("position")])
async def show_position(request: Request, db: AppDb, sheet: CurrentSheet, cle: str) -> Response:
    now = sheet.now(POINT)
    point = LonLat(now["lon"], now["lat"]) if now else None
    page = await _position_page(db, sheet, cle, point, saved=True)
    return render(request, "links/position.html", page)


async def _position_page(
    db: AppDb,
    sheet: Sheet,
    cle: str,
    point: LonLat | None,
    *,
    asked: positions.Asked | None = None,
    told: str | None = None,
    mistake: str | None = None,
    saved: bool = False,
) -> PositionPage:
    link = sheet.link
    where = (sheet.now("address"), shown(COMMUNE, sheet.now(COMMUNE)))
    known = ", ".join(one for one in where if one)
    notes = [told] if told else []
    if point and (far := positions.how_far(sheet.values[POINT], point)):
        notes.append(f"Le point est {far}.")
    if point and (name := await db.scalar(queries.COMMUNE_AT, point._asdict())):
        notes.append(f"Il est dans la commune de {name}.")
    heading = "Où est le lieu sur la carte ?"
    return PositionPage(
        link,
        cle,
        asked.address if asked else known,
        asked.latitude if asked and mistake else f"{point.lat:.6f}" if point else "",
        asked.longitude if asked and mistake else f"{point.lon:.6f}" if point else "",
        asked.step_m if asked else "100",
        await positions.drawn(db, point) if point else None,
        tuple(notes),
        fingerprint(sheet.now(POINT)),
        mistake,
        saved,
        title=f"À corriger – {heading}" if mistake else heading,
    )


@secret.post("/position", dependencies=[needs("position")])
async def save_position(
    request: Request,
    db: AppDb,
    settings: CurrentSettings,
    sheet: CurrentSheet,
    form: SecretForm,
    cle: str,
) -> Response:
    """Look for an address, move by a step, or keep the point: only the last prepares anything."""
    await _count_save(db, sheet.link)
    asked = positions.Asked.of(form)
    point, told, mistake, status = None, None, None, 422
    try:
        if asked.action == "chercher":
            point, told = await positions.find(db, asked.address, settings)
        else:
            typed = positions.read_point(asked.latitude, asked.longitude)
            point = positions.moved(typed, asked.towards, asked.step_m)
            if asked.action == "enregistrer" and form.one("avant") != fingerprint(sheet.now(POINT)):
                mistake, status = _MOVED_POINT, 409
    except Refused as refusal:
        mistake = str(refusal)
    if mistake is None and point and asked.action == "enregistrer":
        await actions.keep_drafts(db, sheet, {POINT: {"lon": point.lon, "lat": point.lat}})
        return RedirectResponse(f"/modifier/{cle}#position", 303)
    page = await _position_page(db, sheet, cle, point, asked=asked, told=told, mistake=mistake)
    answer = render(request, "links/position.html", page)
    return _refused(answer, status) if mistake else answer


_MOVED_POINT = (
    "Pendant que vous cherchiez, quelqu’un d’autre a déplacé le point. "
    "Enregistrez de nouveau pour garder le vôtre."
)


@secret.get("/doublon", dependencies=[needs("doublon")])
async def show_duplicate(request: Request, db: AppDb, sheet: CurrentSheet, cle: str) -> Response:
    page = await _duplicate_page(db, sheet, cle)
    return render(request, "links/duplicate.html", page)


async def _duplicate_page(
    db: AppDb, sheet: Sheet, cle: str, typed: str = "", mistake: str | None = None
) -> DuplicatePage:
    now = sheet.now(DUPLICATE)
    chosen = now["public_id"] if now else None
    rows = (await db.execute(queries.LIKELY_TWINS, {"place": sheet.link.id})).all()
    twins = [
        Twin(
            row.public_id,
            row.name,
            ", ".join(one for one in (row.address, row.commune) if one),
            row.public_id == chosen,
        )
        for row in rows
    ]
    if now and all(not one.chosen for one in twins):
        twins.append(Twin(now["public_id"], now["name"], now["commune"] or "", True))
    heading = "Ce lieu est-il deux fois dans l’annuaire ?"
    return DuplicatePage(
        sheet.link,
        cle,
        tuple(twins),
        typed,
        mistake,
        now is not None,
        f"À corriger – {heading}" if mistake else heading,
    )


@secret.post("/doublon", dependencies=[needs("doublon")])
async def save_duplicate(
    request: Request, db: AppDb, sheet: CurrentSheet, form: SecretForm, cle: str
) -> Response:
    """Another place, chosen among the likely ones or named by the address of its page."""
    await _count_save(db, sheet.link)
    typed, chosen = form.one("adresse")[:300], form.one("lieu")
    if not typed and chosen == "aucun":
        await actions.forget_drafts(db, sheet.link.link_id, DUPLICATE)
        return RedirectResponse(f"/modifier/{cle}", 303)
    public_id = typed.partition("/lieux/")[2].split("/")[0].split("?")[0] if typed else chosen
    asked = {"public_id": public_id or typed, "place": sheet.link.id}
    twin = (await db.execute(queries.TWIN, asked)).one_or_none()
    if twin is None:
        mistake = (
            "Nous ne trouvons pas ce lieu. Ouvrez sa page dans cet annuaire, et copiez son adresse ici."
            if typed
            else "Choisissez un lieu de la liste, ou donnez l’adresse de sa page."
        )
        page = await _duplicate_page(db, sheet, cle, typed, mistake)
        return _refused(render(request, "links/duplicate.html", page))
    await actions.keep_drafts(
        db,
        sheet,
        {DUPLICATE: {key: getattr(twin, key) for key in ("public_id", "name", "commune")}},
    )
    return RedirectResponse(f"/modifier/{cle}", 303)


# The other steps, all alike: these addresses come last, they would take the ones above.


@secret.get("/{etape}")
async def show_step(
    request: Request, db: AppDb, sheet: CurrentSheet, step: CurrentStep, cle: str
) -> Response:
    typed = Typed.kept(sheet, step)
    page = StepPage.of(sheet, cle, step, await _sources(db), typed)
    return render(request, "links/step.html", page)


@secret.post("/{etape}")
async def save_step(
    request: Request,
    db: AppDb,
    sheet: CurrentSheet,
    step: CurrentStep,
    form: SecretForm,
    cle: str,
) -> Response:
    """Read what was typed, and keep it until it is sent; nothing is published yet."""
    await _count_save(db, sheet.link)
    typed = Typed.of(form, step)
    communes = await communes_called(db, typed.texts.get(COMMUNE, "")[:200])
    answers = read_answers(step, typed, sheet, clock.today(), communes)
    if answers.faults or answers.stale:
        page = StepPage.of(sheet, cle, step, await _sources(db), typed, answers)
        answer = render(request, "links/step.html", page)
        return _refused(answer, 422 if answers.faults else 409)
    await actions.keep_drafts(db, sheet, answers.values, typed.texts)
    return RedirectResponse(_after(cle, sheet, step, answers, on=bool(form.one("suite"))), 303)


def _after(cle: str, sheet: Sheet, step: Step, answers: Answers, *, on: bool) -> str:
    """Hours are read back; a new address asks where the point is; else the sheet, or the next step."""
    if answers.values.get(HOURS):
        return f"/modifier/{cle}/horaires/relire"
    if step.slug == "adresse" and answers.values and "position" in _slugs(sheet):
        return f"/modifier/{cle}/position"
    next_step = following(sheet.link.fields, step)
    return (
        f"/modifier/{cle}/{next_step.slug}" if on and next_step else f"/modifier/{cle}#{step.slug}"
    )


def _slugs(sheet: Sheet) -> list[str]:
    return [step.slug for step in steps_of(sheet.link.fields)]


async def _sources(db: AppDb) -> Mapping[str, str]:
    return {row.name: row.title for row in await db.execute(queries.SOURCES)}


async def _count(db: AppDb, link: Row[Any]) -> None:
    if not await limits.within(db, (f"link {link.link_id}", SENDS_PER_LINK)):
        raise TooManyAsked


async def _count_save(db: AppDb, link: Row[Any]) -> None:
    if not await limits.within(db, (f"link saves {link.link_id}", SAVES_PER_LINK)):
        raise TooManyAsked


def _refused(answer: Response, status: int = 422) -> Response:
    answer.status_code = status
    return answer
