"""What a mediator sees of their own permanences."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from french_hours import say
from sqlalchemy import Row

from geoservice.clock import day_in_paris
from geoservice.permanences.announced import service_labels, when
from geoservice.permanences.announcing import EXAMPLES, Corrections, Typed
from geoservice.permanences.conflicts import conflicts
from geoservice.permanences.presence import is_over, next_presence
from geoservice.places.vocabulary import Service
from geoservice.web.boxes import Box, boxes


@dataclass(frozen=True)
class Own:
    """One of the mediator's own permanences."""

    id: str
    place: str
    place_name: str
    commune: str | None
    sentence: str
    next_time: str | None
    by_appointment: bool
    for_professionals: bool
    services: tuple[str, ...]
    note: str | None
    valid_from: date | None
    valid_until: date | None
    is_over: bool

    @classmethod
    def of(cls, row: Row[Any], moment: datetime) -> "Own":
        coming = next_presence(row, moment)
        return cls(
            id=row.public_id,
            place=row.place,
            place_name=row.place_name,
            commune=row.commune,
            sentence=say(row.expression),
            next_time=when(coming, row, moment) if coming else None,
            by_appointment=row.by_appointment,
            for_professionals=row.audience == "professionals",
            services=service_labels(row.services),
            note=row.note,
            valid_from=row.valid_from,
            valid_until=row.valid_until,
            is_over=is_over(row, day_in_paris(moment)),
        )


@dataclass(frozen=True)
class OwnPage:
    permanences: tuple[Own, ...]
    conflicts: tuple[str, ...]
    absences: Sequence[Row[Any]]
    works_somewhere: bool
    token: str
    typed_absence: tuple[str, str]
    """First and last day, as they were typed."""
    faults: dict[str, str]
    """What is wrong with the absence that was typed, by field."""
    title: str = "Mes permanences"

    @classmethod
    def of(
        cls,
        rows: Sequence[Row[Any]],
        absences: Sequence[Row[Any]],
        places: Sequence[Row[Any]],
        token: str,
        moment: datetime,
        typed_absence: tuple[str, str] = ("", ""),
        faults: dict[str, str] | None = None,
    ) -> "OwnPage":
        return cls(
            tuple(Own.of(row, moment) for row in rows),
            conflicts(rows, moment),
            absences,
            bool(places),
            token,
            typed_absence,
            faults or {},
            "Absence à corriger – Mes permanences" if faults else "Mes permanences",
        )


@dataclass(frozen=True)
class FormPage:
    """The form of one permanence, new or not."""

    title: str
    action: str
    typed: Typed
    corrections: Corrections
    places: tuple[Box, ...]
    services: tuple[Box, ...]
    token: str
    examples: str = EXAMPLES

    @classmethod
    def of(
        cls,
        action: str,
        typed: Typed,
        places: Sequence[Row[Any]],
        token: str,
        corrections: Corrections | None = None,
    ) -> "FormPage":
        heading = (
            "Annoncer une permanence" if action.endswith("/nouvelle") else "Changer une permanence"
        )
        only = places[0].public_id if len(places) == 1 else None
        return cls(
            f"À corriger – {heading}" if corrections else heading,
            action,
            typed,
            corrections or Corrections(),
            tuple(
                Box(
                    row.public_id,
                    row.name,
                    row.commune or "",
                    row.public_id in (typed.place, only),
                )
                for row in places
            ),
            boxes(Service, typed.services),
            token,
        )
