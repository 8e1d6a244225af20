"""Which marks speak of which times, inside one clause.

«8h30-12h30 sans rendez-vous et 12h30-16h30 avec rendez-vous»: said after, up to the previous one.
«semaine paire 9h-12h, semaine impaire 14h-17h»: said before, until the next one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from french_hours.reading.clause import Clause
from french_hours.reading.items import Break, Half, Item, Mark, Nth, Period, Range, Times

# «tous les 15 jours (semaines paires)»: the parity says which ones
_EVERY_OTHER = re.compile(r"15|quinz|sur (?:2|deux)|les (?:2|deux)|alternan")


@dataclass(frozen=True, slots=True)
class Hours:
    """Ranges with all that qualifies them."""

    ranges: tuple[Range, ...]
    parity: str = ""
    rarely: str = ""
    appointment: str = ""
    appointment_half: Half | None = None
    """The appointment is for that half-day only."""
    nth: tuple[int, ...] = ()
    period: Period | None = None
    heading: bool = False
    """The period is a heading: it speaks of the whole week."""


def hours_of(clause: Clause) -> list[Hours]:
    """The hours that a clause states."""
    hours = [_qualified(clause, item) for item in clause.times()]
    return _share_before_or(clause, hours)


def _qualified(clause: Clause, times: Times) -> Hours:
    marks = clause.scope.marks
    parity = _governing(clause, times, "parity")
    rarely = _governing(clause, times, "rarely")
    appointment = _governing(clause, times, "appointment")
    nth = _governing(clause, times, "nth")
    period = _governing(clause, times, "period")
    weeks = _value(parity) or marks.get("parity", "")
    rhythm = _value(rarely) or marks.get("rarely", "")
    return Hours(
        times.ranges,
        parity=weeks,
        rarely="" if weeks and _EVERY_OTHER.search(rhythm) else rhythm,
        appointment=_value(appointment) or marks.get("appointment", ""),
        appointment_half=_half_beside(clause, appointment),
        nth=nth.nth if isinstance(nth, Nth) else (),
        period=period if isinstance(period, Period) else clause.scope.period,
        heading=period is None and clause.scope.period is not None,
    )


def _value(item: Item | None) -> str:
    return item.value if isinstance(item, Mark) else ""


def _is(item: Item, kind: str) -> bool:
    match item:
        case Mark():
            return item.kind == kind
        case Nth():
            return kind == "nth"
        case Period():
            return kind == "period" and item.kind != "PH"
        case _:
            return False


def _governing(clause: Clause, times: Times, kind: str) -> Item | None:
    body = clause.body
    places = [
        index
        for index, item in enumerate(body)
        if _is(item, kind) and not _additional(clause, index)
    ]
    if not places:
        return None
    at = next(index for index, item in enumerate(body) if item is times)
    first = next(index for index, item in enumerate(body) if isinstance(item, Times))
    if places[0] < first:
        return body[max(index for index in places if index < at)]
    after = [index for index in places if index > at]
    return body[after[0]] if after else None


def _additional(clause: Clause, index: int) -> bool:
    """«de 9h à 12h et sur rendez-vous», «9h-12h, l'après-midi sur rendez-vous»: besides these hours."""
    body = clause.body
    mark = body[index]
    if not isinstance(mark, Mark) or mark.kind != "appointment" or index == 0:
        return False
    if any(isinstance(item, Times) for item in body[index:]):
        return False
    before = body[index - 1]
    if isinstance(before, Mark) and before.kind == "half":
        return not _has_times_in(clause, before.value)
    return isinstance(before, Break) and before.text in ("et", "ou", "&", "+")


def _has_times_in(clause: Clause, half: str) -> bool:
    starts = [one.start for item in clause.times() for one in item.ranges]
    return (
        any(start >= 12 * 60 for start in starts)
        if half != "am"
        else any(start < 12 * 60 for start in starts)
    )


def _half_beside(clause: Clause, appointment: Item | None) -> Half | None:
    """«9h-12h / 14h-17h (sur rendez-vous l'après-midi)»"""
    if appointment is None:
        return None
    at = next(index for index, item in enumerate(clause.body) if item is appointment)
    for index in (at + 1, at - 1):
        if 0 <= index < len(clause.body):
            beside = clause.body[index]
            if isinstance(beside, Mark) and beside.kind == "half":
                return "am" if beside.value == "am" else "pm"
    return None


def _share_before_or(clause: Clause, hours: list[Hours]) -> list[Hours]:
    """«10h-12h ; 14h-16h (semaine paire) ou 16h-18h (semaine impaire)»: the first is common."""
    if len(hours) != 2 or {one.parity for one in hours} != {"odd", "even"}:
        return hours
    has_or = any(isinstance(item, Break) and item.text == "ou" for item in clause.body)
    first, second = hours
    cut = len(first.ranges) - len(second.ranges)
    if not has_or or cut <= 0:
        return hours
    common = replace(first, ranges=first.ranges[:cut], parity="")
    return [common, replace(first, ranges=first.ranges[cut:]), second]
