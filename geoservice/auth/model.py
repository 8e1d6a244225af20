"""Accounts («comptes»), the links that sign them in, and their sessions.

A secret is 256 random bits that only its bearer holds; the tables keep its SHA-256.
"""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, LargeBinary, text
from sqlalchemy.dialects.postgresql import TIMESTAMP
from sqlalchemy.orm import Mapped, mapped_column

from geoservice.db.base import Base


class Role(StrEnum):
    ADMINISTRATOR = "administrator"
    """May everything."""
    COORDINATOR = "coordinator"
    MODERATOR = "moderator"
    MEMBER = "member"
    """A mediator, or anyone who looks after their own data."""


IN_FRENCH = {
    Role.ADMINISTRATOR: "administration du service",
    Role.COORDINATOR: "coordination d’un territoire",
    Role.MODERATOR: "vérification des modifications",
    Role.MEMBER: "membre",
}

OPEN = text("closed_at IS NULL")


class Account(Base):
    __tablename__ = "accounts"
    __table_args__ = (
        CheckConstraint("mail = lower(mail)", name="mail"),
        CheckConstraint(
            "cardinality(roles) > 0 AND roles <@ ARRAY['administrator', 'coordinator',"
            " 'moderator', 'member']",
            name="roles",
        ),
        Index("uq_accounts_mail", "mail", unique=True, postgresql_where=OPEN),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    mail: Mapped[str]
    """In lower case; another account may bear it once this one is closed."""
    name: Mapped[str]
    roles: Mapped[list[str]]
    """Values of `Role`, at least one."""
    created_at: Mapped[datetime] = mapped_column(TIMESTAMP(timezone=True), server_default="now()")
    closed_at: Mapped[datetime | None] = mapped_column(TIMESTAMP(timezone=True))


class SignInLink(Base):
    """First what somebody asked, whether or not the account exists; then the link that was sent.

    A link that was used is gone.
    """

    __tablename__ = "sign_in_links"
    __table_args__ = (
        CheckConstraint(
            "(mail IS NULL) = (hash IS NOT NULL) AND (hash IS NULL) = (account_id IS NULL)"
            " AND (hash IS NULL) = (sent_at IS NULL)",
            name="sent",
        ),
        Index("ix_sign_in_links_account_id", "account_id"),
    )

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    mail: Mapped[str | None]
    """As asked; None once the link is sent."""
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"))
    hash: Mapped[bytes | None] = mapped_column(LargeBinary, unique=True)
    """Of the secret in the link; None until it is sent."""
    browser: Mapped[bytes | None] = mapped_column(LargeBinary)
    """Hash of the cookie of the browser that asked; None when the link opens in any browser."""
    next_path: Mapped[str]
    """Where to go once signed in."""
    asked_at: Mapped[datetime] = mapped_column(TIMESTAMP(timezone=True), server_default="now()")
    sent_at: Mapped[datetime | None] = mapped_column(TIMESTAMP(timezone=True))


class Session(Base):
    """One browser that an account is signed in from."""

    __tablename__ = "sessions"
    __table_args__ = (Index("ix_sessions_account_id", "account_id"),)

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"))
    hash: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    device: Mapped[str]
    """«Firefox sur Android»: what its owner recognises, and nothing more."""
    created_at: Mapped[datetime] = mapped_column(TIMESTAMP(timezone=True), server_default="now()")
    seen_at: Mapped[datetime] = mapped_column(TIMESTAMP(timezone=True), server_default="now()")
    """To within an hour."""
