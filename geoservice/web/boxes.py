"""Boxes to tick and options to choose, one for each value of a published list."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Protocol


class Listed(Protocol):
    """A member of a published list."""

    @property
    def slug(self) -> str: ...
    @property
    def label(self) -> str: ...
    @property
    def definition(self) -> str: ...


@dataclass(frozen=True)
class Box:
    value: str
    label: str
    definition: str
    chosen: bool


def boxes(listed: Iterable[Listed], chosen: Collection[str]) -> tuple[Box, ...]:
    """`chosen` are slugs."""
    return tuple(Box(one.slug, one.label, one.definition, one.slug in chosen) for one in listed)
