"""From a mail that an action wants sent to the mail server: queued in the action's transaction."""

import logging
import smtplib
import ssl
from collections.abc import Callable
from urllib.parse import unquote, urlsplit

from sqlalchemy import Connection, delete, insert, text
from sqlalchemy.ext.asyncio import AsyncConnection

from geoservice.jobs.job import Job, Surroundings, TryAgain
from geoservice.mail import outbox
from geoservice.mail.message import Message, as_email
from geoservice.mail.model import OutgoingMail
from geoservice.settings import Settings

TIMEOUT_S = 20
DEFAULT_PORTS = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}
KEPT_DAYS = 7

log = logging.getLogger("geoservice.mail")


async def queue(db: AsyncConnection, message: Message) -> None:
    """Sent after the transaction commits, never when it does not.

    The text waits in the database: a secret link is written by a job of its own, which keeps only
    the hash, see `deliver_once_kept`.
    """
    await db.run_sync(put_in_queue, message)


def put_in_queue(db: Connection, message: Message) -> None:
    """The same, for jobs."""
    row = insert(OutgoingMail).values(
        recipient=message.to, subject=message.subject, body=message.text
    )
    id_ = db.execute(row.returning(OutgoingMail.id)).scalar_one()
    db.execute(SEND.later(mail=id_))


def deliver(settings: Settings, message: Message) -> str | None:
    """Hand the mail to the mail server, or keep it in the outbox when there is none.

    Gives the code of a refusal for good («550»), else None. Blocks for up to `TIMEOUT_S` per step: for jobs only. Raises TryAgain when the server is away.
    """
    email = as_email(message, settings.mail_from)
    if settings.smtp_url is None:
        outbox.keep(settings, email)
        return None
    server = urlsplit(settings.smtp_url)
    connect = smtplib.SMTP_SSL if server.scheme == "smtps" else smtplib.SMTP
    port = server.port or DEFAULT_PORTS[server.scheme]
    try:
        with connect(server.hostname or "", port, timeout=TIMEOUT_S) as smtp:
            if server.scheme == "smtp+starttls":
                smtp.starttls(context=ssl.create_default_context())
            if server.username:
                smtp.login(unquote(server.username), unquote(server.password or ""))
            smtp.send_message(email, from_addr=message.returns_to)
    except smtplib.SMTPRecipientsRefused as refusal:
        codes = [code for code, _ in refusal.recipients.values()]
        if min(codes) < 500:  # 4xx: a full mailbox, greylisting
            raise TryAgain(f"the mail server asks to come back later ({codes[0]})") from None
        log.warning("A mail was refused for good (%s)", codes[0])
        return str(codes[0])
    except (smtplib.SMTPException, OSError) as error:
        # `from None`: the server's own words may repeat the address
        raise TryAgain(f"the mail server did not take the mail ({type(error).__name__})") from None
    return None


def deliver_once_kept(around: Surroundings, write: Callable[[Connection], Message | None]) -> None:
    """Deliver the mail that `write` makes, once the hash of its secret is committed: its link opens
    something from the first instant.

    When the mail does not leave, the job calls again: `write` makes another secret, which takes the
    place of the one that nobody received.
    """
    with around.engine.begin() as db:
        message = write(db)
    if message is not None:
        deliver(around.settings, message)


def send(around: Surroundings, mail: int) -> None:
    """The row comes back if the mail does not leave: both are one transaction."""
    taken = delete(OutgoingMail).where(OutgoingMail.id == mail)
    with around.engine.begin() as db:
        row = db.execute(
            taken.returning(OutgoingMail.recipient, OutgoingMail.subject, OutgoingMail.body)
        ).one_or_none()
        if row is not None:
            deliver(around.settings, Message(*row))


def forget(around: Surroundings) -> None:
    """Mails that could not be sent in a week are of no use any more."""
    with around.engine.begin() as db:
        limit = text(f"now() - interval '{KEPT_DAYS} days'")
        db.execute(delete(OutgoingMail).where(OutgoingMail.created_at < limit))


SEND = Job("mail:send", send, attempts=7)
FORGET = Job("mail:forget", forget, cron="40 2 * * *")
