"""Links («liens») by which those who know a place keep it right, and what they changed.

A link is 256 random bits that only its bearer holds; the table keeps its SHA-256. The place follows
from the changes in force, see `queries.WORD`.
"""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    LargeBinary,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, TIMESTAMP
from sqlalchemy.orm import Mapped, mapped_column

from geoservice.db.base import Base

UTC_MOMENT = TIMESTAMP(timezone=True)

STRUCTURE, PUBLIC = BY_PEOPLE = ("structure", "public")
"""Names of the sources whose words are those of somebody who looked: the place itself, a report that was checked."""


class State(StrEnum):
    """Of a change."""

    WAITING = "waiting"
    IN_FORCE = "in_force"
    REFUSED = "refused"
    UNDONE = "undone"


class Link(Base):
    """First what somebody asked, whether or not the address is known; then the link that was sent."""

    __tablename__ = "links"
    __table_args__ = (
        CheckConstraint("(hash IS NULL) = (expires_at IS NULL)", name="sent"),
        Index("ix_links_place_id", "place_id"),
    )

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    place_id: Mapped[int] = mapped_column(ForeignKey("places.id"))
    mail: Mapped[str | None]
    """None for a link that was handed over otherwise."""
    fields: Mapped[list[str] | None]
    """Slugs of the steps that it opens; None for all of them."""
    trusted: Mapped[bool] = mapped_column(server_default="false")
    """Whether what it says is published without anybody's eye."""
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    """Who asked for it; None for who received it, or for the terminal."""
    why: Mapped[str | None]
    """Why it was asked for, in the words of whoever did."""
    hash: Mapped[bytes | None] = mapped_column(LargeBinary, unique=True)
    """Of the secret in the link; None until it is sent."""
    asked_at: Mapped[datetime] = mapped_column(UTC_MOMENT, server_default="now()")
    expires_at: Mapped[datetime | None] = mapped_column(UTC_MOMENT)
    revoked_at: Mapped[datetime | None] = mapped_column(UTC_MOMENT)


class LinkDraft(Base):
    """One field, as the bearer of a link has prepared it and not sent it yet."""

    __tablename__ = "link_drafts"

    link_id: Mapped[int] = mapped_column(
        ForeignKey("links.id", ondelete="CASCADE"), primary_key=True
    )
    field: Mapped[str] = mapped_column(primary_key=True)
    seen: Mapped[str]
    """Fingerprint of what the place said when it was prepared: another one by now is a conflict."""
    after: Mapped[Any] = mapped_column(JSONB)
    typed: Mapped[Any] = mapped_column(JSONB)
    """Form's field → text, as it was typed: to be found again when it must be corrected."""
    saved_at: Mapped[datetime] = mapped_column(UTC_MOMENT, server_default="now()")


class LinkChange(Base):
    """One field, as the bearer of a link says that it is."""

    __tablename__ = "link_changes"
    __table_args__ = (
        CheckConstraint("state IN ('waiting', 'in_force', 'refused', 'undone')", name="state"),
        Index("ix_link_changes_place_id", "place_id", "id"),
        Index("ix_link_changes_waiting", "id", postgresql_where=text("state = 'waiting'")),
    )

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    place_id: Mapped[int] = mapped_column(ForeignKey("places.id"))
    link_id: Mapped[int | None] = mapped_column(ForeignKey("links.id", ondelete="SET NULL"))
    """None once the link is forgotten."""
    field: Mapped[str]
    """An entry of `edits.ENTRIES`; `updated_on` when all that is told was said to be right."""
    before: Mapped[Any] = mapped_column(JSONB)
    after: Mapped[Any] = mapped_column(JSONB)
    state: Mapped[str]
    made_at: Mapped[datetime] = mapped_column(UTC_MOMENT, server_default="now()")
    decided_at: Mapped[datetime | None] = mapped_column(UTC_MOMENT)
    """When somebody decided or undid; None when it applied at once, or waits."""
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    """Who decided; None for the bearer."""
    reason: Mapped[str | None]
    """Why it was refused, in the words of whoever did."""


class LinkReport(Base):
    """«Signaler une erreur»: what a passer-by says of a place."""

    __tablename__ = "link_reports"
    __table_args__ = (
        CheckConstraint("verdict IN ('done', 'refused')", name="verdict"),
        Index("ix_link_reports_waiting", "id", postgresql_where=text("verdict IS NULL")),
    )

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    place_id: Mapped[int] = mapped_column(ForeignKey("places.id"))
    category: Mapped[str]
    """A value of `reports.Category`."""
    body: Mapped[str]
    contact: Mapped[str | None]
    """Where to answer, if they wish; forgotten once somebody decided."""
    made_at: Mapped[datetime] = mapped_column(UTC_MOMENT, server_default="now()")
    verdict: Mapped[str | None]
    """None while it waits."""
    decided_at: Mapped[datetime | None] = mapped_column(UTC_MOMENT)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))


class LinkCampaign(Base):
    """Somebody asks the places of a territory whether what is told of them is still right."""

    __tablename__ = "link_campaigns"

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    months: Mapped[int]
    """For how long nobody had looked at the places; 0 when they were chosen for something else."""
    message: Mapped[str | None]
    """A word of whoever asks."""
    remind_days: Mapped[int | None]
    """After how many days those who did not answer are asked again, once; None for never."""
    started_at: Mapped[datetime] = mapped_column(UTC_MOMENT, server_default="now()")
    ended_at: Mapped[datetime | None] = mapped_column(UTC_MOMENT)
    """Since when nothing more is sent."""


class LinkLetter(Base):
    """What a campaign asks one place."""

    __tablename__ = "link_letters"
    __table_args__ = (
        UniqueConstraint("campaign_id", "place_id"),
        UniqueConstraint("return_key"),
        Index("ix_link_letters_place_id", "place_id"),
        Index("ix_link_letters_leave_hashes", "leave_hashes", postgresql_using="gin"),
    )

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("link_campaigns.id", ondelete="CASCADE"))
    place_id: Mapped[int] = mapped_column(ForeignKey("places.id"))
    mail: Mapped[str]
    return_key: Mapped[str]
    """In the address to which mail servers return what they cannot deliver."""
    leave_hashes: Mapped[list[bytes]] = mapped_column(ARRAY(LargeBinary), server_default="{}")
    """Of the secrets by which one asks for no more mails: one for each mail that was sent."""
    made_at: Mapped[datetime] = mapped_column(UTC_MOMENT, server_default="now()")
    sent_at: Mapped[datetime | None] = mapped_column(UTC_MOMENT)
    reminded_at: Mapped[datetime | None] = mapped_column(UTC_MOMENT)
    bounced_at: Mapped[datetime | None] = mapped_column(UTC_MOMENT)
    bounce: Mapped[str | None]
    """The status that the mail server gave: «5.1.1», «550»."""
    answered_at: Mapped[datetime | None] = mapped_column(UTC_MOMENT)
    left_at: Mapped[datetime | None] = mapped_column(UTC_MOMENT)
    """When its reader asked for no more mails."""


class LinkSilence(Base):
    """An address that asked not to be written to: its SHA-256, to know it again and nothing else."""

    __tablename__ = "link_silences"

    hash: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    since: Mapped[datetime] = mapped_column(UTC_MOMENT, server_default="now()")


class LinkProposal(Base):
    """«Un lieu manque»: a place that somebody knows and the directory does not."""

    __tablename__ = "link_proposals"
    __table_args__ = (
        CheckConstraint("verdict IN ('done', 'refused')", name="verdict"),
        Index("ix_link_proposals_waiting", "id", postgresql_where=text("verdict IS NULL")),
    )

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    told: Mapped[Any] = mapped_column(JSONB)
    """Column of `places` → value."""
    code_insee: Mapped[str]
    body: Mapped[str | None]
    """What else they say of it, for whoever looks."""
    contact: Mapped[str | None]
    """Where to answer, if they wish; forgotten once somebody decided."""
    made_at: Mapped[datetime] = mapped_column(UTC_MOMENT, server_default="now()")
    verdict: Mapped[str | None]
    """None while it waits; «done» once it is a place."""
    decided_at: Mapped[datetime | None] = mapped_column(UTC_MOMENT)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
