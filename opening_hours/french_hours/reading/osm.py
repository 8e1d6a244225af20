"""A schedule in OSM syntax, in the subset that the engine evaluates rightly."""

from __future__ import annotations

from itertools import groupby

from french_hours.reading.answers import DAY_CODES, Refusal
from french_hours.reading.items import Refused
from french_hours.reading.schedule import Entry, Key, Layer, Schedule, When
from french_hours.reading.slots import Slot, joined, overlap

_WEEKS = {"odd": "week 1-53/2", "even": "week 2-52/2"}
APPOINTMENT = "sur rendez-vous"
Slots = tuple[Slot, ...]


def osm_of(schedule: Schedule, parity: str = "") -> str:
    """The expression.

    Args:
        schedule: at least one day with hours.
        parity: "odd" or "even" where another column says which weeks; "" for all.
    """
    _school_terms(schedule)
    base = schedule.layers.get(When(), Layer())
    rules = _rules("", base, parity)
    for when, layer in schedule.layers.items():
        if when.period or not when.parity:
            continue
        _add_base(layer, base)
        rules += _rules("", layer, _one_parity(parity, when.parity))
    for when, layer in sorted(schedule.layers.items(), key=_holidays_last):
        if not when.period or when.period == "PH":
            continue
        if when.parity:
            whole = schedule.layers.get(When(when.period), Layer())
            _add_base(layer, whole)
        elif layer.whole and base.entries and not _days(layer) >= _days(base):
            rules.append(f"{when.period} off")
        rules += _rules(when.period, layer, _one_parity(parity, when.parity))
    if (holiday := schedule.layers.get(When("PH"))) and holiday.entries:
        slots = next(iter(holiday.entries.values())).slots
        rules += _states("PH", tuple(slots))
    rules += [f"{selector} off" for selector in dict.fromkeys(schedule.closed)]
    return "; ".join(rules)


def _school_terms(schedule: Schedule) -> None:
    """Hours «en période scolaire» are those of every day but school holidays."""
    terms = [when for when in schedule.layers if when.period == "SCHOOL"]
    if not terms:
        return
    base = schedule.layer(When())
    if any(layer.entries for when, layer in schedule.layers.items() if not when.period):
        _some_days_in_terms(schedule, base, terms)
        return
    schedule.layers.pop(When(), None)
    for when in terms:
        schedule.layers[When("", when.parity)] = schedule.layers.pop(when)
    holidays = [when for when in schedule.layers if when.period == "SH"]
    if not holidays:
        schedule.closed.insert(0, "SH")
    for when in holidays:
        schedule.layers[when].whole = True


def _some_days_in_terms(schedule: Schedule, base: Layer, terms: list[When]) -> None:
    """«lundi 9h-12h, samedi 9h-12h hors vacances scolaires»: only the Saturdays close."""
    schedule.doubts.add("whose holidays", 0.1)
    keys: list[Key] = []
    for when in terms:
        for key, entry in schedule.layers.pop(when).entries.items():
            if when.parity or key[1] or When("SH") in schedule.layers or base.of_day(key[0]):
                raise Refused(Refusal.CONTRADICTION)
            base.entries[key] = entry
            keys.append(key)
    schedule.closed.append(f"SH {selector_of(keys)}")


def _holidays_last(pair: tuple[When, Layer]) -> bool:
    return pair[0].period == "SH"


def _one_parity(outside: str, inside: str) -> str:
    if outside and inside and outside != inside:
        raise Refused(Refusal.CONTRADICTION)
    return outside or inside


def _days(layer: Layer) -> set[int]:
    return {day for day, nth in layer.entries if not nth}


def _add_base(layer: Layer, base: Layer) -> None:
    """A rule for some weeks replaces the day's other hours: repeat those that still hold."""
    for key, entry in layer.entries.items():
        usual = base.entries.get(key)
        if usual is not None and entry.slots and not overlap(usual.slots, entry.slots):
            layer.entries[key] = Entry(sorted(usual.slots + entry.slots), entry.days)


def _rules(prefix: str, layer: Layer, parity: str) -> list[str]:
    for key, entry in list(layer.entries.items()):
        usual = layer.entries.get((key[0], 0))
        if key[1] and usual is not None and entry.slots and not overlap(usual.slots, entry.slots):
            layer.entries[key] = Entry(sorted(usual.slots + entry.slots), entry.days)
    weeks = _WEEKS.get(parity, "")
    before = " ".join(part for part in (prefix, weeks) if part)
    before = f"{weeks} {prefix}" if prefix in ("SH",) and weeks else before
    if prefix and prefix != "SH" and weeks:
        before = f"{prefix} {weeks}"
    plain = {key: entry.slots for key, entry in layer.entries.items() if not key[1]}
    some = {key: entry.slots for key, entry in layer.entries.items() if key[1]}
    return [*_grouped(before, plain), *_grouped(before, some)]


def _grouped(before: str, slots_of: dict[Key, list[Slot]]) -> list[str]:
    """One rule for all the days that share their hours, in the order of the week."""
    by_hours: dict[Slots, list[Key]] = {}
    for key in sorted(slots_of):
        by_hours.setdefault(tuple(joined(slots_of[key])), []).append(key)
    rules: list[str] = []
    for slots, keys in by_hours.items():
        selector = f"{before} {selector_of(keys)}".strip()
        rules += _states(selector, slots)
    return rules


def _states(selector: str, slots: Slots) -> list[str]:
    """One rule, and additional ones after a comma where the day holds several states."""
    if not slots:
        return [f"{selector} off"]
    parts: list[str] = []
    kinds: dict[tuple[str, str], list[Slot]] = {}
    for slot in slots:
        kinds.setdefault((slot.state, slot.comment), []).append(slot)
    for (state, comment), some in sorted(kinds.items(), key=lambda kind: kind[0][0] != "open"):
        hours = ",".join(f"{_clock(slot.start)}-{_clock(slot.end)}" for slot in some)
        match state:
            case "open":
                tail = ""
            case "appointment":
                tail = f' open "{APPOINTMENT}"'
            case _:
                tail = f' unknown "{comment.replace(chr(34), "")}"'
        parts.append(f"{selector} {hours}{tail}")
    return [", ".join(parts)]


def selector_of(keys: list[Key]) -> str:
    """The days in OSM syntax: "Mo-Fr,Sa[1,3]"."""
    plain = sorted({day for day, nth in keys if not nth})
    parts: list[str] = []
    for _, run in groupby(enumerate(plain), lambda pair: pair[1] - pair[0]):
        days = [DAY_CODES[day] for _, day in run]
        parts += [f"{days[0]}-{days[-1]}"] if len(days) > 2 else days
    nths: dict[int, list[int]] = {}
    for day, nth in keys:
        if nth:
            nths.setdefault(day, []).append(nth)
    for day, nth in sorted(nths.items()):
        order = sorted(set(nth), key=lambda n: (n < 0, n))
        parts.append(f"{DAY_CODES[day]}[{','.join(map(str, order))}]")
    return ",".join(parts)


def _clock(minute: int) -> str:
    if minute > 24 * 60:
        minute -= 24 * 60
    return f"{minute // 60:02}:{minute % 60:02}"
