"""What changes accounts, links and sessions."""

from dataclasses import dataclass

from sqlalchemy import Connection, case, delete, exists, func, insert, or_, select, update
from sqlalchemy.dialects.postgresql import insert as insert_or_update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from geoservice.auth import secrets
from geoservice.auth.jobs import ASK_NEW, ASK_OLD, SEND_LINK
from geoservice.auth.model import (
    ERASED_NAME,
    OPEN,
    Account,
    KnownIdentity,
    MailChange,
    Role,
    Session,
    SignInLink,
    SignInRequest,
)
from geoservice.auth.provider import Person
from geoservice.auth.queries import (
    LINK_LASTS,
    SESSIONS_MAX,
    known_as,
    mail_change_waits,
    open_account,
    opens_in,
    sessions_of,
    usable_link,
)
from geoservice.mail.message import WrongAddress, read_address
from geoservice.mail.model import OutgoingMail
from geoservice.web.problems import Problem


class AddressTaken(Problem):
    status = 409
    title = "Cette adresse a déjà un compte. Demandez à la personne qui administre le service."


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
    return Opened(await _begin(db, link.account_id, device, before), link.next_path)


async def _begin(
    db: AsyncConnection,
    account_id: int,
    device: str,
    before: str | None,
    id_token: str | None = None,
) -> str:
    """The secret of a new session."""
    await db.execute(_used(account_id))
    if before:
        await db.execute(delete(Session).where(Session.hash == secrets.digest(before)))
    session = secrets.new()
    await db.execute(
        insert(Session).values(
            account_id=account_id,
            hash=secrets.digest(session),
            device=device,
            id_token=id_token,
        )
    )
    kept = sessions_of(account_id).with_only_columns(Session.id).limit(SESSIONS_MAX)
    await db.execute(
        delete(Session).where(Session.account_id == account_id, Session.id.not_in(kept))
    )
    return session


async def go_to_provider(db: AsyncConnection, browser: str, next_path: str) -> str:
    """The state that the provider will repeat."""
    state = secrets.new()
    await db.execute(
        insert(SignInRequest).values(
            state=secrets.digest(state), browser=secrets.digest(browser), next_path=next_path
        )
    )
    return state


async def come_back(db: AsyncConnection, state: str, browser: str) -> str | None:
    """Where that browser was going; None when it did not ask, or did long ago, or is back already."""
    asked = delete(SignInRequest).where(
        SignInRequest.state == secrets.digest(state),
        SignInRequest.browser == secrets.digest(browser),
        SignInRequest.asked_at > func.now() - LINK_LASTS,
    )
    return (await db.execute(asked.returning(SignInRequest.next_path))).scalar_one_or_none()


async def sign_in_as(
    db: AsyncConnection, person: Person, device: str, before: str | None
) -> str | None:
    """Begin a session; None when no account is theirs.

    The provider's name for them decides. Their mail does only the first time: an address that is
    given to somebody else later does not give them the account.
    """
    known = (
        await db.execute(known_as(person.issuer, person.subject).with_for_update(of=Account))
    ).one_or_none()
    if known is not None:
        if known.closed_at is not None:
            return None
        return await _begin(db, known.id, device, before, person.id_token)
    try:
        mail = read_address(person.mail or "")
    except WrongAddress:
        return None
    account = (await db.execute(open_account(mail).with_for_update())).one_or_none()
    if account is None:
        return None
    tied = insert_or_update(KnownIdentity).values(
        issuer=person.issuer, subject=person.subject, account_id=account.id
    )
    made = await db.execute(tied.on_conflict_do_nothing().returning(KnownIdentity.account_id))
    if made.one_or_none() is None:  # the account has another name there
        return None
    return await _begin(db, account.id, device, before, person.id_token)


def _used(account_id: int):
    """Kept for as long again."""
    return (
        update(Account).where(Account.id == account_id).values(used_at=func.now(), warned_at=None)
    )


async def note_seen(db: AsyncConnection, account_id: int, session: int) -> None:
    await db.execute(update(Session).where(Session.id == session).values(seen_at=func.now()))
    await db.execute(_used(account_id))


async def sign_out(db: AsyncConnection, session: int) -> str | None:
    """What the provider must be told, when the session began there."""
    gone = delete(Session).where(Session.id == session).returning(Session.id_token)
    return (await db.execute(gone)).scalar_one_or_none()


async def close_session(db: AsyncConnection, account_id: int, session: int) -> bool:
    """Whether this account had that session."""
    mine = (Session.id == session) & (Session.account_id == account_id)
    return (await db.execute(delete(Session).where(mine))).rowcount == 1


async def close_other_sessions(db: AsyncConnection, account_id: int, session: int) -> None:
    await db.execute(delete(Session).where(Session.account_id == account_id, Session.id != session))


async def rename(db: AsyncConnection, account_id: int, name: str) -> None:
    await db.execute(update(Account).where(Account.id == account_id).values(name=name))


async def ask_for_mail(db: AsyncConnection, account_id: int, mail: str) -> None:
    """Asking again forgets what was asked before."""
    await db.execute(delete(MailChange).where(MailChange.account_id == account_id))
    asked = insert(MailChange).values(account_id=account_id, mail=mail)
    id_ = (await db.execute(asked.returning(MailChange.id))).scalar_one()
    await db.execute(ASK_OLD.later(change=id_))
    await db.execute(ASK_NEW.later(change=id_))


async def confirm_mail(db: AsyncConnection, secret: str) -> bool | None:
    """Whether both addresses agreed and the account has the new one; None for a dead link.

    Raises AddressTaken when another account took it meanwhile.
    """
    hash_ = secrets.digest(secret)
    # one by one: of two answers at once, the second sees the first
    row = (
        await db.execute(
            select(MailChange)
            .where(or_(MailChange.old_hash == hash_, MailChange.new_hash == hash_))
            .where(mail_change_waits())
            .with_for_update()
        )
    ).one_or_none()
    if row is None:
        return None
    old = row.old_confirmed or row.old_hash == hash_
    new = row.new_confirmed or row.new_hash == hash_
    if not (old and new):
        await db.execute(
            update(MailChange)
            .where(MailChange.id == row.id)
            .values(old_confirmed=old, new_confirmed=new)
        )
        return False
    try:
        async with db.begin_nested():
            await db.execute(
                update(Account).where(Account.id == row.account_id).values(mail=row.mail)
            )
    except IntegrityError:
        raise AddressTaken from None
    await db.execute(delete(MailChange).where(MailChange.id == row.id))
    await db.execute(delete(SignInLink).where(SignInLink.account_id == row.account_id))
    return True


async def refuse_mail(db: AsyncConnection, secret: str) -> bool:
    """The owner asked for nothing: whoever did is signed out. Whether the link was good."""
    hash_ = secrets.digest(secret)
    refused = delete(MailChange).where(MailChange.old_hash == hash_, mail_change_waits())
    account = (await db.execute(refused.returning(MailChange.account_id))).scalar_one_or_none()
    if account is not None:
        await db.execute(delete(Session).where(Session.account_id == account))
    return account is not None


def close_account(account_id: int):
    """The statements that close it: its sessions and links are gone at once."""
    return (
        update(Account)
        .where(Account.id == account_id, Account.closed_at.is_(None))
        .values(closed_at=func.now()),
        delete(Session).where(Session.account_id == account_id),
        delete(SignInLink).where(SignInLink.account_id == account_id),
        delete(MailChange).where(MailChange.account_id == account_id),
        delete(KnownIdentity).where(KnownIdentity.account_id == account_id),
    )


def account_for(db: Connection, mail: str, name: str) -> int:
    """The open account of this address, made as a member if there is none: it may ask for a link.

    An account that exists keeps its name and its roles. For an import: call it for people who have
    no account yet, since somebody may have changed their mail here. An asynchronous caller writes
    `await db.run_sync(account_for, mail, name)`. Raises WrongAddress.
    """
    address = read_address(mail)
    there = (Account.mail == address) & Account.closed_at.is_(None)
    # asked before it is made: an insertion draws a number even when it finds the address taken
    known = db.scalar(select(Account.id).where(there))
    if known is None:
        made = insert_or_update(Account).values(
            mail=address, name=" ".join(name.split()) or address, roles=[Role.MEMBER.value]
        )
        known = db.scalar(
            made.on_conflict_do_update(
                index_elements=[Account.mail], index_where=OPEN, set_={"mail": made.excluded.mail}
            ).returning(Account.id)
        )
        assert known is not None  # noqa: S101 - one row is made, or found
    db.execute(_used(known))
    return known


def erase_account(db: Connection, account_id: int) -> None:
    """Nothing tells any more whose account it was; its row stays, closed, for those that name it.

    A mail that waited for this address does not leave, nor does any link. An asynchronous caller
    writes `await db.run_sync(erase_account, account_id)`.
    """
    # the row first: whoever is signing in waits, then finds it closed
    row = select(Account.mail).where(Account.id == account_id).with_for_update()
    mail = db.scalar(row)
    for statement in close_account(account_id):
        db.execute(statement)
    if mail:
        db.execute(delete(SignInLink).where(SignInLink.mail == mail))
        db.execute(delete(OutgoingMail).where(OutgoingMail.recipient == mail))
    db.execute(
        update(Account)
        .where(Account.id == account_id)
        .values(mail="", name=ERASED_NAME, roles=[Role.MEMBER.value], warned_at=None)
    )


async def allow(db: AsyncConnection, account_id: int, role: Role) -> None:
    """Add one role to those of the account."""
    missing = Account.roles.contains([role.value]).is_(False)
    await db.execute(
        update(Account)
        .where(Account.id == account_id, missing)
        .values(roles=func.array_append(Account.roles, role.value))
    )


async def disallow(db: AsyncConnection, account_id: int, role: Role) -> None:
    """Take one role away; the account stays, as a member."""
    left = func.array_remove(Account.roles, role.value)
    member = case((left == [], [Role.MEMBER.value]), else_=left)
    await db.execute(update(Account).where(Account.id == account_id).values(roles=member))
