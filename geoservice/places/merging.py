"""What a place is, given what its sources say of it: field by field, the best word wins."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from geoservice.places.fields import FIELDS

TRUST_OF_IMPORTS = 50
"""Of a source that says nothing of its own trust; people who edit a place are above 100."""

TOGETHER = (("lon", "lat"),)
"""Columns that one record gives whole: the longitude of one source and the latitude of another
are nowhere."""


@dataclass(frozen=True, slots=True)
class Record:
    """What one source says of one place."""

    source: str
    key: str
    trust: Mapping[str, int]
    """Column → trust of the source for it; `""` for the columns that are not listed."""
    stated_on: date | None
    statements: Mapping[str, Any]
    """Column → value. Absent: the source says nothing; None or []: it says that there is none."""

    def trust_for(self, column: str) -> int:
        return self.trust.get(column, self.trust.get("", TRUST_OF_IMPORTS))


@dataclass(frozen=True, slots=True)
class Merged:
    values: dict[str, Any]
    """Every column of `fields.FIELDS`: None, or [] where there are many, when nobody says."""
    provenance: dict[str, dict[str, str | None]]
    """Column → {source, record, stated_on} of the record that gave the value."""


def _units() -> tuple[tuple[str, ...], ...]:
    grouped = {column for unit in TOGETHER for column in unit}
    # the date is the freshest of all records, not the word of the most trusted one
    alone = [(f.column,) for f in FIELDS if f.column not in grouped | {"updated_on"}]
    return (*alone, *TOGETHER)


UNITS = _units()
NOTHING: Mapping[str, Any] = {f.column: [] if f.many else None for f in FIELDS}


def merge(records: Iterable[Record]) -> Merged:
    """For each field, the value of the most trusted record that states it, then of the freshest.

    Values are never added up: two sources that contradict each other do not make a third truth.
    The order of `records` makes no difference.
    """
    by_freshness = sorted(records, key=_freshest_first)
    values = {k: list[Any]() if v == [] else v for k, v in NOTHING.items()}
    provenance: dict[str, dict[str, str | None]] = {}
    for unit in UNITS:
        stating = [r for r in by_freshness if any(c in r.statements for c in unit)]
        if not stating:
            continue
        best = max(stating, key=lambda record: record.trust_for(unit[0]))  # the first of equals
        for column in unit:
            value = best.statements.get(column)
            if value is None or value == []:
                continue
            values[column] = value
            provenance[column] = _origin(best)
    dated = [record for record in by_freshness if record.stated_on]
    if dated:
        values["updated_on"] = dated[0].stated_on
        provenance["updated_on"] = _origin(dated[0])
    return Merged(values, provenance)


def _freshest_first(record: Record) -> tuple[int, str, str]:
    """A date that is not known is older than any other."""
    return (-(record.stated_on or date.min).toordinal(), record.source, record.key)


def _origin(record: Record) -> dict[str, str | None]:
    stated_on = record.stated_on.isoformat() if record.stated_on else None
    return {"source": record.source, "record": record.key, "stated_on": stated_on}
