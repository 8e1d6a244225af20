"""An event or a workshop: where, when, for whom; who said yes to it."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.dialects.postgresql import TIMESTAMP
from sqlalchemy.orm import Mapped, mapped_column

from geoservice.db.base import Base

MOMENT = TIMESTAMP(timezone=True)
KINDS = {"workshop": "Atelier", "event": "Événement"}
BOOKINGS = {
    "none": "Sans inscription",
    "place": "Sur inscription, auprès du lieu",
    "web": "Sur inscription, en ligne",
}


class News(Base):
    __tablename__ = "news"
    __table_args__ = (
        UniqueConstraint("public_id"),
        CheckConstraint("kind IN ('workshop', 'event')", name="kind"),
        CheckConstraint("state IN ('waiting', 'published', 'refused')", name="state"),
        CheckConstraint("booking IN ('none', 'place', 'web')", name="booking"),
        CheckConstraint("(booking = 'web') = (booking_url IS NOT NULL)", name="booking_url"),
        CheckConstraint("first_day <= last_day", name="days"),
        Index("ix_news_place_id", "place_id"),
        Index("ix_news_account_id", "account_id"),
        Index("ix_news_ends_at", "ends_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str]
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id", ondelete="SET NULL"))
    """Who announced it; told to nobody."""
    place_id: Mapped[int] = mapped_column(ForeignKey("places.id"))
    kind: Mapped[str]
    title: Mapped[str]
    description: Mapped[str | None]
    expression: Mapped[str]
    """OSM syntax: hours on `first_day` alone («14:00-16:00»), or a rhythm between the two days."""
    first_day: Mapped[date]
    last_day: Mapped[date]
    publics: Mapped[list[str]] = mapped_column(server_default="{}")
    """Values of `places.vocabulary.Public`; empty for everybody."""
    booking: Mapped[str]
    booking_url: Mapped[str | None]
    ends_at: Mapped[datetime] = mapped_column(MOMENT)
    """End of the last time: nobody sees it after."""
    state: Mapped[str]
    """«waiting» for somebody who looks after the territory, «published» or «refused»."""
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id", ondelete="SET NULL"))
    reason: Mapped[str | None]
    """Why it was refused: its author reads it."""
    created_at: Mapped[datetime] = mapped_column(MOMENT, server_default="now()")
    changed_at: Mapped[datetime] = mapped_column(MOMENT, server_default="now()")
