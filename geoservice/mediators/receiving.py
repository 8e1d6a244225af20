"""People that a source knows: received as it tells them, within what each has decided here."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, Select, delete, func, insert, or_, select, text, update
from sqlalchemy.dialects.postgresql import insert as upsert

from geoservice.auth.model import Account
from geoservice.consent import actions as consent
from geoservice.consent import wordings
from geoservice.consent.model import Audience, Consent, Contact, RecordedBy
from geoservice.mediators.actions import Profile, digests, erase_now
from geoservice.mediators.model import FormerMediator, Mediator, MediatorPlace
from geoservice.places import public_ids

SHOWN = (Contact.NAME, Contact.MAIL, Contact.PHONE)
"""What La Coop's one switch is about; and only for the public map."""
LEAST_SHARE = 0.5
"""A source that tells of fewer people than this share of before has probably been cut."""


@dataclass(frozen=True)
class Person:
    key: str
    """What the source calls the person; stable in the source."""
    profile: Profile
    is_visible: bool
    """Whether the person agreed, there, to be on the public map."""
    places: tuple[str, ...]
    """What the source calls the places where they work."""


@dataclass
class Received:
    new: int = 0
    known: int = 0
    gone: int = 0
    """No longer told of by the source: their contacts are withdrawn."""
    left: int = 0
    """Told of, but they left this service: they are not taken again."""


class SourceShrank(Exception):
    """The source tells of far fewer people than before; its text is a French sentence."""


PLACES = text(
    "SELECT key, place_id FROM source_records WHERE source = :source AND withdrawn_at IS NULL"
)


def receive(
    db: Connection, source: str, place_source: str, people: Iterable[Person], *, force: bool = False
) -> Received:
    """All that a source tells; who is no longer told of is withdrawn. Raises SourceShrank."""
    received = Received()
    told = {person.key: person for person in people}
    before = {row.source_key: row for row in db.execute(_known().where(Mediator.source == source))}
    if not force and len(told) < LEAST_SHARE * len(before):
        raise SourceShrank(
            f"La source donne {len(told)} personnes, elle en donnait {len(before)}. Rien n’a été changé. "
            "Si c’est normal, recommencez avec --force."
        )
    left = set(db.scalars(select(func.unnest(FormerMediator.digests))))
    places = {row.key: row.place_id for row in db.execute(PLACES, {"source": place_source})}
    told_of: set[str] = set()
    for key, person in told.items():
        if known := left & set(digests(source, key, person.profile.mail)):
            told_of |= known
            received.left += 1
            continue
        row = before.get(key) or _by_mail(db, person.profile.mail)
        if row is None:
            received.new += 1
            row = _add(db, source, person)
        else:
            received.known += 1
            _change(db, row, source, person)
        _work_at(db, row.id, source, [places[key] for key in person.places if key in places])
        _agree(db, row, source, person.is_visible)
    for key, row in before.items():
        if key not in told:
            received.gone += 1
            _withdraw(db, row, source)
    # who left is known as long as a source tells of them
    still = update(FormerMediator).where(FormerMediator.digests.overlap(sorted(told_of)))
    db.execute(still.values(told_at=func.now()))
    return received


Known = Row[int, UUID, int | None, str | None]


def _known() -> Select[int, UUID, int | None, str | None]:
    return select(Mediator.id, Mediator.person, Mediator.account_id, Mediator.source_key)


def _by_mail(db: Connection, mail: str | None) -> Known | None:
    """Somebody who came here by themselves, who shows the same mail or signs in with it: one person."""
    if mail is None:
        return None
    owner = (Account.id == Mediator.account_id) & Account.closed_at.is_(None)
    theirs = or_(func.lower(Mediator.mail) == mail.lower(), Account.mail == mail.lower())
    found = _known().outerjoin(Account, owner).where(theirs, Mediator.source.is_(None))
    return db.execute(found.order_by(Mediator.id)).first()


def _add(db: Connection, source: str, person: Person) -> Known:
    made = insert(Mediator).values(
        public_id=public_ids.draw(), source=source, source_key=person.key, **asdict(person.profile)
    )
    return db.execute(
        made.returning(Mediator.id, Mediator.person, Mediator.account_id, Mediator.source_key)
    ).one()


def _change(db: Connection, row: Known, source: str, person: Person) -> None:
    values: dict[str, Any] = {"source": source, "source_key": person.key}
    if row.account_id is None:  # somebody who signs in here speaks for themselves
        values |= asdict(person.profile)
    now = select(*(getattr(Mediator, name) for name in values)).where(Mediator.id == row.id)
    if tuple(db.execute(now).one()) != tuple(values.values()):
        changed = update(Mediator).where(Mediator.id == row.id)
        db.execute(changed.values(changed_at=func.now(), **values))


def _work_at(db: Connection, mediator: int, source: str, places: Sequence[int]) -> None:
    stale = (
        MediatorPlace.mediator_id == mediator,
        MediatorPlace.source == source,
        MediatorPlace.place_id.not_in(places),
    )
    db.execute(delete(MediatorPlace).where(*stale, ~MediatorPlace.is_declared))
    db.execute(update(MediatorPlace).where(*stale).values(source=None))
    for place in places:
        works = upsert(MediatorPlace).values(
            mediator_id=mediator, place_id=place, source=source, is_declared=False
        )
        db.execute(
            works.on_conflict_do_update(
                index_elements=[MediatorPlace.mediator_id, MediatorPlace.place_id],
                set_={"source": source},
                where=MediatorPlace.source.is_(None),
            )
        )


def _agree(db: Connection, row: Known, source: str, granted: bool) -> None:
    """What was agreed there, where nothing was decided here and the source says something new.

    For somebody who signs in here, only a withdrawal: what they agree to, they tick themselves.
    """
    if granted and row.account_id is not None:
        return
    said = {
        last.contact: last.granted
        for last in db.execute(
            select(Consent.contact, Consent.granted).where(
                Consent.person == row.person, Consent.audience == Audience.PUBLIC
            )
        )
    }
    news = [
        (contact, Audience.PUBLIC, granted)
        for contact in SHOWN
        if said.get(contact, False) != granted
    ]
    if news:
        db.execute(
            consent.record(
                row.person, news, by=RecordedBy.SOURCE, source=source, wording=wordings.LA_COOP
            )
        )


def _withdraw(db: Connection, row: Known, source: str) -> None:
    if row.account_id is None:
        erase_now(db, row.id, RecordedBy.SERVICE)
        return
    _agree(db, row, source, granted=False)
    _work_at(db, row.id, source, [])
    alone = update(Mediator).where(Mediator.id == row.id)
    db.execute(alone.values(source=None, source_key=None))
