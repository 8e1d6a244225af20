"""What the mails about accounts say."""

from dataclasses import dataclass


@dataclass(frozen=True)
class SignInMail:
    name: str
    link: str


@dataclass(frozen=True)
class UnusedAccountMail:
    name: str
    mail: str
    months: int
    notice_days: int
    link: str


@dataclass(frozen=True)
class ConfirmMail:
    """To the address that an account has: somebody wants to replace it by `new`."""

    name: str
    new: str
    link: str


@dataclass(frozen=True)
class NewMail:
    """To the new address, which may be mistyped: names nobody."""

    link: str


@dataclass(frozen=True)
class TakenMail:
    link: str
