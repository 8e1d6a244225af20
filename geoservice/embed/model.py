"""Saved embeds («cartes enregistrées»): what a key shows, whose it is, and how often it was shown.

Counts are numbers of a day, and nothing of who came.
"""

from datetime import date, datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, LargeBinary
from sqlalchemy.dialects.postgresql import TIMESTAMP
from sqlalchemy.orm import Mapped, mapped_column

from geoservice.db.base import Base

UTC_MOMENT = TIMESTAMP(timezone=True)


class Embed(Base):
    """One map of another site, which its owner changes here: an account, a mail or a team.

    It stays on the other site when its account is erased, or its team closed.
    """

    __tablename__ = "embeds"
    __table_args__ = (
        CheckConstraint("num_nonnulls(account_id, mail, team_id) = 1", name="owner"),
        Index("ix_embeds_account_id", "account_id"),
        Index("ix_embeds_mail", "mail"),
        Index("ix_embeds_team_id", "team_id"),
    )

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    """What the other site writes, as public ids of places are: no secret."""
    name: Mapped[str]
    """What its owner calls it."""
    question: Mapped[str]
    """The query string of `/embed` that it stands for."""
    hosts: Mapped[list[str]] = mapped_column(server_default="{}")
    """Sources of a security policy («https://*.exemple.fr») that may show it; none: any site."""
    counted: Mapped[bool] = mapped_column(server_default="true")
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"))
    mail: Mapped[str | None]
    """As `read_address` gives it."""
    team_id: Mapped[int | None] = mapped_column(ForeignKey("teams.id"))
    made_at: Mapped[datetime] = mapped_column(UTC_MOMENT, server_default="now()")
    confirmed_at: Mapped[datetime | None] = mapped_column(UTC_MOMENT)
    """None while the owner of the mail has not agreed: nobody sees it then."""


class EmbedDay(Base):
    __tablename__ = "embed_days"

    embed_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("embeds.id", ondelete="CASCADE"), primary_key=True
    )
    day: Mapped[date] = mapped_column(primary_key=True)
    """In Paris."""
    displays: Mapped[int]
    searches: Mapped[int]


class EmbedLink(Base):
    """First what somebody asked; then the link that was sent, to all the embeds of that mail."""

    __tablename__ = "embed_links"
    __table_args__ = (CheckConstraint("(hash IS NULL) = (expires_at IS NULL)", name="sent"),)

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    mail: Mapped[str]
    hash: Mapped[bytes | None] = mapped_column(LargeBinary, unique=True)
    """Of the secret in the link; None until it is sent."""
    asked_at: Mapped[datetime] = mapped_column(UTC_MOMENT, server_default="now()")
    expires_at: Mapped[datetime | None] = mapped_column(UTC_MOMENT)
