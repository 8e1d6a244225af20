"""When somebody wants to come: «maintenant», «samedi-matin», «2026-11-24T18:30»."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from geoservice.clock import PARIS
from geoservice.web.typography import NBSP, day

DAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
PARTS = {"matin": (8 * 60, 12 * 60), "apres-midi": (13 * 60, 18 * 60), "soir": (18 * 60, 22 * 60)}
"""Minutes of the day: from, until."""
SAID = {"matin": "le matin", "apres-midi": "l’après-midi", "soir": "le soir"}

ACCEPTED = {
    "maintenant": "maintenant",
    "2026-11-24T18:30": "le 24 novembre 2026 à 18 h 30",
    "samedi": "le samedi",
    "samedi-matin": "le samedi matin",
    "mardi-18h": "le mardi à 18 h",
    "mardi-18h30": "le mardi à 18 h 30",
    "matin": "un matin",
    "apres-midi": "un après-midi",
    "soir": "un soir",
    "weekend": "le week-end",
}
"""One of each kind, and how people say it."""


@dataclass(frozen=True)
class Now:
    """Open at the moment of the request."""


@dataclass(frozen=True)
class At:
    """Open at this moment, read on the clock of the place."""

    local: datetime


@dataclass(frozen=True)
class During:
    """Open at some time of one of these days, in the seven days to come."""

    days: tuple[int, ...]
    """0 is Monday."""
    from_minute: int
    until_minute: int
    """Excluded, unless it is `from_minute`: then that very minute."""


When = Now | At | During


def said(text: str) -> str:
    """In a sentence: «maintenant», «le samedi matin», «le mardi à 18 h 30». Raises ValueError."""
    meant = parse(text)
    if isinstance(meant, Now):
        return "maintenant"
    if isinstance(meant, At):
        local = meant.local
        return f"le {DAYS[local.weekday()]} {day(local.date())} à {_clock(local)}"
    if meant.days == (5, 6):
        return "le week-end"
    if len(meant.days) == len(DAYS):
        return SAID[text]
    name, _, part = text.partition("-")
    if meant.from_minute == meant.until_minute:
        minute = timedelta(minutes=meant.from_minute)
        return f"le {name} à {_clock(datetime.min + minute)}"  # noqa: DTZ901 - only its clock is read
    return f"le {name} {part.replace('apres', 'après')}".strip()


def _clock(moment: datetime) -> str:
    return f"{moment.hour}{NBSP}h" + (f"{NBSP}{moment.minute:02}" if moment.minute else "")


def parse(text: str) -> When:
    """Raises ValueError when the words are not understood."""
    if text == "maintenant":
        return Now()
    if re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?", text):
        return At(datetime.fromisoformat(text))
    if text in ("weekend", "week-end"):
        return During((5, 6), 0, 24 * 60)
    every_day = tuple(range(7))
    if text in PARTS:
        return During(every_day, *PARTS[text])
    day, _, moment = text.partition("-")
    if day not in DAYS:
        raise ValueError(text)
    days = (DAYS.index(day),)
    if not moment:
        return During(days, 0, 24 * 60)
    if moment in PARTS:
        return During(days, *PARTS[moment])
    hour = re.fullmatch(r"(\d{1,2})h(\d\d)?", moment)
    if hour and int(hour[1]) < 24 and int(hour[2] or 0) < 60:
        minute = int(hour[1]) * 60 + int(hour[2] or 0)
        return During(days, minute, minute)
    raise ValueError(text)


def meet(one: When, other: When, now: datetime) -> bool:
    """Whether some minute of the week belongs to both. `now` is aware, and read in Paris."""
    a, b = _week(one, now), _week(other, now)
    return bool(set(a.days) & set(b.days)) and (
        max(a.from_minute, b.from_minute) < min(_end(a), _end(b))
    )


def _week(when: When, now: datetime) -> During:
    if isinstance(when, During):
        return when
    local = when.local if isinstance(when, At) else now.astimezone(PARIS)
    minute = local.hour * 60 + local.minute
    return During((local.weekday(),), minute, minute)


def _end(during: During) -> int:
    return max(during.until_minute, during.from_minute + 1)
