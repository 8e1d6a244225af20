"""What adds to the journal. The statements run on whatever connection the caller has."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy import Delete, Insert, delete, insert

from geoservice.consent import wordings
from geoservice.consent.model import Audience, Consent, ConsentEvent, Contact, RecordedBy

Decision = tuple[Contact, Audience, bool]
"""A contact, to whom, and whether it may be shown."""


def record(
    person: UUID,
    decisions: Iterable[Decision],
    *,
    by: RecordedBy = RecordedBy.PERSON,
    wording: str = wordings.CURRENT,
    source: str | None = None,
    expires_at: datetime | None = None,
) -> Insert:
    """The statement that adds decisions to the journal: at least one.

    What a source says is dropped by the database where the person has already decided here.
    """
    return insert(ConsentEvent).values(
        [
            {
                "person": person,
                "contact": contact,
                "audience": audience,
                "granted": granted,
                "wording": wording,
                "recorded_by": by,
                "source": source,
                "expires_at": expires_at if granted else None,
            }
            for contact, audience, granted in decisions
        ]
    )


def withdraw_all(person: UUID, by: RecordedBy) -> Insert:
    """The statement that withdraws everything, from the next request on."""
    everything = [(contact, audience, False) for contact in Contact for audience in Audience]
    return record(person, everything, by=by)


def forget_last_words(person: UUID) -> Delete:
    """For somebody who is erased: the journal alone remains."""
    return delete(Consent).where(Consent.person == person)
