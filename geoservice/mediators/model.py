"""Mediators («médiateurs numériques»): the people who help. The only door to personal data.

Public pages read the views of migration 0012, where a contact is NULL unless its agreement is in
force for that audience; only the person's own pages and jobs read these tables.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    Computed,
    ForeignKey,
    Index,
    LargeBinary,
    Text,
    UniqueConstraint,
)
from sqlalchemy.dialects.postgresql import TIMESTAMP
from sqlalchemy.orm import Mapped, mapped_column

from geoservice.db.base import Base


class Mediator(Base):
    __tablename__ = "mediators"
    __table_args__ = (
        UniqueConstraint("public_id"),
        UniqueConstraint("person"),
        UniqueConstraint("account_id"),
        UniqueConstraint("source", "source_key"),
        CheckConstraint("(source IS NULL) = (source_key IS NULL)", name="source"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str]
    """In addresses: drawn once, never reused, whatever the name or the mail become."""
    person: Mapped[UUID] = mapped_column(server_default="gen_random_uuid()")
    """Who the journal of consents speaks of."""
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    """The account that signs in to change this; None when nobody has one yet."""
    source: Mapped[str | None]
    source_key: Mapped[str | None]
    """What the source that made this row calls the person; None for those who came by themselves."""
    given_name: Mapped[str]
    family_name: Mapped[str]
    mail: Mapped[str | None]
    """That of the account, or one that was confirmed, or what a source told."""
    phone: Mapped[str | None]
    """E.164."""
    booking_url: Mapped[str | None]
    role: Mapped[str]
    """A value of `vocabulary.Role`."""
    employer: Mapped[str | None]
    skills: Mapped[list[str]] = mapped_column(server_default="{}")
    """Values of `vocabulary.Skill`."""
    languages: Mapped[list[str]] = mapped_column(server_default="{}")
    publics: Mapped[list[str]] = mapped_column(server_default="{}")
    summary: Mapped[str | None]
    """A few words of presentation; shown with the name only."""
    norm: Mapped[str] = mapped_column(
        Text(collation="C"),
        Computed("norm(given_name || ' ' || family_name)", persisted=True),
    )
    created_at: Mapped[datetime] = mapped_column(TIMESTAMP(timezone=True), server_default="now()")
    changed_at: Mapped[datetime] = mapped_column(TIMESTAMP(timezone=True), server_default="now()")


class MailConfirmation(Base):
    """An address that somebody wants to show, and that has not answered yet; gone once it has."""

    __tablename__ = "mail_confirmations"

    mediator_id: Mapped[int] = mapped_column(
        ForeignKey("mediators.id", ondelete="CASCADE"), primary_key=True
    )
    mail: Mapped[str]
    hash: Mapped[bytes | None] = mapped_column(LargeBinary, unique=True)
    """Of the secret in the mail; None until it is sent."""
    asked_at: Mapped[datetime] = mapped_column(TIMESTAMP(timezone=True), server_default="now()")


class MediatorPlace(Base):
    """Where somebody works."""

    __tablename__ = "mediator_places"
    __table_args__ = (
        CheckConstraint("is_declared OR source IS NOT NULL", name="said"),
        Index("ix_mediator_places_place_id", "place_id"),
    )

    mediator_id: Mapped[int] = mapped_column(
        ForeignKey("mediators.id", ondelete="CASCADE"), primary_key=True
    )
    place_id: Mapped[int] = mapped_column(ForeignKey("places.id"), primary_key=True)
    source: Mapped[str | None]
    """Which source says so too; None for what only the person said, which opens no colleague's contact."""
    is_declared: Mapped[bool] = mapped_column(server_default="true")
    """Whether the person said so here: no import removes it then."""


class FormerMediator(Base):
    """Somebody who was erased: that there was somebody, and nothing else."""

    __tablename__ = "former_mediators"

    public_id: Mapped[str] = mapped_column(primary_key=True)
    was_reusable: Mapped[bool]
    """Whether copies of the data may hold them, and must be told."""
    digests: Mapped[list[str]] = mapped_column(server_default="{}")
    """Of what a source called them and of their mail, so that no import takes them again."""
    left_at: Mapped[datetime] = mapped_column(TIMESTAMP(timezone=True), server_default="now()")
    told_at: Mapped[datetime] = mapped_column(TIMESTAMP(timezone=True), server_default="now()")
    """When an import last told of them, in vain; or when they left."""
