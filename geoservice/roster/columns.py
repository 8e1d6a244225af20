"""The columns of a team's list, of places and of people: what they are called, what is in them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any

from french_hours import InvalidHours, say
from sqlalchemy import Row

from geoservice.consent.model import Contact
from geoservice.directory.pages import HIDDEN
from geoservice.mediators.names import full_name
from geoservice.mediators.pages import CONTACTS
from geoservice.mediators.vocabulary import Role, Skill
from geoservice.places.fields import BY_COLUMN
from geoservice.places.vocabulary import Public, Vocabulary
from geoservice.places.vocabulary_extension import Langue
from geoservice.web.typography import phone

Value = str | int | date | None


@dataclass(frozen=True)
class Around:
    """What is known beside the rows."""

    people_at: Mapping[str, int] = field(default_factory=dict[str, int])
    """Public id of a place → how many people of the list work there."""
    permanences_at: Mapping[int, Sequence[str]] = field(default_factory=dict[int, Sequence[str]])
    """Id of a place → its permanences, in French."""
    permanences_of: Mapping[int, Sequence[str]] = field(default_factory=dict[int, Sequence[str]])
    """Id of a mediator → theirs."""


@dataclass(frozen=True)
class Column:
    name: str
    """In addresses."""
    label: str
    value: Callable[[Row[Any], Around], Value]
    is_usual: bool = False
    """Shown when no column was chosen."""
    is_first: bool = False
    """Always shown: says which row it is."""
    reads: str | None = None
    """The column of `places` that it tells; None when it is made of others."""


@lru_cache(4096)
def hours_told(expression: str) -> str:
    try:
        return say(expression)
    except InvalidHours:
        return expression


def _field(
    name: str, column: str, *, usual: bool = False, first: bool = False, label: str = ""
) -> Column:
    known = BY_COLUMN[column]

    def value(row: Row[Any], _: Around) -> Value:
        found: Any = getattr(row, column)
        if isinstance(found, list):
            return _labels(known.vocabulary, found) if known.vocabulary else ", ".join(found)  # pyright: ignore[reportUnknownArgumentType]
        if column == "opening_hours" and found:
            return hours_told(found)
        if column == "phone" and found:
            return phone(found)
        return found

    return Column(name, label or known.label, value, usual, first, column)


def _labels(listed: type[Vocabulary], values: Sequence[str] | None) -> str:
    return ", ".join(one.label for one in listed if one.value in (values or ()))


PLACES = (
    _field("nom", "name", first=True),
    _field("commune", "commune", usual=True),
    _field("adresse", "address"),
    _field("code_postal", "postal_code"),
    _field("code_insee", "code_insee"),
    _field("telephone", "phone", usual=True),
    _field("courriels", "emails"),
    _field("site_web", "websites"),
    _field("horaires", "opening_hours", usual=True),
    Column(
        "permanences",
        "Permanences",
        lambda row, around: "\n".join(around.permanences_at.get(row.id, ())),
        is_usual=True,
    ),
    Column(
        "personnes",
        "Personnes",
        lambda row, around: around.people_at.get(row.public_id, 0),
        is_usual=True,
    ),
    _field("services", "services", usual=True),
    _field("publics", "publics", label="Publics"),
    _field("frais", "fees"),
    _field("dispositifs", "programmes"),
    _field("labels", "training_labels"),
    _field("modalites_acces", "access_modes"),
    _field("equipements", "equipment"),
    _field("langues", "languages"),
    _field("typologies", "typologies"),
    _field("date_maj", "updated_on", usual=True, label="Vérifié le"),
)


def _agreement(row: Row[Any], _: Around) -> str:
    """«Mail : montré ; Téléphone : pas montré, c’est son choix», contact by contact."""
    return " ; ".join(
        f"{label} : {HIDDEN[row.reasons[contact.value]] if contact.value in row.reasons else 'montré'}"
        for contact, label in CONTACTS.items()
        if contact in Contact
    )


def _phone(row: Row[Any], _: Around) -> str | None:
    return phone(row.phone) if row.phone else None


PEOPLE = (
    Column("nom", "Nom", lambda row, _: full_name(row) or "(nom non montré)", is_first=True),
    Column("role", "Rôle", lambda row, _: _labels(Role, [row.role]) or row.role, is_usual=True),
    Column("employeur", "Employeur", lambda row, _: row.employer),
    Column("mail", "Mail", lambda row, _: row.mail, is_usual=True),
    Column("telephone", "Téléphone", _phone, is_usual=True),
    Column("rendez_vous", "Lien de rendez-vous", lambda row, _: row.booking_url),
    Column("competences", "Compétences", lambda row, _: _labels(Skill, row.skills), is_usual=True),
    Column(
        "lieux",
        "Lieux",
        lambda row, _: "\n".join(
            f"{one['name']}, {one['commune']}" if one["commune"] else one["name"]
            for one in row.places
        ),
        is_usual=True,
    ),
    Column(
        "permanences",
        "Permanences",
        lambda row, around: "\n".join(around.permanences_of.get(row.id, ())),
        is_usual=True,
    ),
    Column("langues", "Langues", lambda row, _: _labels(Langue, row.languages)),
    Column("publics", "Publics", lambda row, _: _labels(Public, row.publics)),
    Column("accord", "Accord", _agreement, is_usual=True),
)
