"""What every table of a mapping is made of, and the conditions on which a rule or a row depends."""

import re
from typing import Annotated, cast

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from geoservice.imports.rows import Row, fold


def listed(value: object) -> object:
    return cast("object", value) if isinstance(value, (list, tuple)) else (value,)


def _compiled(pattern: str) -> str:
    try:
        re.compile(pattern)
    except re.error as error:
        where = "" if error.pos is None else f", au caractère {error.pos + 1}"
        raise ValueError(f"expression régulière incorrecte : « {pattern} »{where}") from None
    return pattern


Texts = Annotated[tuple[str, ...], BeforeValidator(listed)]
"""One text or several: `"nom"` is `["nom"]`."""
Pattern = Annotated[str, AfterValidator(_compiled)]
SEPARATORS = ("|", ";")


class Words(BaseModel):
    """Anything that a mapping may contain: an unknown word is a mistake, never ignored."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Condition(Words):
    """`{ column = "Type", is = ["Mairie"] }`: whether a row has the words that are looked for."""

    column: Texts
    equals: Texts = Field((), alias="is")
    """The whole cell is one of these words."""
    has: Texts = ()
    """One of the cell's elements, once cut at the separators, is one of these words."""
    contains: Texts = ()
    """One of these words is somewhere in the cell, even inside a longer word."""
    matches: Pattern | None = None
    unless: Texts = Field((), alias="except")
    """…and none of these words is there, looked for in the same way."""
    filled: bool | None = None
    split: Texts = SEPARATORS

    @model_validator(mode="after")
    def _one_way_of_looking(self) -> "Condition":
        ways = [self.equals, self.has, self.contains, self.matches, self.filled is not None]
        if sum(map(bool, ways)) > 1:
            raise ValueError("une seule façon de chercher : is, has, contains, matches ou filled")
        if self.unless and not (self.has or self.contains or self.equals):
            raise ValueError("« except » accompagne is, has ou contains")
        return self

    def holds(self, row: Row) -> bool:
        if self.filled is False:
            return not any(row.texts(column) for column in self.column)
        return any(self._found(row, column) for column in self.column)

    def _found(self, row: Row, column: str) -> bool:
        texts = row.texts(column)
        if self.matches:
            return any(re.search(self.matches, text) for text in texts)
        if self.contains:
            words = [fold(text) for text in texts]
            return _inside(self.contains, words) and not _inside(self.unless, words)
        if self.equals or self.has:
            wanted = {fold(word) for word in self.equals + self.has}
            if self.has:
                texts = [piece for text in texts for piece in cut(text, self.split)]
            words = {fold(text) for text in texts}
            return bool(words & wanted) and not words & {fold(word) for word in self.unless}
        return bool(texts)


def _inside(sought: tuple[str, ...], words: list[str]) -> bool:
    return any(fold(term) in word for term in sought for word in words)


Conditions = Annotated[tuple[Condition, ...], BeforeValidator(listed)]


def cut(text: str, separators: tuple[str, ...]) -> list[str]:
    """The pieces of a text between separators, empty ones left out."""
    pieces = [text]
    for separator in separators:
        if separator in text:
            pieces = [shorter for piece in pieces for shorter in piece.split(separator)]
    return [stripped for piece in pieces if (stripped := piece.strip())]
