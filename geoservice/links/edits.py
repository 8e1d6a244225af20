"""The fields that the bearer of a link may change, and how their values are shown."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import orjson
from french_hours import InvalidHours, say

from geoservice.imports.hours import LONGEST as HOURS_MAX
from geoservice.places.fields import BY_COLUMN
from geoservice.places.vocabulary import Service, Vocabulary
from geoservice.web.typography import phone as spaced_phone

CLOSED = "closed"
"""Not a column: said of a place that is no more."""
CONFIRMED = "updated_on"
"""Said when all that is known is still right."""
POINT = "point"
"""`{"lon", "lat"}`: both columns at once."""
COMMUNE = "commune"
"""`{"commune", "postal_code", "code_insee"}`: the three columns at once."""
DUPLICATE = "duplicate"
"""`{"public_id", "name", "commune"}` of the place that this one repeats; None when it repeats none."""
PERMANENCES = "permanences"
"""Those that the place announces without naming anybody: see `permanences.actions.announced_by`."""


@dataclass(frozen=True)
class Entry:
    column: str
    label: str
    hint: str = ""
    longest: int = 200
    lines: int = 1
    waits: bool = False
    """Whether somebody looks at it before it is published."""

    def looked_at(self, *, trusted: bool) -> bool:
        """Whether a change by this link waits: one that merges two places always does."""
        return self.waits and (not trusted or self.column == DUPLICATE)

    @property
    def vocabulary(self) -> type[Vocabulary] | None:
        known = BY_COLUMN.get(self.column)
        return known.vocabulary if known else None

    @property
    def many(self) -> bool:
        known = BY_COLUMN.get(self.column)
        return bool(known and known.many)


ENTRIES = (
    Entry(
        "opening_hours",
        "Horaires",
        "Écrivez comme vous parlez. Par exemple : du lundi au vendredi de 9 h à 12 h et de 14 h à 17 h, "
        "fermé les jours fériés.",
        HOURS_MAX,
        4,
    ),
    Entry("phone", "Téléphone", "Celui de la structure. Par exemple : 05 55 00 00 00."),
    Entry("emails", "Courriels", "Ceux de la structure, un par ligne.", 1000, 2, waits=True),
    Entry("websites", "Site internet", "Une adresse par ligne.", 1000, 2),
    Entry("booking_url", "Prise de rendez-vous en ligne", "L’adresse de la page.", 500),
    Entry("services", "Services"),
    Entry("equipment", "Équipements"),
    Entry("publics", "Publics accueillis en particulier"),
    Entry("special_care", "Besoins particuliers pris en charge"),
    Entry("languages", "Langues parlées"),
    Entry("fees", "Prix"),
    Entry("access_modes", "Comment venir"),
    Entry("support_modes", "Comment on est aidé"),
    Entry("summary", "Présentation courte", "Une ou deux phrases.", 280, 3),
    Entry("description", "Présentation", "Ce qu’on y fait, comment s’y rendre.", 4000, 6),
    Entry(PERMANENCES, "Permanences"),
    Entry("name", "Nom du lieu", waits=True),
    Entry("address", "Adresse", "Numéro et rue, sans la commune.", waits=True),
    Entry(
        COMMUNE, "Commune", "Son nom, et son code postal si vous le connaissez : 23000 Guéret.", waits=True
    ),
    Entry(POINT, "Position sur la carte", waits=True),
    Entry(CLOSED, "Ce lieu a fermé définitivement", waits=True),
    Entry(DUPLICATE, "Ce lieu est déjà dans l’annuaire", waits=True),
)  # fmt: skip
BY_NAME = {entry.column: entry for entry in ENTRIES}
_EMPTY = "rien"


def fingerprint(value: Any) -> str:
    """Tells whether a value is still the one that somebody saw."""
    told = orjson.dumps(value, option=orjson.OPT_SORT_KEYS, default=str)
    return hashlib.sha256(told).hexdigest()[:16]


def shown(column: str, value: Any) -> str:
    """A value as people read it, and as they find it in the form."""
    if column == CLOSED:
        return "oui" if value else "non"
    if value in (None, "", []):
        return ""
    if column in _SHOWN:
        return _SHOWN[column](value)
    vocabulary_ = BY_NAME[column].vocabulary if column in BY_NAME else None
    if vocabulary_:
        return ", ".join(one.label for one in vocabulary_ if one.value in value)
    lines = "\n".join(value) if isinstance(value, list) else str(value)  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]
    return lines.replace("\r\n", "\n").strip()


def told(column: str, value: Any) -> str:
    """The same, that says when there is nothing."""
    return shown(column, value) or _EMPTY


def _hours(osm: str) -> str:
    try:
        return say(osm).rstrip(".")
    except InvalidHours:
        return osm


def _point(value: Mapping[str, float]) -> str:
    return f"{value['lat']:.6f}, {value['lon']:.6f}"


def _commune(value: Mapping[str, str | None]) -> str:
    return f"{value['postal_code'] or ''} {value['commune'] or ''}".strip()


def _duplicate(value: Mapping[str, str | None]) -> str:
    return ", ".join(one for one in (value["name"], value["commune"]) if one)


def _permanences(value: Sequence[Mapping[str, Any]]) -> str:
    return "\n".join(permanence_sentence(one) for one in value)


def permanence_sentence(one: Mapping[str, Any]) -> str:
    """«Le mardi de 14 h à 17 h, sans rendez-vous, du 1er septembre 2026.»"""
    parts = [say(one["expression"]).rstrip(".")]
    parts.append("sur rendez-vous" if one["by_appointment"] else "sans rendez-vous")
    if one["services"]:
        known = [s.label for s in Service if s.value in one["services"]]
        parts.append("pour : " + ", ".join(known).lower())
    for word, key in (("à partir du", "valid_from"), ("jusqu’au", "valid_until")):
        if one[key]:
            parts.append(f"{word} {date.fromisoformat(one[key]):%d/%m/%Y}")
    if one["note"]:
        parts.append(one["note"])
    return ", ".join(parts)


_SHOWN: Mapping[str, Callable[[Any], str]] = {
    "opening_hours": _hours,
    "phone": spaced_phone,
    POINT: _point,
    COMMUNE: _commune,
    DUPLICATE: _duplicate,
    PERMANENCES: _permanences,
}
