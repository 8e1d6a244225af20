"""Sending the links to saved embeds, and forgetting what is over.

The link is written here, not when it is asked for: the answer takes as long whether the address is
known or not, and the secret is only ever in the mail.
"""

from datetime import timedelta

from sqlalchemy import Connection, Date, cast, delete, func, select, text, update

from geoservice import clock
from geoservice.auth import secrets
from geoservice.embed.mails import EmbedsMail
from geoservice.embed.model import Embed, EmbedDay, EmbedLink
from geoservice.jobs.job import Job, Surroundings
from geoservice.mail.message import Message, compose
from geoservice.mail.sending import deliver_once_kept

LASTS = timedelta(days=30)
UNCONFIRMED_LASTS = timedelta(days=7)
COUNTS_LAST_MONTHS = 25
"""Two years can be compared, as the CNIL accepts for audience figures."""
OWN_PATH = "/integrer/cartes"

ASKED = text(
    "SELECT mail, asked_at < now() - interval '1 hour' AS too_late,"
    " EXISTS (SELECT FROM embed_links newer WHERE newer.mail = asked.mail AND newer.id > asked.id)"
    " AS asked_again FROM embed_links asked WHERE id = :link FOR UPDATE"
)


def send_link(around: Surroundings, link: int) -> None:
    def write(db: Connection) -> Message | None:
        row = db.execute(ASKED, {"link": link}).one_or_none()
        if row is None:
            return None
        waits = Embed.confirmed_at.is_(None)
        # their names are not in the mail: anybody could write a sentence there, to anybody
        held = select(func.count(), func.count().filter(waits)).where(Embed.mail == row.mail)
        embeds, waiting = db.execute(held).one()
        # two mails at once might arrive in the other order, the last one with a link that is over
        if row.too_late or row.asked_again or not embeds:
            db.execute(delete(EmbedLink).where(EmbedLink.id == link))
            return None
        secret = secrets.new()
        db.execute(
            update(EmbedLink)
            .where(EmbedLink.id == link)
            .values(hash=secrets.digest(secret), expires_at=func.now() + LASTS)
        )
        mail = EmbedsMail(
            waiting > 0,
            f"{around.settings.site}{OWN_PATH}/{secret}",
            LASTS.days,
        )
        return compose("mail/embeds.txt", row.mail, mail)

    deliver_once_kept(around, write)
    with around.engine.begin() as db:  # the links before it
        mine = select(EmbedLink.mail).where(EmbedLink.id == link).scalar_subquery()
        older = (EmbedLink.mail == mine) & EmbedLink.hash.is_not(None) & (EmbedLink.id < link)
        db.execute(delete(EmbedLink).where(older))


def forget(around: Surroundings) -> None:
    with around.engine.begin() as db:
        over = func.coalesce(EmbedLink.expires_at, EmbedLink.asked_at + timedelta(days=1))
        db.execute(delete(EmbedLink).where(over < func.now()))
        too_old = Embed.made_at < func.now() - UNCONFIRMED_LASTS
        db.execute(delete(Embed).where(Embed.confirmed_at.is_(None), too_old))
        old_day = cast(clock.today(), Date) - func.make_interval(0, COUNTS_LAST_MONTHS)
        db.execute(delete(EmbedDay).where(EmbedDay.day < old_day))


SEND_LINK = Job("embed:send-link", send_link, attempts=5)
FORGET = Job("embed:forget", forget, cron="40 1 * * *")
