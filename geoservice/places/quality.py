"""What a place should say, and does not; what it says, and nobody has looked at for long.

A place that receives nobody is expected neither hours nor accessibility.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Integer, and_, case, cast, func, null, or_, true

from geoservice.places.fields import BY_COLUMN
from geoservice.places.masks import BITS, bits_of
from geoservice.places.vocabulary import ModaliteAcces

OLD_AFTER_MONTHS = 12
OLD_WEIGHT = 4
"""Of a place that nobody has looked at since, beside what is missing from others."""
OLD_AFTER = timedelta(days=365)
"""The same for one field."""

CLOSED_TO_PUBLIC = bits_of("access_modes", [ModaliteAcces.CE_LIEU_N_ACCUEILLE_PAS_DE_PUBLIC])


@dataclass(frozen=True)
class Expected:
    """One thing that somebody who wants to come needs to read."""

    name: str
    """In addresses."""
    column: str
    """Of `places`, and of its provenance."""
    label: str
    weight: int
    """How much its absence keeps people from coming: 5 most, 1 least."""
    by_visitors: bool = False
    """Expected only of places that receive people."""


EXPECTED = (
    Expected("horaires", "opening_hours", "Horaires", 5, by_visitors=True),
    Expected("telephone", "phone", "Téléphone", 5),
    Expected("position", "point", "Position sur la carte", 4),
    Expected("services", "services", "Services", 3),
    Expected("adresse", "address", "Adresse", 3),
    Expected("frais", "fees", "Prix", 2),
    Expected("modalites_acces", "access_modes", "Comment venir", 2),
    Expected("courriels", "emails", "Courriel", 1),
    Expected("accessibilite", "accessibility_url", "Accessibilité", 1, by_visitors=True),
)
"""What is most useful first. `updated_on` is apart: it is the age of the whole."""


def is_expected(one: Expected, places: FromClause) -> ColumnElement[bool]:
    if not one.by_visitors:
        return true()
    return places.c[BITS["access_modes"].mask].op("&")(CLOSED_TO_PUBLIC) == 0


def is_missing(one: Expected, places: FromClause) -> ColumnElement[bool]:
    """Expected and not told; hours that nobody can read are missing too."""
    if one.column == "opening_hours":
        absent = places.c["schedule_id"].is_(None)
    elif one.column in BY_COLUMN and BY_COLUMN[one.column].many:
        absent = func.cardinality(places.c[one.column]) == 0
    else:
        absent = places.c[one.column].is_(None)
    return and_(absent, is_expected(one, places))


def how_many(conditions: list[ColumnElement[bool]]) -> ColumnElement[int]:
    """How many hold, of one place."""
    held = [cast(one, Integer) for one in conditions]
    return sum(held[1:], held[0])


def expected_of(places: FromClause) -> ColumnElement[int]:
    return how_many([is_expected(one, places) for one in EXPECTED])


def missing_of(places: FromClause) -> ColumnElement[int]:
    return how_many([is_missing(one, places) for one in EXPECTED])


def is_unchecked(places: FromClause, today: date, months: int) -> ColumnElement[bool]:
    """Nobody has looked at the place for that long, or nobody knows when."""
    return or_(
        places.c["updated_on"].is_(None),
        places.c["updated_on"]
        < cast(today, places.c["updated_on"].type) - func.make_interval(0, months),
    )


def urgency_of(places: FromClause, today: date) -> ColumnElement[int]:
    """What keeps most people from coming is the most urgent."""
    parts: list[ColumnElement[int]] = [
        case((is_missing(one, places), one.weight), else_=0) for one in EXPECTED
    ]
    old = case((is_unchecked(places, today, OLD_AFTER_MONTHS), OLD_WEIGHT), else_=0)
    return sum(parts, old)


def judgements(places: FromClause) -> list[ColumnElement[bool | None]]:
    """For each expected thing, under its name, whether it is missing; None when it is not expected."""
    return [
        case((is_expected(one, places), is_missing(one, places)), else_=null()).label(one.name)
        for one in EXPECTED
    ]


@dataclass(frozen=True)
class Checked:
    """What is known of one expected thing, for whoever looks after the place."""

    label: str
    is_missing: bool
    is_unreadable: bool
    """There are hours, but nobody can read them."""
    is_old: bool
    """Nobody has looked at it for a year, or nobody knows when."""
    stated_on: date | None
    source: str | None
    """Who said it, as people read it."""


@dataclass(frozen=True)
class Word:
    """When somebody said that all that is told is right, and who they are as people read it."""

    day: date
    source: str


def checked(
    row: Any, titles: Mapping[str, str], today: date, confirmed: Word | None
) -> tuple[Checked, ...]:
    """`row` has the provenance, the hours as written, and the `judgements`."""
    made: list[Checked] = []
    for one in EXPECTED:
        missing: bool | None = getattr(row, one.name)
        if missing is None:
            continue
        said: Mapping[str, Any] = row.provenance.get(
            "lon" if one.column == "point" else one.column, {}
        )
        day = date.fromisoformat(said["stated_on"]) if said.get("stated_on") else None
        source = titles.get(said["source"], said["source"]) if said.get("source") else None
        if confirmed and not missing and (day is None or day < confirmed.day):
            day, source = confirmed.day, confirmed.source
        made.append(
            Checked(
                one.label,
                missing,
                missing and one.column == "opening_hours" and row.opening_hours is not None,
                not missing and (day is None or day < today - OLD_AFTER),
                day,
                source,
            )
        )
    return tuple(made)
