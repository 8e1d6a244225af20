"""What is agreed now, and what was agreed when."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, func, or_, select

from geoservice.consent.model import Consent, ConsentEvent, RecordedBy


def in_force(person: UUID) -> Select[str, str, datetime, str, datetime | None]:
    """Rows (contact, audience, recorded_at, recorded_by, expires_at) of what may be shown."""
    return select(
        Consent.contact,
        Consent.audience,
        Consent.recorded_at,
        Consent.recorded_by,
        Consent.expires_at,
    ).where(
        Consent.person == person,
        Consent.granted,
        or_(Consent.expires_at.is_(None), Consent.expires_at > func.now()),
    )


def refused_here(person: UUID) -> Select[str, str]:
    """Rows (contact, audience) that the person refused or withdrew, and nobody for them."""
    return select(Consent.contact, Consent.audience).where(
        Consent.person == person, ~Consent.granted, Consent.recorded_by == RecordedBy.PERSON
    )


def journal(person: UUID) -> Select[ConsentEvent]:
    """Everything that was recorded, latest first."""
    return (
        select(ConsentEvent).where(ConsentEvent.person == person).order_by(ConsentEvent.id.desc())
    )
