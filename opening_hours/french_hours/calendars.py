"""What a place's département or collectivité decides: time zone, public holidays, school holidays.

The tables are in `data/`, with their sources. Public holidays are those of the law (code du travail
L3133-1, L3134-13, L3422-2, and the codes of the Pacific collectivités); days that are merely usual
(Schœlcher, mi-carême) are left out. School holidays run from the Saturday when classes end to the
eve of their resumption; Corse and the overseas académies publish late, hence shorter tables.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache, lru_cache
from importlib.resources import files
from typing import Final
from zoneinfo import ZoneInfo

from french_hours.syntax import HolidayKind

PUBLIC_FIRST_YEAR: Final = 1982
"""8 May is a holiday again since then."""
PUBLIC_LAST_YEAR: Final = 2099
"""Beyond, nobody knows which days the law will keep."""

_ONE_DAY: Final = timedelta(days=1)

# Code of the commune before it became a collectivité, or of a collectivité before it changed.
_FORMER: Final = {"97123": "977", "97127": "978", "985": "976", "6AE": "67"}

_NATIONAL: Final = {
    "01-01": "Jour de l’an",
    "easter+1": "Lundi de Pâques",
    "05-01": "Fête du Travail",
    "05-08": "Victoire 1945",
    "easter+39": "Ascension",
    "easter+50": "Lundi de Pentecôte",
    "07-14": "Fête nationale",
    "08-15": "Assomption",
    "11-01": "Toussaint",
    "11-11": "Armistice 1918",
    "12-25": "Noël",
}


class UnknownTerritory(KeyError):
    """No département or collectivité has this code."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code

    def __str__(self) -> str:
        return f"Aucun département ni collectivité ne correspond au code « {self.code} »."


@dataclass(frozen=True, slots=True)
class SchoolHoliday:
    first: date
    last: date
    """The last day without class, included."""
    name: str

    def __iter__(self) -> Iterator[date | str]:
        return iter((self.first, self.last, self.name))


@dataclass(frozen=True, slots=True)
class Calendar:
    """The civil calendar of a territory. Two places whose calendars have one `key` share schedules."""

    code: str
    """Département or collectivité: "04", "2A", "974"."""
    name: str
    zone: ZoneInfo
    school_zone: str
    """"A", "B", "C", "Corse", an académie overseas; "" where no table is published."""

    @property
    def time_zone(self) -> str:
        return self.zone.key

    @property
    def key(self) -> str:
        local = "+".join(sorted(day for day, *_ in _local_holidays().get(self.code, ())))
        return f"{self.time_zone}|{self.school_zone}|{local}"

    def public_holidays(self, year: int) -> dict[date, str]:
        """Days and French names, in order; empty outside PUBLIC_FIRST_YEAR..PUBLIC_LAST_YEAR."""
        return dict(_public_holidays(self.code, year))

    @property
    def school_holidays(self) -> tuple[SchoolHoliday, ...]:
        """Periods in order, between `known_from` and `known_until`."""
        return _school_holidays().get(self.school_zone, ())

    @property
    def known_from(self) -> date:
        """First day of the table of school holidays; `date.max` when there is none."""
        return _school_zones().get(self.school_zone, (date.max, date.min))[0]

    @property
    def known_until(self) -> date:
        """Last day of the table of school holidays; `date.min` when there is none."""
        return _school_zones().get(self.school_zone, (date.max, date.min))[1]

    def knows(self, kind: HolidayKind, first: date, last: date) -> bool:
        """Whether it is known which days from `first` to `last` are holidays of this kind."""
        if kind == "PH":
            return first.year >= PUBLIC_FIRST_YEAR and last.year <= PUBLIC_LAST_YEAR
        return first >= self.known_from and last <= self.known_until

    def holidays(self, kind: HolidayKind, first: date, last: date) -> dict[date, str]:
        """Known holidays of this kind from `first` to `last`, both included, in order."""
        found: dict[date, str] = {}
        if kind == "PH":
            for year in range(first.year, last.year + 1):
                found |= _public_holidays(self.code, year)
        else:
            for period in self.school_holidays:
                if period.last >= first and period.first <= last:
                    length = (period.last - period.first).days + 1
                    found |= {period.first + _ONE_DAY * i: period.name for i in range(length)}
        return {day: name for day, name in found.items() if first <= day <= last}


def calendar_of(code: str) -> Calendar:
    """The calendar of a commune (INSEE code, current or former) or of a département.

    Raises UnknownTerritory (a KeyError) when nothing in France has this code.
    """
    return _calendar_of(code.strip().upper())


@cache
def _calendar_of(code: str) -> Calendar:
    territories = _territories()
    if 2 <= len(code) <= 5:
        # The longest prefix wins: the Marquesas are half an hour from the rest of French Polynesia.
        for length in (5, 3, 2):
            prefix = _FORMER.get(code[:length], code[:length])
            if prefix in territories:
                name, time_zone, school_zone = territories[prefix]
                departement = prefix[:3] if prefix[:2] in ("97", "98") else prefix[:2]
                return Calendar(departement, name, ZoneInfo(time_zone), school_zone)
    raise UnknownTerritory(code)


def easter(year: int) -> date:
    """Easter Sunday of the Gregorian calendar.

    Source: the "anonymous" computus of Nature, 20 April 1876, as given by Meeus.
    """
    century, rest = divmod(year, 100)
    golden = year % 19
    moon = (
        19 * golden + century - century // 4 - (century - (century + 8) // 25 + 1) // 3 + 15
    ) % 30
    weekday = (32 + 2 * (century % 4) + 2 * (rest // 4) - moon - rest % 4) % 7
    late = (golden + 11 * moon + 22 * weekday) // 451
    month, day = divmod(moon + weekday - 7 * late + 114, 31)
    return date(year, month, day + 1)


@lru_cache(maxsize=4096)
def _public_holidays(code: str, year: int) -> dict[date, str]:
    if not PUBLIC_FIRST_YEAR <= year <= PUBLIC_LAST_YEAR:
        return {}
    found = {_day(rule, year): name for rule, name in _NATIONAL.items()}
    for rule, name, first_year, last_year in _local_holidays().get(code, ()):
        if first_year <= year <= last_year:
            found.setdefault(_day(rule, year), name)
    return dict(sorted(found.items()))


def _day(rule: str, year: int) -> date:
    if rule.startswith("easter"):
        return easter(year) + timedelta(days=int(rule.removeprefix("easter")))
    month, day = rule.split("-")
    return date(year, int(month), int(day))


def _rows(name: str) -> list[dict[str, str]]:
    text = (files("french_hours") / "data" / name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


@cache
def _territories() -> dict[str, tuple[str, str, str]]:
    return {
        row["code"]: (row["name"], row["time_zone"], row["school_zone"])
        for row in _rows("territories.csv")
    }


@cache
def _local_holidays() -> dict[str, list[tuple[str, str, int, int]]]:
    found: dict[str, list[tuple[str, str, int, int]]] = defaultdict(list)
    for row in _rows("local_holidays.csv"):
        first, last = row["first_year"] or PUBLIC_FIRST_YEAR, row["last_year"] or PUBLIC_LAST_YEAR
        found[row["departement"]].append((row["day"], row["name"], int(first), int(last)))
    return dict(found)


@cache
def _school_zones() -> dict[str, tuple[date, date]]:
    return {
        row["zone"]: (date.fromisoformat(row["known_from"]), date.fromisoformat(row["known_until"]))
        for row in _rows("school_zones.csv")
    }


@cache
def _school_holidays() -> dict[str, tuple[SchoolHoliday, ...]]:
    found: dict[str, list[SchoolHoliday]] = defaultdict(list)
    for row in _rows("school_holidays.csv"):
        first, last = date.fromisoformat(row["first"]), date.fromisoformat(row["last"])
        found[row["zone"]].append(SchoolHoliday(first, last, row["name"]))
    return {zone: tuple(periods) for zone, periods in found.items()}
