"""«permanence»: at which places a mediator is present at the moments that somebody asks about.

A permanence whose hours nobody knows at that moment does not answer: presence is said or it is not.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import String, bindparam, text
from sqlalchemy.dialects.postgresql import ARRAY, TSTZMULTIRANGE
from sqlalchemy.ext.asyncio import AsyncConnection

from geoservice.search.moments import When
from geoservice.search.opening import UntilTheMinute, moments_by_zone

# What a schedule says is looked at first: it leaves few permanences whose days must be counted.
ASK = text(
    """
    SELECT coalesce(array_agg(DISTINCT place_id), '{}')
    FROM unnest(:zones, :moments) AS asked (zone, moments)
    JOIN public_view.schedules ON time_zone = zone AND open && moments
    JOIN public_view.permanences ON schedule_id = schedules.id
    WHERE open * moments
      && days_in_zone(datemultirange(daterange(valid_from, valid_until, '[]')) - absent, zone)
    """
).bindparams(
    bindparam("zones", type_=ARRAY(String)), bindparam("moments", type_=ARRAY(TSTZMULTIRANGE))
)


async def _ask(db: AsyncConnection, when: When, now: datetime) -> Sequence[int]:
    """Ids of places."""
    asked = await moments_by_zone(db, "permanence", when, now)
    return (await db.execute(ASK, asked)).scalar_one()


ask = UntilTheMinute(_ask, "people", "places")
