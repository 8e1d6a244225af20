"""Sending invitations, and forgetting those that nobody answered.

The link is written here: its secret is only ever in the mail.
"""

from datetime import timedelta

from sqlalchemy import Connection, delete, func, text, update

from geoservice.auth import secrets
from geoservice.jobs.job import Job, Surroundings
from geoservice.mail.message import Message, compose
from geoservice.mail.sending import deliver_once_kept
from geoservice.teams.history import ADMINISTRATOR
from geoservice.teams.mails import InvitationMail
from geoservice.teams.model import TeamInvitation
from geoservice.teams.roles import spoken

LASTS = timedelta(days=14)
PATH = "/equipes/invitation"

ASKED = text(
    """
    SELECT invitation.mail, invitation.role, invitation.is_owner, invitation.in_programme,
      team.name, host.name AS host, before.name AS predecessor
    FROM team_invitations invitation JOIN teams team ON team.id = invitation.team_id
    LEFT JOIN accounts host ON host.id = invitation.invited_by
    LEFT JOIN accounts before ON before.id = invitation.succeeds
    WHERE invitation.id = :invitation FOR UPDATE OF invitation
    """
)


def send_invitation(around: Surroundings, invitation: int) -> None:
    def write(db: Connection) -> Message | None:
        row = db.execute(ASKED, {"invitation": invitation}).one_or_none()
        if row is None:
            return None
        secret = secrets.new()
        db.execute(
            update(TeamInvitation)
            .where(TeamInvitation.id == invitation)
            .values(hash=secrets.digest(secret), expires_at=func.now() + LASTS)
        )
        mail = InvitationMail(
            row.name,
            row.host or ADMINISTRATOR.capitalize(),
            spoken(row.role, is_owner=row.is_owner, in_programme=row.in_programme),
            row.predecessor,
            # in the question, not in the path: when a request goes wrong, its path is logged
            f"{around.settings.site}{PATH}?cle={secret}",
            LASTS.days,
        )
        return compose("mail/team_invitation.txt", row.mail, mail)

    deliver_once_kept(around, write)


def forget(around: Surroundings) -> None:
    with around.engine.begin() as db:
        over = func.coalesce(TeamInvitation.expires_at, TeamInvitation.asked_at + LASTS)
        db.execute(delete(TeamInvitation).where(over < func.now()))


SEND_INVITATION = Job("teams:send-invitation", send_invitation, attempts=5)
FORGET = Job("teams:forget-invitations", forget, cron="50 2 * * *")
