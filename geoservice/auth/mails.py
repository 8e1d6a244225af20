"""What the mails about accounts say."""

from dataclasses import dataclass


@dataclass(frozen=True)
class SignInMail:
    name: str
    link: str
