"""What the page of moderation shows: changes and reports that wait for somebody's eye."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Row

from geoservice.clock import day_in_paris
from geoservice.links.edits import told
from geoservice.links.pages import label
from geoservice.links.reports import Category


@dataclass(frozen=True)
class Waiting:
    """One change."""

    id: int
    public_id: str
    place: str
    commune: str | None
    label: str
    before: str
    after: str
    day: date

    @classmethod
    def of(cls, row: Row[Any]) -> "Waiting":
        return cls(
            row.id,
            row.public_id,
            row.name,
            row.commune,
            label(row.field),
            told(row.field, row.before),
            told(row.field, row.after),
            day_in_paris(row.made_at),
        )


@dataclass(frozen=True)
class Reported:
    id: int
    public_id: str
    place: str
    commune: str | None
    category: str
    body: str
    contact: str | None
    day: date

    @classmethod
    def of(cls, row: Row[Any]) -> "Reported":
        return cls(
            row.id,
            row.public_id,
            row.name,
            row.commune,
            Category(row.category).label,
            row.body,
            row.contact,
            day_in_paris(row.made_at),
        )


@dataclass(frozen=True)
class ModerationPage:
    changes: tuple[Waiting, ...]
    reports: tuple[Reported, ...]
    departement: str
    """Its code; empty for the whole country."""
    token: str
    mistake: str | None = None
    title: str = "Modération"

    @classmethod
    def of(
        cls,
        changes: Sequence[Row[Any]],
        reports: Sequence[Row[Any]],
        departement: str,
        token: str,
    ) -> "ModerationPage":
        return cls(
            tuple(Waiting.of(row) for row in changes),
            tuple(Reported.of(row) for row in reports),
            departement,
            token,
        )
