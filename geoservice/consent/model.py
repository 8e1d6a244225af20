"""The journal of agreements («consentements») and withdrawals.

It names nobody: `person` is a number that only the mediator's row knows, and that means nothing
once the row is gone. The views of migration 0012 decide what each audience may read.
"""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Index
from sqlalchemy.dialects.postgresql import TIMESTAMP
from sqlalchemy.orm import Mapped, mapped_column

from geoservice.db.base import Base


class Contact(StrEnum):
    NAME = "name"
    MAIL = "mail"
    PHONE = "phone"
    BOOKING_URL = "booking_url"


class Audience(StrEnum):
    PUBLIC = "public"
    """Whoever opens a page of this site, or one where our map is shown."""
    PROFESSIONALS = "professionals"
    """Signed-in coordinators and colleagues of the territories where the person works."""
    REUSERS = "reusers"
    """Whoever takes the data: API, downloads, feeds."""


class RecordedBy(StrEnum):
    PERSON = "person"
    SOURCE = "source"
    """A source told us what was agreed there; it never speaks over the person."""
    SERVICE = "service"
    """We withdrew, on request or because the person left; we never grant."""


class ConsentEvent(Base):
    __tablename__ = "consent_events"
    __table_args__ = (
        CheckConstraint("contact IN ('name', 'mail', 'phone', 'booking_url')", name="contact"),
        CheckConstraint("audience IN ('public', 'professionals', 'reusers')", name="audience"),
        CheckConstraint("recorded_by IN ('person', 'source', 'service')", name="recorded_by"),
        CheckConstraint("(source IS NOT NULL) = (recorded_by = 'source')", name="source"),
        CheckConstraint("NOT (granted AND recorded_by = 'service')", name="service"),
        CheckConstraint("granted OR expires_at IS NULL", name="expires_at"),
        Index("ix_consent_events_person", "person", "contact", "audience", "id"),
    )

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    person: Mapped[UUID]
    contact: Mapped[str]
    audience: Mapped[str]
    granted: Mapped[bool]
    wording: Mapped[str]
    """Version of the sentence that was shown: a key of `wordings.WORDINGS`."""
    recorded_by: Mapped[str]
    source: Mapped[str | None]
    recorded_at: Mapped[datetime] = mapped_column(
        TIMESTAMP(timezone=True), server_default="clock_timestamp()"
    )
    expires_at: Mapped[datetime | None] = mapped_column(TIMESTAMP(timezone=True))


class Consent(Base):
    """The last word of the journal; kept by a trigger, never written here."""

    __tablename__ = "consents"

    person: Mapped[UUID] = mapped_column(primary_key=True)
    audience: Mapped[str] = mapped_column(primary_key=True)
    contact: Mapped[str] = mapped_column(primary_key=True)
    granted: Mapped[bool]
    recorded_by: Mapped[str]
    recorded_at: Mapped[datetime] = mapped_column(TIMESTAMP(timezone=True))
    expires_at: Mapped[datetime | None] = mapped_column(TIMESTAMP(timezone=True))
