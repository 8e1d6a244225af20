"""Permanences: a mediator, a place, a rhythm; and the days when they are not there."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.dialects.postgresql import TIMESTAMP
from sqlalchemy.orm import Mapped, mapped_column

from geoservice.db.base import Base


class Permanence(Base):
    __tablename__ = "permanences"
    __table_args__ = (
        UniqueConstraint("public_id"),
        CheckConstraint("valid_from <= valid_until", name="valid"),
        CheckConstraint("audience IN ('public', 'professionals')", name="audience"),
        Index("ix_permanences_place_id", "place_id"),
        Index("ix_permanences_mediator_id", "mediator_id"),
        Index("ix_permanences_schedule_id", "schedule_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str]
    place_id: Mapped[int] = mapped_column(ForeignKey("places.id"))
    mediator_id: Mapped[int | None] = mapped_column(ForeignKey("mediators.id", ondelete="CASCADE"))
    """None when the place announces that somebody is present, without saying who."""
    expression: Mapped[str]
    """OSM syntax, already validated."""
    schedule_id: Mapped[int] = mapped_column(ForeignKey("schedules.id"))
    """The expression under the calendar of the place; shared with the hours of places."""
    valid_from: Mapped[date | None]
    valid_until: Mapped[date | None]
    """First and last day; None for since ever and until further notice."""
    by_appointment: Mapped[bool]
    """False: one may come without appointment."""
    audience: Mapped[str] = mapped_column(server_default="public")
    """«public», or «professionals» for those who receive colleagues only."""
    services: Mapped[list[str]] = mapped_column(server_default="{}")
    """What for: values of `places.vocabulary.Service`; empty when not said."""
    note: Mapped[str | None]
    source: Mapped[str | None]
    """Which source says so; None for what was said here."""
    created_at: Mapped[datetime] = mapped_column(TIMESTAMP(timezone=True), server_default="now()")
    changed_at: Mapped[datetime] = mapped_column(TIMESTAMP(timezone=True), server_default="now()")


class Absence(Base):
    """Days without the mediator, for one permanence or for all of theirs."""

    __tablename__ = "absences"
    __table_args__ = (
        CheckConstraint("first_day <= last_day", name="days"),
        CheckConstraint("(mediator_id IS NULL) <> (permanence_id IS NULL)", name="of"),
        Index("ix_absences_mediator_id", "mediator_id"),
        Index("ix_absences_permanence_id", "permanence_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    mediator_id: Mapped[int | None] = mapped_column(ForeignKey("mediators.id", ondelete="CASCADE"))
    permanence_id: Mapped[int | None] = mapped_column(
        ForeignKey("permanences.id", ondelete="CASCADE")
    )
    first_day: Mapped[date]
    last_day: Mapped[date]
