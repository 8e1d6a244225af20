"""One row of a source, whatever the file's format: columns hold texts, lists of texts, or more columns."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, cast

from geoservice.web.typography import slug

EMPTY = frozenset({"null", "none", "nan", "n/a", "#n/a", "undefined", "néant", "neant"})
"""How files write «nothing», whatever the source."""


@dataclass(frozen=True, slots=True)
class Row:
    number: int
    """Rank in the file, the first row of data is 1."""
    cells: Mapping[str, Any]
    empty: frozenset[str] = EMPTY

    def texts(self, column: str) -> list[str]:
        """The texts of a column that are not empty; `a.b` is the column b inside the column a.

        `a[type=mail].b` looks only into the elements of the list a whose `type` is «mail».
        """
        cell = self.cells.get(column)
        if isinstance(cell, str):  # nearly all of them
            text = cell.strip()
            return [text] if _says_something(text, self.empty) else []
        written = (text.strip() for value in self._found(column) for text in _texts(value))
        return [text for text in written if _says_something(text, self.empty)]

    def elements(self, column: str) -> list[Mapping[str, Any]]:
        """The objects of a list."""
        found = self._found(column)
        flat = _flat(found)
        return [cast("Mapping[str, Any]", each) for each in flat if isinstance(each, Mapping)]

    def _found(self, column: str) -> list[Any]:
        column = column_name(column)
        if column in self.cells:
            return [self.cells[column]]
        return _walk(self.cells, steps(column))

    def text(self, column: str) -> str:
        """The text of a column, the elements of a list joined by «|»; empty when there is none."""
        return "|".join(self.texts(column))


@lru_cache(maxsize=10_000)
def column_name(written: str) -> str:
    """A column's name without the spaces and line breaks that nobody sees."""
    return " ".join(written.split())


@lru_cache(maxsize=10_000)
def steps(column: str) -> tuple[str, ...]:
    """«contacts[type=mail].valeur» → «contacts[type=mail]», «valeur»."""
    return tuple(STEP.findall(column))


def root(column: str) -> str:
    """The column of the file that a path starts from."""
    first = next(iter(steps(column)), column)
    chosen = CHOSEN.fullmatch(first)
    return chosen[1] if chosen else first


STEP = re.compile(r"[^.\[]+(?:\[[^\]]*\])?")
CHOSEN = re.compile(r"([^\[]+)\[\s*([^=\]]+?)\s*=\s*([^\]]*?)\s*\]")


def _says_something(text: str, empty: frozenset[str]) -> bool:
    """«-», «/», «?» and «…» say nothing."""
    says = text[:1].isalnum() or any(letter.isalnum() for letter in text)
    return says and text.casefold() not in empty


def _walk(value: Any, path: Sequence[str]) -> list[Any]:
    if not path:
        return [value]
    head, *rest = path
    if chosen := CHOSEN.fullmatch(head):
        among = _walk(value, (chosen[1],))
        flat = _flat(among)
        wanted = fold(chosen[3])
        return [
            found
            for each in flat
            if any(
                fold(text) == wanted
                for one in _walk(each, steps(chosen[2]))
                for text in _texts(one)
            )
            for found in _walk(each, rest)
        ]
    if isinstance(value, Mapping):
        cells = cast("Mapping[str, Any]", value)
        return _walk(cells[head], rest) if head in cells else []
    if isinstance(value, list):
        values = cast("list[Any]", value)
        if head.isdigit():
            return _walk(values[int(head)], rest) if int(head) < len(values) else []
        return [found for element in values for found in _walk(element, path)]
    return []


def _flat(values: list[Any]) -> list[Any]:
    lists = [cast("list[Any]", one) if isinstance(one, list) else [one] for one in values]
    return [each for one in lists for each in one]


def _texts(value: Any) -> list[str]:
    if value is None or isinstance(value, Mapping):
        return []
    if isinstance(value, list):
        return [text for element in cast("list[Any]", value) for text in _texts(element)]
    if isinstance(value, bool):
        return ["true" if value else "false"]
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return [str(int(value))]
    # the database keeps neither the null character nor half of a character
    return [str(value).replace("\x00", "").encode("utf-8", "replace").decode()]


@lru_cache(maxsize=50_000)
def fold(text: str) -> str:
    """What two texts are compared by: case, accents, punctuation and spaces make no difference."""
    return slug(text) or " ".join(text.split())
