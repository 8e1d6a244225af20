"""Sending the links that were asked for, and forgetting what is over.

The link is written here, not when it is asked for: the answer takes as long whether the account
exists or not, and the secret is only ever in the mail.
"""

from datetime import timedelta
from functools import partial

from sqlalchemy import Connection, delete, func, insert, not_, select, text, update

from geoservice.auth import secrets
from geoservice.auth.mails import ConfirmMail, NewMail, SignInMail, TakenMail
from geoservice.auth.model import Account, MailChange, Session, SignInLink, SignInRequest
from geoservice.auth.queries import LINK_LASTS, in_force, mail_change_waits, open_account
from geoservice.jobs.job import Job, Surroundings
from geoservice.mail.message import Message, compose
from geoservice.mail.sending import deliver_once_kept

COUNTS_LAST = timedelta(hours=1)
LINK_PATH = "/connexion/lien"
MAIL_PATH = "/connexion/adresse"


def send_link(around: Surroundings, link: int) -> None:
    # the account's address, if a mail was written already and did not leave
    mail = func.coalesce(SignInLink.mail, Account.mail)
    asked = (
        select(
            mail.label("mail"), (SignInLink.asked_at < func.now() - LINK_LASTS).label("too_late")
        )
        .outerjoin(Account, Account.id == SignInLink.account_id)
        .where(SignInLink.id == link)
        .with_for_update(of=SignInLink)
    )

    def write(db: Connection) -> Message | None:
        row = db.execute(asked).one_or_none()
        if row is None:
            return None
        account = None if row.too_late else db.execute(open_account(row.mail)).one_or_none()
        if account is None:
            db.execute(delete(SignInLink).where(SignInLink.id == link))
            return None
        secret = secrets.new()
        db.execute(
            update(SignInLink)
            .where(SignInLink.id == link)
            .values(
                account_id=account.id,
                mail=None,
                hash=secrets.digest(secret),
                sent_at=func.now(),
            )
        )
        address = around.settings.site + _link(secret)
        return compose("mail/sign_in.txt", account.mail, SignInMail(account.name, address))

    deliver_once_kept(around, write)


def link_for_any_browser(db: Connection, account_id: int, next_path: str) -> str:
    """The path of a link that signs in once, for the terminal."""
    secret = secrets.new()
    db.execute(
        insert(SignInLink).values(
            account_id=account_id,
            hash=secrets.digest(secret),
            sent_at=func.now(),
            next_path=next_path,
        )
    )
    return _link(secret)


def _link(secret: str) -> str:
    """In the question, not in the path: when a request goes wrong, its path is logged."""
    return f"{LINK_PATH}?cle={secret}"


def ask_address(around: Surroundings, change: int, *, is_old: bool) -> None:
    """Write to one of the two addresses that must agree that one replaces the other."""
    hash_ = MailChange.old_hash if is_old else MailChange.new_hash
    agreed = MailChange.old_confirmed if is_old else MailChange.new_confirmed
    asked = (
        select(MailChange.mail, Account.mail.label("now"), Account.name)
        .join(Account, Account.id == MailChange.account_id)
        .where(MailChange.id == change, agreed.is_(False), mail_change_waits())
        .where(Account.closed_at.is_(None))
        .with_for_update(of=MailChange)
    )

    def write(db: Connection) -> Message | None:
        row = db.execute(asked).one_or_none()
        if row is None:
            return None
        secret = secrets.new()
        link = f"{around.settings.site}{MAIL_PATH}?cle={secret}"
        if is_old:
            mail = compose("mail/change_from.txt", row.now, ConfirmMail(row.name, row.mail, link))
        elif db.execute(open_account(row.mail)).one_or_none() is None:
            mail = compose("mail/change_to.txt", row.mail, NewMail(link))
        else:
            sign_in = around.settings.site + "/connexion"
            mail = compose("mail/change_taken.txt", row.mail, TakenMail(sign_in))
        db.execute(
            update(MailChange)
            .where(MailChange.id == change)
            .values({hash_: secrets.digest(secret)})
        )
        return mail

    deliver_once_kept(around, write)


def forget(around: Surroundings) -> None:
    with around.engine.begin() as db:
        last = func.coalesce(SignInLink.sent_at, SignInLink.asked_at)
        db.execute(delete(SignInLink).where(last < func.now() - LINK_LASTS))
        db.execute(delete(Session).where(not_(in_force())))
        db.execute(delete(SignInRequest).where(SignInRequest.asked_at < func.now() - LINK_LASTS))
        db.execute(delete(MailChange).where(not_(mail_change_waits())))
        db.execute(
            text("DELETE FROM sign_in_counts WHERE hour < now() - :last"), {"last": COUNTS_LAST}
        )


SEND_LINK = Job("auth:send-link", send_link, attempts=5)
ASK_OLD = Job("auth:ask-old-address", partial(ask_address, is_old=True), attempts=5)
ASK_NEW = Job("auth:ask-new-address", partial(ask_address, is_old=False), attempts=5)
FORGET = Job("auth:forget", forget, cron="*/10 * * * *")
