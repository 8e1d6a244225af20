"""What the pages of the directory show."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Row

from geoservice.clock import day_in_paris
from geoservice.consent.model import Contact
from geoservice.directory.around import Around
from geoservice.directory.question import MediatorQuery
from geoservice.mediators.names import full_name
from geoservice.mediators.pages import CONTACTS
from geoservice.mediators.vocabulary import Role, Skill, role_told
from geoservice.permanences.announced import Announced, when
from geoservice.places.vocabulary import Public, Vocabulary
from geoservice.places.vocabulary_extension import Langue
from geoservice.search import moments
from geoservice.search.answers import Resolved
from geoservice.search.form import RADII_KM, moment_choices
from geoservice.search.form import Choices as MomentChoices
from geoservice.search.pages import is_web
from geoservice.search.question import RADIUS_DEFAULT_KM
from geoservice.web.typography import NBSP, count


@dataclass(frozen=True)
class Place:
    id: str
    name: str
    where: str


@dataclass(frozen=True)
class Person:
    id: str
    name: str | None
    """None when they did not agree to be named here."""
    role: str
    definition: str
    employer: str | None
    mail: str | None
    phone: str | None
    """E.164."""
    booking: str | None
    summary: str | None
    skills: tuple[str, ...]
    languages: tuple[str, ...]
    publics: tuple[str, ...]
    places: tuple[Place, ...]
    distance_m: float | None
    next_time: str | None
    """«mardi 24 novembre à 14 h, à la médiathèque»; None when no permanence of theirs is to come."""

    @classmethod
    def of(cls, row: Row[Any], around: Around) -> "Person":
        """From a row of `directory.queries`."""
        coming = around.next_of(row)
        return cls.told(
            row,
            tuple(
                Place(
                    place.public_id,
                    place.name,
                    ", ".join(part for part in (place.address, place.commune) if part),
                )
                for place in around.places_of(row)
            ),
            row.distance_m,
            f"{when(*coming, around.moment)}, à {coming[1].place_name}" if coming else None,
        )

    @classmethod
    def told(
        cls,
        row: Row[Any],
        places: tuple[Place, ...],
        distance_m: float | None = None,
        next_time: str | None = None,
    ) -> "Person":
        role, definition = role_told(row.role)
        return cls(
            id=row.public_id,
            name=full_name(row),
            role=role,
            definition=definition,
            employer=row.employer,
            mail=row.mail,
            phone=row.phone,
            booking=row.booking_url if is_web(row.booking_url) else None,
            summary=row.summary,
            skills=_labels(Skill, row.skills),
            languages=_labels(Langue, row.languages),
            publics=_labels(Public, row.publics),
            places=places,
            distance_m=distance_m,
            next_time=next_time,
        )

    @property
    def heading(self) -> str:
        return self.name or self.role


def _labels(listed: type[Vocabulary], values: Sequence[str]) -> tuple[str, ...]:
    return tuple(one.label for one in listed if one.value in values)


@dataclass(frozen=True)
class Option:
    value: str
    label: str
    chosen: bool


@dataclass(frozen=True)
class Choices:
    name: str
    label: str
    options: tuple[Option, ...]


@dataclass(frozen=True)
class Form:
    where: str
    words: str
    radii: tuple[Option, ...]
    presences: tuple[MomentChoices, ...]
    """When the person must be present."""
    choices: tuple[Choices, ...]
    kept: tuple[tuple[str, str], ...]
    """What the question says and the form has no field for: sent again as it is."""

    @classmethod
    def of(cls, query: MediatorQuery, today: date) -> "Form":
        lists = (
            ("role", "Qui ?", _options(Role)),
            ("competences", "Que sait faire la personne ?", _options(Skill)),
            ("langues", "Dans quelle langue ?", _options(Langue)),
            ("publics", "Pour qui ?", _options(Public)),
        )
        shown = {"ou", "q", "rayon", "page", "permanence", *(name for name, *_ in lists)}
        firsts = {name: query.chosen(name) for name in shown}
        radius = query.work.radius_km or RADIUS_DEFAULT_KM
        return cls(
            firsts["ou"],
            firsts["q"],
            tuple(
                Option(
                    "" if km == RADIUS_DEFAULT_KM else f"{km:g}", f"{km:g}{NBSP}km", km == radius
                )
                for km in sorted({*RADII_KM, radius})
            ),
            moment_choices("permanence", firsts["permanence"], today),
            tuple(
                Choices(
                    name,
                    label,
                    tuple(Option(value, said, value == firsts[name]) for value, said in options),
                )
                for name, label, options in lists
            ),
            tuple(pair for pair in query.raw if pair[0] not in shown),
        )


def _options(listed: type[Vocabulary]) -> list[tuple[str, str]]:
    return [(one.slug, one.label) for one in listed]


@dataclass(frozen=True)
class ListPage:
    form: Form
    found: str
    note: str | None
    present: str | None
    """«le mardi matin», when only those who are there then were asked for."""
    whenever: str
    """The same question, whenever they are there."""
    people: tuple[Person, ...]
    previous: str | None
    following: str | None
    title: str

    @classmethod
    def of(
        cls,
        query: MediatorQuery,
        resolved: Resolved,
        rows: Sequence[Row[Any]],
        around: Around,
        total: int,
        limit: int,
    ) -> "ListPage":
        found = count(total, "personne trouvée", "personnes trouvées") if total else "Personne"
        page = query.work.page
        title = "L’annuaire des médiateurs numériques"
        where = resolved.located.label if resolved.located else None
        return cls(
            Form.of(query, day_in_paris(resolved.moment)),
            found,
            resolved.located.note if resolved.located else None,
            moments.said(query.chosen("permanence")) if query.present else None,
            query.without("permanence", "page").address("/mediateurs"),
            tuple(Person.of(row, around) for row in rows),
            query.address("/mediateurs", page=page - 1) if page > 1 else None,
            query.address("/mediateurs", page=page + 1) if page * limit < total else None,
            f"{title} – {where}" if where else title,
        )


@dataclass(frozen=True)
class PersonPage:
    person: Person
    permanences: tuple[tuple[Place, Announced], ...]
    title: str


HIDDEN = {
    "unasked": "pas encore dit",
    "refused": "pas montré, c’est son choix",
    "expired": "accord arrivé à sa fin",
    "unknown": "pas renseigné",
}
"""Why a contact is not shown to colleagues: `mediators.queries.for_professionals`."""


@dataclass(frozen=True)
class Colleague:
    person: Person
    unshown: tuple[tuple[str, str], ...]
    """What of their contacts is not shown, and why."""


@dataclass(frozen=True)
class ColleaguesPage:
    people: tuple[Colleague, ...]
    hidden: int
    """How many others work there, and agreed to show nothing."""
    permanences: tuple[tuple[Place, Announced], ...]
    """Those that only professionals may come to."""
    is_confirmed: bool
    """Whether somebody else than the person says that they work on some territory."""
    mail: str
    """Of the account."""
    title: str = "Mes collègues"

    @classmethod
    def of(
        cls,
        rows: Sequence[Row[Any]],
        hidden: int,
        permanences: tuple[tuple[Place, Announced], ...],
        is_confirmed: bool,
        mail: str,
    ) -> "ColleaguesPage":
        people = tuple(_colleague(row) for row in rows)
        return cls(people, hidden, permanences, is_confirmed, mail)


def _colleague(row: Row[Any]) -> Colleague:
    places = tuple(Place(one["id"], one["name"], one["commune"] or "") for one in row.places)
    return Colleague(
        Person.told(row, places),
        tuple(
            (CONTACTS[Contact(contact)], HIDDEN[reason]) for contact, reason in row.reasons.items()
        ),
    )
