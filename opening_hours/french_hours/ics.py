"""The coming hours of a place as an iCalendar file (RFC 5545), times in UTC."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Final

from french_hours.hours import Hours, Span
from french_hours.phrases import NBSP
from french_hours.verdicts import State

PRODID: Final = "-//french_hours//Horaires//FR"
_LINE_OCTETS: Final = 75
_DAY: Final = timedelta(days=1)


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
    place opens at that moment, so that a calendar program updates instead of duplicating. `stamp` is
    when the hours were last changed. What is unknown for more than a day is left out.
    """
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        f"PRODID:{PRODID}",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"X-WR-CALNAME:{_escaped(f'Horaires – {name}')}",
        f"X-WR-TIMEZONE:{hours.calendar.time_zone}",
    ]
    for span in hours.spans(start, end):
        if span.state is State.OPEN or span.end - span.start <= _DAY:
            lines += _event(span, name, uid, stamp, address, url)
    lines.append("END:VCALENDAR")
    return "".join(f"{part}\r\n" for line in lines for part in _folded(line))


def _event(
    span: Span, name: str, uid: str, stamp: datetime, address: str | None, url: str | None
) -> Iterator[str]:
    place, _, host = uid.partition("@")
    yield "BEGIN:VEVENT"
    yield f"UID:{_escaped(f'{place}-{_utc(span.start)}' + (f'@{host}' if host else ''))}"
    yield f"DTSTAMP:{_utc(stamp)}"
    yield f"DTSTART:{_utc(span.start)}"
    yield f"DTEND:{_utc(span.end)}"
    yield f"SUMMARY:{_escaped(f'{name}{NBSP}: {_what(span)}')}"
    if span.comment:
        yield f"DESCRIPTION:{_escaped(span.comment)}"
    if address:
        yield f"LOCATION:{_escaped(address)}"
    if url:
        yield f"URL:{url}"
    yield f"STATUS:{'CONFIRMED' if span.state is State.OPEN else 'TENTATIVE'}"
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
