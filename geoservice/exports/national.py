"""Places as the national schema of the «lieux de médiation numérique» (1.0.2) writes them."""

import json
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import Row

from geoservice.clock import day_in_paris
from geoservice.places.fields import FIELDS, Field

SCHEMA_FILE = Path(__file__).with_name("national_schema.json")
"""The table schema that the files validate against: frictionless reads it."""

UNKNOWN_PIVOT = "0" * 14
"""What producers write when they have no SIRET: the schema requires one."""
REQUIRED = ("name", "commune", "postal_code")
"""A place without one of these cannot be written in the schema's files."""
NATIONAL_FIELDS = tuple(field for field in FIELDS if not field.extension)
SUMMARY_LENGTH = 280
PHONE_PREFIXES = (
    "+33", "+590", "+594", "+262", "+596", "+269", "+687", "+689", "+508", "+681",
)  # fmt: skip
PUBLISHED_SPELLING = {"Étapes numériques (La Poste)": "Étapes numériques(La Poste)"}
"""Values that the schema's pattern spells in its own way; both are read as the same."""


@cache
def table_schema() -> Mapping[str, Any]:
    return json.loads(SCHEMA_FILE.read_text(encoding="utf-8"))


COLUMNS = ("id", *(field.national for field in NATIONAL_FIELDS))


def national(row: Row[Any]) -> dict[str, Any]:
    """Field of the schema → value; None where nothing is known, lists joined by «|».

    What the schema cannot say is said otherwise, never lost in silence: a summary that is too long
    goes whole into the description, a pivot that nobody knows becomes zeros. A foreign telephone
    number has no place in it.
    """
    values: dict[str, Any] = {"id": row.public_id}
    for field in NATIONAL_FIELDS:
        value = row._mapping[field.column]  # pyright: ignore[reportPrivateUsage] - SQLAlchemy’s public name
        values[field.national] = joined(field, value) if field.many else value
    values["pivot"] = row.pivot or UNKNOWN_PIVOT
    values["date_maj"] = (row.updated_on or day_in_paris(row.changed_at)).isoformat()
    if row.phone and not row.phone.startswith(PHONE_PREFIXES):
        values["telephone"] = None
    if row.summary and len(row.summary) > SUMMARY_LENGTH:
        values["presentation_resume"] = shortened(row.summary, SUMMARY_LENGTH)
        whole = (row.summary, row.description)
        values["presentation_detail"] = "\n\n".join(text for text in whole if text)
    return values


ALL_COLUMNS = ("id", *(field.national for field in FIELDS))


def complete(row: Row[Any]) -> dict[str, Any]:
    """Everything that is known, our extension fields included, under the schema's names.

    Nothing is made to fit: None where nothing is known, lists joined by «|».
    """
    values = row._mapping  # pyright: ignore[reportPrivateUsage] - SQLAlchemy’s public name
    told: dict[str, Any] = {"id": row.public_id}
    return told | {
        field.national: joined(field, values[field.column]) if field.many else values[field.column]
        for field in FIELDS
    }


def joined(field: Field, values: list[str]) -> str | None:
    """The list as one cell, or None when it is empty."""
    without_bar: Callable[[str], str] = (
        _percent_bar if field.column in ("emails", "websites") else _no_bar
    )
    return "|".join(without_bar(PUBLISHED_SPELLING.get(one, one)) for one in values) or None


def _percent_bar(address: str) -> str:
    return address.replace("|", "%7C")


def _no_bar(words: str) -> str:
    return words.replace("|", "/")


def shortened(text: str, length: int) -> str:
    """`text` cut after a whole word, with «…», so that it has at most `length` characters."""
    if len(text) <= length:
        return text
    kept, space, _ = text[: length - 1].rpartition(" ")
    return (kept.rstrip(" ,;:.") if space else text[: length - 1]) + "…"
