"""Places as columns in memory, in Morton order: what tiles with filters are counted from.

A tile is a slice of them, and a cell is a slice of the tile. A filter is a bit for each place, 64 of
them in a word: for each of the two masks' bits they are made when places are read, so that a
category of two million places costs 30 µs, and so does counting what several filters leave.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from tiles.arithmetic import CELL_BITS, GRID_BITS, Tile, key_range

Words = NDArray[np.uint64]
"""One bit for each place of the columns, in their order, the first of a word in its lowest bit."""

PLACE = np.dtype(
    [
        ("key", "i8"),
        ("id", "i4"),
        ("x31", "i4"),
        ("y31", "i4"),
        ("mask", "i8"),
        ("mask2", "i4"),
        ("schedule", "i4"),
        ("area", "i4"),
    ]
)
"""`schedule` is 0 when the place has none; `area` is a number that the caller gives to where it is."""

WORD = 64
FIRST_PLANE = {"mask": 0, "mask2": 64}
PART = 1 << 15
"""Places looked at together: what is computed of them stays in the processor's cache."""
EXACT_UNTIL = 20_000
"""In a tile of more wanted places, groups are drawn at the middle of the cells of zoom 8 that they are in."""
MIDDLES_ZOOM = 8


class Cluster(NamedTuple):
    n: int
    x31: int
    y31: int
    place_id: int | None
    """None where there are several places."""


class Middles(NamedTuple):
    """The cells of zoom 8, the position of the first place of each, and the middle of its places."""

    cell: NDArray[np.int64]
    start: NDArray[np.int64]
    x31: NDArray[np.int64]
    y31: NDArray[np.int64]


@dataclass(frozen=True)
class Columns:
    """Their number is a multiple of 64: nobody is at the rows that fill the last word of a block."""

    key: NDArray[np.int64]
    """Morton numbers, ascending; the other columns are in the same order."""
    id: NDArray[np.int32]
    """0 where nobody is."""
    x31: NDArray[np.int32]
    y31: NDArray[np.int32]
    schedule: NDArray[np.int32]
    area: NDArray[np.int32]
    planes: Words
    """A row for each bit of `mask`, then of `mask2`; a column for each word."""

    @classmethod
    def of(cls, rows: NDArray[Any]) -> "Columns":
        """A block of places: an array of PLACE, in the order of keys."""
        size = -(-len(rows) // WORD) * WORD
        filled = np.zeros(size, PLACE)
        filled[: len(rows)] = rows
        if size:
            filled["key"][len(rows) :] = rows["key"][-1]
        names = ("key", "id", "x31", "y31", "schedule", "area")
        planes = [_planes(filled["mask"]), _planes(filled["mask2"])]
        columns: list[NDArray[Any]] = [filled[name].copy() for name in names]
        columns.append(np.concatenate(planes))
        return cls(*columns)

    @classmethod
    def joined(cls, blocks: Sequence["Columns"]) -> "Columns":
        """Blocks that follow each other in the order of keys."""
        if not blocks:
            return cls.of(np.empty(0, PLACE))
        columns: list[NDArray[Any]] = [
            np.concatenate([getattr(each, field.name) for each in blocks], axis=-1)
            for field in fields(cls)
        ]
        return cls(*columns)

    def block(self, first_key: int, end_key: int) -> "Columns":
        """One of the blocks that these were joined from, by its keys; nothing is copied."""
        start, end = (int(at) for at in np.searchsorted(self.key, (first_key, end_key)))
        rows, words = slice(start, end), slice(start // WORD, end // WORD)
        return Columns(
            self.key[rows],
            self.id[rows],
            self.x31[rows],
            self.y31[rows],
            self.schedule[rows],
            self.area[rows],
            self.planes[:, words],
        )

    def __len__(self) -> int:
        return len(self.key)

    @cached_property
    def everybody(self) -> Words:
        """The rows where there is a place."""
        return _packed(self.id != 0)

    @cached_property
    def middles(self) -> Middles:
        cells = self.key >> 2 * (GRID_BITS - CELL_BITS - MIDDLES_ZOOM)
        starts = _starts(cells)
        if not len(starts):
            return Middles(cells, starts, starts, starts)
        counts = np.diff(Counted.of(self.everybody).before_row(np.append(starts, len(cells))))
        x31, y31 = (
            np.add.reduceat(each, starts, dtype=np.int64) // counts for each in (self.x31, self.y31)
        )
        return Middles(cells[starts], starts, x31, y31)

    @cached_property
    def row_of_id(self) -> NDArray[np.int32]:
        rows = np.full(int(self.id.max(initial=0)) + 1, -1, np.int32)
        rows[self.id] = np.arange(len(self), dtype=np.int32)
        rows[0] = -1
        return rows

    def prepared(self) -> "Columns":
        """The same, what is computed once for all questions being computed."""
        _ = self.middles, self.row_of_id, self.everybody
        return self

    def offering(self, mask: str, bits: int) -> Words:
        """Those with at least one of the bits of `mask` or `mask2`."""
        first = FIRST_PLANE[mask]
        wanted = [first + bit for bit in range(bits.bit_length()) if bits >> bit & 1]
        return np.bitwise_or.reduce(self.planes[wanted], axis=0)

    def having(self, name: str, numbers: Iterable[int]) -> Words:
        """Those with one of these numbers, small and positive, as `schedule` or `area`."""
        column: NDArray[np.int32] = getattr(self, name)
        wanted = np.fromiter(numbers, np.int64)
        listed = np.zeros(int(wanted.max(initial=0)) + 2, np.bool_)
        listed[wanted] = True  # beyond the last of them, everything is clipped to a False
        flags = np.empty(len(column), np.bool_)
        for start in range(0, len(column), PART):
            part = slice(start, start + PART)
            listed.take(column[part], out=flags[part], mode="clip")
        return _packed(flags)

    def among(self, ids: Iterable[int]) -> Words:
        """Those with these ids; the ids that are not there are left out."""
        wanted = np.fromiter(ids, np.int64)
        rows = self.row_of_id[wanted[(wanted > 0) & (wanted < len(self.row_of_id))]]
        flags = np.zeros(len(self), np.bool_)
        flags[rows[rows >= 0]] = True
        return _packed(flags)

    def passing(self, filters: Iterable[Words]) -> "Selection":
        """The places that pass all the filters."""
        words = self.everybody
        for each in filters:
            words = words & each
        return Selection(self, Counted.of(words))


class Counted(NamedTuple):
    """Bits, and how many are set before each word: how many are in any slice is read at its ends."""

    words: Words
    """With an empty one more, so that the end has its word too."""
    before: NDArray[np.int64]

    @classmethod
    def of(cls, words: Words) -> "Counted":
        before = np.zeros(len(words) + 1, np.int64)
        np.cumsum(np.bitwise_count(words), out=before[1:])
        return cls(np.append(words, np.uint64(0)), before)

    def before_row(self, rows: NDArray[np.int64]) -> NDArray[np.int64]:
        """How many bits are set before each of these rows."""
        word = rows >> 6
        below = (np.uint64(1) << (rows & 63).astype(np.uint64)) - np.uint64(1)
        return self.before[word] + np.bitwise_count(self.words[word] & below)

    def rows(self, first: int, end: int) -> NDArray[np.int64]:
        """Of the set bits, from the one of rank `first` (counted from 0) to `end`, excluded."""
        start = int(np.searchsorted(self.before, first, side="right")) - 1
        stop = int(np.searchsorted(self.before, end))
        flags = np.unpackbits(self.words[start:stop].view(np.uint8), bitorder="little")
        found = np.flatnonzero(flags.view(np.bool_)) + start * WORD
        skipped = first - int(self.before[start])
        return found[skipped : skipped + end - first]

    def row_of(self, ranks: NDArray[np.int64]) -> NDArray[np.int64]:
        """The row of each of these set bits, by rank; for some hundreds of them."""
        word = np.searchsorted(self.before, ranks, side="right") - 1
        flags = np.unpackbits(self.words[word].view(np.uint8), bitorder="little")
        so_far = np.cumsum(flags.reshape(-1, WORD), axis=1)
        wanted = (ranks - self.before[word] + 1)[:, np.newaxis]
        return word * WORD + (so_far == wanted).argmax(axis=1)


@dataclass(frozen=True)
class Selection:
    """The places of one question: looked up once, then counted tile by tile."""

    places: Columns
    wanted: Counted

    def ids(self, tile: Tile) -> list[int]:
        first, end = self._ranks(tile)
        return self.places.id[self.wanted.rows(first, end)].tolist()

    def clusters(self, tile: Tile) -> list[Cluster]:
        """In Morton order."""
        first, end = self._ranks(tile)
        if tile.z <= MIDDLES_ZOOM and end - first > EXACT_UNTIL:
            return self._by_cell(tile)
        if first == end:
            return []
        places, at = self.places, self.wanted.rows(first, end)
        starts = _starts(places.key[at] >> 2 * (GRID_BITS - CELL_BITS - tile.z))
        counts = np.diff(starts, append=len(at))
        return _clusters(
            counts,
            np.add.reduceat(places.x31[at], starts, dtype=np.int64) // counts,
            np.add.reduceat(places.y31[at], starts, dtype=np.int64) // counts,
            places.id[at[starts]],
        )

    def _rows(self, tile: Tile) -> NDArray[np.int64]:
        """The first row of a tile, and the one after its last."""
        first, last = key_range(tile)
        return np.searchsorted(self.places.key, (first, last + 1))

    def _ranks(self, tile: Tile) -> tuple[int, int]:
        first, end = self.wanted.before_row(self._rows(tile)).tolist()
        return first, end

    def _by_cell(self, tile: Tile) -> list[Cluster]:
        """Without looking up where each place is, which takes most of the time when they are many."""
        places = self.places
        rows = self._rows(tile)
        first, last = np.searchsorted(places.middles.start, rows)
        cells, starts, x31, y31 = (each[first:last] for each in places.middles)
        before = self.wanted.before_row(np.append(starts, rows[1]))
        counts = np.diff(before)
        kept = np.flatnonzero(counts)
        counts, before = counts[kept], before[kept]
        groups = _starts(cells[kept] >> 2 * (MIDDLES_ZOOM - tile.z))
        n = np.add.reduceat(counts, groups)
        xs = np.add.reduceat(counts * x31[kept], groups) // n
        ys = np.add.reduceat(counts * y31[kept], groups) // n
        ids = np.zeros(len(groups), np.int32)
        lone = np.flatnonzero(n == 1)
        at = self.wanted.row_of(before[groups[lone]])
        ids[lone], xs[lone], ys[lone] = places.id[at], places.x31[at], places.y31[at]
        return _clusters(n, xs, ys, ids)


def _planes(mask: NDArray[Any]) -> Words:
    """The bits of each place's mask, turned into a row for each bit."""
    octets = np.ascontiguousarray(mask).view(np.uint8).reshape(len(mask), mask.itemsize)
    bits = [
        # transposed first: bits are packed much faster along what is contiguous
        np.packbits(
            np.ascontiguousarray(np.unpackbits(octets[:, [each]], axis=1, bitorder="little").T),
            axis=1,
            bitorder="little",
        )
        for each in range(mask.itemsize)
    ]
    return np.ascontiguousarray(np.concatenate(bits)).view(np.uint64)


def _packed(flags: NDArray[np.bool_]) -> Words:
    return np.packbits(flags, bitorder="little").view(np.uint64)


def _starts(values: NDArray[np.int64]) -> NDArray[np.int64]:
    """Where each run of equal values begins."""
    return np.flatnonzero(np.diff(values, prepend=-1))


def _clusters(
    n: NDArray[Any], x31: NDArray[Any], y31: NDArray[Any], ids: NDArray[Any]
) -> list[Cluster]:
    rows = zip(n.tolist(), x31.tolist(), y31.tolist(), ids.tolist(), strict=True)
    return [Cluster(count, x, y, each if count == 1 else None) for count, x, y, each in rows]
