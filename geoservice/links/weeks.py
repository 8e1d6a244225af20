"""Hours between the boxes of a form and an OSM expression: seven days, and the days of closing."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from french_hours import Context, check, phrases, read, read_week
from french_hours.grammar import parse
from french_hours.reading import Refusal
from french_hours.syntax import DateRange, Holiday, MonthDay, Rule, TimeSpan, written

from geoservice.imports.cleaning import Refused
from geoservice.imports.hours import LONGEST

DAYS = {
    "Mo": "Lundi",
    "Tu": "Mardi",
    "We": "Mercredi",
    "Th": "Jeudi",
    "Fr": "Vendredi",
    "Sa": "Samedi",
    "Su": "Dimanche",
}
CLOSURES_MAX = 12
CELL_MAX = 120


@dataclass(frozen=True, order=True)
class Closure:
    """From the first day to the last one, closed."""

    first: date
    last: date

    @property
    def label(self) -> str:
        """«du 3 au 24 août 2026»."""
        return phrases.date_range(self.dates)

    @property
    def dates(self) -> DateRange:
        first, last = (MonthDay(d.month, d.day, d.year) for d in (self.first, self.last))
        return DateRange(first, last if last != first else None)


@dataclass(frozen=True)
class Plan:
    """What an expression says, as far as the boxes can say it."""

    cells: Mapping[str, str] | None
    """Day code → French; an absent day is closed. None when the hours are no plain week."""
    holidays_off: bool
    closures: tuple[Closure, ...]
    rest: tuple[Rule, ...] = field(repr=False, default=())
    """Everything but the closures."""


def plan_of(osm: str | None) -> Plan:
    """Raises InvalidHours when the expression cannot be read."""
    if not osm:
        return Plan({}, False, ())
    rules, _ = parse(osm)
    closures = [found for rule in rules if (found := _closure(rule))]
    rest = tuple(rule for rule in rules if not _closure(rule))
    holidays_off = any(_is_holidays_off(rule) for rule in rest)
    weekly = [rule for rule in rest if not _is_holidays_off(rule)]
    return Plan(_cells(weekly), holidays_off, tuple(sorted(closures)), rest)


def _closure(rule: Rule) -> Closure | None:
    if rule.modifier != "closed" or len(rule.dates) != 1 or rule.comment:
        return None
    if rule.years or rule.weeks or rule.holidays or rule.weekdays or rule.times:
        return None
    one = rule.dates[0]
    first, last = (_day(of, one.first.year) for of in (one.first, one.last or one.first))
    return Closure(first, last) if first and last else None


def _day(of: MonthDay, year: int | None) -> date | None:
    year = of.year or year
    if not (of.month and of.day and year) or of.offset_days:
        return None
    try:
        return date(year, of.month, of.day)
    except ValueError:
        return None


def _is_holidays_off(rule: Rule) -> bool:
    return str(rule) == "PH off" and rule.holidays == (Holiday("PH"),)


def _cells(rules: list[Rule]) -> Mapping[str, str] | None:
    week: dict[int, tuple[TimeSpan, ...]] = {}
    for rule in rules:
        if not _is_plain(rule):
            return None
        days = {day for span in rule.weekdays for day in span.days()} or set(range(7))
        for day in days:
            added = rule.separator == ","
            week[day] = (*week.get(day, ()), *rule.times) if added else rule.times
    return {
        code: phrases.time_spans(times)
        for rank, code in enumerate(DAYS)
        if (times := week.get(rank))
    }


def _is_plain(rule: Rule) -> bool:
    other = rule.years or rule.dates or rule.weeks or rule.holidays or rule.comment or rule.always
    times = all(t.end_min is not None and not t.open_end and not t.events for t in rule.times)
    days = all(not d.nths and not d.offset_days for d in rule.weekdays)
    state = (rule.modifier == "closed" and not rule.times) or (rule.modifier is None and rule.times)
    return bool(state) and not other and times and days and rule.separator != "||"


def week_expression(
    cells: Mapping[str, str], *, holidays_off: bool, closures: tuple[Closure, ...], today: date
) -> tuple[str | None, Mapping[str, str]]:
    """The expression, and what must be corrected by day code. Raises Refused when no day is open."""
    faults: dict[str, str] = {}
    for code, text in cells.items():
        if not text:
            continue
        reading = read(text[:CELL_MAX], Context(day=code), today=today)
        if len(text) > CELL_MAX:
            faults[code] = f"Ce texte est trop long : {CELL_MAX} caractères au plus."
        elif reading.osm is None and reading.reason is not Refusal.NEVER_OPEN:
            why = reading.reason.sentence if reading.reason else ""
            faults[code] = f"Ces heures n’ont pas été comprises. {why}".strip()
    if faults:
        return None, faults
    reading = read_week(cells, today=today)
    if reading.osm is None:
        raise Refused("Dites au moins un jour où le lieu est ouvert.")
    base, _ = parse(reading.osm)
    if holidays_off:
        base += (Rule(holidays=(Holiday("PH"),), modifier="closed"),)
    return with_closures(base, closures, today), {}


def with_closures(base: tuple[Rule, ...], closures: tuple[Closure, ...], today: date) -> str:
    """The expression of `base`, closed on these days; those that are over are left out."""
    coming = sorted({one for one in closures if one.last >= today})
    if len(coming) > CLOSURES_MAX:
        raise Refused(f"{CLOSURES_MAX} fermetures au plus : retirez-en une.")
    rules = (*base, *(Rule(dates=(one.dates,), modifier="closed") for one in coming))
    osm = written(rules)
    if len(osm) > LONGEST or check(osm):
        raise Refused("Ces horaires sont trop compliqués : écrivez-les plutôt en une phrase.")
    return osm
