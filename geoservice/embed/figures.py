"""How often saved embeds are shown and searched: two numbers a day, and nothing of who came.

No cookie, no address, no identifier is read. Counts wait in memory for a few seconds, so that a
visit costs no write; a process that is killed forgets those seconds.
"""

import asyncio
import contextlib
import logging
from collections import Counter
from datetime import date
from typing import Literal

from fastapi import Request
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from geoservice.clock import today
from geoservice.embed.queries import Saved

WRITTEN_EVERY_S = 5
Kind = Literal["displays", "searches"]

# An embed that was removed, or whose owner refuses, is not there to be counted.
ADD = text(
    """
    INSERT INTO embed_days AS counted (embed_id, day, displays, searches)
    SELECT id, :day, :displays, :searches FROM embeds WHERE id = :embed AND counted
    ON CONFLICT (embed_id, day) DO UPDATE SET
      displays = counted.displays + excluded.displays,
      searches = counted.searches + excluded.searches
    """
)

log = logging.getLogger("geoservice.embed")


def refuses(request: Request) -> bool:
    """Whether the visitor asks not to be followed (DNT, Global Privacy Control), or is not there yet."""
    said = request.headers
    return "1" in (said.get("dnt"), said.get("sec-gpc")) or "prefetch" in said.get(
        "sec-purpose", ""
    )


class Tally:
    """What was counted in this process since it was last written."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._counts: Counter[tuple[int, date, Kind]] = Counter()
        self._stopping = asyncio.Event()
        self._writing: asyncio.Task[None] | None = None

    def count(self, request: Request, saved: Saved | None, kind: Kind | None) -> None:
        if saved and kind and saved.counted and not refuses(request):
            self._counts[saved.id, today(), kind] += 1

    async def write(self) -> None:
        counts, self._counts = self._counts, Counter()
        if not counts:
            return
        days = sorted({(embed, day) for embed, day, _ in counts})
        rows = [
            {
                "embed": embed,
                "day": day,
                "displays": counts[embed, day, "displays"],
                "searches": counts[embed, day, "searches"],
            }
            for embed, day in days
        ]
        try:
            async with self._engine.begin() as db:
                await db.execute(ADD, rows)
        except (SQLAlchemyError, OSError) as error:
            log.warning("Counts of embeds wait: %s", type(error).__name__)
            self._counts.update(counts)

    def start(self) -> None:
        self._writing = asyncio.create_task(self._write_again())

    async def stop(self) -> None:
        self._stopping.set()
        if self._writing:
            await self._writing

    async def _write_again(self) -> None:
        while not self._stopping.is_set():
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), WRITTEN_EVERY_S)
            await self.write()
