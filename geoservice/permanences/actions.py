"""What changes permanences and absences. A statement about somebody else's changes nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, delete, insert, or_, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from geoservice.permanences.model import Absence, Permanence
from geoservice.places import hours, public_ids

SCHEDULE = text(
    "INSERT INTO schedules (expression, calendar, code, time_zone)"
    " VALUES (:expression, :calendar, :code, :time_zone)"
    " ON CONFLICT (expression, calendar) DO UPDATE SET expression = EXCLUDED.expression RETURNING id"
)

PLACE = text("SELECT code_insee, departement FROM places WHERE id = :place")


@dataclass(frozen=True)
class Announcement:
    """What a mediator announces, read and checked."""

    place_id: int
    schedule: tuple[str, str, str, str]
    """Expression, calendar, code and time zone, as `places.hours.schedule_of` gives them."""
    valid_from: date | None
    valid_until: date | None
    by_appointment: bool
    audience: str
    services: tuple[str, ...]
    note: str | None


async def announce(
    db: AsyncConnection, mediator_id: int, announcement: Announcement, today: date
) -> str:
    """The public id of the permanence that is now announced."""
    public_id = public_ids.draw()
    await db.execute(
        insert(Permanence).values(
            public_id=public_id,
            mediator_id=mediator_id,
            **await _columns(db, announcement, today),
        )
    )
    return public_id


async def change(
    db: AsyncConnection,
    mediator_id: int,
    public_id: str,
    announcement: Announcement,
    today: date,
) -> bool:
    """False when this mediator has no such permanence."""
    changed = await db.execute(
        update(Permanence)
        .where(Permanence.public_id == public_id, Permanence.mediator_id == mediator_id)
        .values(changed_at=text("now()"), **await _columns(db, announcement, today))
    )
    return changed.rowcount > 0


async def withdraw(db: AsyncConnection, mediator_id: int, public_id: str) -> bool:
    """False when this mediator has no such permanence."""
    gone = await db.execute(
        delete(Permanence).where(
            Permanence.public_id == public_id, Permanence.mediator_id == mediator_id
        )
    )
    return gone.rowcount > 0


async def say_absent(
    db: AsyncConnection, mediator_id: int, permanence_id: int | None, first: date, last: date
) -> None:
    """For one of the mediator's own permanences, or for all of them with None."""
    of_all = None if permanence_id else mediator_id
    await db.execute(
        insert(Absence).values(
            mediator_id=of_all, permanence_id=permanence_id, first_day=first, last_day=last
        )
    )


async def come_back(db: AsyncConnection, mediator_id: int, absence_id: int) -> bool:
    """Take an absence away; False when this mediator has no such absence."""
    own = select(Permanence.id).where(Permanence.mediator_id == mediator_id)
    gone = await db.execute(
        delete(Absence).where(
            Absence.id == absence_id,
            or_(Absence.mediator_id == mediator_id, Absence.permanence_id.in_(own)),
        )
    )
    return gone.rowcount > 0


def announce_by(
    db: Connection, source: str, place_id: int, announced: Sequence[Mapping[str, Any]], today: date
) -> None:
    """Make the permanences that `source` announces in a place, without naming anybody, these ones.

    Each has id (public), expression, valid_from and valid_until (ISO days or None), by_appointment,
    services and note. Those that are not among them go; a place whose calendar nobody knows keeps none.
    """
    place = db.execute(PLACE, {"place": place_id}).one()
    known = {one["id"]: one for one in announced}
    mine = (Permanence.source == source) & (Permanence.place_id == place_id)
    db.execute(delete(Permanence).where(mine, Permanence.public_id.not_in(known)))
    kept = set(db.scalars(select(Permanence.public_id).where(mine)))
    for id_, one in known.items():
        schedule = hours.schedule_of(one["expression"], place.code_insee, place.departement)
        if id_ in kept or schedule is None:
            continue
        columns = {
            name: date.fromisoformat(one[name]) if one[name] else None
            for name in ("valid_from", "valid_until")
        } | {name: one[name] for name in ("expression", "by_appointment", "services", "note")}
        schedule_id = db.execute(SCHEDULE, schedule_names(schedule)).scalar_one()
        db.execute(
            insert(Permanence).values(
                public_id=id_, place_id=place_id, schedule_id=schedule_id, source=source, **columns
            )
        )
    hours.refresh(db, today)


async def _columns(
    db: AsyncConnection, announcement: Announcement, today: date
) -> dict[str, object]:
    names = schedule_names(announcement.schedule)
    schedule_id = (await db.execute(SCHEDULE, names)).scalar_one()
    await db.run_sync(hours.refresh, today)
    return {
        "place_id": announcement.place_id,
        "expression": names["expression"],
        "schedule_id": schedule_id,
        "valid_from": announcement.valid_from,
        "valid_until": announcement.valid_until,
        "by_appointment": announcement.by_appointment,
        "audience": announcement.audience,
        "services": list(announcement.services),
        "note": announcement.note,
    }


def schedule_names(schedule: tuple[str, str, str, str]) -> dict[str, str]:
    """What SCHEDULE needs, from what `places.hours.schedule_of` gives."""
    return dict(zip(("expression", "calendar", "code", "time_zone"), schedule, strict=True))
