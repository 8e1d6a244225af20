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
    and_,
    case,
    func,
    literal,
    or_,
    select,
)
from sqlalchemy.dialects.postgresql.psycopg import dialect

from geoservice.db.base import views
from geoservice.places.masks import ACCESSIBLE, BITS, BOOKABLE, bits_of
from geoservice.search import queries
from geoservice.search.answers import Resolved
from geoservice.search.opening import OpenSchedules
from geoservice.search.question import PlaceQuery
from tiles.statements import ALL_PINS

pins = Table(
    "place_pins",
    views,
    *(Column(name, Integer) for name in ("id", "kind", "x31", "y31", "mask2", "schedule_id")),
    *(Column(name, BigInteger) for name in ("qk", "mask")),
    *(Column(name, Text) for name in ("public_id", "name")),
)
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

    @property
    def are_all(self) -> bool:
        return self.text == ALL_PINS


def pins_for(asked: Resolved) -> Pins:
    """Order and pages mean nothing on a map; everything else counts."""
    masks = list(_masks(asked.query))
    statement = select(pins).where(*(pins.c[mask].op("&")(bits) != 0 for mask, bits in masks))
    other = _other_conditions(asked)
    if asked.schedules is not None:
        statement = statement.where(open_then(asked.schedules, asked.query.include_unknown_hours))
    if other:
        statement = statement.where(pins.c.id.in_(select(queries.places.c.id).where(*other)))
    if not masks and not other and asked.schedules is None:
        return Pins()
    compiled = statement.compile(dialect=dialect())
    if other or asked.schedules is not None:
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


def _other_conditions(asked: Resolved) -> list[ColumnElement[bool]]:
    """The filters that must look at the place itself."""
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
    flags = bytearray(max(ids, default=0) + 1)
    for each in ids:
        flags[each] = 1
    # schedules written since then are beyond the end
    within = and_(pins.c.schedule_id < len(flags), pins.c.schedule_id >= 0)
    return case(
        (within, func.get_byte(literal(bytes(flags)), pins.c.schedule_id) == 1), else_=False
    )
