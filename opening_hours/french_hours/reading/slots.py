"""Hours of one day, as minutes, and the arithmetic of half-days."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Literal

from french_hours.reading.answers import Refusal
from french_hours.reading.items import Half, Range, Refused

State = Literal["open", "appointment", "unknown"]
NOON = 12 * 60
LUNCH_END = 14 * 60
EVENING = 17 * 60
MIDNIGHT = 24 * 60


@dataclass(frozen=True, slots=True, order=True)
class Slot:
    """Minutes from midnight; an end after 1440 is on the next day."""

    start: int
    end: int
    state: State = "open"
    comment: str = ""


def in_half(slot: Slot, half: Half) -> bool:
    """A morning may last until 14:00, an afternoon begins at noon, an evening at 17:00."""
    if half == "am":
        return slot.start < NOON and slot.end <= LUNCH_END
    if half == "evening":
        return slot.start >= EVENING
    return slot.start >= NOON


def without_half(slots: list[Slot], half: Half | None) -> list[Slot]:
    """What is left when a half-day is closed; all of it is when `half` is None.

    Hours that run through the middle of the day cannot be cut: when they would stop is not said.
    """
    if half is None:
        return []
    kept = [slot for slot in slots if not in_half(slot, half)]
    for slot in kept:
        through_noon = slot.start < NOON and slot.end > LUNCH_END
        through_evening = half == "evening" and slot.end > EVENING + 120
        if through_noon or through_evening:
            raise Refused(Refusal.HALF_DAY_UNCLEAR)
    return kept


def overlap(some: list[Slot], others: list[Slot]) -> bool:
    return any(a.start < b.end and b.start < a.end for a in some for b in others)


def covers(outer: list[Slot], inner: list[Slot]) -> bool:
    return all(any(a.start <= b.start and b.end <= a.end for a in outer) for b in inner)


def minus(slots: list[Slot], hole: Range | Slot) -> list[Slot]:
    parts = [
        part
        for slot in slots
        for part in (
            replace(slot, end=min(slot.end, hole.start)),
            replace(slot, start=max(slot.start, hole.end)),
        )
    ]
    return [part for part in parts if part.start < part.end]


def walk_in_first(slots: list[Slot]) -> list[Slot]:
    """Where walk-in and other hours overlap, the walk-in ones are kept whole."""
    sure = [slot for slot in slots if slot.state == "open"]
    rest = [slot for slot in slots if slot.state != "open"]
    for one in sure:
        rest = minus(rest, one)
    return joined(sure + rest)


def ending_at(slots: list[Slot], minute: int) -> list[Slot]:
    """The same hours with another closing time: «jusqu'à 16h le vendredi»."""
    kept = [slot for slot in sorted(slots) if slot.start < minute]
    if not kept or abs(kept[-1].end - minute) > 4 * 60:
        raise Refused(Refusal.CONTRADICTION)
    if len(kept) < len(slots) and minute > kept[-1].end:
        raise Refused(Refusal.CONTRADICTION)
    return [*kept[:-1], replace(kept[-1], end=minute)]


def joined(slots: list[Slot]) -> list[Slot]:
    """Ranges that touch or overlap in the same state are one: «14h-15h30, 15h30-17h»."""
    result: list[Slot] = []
    for slot in sorted(slots):
        last = result[-1] if result else None
        if (
            last
            and last.end >= slot.start
            and (last.state, last.comment) == (slot.state, slot.comment)
        ):
            result[-1] = replace(last, end=max(last.end, slot.end))
        else:
            result.append(slot)
    return result


def clashing(slots: list[Slot]) -> bool:
    """Whether two of the slots, in order, overlap."""
    return any(before.end > after.start for before, after in pairwise(sorted(slots)))
