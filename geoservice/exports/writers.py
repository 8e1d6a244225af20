"""How each file is written: rows of `search.queries.visible()` come in a few at a time, bytes go out.

The terminal and the site share the writers, and neither keeps the file in memory.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, Protocol

import orjson
from sqlalchemy import Row

from geoservice.exports import data_inclusion
from geoservice.exports.geopackage import GeoPackage
from geoservice.exports.national import (
    ALL_COLUMNS,
    COLUMNS,
    REQUIRED,
    complete,
    national,
    table_schema,
)
from geoservice.exports.workbook import Cell, Workbook
from geoservice.places.fields import FIELDS
from geoservice.search.schemas import feature, harmless
from geoservice.web.data import csv_lines

Rows = Iterable[Row[Any]]


class Writer(Protocol):
    """One file while it is written. `left_out` counts the places that it cannot hold."""

    left_out: int

    def head(self) -> bytes: ...

    def rows(self, rows: Rows) -> bytes: ...

    def tail(self) -> Iterator[bytes]: ...


class JsonList(ABC):
    """A list of objects between brackets, one a line; of None nothing is written, but counted."""

    def __init__(self, opening: bytes = b"[\n", closing: bytes = b"\n]\n") -> None:
        self.left_out = 0
        self._opening, self._closing = opening, closing
        self._first = True

    def head(self) -> bytes:
        return self._opening

    @abstractmethod
    def values(self, rows: Rows) -> Iterator[Mapping[str, Any] | None]: ...

    def rows(self, rows: Rows) -> bytes:
        lines: list[bytes] = []
        for value in self.values(rows):
            if value is None:
                self.left_out += 1
            else:
                lines.append(orjson.dumps(value))
        if not lines:
            return b""
        before = b"" if self._first else b",\n"
        self._first = False
        return before + b",\n".join(lines)

    def tail(self) -> Iterator[bytes]:
        yield self._closing


class NationalJson(JsonList):
    def __init__(self, _public_url: str) -> None:
        super().__init__()

    def values(self, rows: Rows) -> Iterator[Mapping[str, Any] | None]:
        for row in rows:
            yield national(row) if fits_schema(row) else None


class GeoJson(JsonList):
    def __init__(self, public_url: str) -> None:
        super().__init__(b'{"type":"FeatureCollection","features":[\n', b"\n]}\n")
        self._public_url = public_url

    def values(self, rows: Rows) -> Iterator[Mapping[str, Any] | None]:
        for row in rows:
            yield feature(row, self._public_url)


class Structures(JsonList):
    def __init__(self, public_url: str) -> None:
        super().__init__()
        self._public_url = public_url

    def values(self, rows: Rows) -> Iterator[Mapping[str, Any] | None]:
        for row in rows:
            there = data_inclusion.comes_from_there(row)
            yield None if there else data_inclusion.structure(row, self._public_url)


class Services(Structures):
    def values(self, rows: Rows) -> Iterator[Mapping[str, Any] | None]:
        for row in rows:
            there = data_inclusion.comes_from_there(row)
            yield None if there else data_inclusion.service(row, self._public_url)


class NationalCsv:
    columns: Sequence[str] = COLUMNS

    def __init__(self, _public_url: str) -> None:
        self.left_out = 0

    def head(self) -> bytes:
        return csv_lines([self.columns])

    def rows(self, rows: Rows) -> bytes:
        return csv_lines(_cells(place.values()) for place in self.places(rows))

    def places(self, rows: Rows) -> Iterator[Mapping[str, Any]]:
        for row in rows:
            if fits_schema(row):
                yield national(row)
            else:
                self.left_out += 1

    def tail(self) -> Iterator[bytes]:
        return iter(())


class CompleteCsv(NationalCsv):
    columns = ALL_COLUMNS

    def places(self, rows: Rows) -> Iterator[Mapping[str, Any]]:
        return (complete(row) for row in rows)


class Xlsx:
    """One sheet of places, one that says what each column is."""

    def __init__(self, public_url: str) -> None:
        self.left_out = 0
        self._public_url = public_url
        self._book = Workbook()

    def head(self) -> bytes:
        return self._book.open_sheet("Lieux", (*ALL_COLUMNS, "url"))

    def rows(self, rows: Rows) -> bytes:
        return self._book.add(
            (*complete(row).values(), f"{self._public_url}/lieux/{row.public_id}") for row in rows
        )

    def tail(self) -> Iterator[bytes]:
        yield self._book.open_sheet("Colonnes", ("colonne", "nom", "contenu"), width=40)
        yield self._book.add(dictionary())
        yield self._book.close()


class Gpkg:
    def __init__(self, _public_url: str) -> None:
        self.left_out = 0
        types = {"longitude": "REAL", "latitude": "REAL", "date_maj": "DATE"}
        self._file = GeoPackage({name: types.get(name, "TEXT") for name in ALL_COLUMNS})

    def head(self) -> bytes:
        return b""

    def rows(self, rows: Rows) -> bytes:
        self._file.add(_with_texts(complete(row)) for row in rows)
        return b""

    def tail(self) -> Iterator[bytes]:
        return self._file.read()


def fits_schema(row: Row[Any]) -> bool:
    return all(row._mapping[column] for column in REQUIRED)  # pyright: ignore[reportPrivateUsage] - SQLAlchemy’s public name


def dictionary() -> Iterator[Sequence[Cell]]:
    """Column, name and content of each field, as people read them."""
    said = {field["name"]: field["description"] for field in table_schema()["fields"]}
    yield ("id", "Identifiant", said["id"])
    for field in FIELDS:
        yield (
            field.national,
            field.label,
            said.get(field.national, field.label + ", séparés par « | »."),
        )


def _with_texts(place: Mapping[str, Any]) -> Mapping[str, Any]:
    return {
        name: value.isoformat() if isinstance(value, date) else value
        for name, value in place.items()
    }


def _cells(values: Iterable[Any]) -> Iterator[str]:
    for value in values:
        yield "" if value is None else harmless(str(value))
