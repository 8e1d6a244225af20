"""One thing per page: which fields each step of the form asks, and how its answers are read."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from french_hours import read
from sqlalchemy import Row

from geoservice.auth.forms import Form
from geoservice.imports.cleaning import Refused
from geoservice.imports.cleaning.addresses_on_the_web import read_email, read_url
from geoservice.imports.cleaning.phones import read_phone
from geoservice.imports.cleaning.texts import tidy
from geoservice.imports.hours import LONGEST as HOURS_MAX
from geoservice.links.edits import (
    BY_NAME,
    CLOSED,
    COMMUNE,
    DUPLICATE,
    PERMANENCES,
    POINT,
    Entry,
    shown,
)
from geoservice.links.sheets import Sheet

LINES_MAX = 10
"""Values in one list that people type."""


@dataclass(frozen=True)
class Step:
    slug: str
    title: str
    """Of its part of the sheet."""
    question: str
    """Heading of its page."""
    columns: tuple[str, ...]
    lead: str = ""

    @property
    def entries(self) -> tuple[Entry, ...]:
        return tuple(BY_NAME[column] for column in self.columns)


STEPS = (
    Step("horaires", "Horaires", "Quels sont les horaires ?", ("opening_hours",)),
    Step(
        "contact",
        "Contact de la structure",
        "Comment joindre la structure ?",
        ("phone", "emails", "websites", "booking_url"),
        "Donnez les contacts de la structure, pas ceux d’une personne : tout le monde les lira.",
    ),
    Step(
        PERMANENCES,
        "Permanences",
        "Quand un médiateur est-il là ?",
        (PERMANENCES,),
        "Dites quand quelqu’un aide pour le numérique, sans donner de nom.",
    ),
    Step(
        "services",
        "Services",
        "Que fait-on dans ce lieu ?",
        ("services",),
        "Cochez ce pour quoi on est aidé.",
    ),
    Step(
        "materiel",
        "Matériel",
        "Quel matériel peut-on utiliser ?",
        ("equipment",),
        "Cochez ce que le public peut utiliser sur place.",
    ),
    Step(
        "publics",
        "Publics",
        "Qui accueillez-vous ?",
        ("publics", "special_care", "languages"),
        "Ne cochez rien si le lieu accueille tout le monde de la même façon.",
    ),
    Step("prix", "Prix", "Est-ce payant ?", ("fees",)),
    Step("venir", "Comment venir", "Comment vient-on dans ce lieu ?", ("access_modes",)),
    Step("aide", "Comment on est aidé", "Comment est-on aidé ?", ("support_modes",)),
    Step("presentation", "Présentation", "Comment présenter ce lieu ?", ("summary", "description")),
    Step("nom", "Nom", "Comment s’appelle ce lieu ?", ("name",)),
    Step("adresse", "Adresse", "Quelle est l’adresse ?", ("address", COMMUNE)),
    Step("position", "Position", "Où est le lieu sur la carte ?", (POINT,)),
    Step(
        "fermeture",
        "Fermeture",
        "Ce lieu a-t-il fermé pour toujours ?",
        (CLOSED,),
        "Pour des vacances ou des travaux, ajoutez plutôt une fermeture exceptionnelle à la page des horaires.",
    ),
    Step("doublon", "Doublon", "Ce lieu est-il deux fois dans l’annuaire ?", (DUPLICATE,)),
)
BY_SLUG = {step.slug: step for step in STEPS}


def steps_of(fields: Sequence[str] | None) -> tuple[Step, ...]:
    """Those that a link opens."""
    return STEPS if fields is None else tuple(step for step in STEPS if step.slug in fields)


@dataclass(frozen=True)
class Typed:
    """The form of one step, as it was sent or as it is at first."""

    texts: Mapping[str, str]
    ticked: Mapping[str, tuple[str, ...]]
    """Column → slugs."""
    bases: Mapping[str, str]
    """Column → what the form showed when it was opened: what differs from it is an answer."""

    @classmethod
    def of(cls, form: Form, step: Step) -> "Typed":
        def text(name: str) -> str:
            return form.one(name).replace("\r\n", "\n")

        entries = step.entries
        return cls(
            {e.column: text(e.column) for e in entries},
            {e.column: tuple(form.all(e.column)) for e in entries if e.vocabulary},
            {e.column: text(f"avant-{e.column}") for e in entries},
        )

    @classmethod
    def kept(cls, sheet: Sheet, step: Step) -> "Typed":
        texts = {c: _typed(sheet, c) for c in step.columns}
        ticked = {
            e.column: tuple(one.slug for one in e.vocabulary if one.value in sheet.now(e.column))
            for e in step.entries
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


def _typed(sheet: Sheet, column: str) -> str:
    """As it was typed if it was, else as it is shown."""
    draft = sheet.drafts.get(column)
    return (draft and draft.typed.get(column)) or shown(column, sheet.now(column))


@dataclass(frozen=True)
class Answers:
    """What was read of the form of one step."""

    values: Mapping[str, Any] = field(default_factory=dict[str, Any])
    faults: Mapping[str, str] = field(default_factory=dict[str, str])
    """What must be corrected, by column."""
    stale: Mapping[str, str] = field(default_factory=dict[str, str])
    """What became of fields that somebody else, or another tab, changed meanwhile, as it is shown."""


def read_answers(
    step: Step, typed: Typed, sheet: Sheet, today: date, communes: Sequence[Row[Any]] = ()
) -> Answers:
    """`communes` are those that the words of the commune may mean, the likeliest first."""
    values: dict[str, Any] = {}
    faults: dict[str, str] = {}
    stale: dict[str, str] = {}
    kept = Typed.kept(sheet, step)
    for entry in step.entries:
        if not typed.changed(entry):
            continue
        try:
            values[entry.column] = _read(entry, typed, sheet.link.departement, today, communes)
        except Refused as refusal:
            faults[entry.column] = str(refusal)
            continue
        now = kept.text(entry)
        if now not in (typed.bases[entry.column], typed.text(entry)):
            stale[entry.column] = now
    return Answers(values, faults, stale)


def _read(
    entry: Entry,
    typed: Typed,
    departement: str | None,
    today: date,
    communes: Sequence[Row[Any]],
) -> Any:
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
        if entry.column in ("name", COMMUNE):
            raise Refused(f"Un lieu a toujours {_ALWAYS[entry.column]}.")
        return None
    if entry.column == COMMUNE:
        return read_commune(text, communes)
    if entry.column == "opening_hours":
        return read_hours(text, today)
    if entry.column in ("phone", "booking_url"):
        return _one(entry.column, text, departement)
    return tidied(text, lines=entry.lines > 1)


_ALWAYS = {"name": "un nom", COMMUNE: "une commune"}


def read_hours(text: str, today: date) -> str:
    reading = read(text, today=today)
    if reading.osm is None or len(reading.osm) > HOURS_MAX:
        reason = reading.reason.sentence if reading.reason else ""
        raise Refused(f"Ces horaires n’ont pas été compris. {reason}".strip())
    return reading.osm


def read_commune(text: str, communes: Sequence[Row[Any]]) -> dict[str, str | None]:
    found = next((row for row in communes if row.commune), None)
    if found is None:
        raise Refused(f"Nous ne connaissons pas de commune « {text[:80]} ». Vérifiez son nom.")
    typed = next((code for code in found.postal_codes if code in text), None)
    alone = found.postal_codes[0] if len(found.postal_codes) == 1 else None
    return {
        "commune": found.name,
        "postal_code": typed or alone,
        "code_insee": found.code,
    }


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


def tidied(text: str, *, lines: bool) -> str:
    try:
        return tidy(text, lines=lines).value
    except Refused as refusal:
        raise Refused(f"Ce texte {refusal}.") from None
