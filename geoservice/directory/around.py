"""What surrounds people in an answer: where they work, and when they are there."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from french_hours import Span
from sqlalchemy import Row

from geoservice.permanences.presence import soonest


@dataclass(frozen=True)
class Around:
    moment: datetime
    """What «next» is counted from."""
    places: dict[int, list[Row[Any]]] = field(default_factory=dict[int, list[Row[Any]]])
    """Id of a mediator → rows of `queries.PLACES`."""
    permanences: dict[int, list[Row[Any]]] = field(default_factory=dict[int, list[Row[Any]]])
    """Id of a mediator → rows of `permanences.queries.OF_MEDIATORS`, or those that leave as data."""

    def places_of(self, mediator: Row[Any]) -> list[Row[Any]]:
        return self.places.get(mediator.id, [])

    def permanences_of(self, mediator: Row[Any]) -> list[Row[Any]]:
        return self.permanences.get(mediator.id, [])

    def next_of(self, mediator: Row[Any]) -> tuple[Span, Row[Any]] | None:
        """The next moment when they are somewhere, and which permanence it is."""
        return soonest(self.permanences_of(mediator), self.moment)
