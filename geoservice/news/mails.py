"""What the mails about news say."""

from dataclasses import dataclass


@dataclass(frozen=True)
class NewsDecisionMail:
    """Somebody who looks after the territory decided, for its author."""

    title: str
    page: str
    """Where it is shown, or may be changed."""
    accepted: bool
    reason: str
