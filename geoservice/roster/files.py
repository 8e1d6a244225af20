"""The list as files: what is on the screen, whole, and nothing else."""

import csv
import io
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

import orjson
from sqlalchemy import Row

from geoservice.exports.workbook import Workbook
from geoservice.mediators.names import full_name
from geoservice.mediators.vocabulary import Role, Skill
from geoservice.roster.columns import Around, Column, Value

FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet that opens a CSV would run."""
WIDTH = 28


def workbook(
    sheets: Sequence[tuple[str, Sequence[Column], Sequence[Row[Any]]]], around: Around
) -> Iterator[bytes]:
    """XLSX: one sheet for each (name, columns, rows), with real numbers and dates."""
    book = Workbook()
    for name, columns, rows in sheets:
        yield book.open_sheet(name, [column.label for column in columns], WIDTH)
        yield book.add([column.value(row, around) for column in columns] for row in rows)
    yield book.close()


def table(columns: Sequence[Column], rows: Sequence[Row[Any]], around: Around) -> bytes:
    """CSV, in UTF-8 with its mark, as the French spreadsheets open it: semicolons."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow(column.label for column in columns)
    for row in rows:
        writer.writerow(_harmless(column.value(row, around)) for column in columns)
    return text.getvalue().encode("utf-8-sig")


def _harmless(value: Value) -> str | int:
    """A text that begins like a formula is told to be a text."""
    if value is None:
        return ""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, int):
        return value
    return f"'{value}" if value.startswith(FORMULA) else value


def features(columns: Sequence[Column], rows: Sequence[Row[Any]], around: Around) -> bytes:
    """GeoJSON of the places; one without position has no geometry."""
    return orjson.dumps(
        {
            "type": "FeatureCollection",
            "features": [
                {
                    "type": "Feature",
                    "id": row.public_id,
                    "geometry": None
                    if row.lon is None
                    else {"type": "Point", "coordinates": [row.lon, row.lat]},
                    "properties": {column.name: column.value(row, around) for column in columns},
                }
                for row in rows
            ],
        }
    )


def people_cards(rows: Sequence[Row[Any]]) -> bytes:
    """vCard 4.0 (RFC 6350) of people: what they agreed to show, and no more."""
    cards: list[str] = []
    for row in rows:
        role = next((one.label for one in Role if one.value == row.role), row.role)
        skills = ", ".join(one.label for one in Skill if one.value in row.skills)
        name = full_name(row)
        cards.append(
            _card(
                ("FN", name or role),
                ("N", None if name is None else (row.family_name, row.given_name, "", "", "")),
                ("TITLE", role),
                ("ORG", row.employer),
                ("EMAIL", row.mail),
                ("TEL;VALUE=uri", row.phone and f"tel:{row.phone}"),
                ("URL", row.booking_url),
                ("NOTE", skills),
            )
        )
    return "".join(cards).encode()


def place_cards(rows: Sequence[Row[Any]]) -> bytes:
    """vCard 4.0 of places, as organisations."""
    return "".join(
        _card(
            ("KIND", "org"),
            ("FN", row.name),
            ("ADR", ("", "", row.address or "", row.commune or "", "", row.postal_code or "", "France")),
            ("TEL;VALUE=uri", row.phone and f"tel:{row.phone}"),
            *(("EMAIL", mail) for mail in row.emails),
            *(("URL", site) for site in row.websites),
            ("GEO", None if row.lon is None else f"geo:{row.lat},{row.lon}"),
        )
        for row in rows
    ).encode()  # fmt: skip


def _card(*properties: tuple[str, str | tuple[str, ...] | None]) -> str:
    lines = ["BEGIN:VCARD", "VERSION:4.0"]
    for name, value in properties:
        if not value:
            continue
        if isinstance(value, tuple):
            written = ";".join(_escaped(part) for part in value)
        elif "VALUE=uri" in name or name in ("URL", "GEO"):
            written = "".join(value.split())
        else:
            written = _escaped(value)
        lines += _folded(f"{name}:{written}")
    return "\r\n".join([*lines, "END:VCARD", ""])


def _escaped(text: str) -> str:
    for sign in "\\,;":
        text = text.replace(sign, f"\\{sign}")
    return " ".join(text.split())


def _folded(line: str) -> list[str]:
    """At most 75 bytes a line; what follows is indented."""
    parts: list[str] = []
    part = ""
    for sign in line:
        if len((part + sign).encode()) > 75:
            parts.append(part)
            part = " "
        part += sign
    return [*parts, part]
