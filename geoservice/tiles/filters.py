"""From a question to the places that its tiles show: the same ones as on `/lieux`."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    Integer,
    Table,
    Text,
    case,
    cast,
    func,
    literal,
    or_,
    select,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.dialects.postgresql.psycopg import dialect

from geoservice.db.base import views
from geoservice.places.masks import ACCESSIBLE, BITS, BOOKABLE, bits_of
from geoservice.search import queries
from geoservice.search.answers import Resolved
from geoservice.search.opening import OpenSchedules
from geoservice.search.question import PlaceQuery
from tiles.cells import Cells
from tiles.statements import ALL_PINS

pins = Table(
    "place_pins",
    views,
    *(Column(name, Integer) for name in ("id", "kind", "x31", "y31", "mask2", "schedule_id")),
    *(Column(name, BigInteger) for name in ("qk", "mask")),
    *(Column(name, Text) for name in ("public_id", "name")),
)
FEW = 1_000
"""Up to so many places are looked up one by one; more are met on the way through a tile."""
SECOND_MASK = 64
"""Rank in `place_bits` of the first bit of `mask2`."""


@dataclass(frozen=True)
class Pins:
    """The places that a tile shows."""

    text: str = ALL_PINS
    """A statement over the view place_pins, its values as «%(name)s»."""
    values: Mapping[str, Any] = field(default_factory=dict[str, Any])
    bits: tuple[int, ...] = ()
    """Ranks in `place_bits`; empty when bits alone cannot tell which places are asked for."""
    groups: tuple[int, ...] = ()
    """One for each of `bits`: a place has at least one bit of each group."""

    cells: Cells | None = None
    """They are counted already, for zooms 0 to 8; None when bits or the pyramid do it."""

    @property
    def are_all(self) -> bool:
        return self.text == ALL_PINS


def pins_for(asked: Resolved, answering: Sequence[int] | None) -> Pins:
    """The places of a question; order and pages mean nothing on a map, everything else counts.

    `answering` are the ids of the places that meet `other_conditions`; None when there are none.
    """
    masks = list(_masks(asked.query))
    conditions: list[ColumnElement[bool]] = [
        pins.c[mask].op("&")(bits) != 0 for mask, bits in masks
    ]
    if asked.schedules is not None:
        conditions.append(open_then(asked.schedules, asked.query.include_unknown_hours))
    if answering is not None:
        conditions.append(_among(answering))
    if not conditions:
        return Pins()
    compiled = select(pins).where(*conditions).compile(dialect=dialect())
    if len(conditions) > len(masks):
        return Pins(compiled.string, compiled.params)
    ranks = [
        (rank + (SECOND_MASK if mask == "mask2" else 0), group)
        for group, (mask, bits) in enumerate(masks)
        for rank in range(bits.bit_length())
        if bits >> rank & 1
    ]
    wanted, groups = zip(*ranks, strict=True)
    return Pins(compiled.string, compiled.params, wanted, groups)


def _masks(query: PlaceQuery) -> Iterator[tuple[str, int]]:
    """Each filter that the masks can answer: which mask, and bits one of which is needed."""
    for column, values in query.categories.items():
        yield BITS[column].mask, bits_of(column, values)
    if query.accessible:
        yield "mask", ACCESSIBLE
    if query.bookable:
        yield "mask", BOOKABLE


def other_conditions(asked: Resolved) -> list[ColumnElement[bool]]:
    """The filters that must look at the place itself: on `queries.places`, once for all the tiles."""
    query = asked.query
    rest = PlaceQuery(
        typologies=query.typologies, sources=query.sources, words=query.words, box=query.box
    )
    conditions = queries.conditions(rest, asked.territory_names())
    if asked.centre is not None:
        here = queries.geography(asked.centre)
        radius_m = (asked.radius_km or 0) * 1000
        conditions.append(func.ST_DWithin(queries.places.c.on_earth, here, radius_m))
    return conditions


def open_then(schedules: OpenSchedules, include_unknown: bool) -> ColumnElement[bool]:
    """As `queries.open_then`, from the index of the tiles: one byte to look at for each place."""
    is_open = _member(schedules.open)
    if not include_unknown:
        return is_open
    return or_(is_open, pins.c.schedule_id.is_(None), _member(schedules.unknown))


def _member(ids: Sequence[int]) -> ColumnElement[bool]:
    return _bit_is_set(ids, pins.c.schedule_id)


def _among(ids: Sequence[int]) -> ColumnElement[bool]:
    if len(ids) <= FEW:
        return pins.c.id == func.any(cast(list(ids), ARRAY(Integer)))
    return _bit_is_set(ids, pins.c.id)


def _bit_is_set(ids: Sequence[int], column: ColumnElement[int]) -> ColumnElement[bool]:
    """Membership as one bit to look at: what is to be tested is in the index of the tiles."""
    flags = bytearray((max(ids, default=0) >> 3) + 1)
    for each in ids:
        flags[each >> 3] |= 1 << (each & 7)
    # what was written since then is beyond the end
    return case(
        (column < 8 * len(flags), func.get_bit(literal(bytes(flags)), column) == 1), else_=False
    )
