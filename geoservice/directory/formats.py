"""The files that everybody who agreed to it can be downloaded as."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import orjson

from geoservice.directory.schemas import COLUMNS, csv_row, values
from geoservice.exports.workbook import Workbook
from geoservice.web.data import csv_lines

People = Iterable[Mapping[str, Any]]
"""As `schemas.mediator` tells them."""


class Writer(Protocol):
    def head(self) -> bytes: ...
    def people(self, people: People) -> bytes: ...
    def tail(self) -> bytes: ...


class Csv:
    def head(self) -> bytes:
        return csv_lines([COLUMNS])

    def people(self, people: People) -> bytes:
        return csv_lines(map(csv_row, people))

    def tail(self) -> bytes:
        return b""


class JsonList:
    def __init__(self) -> None:
        self._between = b""

    def head(self) -> bytes:
        return b"["

    def people(self, people: People) -> bytes:
        parts: list[bytes] = []
        for one in people:
            parts += (self._between, orjson.dumps(one))
            self._between = b",\n"
        return b"".join(parts)

    def tail(self) -> bytes:
        return b"]\n"


class Xlsx:
    """One sheet of people, one that says what each column is."""

    def __init__(self) -> None:
        self._book = Workbook()

    def head(self) -> bytes:
        return self._book.open_sheet("Médiateurs", tuple(COLUMNS))

    def people(self, people: People) -> bytes:
        return self._book.add(tuple(values(one)) for one in people)

    def tail(self) -> bytes:
        explained = self._book.open_sheet("Colonnes", ("colonne", "contenu"), width=60)
        return explained + self._book.add(COLUMNS.items()) + self._book.close()


@dataclass(frozen=True)
class Format:
    filename: str
    media_type: str
    writer: Callable[[], Writer]


FORMATS = (
    Format("mediateurs.csv", "text/csv; charset=utf-8", Csv),
    Format("mediateurs.json", "application/json", JsonList),
    Format(
        "mediateurs.xlsx",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        Xlsx,
    ),
)
BY_FILENAME = {one.filename: one for one in FORMATS}
