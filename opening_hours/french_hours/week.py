"""One week for a page: seven days with their dates, their holidays and their hours."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from french_hours import phrases
from french_hours.clocks import offset_at
from french_hours.hours import Hours, Span
from french_hours.phrases import NBSP
from french_hours.syntax import DAY_MIN, TimeSpan
from french_hours.verdicts import State

_DAY = timedelta(days=1)
_NIGHT = timedelta(hours=6)
"""What ends before 6 in the morning belongs to the evening before."""


@dataclass(frozen=True, slots=True)
class Day:
    date: date
    holiday: str | None
    """Name of the public holiday, whether or not the hours speak of it."""
    school_holiday: str | None
    slots: tuple[str, ...]
    """«de 9 h à 12 h», «de 14 h à 17 h, sur rendez-vous»; empty when closed."""
    state: State
    """Open when some slot is; unknown when the slots are all to be confirmed."""

    @property
    def label(self) -> str:
        """«lundi 23 novembre»."""
        return phrases.full_date(self.date, year=False)


def week_table(hours: Hours, monday: date) -> list[Day]:
    """The seven days from `monday`, in the place's own time zone."""
    calendar = hours.calendar
    start = datetime(monday.year, monday.month, monday.day, tzinfo=calendar.zone)
    slots: dict[date, list[tuple[str, State]]] = {monday + _DAY * i: [] for i in range(7)}
    # A day of margin on both sides: the nights before and after are cut from their evenings.
    for span in hours.spans(start - _DAY, start + 9 * _DAY):
        for day, time_span in _by_day(_wall(hours, span.start), _wall(hours, span.end)):
            if day in slots:
                slots[day].append((_text(time_span, span), span.state))
    public = calendar.holidays("PH", monday, monday + 6 * _DAY)
    school = calendar.holidays("SH", monday, monday + 6 * _DAY)
    return [
        Day(day, public.get(day), school.get(day), tuple(text for text, _ in found), _state(found))
        for day, found in slots.items()
    ]


def _wall(hours: Hours, moment: datetime) -> datetime:
    return (moment + offset_at(hours.calendar.zone, moment)).replace(tzinfo=None)


def _by_day(start: datetime, end: datetime) -> list[tuple[date, TimeSpan]]:
    """A span cut at midnights, save the short night after an evening."""
    pieces: list[tuple[date, TimeSpan]] = []
    while start < end:
        midnight = datetime(start.year, start.month, start.day) + _DAY  # noqa: DTZ001 - wall clock
        stop = end if end <= midnight + _NIGHT and start > midnight - _DAY else min(end, midnight)
        from_min = start.hour * 60 + start.minute
        pieces.append(
            (start.date(), TimeSpan(from_min, from_min + (stop - start) // timedelta(minutes=1)))
        )
        start = stop
    return pieces


def _text(time_span: TimeSpan, span: Span) -> str:
    text = phrases.time_span(time_span)
    if span.state is State.UNKNOWN:
        whole_day = time_span == TimeSpan(0, DAY_MIN)
        remark = f"à confirmer{NBSP}: {span.comment}" if span.comment else "à confirmer"
        return remark if whole_day else f"{text} ({remark})"
    if span.by_appointment:
        return f"{text}, sur rendez-vous"
    return f"{text} ({span.comment})" if span.comment else text


def _state(slots: list[tuple[str, State]]) -> State:
    states = {state for _, state in slots}
    if State.OPEN in states:
        return State.OPEN
    return State.UNKNOWN if states else State.CLOSED
