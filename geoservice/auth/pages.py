"""What the pages about signing in and accounts show."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Row

from geoservice.auth.current import Identity
from geoservice.auth.model import IN_FRENCH, Role
from geoservice.clock import day_in_paris


@dataclass(frozen=True)
class SignInPage:
    token: str
    next_path: str
    mail: str = ""
    mistake: str | None = None
    """What is wrong with the address that was typed."""
    provider: str | None = None
    """Another way to sign in, by its name."""
    title: str = "Se connecter"


@dataclass(frozen=True)
class NotSignedInPage:
    provider: str
    reason: str
    """`ancienne`, `refus`, `panne` or `inconnu`."""
    title: str = "La connexion n’a pas abouti"


@dataclass(frozen=True)
class SignedOutPage:
    provider: str
    address: str
    """Of the provider, to sign out there too."""
    title: str = "Vous êtes déconnecté"


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
class OwnPage:
    token: str
    name: str
    mail: str
    waiting: str | None
    """The address that was asked for and is not confirmed."""
    new: str = ""
    name_mistake: str | None = None
    mail_mistake: str | None = None
    title: str = "Changer mon nom ou mon adresse"


@dataclass(frozen=True)
class ConfirmPage:
    token: str
    secret: str
    new: str
    is_old: bool
    """Sent to the address that the account has now."""
    title: str = "Changer l’adresse du compte"


@dataclass(frozen=True)
class ConfirmedPage:
    state: str
    """`faite`, `une`, `refusee` or `passee`."""
    title: str = "Changer l’adresse du compte"


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
    looks_after_data: bool
    """May review duplicates and read the reports of imports."""
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
                    day_in_paris(row.created_at),
                    day_in_paris(row.seen_at),
                    row.id == me.session,
                )
                for row in sessions
            ),
            token=me.token,
            looks_after_data=me.may(Role.COORDINATOR, Role.MODERATOR),
        )
