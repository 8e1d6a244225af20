"""A permanence as people read it: when, who, what for, and the next time."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from french_hours import Span, State, phrases, say
from sqlalchemy import Row

from geoservice.mediators.names import full_name
from geoservice.permanences.presence import Absent, absences, next_presence, rhythm
from geoservice.places.vocabulary import Service


@dataclass(frozen=True)
class Announced:
    """What a page of this site shows of one permanence."""

    sentence: str
    """The whole rhythm, in French."""
    next_time: str | None
    """«mardi 24 novembre à 14 h»; None when there is none in the weeks whose hours are known."""
    name: str | None
    """None when the person did not agree to be named here: somebody is present."""
    mediator: str | None
    """Public id, for those who have a page."""
    by_appointment: bool
    services: tuple[str, ...]
    note: str | None
    valid_from: date | None
    """None when it has begun already."""
    valid_until: date | None
    absences: tuple[Absent, ...]
    starts: datetime | None
    """Of `next_time`."""

    @classmethod
    def of(cls, row: Row[Any], moment: datetime) -> "Announced":
        today = moment.astimezone(rhythm(row).calendar.zone).date()
        coming = next_presence(row, moment)
        return cls(
            sentence=say(row.expression),
            next_time=when(coming, row, moment) if coming else None,
            name=full_name(row),
            mediator=row.mediator,
            by_appointment=row.by_appointment,
            services=service_labels(row.services),
            note=row.note,
            valid_from=row.valid_from if row.valid_from and row.valid_from > today else None,
            valid_until=row.valid_until,
            absences=absences(row, today),
            starts=coming.start if coming else None,
        )


def at_place(rows: Iterable[Row[Any]], moment: datetime) -> tuple[Announced, ...]:
    """The permanences of one place, the soonest first; those without a date to come are last."""
    far = datetime.max.replace(tzinfo=moment.tzinfo)
    announced = (Announced.of(row, moment) for row in rows)
    return tuple(sorted(announced, key=lambda one: one.starts or far))


def when(span: Span, row: Row[Any], moment: datetime) -> str:
    """«en ce moment, jusqu’à 17 h», «aujourd’hui à 14 h», «mardi 24 novembre à 14 h»."""
    zone = rhythm(row).calendar.zone
    start, end, now = (at.astimezone(zone) for at in (span.start, span.end, moment))
    unsure = _unsure(span, row, start)
    if start <= now < end:
        return f"en ce moment, jusqu’à {_clock(end)}{unsure}"
    return f"{_day(start, now)} à {_clock(start)}{unsure}"


def between(span: Span, row: Row[Any], moment: datetime) -> str:
    """«mardi 24 novembre de 14 h à 17 h», «aujourd’hui de 14 h à 17 h»."""
    zone = rhythm(row).calendar.zone
    start, end, now = (at.astimezone(zone) for at in (span.start, span.end, moment))
    return f"{_day(start, now)} de {_clock(start)} à {_clock(end)}{_unsure(span, row, start)}"


def _day(start: datetime, now: datetime) -> str:
    days = (start.date() - now.date()).days
    if days == 0:
        return "aujourd’hui"
    if days == 1:
        return "demain"
    return phrases.full_date(start.date(), year=start.year != now.year)


def _unsure(span: Span, row: Row[Any], start: datetime) -> str:
    unsure = span.state is State.UNKNOWN or is_holiday(row, start.date())
    return ", à confirmer" if unsure else ""


def is_holiday(row: Row[Any], day: date) -> bool:
    """Whether a public holiday leaves it open that nobody comes: the rhythm says nothing of holidays."""
    hours = rhythm(row)
    return "PH" not in hours.expression and bool(hours.calendar.holidays("PH", day, day))


def _clock(local: datetime) -> str:
    return phrases.clock(local.hour * 60 + local.minute)


def service_labels(values: Sequence[str]) -> tuple[str, ...]:
    return tuple(Service(value).label for value in values if value in set(Service))


def as_data(row: Row[Any], moment: datetime) -> dict[str, Any]:
    """One permanence as JSON, from a row of AT_PLACES_AS_DATA."""
    coming = next_presence(row, moment)
    zone = rhythm(row).calendar.zone
    today = moment.astimezone(zone).date()
    return {
        "id": row.public_id,
        "horaires": row.expression,
        "phrase": say(row.expression),
        "du": row.valid_from,
        "au": row.valid_until,
        "absences": [{"du": one.first_day, "au": one.last_day} for one in absences(row, today)],
        "sur_rendez_vous": row.by_appointment,
        "services": list(row.services),
        "note": row.note,
        "mediateur": row.mediator
        and {
            "id": row.mediator,
            "nom": full_name(row),
        },
        "prochaine": coming
        and {
            "debut": coming.start.astimezone(zone),
            "fin": coming.end.astimezone(zone),
            "a_confirmer": coming.state is State.UNKNOWN
            or is_holiday(row, coming.start.astimezone(zone).date()),
        },
    }
