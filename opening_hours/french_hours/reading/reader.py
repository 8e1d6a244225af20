"""Reading a whole text, and the confidence of the answer."""

from __future__ import annotations

import re
from datetime import date

from french_hours.reading.already_osm import looks_like_osm, parses, read_osm, split_rules
from french_hours.reading.answers import DAY_CODES, Context, Reading, Refusal
from french_hours.reading.clause import Text
from french_hours.reading.closures import apply_exceptions
from french_hours.reading.grouping import clauses_of
from french_hours.reading.items import Item, Mark, Refused, Times, Words
from french_hours.reading.osm import osm_of
from french_hours.reading.own_sentences import read_own
from french_hours.reading.schedule import Schedule, add_hours, mention_loose_days
from french_hours.reading.sentence import items_of

MAX_CHARS = 4_000
CERTAIN = 0.97
"""Every word was understood: people still mistype their hours."""
LEAST = 0.5
"""Below, a refusal serves better than an answer."""
_SAME = re.compile(r"meme|idem")
_NO_CONTEXT = Context()


def read(text: str, context: Context | None = None, *, today: date | None = None) -> Reading:
    """Read opening hours written in French, or in OSM syntax already.

    Every text gets an answer: OSM syntax that the engine parses, or a refusal with its reason.

    Args:
        text: as typed; any length, any notation.
        context: what other columns of the same row say.
        today: a date without its year is the next such date; without `today`, it is yearly.
    """
    context = context or _NO_CONTEXT
    try:
        return _read(text, context, today)
    except Refused as refused:
        return Reading(
            text, None, refused.confidence, _speaks_of_appointments(text), refused.reason
        )


def _read(text: str, context: Context, today: date | None) -> Reading:
    if len(text) > MAX_CHARS:
        raise Refused(Refusal.TOO_LONG, 0.5)
    parity = _parity(context)
    if looks_like_osm(text):
        osm, by_appointment = read_osm(text)
        return Reading(text, _in_weeks(osm, parity), 0.95, by_appointment, None)
    if (osm := read_own(text, today)) is not None and parses(osm):
        return Reading(text, _in_weeks(osm, parity), CERTAIN, "sur rendez-vous" in osm, None)
    items = items_of(text, in_cell=context.day is not None, today=today)
    said = clauses_of(items)
    schedule = _schedule(said, items, context)
    osm = osm_of(schedule, parity)
    if not parses(osm):
        raise Refused(Refusal.UNREAD_WORDS)
    confidence = round(CERTAIN - schedule.doubts.total, 2)
    if confidence < LEAST:
        raise Refused(Refusal.UNREAD_WORDS, 0.5)
    by_appointment = "appointment:yes" in said.said or schedule.appointments
    return Reading(text, osm, confidence, by_appointment, None)


def _schedule(said: Text, items: list[Item], context: Context) -> Schedule:
    if "gone" in said.said:
        raise Refused(Refusal.NEVER_OPEN)
    if any(isinstance(i, Mark) and i.kind == "elsewhere" and _SAME.search(i.value) for i in items):
        raise Refused(Refusal.REFERS_ELSEWHERE)
    schedule = Schedule(doubts=said.doubts)
    days = _default_days(context)
    try:
        public = add_hours(said, schedule, days, sure=context.day is not None)
        apply_exceptions(said.clauses, public, schedule, days)
    except Refused as refused:
        if not any(isinstance(item, Times) for item in items):
            raise Refused(_why_no_hours(said, items, refused.reason)) from None
        raise
    if not schedule.has_hours:
        raise Refused(_why_no_hours(said, items, Refusal.NO_HOURS))
    mention_loose_days(schedule)
    if context.day is not None:
        _only(schedule, DAY_CODES.index(context.day))
    if said.unread or "exceptional" in said.said:
        raise Refused(Refusal.UNREAD_WORDS)
    if "elsewhere" in said.said:
        schedule.doubts.add("refers elsewhere too", 0.08)
    return schedule


def _default_days(context: Context) -> tuple[int, ...]:
    named = (context.day,) if context.day else context.days
    return tuple(DAY_CODES.index(day) for day in named)


def _only(schedule: Schedule, day: int) -> None:
    """A cell of Monday's column that speaks of Tuesday is a slip of the source."""
    for layer in schedule.layers.values():
        if any(key[0] != day for key in layer.entries):
            raise Refused(Refusal.CONTRADICTION)


def _why_no_hours(said: Text, items: list[Item], reason: Refusal) -> Refusal:
    days = any(clause.days for clause in said.clauses)
    kinds = {clause.kind for clause in said.clauses}
    closing = "closed" in kinds or any(clause.marks("closed") for clause in said.clauses)
    if reason in (Refusal.START_ONLY, Refusal.RESTRICTED, Refusal.SEASON_UNDATED):
        return reason
    if "elsewhere" in said.said:
        return Refusal.REFERS_ELSEWHERE
    if "exceptional" in said.said:
        return Refusal.NO_HOURS
    if "appointment:yes" in said.said:
        return Refusal.APPOINTMENT_ONLY
    if closing:
        return Refusal.NEVER_OPEN if not _other_words(items) or not days else Refusal.NO_TIME
    if "restricted" in said.said:
        return Refusal.RESTRICTED
    if "rarely" in said.said and days:
        return Refusal.PARITY_UNKNOWN
    return Refusal.NO_TIME if days else Refusal.NO_HOURS


def _other_words(items: list[Item]) -> bool:
    return sum(isinstance(item, Words) for item in items) > 6


_APPOINTMENT = re.compile(r"(?<!sans )(?:rendez[- ]?vous|\brdv\b|à la demande|réservation)", re.I)


def _speaks_of_appointments(text: str) -> bool:
    return _APPOINTMENT.search(text[:MAX_CHARS]) is not None


def _parity(context: Context) -> str:
    week = (context.week or "").lower()
    return "odd" if "impair" in week else "even" if "pair" in week else ""


def _in_weeks(osm: str, parity: str) -> str:
    if not parity:
        return osm
    weeks = "week 1-53/2 " if parity == "odd" else "week 2-52/2 "
    rules = split_rules(osm)
    return "; ".join(rule if re.match(r"PH|SH|week", rule) else weeks + rule for rule in rules)
