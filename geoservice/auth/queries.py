"""Looking up accounts, links and sessions. Times are compared by the database's clock."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, func, or_, select, text

from geoservice.auth.model import Account, KnownIdentity, MailChange, Session, SignInLink

LINK_LASTS = timedelta(minutes=15)
MAIL_CHANGE_LASTS = timedelta(days=1)
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


def known_as(issuer: str, subject: str):
    """The account that a provider's name belongs to, whether it is open or not."""
    return (
        select(Account.id, Account.closed_at)
        .join(KnownIdentity, KnownIdentity.account_id == Account.id)
        .where(KnownIdentity.issuer == issuer, KnownIdentity.subject == subject)
    )


def mail_change_waits() -> ColumnElement[bool]:
    return MailChange.asked_at > func.now() - MAIL_CHANGE_LASTS


def mail_change_of(account_id: int):
    """What an account asked and did not confirm from both addresses yet."""
    return select(MailChange.mail, MailChange.old_confirmed, MailChange.new_confirmed).where(
        MailChange.account_id == account_id, mail_change_waits()
    )


def mail_change_shown(hash_: bytes):
    """What a link confirms; `is_old`, when it was sent to the address that the account has now."""
    return select(MailChange.mail, (MailChange.old_hash == hash_).label("is_old")).where(
        or_(MailChange.old_hash == hash_, MailChange.new_hash == hash_), mail_change_waits()
    )


def to_warn(months: int, notice_days: int):
    """Open accounts that will have been unused for `months` when the notice ends, oldest first."""
    silent = Account.used_at < _months_ago(months) + timedelta(days=notice_days)
    return (
        select(Account.id, Account.mail, Account.name)
        .where(Account.closed_at.is_(None), Account.warned_at.is_(None), silent)
        .order_by(Account.used_at, Account.id)
        .with_for_update(skip_locked=True)
    )


def to_erase(months: int, notice_days: int) -> Select[int]:
    """Those whose notice is over, and those that were closed `months` ago."""
    long_ago = _months_ago(months)
    unused = (
        Account.closed_at.is_(None)
        & (Account.used_at < long_ago)
        & (Account.warned_at < func.now() - timedelta(days=notice_days))
    )
    return (
        select(Account.id)
        .where(or_(unused, Account.closed_at < long_ago), Account.mail != "")
        .order_by(Account.used_at, Account.id)
    )


def _months_ago(months: int) -> ColumnElement[datetime]:
    return func.now() - func.make_interval(0, months)


def every_account():
    """But for those that were erased."""
    everyone = select(
        Account.id,
        Account.mail,
        Account.name,
        Account.roles,
        Account.created_at,
        Account.closed_at,
        Account.used_at,
    )
    return everyone.where(Account.mail != "").order_by(
        text("closed_at IS NOT NULL"), Account.mail, Account.id
    )
