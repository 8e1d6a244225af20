"""From the form of a permanence to an announcement, or to what must be corrected."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from french_hours import read, say
from sqlalchemy import Row

from geoservice.auth.forms import Form
from geoservice.permanences.actions import Announcement
from geoservice.places.hours import schedule_of
from geoservice.places.vocabulary import Service, read_value

SURE_ENOUGH = 0.8
"""Below, the reader made a choice: the mediator is asked whether it is the right one."""
WHEN_MAX = 500
NOTE_MAX = 300
EXAMPLES = "le mardi de 14 h à 17 h ; le 1er jeudi du mois de 9 h à 12 h ; les semaines paires, le mercredi de 10 h à 12 h"
CONTACT = re.compile(r"@|(?:\d[ .\-]?){8,}|https?:|www\.")


@dataclass(frozen=True)
class Typed:
    """The form as it was typed, or as it is at first."""

    place: str = ""
    when: str = ""
    by_appointment: str = ""
    audience: str = "public"
    services: tuple[str, ...] = ()
    valid_from: str = ""
    valid_until: str = ""
    note: str = ""
    understood: str = ""
    """The expression that the mediator said to be the right one."""

    @classmethod
    def of(cls, form: Form) -> "Typed":
        return cls(
            form.one("lieu"),
            form.one("quand"),
            form.one("rdv"),
            form.one("pour") or "public",
            tuple(form.all("services")),
            form.one("du"),
            form.one("au"),
            form.one("note"),
            form.one("compris"),
        )

    @classmethod
    def kept(cls, row: Row[Any]) -> "Typed":
        """What is announced now, from a row of `queries.OWN`."""
        return cls(
            row.place,
            say(row.expression).rstrip("."),
            "oui" if row.by_appointment else "non",
            row.audience,
            tuple(Service(value).slug for value in row.services),
            row.valid_from.isoformat() if row.valid_from else "",
            row.valid_until.isoformat() if row.valid_until else "",
            row.note or "",
        )


@dataclass(frozen=True)
class Corrections:
    """What is wrong, by field of the form."""

    faults: Mapping[str, str] = field(default_factory=dict[str, str])
    to_confirm: str | None = None
    """An expression that must be confirmed before it is announced."""

    @property
    def sentence(self) -> str | None:
        """What was understood, when it must be confirmed."""
        return say(self.to_confirm) if self.to_confirm else None


def read_announcement(
    typed: Typed, places: Sequence[Row[Any]], today: date
) -> Announcement | Corrections:
    """`places` are those where the mediator works, from `queries.OWN_PLACES`."""
    faults: dict[str, str] = {}
    place = next((row for row in places if row.public_id == typed.place), None)
    if place is None:
        faults["lieu"] = "Choisissez un des lieux où vous travaillez."
    reading = read(typed.when[:WHEN_MAX], today=today)
    schedule = None
    if not typed.when:
        faults["quand"] = "Écrivez quand vous êtes là."
    elif len(typed.when) > WHEN_MAX:
        faults["quand"] = f"Ce texte est trop long : {WHEN_MAX} caractères au plus."
    elif reading.osm is None:
        reason = reading.reason.sentence if reading.reason else ""
        faults["quand"] = f"Ces heures n’ont pas été comprises. {reason}"
    elif place is not None:
        schedule = schedule_of(reading.osm, place.code_insee, place.departement)
        if schedule is None:
            faults["lieu"] = "La commune de ce lieu n’est pas connue : ses heures non plus."
    if typed.by_appointment not in ("oui", "non"):
        faults["rdv"] = "Dites s’il faut prendre rendez-vous."
    if typed.audience not in ("public", "professionals"):
        faults["pour"] = "Dites qui peut venir."
    services = [member for slug in typed.services for member in read_value(Service, slug) or ()]
    if len(services) < len(typed.services):
        faults["services"] = "Une des cases n’existe pas : rechargez la page, puis recommencez."
    first, last = (
        read_day("du", typed.valid_from, faults),
        read_day("au", typed.valid_until, faults),
    )
    if first and last and last < first:
        faults["au"] = "Le dernier jour est avant le premier : corrigez l’un des deux."
    elif last and last < today and "au" not in faults:
        faults["au"] = "Ce jour est passé."
    if len(typed.note) > NOTE_MAX:
        faults["note"] = f"Ce texte est trop long : {NOTE_MAX} caractères au plus."
    elif CONTACT.search(typed.note):
        faults["note"] = (
            "Ne mettez ici ni mail, ni téléphone, ni adresse internet : tout le monde lit ce texte. "
            "Vos contacts se règlent dans « Ma fiche »."
        )
    if faults or place is None or schedule is None:
        return Corrections(faults)
    if reading.confidence < SURE_ENOUGH and typed.understood != reading.osm:
        return Corrections(to_confirm=reading.osm)
    return Announcement(
        place_id=place.id,
        schedule=schedule,
        valid_from=first,
        valid_until=last,
        by_appointment=typed.by_appointment == "oui" or reading.by_appointment,
        audience=typed.audience,
        services=tuple(dict.fromkeys(member.value for member in services)),
        note=typed.note or None,
    )


def read_absence(form: Form, today: date) -> tuple[date, date] | dict[str, str]:
    """First and last day; or what must be corrected, by field."""
    faults: dict[str, str] = {}
    for name in ("premier-jour", "dernier-jour"):
        if not form.one(name):
            faults[name] = "Donnez ce jour."
    first = read_day("premier-jour", form.one("premier-jour"), faults)
    last = read_day("dernier-jour", form.one("dernier-jour"), faults)
    if first and last and last < first:
        faults["dernier-jour"] = "Le dernier jour est avant le premier : corrigez l’un des deux."
    elif last and last < today:
        faults["dernier-jour"] = "Ce jour est passé."
    if faults or first is None or last is None:
        return faults
    return first, last


def read_day(name: str, typed: str, faults: dict[str, str]) -> date | None:
    """ISO, as browsers send it, or «24/11/2026», as people write it where there is no calendar."""
    if not typed:
        return None
    french = re.fullmatch(r"(\d{1,2})[/.\- ](\d{1,2})[/.\- ](\d{4})", typed)
    try:
        if french:
            return date(int(french[3]), int(french[2]), int(french[1]))
        return date.fromisoformat(typed)
    except ValueError:
        faults[name] = "Ce jour n’existe pas. Écrivez-le comme ceci : 24/11/2026."
        return None
