"""What changes mediators. A statement about somebody else's changes nothing."""

import hashlib
from collections.abc import Iterable
from dataclasses import asdict, dataclass

from sqlalchemy import Connection, Row, delete, exists, func, insert, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from geoservice.auth.actions import erase_account
from geoservice.consent import actions as consent
from geoservice.consent.model import Audience, ConsentEvent, Contact, RecordedBy
from geoservice.consent.queries import in_force
from geoservice.mediators.model import FormerMediator, Mediator, MediatorPlace
from geoservice.places import public_ids


@dataclass(frozen=True)
class Profile:
    """What a person says of themselves, read and checked."""

    given_name: str
    family_name: str
    mail: str | None
    phone: str | None
    booking_url: str | None
    role: str
    employer: str | None
    skills: list[str]
    languages: list[str]
    publics: list[str]
    summary: str | None


async def save(db: AsyncConnection, account: int, profile: Profile) -> None:
    """Nothing is shown by this: a new person has agreed to nothing yet."""
    values = asdict(profile)
    changed = (
        update(Mediator)
        .where(Mediator.account_id == account)
        .values(changed_at=func.now(), **values)
    )
    if (await db.execute(changed)).rowcount == 0:
        made = insert(Mediator).values(public_id=public_ids.draw(), account_id=account, **values)
        await db.execute(made)


async def decide(
    db: AsyncConnection, person: Row[Mediator], agreed: Iterable[tuple[Contact, Audience]]
) -> None:
    """Record what changed: everything that is not in `agreed` is withdrawn."""
    wanted = set(agreed)
    now = {
        (Contact(row.contact), Audience(row.audience))
        for row in await db.execute(in_force(person.person))
    }
    decisions = [(*one, True) for one in sorted(wanted - now)]
    decisions += [(*one, False) for one in sorted(now - wanted)]
    if decisions:
        await db.execute(consent.record(person.person, decisions))


WORK_AT = text(
    "INSERT INTO mediator_places (mediator_id, place_id)"
    " SELECT :mediator, id FROM public_view.places WHERE public_id = :place"
    " ON CONFLICT (mediator_id, place_id) DO UPDATE SET source = NULL"
)
WORK_NO_MORE_AT = text(
    "DELETE FROM mediator_places WHERE mediator_id = :mediator AND place_id IN ("
    " SELECT there.id FROM places there JOIN places place"
    " ON place.id = coalesce(there.merged_into, there.id) WHERE place.public_id = :place)"
)


async def work_at(db: AsyncConnection, mediator: int, place: str) -> bool:
    """Whether there is such a place."""
    touched = update(Mediator).where(Mediator.id == mediator).values(changed_at=func.now())
    await db.execute(touched)
    return (await db.execute(WORK_AT, {"mediator": mediator, "place": place})).rowcount == 1


async def work_no_more_at(db: AsyncConnection, mediator: int, place: str) -> bool:
    """Whether they worked there. Permanences stay: they are withdrawn one by one."""
    touched = update(Mediator).where(Mediator.id == mediator).values(changed_at=func.now())
    await db.execute(touched)
    gone = await db.execute(WORK_NO_MORE_AT, {"mediator": mediator, "place": place})
    return gone.rowcount > 0


def digests(source: str | None, key: str | None, mail: str | None) -> list[str]:
    """What lets a later import know somebody who left, without keeping who they were."""
    known = [f"{source}:{key}"] if source else []
    known += [f"mail:{mail.lower()}"] if mail else []
    return [hashlib.sha256(one.encode()).hexdigest() for one in known]


def erase_now(db: Connection, mediator: int, by: RecordedBy) -> None:
    """The person, where they work and their permanences are gone; the journal names nobody."""
    found = select(
        Mediator.person,
        Mediator.public_id,
        Mediator.account_id,
        Mediator.source,
        Mediator.source_key,
        Mediator.mail,
    ).where(Mediator.id == mediator)
    row = db.execute(found.with_for_update()).one()
    once = exists().where(
        ConsentEvent.person == row.person,
        ConsentEvent.audience == Audience.REUSERS,
        ConsentEvent.granted,
    )
    was_reusable = db.execute(select(once)).scalar_one()
    db.execute(consent.withdraw_all(row.person, by))
    # whom only a source told of may come back with it; who decided here, or left, does not
    decided_here = by is RecordedBy.PERSON or row.account_id is not None
    kept = digests(row.source, row.source_key, row.mail) if decided_here else []
    db.execute(
        insert(FormerMediator).values(
            public_id=row.public_id, was_reusable=was_reusable, digests=kept
        )
    )
    db.execute(delete(MediatorPlace).where(MediatorPlace.mediator_id == mediator))
    db.execute(delete(Mediator).where(Mediator.id == mediator))
    db.execute(consent.forget_last_words(row.person))


def leave(db: Connection, account: int, by: RecordedBy) -> None:
    """All that is known of an account's owner is erased: their profile if they have one, the account."""
    mediator = db.scalar(select(Mediator.id).where(Mediator.account_id == account))
    if mediator is not None:
        erase_now(db, mediator, by)
    erase_account(db, account)
