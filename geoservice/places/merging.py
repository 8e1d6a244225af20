"""What a place is, given what its sources say of it: field by field, the best word wins."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
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
    holds_days: int | None = None
    """For how many days what people of the place say holds against any import; None for imports."""
    arrived_on: date | None = None
    """When these statements arrived, or arrived changed: a source without dates is no older."""

    def trust_for(self, column: str) -> int:
        return self.trust.get(column, self.trust.get("", TRUST_OF_IMPORTS))

    @property
    def said_on(self) -> date:
        return self.stated_on or self.arrived_on or date.min

    def lapsed(self, today: date) -> bool:
        return self.said_on < today - timedelta(days=self.holds_days or 0)


@dataclass(frozen=True, slots=True)
class Merged:
    values: dict[str, Any]
    """Every column of `fields.FIELDS`: None, or [] where there are many, when nobody says."""
    provenance: dict[str, dict[str, Any]]
    """Column → {source, record, stated_on} of the record that gave the value, and `instead_of`, the
    same of what people of the place had said otherwise, when it lapsed and a later import came."""


def _units() -> tuple[tuple[str, ...], ...]:
    grouped = {column for unit in TOGETHER for column in unit}
    # the date is the freshest of all records, not the word of the most trusted one
    alone = [(f.column,) for f in FIELDS if f.column not in grouped | {"updated_on"}]
    return (*alone, *TOGETHER)


UNITS = _units()
NOTHING: Mapping[str, Any] = {f.column: [] if f.many else None for f in FIELDS}


def merge(records: Iterable[Record], *, today: date | None = None) -> Merged:
    """For each field, the value of the most trusted record that states it, then of the freshest.

    Values are never added up: two sources that contradict each other do not make a third truth.
    What people of the place say comes first while it holds; without `today`, it always does.
    The order of `records` makes no difference.
    """
    by_freshness = sorted(records, key=_freshest_first)
    values = {k: list[Any]() if v == [] else v for k, v in NOTHING.items()}
    provenance: dict[str, dict[str, Any]] = {}
    for unit in UNITS:
        stating = [r for r in by_freshness if any(c in r.statements for c in unit)]
        if not stating:
            continue
        best, lapsed = _believed(stating, unit[0], today)
        for column in unit:
            value = best.statements.get(column)
            if value is None or value == []:
                continue
            values[column] = value
            provenance[column] = _origin(best)
            if lapsed and lapsed.statements.get(column) != value:
                provenance[column]["instead_of"] = _origin(lapsed)
    dated = [record for record in by_freshness if record.stated_on]
    if dated:
        values["updated_on"] = dated[0].stated_on
        provenance["updated_on"] = _origin(dated[0])
    return Merged(values, provenance)


def _believed(
    stating: list[Record], column: str, today: date | None
) -> tuple[Record, Record | None]:
    """The record to believe, and what people said before it, if that lapsed.

    `stating` has the freshest first, which `max` keeps among equals. What lapsed is still believed
    until an import comes that looked at the place after it.
    """

    def trust(record: Record) -> int:
        return record.trust_for(column)

    people = [record for record in stating if record.holds_days is not None]
    imports = [record for record in stating if record.holds_days is None]
    if not people:
        return max(imports, key=trust), None
    word = max(people, key=trust)
    later = [record for record in imports if record.said_on > word.said_on]
    if today is None or not word.lapsed(today) or not later:
        return word, None
    return max(later, key=trust), word


def _freshest_first(record: Record) -> tuple[int, str, str]:
    """A date that is not known is older than any other."""
    return (-(record.stated_on or date.min).toordinal(), record.source, record.key)


def _origin(record: Record) -> dict[str, Any]:
    stated_on = record.stated_on.isoformat() if record.stated_on else None
    return {"source": record.source, "record": record.key, "stated_on": stated_on}
