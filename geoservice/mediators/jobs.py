"""What is done later about people: asking an address whether it may be shown; forgetting in time.

The periods are those that /confidentialite tells.
"""

from datetime import timedelta

from sqlalchemy import ColumnElement, Connection, delete, func, select, text, update

from geoservice import clock
from geoservice.auth import secrets
from geoservice.jobs.job import Job, Surroundings
from geoservice.mail.message import Message, compose
from geoservice.mail.sending import deliver_once_kept
from geoservice.mediators.mails import ContactMail
from geoservice.mediators.model import FormerMediator, MailConfirmation, Mediator

CONTACT_PATH = "/moi/fiche/adresse"
CONTACT_LASTS = timedelta(days=7)


def contact_waits() -> ColumnElement[bool]:
    return MailConfirmation.asked_at > func.now() - CONTACT_LASTS


def ask_contact(around: Surroundings, mediator: int) -> None:
    """Write to the address, which may be mistyped, or somebody else's."""
    asked = (
        select(MailConfirmation.mail)
        .where(MailConfirmation.mediator_id == mediator)
        .where(contact_waits())
        .with_for_update()
    )

    def write(db: Connection) -> Message | None:
        mail = db.scalar(asked)
        if mail is None:
            return None
        secret = secrets.new()
        db.execute(
            update(MailConfirmation)
            .where(MailConfirmation.mediator_id == mediator)
            .values(hash=secrets.digest(secret))
        )
        link = f"{around.settings.site}{CONTACT_PATH}?cle={secret}"
        days = CONTACT_LASTS.days
        return compose("mail/contact.txt", mail, ContactMail(link, days))

    deliver_once_kept(around, write)


FORGET_CONSENTS = text("SELECT forget_old_consents(:years)")
FORGET_ABSENCES = text(
    "DELETE FROM absences WHERE last_day < CAST(:today AS date) - interval '3 months'"
)
FORGET_PERMANENCES = text(
    "DELETE FROM permanences WHERE valid_until < CAST(:today AS date) - interval '1 year'"
)


def forget(around: Surroundings) -> None:
    years = around.settings.consent_journal_years
    long_ago = func.now() - func.make_interval(years)
    unheard_of = FormerMediator.told_at < func.now() - func.make_interval(
        around.settings.fingerprint_years
    )
    with around.engine.begin() as db:
        db.execute(delete(MailConfirmation).where(~contact_waits()))
        db.execute(FORGET_ABSENCES, {"today": clock.today()})
        db.execute(FORGET_PERMANENCES, {"today": clock.today()})
        db.execute(FORGET_CONSENTS, {"years": years})
        db.execute(
            update(FormerMediator)
            .where(unheard_of, func.cardinality(FormerMediator.digests) > 0)
            .values(digests=[])
        )
        db.execute(
            delete(FormerMediator).where(
                FormerMediator.left_at < long_ago, func.cardinality(FormerMediator.digests) == 0
            )
        )


def confirmation_of(mediator: int):
    """The address that waits for its answer."""
    return select(MailConfirmation.mail).where(
        MailConfirmation.mediator_id == mediator, contact_waits()
    )


def confirmation_shown(hash_: bytes):
    """What a link confirms: the address, and whose profile it would be on."""
    return (
        select(MailConfirmation.mail, Mediator.given_name, Mediator.family_name)
        .join(Mediator, Mediator.id == MailConfirmation.mediator_id)
        .where(MailConfirmation.hash == hash_, contact_waits())
    )


ASK_CONTACT = Job("mediators:ask-contact", ask_contact, attempts=5)
FORGET = Job("mediators:forget", forget, cron="40 3 * * *")
