"""The places of the map in the memory of this process, read again block by block as they change.

A block is a tile of zoom 8. The database keeps for each the stamp of its last change, so that a
process reads only what has changed since it last looked, before it answers of a new version.
"""

import asyncio
from collections.abc import Collection
from typing import Any

import numpy as np
import psycopg
from numpy.typing import NDArray

from tiles.columns import PLACE, Columns

STAMPS = "SELECT block, stamp FROM public_view.place_blocks ORDER BY block"
BLOCK = """
COPY (
  SELECT qk, id, x31, y31, mask, mask2, coalesce(schedule_id, 0),
    -- 8 bytes, whatever the codes are
    substr(convert_to(rpad(coalesce(departement, ''), 3) || rpad(coalesce(code_insee, ''), 5), 'UTF8'), 1, 8)
  FROM public_view.place_pins
  WHERE qk BETWEEN {first} AND {last} ORDER BY qk, id
) TO STDOUT (FORMAT binary)
"""
BLOCK_BITS = 46
"""Of a Morton number, below those of its tile of zoom 8."""
ROW = np.dtype(
    [
        ("fields", ">i2"),
        *(
            part
            for name, kind in (
                ("key", ">i8"), ("id", ">i4"), ("x31", ">i4"), ("y31", ">i4"), ("mask", ">i8"),
                ("mask2", ">i4"), ("schedule", ">i4"), ("codes", "S8"),
            )
            for part in ((f"{name}_length", ">i4"), (name, kind))
        ),
    ]
)  # fmt: skip
"""A row of COPY in binary, where no column is NULL."""
HEADER_BYTES, TRAILER_BYTES = 19, 2


class Memory:
    def __init__(self, conninfo: str) -> None:
        self._conninfo = conninfo
        self._version: str | None = None
        self._stamps: dict[int, int] = {}
        self._areas: dict[bytes, int] = {}
        self._of_code: dict[bytes, list[int]] = {}
        """The same numbers by official code, of a département or of a commune."""
        self._columns = Columns.joined([])
        self._reading = asyncio.Lock()

    async def at(self, version: str) -> Columns:
        """The places of a version of the data, or newer. Raises psycopg.Error, TimeoutError."""
        if version != self._version:
            async with self._reading:
                if version != self._version:  # nobody has read it while we waited
                    await self._read_changes()
                    self._version = version
        return self._columns

    def areas(self, departements: Collection[str], communes: Collection[str]) -> list[int]:
        """The numbers of `area` that are in one of these, by their official codes."""
        of_code = self._of_code
        asked = [_departement(code) for code in departements] + [
            _commune(code) for code in communes
        ]
        return [number for code in asked for number in of_code.get(code, ())]

    async def _read_changes(self) -> None:
        async with await psycopg.AsyncConnection.connect(self._conninfo) as db:
            await db.set_isolation_level(psycopg.IsolationLevel.REPEATABLE_READ)
            rows = await (await db.execute(STAMPS)).fetchall()
            stamps: dict[int, int] = dict(rows)
            changed = [block for block in stamps if self._stamps.get(block) != stamps[block]]
            if not changed and len(stamps) == len(self._stamps):
                return
            read = {
                block: Columns.of(self._numbered(await _copied(db, block))) for block in changed
            }
        known = self._columns
        blocks = [
            read[block]
            if block in read
            else known.block(block << BLOCK_BITS, (block + 1) << BLOCK_BITS)
            for block in stamps
        ]
        self._columns, self._stamps = Columns.joined(blocks).prepared(), stamps

    def _numbered(self, rows: NDArray[Any]) -> NDArray[Any]:
        places = np.empty(len(rows), PLACE)
        for name in PLACE.names or ():
            if name != "area":
                places[name] = rows[name]
        codes, of_row = np.unique(rows["codes"], return_inverse=True)
        numbers = [self._number(code) for code in codes.tolist()]
        places["area"] = np.array(numbers, np.int32)[of_row]
        return places

    def _number(self, codes: bytes) -> int:
        number = self._areas.get(codes)
        if number is None:
            number = self._areas[codes] = len(self._areas)
            # numpy has taken the spaces at the end away
            for code in (codes[:3].ljust(3), codes[3:].ljust(5)):
                self._of_code.setdefault(code, []).append(number)
        return number


def _departement(code: str) -> bytes:
    """As `BLOCK` writes it: of another length than a commune."""
    return code.encode().ljust(3)


def _commune(code: str) -> bytes:
    return code.encode().ljust(5)


async def _copied(db: psycopg.AsyncConnection[Any], block: int) -> NDArray[Any]:
    first = block << BLOCK_BITS
    last = first + (1 << BLOCK_BITS) - 1
    async with db.cursor().copy(BLOCK.format(first=first, last=last).encode()) as copy:
        told = b"".join([bytes(piece) async for piece in copy])
    return np.frombuffer(told[HEADER_BYTES:-TRAILER_BYTES], ROW)
