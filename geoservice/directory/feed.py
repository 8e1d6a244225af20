"""The directory as an Atom feed: the latest changes, and who left (RFC 6721, «deleted-entry»)."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from sqlalchemy import Row

from geoservice.exports.atom import ENTRIES_MAX
from geoservice.web.atom import moment_told, text_told

__all__ = ["ENTRIES_MAX", "feed"]


def feed(
    people: Iterable[Mapping[str, Any]],
    gone: Sequence[Row[Any]],
    site: str,
    address: str,
    page: str,
    now: datetime,
) -> bytes:
    """`address` is the feed's own, `page` the same question as a page; both start with a slash.

    `people` are as `schemas.mediator` tells them, the latest first; `gone` are rows of `queries.GONE`.
    """
    told = list(people)
    moments = [one["modifie_le"] for one in told] + [row.changed_at for row in gone]
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom"'
        ' xmlns:at="http://purl.org/atompub/tombstones/1.0" xml:lang="fr">\n'
        f"<title>Médiateurs numériques</title>\n<id>{escape(site + address)}</id>\n"
        f"<updated>{moment_told(max(moments, default=now))}</updated>\n"
        f'<link rel="self" type="application/atom+xml" href={quoteattr(site + address)}/>\n'
        f'<link rel="alternate" type="text/html" href={quoteattr(site + page)}/>\n'
        "<author><name>La carte de la médiation numérique</name></author>\n"
        + "".join(map(_entry, told))
        + "".join(
            f"<at:deleted-entry ref={quoteattr(f'{site}/mediateurs/{row.public_id}')}"
            f' when="{moment_told(row.changed_at)}"/>\n'
            for row in gone
        )
        + "</feed>\n"
    ).encode()


def _entry(told: Mapping[str, Any]) -> str:
    name = " ".join(filter(None, (told["prenom"], told["nom"]))) or told["role"]
    said = [told["role"], told["employeur"], *(place["nom"] for place in told["lieux"])]
    return (
        f"<entry>\n<title>{text_told(name)}</title>\n<id>{escape(told['url'])}</id>\n"
        f"<updated>{moment_told(told['modifie_le'])}</updated>\n"
        f'<link rel="alternate" type="application/json" href={quoteattr(told["url"] + ".json")}/>\n'
        f"<summary>{text_told(' — '.join(filter(None, said)))}</summary>\n</entry>\n"
    )
