"""Sending the links that were asked for, and forgetting what is over.

The link is written here, not when it is asked for: the answer takes as long whether the account
exists or not, and the secret is only ever in the mail.
"""

from datetime import timedelta

from sqlalchemy import Connection, delete, func, insert, not_, select, text, update

from geoservice.auth import secrets
from geoservice.auth.mails import SignInMail
from geoservice.auth.model import Session, SignInLink
from geoservice.auth.queries import LINK_LASTS, in_force, open_account
from geoservice.jobs.job import Job, Surroundings
from geoservice.mail.message import compose
from geoservice.mail.sending import deliver

COUNTS_LAST = timedelta(hours=1)
LINK_PATH = "/connexion/lien"


def send_link(around: Surroundings, link: int) -> None:
    asked = (
        select(SignInLink.mail, (SignInLink.asked_at < func.now() - LINK_LASTS).label("too_late"))
        .where(SignInLink.id == link, SignInLink.hash.is_(None))
        .with_for_update()
    )
    with around.engine.begin() as db:
        row = db.execute(asked).one_or_none()
        if row is None:
            return
        account = None if row.too_late else db.execute(open_account(row.mail)).one_or_none()
        if account is None:
            db.execute(delete(SignInLink).where(SignInLink.id == link))
            return
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
        deliver(
            around.settings,
            compose("mail/sign_in.txt", account.mail, SignInMail(account.name, address)),
        )


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


def forget(around: Surroundings) -> None:
    with around.engine.begin() as db:
        last = func.coalesce(SignInLink.sent_at, SignInLink.asked_at)
        db.execute(delete(SignInLink).where(last < func.now() - LINK_LASTS))
        db.execute(delete(Session).where(not_(in_force())))
        db.execute(
            text("DELETE FROM sign_in_counts WHERE hour < now() - :last"), {"last": COUNTS_LAST}
        )


SEND_LINK = Job("auth:send-link", send_link, attempts=5)
FORGET = Job("auth:forget", forget, cron="*/10 * * * *")
