"""Hours in whatever layout a source has, into opening_hours."""

import re
from collections.abc import Callable
from datetime import date
from itertools import zip_longest

from french_hours import check
from french_hours.reading import Context, Reading, read, read_week

from geoservice.imports.cleaning import Cleaned, Refused
from geoservice.imports.conditions import cut
from geoservice.imports.rows import Row, fold
from geoservice.imports.rules import HoursRule

SURE = 0.8
"""Confidence from which a reading is published: below, the library asks for somebody's eyes."""
LONGEST = 1000
"""Characters; the schedules' index holds no more than two thousand."""
DAYS = {
    "lundi": "Mo",
    "mardi": "Tu",
    "mercredi": "We",
    "jeudi": "Th",
    "vendredi": "Fr",
    "samedi": "Sa",
    "dimanche": "Su",
}
ENGLISH = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
SLOT_DAYS = {
    name: code
    for rank, (french, code) in enumerate(DAYS.items(), start=1)
    for name in (
        french,
        french[:3],
        code.lower(),
        ENGLISH[rank - 1],
        ENGLISH[rank - 1][:3],
        str(rank),
    )
}
"""How programs name a day; «mar» is mardi, and March is not one."""
LONE_TIME = re.compile(r"\d{1,2}(?: ?[:hH] ?(?:\d{2})?)")
TIME = re.compile(r"^(\d{1,2}:\d{2}):\d{2}.*$")
"""«09:00:00»: nobody opens at a second."""
WEEKS = {"odd": "semaines impaires", "even": "semaines paires"}


def hours_of(rule: HoursRule, row: Row, today: date) -> tuple[str, Callable[[], Cleaned[str]]]:
    """What a row says of the hours, empty when nothing, and the reading of it, which may refuse."""
    if rule.week or rule.slots:
        cells = _slots(rule, rule.slots, row) if rule.slots else _cells(rule, row)
        raw = " / ".join(
            f"{day} {' ; '.join(filter(None, cell))}" for day, cell in cells.items() if any(cell)
        )
        unknown = [day for day in cells if day not in DAYS.values()]
        if unknown:
            return raw, lambda: _unknown_day(unknown[0])
        return raw, lambda: _understood(read_week(cells, week=_weeks(rule, row), today=today), raw)
    raw = _text(rule, row)
    weeks = _weeks(rule, row)
    if rule.syntax == "osm" and not weeks:
        return raw, lambda: read_osm(raw)
    context = Context(days=_days(rule, row), week=weeks)
    return raw, lambda: _understood(read(raw, context, today=today), raw)


def _cells(rule: HoursRule, row: Row) -> dict[str, list[str]]:
    return {
        day: _paired([row.text(column) for column in columns]) for day, columns in rule.week.items()
    }


def _paired(cells: list[str]) -> list[str]:
    """Starts and ends in columns of their own, put together: «9:00», «12:00» is «9:00-12:00»."""
    times = [TIME.sub(r"\1", cell) for cell in cells if cell]
    if not times or len(times) % 2 or not all(map(LONE_TIME.fullmatch, times)):
        return cells
    return [f"{start}-{end}" for start, end in zip(times[::2], times[1::2], strict=True)]


def _slots(rule: HoursRule, column: str, row: Row) -> dict[str, list[str]]:
    """Day → «09:00-12:00» of each of its slots; a slot without times says nothing.

    A slot may hold lists, «plages.debut» and «plages.fin»: their elements go by pairs.
    """
    cells: dict[str, list[str]] = {}
    names = {fold(theirs): ours for theirs, ours in rule.names.items()}
    for number, element in enumerate(row.elements(column)):
        slot = Row(number, element)
        times = (
            [TIME.sub(r"\1", text) for text in slot.texts(part)]
            for part in (rule.opens, rule.closes)
        )
        spans = ["-".join(pair) for pair in zip_longest(*times, fillvalue="")]
        for named in slot.texts(rule.day) if spans else ():
            day = names.get(fold(named)) or SLOT_DAYS.get(fold(named.rpartition("/")[2]), named)
            cells.setdefault(day, []).extend(spans)
    return cells


def _unknown_day(named: str) -> Cleaned[str]:
    raise Refused(f"horaires illisibles : « {named} » n’est pas un jour ; dites-le dans « names »")


def read_osm(raw: str) -> Cleaned[str]:
    """An expression as the source wrote it, once it is known that it can be read."""
    text = " ".join(raw.split())
    if len(text) > LONGEST:
        raise Refused("horaires trop longs")
    for fault in check(text):
        if fault.kind.fatal:
            raise Refused(f"horaires illisibles : {fault.hint}")
    return Cleaned(text)


def _text(rule: HoursRule, row: Row) -> str:
    if rule.value:
        return rule.value
    if rule.join:
        text = rule.glue.join(filter(None, (row.text(column) for column in rule.join)))
    else:
        text = next(filter(None, (row.text(column) for column in rule.columns)), "")
    return re.sub(rule.remove, "", text).strip() if rule.remove else text


def _days(rule: HoursRule, row: Row) -> tuple[str, ...]:
    """The days of another column: «{Lundi,Mardi}», «lundi, mardi», «lundi au vendredi»."""
    if rule.days is None:
        return ()
    text = fold(row.text(rule.days))
    named = [DAYS[word] for word in text.split("-") if word in DAYS]
    codes = list(DAYS.values())
    if "-au-" in text and len(named) == 2:
        return tuple(codes[codes.index(named[0]) : codes.index(named[1]) + 1])
    return tuple(sorted(set(named), key=codes.index))


def _weeks(rule: HoursRule, row: Row) -> str | None:
    if rule.weeks_from is None:
        return None
    text = row.text(rule.weeks_from)
    for word in cut(text, ("|", ";")):
        for theirs, ours in rule.weeks.items():
            if fold(theirs) == fold(word):
                return WEEKS[ours]
    return text or None


def _understood(reading: Reading, raw: str) -> Cleaned[str]:
    if reading.osm is None:
        assert reading.reason  # noqa: S101 - the library's promise
        raise Refused(f"horaires illisibles : {reading.reason.sentence}")
    if reading.confidence < SURE:
        raise Refused(f"horaires lus avec un doute, à confirmer : « {reading.osm} »")
    if len(reading.osm) > LONGEST:
        raise Refused("horaires trop longs")
    return Cleaned(reading.osm, ("horaires lus dans le texte",) if reading.osm != raw else ())
