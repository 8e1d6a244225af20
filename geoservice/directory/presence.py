"""«permanence»: which mediators are present, and where, at the moments that somebody asks about.

As `search.presence`, which says at which places somebody is; here, who it is must be known to whoever
asks: pages and data each count only those who agreed to be in them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import String, bindparam, text
from sqlalchemy.dialects.postgresql import ARRAY, TSTZMULTIRANGE
from sqlalchemy.ext.asyncio import AsyncConnection

from geoservice.search.moments import When
from geoservice.search.opening import UntilTheMinute, moments_by_zone


@dataclass(frozen=True)
class Presences:
    """Three lists of the same length: one line for each permanence that answers."""

    places: Sequence[int]
    on_pages: Sequence[int | None]
    """Ids of mediators; None for whoever did not agree to be found on pages."""
    as_data: Sequence[int | None]


ASK = text(
    """
    SELECT
      coalesce(array_agg(place_id), '{}') AS places,
      coalesce(array_agg(mediator_id), '{}') AS on_pages,
      coalesce(array_agg(reusable_mediator_id), '{}') AS as_data
    FROM unnest(:zones, :moments) AS asked (zone, moments)
    JOIN public_view.schedules ON time_zone = zone AND open && moments
    JOIN public_view.permanences ON schedule_id = schedules.id
    WHERE open * moments
      && days_in_zone(datemultirange(daterange(valid_from, valid_until, '[]')) - absent, zone)
      AND (mediator_id IS NOT NULL OR reusable_mediator_id IS NOT NULL)
    """
).bindparams(
    bindparam("zones", type_=ARRAY(String)), bindparam("moments", type_=ARRAY(TSTZMULTIRANGE))
)


async def _ask(db: AsyncConnection, when: When, now: datetime) -> Presences:
    row = (await db.execute(ASK, await moments_by_zone(db, "permanence", when, now))).one()
    return Presences(row.places, row.on_pages, row.as_data)


ask = UntilTheMinute(_ask, "people", "places")
"""Whose agreement ends within the minute is left out by the views that the ids are read through."""
