"""What the pages about signing in and accounts show."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Row

from geoservice.auth.current import Identity
from geoservice.auth.model import IN_FRENCH, Role

PARIS = ZoneInfo("Europe/Paris")


@dataclass(frozen=True)
class SignInPage:
    token: str
    next_path: str
    mail: str = ""
    mistake: str | None = None
    """What is wrong with the address that was typed."""
    title: str = "Se connecter"


@dataclass(frozen=True)
class SentPage:
    title: str = "Regardez vos messages"


@dataclass(frozen=True)
class LinkPage:
    token: str
    secret: str
    mail: str
    title: str = "Terminer la connexion"


@dataclass(frozen=True)
class DeadLinkPage:
    elsewhere: bool
    """The link is good, in the browser that asked for it."""
    title: str = "Ce lien ne permet pas de se connecter"


@dataclass(frozen=True)
class OneSession:
    id: int
    device: str
    since: date
    seen: date
    is_this_one: bool


@dataclass(frozen=True)
class AccountPage:
    name: str
    mail: str
    roles: tuple[str, ...]
    sessions: tuple[OneSession, ...]
    token: str
    title: str = "Mon compte"

    @classmethod
    def of(
        cls, me: Identity, sessions: Sequence[Row[int, str, datetime, datetime]]
    ) -> "AccountPage":
        return cls(
            name=me.name,
            mail=me.mail,
            roles=tuple(IN_FRENCH[role] for role in Role if role in me.roles),
            sessions=tuple(
                OneSession(
                    row.id,
                    row.device,
                    _day(row.created_at),
                    _day(row.seen_at),
                    row.id == me.session,
                )
                for row in sessions
            ),
            token=me.token,
        )


def _day(moment: datetime) -> date:
    return moment.astimezone(PARIS).date()
