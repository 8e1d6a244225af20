"""What changed since a moment, as data."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from sqlalchemy import Row

from geoservice.exports.since import Since
from geoservice.search import schemas

PATH = "/api/v1/lieux"


def changes(
    rows: Sequence[Row[Any]],
    visible: Mapping[int, Row[Any]],
    asked: Since,
    until: datetime,
    limit: int,
    site: str,
) -> dict[str, Any]:
    """One page of changes. `rows` are of `queries.changed_after`, `visible` the places among them.

    A place withdrawn between both queries is told by the next page: its change is newer.
    """
    last = rows[-1] if len(rows) == limit else None
    return {
        "modifie_depuis": asked.moment,
        "jusqu_a": until,
        "lieux": [
            schemas.place(visible[row.id], site) | {"modifie_le": row.changed_at}
            for row in rows
            if row.is_visible and row.id in visible
        ],
        "disparus": [_tombstone(row, site) for row in rows if not row.is_visible],
        "suivante": last and address(site, Since(last.changed_at, last.id), limit),
        "prochaine_fois": address(site, Since(until), limit),
    }


def _tombstone(row: Row[Any], site: str) -> dict[str, Any]:
    """A place that is no longer listed; `fusionne_avec` is the place that it turned out to be."""
    return {
        "id": row.public_id,
        "nom": row.name,
        "commune": row.commune,
        "motif": "fusionné" if row.merged_into else "retiré",
        "fusionne_avec": row.merged_into,
        "url": f"{site}/lieux/{row.merged_into or row.public_id}",
        "modifie_le": row.changed_at,
    }


def address(site: str, since: Since, limit: int) -> str:
    given: dict[str, str | int] = {"modifie_depuis": since.moment.isoformat()}
    if since.last_id:
        given["apres"] = since.last_id
    return f"{site}{PATH}?{urlencode(given | {'limite': limit})}"
