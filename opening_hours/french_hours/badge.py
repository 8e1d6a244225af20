"""The few words beside a place's name: open until when, or opening when."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from french_hours import phrases
from french_hours.hours import Hours, Span
from french_hours.phrases import NBSP
from french_hours.verdicts import State

UNKNOWN_HOURS: Final = f"Horaires inconnus{NBSP}: mieux vaut téléphoner"

_SOON: Final = timedelta(minutes=30)
_DAY: Final = timedelta(days=1)


def badge(hours: Hours | None, moment: datetime) -> str:
    """What to show at an aware moment; `hours` is None for a place whose hours nobody knows."""
    if hours is None:
        return UNKNOWN_HOURS
    now = hours.state_at(moment)
    if now.state is State.UNKNOWN:
        return "Sur rendez-vous" if now.by_appointment else UNKNOWN_HOURS
    if now.state is State.OPEN:
        return _open(hours, moment)
    return _closed(hours, moment)


def _open(hours: Hours, moment: datetime) -> str:
    first, *others = hours.spans(moment, moment + 8 * _DAY)
    end = first.end
    for span in others:  # a remark that changes is not a closure
        if span.start != end or _kind(span) != _kind(first):
            break
        end = span.end
    word = "Sur rendez-vous" if first.by_appointment else "Ouvert"
    left = end - moment
    if left > _DAY:
        return word if hours.next_change(moment) else f"{word} 24{NBSP}h sur 24"
    until = _hour(hours, end)
    if any(span.start == end and span.state is State.UNKNOWN for span in others):
        return f"{word} jusqu’à {until} au moins"
    goes_on = any(span.start == end for span in others)
    if left <= _SOON and not first.by_appointment and not goes_on:
        minutes = -(-left // timedelta(minutes=1))  # the last minute is still a minute
        return f"Ferme dans {minutes}{NBSP}min"
    return f"{word} jusqu’à {until}"


def _kind(span: Span) -> tuple[State, bool]:
    return span.state, span.by_appointment


def _closed(hours: Hours, moment: datetime) -> str:
    change = hours.next_change(moment)
    if change is None:
        return "Fermé"
    span = hours.spans(change.at, change.at + _DAY)[0]
    when = _when(hours, moment, change.at)
    if span.state is State.UNKNOWN:
        return f"Fermé, à confirmer {when}"
    return f"Sur rendez-vous {when}" if span.by_appointment else f"Ouvre {when}"


def _when(hours: Hours, moment: datetime, then: datetime) -> str:
    zone = hours.calendar.zone
    day, today = then.astimezone(zone).date(), moment.astimezone(zone).date()
    hour = f"à {_hour(hours, then)}"
    days = (day - today).days
    if days == 0:
        return hour
    if days == 1:
        return f"demain {hour}"
    if days < 7:
        return f"{phrases.DAY_NAMES[day.weekday()]} {hour}"
    return f"{phrases.full_date(day, year=day.year != today.year)} {hour}"


def _hour(hours: Hours, moment: datetime) -> str:
    local = moment.astimezone(hours.calendar.zone)
    return phrases.clock(local.hour * 60 + local.minute)
