"""The fields that the bearer of a link may change: how they are asked, read and shown."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from french_hours import InvalidHours, read, say

from geoservice.auth.forms import Form
from geoservice.imports.cleaning import Refused
from geoservice.imports.cleaning.addresses_on_the_web import read_email, read_url
from geoservice.imports.cleaning.phones import read_phone
from geoservice.imports.cleaning.texts import tidy
from geoservice.imports.hours import LONGEST as HOURS_MAX
from geoservice.places.fields import BY_COLUMN
from geoservice.places.vocabulary import Vocabulary
from geoservice.web.typography import phone as spaced_phone

CLOSED = "closed"
"""Not a column: said of a place that is no more."""
CONFIRMED = "updated_on"
"""Said when all that is known is still right."""
LINES_MAX = 10
"""Values in one list that people type."""


@dataclass(frozen=True)
class Entry:
    column: str
    label: str
    hint: str = ""
    longest: int = 200
    lines: int = 1
    waits: bool = False
    """Whether somebody looks at it before it is published."""

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
        "fermé du 3 au 24 août.",
        HOURS_MAX,
        4,
    ),
    Entry("phone", "Téléphone", "Celui de la structure. Par exemple : 05 55 00 00 00."),
    Entry("websites", "Site internet", "Une adresse par ligne.", 1000, 2),
    Entry("booking_url", "Prise de rendez-vous en ligne", "L’adresse de la page.", 500),
    Entry("summary", "Présentation courte", "Une ou deux phrases.", 280, 3),
    Entry("description", "Présentation", "Ce qu’on y fait, comment s’y rendre.", 4000, 6),
    Entry("services", "Services"),
    Entry("equipment", "Équipements"),
    Entry("fees", "Prix"),
    Entry("access_modes", "Comment venir"),
    Entry("name", "Nom du lieu", waits=True),
    Entry("address", "Adresse", "Numéro et rue, sans la commune.", waits=True),
    Entry("emails", "Courriels", "Ceux de la structure, un par ligne.", 1000, 2, waits=True),
    Entry(CLOSED, "Ce lieu a fermé définitivement", waits=True),
)
BY_NAME = {entry.column: entry for entry in ENTRIES}
_EMPTY = "rien"


def shown(column: str, value: Any) -> str:
    """A value as people read it, and as they find it in the form."""
    if column == CLOSED:
        return "oui" if value else "non"
    if value in (None, "", []):
        return ""
    if column == "opening_hours":
        try:
            return say(value).rstrip(".")
        except InvalidHours:
            return value
    if column == "phone":
        return spaced_phone(value)
    vocabulary_ = BY_NAME[column].vocabulary if column in BY_NAME else None
    if vocabulary_:
        return ", ".join(one.label for one in vocabulary_ if one.value in value)
    lines = "\n".join(value) if isinstance(value, list) else str(value)  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]
    return lines.replace("\r\n", "\n").strip()


def told(column: str, value: Any) -> str:
    """The same, that says when there is nothing."""
    return shown(column, value) or _EMPTY


@dataclass(frozen=True)
class Typed:
    """A form as it was sent."""

    texts: Mapping[str, str]
    ticked: Mapping[str, tuple[str, ...]]
    """Column → slugs."""
    bases: Mapping[str, str]
    """Column → what the form showed when it was opened: what differs from it is a change."""

    @classmethod
    def of(cls, form: Form) -> "Typed":
        return cls(
            {e.column: form.one(e.column).replace("\r\n", "\n") for e in ENTRIES},
            {e.column: tuple(form.all(e.column)) for e in ENTRIES if e.vocabulary},
            {e.column: form.one(f"avant-{e.column}").replace("\r\n", "\n") for e in ENTRIES},
        )

    @classmethod
    def kept(cls, values: Mapping[str, Any]) -> "Typed":
        texts = {e.column: shown(e.column, values[e.column]) for e in ENTRIES}
        ticked = {
            e.column: tuple(one.slug for one in e.vocabulary if one.value in values[e.column])
            for e in ENTRIES
            if e.vocabulary
        }
        return cls(texts, ticked, texts)

    def text(self, entry: Entry) -> str:
        if entry.vocabulary is None:
            return self.texts[entry.column] or ("non" if entry.column == CLOSED else "")
        chosen = self.ticked[entry.column]
        return ", ".join(one.label for one in entry.vocabulary if one.slug in chosen)

    def changed(self, entry: Entry) -> bool:
        return self.text(entry) != self.bases[entry.column]


@dataclass(frozen=True)
class Change:
    entry: Entry
    before: Any
    after: Any
    conflict: bool
    """Whether somebody else changed it since the form was opened."""


def read_changes(
    typed: Typed, values: Mapping[str, Any], departement: str | None, today: date
) -> tuple[tuple[Change, ...], Mapping[str, str]]:
    """What changes of `values`, and what must be corrected, by column."""
    changes: list[Change] = []
    faults: dict[str, str] = {}
    for entry in ENTRIES:
        if not typed.changed(entry):
            continue
        before = values[entry.column]
        try:
            after = _read(entry, typed, departement, today)
        except Refused as refusal:
            faults[entry.column] = str(refusal)
            continue
        if after != before:
            moved = shown(entry.column, before) != typed.bases[entry.column]
            changes.append(Change(entry, before, after, moved))
    return tuple(changes), faults


def _read(entry: Entry, typed: Typed, departement: str | None, today: date) -> Any:
    if entry.vocabulary:
        chosen = typed.ticked[entry.column]
        found = [one.value for one in entry.vocabulary if one.slug in chosen]
        if len(found) < len(set(chosen)):
            raise Refused("Une des cases n’existe pas : rechargez la page, puis recommencez.")
        return found
    text = typed.texts[entry.column]
    if len(text) > entry.longest:
        raise Refused(f"Ce texte est trop long : {entry.longest} caractères au plus.")
    if entry.column == CLOSED:
        return text == "oui"
    if entry.many:
        lines = [line.strip() for line in text.splitlines() if line.strip()]
        if len(lines) > LINES_MAX:
            raise Refused(f"{LINES_MAX} lignes au plus.")
        return [_one(entry.column, line, departement) for line in lines]
    if not text:
        if entry.column == "name":
            raise Refused("Un lieu a toujours un nom.")
        return None
    if entry.column == "opening_hours":
        return _hours(text, today)
    if entry.column in ("phone", "booking_url"):
        return _one(entry.column, text, departement)
    return _tidied(text, lines=entry.lines > 1)


def _hours(text: str, today: date) -> str:
    reading = read(text, today=today)
    if reading.osm is None or len(reading.osm) > HOURS_MAX:
        reason = reading.reason.sentence if reading.reason else ""
        raise Refused(f"Ces horaires n’ont pas été compris. {reason}".strip())
    return reading.osm


_SAID: Mapping[str, str] = {
    "phone": "Ce numéro n’est pas complet. Écrivez-le comme ceci : 05 55 00 00 00.",
    "emails": "« {} » n’est pas une adresse électronique. Par exemple : accueil@exemple.fr",
    "websites": "« {} » n’est pas une adresse de site. Par exemple : https://exemple.fr",
    "booking_url": "« {} » n’est pas une adresse de site. Par exemple : https://exemple.fr",
}


def _one(column: str, text: str, departement: str | None) -> str:
    readers: Mapping[str, Callable[[], str]] = {
        "phone": lambda: read_phone(text, departement).value,
        "emails": lambda: read_email(text).value,
        "websites": lambda: read_url(text).value,
        "booking_url": lambda: read_url(text).value,
    }
    try:
        return readers[column]()
    except Refused:
        raise Refused(_SAID[column].format(text[:80])) from None


def _tidied(text: str, *, lines: bool) -> str:
    try:
        return tidy(text, lines=lines).value
    except Refused as refusal:
        raise Refused(f"Ce texte {refusal}.") from None
