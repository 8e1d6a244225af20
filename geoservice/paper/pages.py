"""What a sheet says: made from the rows of the place page and of the list, for the public only."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from french_hours import Day, State
from sqlalchemy import Row

from geoservice.clock import day_in_paris
from geoservice.search.answers import Answer
from geoservice.search.form import WEEKDAYS
from geoservice.search.pages import HoursShown, ListPage, PlacePage
from geoservice.web.svg import Drawing

DENSITIES = (0, 1, 2, 3, 4)
"""From the largest type to the smallest: a sheet takes the first that holds on one page. The last has no map."""


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
    def of(cls, place: PlacePage) -> "Hours":
        if place.hours is None:
            return cls((), closed=False, on_call=True, from_day=None)
        lines = _alike(place.hours)
        return cls(
            lines,
            closed=not lines,
            on_call=place.hours.state == State.UNKNOWN,
            from_day=place.hours.today,
        )


def _alike(hours: HoursShown) -> tuple[tuple[str, str], ...]:
    days: dict[str, list[Day]] = {}
    for day in sorted(hours.week, key=lambda day: day.date.weekday()):
        if day.slots:
            days.setdefault(", ".join(map(str, day.slots)), []).append(day)
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
            hours=Hours.of(place),
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


@dataclass(frozen=True)
class ListSheet:
    title: str
    heading: str
    criteria: tuple[str, ...]
    lines: tuple[Line, ...]
    more: int
    """How many places answer and are not on the sheet."""
    unknown_hours: str | None
    drawing: Drawing | None
    printed_on: date
    address: str
    pdf: str
    back: str

    @classmethod
    def of(
        cls,
        answer: Answer,
        titles: Mapping[str, str],
        announced: Mapping[int, Sequence[Row[Any]]],
        drawing: Drawing | None,
        site: str,
    ) -> "ListSheet":
        """`announced` are the permanences of each place, by its id."""
        listed = ListPage.of(answer, announced)
        query, moment = answer.resolved.query, answer.resolved.moment
        first = (query.page - 1) * answer.limit + 1
        places: Sequence[tuple[Row[Any], PlacePage]] = [
            (row, PlacePage.of(row, titles, announced[row.id], moment)) for row in answer.rows
        ]
        return cls(
            title=f"Fiche à imprimer : {listed.heading}",
            heading=listed.heading,
            criteria=tuple(chip.label for chip in listed.chips),
            lines=tuple(
                Line(first + rank, place, Hours.of(place), row.distance_m)
                for rank, (row, place) in enumerate(places)
            ),
            more=max(0, answer.total - first + 1 - len(places)),
            unknown_hours=listed.unknown_hours,
            drawing=drawing,
            printed_on=day_in_paris(moment),
            address=site.partition("://")[2],
            pdf=query.address("/fiche.pdf"),
            back=query.address("/lieux", limite=None, page=None),
        )
