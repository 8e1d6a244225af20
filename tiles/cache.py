"""Ready-made tiles in memory: bounded, the oldest asked for forgotten first, each computed once."""

import asyncio
import hashlib
import zlib
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Hashable
from dataclasses import dataclass
from typing import Self

GZIP = 31
"""zlib's `wbits` for a gzip header, without a date."""
OVERHEAD_BYTES = 600
"""What an entry weighs beside its bytes: key, tag, links."""


@dataclass(frozen=True, slots=True)
class Ready:
    """A tile as it is sent."""

    gzipped: bytes
    """Empty when the tile is."""
    etag: bytes
    """Strong: two answers with the same tag are the same bytes."""

    @classmethod
    def of(cls, tile: bytes) -> Self:
        if not tile:
            return cls(b"", b"")
        # on a small tile, zlib spends most of its time clearing memory that it will not use
        memory = 5 if len(tile) < 8192 else 8
        packer = zlib.compressobj(6, zlib.DEFLATED, GZIP, memory)
        gzipped = packer.compress(tile) + packer.flush()
        return cls(gzipped, b'"%s"' % hashlib.blake2b(gzipped, digest_size=12).hexdigest().encode())


class TileCache:
    def __init__(self, max_bytes: int) -> None:
        self.max_bytes = max_bytes
        self.bytes = 0
        self._ready: OrderedDict[Hashable, Ready] = OrderedDict()
        self._coming: dict[Hashable, asyncio.Task[Ready]] = {}

    def get(self, key: Hashable) -> Ready | None:
        found = self._ready.get(key)
        if found is not None:
            self._ready.move_to_end(key)
        return found

    async def make(self, key: Hashable, compute: Callable[[], Awaitable[bytes]]) -> Ready:
        """Compute a tile once, however many ask for it meanwhile; all receive what it raises."""
        coming = self._coming.get(key)
        if coming is None:
            coming = asyncio.create_task(self._make(key, compute))
            self._coming[key] = coming
            coming.add_done_callback(lambda _: self._coming.pop(key, None))
        # one client that leaves must not take the tile away from the others
        return await asyncio.shield(coming)

    async def _make(self, key: Hashable, compute: Callable[[], Awaitable[bytes]]) -> Ready:
        ready = Ready.of(await compute())
        self._ready[key] = ready
        self.bytes += len(ready.gzipped) + OVERHEAD_BYTES
        while self.bytes > self.max_bytes:
            _, oldest = self._ready.popitem(last=False)
            self.bytes -= len(oldest.gzipped) + OVERHEAD_BYTES
        return ready

    def clear(self) -> None:
        self._ready.clear()
        self.bytes = 0
