"""The coming hours of a place as an iCalendar file (RFC 5545), times in UTC."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from french_hours.hours import Hours, Span
from french_hours.phrases import NBSP
from french_hours.verdicts import State

PRODID: Final = "-//french_hours//Horaires//FR"
_LINE_OCTETS: Final = 75
_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Event:
    """One stretch of time of a calendar file."""

    uid: str
    """The same from one file to the next, so that a calendar program updates instead of duplicating."""
    start: datetime
    end: datetime
    """Aware moments."""
    summary: str
    stamp: datetime
    """When what it says was last changed."""
    confirmed: bool = True
    description: str | None = None
    address: str | None = None
    url: str | None = None


def calendar_file(title: str, time_zone: str, events: Iterable[Event]) -> str:
    """The file; `time_zone` (IANA) is what calendar programs show the moments in."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        f"PRODID:{PRODID}",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"X-WR-CALNAME:{_escaped(title)}",
        f"X-WR-TIMEZONE:{time_zone}",
        *(line for event in events for line in _lines(event)),
        "END:VCALENDAR",
    ]
    return "".join(f"{part}\r\n" for line in lines for part in _folded(line))


def ics(
    hours: Hours,
    name: str,
    uid: str,
    *,
    start: datetime,
    end: datetime,
    stamp: datetime,
    address: str | None = None,
    url: str | None = None,
) -> str:
    """A calendar of what is open, or to be confirmed, in [start, end[ (aware datetimes).

    `uid` names the place for ever ("places/123@exemple.fr"): an event keeps its UID as long as the
    place opens at that moment. `stamp` is when the hours were last changed. What is unknown for more
    than a day is left out.
    """
    events = (
        Event(
            uid_of(uid, span),
            span.start,
            span.end,
            f"{name}{NBSP}: {_what(span)}",
            stamp,
            span.state is State.OPEN,
            span.comment,
            address,
            url,
        )
        for span in hours.spans(start, end)
        if span.state is State.OPEN or span.end - span.start <= _DAY
    )
    return calendar_file(f"Horaires – {name}", hours.calendar.time_zone, events)


def uid_of(name: str, span: Span) -> str:
    """Of what happens at that moment; `name` is as in `ics`."""
    local, _, host = name.partition("@")
    return f"{local}-{_utc(span.start)}" + (f"@{host}" if host else "")


def _lines(event: Event) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{_escaped(event.uid)}"
    yield f"DTSTAMP:{_utc(event.stamp)}"
    yield f"DTSTART:{_utc(event.start)}"
    yield f"DTEND:{_utc(event.end)}"
    yield f"SUMMARY:{_escaped(event.summary)}"
    if event.description:
        yield f"DESCRIPTION:{_escaped(event.description)}"
    if event.address:
        yield f"LOCATION:{_escaped(event.address)}"
    if event.url:
        yield f"URL:{event.url}"
    yield f"STATUS:{'CONFIRMED' if event.confirmed else 'TENTATIVE'}"
    yield "TRANSP:TRANSPARENT"  # a place that is open keeps nobody busy
    yield "END:VEVENT"


def _what(span: Span) -> str:
    if span.by_appointment:
        return "sur rendez-vous"
    return "ouvert" if span.state is State.OPEN else "à confirmer"


def _utc(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _escaped(text: str) -> str:
    """Text values: backslash, semicolon, comma and line break are escaped; controls are dropped."""
    for plain, escaped in (
        ("\\", "\\\\"),
        (";", "\\;"),
        (",", "\\,"),
        ("\r\n", "\\n"),
        ("\n", "\\n"),
    ):
        text = text.replace(plain, escaped)
    return "".join(char for char in text if char >= " " or char == "\t")


def _folded(line: str) -> Iterator[str]:
    """Lines of at most 75 octets, never cut inside a character; what follows starts with a blank."""
    octets, current = 0, ""
    for char in line:
        size = len(char.encode())
        if octets + size > _LINE_OCTETS:
            yield current
            octets, current = 1, " "
        octets += size
        current += char
    yield current
