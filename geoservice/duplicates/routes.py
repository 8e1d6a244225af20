"""The review of doubts, for coordinators and moderators."""

import re
from dataclasses import replace
from typing import Annotated, Any

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncConnection

from geoservice.auth.current import Identity, require
from geoservice.auth.forms import AccountForm, Form
from geoservice.auth.model import Role
from geoservice.duplicates import queries
from geoservice.duplicates.jobs import REGROUP
from geoservice.duplicates.pages import DecisionsPage, ReviewPage, address
from geoservice.teams.queries import is_everywhere
from geoservice.web.database import AppDb
from geoservice.web.pages import render
from geoservice.web.problems import Fault, Problem, WrongQuestion

HOME = "/doublons"
REASON_LENGTH = 500
CODE = re.compile(r"\d{2}|2[AB]|9[78]\d")
FIRST: dict[str, Any] = {"score": 2.0, "a": 0, "b": 0}

router = APIRouter(prefix=HOME, include_in_schema=False)

Reviewer = Annotated[Identity, require(Role.COORDINATOR, Role.MODERATOR)]


class PairUnknown(Problem):
    status = 404
    title = "Cette paire de lieux n’existe pas. Retournez à la page des doublons."


class PairElsewhere(Problem):
    status = 403
    title = (
        "Ces deux lieux ne sont pas tous les deux sur votre territoire. Laissez décider la "
        "coordination du territoire voisin, ou l’administration du service."
    )


class NoVerdict(Problem):
    status = 422
    title = "Dites si ces deux lieux n’en font qu’un, ou s’ils sont différents."


@router.get("")
async def show_next(
    request: Request, me: Reviewer, db: AppDb, apres: str = "", territoire: str = ""
) -> Response:
    code = _departement(territoire)
    waiting = (await db.execute(queries.WAITING, _who(me))).all()
    where = _after(apres) | {"departement": code or None} | _who(me)
    found = (await db.execute(queries.NEXT_PAIR, where)).first()
    if found is None and apres:
        return RedirectResponse(address(code), 303)
    page = replace(ReviewPage.of(me, waiting, code, found), is_everywhere=is_everywhere(me))
    return render(request, "duplicates/review.html", page)


def _who(me: Identity) -> dict[str, Any]:
    return {"account": me.account_id, "everywhere": is_everywhere(me)}


def _departement(territoire: str) -> str:
    """Its code, from «departement:07»; empty for the whole country."""
    kind, _, code = territoire.partition(":")
    if territoire and (kind != "departement" or not CODE.fullmatch(code)):
        raise WrongQuestion(
            Fault("territoire", f"« {territoire} » n’est pas un département.", ("departement:07",))
        )
    return code


def _after(apres: str) -> dict[str, Any]:
    """Where to go on from, as the page wrote it; from the start when it cannot be read."""
    try:
        score, a, b = apres.split("-")
        return {"score": float(score), "a": int(a), "b": int(b)}
    except ValueError:
        return FIRST


@router.post("")
async def decide(me: Reviewer, form: AccountForm, db: AppDb) -> Response:
    try:
        a, b = (int(part) for part in form.one("paire").split("-"))
    except ValueError:
        raise PairUnknown from None
    pair = await _pair(db, me, a, b)
    await _write(db, pair, _verdict(form), me, form.one("raison"))
    # to the pair after this one: those that were left for later do not come back at once
    following = form.one("suite")
    return RedirectResponse(following if following.startswith(f"{HOME}?") else HOME, 303)


@router.get("/decisions")
async def show_decisions(request: Request, me: Reviewer, db: AppDb) -> Response:
    rows = (await db.execute(queries.LATEST_DECISIONS, _who(me))).all()
    return render(request, "duplicates/decisions.html", DecisionsPage.of(me, rows))


@router.post("/decisions/{decision}")
async def decide_otherwise(me: Reviewer, form: AccountForm, db: AppDb, decision: int) -> Response:
    """The opposite, as a new decision: what was decided before stays written."""
    found = (await db.execute(queries.DECISION, {"id": decision})).first()
    if found is None:
        raise PairUnknown
    await _pair(db, me, found.a, found.b)
    verdict = "not_same" if found.verdict == "same" else "same"
    await _write(db, found, verdict, me, form.one("raison"))
    return RedirectResponse(f"{HOME}/decisions", 303)


async def _pair(db: AsyncConnection, me: Identity, a: int, b: int) -> Row[Any]:
    """Raises PairUnknown, or PairElsewhere when it is not theirs to decide."""
    pair = (await db.execute(queries.PAIR, {"a": a, "b": b} | _who(me))).first()
    if pair is None:
        raise PairUnknown
    if not pair.mine:
        raise PairElsewhere
    return pair


def _verdict(form: Form) -> str:
    verdict = {"un": "same", "deux": "not_same"}.get(form.one("verdict"))
    if verdict is None:
        raise NoVerdict
    return verdict


async def _write(
    db: AsyncConnection, pair: Row[Any], verdict: str, me: Identity, reason: str
) -> None:
    ids = {"a": pair.a, "b": pair.b}
    said = {
        "verdict": verdict,
        "account_id": me.account_id,
        "reason": reason[:REASON_LENGTH] or None,
    }
    await db.execute(queries.DECIDE, ids | said)
    await db.execute(queries.FORGET_PAIR, ids)
    # the places follow in a moment: records move and fields are chosen again outside the request
    await db.execute(REGROUP.later())
