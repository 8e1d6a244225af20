"""What a question is turned into once for all its tiles, and again when the data or the minute change."""

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Coroutine
from datetime import datetime
from typing import Any, Generic, TypeVar

Key = tuple[bytes, str, datetime | None]
"""A query string, a version of the data, and the minute for what depends on the clock."""

T = TypeVar("T")


class Lookups(Generic[T]):
    def __init__(self, most: int) -> None:
        self._most = most
        self._made: OrderedDict[Key, asyncio.Task[T]] = OrderedDict()

    async def get(self, key: Key, make: Callable[[], Coroutine[Any, Any, T]]) -> T:
        """`make` runs once, however many tiles wait for it; again when it failed."""
        coming = self._made.get(key)
        if coming is None or (coming.done() and (coming.cancelled() or coming.exception())):
            self._forget(key[1])
            coming = self._made[key] = asyncio.create_task(make())
        return await asyncio.shield(coming)

    def _forget(self, version: str) -> None:
        """What is of another version holds all the data of it."""
        if self._made and next(reversed(self._made))[1] != version:
            self._made.clear()
        while len(self._made) >= self._most:
            self._made.popitem(last=False)
