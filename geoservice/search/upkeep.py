"""What those who look after a place read on its page, and nobody else."""

from collections.abc import Mapping
from typing import Any

from fastapi import Request
from sqlalchemy import Row, literal, select

from geoservice.auth import cookies
from geoservice.auth.current import find_account
from geoservice.clock import today
from geoservice.links.model import STRUCTURE
from geoservice.links.queries import CONFIRMED_ON
from geoservice.places.quality import Checked, Word, checked, judgements
from geoservice.search.queries import places
from geoservice.teams.queries import in_charge
from geoservice.web.database import Engines


async def upkeep(
    request: Request, place: Row[Any], titles: Mapping[str, str]
) -> tuple[Checked, ...] | None:
    """What is missing and what is old; None for those who do not look after the place.

    A visitor without a session costs no other connection, and their page may be kept by caches.
    """
    if cookies.session_of(request) is None:
        return None
    engines: Engines = request.app.state.engines
    async with engines.app.begin() as db:
        me = await find_account(request, db)
        if me is None:
            return None
        if not await db.scalar(select(in_charge(me, literal(place.code_insee)))):
            return None
        told = select(places.c.provenance, places.c.opening_hours, *judgements(places))
        row = (await db.execute(told.where(places.c.id == place.id))).one_or_none()
        if row is None:
            return None
        day = await db.scalar(CONFIRMED_ON, {"place": place.id})
    word = Word(day, titles.get(STRUCTURE, "Le lieu lui-même")) if day else None
    return checked(row, titles, today(), word)
