"""Accounts («comptes»), the links that sign them in, and their sessions.

A secret is 256 random bits that only its bearer holds; the tables keep its SHA-256.
"""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    LargeBinary,
    UniqueConstraint,
    text,
)
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

ERASED_NAME = "compte effacé"
"""What pages show of somebody who left: rows that others need stay, without identity."""

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
        CheckConstraint("mail <> '' OR closed_at IS NOT NULL", name="erased"),
        Index("uq_accounts_mail", "mail", unique=True, postgresql_where=OPEN),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    mail: Mapped[str]
    """In lower case; another account may bear it once this one is closed. Empty once erased."""
    name: Mapped[str]
    """`ERASED_NAME` once erased."""
    roles: Mapped[list[str]]
    """Values of `Role`, at least one."""
    created_at: Mapped[datetime] = mapped_column(TIMESTAMP(timezone=True), server_default="now()")
    closed_at: Mapped[datetime | None] = mapped_column(TIMESTAMP(timezone=True))
    used_at: Mapped[datetime] = mapped_column(TIMESTAMP(timezone=True), server_default="now()")
    """When its owner last came, or an import last named them: it is kept so long after that."""
    warned_at: Mapped[datetime | None] = mapped_column(TIMESTAMP(timezone=True))
    """When its owner was told that it will be erased; None once they came back."""


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
    id_token: Mapped[str | None]
    """What the provider gave, to sign out of it too; None for a sign-in by link."""


class MailChange(Base):
    """Somebody asked to use another address: it changes once both addresses have said yes."""

    __tablename__ = "mail_changes"

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    account_id: Mapped[int] = mapped_column(
        ForeignKey("accounts.id", ondelete="CASCADE"), unique=True
    )
    mail: Mapped[str]
    """The new address, as accounts keep it."""
    old_hash: Mapped[bytes | None] = mapped_column(LargeBinary, unique=True)
    new_hash: Mapped[bytes | None] = mapped_column(LargeBinary, unique=True)
    """Of the secret sent to each address; None until it is sent."""
    old_confirmed: Mapped[bool] = mapped_column(server_default="false")
    new_confirmed: Mapped[bool] = mapped_column(server_default="false")
    asked_at: Mapped[datetime] = mapped_column(TIMESTAMP(timezone=True), server_default="now()")


class KnownIdentity(Base):
    """What a provider calls the owner of an account: one name per provider, which never changes."""

    __tablename__ = "identities"
    __table_args__ = (UniqueConstraint("account_id", "issuer", name="uq_identities_account_id"),)

    issuer: Mapped[str] = mapped_column(primary_key=True)
    subject: Mapped[str] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"))


class SignInRequest(Base):
    """A browser that went to the provider and is not back yet."""

    __tablename__ = "sign_in_requests"

    state: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    browser: Mapped[bytes] = mapped_column(LargeBinary)
    """Hashes of what the provider repeats, and of the cookie of the browser that asked."""
    next_path: Mapped[str]
    asked_at: Mapped[datetime] = mapped_column(TIMESTAMP(timezone=True), server_default="now()")
