"""Sending the links that were asked for, and bringing places up to date with what was said of them.

The link is written here, not when it is asked for: the answer takes as long whether the address is
known or not, and the secret is only ever in the mail.
"""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    delete,
    false,
    func,
    insert,
    select,
    text,
    update,
)

from geoservice import clock
from geoservice.auth import secrets
from geoservice.jobs.job import Job, Surroundings
from geoservice.links import queries
from geoservice.links.edits import COMMUNE, DUPLICATE, PERMANENCES, POINT
from geoservice.links.mails import CampaignMail, LinkMail
from geoservice.links.model import PUBLIC, STRUCTURE, Link, LinkCampaign, LinkDraft, LinkLetter
from geoservice.mail.message import Message, compose
from geoservice.mail.sending import deliver, deliver_once_kept
from geoservice.permanences.actions import announce_by
from geoservice.places.actions import SourceDescription, Statement, look_again, receive, say
from geoservice.settings import Settings

LASTS = timedelta(days=30)
CAMPAIGNS_LAST = timedelta(days=400)
"""A year later, one still sees who answered."""
TOLD_ELSEWHERE = (DUPLICATE, PERMANENCES)
"""Entries that are no statement about the fields of the place."""


def source(settings: Settings) -> SourceDescription:
    """What the places say of themselves."""
    return SourceDescription(
        STRUCTURE,
        "Le lieu lui-même",
        "Licence Ouverte 2.0",
        trust={"": 110},
        holds_days=settings.place_word_days,
    )


ASKED = text(
    """
    SELECT links.mail, places.id, places.name, asked_at < now() - interval '1 hour' AS too_late,
      EXISTS (SELECT FROM unnest(emails) known WHERE lower(known) = links.mail) AS known
    FROM links JOIN places ON places.id = links.place_id
    WHERE links.id = :link FOR UPDATE OF links
    """
)


def send_link(around: Surroundings, link: int) -> None:
    def write(db: Connection) -> Message | None:
        row = db.execute(ASKED, {"link": link}).one_or_none()
        if row is None:
            return None
        if row.too_late or not row.known:
            db.execute(delete(Link).where(Link.id == link))
            return None
        secret = issue(db, link)
        mail = LinkMail(row.name, f"{around.settings.site}/modifier/{secret}", LASTS.days)
        return compose("mail/place_link.txt", row.mail, mail)

    deliver_once_kept(around, write)
    with around.engine.begin() as db:
        replace_older(db, link)


def issue(db: Connection, link: int, lasts: timedelta = LASTS) -> str:
    """The secret of a link, as trusted as those that the same bearer had for the same place."""
    secret = secrets.new()
    older = _older_than(db, link)
    trusted = db.scalar(select(func.bool_or(Link.trusted)).where(older))
    db.execute(
        update(Link)
        .where(Link.id == link)
        .values(
            hash=secrets.digest(secret),
            expires_at=func.now() + lasts,
            trusted=Link.trusted | bool(trusted),
        )
    )
    return secret


def replace_older(db: Connection, link: int) -> None:
    """Those of the same bearer for the same place end, once the mail with the new one has left.

    What was prepared goes on with the new link: the freshest of the older ones.
    """
    older = _older_than(db, link)
    last = select(func.max(LinkDraft.link_id)).where(
        LinkDraft.link_id.in_(select(Link.id).where(older))
    )
    begun = select(LinkDraft.field).where(LinkDraft.link_id == link)
    goes_on = LinkDraft.field.not_in(begun) & (LinkDraft.link_id == last.scalar_subquery())
    db.execute(update(LinkDraft).where(goes_on).values(link_id=link))
    db.execute(
        update(Link).where(older).values(revoked_at=func.coalesce(Link.revoked_at, func.now()))
    )


def _older_than(db: Connection, link: int) -> ColumnElement[bool]:
    """Of the same bearer, for the same place; none for a link that was handed over otherwise."""
    of = db.execute(select(Link.place_id, Link.mail).where(Link.id == link)).one_or_none()
    if of is None or of.mail is None:
        return false()
    same = (Link.place_id == of.place_id) & (Link.mail == of.mail)
    return same & Link.hash.is_not(None) & (Link.id < link)


def send_letter(around: Surroundings, letter: int, again: int) -> None:
    """Ask one place of a campaign; `again` is 1 for the reminder. Run twice, it sends once."""
    with around.engine.connect() as db:
        with db.begin():
            db.execute(queries.ONE_LETTER_AT_A_TIME, {"letter": letter})
            asked = {"letter": letter, "again": bool(again)}
            row = db.execute(queries.LETTER_TO_SEND, asked).one_or_none()
            if row is None:
                return
            link, message = _write_letter(db, around.settings, row)
        refused = deliver(around.settings, message)
        now = func.now()
        told: dict[str, Any] = {"reminded_at" if row.again else "sent_at": now}
        if refused:
            told |= {"bounced_at": now, "bounce": refused}
        with db.begin():
            db.execute(update(LinkLetter).where(LinkLetter.id == letter).values(**told))
            replace_older(db, link)


def _write_letter(db: Connection, settings: Settings, row: Row[Any]) -> tuple[int, Message]:
    """Its link, and the mail, whose two secrets work as soon as this is committed."""
    values = {"place_id": row.place_id, "mail": row.mail, "why": CAMPAIGN}
    made = insert(Link).values(account_id=row.account_id, **values).returning(Link.id)
    link = db.execute(made).scalar_one()
    secret, leave = issue(db, link), secrets.new()
    kept = func.array_append(LinkLetter.leave_hashes, secrets.digest(leave))
    db.execute(update(LinkLetter).where(LinkLetter.id == row.id).values(leave_hashes=kept))
    mail = CampaignMail(
        row.name,
        row.asker,
        row.message,
        f"{settings.site}/modifier/{secret}",
        LASTS.days,
        f"{settings.site}/ne-plus-ecrire/{leave}",
        row.again,
    )
    message = replace(
        compose("mail/campaign.txt", row.mail, mail),
        leave=mail.leave,
        returns_to=return_address(settings, row.return_key),
    )
    return link, message


CAMPAIGN = "campagne de vérification"


def return_address(settings: Settings, key: str) -> str | None:
    """«retours+KEY@exemple.fr»: what comes back says which letter it was."""
    if settings.mail_return is None:
        return None
    box, _, domain = settings.mail_return.partition("@")
    return f"{box}+{key}@{domain}"


def remind(around: Surroundings) -> None:
    with around.engine.begin() as db:
        for letter in db.scalars(queries.TO_REMIND).all():
            db.execute(SEND_LETTER.later(letter=letter, again=1))


def apply(around: Surroundings, place: int) -> None:
    with around.engine.begin() as db:
        rows = db.execute(queries.WORD, {"place": place}).all()
        said: dict[str, Any] = {}
        for row in rows:
            if row.field in (POINT, COMMUNE):  # several columns at once
                said |= row.after or {}
            elif row.field not in TOLD_ELSEWHERE:
                said[row.field] = row.after
        word = Statement(str(place), said, max((row.day for row in rows), default=clock.today()))
        say(db, source(around.settings), place, word)
        announced: list[dict[str, Any]] = []
        for row in rows:
            if row.field == PERMANENCES:
                announced = row.after
        announce_by(db, STRUCTURE, place, announced, clock.today())


def add_place(around: Surroundings, proposal: int) -> None:
    with around.engine.begin() as db:
        row = db.execute(queries.ACCEPTED_PROPOSAL, {"proposal": proposal}).one_or_none()
        if row is not None:
            word = Statement(str(proposal), row.told, clock.day_in_paris(row.made_at))
            receive(db, REPORTED, [word], complete=False)


REPORTED = SourceDescription(PUBLIC, "Signalé par le public, vérifié", "Licence Ouverte 2.0")
"""Who says that a place was missing."""


def look_after(around: Surroundings) -> None:
    """Forget the links that are over, and believe imports again where the word of the place is too old."""
    with around.engine.begin() as db:
        over = func.coalesce(Link.expires_at, Link.asked_at + timedelta(days=1))
        db.execute(delete(Link).where(over < func.now()))
        old = LinkCampaign.started_at < func.now() - CAMPAIGNS_LAST
        db.execute(delete(LinkCampaign).where(old))
        look_again(db, source(around.settings))


SEND_LINK = Job("links:send", send_link, attempts=5)
APPLY = Job("links:apply", apply)
ADD_PLACE = Job("links:add-place", add_place)
SEND_LETTER = Job("links:send-letter", send_letter, attempts=7)
REMIND = Job("links:remind", remind, cron="10 7 * * 1-5")
"""When people are at work."""
LOOK_AFTER = Job("links:look-after", look_after, cron="30 1 * * *")
