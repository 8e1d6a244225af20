"""The small maps of the list and of a place, which need no JavaScript."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncConnection

from geoservice.geo import LonLat
from geoservice.territories import outlines
from geoservice.web.svg import Drawing, Frame, draw

LIST_AT_LEAST_M = 6_000
PLACE_AT_LEAST_M = 9_000
WIDEST_DEGREES = 40
"""Beyond, pins of both hemispheres would say nothing: no drawing."""


async def of_list(db: AsyncConnection, rows: Sequence[Row[Any]], first: int) -> Drawing | None:
    """The places of one page of the list, numbered as it is from `first`."""
    places = [
        (first + rank, LonLat(row.lon, row.lat))
        for rank, row in enumerate(rows)
        if row.lon is not None
    ]
    return await _drawing(db, places, LIST_AT_LEAST_M)


async def of_place(db: AsyncConnection, row: Row[Any]) -> Drawing | None:
    if row.lon is None:
        return None
    return await _drawing(db, [(0, LonLat(row.lon, row.lat))], PLACE_AT_LEAST_M)


async def _drawing(
    db: AsyncConnection,
    places: Sequence[tuple[int, LonLat]],
    at_least_m: float,
) -> Drawing | None:
    if not places:
        return None
    frame = Frame.around([point for _, point in places], at_least_m)
    if frame.width_degrees > WIDEST_DEGREES:
        return None
    return draw(frame, await outlines.in_frame(db, frame), places)
