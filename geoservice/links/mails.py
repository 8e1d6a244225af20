"""What the mails about links say."""

from dataclasses import dataclass


@dataclass(frozen=True)
class LinkMail:
    place: str
    link: str
    days: int


@dataclass(frozen=True)
class ChangesMail:
    place: str
    page: str
    in_force: tuple[str, ...]
    """Names of fields."""
    waiting: tuple[str, ...]


@dataclass(frozen=True)
class DecisionMail:
    place: str
    page: str
    field: str
    accepted: bool
    reason: str


@dataclass(frozen=True)
class UndoneMail:
    """A moderator took back what was published, or publishes after all what was not."""

    place: str
    page: str
    field: str
    published: bool
    reason: str


@dataclass(frozen=True)
class ClosedMail:
    """A moderator closed a link."""

    place: str
    page: str


@dataclass(frozen=True)
class CampaignMail:
    """Somebody of the territory asks whether what is told of a place is still right."""

    place: str
    asker: str
    message: str | None
    link: str
    days: int
    leave: str
    again: bool
    """Whether it is the reminder."""
