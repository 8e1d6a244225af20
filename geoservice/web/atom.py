"""Atom feeds (RFC 4287): the same frame for everything that can be followed."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from xml.sax.saxutils import escape, quoteattr

NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


@dataclass(frozen=True)
class Entry:
    title: str
    address: str
    """Whole: where it is read, and what names it for ever."""
    updated: datetime
    summary: str


def feed(
    title: str, entries: Sequence[Entry], site: str, address: str, page: str, now: datetime
) -> bytes:
    """`address` is the feed's own, `page` the same thing as a page; both start with a slash."""
    updated = max((entry.updated for entry in entries), default=now)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="fr">\n'
        f"<title>{text_told(title)}</title>\n<id>{escape(site + address)}</id>\n"
        f"<updated>{moment_told(updated)}</updated>\n"
        f'<link rel="self" type="application/atom+xml" href={quoteattr(site + address)}/>\n'
        f'<link rel="alternate" type="text/html" href={quoteattr(site + page)}/>\n'
        "<author><name>La carte de la médiation numérique</name></author>\n"
        + "".join(map(_entry, entries))
        + "</feed>\n"
    ).encode()


def _entry(entry: Entry) -> str:
    return (
        f"<entry>\n<title>{text_told(entry.title)}</title>\n<id>{escape(entry.address)}</id>\n"
        f"<updated>{moment_told(entry.updated)}</updated>\n<link href={quoteattr(entry.address)}/>\n"
        f"<summary>{text_told(entry.summary)}</summary>\n</entry>\n"
    )


def text_told(words: str) -> str:
    return escape(NOT_IN_XML.sub("", words))


def moment_told(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
