"""A question as an Atom feed: the places that answer, the latest changes first."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Row

from geoservice.web import atom
from geoservice.web.atom import Entry

ENTRIES_MAX = 50


def feed(rows: Iterable[Row[Any]], site: str, address: str, page: str, now: datetime) -> bytes:
    """`address` is the feed's own, `page` the same question as a page; both start with a slash."""
    entries = [_entry(row, site) for row in rows]
    return atom.feed("Lieux de médiation numérique", entries, site, address, page, now)


def _entry(row: Row[Any], site: str) -> Entry:
    where = ", ".join(filter(None, (row.address, row.postal_code, row.commune)))
    said = [where, row.summary or "", ", ".join(row.services)]
    return Entry(
        row.name,
        f"{site}/lieux/{row.public_id}",
        row.changed_at,
        " — ".join(filter(None, said)),
    )
