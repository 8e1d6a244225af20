"""What a mediator sees of themselves."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import Row

from geoservice.clock import day_in_paris
from geoservice.consent import wordings
from geoservice.consent.model import Audience, Contact
from geoservice.mediators.names import full_name
from geoservice.mediators.profile import Corrections, Typed, said_phone
from geoservice.mediators.vocabulary import Role, Skill, role_told
from geoservice.places.vocabulary import Public
from geoservice.places.vocabulary_extension import Langue
from geoservice.web.boxes import Box, boxes

AUDIENCES = {
    Audience.PUBLIC: (
        "Tout le monde",
        "Sur les pages de ce site, et sur les sites où la carte est affichée.",
    ),
    Audience.PROFESSIONALS: (
        "Les coordinateurs et collègues",
        "Connectés, sur les territoires où vous travaillez.",
    ),
    Audience.REUSERS: (
        "Les autres services",
        "Les données ouvertes, que d’autres peuvent copier.",
    ),
}
CONTACTS = {
    Contact.NAME: "Prénom et nom",
    Contact.MAIL: "Mail",
    Contact.PHONE: "Téléphone",
    Contact.BOOKING_URL: "Lien de rendez-vous",
}


@dataclass(frozen=True)
class Fact:
    label: str
    value: str | None
    """None: this audience does not see it."""


@dataclass(frozen=True)
class Agreement:
    name: str
    """Of the box: `name-public`."""
    label: str
    sentence: str
    granted: bool
    since: date | None
    by_source: bool
    """A source told us; nobody was asked here."""


@dataclass(frozen=True)
class Seen:
    """What one audience sees, and what was agreed for it."""

    audience: str
    title: str
    hint: str
    facts: tuple[Fact, ...]
    """Empty: they see nothing at all."""
    agreements: tuple[Agreement, ...]


@dataclass(frozen=True)
class Place:
    id: str
    name: str
    where: str
    is_confirmed: bool = False
    """Whether a source says too that they work there."""


@dataclass(frozen=True)
class OwnPage:
    name: str
    role: str
    public_address: str | None
    """Of the page that anyone may open, if there is one."""
    seen: tuple[Seen, ...]
    places: tuple[Place, ...]
    words: str
    found: tuple[Place, ...] | None
    """Places that answer `words`; None when nothing was searched for."""
    mistake: str | None
    token: str
    unconfirmed: str | None = None
    """An address that waits for its answer, and that nobody sees."""
    title: str = "Ma fiche"

    @classmethod
    def of(
        cls,
        row: Row[Any],
        views: Mapping[Audience, Row[Any] | None],
        agreed: Sequence[Row[*tuple[Any, ...]]],
        places: Sequence[Row[Any]],
        token: str,
        words: str = "",
        found: Sequence[Row[Any]] | None = None,
        mistake: str | None = None,
    ) -> "OwnPage":
        in_force = {(one.contact, one.audience): one for one in agreed}
        return cls(
            name=f"{row.given_name} {row.family_name}",
            role=role_told(row.role)[0],
            public_address=f"/mediateurs/{row.public_id}" if views[Audience.PUBLIC] else None,
            seen=tuple(
                Seen(
                    audience,
                    *AUDIENCES[audience],
                    facts(view) if (view := views[audience]) else (),
                    tuple(_agreement(contact, audience, in_force) for contact in Contact),
                )
                for audience in Audience
            ),
            places=tuple(work_place(one) for one in places),
            words=words,
            found=None if found is None else tuple(place(one) for one in found),
            mistake=mistake,
            token=token,
        )


def facts(view: Row[Any]) -> tuple[Fact, ...]:
    return (
        Fact("Prénom et nom", full_name(view)),
        Fact("Rôle", role_told(view.role)[0]),
        Fact("Employeur", view.employer),
        Fact("Mail", view.mail),
        Fact("Téléphone", said_phone(view.phone) if view.phone else None),
        Fact("Lien de rendez-vous", view.booking_url),
        Fact("Présentation", view.summary),
    )


def _agreement(
    contact: Contact, audience: Audience, in_force: Mapping[tuple[str, str], Row[*tuple[Any, ...]]]
) -> Agreement:
    row = in_force.get((contact, audience))
    return Agreement(
        f"{contact}-{audience}",
        CONTACTS[contact],
        wordings.sentence(wordings.CURRENT, contact, audience),
        row is not None,
        day_in_paris(row.recorded_at) if row else None,
        row is not None and row.recorded_by == "source",
    )


def place(row: Row[Any]) -> Place:
    return Place(row.public_id, row.name, ", ".join(p for p in (row.address, row.commune) if p))


def work_place(row: Row[Any]) -> Place:
    """One of those where they work."""
    return replace(place(row), is_confirmed=row.source is not None)


@dataclass(frozen=True)
class Colleague:
    """Somebody who works in a place, as its page shows them."""

    id: str
    name: str | None
    """None when they did not agree to be named here."""
    role: str
    employer: str | None
    mail: str | None
    phone: str | None
    booking: str | None

    @classmethod
    def of(cls, row: Row[Any]) -> "Colleague":
        return cls(
            row.public_id,
            full_name(row),
            role_told(row.role)[0],
            row.employer,
            row.mail,
            row.phone,
            row.booking_url,
        )

    @property
    def heading(self) -> str:
        return self.name or self.role


@dataclass(frozen=True)
class ProfilePage:
    typed: Typed
    faults: Mapping[str, str]
    roles: tuple[Box, ...]
    groups: tuple[tuple[str, str, tuple[Box, ...]], ...]
    """Parameter, legend, boxes."""
    token: str
    title: str

    @classmethod
    def of(cls, typed: Typed, token: str, corrections: Corrections | None = None) -> "ProfilePage":
        return cls(
            typed,
            corrections.faults if corrections else {},
            boxes(Role, (typed.role,)),
            (
                ("competences", "Mes compétences", boxes(Skill, typed.skills)),
                ("langues", "Les langues dans lesquelles j’aide", boxes(Langue, typed.languages)),
                ("publics", "J’aide en particulier", boxes(Public, typed.publics)),
            ),
            token,
            "À corriger – Qui je suis" if corrections else "Qui je suis",
        )


@dataclass(frozen=True)
class LeavePage:
    token: str
    mistake: str | None = None
    title: str = "Partir"


@dataclass(frozen=True)
class LeftPage:
    title: str = "Tout est effacé"


@dataclass(frozen=True)
class ContactPage:
    """Whether an address is really that of whoever wrote it in their profile."""

    state: str
    """«a-confirmer», «faite», «refusee» or «passee»."""
    secret: str = ""
    mail: str = ""
    name: str = ""
    title: str = "Confirmer une adresse"
