"""What a mediator may have announced by mistake: pointed out, never forbidden."""

from collections.abc import Sequence
from datetime import datetime
from itertools import combinations
from typing import Any

from french_hours import Span
from sqlalchemy import Row

from geoservice.permanences.announced import when
from geoservice.permanences.presence import DAY, presences
from geoservice.places.hours import SPANS_DAYS, hours_of_place


def conflicts(rows: Sequence[Row[Any]], moment: datetime) -> tuple[str, ...]:
    """One sentence for each pair of places at once, and for each place that is closed then.

    `rows` are those of `queries.OWN`; only the weeks to come are looked at.
    """
    end = moment + SPANS_DAYS * DAY
    spans = [(row, presences(row, moment, end)) for row in rows]
    said: list[str] = []
    for (row, here), (other, there) in combinations(spans, 2):
        if row.place_id != other.place_id and (both := _first_overlap(here, there)):
            said.append(
                f"Vous êtes annoncé à deux endroits {_at(both, row, moment)} : "
                f"« {row.place_name} » et « {other.place_name} »."
            )
    for row, here in spans:
        if (closed := _first_closed(row, here)) is not None:
            said.append(
                f"« {row.place_name} » est fermé {_at(closed, row, moment)}, d’après ses horaires."
            )
    return tuple(said)


def _at(span: Span, row: Row[Any], moment: datetime) -> str:
    said = when(span, row, moment)
    return (
        said if span.start <= moment or said.startswith(("aujourd’hui", "demain")) else f"le {said}"
    )


def _first_overlap(some: list[Span], others: list[Span]) -> Span | None:
    overlaps = (
        one._replace(start=max(one.start, other.start), end=min(one.end, other.end))
        for one in some
        for other in others
        if one.start < other.end and other.start < one.end
    )
    return min(overlaps, key=lambda span: span.start, default=None)


def _first_closed(row: Row[Any], spans: list[Span]) -> Span | None:
    """The first presence that is not wholly within the hours of the place, known or not."""
    hours = hours_of_place(row.opening_hours, row.code_insee, row.departement)
    if hours is None:
        return None
    for span in spans:
        reached = span.start
        for stretch in hours.spans(span.start, span.end):
            if stretch.start > reached:
                break
            reached = stretch.end
        if reached < span.end:
            return span._replace(start=reached)
    return None
