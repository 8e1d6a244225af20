"""A question as an Atom feed (RFC 4287): the places that answer, the latest changes first."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from sqlalchemy import Row

from geoservice.exports.workbook import NOT_IN_XML

ENTRIES_MAX = 50


def feed(rows: Iterable[Row[Any]], site: str, address: str, page: str, now: datetime) -> bytes:
    """`address` is the feed's own, `page` the same question as a page; both start with a slash."""
    entries = [_entry(row, site) for row in rows]
    updated = max((row_updated for row_updated, _ in entries), default=now)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="fr">\n'
        f"<title>Lieux de médiation numérique</title>\n<id>{escape(site + address)}</id>\n"
        f"<updated>{moment_told(updated)}</updated>\n"
        f'<link rel="self" type="application/atom+xml" href={quoteattr(site + address)}/>\n'
        f'<link rel="alternate" type="text/html" href={quoteattr(site + page)}/>\n'
        "<author><name>La carte de la médiation numérique</name></author>\n"
        + "".join(entry for _, entry in entries)
        + "</feed>\n"
    ).encode()


def _entry(row: Row[Any], site: str) -> tuple[datetime, str]:
    place = f"{site}/lieux/{row.public_id}"
    where = ", ".join(filter(None, (row.address, row.postal_code, row.commune)))
    said = [where, row.summary or "", ", ".join(row.services)]
    return row.changed_at, (
        f"<entry>\n<title>{text_told(row.name)}</title>\n<id>{escape(place)}</id>\n"
        f"<updated>{moment_told(row.changed_at)}</updated>\n<link href={quoteattr(place)}/>\n"
        f"<summary>{text_told(' — '.join(filter(None, said)))}</summary>\n</entry>\n"
    )


def text_told(words: str) -> str:
    return escape(NOT_IN_XML.sub("", words))


def moment_told(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
