"""The sheet of a place as the bearer of a link sees it: what it says now, and what they prepared."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncConnection

from geoservice.links import queries
from geoservice.links.edits import (
    BY_NAME,
    CLOSED,
    COMMUNE,
    DUPLICATE,
    ENTRIES,
    PERMANENCES,
    POINT,
    Entry,
    fingerprint,
)


@dataclass(frozen=True)
class Draft:
    after: Any
    seen: str
    """Fingerprint of what the place said then."""
    typed: Mapping[str, str]


@dataclass(frozen=True)
class Change:
    entry: Entry
    before: Any
    after: Any
    conflict: bool
    """Whether somebody else changed it since it was prepared."""


@dataclass(frozen=True)
class Sheet:
    link: Row[Any]
    values: Mapping[str, Any]
    """Column of an entry → what the place says now."""
    drafts: Mapping[str, Draft]
    waiting: frozenset[str]
    """Fields of which a change waits for somebody's eye."""

    def now(self, column: str) -> Any:
        """With what was prepared."""
        draft = self.drafts.get(column)
        return draft.after if draft else self.values[column]

    @property
    def changes(self) -> tuple[Change, ...]:
        """What sending would change, in the order of the entries."""
        return tuple(
            Change(
                entry,
                self.values[entry.column],
                draft.after,
                draft.seen != fingerprint(self.values[entry.column]),
            )
            for entry in ENTRIES
            if (draft := self.drafts.get(entry.column)) and draft.after != self.values[entry.column]
        )

    @property
    def token(self) -> str:
        """Of the changes as they are: what is sent is what was read."""
        return fingerprint([(one.entry.column, one.before, one.after) for one in self.changes])


async def read_sheet(db: AsyncConnection, link: Row[Any]) -> Sheet:
    mine = {"place": link.origin_id}
    drafts = await db.execute(queries.DRAFTS, {"link": link.link_id})
    waiting = await db.execute(queries.WAITING_FIELDS, mine)
    announced = await db.scalar(queries.PERMANENCES, mine)
    return Sheet(
        link,
        _values(link) | {PERMANENCES: announced or []},
        {
            row.field: Draft(row.after, row.seen, row.typed)
            for row in drafts
            if row.field in BY_NAME
        },
        frozenset(waiting.scalars()),
    )


def _values(link: Row[Any]) -> dict[str, Any]:
    composite = {PERMANENCES, POINT, COMMUNE, CLOSED, DUPLICATE}
    known = {e.column: getattr(link, e.column) for e in ENTRIES if e.column not in composite}
    point = None if link.lon is None else {"lon": round(link.lon, 6), "lat": round(link.lat, 6)}
    where = {key: getattr(link, key) for key in ("commune", "postal_code", "code_insee")}
    return known | {
        POINT: point,
        COMMUNE: where if link.commune else None,
        CLOSED: link.withdrawn_at is not None,
        DUPLICATE: None,
    }
