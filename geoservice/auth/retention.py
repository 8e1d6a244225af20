"""Accounts that nobody uses: their owner is warned by mail, then they are erased."""

from collections.abc import Callable

from sqlalchemy import Connection, func, update

from geoservice.auth import queries
from geoservice.auth.mails import UnusedAccountMail
from geoservice.auth.model import Account
from geoservice.jobs.job import Surroundings
from geoservice.mail.message import compose
from geoservice.mail.sending import put_in_queue

PER_NIGHT = 500
"""So that a service that was stopped for a year does not write to everybody at once."""
NOTICE_DAYS = 30


def forget_unused(around: Surroundings, erase: Callable[[Connection, int], None]) -> None:
    """`erase` erases all that the service knows of an account's owner."""
    months = around.settings.unused_account_months
    with around.engine.begin() as db:
        for id_ in db.scalars(queries.to_erase(months, NOTICE_DAYS).limit(PER_NIGHT)).all():
            erase(db, id_)
    with around.engine.begin() as db:
        for account in db.execute(queries.to_warn(months, NOTICE_DAYS).limit(PER_NIGHT)).all():
            mail = UnusedAccountMail(
                account.name, account.mail, months, NOTICE_DAYS, around.settings.site + "/connexion"
            )
            put_in_queue(db, compose("mail/unused_account.txt", account.mail, mail))
            db.execute(update(Account).where(Account.id == account.id).values(warned_at=func.now()))
