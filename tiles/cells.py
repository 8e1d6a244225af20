"""The places of a question counted once, by cells of zoom 8, and added up for the tiles above."""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from itertools import accumulate
from typing import NamedTuple

from tiles.arithmetic import Tile, cell_range

FINEST_ZOOM = 8


class Cluster(NamedTuple):
    n: int
    x31: int
    y31: int
    place_id: int | None
    """None where there are several places."""


class Cells:
    def __init__(self, rows: Iterable[Sequence[int]]) -> None:
        """Rows of `question.sql`: cell of zoom 8, count, sums of x31 and of y31, an id; in order."""
        columns = list(zip(*rows, strict=True)) or [()] * 5
        self._keys: Sequence[int] = columns[0]
        self._n, self._x, self._y = (list(accumulate(each, initial=0)) for each in columns[1:4])
        """Sums of all that come before: what lies between two cells is one subtraction."""
        self._ids: Sequence[int] = columns[4]

    def clusters(self, tile: Tile) -> list[Cluster]:
        """The clusters of a tile of zoom 0 to 8, in Morton order."""
        first, last = cell_range(tile)
        shift = 2 * (FINEST_ZOOM - tile.z)
        found: list[Cluster] = []
        start = bisect_left(self._keys, first << shift)
        end = bisect_left(self._keys, (last + 1) << shift, start)
        while start < end:
            cell = self._keys[start] >> shift
            after = bisect_left(self._keys, (cell + 1) << shift, start, end)
            n = self._n[after] - self._n[start]
            found.append(
                Cluster(
                    n,
                    (self._x[after] - self._x[start]) // n,
                    (self._y[after] - self._y[start]) // n,
                    self._ids[start] if n == 1 else None,
                )
            )
            start = after
        return found
