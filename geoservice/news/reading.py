"""From the form of an announcement to a draft, or to what must be corrected."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from french_hours import read, say
from sqlalchemy import Row

from geoservice.auth.forms import Form
from geoservice.clock import day_in_paris
from geoservice.news.actions import Draft
from geoservice.news.model import BOOKINGS, KINDS
from geoservice.news.timing import hours_of, times
from geoservice.permanences.announcing import CONTACT, SURE_ENOUGH, WHEN_MAX, Corrections, read_day
from geoservice.places.vocabulary import Public, read_value

TITLE_MAX = 120
DESCRIPTION_MAX = 1_000
LONGEST = timedelta(days=366)
USUAL = timedelta(days=92)
"""How long a rhythm is announced when its end is not told."""
_WEB = re.compile(r"https?://[^\s<>\"]{4,500}", re.IGNORECASE)
_NO_CONTACT = (
    "N’écrivez ici ni mail, ni téléphone, ni adresse internet : le lieu a les siens, "
    "et l’inscription a sa case."
)


@dataclass(frozen=True)
class Typed:
    """The form as it was typed, or as it is at first."""

    place: str = ""
    kind: str = "workshop"
    title: str = ""
    description: str = ""
    often: str = "once"
    day: str = ""
    start: str = ""
    end: str = ""
    when: str = ""
    first: str = ""
    last: str = ""
    publics: tuple[str, ...] = ()
    booking: str = "none"
    booking_url: str = ""
    understood: str = ""
    """The rhythm that the author said to be the right one."""

    @classmethod
    def of(cls, form: Form) -> "Typed":
        return cls(
            form.one("lieu"),
            form.one("quoi") or "workshop",
            form.one("titre"),
            form.one("texte"),
            form.one("fois") or "once",
            form.one("jour"),
            form.one("debut"),
            form.one("fin"),
            form.one("quand"),
            form.one("du"),
            form.one("au"),
            tuple(form.all("publics")),
            form.one("inscription") or "none",
            form.one("adresse"),
            form.one("compris"),
        )

    @classmethod
    def kept(cls, row: Row[Any]) -> "Typed":
        """What is announced now, from a row of `queries.OWN`."""
        once = row.first_day == row.last_day
        start, _, end = row.expression.partition("-") if once else ("", "", "")
        return cls(
            place=row.place,
            kind=row.kind,
            title=row.title,
            description=row.description or "",
            often="once" if once else "often",
            day=row.first_day.isoformat() if once else "",
            start=start,
            end=end,
            when="" if once else say(row.expression).rstrip("."),
            first="" if once else row.first_day.isoformat(),
            last="" if once else row.last_day.isoformat(),
            publics=tuple(Public(value).slug for value in row.publics),
            booking=row.booking,
            booking_url=row.booking_url or "",
        )


def read_draft(
    typed: Typed, places: Sequence[Row[Any]], moment: datetime
) -> tuple[Draft, Row[Any]] | Corrections:
    """The draft and its place, one of `places` (from `queries.PLACES`)."""
    faults: dict[str, str] = {}
    place = next((row for row in places if row.public_id == typed.place), None)
    if place is None:
        faults["lieu"] = "Choisissez un lieu de la liste."
    _check_words(typed, faults)
    publics = [member for slug in typed.publics for member in read_value(Public, slug) or ()]
    if len(publics) < len(typed.publics):
        faults["publics"] = "Une des cases n’existe pas : rechargez la page, puis recommencez."
    rhythm = _once(typed, faults) if typed.often == "once" else _often(typed, faults, moment)
    ends_at = None
    if rhythm and place is not None:
        expression, first, last = rhythm
        hours = hours_of(expression, place)
        if hours is None:
            faults["lieu"] = "La commune de ce lieu n’est pas connue : ses heures non plus."
        else:
            for span in times(hours, first, last, moment):
                ends_at = span.end
            if ends_at is None:
                name = "jour" if typed.often == "once" else "quand"
                faults[name] = "Ce moment est passé, ou ne tombe jamais entre ces deux jours."
    if faults or rhythm is None or place is None or ends_at is None:
        return Corrections(faults)
    expression, first, last = rhythm
    if typed.often != "once":
        sure = read(typed.when, today=day_in_paris(moment)).confidence >= SURE_ENOUGH
        if not sure and typed.understood != expression:
            return Corrections(to_confirm=expression)
    draft = Draft(
        place_id=place.id,
        kind=typed.kind,
        title=typed.title,
        description=typed.description or None,
        expression=expression,
        first_day=first,
        last_day=last,
        publics=list(dict.fromkeys(member.value for member in publics)),
        booking=typed.booking,
        booking_url=typed.booking_url if typed.booking == "web" else None,
        ends_at=ends_at,
    )
    return draft, place


def _check_words(typed: Typed, faults: dict[str, str]) -> None:
    if typed.kind not in KINDS:
        faults["quoi"] = "Dites si c’est un atelier ou un événement."
    for name, words, longest in (("titre", typed.title, TITLE_MAX), ("texte", typed.description, DESCRIPTION_MAX)):  # fmt: skip
        if len(words) > longest:
            faults[name] = f"Ce texte est trop long : {longest} caractères au plus."
        elif "\x00" in words:
            faults[name] = "Ce texte contient un caractère qui ne s’écrit pas."
        elif CONTACT.search(words):
            faults[name] = _NO_CONTACT
    if not typed.title:
        faults["titre"] = "Donnez un titre."
    if typed.booking not in BOOKINGS:
        faults["inscription"] = "Dites s’il faut s’inscrire."
    elif typed.booking == "web" and not _WEB.fullmatch(typed.booking_url):
        faults["adresse"] = "Donnez l’adresse internet où l’on s’inscrit, qui commence par https://"


def _once(typed: Typed, faults: dict[str, str]) -> tuple[str, date, date] | None:
    day = read_day("jour", typed.day, faults)
    if not typed.day:
        faults["jour"] = "Donnez le jour."
    clocks = [
        _clock(name, value, faults) for name, value in (("debut", typed.start), ("fin", typed.end))
    ]
    start, end = clocks
    if start and end and end <= start:
        faults["fin"] = "La fin est avant le début : corrigez l’une des deux."
        return None
    return (f"{start}-{end}", day, day) if day and start and end else None


def _clock(name: str, typed: str, faults: dict[str, str]) -> str | None:
    """«14:00», as browsers send it, or «14h», «14 h 30», as people write it."""
    found = re.fullmatch(r"(\d{1,2})\s*(?:[h:]\s*(\d{2})?)?(?::\d{2})?", typed.lower())
    if found and int(found[1]) < 24 and int(found[2] or 0) < 60:
        return f"{int(found[1]):02}:{int(found[2] or 0):02}"
    faults[name] = "Donnez l’heure, par exemple 14:30."
    return None


def _often(typed: Typed, faults: dict[str, str], moment: datetime) -> tuple[str, date, date] | None:
    today = day_in_paris(moment)
    first = read_day("du", typed.first, faults) or today
    last = read_day("au", typed.last, faults) or first + USUAL
    if last < first:
        faults["au"] = "Le dernier jour est avant le premier : corrigez l’un des deux."
    elif last - max(first, today) > LONGEST:
        faults["au"] = "Un an au plus : vous pourrez l’annoncer de nouveau."
    reading = read(typed.when[:WHEN_MAX], today=today)
    if not typed.when:
        faults["quand"] = "Écrivez les jours et les heures."
    elif reading.osm is None:
        reason = reading.reason.sentence if reading.reason else ""
        faults["quand"] = f"Ces heures n’ont pas été comprises. {reason}"
    if {"du", "au", "quand"} & set(faults) or reading.osm is None:
        return None
    return reading.osm, first, last
