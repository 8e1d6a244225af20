"""What the mails about profiles say."""

from dataclasses import dataclass


@dataclass(frozen=True)
class ContactMail:
    """To an address that may be mistyped: names nobody."""

    link: str
    days: int
