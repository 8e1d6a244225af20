"""Places as columns in memory, in Morton order: what tiles with filters are counted from.

A tile is a slice of them, a cell is a slice of the tile, and a filter says yes or no to each place
of a slice. A place weighs 40 bytes, and two million are all counted in some ten milliseconds.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from tiles.arithmetic import CELL_BITS, GRID_BITS, Tile, key_range

Flags = NDArray[np.bool_]
Filter = Callable[["Columns", slice], Flags]
"""Which places of a slice are wanted. Every filter is one, whatever it asks: see `among`."""

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

Rows = NDArray[Any] | Mapping[str, NDArray[Any]]
"""Places by column: an array of PLACE, or what `Columns.rows` gives."""

PART = 1 << 15
"""Places looked at together: what is computed of them stays in the processor's cache."""
EXACT_UNTIL = 200_000
"""In a tile of more places, groups are drawn at the middle of the cells of zoom 8 that they are in."""
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
    key: NDArray[np.int64]
    """Morton numbers, ascending; the other columns are in the same order."""
    id: NDArray[np.int32]
    x31: NDArray[np.int32]
    y31: NDArray[np.int32]
    mask: NDArray[np.int64]
    mask2: NDArray[np.int32]
    schedule: NDArray[np.int32]
    area: NDArray[np.int32]

    @cached_property
    def middles(self) -> Middles:
        cells = self.key >> 2 * (GRID_BITS - CELL_BITS - MIDDLES_ZOOM)
        starts = _starts(cells)
        if not len(starts):
            return Middles(cells, starts, starts, starts)
        counts = np.diff(starts, append=len(cells))
        x31, y31 = (
            np.add.reduceat(each, starts, dtype=np.int64) // counts for each in (self.x31, self.y31)
        )
        return Middles(cells[starts], starts, x31, y31)

    @classmethod
    def of(cls, blocks: Sequence[Rows]) -> "Columns":
        """Of blocks that follow each other in the order of keys."""
        names = PLACE.names or ()
        return cls(
            *(
                np.concatenate([each[name] for each in blocks] or [np.empty(0, PLACE[name])])
                for name in names
            )
        )

    def __len__(self) -> int:
        return len(self.key)

    def rows(self, part: slice) -> dict[str, NDArray[Any]]:
        """A slice as `of` takes it; nothing is copied."""
        return {name: getattr(self, name)[part] for name in PLACE.names or ()}

    def slice_of(self, tile: Tile) -> slice:
        first, last = key_range(tile)
        start, end = np.searchsorted(self.key, (first, last + 1))
        return slice(int(start), int(end))

    def wanted(self, part: slice, filters: Sequence[Filter]) -> Flags:
        """Which places of a slice pass all the filters."""
        flags = np.ones(part.stop - part.start, np.bool_)
        for start in range(part.start, part.stop, PART):
            some = slice(start, min(start + PART, part.stop))
            there = flags[some.start - part.start : some.stop - part.start]
            for each in filters:
                there &= each(self, some)
        return flags

    def ids(self, tile: Tile, filters: Sequence[Filter]) -> list[int]:
        part = self.slice_of(tile)
        return self.id[part][self.wanted(part, filters)].tolist()

    def clusters(self, tile: Tile, filters: Sequence[Filter]) -> list[Cluster]:
        """In Morton order."""
        part = self.slice_of(tile)
        flags = self.wanted(part, filters)
        if tile.z <= MIDDLES_ZOOM and len(flags) > EXACT_UNTIL:
            return self._by_cell(tile, part, flags)
        at = np.flatnonzero(flags) + part.start
        starts = _starts(self.key[at] >> 2 * (GRID_BITS - CELL_BITS - tile.z))
        if not len(starts):
            return []
        counts = np.diff(starts, append=len(at))
        return _clusters(
            counts,
            np.add.reduceat(self.x31[at], starts, dtype=np.int64) // counts,
            np.add.reduceat(self.y31[at], starts, dtype=np.int64) // counts,
            self.id[at[starts]],
        )

    def _by_cell(self, tile: Tile, part: slice, flags: Flags) -> list[Cluster]:
        """Without looking up where each place is, which takes most of the time when they are many."""
        keys, starts, x31, y31 = self.middles
        first, last = np.searchsorted(starts, (part.start, part.stop))
        starts = starts[first:last] - part.start
        counts = np.add.reduceat(flags, starts, dtype=np.int64)
        kept = np.flatnonzero(counts)
        counts, starts, here = counts[kept], starts[kept], kept + first
        groups = _starts(keys[here] >> 2 * (MIDDLES_ZOOM - tile.z))
        if not len(groups):
            return []
        n = np.add.reduceat(counts, groups)
        xs = np.add.reduceat(counts * x31[here], groups) // n
        ys = np.add.reduceat(counts * y31[here], groups) // n
        ids = np.zeros(len(groups), np.int32)
        for group in np.flatnonzero(n == 1):
            start = starts[groups[group]]
            lone = part.start + start + int(flags[start:].argmax())
            ids[group], xs[group], ys[group] = self.id[lone], self.x31[lone], self.y31[lone]
        return _clusters(n, xs, ys, ids)

    def positions(self, ids: Iterable[int]) -> NDArray[np.int64]:
        """Where places are in the columns, ascending; those that are not there are left out."""
        wanted = np.fromiter(ids, np.int64)
        if not len(wanted) or not len(self):
            return np.empty(0, np.int64)
        asked = np.zeros(int(max(wanted.max(), self.id.max())) + 1, np.bool_)
        asked[wanted] = True
        return np.flatnonzero(asked[self.id])


def offering(mask: str, bits: int) -> Filter:
    """At least one of the bits of `mask` or `mask2`."""

    def test(places: Columns, part: slice) -> Flags:
        column: NDArray[np.int64] = getattr(places, mask)
        return (column[part] & bits) != 0

    return test


def having(name: str, numbers: Iterable[int]) -> Filter:
    """One of these numbers, small and positive, as `schedule` or `area`."""
    wanted = np.fromiter(numbers, np.int64)
    listed = np.zeros(int(wanted.max(initial=0)) + 2, np.bool_)
    listed[wanted] = True  # beyond the last of them, everything is clipped to a False

    def test(places: Columns, part: slice) -> Flags:
        column: NDArray[np.int32] = getattr(places, name)
        return listed.take(column[part], mode="clip")

    return test


def among(positions: NDArray[np.int64]) -> Filter:
    """A set of places, found by whatever means: see `Columns.positions`."""

    def test(_: Columns, part: slice) -> Flags:
        first, last = np.searchsorted(positions, (part.start, part.stop))
        flags = np.zeros(part.stop - part.start, np.bool_)
        flags[positions[first:last] - part.start] = True
        return flags

    return test


def _starts(values: NDArray[np.int64]) -> NDArray[np.int64]:
    """Where each run of equal values begins."""
    return np.flatnonzero(np.diff(values, prepend=-1))


def _clusters(
    n: NDArray[Any], x31: NDArray[Any], y31: NDArray[Any], ids: NDArray[Any]
) -> list[Cluster]:
    rows = zip(n.tolist(), x31.tolist(), y31.tolist(), ids.tolist(), strict=True)
    return [Cluster(count, x, y, each if count == 1 else None) for count, x, y, each in rows]
