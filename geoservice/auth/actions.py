"""What changes accounts, links and sessions."""

from dataclasses import dataclass

from sqlalchemy import delete, exists, func, insert, update
from sqlalchemy.ext.asyncio import AsyncConnection

from geoservice.auth import secrets
from geoservice.auth.jobs import SEND_LINK
from geoservice.auth.model import Account, Session, SignInLink
from geoservice.auth.queries import SESSIONS_MAX, opens_in, sessions_of, usable_link


@dataclass(frozen=True)
class Opened:
    """A session that has just begun."""

    secret: str
    next_path: str


async def ask_for_link(db: AsyncConnection, mail: str, browser: str, next_path: str) -> None:
    """Does the same thing whether or not the account exists: the job will know."""
    asked = insert(SignInLink).values(
        mail=mail, browser=secrets.digest(browser), next_path=next_path
    )
    id_ = (await db.execute(asked.returning(SignInLink.id))).scalar_one()
    await db.execute(SEND_LINK.later(link=id_))


async def use_link(
    db: AsyncConnection, secret: str, browser: str, device: str, before: str | None
) -> Opened | None:
    """Begin a session; None when the link was used, is too old, or belongs to another browser.

    `before` is the session that the browser had: a new sign-in always has a new secret.
    """
    open_account = exists().where(Account.id == SignInLink.account_id, Account.closed_at.is_(None))
    used = await db.execute(
        delete(SignInLink)
        .where(usable_link(secrets.digest(secret)), opens_in(secrets.digest(browser)), open_account)
        .returning(SignInLink.account_id, SignInLink.next_path)
    )
    link = used.one_or_none()
    if link is None:
        return None
    await db.execute(delete(SignInLink).where(SignInLink.account_id == link.account_id))
    if before:
        await db.execute(delete(Session).where(Session.hash == secrets.digest(before)))
    session = secrets.new()
    await db.execute(
        insert(Session).values(
            account_id=link.account_id, hash=secrets.digest(session), device=device
        )
    )
    kept = sessions_of(link.account_id).with_only_columns(Session.id).limit(SESSIONS_MAX)
    await db.execute(
        delete(Session).where(Session.account_id == link.account_id, Session.id.not_in(kept))
    )
    return Opened(session, link.next_path)


async def note_seen(db: AsyncConnection, session: int) -> None:
    await db.execute(update(Session).where(Session.id == session).values(seen_at=func.now()))


async def close_session(db: AsyncConnection, account_id: int, session: int) -> bool:
    """Whether this account had that session."""
    mine = (Session.id == session) & (Session.account_id == account_id)
    return (await db.execute(delete(Session).where(mine))).rowcount == 1


async def close_other_sessions(db: AsyncConnection, account_id: int, session: int) -> None:
    await db.execute(delete(Session).where(Session.account_id == account_id, Session.id != session))


def close_account(account_id: int):
    """The statements that close it: its sessions and links are gone at once."""
    return (
        update(Account).where(Account.id == account_id).values(closed_at=func.now()),
        delete(Session).where(Session.account_id == account_id),
        delete(SignInLink).where(SignInLink.account_id == account_id),
    )
