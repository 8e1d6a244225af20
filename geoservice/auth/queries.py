"""Looking up accounts, links and sessions. Times are compared by the database's clock."""

from datetime import timedelta

from sqlalchemy import ColumnElement, Select, func, or_, select, text

from geoservice.auth.model import Account, Session, SignInLink

LINK_LASTS = timedelta(minutes=15)
SESSION_IDLE = timedelta(days=30)
SESSION_LASTS = timedelta(days=90)
SESSIONS_MAX = 20
"""Per account: the oldest are closed."""


def in_force() -> ColumnElement[bool]:
    now = func.now()
    return (Session.seen_at > now - SESSION_IDLE) & (Session.created_at > now - SESSION_LASTS)


def open_account(mail: str) -> Select[Account]:
    return select(Account).where(Account.mail == mail, Account.closed_at.is_(None))


def signed_in(hash_: bytes):
    """Who holds the session of this hash, if it is in force; `stale`, when to note that it was seen."""
    return (
        select(
            Account.id,
            Account.mail,
            Account.name,
            Account.roles,
            Session.id.label("session"),
            (Session.seen_at < func.now() - timedelta(hours=1)).label("stale"),
        )
        .join(Account, Account.id == Session.account_id)
        .where(Session.hash == hash_, in_force(), Account.closed_at.is_(None))
    )


def sessions_of(account_id: int):
    """The most recently seen first."""
    return (
        select(Session.id, Session.device, Session.created_at, Session.seen_at)
        .where(Session.account_id == account_id, in_force())
        .order_by(Session.seen_at.desc(), Session.id.desc())
        .limit(SESSIONS_MAX)
    )


def usable_link(hash_: bytes) -> ColumnElement[bool]:
    return (SignInLink.hash == hash_) & (SignInLink.sent_at > func.now() - LINK_LASTS)


def opens_in(browser: bytes | None) -> ColumnElement[bool]:
    return or_(SignInLink.browser.is_(None), SignInLink.browser == browser)


def link_shown(hash_: bytes, browser: bytes | None):
    """The mail of the account that a link signs in, and whether it opens in this browser."""
    return (
        select(Account.mail, opens_in(browser).label("here"))
        .join(SignInLink, SignInLink.account_id == Account.id)
        .where(usable_link(hash_), Account.closed_at.is_(None))
    )


def every_account():
    return select(
        Account.id,
        Account.mail,
        Account.name,
        Account.roles,
        Account.created_at,
        Account.closed_at,
        select(func.max(Session.seen_at))
        .where(Session.account_id == Account.id)
        .scalar_subquery()
        .label("seen_at"),
    ).order_by(text("closed_at IS NOT NULL"), Account.mail, Account.id)
