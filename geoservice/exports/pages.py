"""The page of open data: what can be downloaded, where it comes from, how fresh it is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row

from geoservice.clock import day_in_paris
from geoservice.exports.formats import FORMATS, Format
from geoservice.exports.writers import dictionary
from geoservice.mediators.vocabulary import Role, Skill
from geoservice.places.fields import BY_NATIONAL_NAME


@dataclass(frozen=True)
class Column:
    name: str
    label: str
    content: str
    values: tuple[tuple[str, str], ...]
    """Of a closed list: value, and what it means."""


@dataclass(frozen=True)
class SourceLine:
    title: str
    licence: str
    homepage: str | None
    imported_on: date | None


@dataclass(frozen=True)
class DataPage:
    title: str
    formats: Sequence[Format]
    sources: Sequence[SourceLine]
    total: int
    recent: int
    """How many places a source looked at within a year."""
    changed_on: date | None
    columns: Sequence[Column]
    lists: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]
    """Of people: parameter, then the values that are accepted and what each is called."""

    @classmethod
    def of(cls, sources: Sequence[Row[Any]], freshness: Row[Any]) -> "DataPage":
        return cls(
            title="Données ouvertes",
            formats=tuple(FORMATS.values()),
            sources=tuple(
                SourceLine(row.title, row.licence, row.homepage, _day(row.imported_at))
                for row in sources
            ),
            total=freshness.total,
            recent=freshness.looked_at_this_year,
            changed_on=_day(freshness.changed_at),
            columns=tuple(
                Column(str(name), str(label), str(content), _values(str(name)))
                for name, label, content in dictionary()
            ),
            lists=tuple(
                (name, tuple((one.slug, one.label) for one in listed))
                for name, listed in (("competences", Skill), ("role", Role))
            ),
        )


def _day(moment: datetime | None) -> date | None:
    return day_in_paris(moment) if moment else None


def _values(national: str) -> tuple[tuple[str, str], ...]:
    field = BY_NATIONAL_NAME.get(national)
    if field is None or field.vocabulary is None:
        return ()
    return tuple((member.value, member.definition) for member in field.vocabulary)
