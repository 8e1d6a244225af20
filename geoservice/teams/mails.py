"""What the mails about teams say."""

from dataclasses import dataclass


@dataclass(frozen=True)
class InvitationMail:
    team: str
    host: str
    """Who invites."""
    role: str
    predecessor: str | None
    """Who passes it on; None for one more person."""
    link: str
    days: int
