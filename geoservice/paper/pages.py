"""What a sheet says: made from the rows of the place page and of the list, for the public only."""

import re
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from french_hours import Day, State
from sqlalchemy import Row

from geoservice.clock import day_in_paris
from geoservice.search.answers import Answer
from geoservice.search.form import PICKED, WEEKDAYS
from geoservice.search.pages import HoursShown, ListPage, PlacePage, hours_of
from geoservice.web.svg import Drawing

DENSITIES = (0, 1, 2, 3, 4, 5, 6)
"""14, 13, 12 and closer 12 points, then 12, 11 and 10 without a map: a sheet takes the first that holds on one page."""
LOOKED_AT = 30
"""How many of the nearest places are looked at for those that are not closed all week."""


@dataclass(frozen=True)
class Hours:
    lines: tuple[tuple[str, str], ...]
    """Of the seven days that come, those that are alike together: «du lundi au jeudi», «de 9 h à 12 h»."""
    closed: bool
    """Nothing is open in the seven days that come."""
    on_call: bool
    """Nobody knows, or not for sure: one must telephone."""
    from_day: date | None

    @classmethod
    def of(cls, told: HoursShown | None) -> "Hours":
        if told is None:
            return cls((), closed=False, on_call=True, from_day=None)
        lines = by_hours(told.week)
        return cls(
            lines, closed=not lines, on_call=told.state == State.UNKNOWN, from_day=told.today
        )


def by_hours(week: Sequence[Day]) -> tuple[tuple[str, str], ...]:
    """Days that are alike, from Monday on, and their hours; nothing for a week without any."""
    days: dict[str, list[Day]] = {}
    for day in sorted(week, key=lambda day: day.date.weekday()):
        if day.slots or day.holiday:
            days.setdefault(", ".join(map(str, day.slots)) or "fermé", []).append(day)
    if days.keys() == {"fermé"}:
        return ()
    return tuple((days_said(alike), slots) for slots, alike in days.items())


def days_said(days: Sequence[Day]) -> str:
    """«du lundi au jeudi, samedi»: three days or more that follow are said by their ends."""
    runs: list[list[Day]] = []
    for day in days:
        follows = runs and day.date.weekday() == runs[-1][-1].date.weekday() + 1
        if follows and not day.holiday and not runs[-1][-1].holiday:
            runs[-1].append(day)
        else:
            runs.append([day])
    said: list[str] = []
    for run in runs:
        if len(run) > 2:
            said.append(f"du {_name(run[0])} au {_name(run[-1])}")
        else:
            said += map(_name, run)
    return ", ".join(said)


def _name(day: Day) -> str:
    name = WEEKDAYS[day.date.weekday()]
    return f"{name} {day.date.day} (férié : {day.holiday})" if day.holiday else name


@dataclass(frozen=True)
class PlaceSheet:
    title: str
    place: PlacePage
    hours: Hours
    printed_on: date
    address: str
    """Of the place's page, to be typed."""
    pdf: str
    back: str

    @classmethod
    def of(cls, place: PlacePage, printed_on: date, site: str) -> "PlaceSheet":
        return cls(
            title=f"Fiche à imprimer : {place.title}",
            place=place,
            hours=Hours.of(place.hours),
            printed_on=printed_on,
            address=f"{site}/lieux/{place.id}".partition("://")[2],
            pdf=f"/lieux/{place.id}/fiche.pdf",
            back=f"/lieux/{place.id}",
        )


@dataclass(frozen=True)
class Line:
    number: int
    place: PlacePage
    hours: Hours
    distance_m: float | None

    @property
    def address(self) -> str:
        """Without the postal code: nobody writes a letter from a sheet."""
        return ", ".join(re.sub(r"^\d{5} ", "", one) for one in self.place.address)

    @property
    def week(self) -> Hours:
        """«9 h à 12 h»: the narrow column has no room for «de»."""
        lines = ((days, re.sub(r"\bde (?=\d)", "", slots)) for days, slots in self.hours.lines)
        return replace(self.hours, lines=tuple(lines))


def open_this_week(
    rows: Sequence[Row[Any]], moment: datetime, limit: int
) -> tuple[list[Row[Any]], int]:
    """The first `limit` that are not known to be closed for seven days, and how many were passed over."""
    kept: list[Row[Any]] = []
    closed = 0
    for row in rows:
        if len(kept) == limit:
            break
        known = hours_of(row)
        hours = Hours.of(HoursShown.of(known, moment) if known else None)
        if hours.closed and not hours.on_call:
            closed += 1
        else:
            kept.append(row)
    return kept, closed


@dataclass(frozen=True)
class ListSheet:
    title: str
    heading: str
    criteria: tuple[str, ...]
    lines: tuple[Line, ...]
    more: int
    """How many places answer and are not on the sheet."""
    closed: int
    """How many nearer places were left out, closed all week."""
    unknown_hours: str | None
    drawing: Drawing | None
    printed_on: date
    last_day: date
    """Of the seven that the hours are of."""
    address: str
    pdf: str
    back: str

    @property
    def density(self) -> int:
        """For a browser, which nobody can ask how many pages it makes: what holds on one most often."""
        return bisect_left([4, 6, 8], len(self.lines))

    @classmethod
    def of(
        cls,
        answer: Answer,
        titles: Mapping[str, str],
        announced: Mapping[int, Sequence[Row[Any]]],
        drawing: Drawing | None,
        closed: int,
        site: str,
    ) -> "ListSheet":
        """`announced` are the permanences of each place, by its id."""
        listed = ListPage.of(answer, announced)
        query, moment = answer.resolved.query, answer.resolved.moment
        first = (query.page - 1) * answer.limit + 1
        places: Sequence[tuple[Row[Any], PlacePage]] = [
            (row, PlacePage.of(row, titles, announced[row.id], moment)) for row in answer.rows
        ]
        lines = tuple(
            Line(first + rank, place, Hours.of(place.hours), row.distance_m)
            for rank, (row, place) in enumerate(places)
        )
        return cls(
            title=f"Fiche à imprimer : {listed.heading}",
            heading=_heading(listed.heading, lines),
            criteria=tuple(chip.label for chip in listed.chips if chip.label != PICKED),
            lines=lines,
            more=max(0, answer.total - first + 1 - len(places) - closed),
            closed=closed,
            unknown_hours=listed.unknown_hours,
            drawing=drawing,
            printed_on=day_in_paris(moment),
            last_day=day_in_paris(moment) + timedelta(days=6),
            address=site.partition("://")[2],
            pdf=query.address("/fiche.pdf"),
            back=query.address("/lieux", limite=None, page=None, lieux=None),
        )


def _heading(asked: str, lines: Sequence[Line]) -> str:
    """Says that they are open this week only when it is known of each."""
    if lines and lines[0].number == 1 and all(line.hours.lines for line in lines):
        return asked.replace("Lieux d’aide", "Lieux d’aide ouverts cette semaine", 1)
    return asked
