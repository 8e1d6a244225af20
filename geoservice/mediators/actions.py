"""What changes mediators. A statement about somebody else's changes nothing."""

import hashlib
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import timedelta

from sqlalchemy import (
    Connection,
    Row,
    delete,
    exists,
    func,
    insert,
    or_,
    select,
    text,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from geoservice.auth import secrets
from geoservice.auth.actions import erase_account
from geoservice.consent import actions as consent
from geoservice.consent.model import Audience, ConsentEvent, Contact, RecordedBy
from geoservice.consent.queries import in_force, refused_here
from geoservice.mediators.jobs import ASK_CONTACT, contact_waits
from geoservice.mediators.model import (
    FormerMediator,
    MailConfirmation,
    Mediator,
    MediatorPlace,
)
from geoservice.places import public_ids

ASKED_LATELY = timedelta(hours=1)
"""Saving one's profile again within it writes no second mail to the same address."""


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


async def save(db: AsyncConnection, account: int, account_mail: str, profile: Profile) -> None:
    """Nothing is shown by this: a new person has agreed to nothing yet.

    An address that is neither that of the account nor the one already shown waits until it has
    answered; the one before stays meanwhile.
    """
    found = select(Mediator.id, Mediator.mail).where(Mediator.account_id == account)
    row = (await db.execute(found)).one_or_none()
    shown = row.mail if row else None
    waits = profile.mail not in (None, account_mail, shown)
    values = asdict(profile) | {"mail": shown if waits else profile.mail}
    if row is None:
        made = insert(Mediator).values(public_id=public_ids.draw(), account_id=account, **values)
        id_ = (await db.execute(made.returning(Mediator.id))).scalar_one()
    else:
        id_ = row.id
        changed = update(Mediator).where(Mediator.id == id_)
        await db.execute(changed.values(changed_at=func.now(), **values))
    if waits and await is_to_ask(db, account, account_mail, profile.mail):
        await _forget_contact(db, id_)
        await db.execute(insert(MailConfirmation).values(mediator_id=id_, mail=profile.mail))
        await db.execute(ASK_CONTACT.later(mediator=id_))
    elif not waits:
        await _forget_contact(db, id_)


async def claim(db: AsyncConnection, account: int, mail: str) -> bool:
    """Give somebody the profile that a source made of them: whoever signs in reads that address.

    Whether there was one. An address that several people share is nobody's proof.
    """
    theirs = (func.lower(Mediator.mail) == mail, Mediator.account_id.is_(None))
    alone = select(func.min(Mediator.id)).where(*theirs).having(func.count() == 1)
    given = update(Mediator).where(Mediator.id == alone.scalar_subquery(), *theirs)
    return (await db.execute(given.values(account_id=account))).rowcount == 1


async def is_to_ask(db: AsyncConnection, account: int, account_mail: str, mail: str | None) -> bool:
    """Whether this address must be written to: nobody answered for it, and nobody was asked just now."""
    if mail in (None, account_mail):
        return False
    known = select(Mediator.id).where(Mediator.account_id == account, Mediator.mail == mail)
    asked = select(MailConfirmation.mediator_id).join(
        Mediator, Mediator.id == MailConfirmation.mediator_id
    )
    lately = MailConfirmation.asked_at > func.now() - ASKED_LATELY
    asked = asked.where(Mediator.account_id == account, MailConfirmation.mail == mail, lately)
    return (await db.execute(select(or_(exists(known), exists(asked))))).scalar_one() is False


async def _forget_contact(db: AsyncConnection, mediator: int) -> None:
    await db.execute(delete(MailConfirmation).where(MailConfirmation.mediator_id == mediator))


async def confirm_contact(db: AsyncConnection, secret: str) -> bool:
    """The address says yes: from now on it is that of the profile. False for a dead link."""
    waited = (
        delete(MailConfirmation)
        .where(MailConfirmation.hash == secrets.digest(secret), contact_waits())
        .returning(MailConfirmation.mediator_id, MailConfirmation.mail)
    )
    row = (await db.execute(waited)).one_or_none()
    if row is None:
        return False
    changed = update(Mediator).where(Mediator.id == row.mediator_id)
    await db.execute(changed.values(mail=row.mail, changed_at=func.now()))
    return True


async def refuse_contact(db: AsyncConnection, secret: str) -> bool:
    """Whoever reads this address asked for nothing. Whether the link was good."""
    refused = delete(MailConfirmation).where(MailConfirmation.hash == secrets.digest(secret))
    return (await db.execute(refused)).rowcount == 1


async def decide(
    db: AsyncConnection, person: Row[Mediator], agreed: Iterable[tuple[Contact, Audience]]
) -> None:
    """Record what changed: everything that is not in `agreed` is refused, or withdrawn.

    A box that stays empty is an answer too: no source may tick it afterwards.
    """
    wanted = set(agreed)
    shown = {(row.contact, row.audience) for row in await db.execute(in_force(person.person))}
    refused = {(row.contact, row.audience) for row in await db.execute(refused_here(person.person))}
    boxes = {(contact, audience) for contact in Contact for audience in Audience}
    decisions = [(*one, True) for one in sorted(wanted - shown)]
    decisions += [(*one, False) for one in sorted(boxes - wanted - refused)]
    if decisions:
        await db.execute(consent.record(person.person, decisions))


WORK_AT = text(
    "INSERT INTO mediator_places (mediator_id, place_id)"
    " SELECT :mediator, id FROM public_view.places WHERE public_id = :place"
    " ON CONFLICT (mediator_id, place_id) DO UPDATE SET is_declared = true"
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
