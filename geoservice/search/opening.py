"""«ouvert»: which schedules are open, or unknown, at the moments that somebody asks about.

A question about hours is answered once per schedule, a thousand times, not once per place.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any, Generic, TypeVar
from zoneinfo import ZoneInfo

from psycopg.types.multirange import TimestamptzMultirange
from psycopg.types.range import TimestamptzRange
from sqlalchemy import URL, String, bindparam, text
from sqlalchemy.dialects.postgresql import ARRAY, TSTZMULTIRANGE
from sqlalchemy.ext.asyncio import AsyncConnection

from geoservice.search.moments import At, Now, When
from geoservice.web.problems import Fault, WrongQuestion

INSTANT = timedelta(seconds=1)
DAYS_AHEAD = 7
ANSWERS_MAX = 200


@dataclass(frozen=True)
class OpenSchedules:
    """Ids of schedules. A place whose schedule is in neither is closed; without schedule, unknown."""

    open: Sequence[int]
    unknown: Sequence[int]


ASK = text(
    """
    SELECT
      coalesce(array_agg(id) FILTER (WHERE open && moments), '{}') AS open,
      coalesce(array_agg(id) FILTER (WHERE unknown && moments AND NOT open && moments), '{}') AS unknown
    FROM public_view.schedules
    JOIN unnest(:zones, :moments) AS asked (zone, moments) ON time_zone = zone
    """
).bindparams(
    bindparam("zones", type_=ARRAY(String)), bindparam("moments", type_=ARRAY(TSTZMULTIRANGE))
)
BOUNDS = text(
    "SELECT min(spans_from) AS first, min(spans_until) AS last FROM public_view.schedules"
    " WHERE spans_until IS NOT NULL"
)
VERSION = text(
    "SELECT string_agg(version::text, '-' ORDER BY dataset) FROM public_view.data_versions"
    " WHERE dataset = ANY (:datasets)"
).bindparams(bindparam("datasets", type_=ARRAY(String)))
ZONES = text("SELECT DISTINCT time_zone FROM public_view.schedules")


T = TypeVar("T")


class UntilTheMinute(Generic[T]):
    """Answers a question about hours once for everybody, until the minute or the data change."""

    def __init__(
        self, ask: Callable[[AsyncConnection, When, datetime], Awaitable[T]], *datasets: str
    ) -> None:
        self._ask = ask
        self._datasets = list(datasets)
        self._answers: dict[tuple[URL, str, When, datetime], T] = {}

    async def __call__(self, db: AsyncConnection, when: When, now: datetime) -> T:
        """Raises WrongQuestion for a moment whose hours are not known yet, or no longer."""
        minute = now.replace(second=0, microsecond=0)
        version = (await db.execute(VERSION, {"datasets": self._datasets})).scalar() or ""
        key = (db.engine.url, version, when, minute)
        if key not in self._answers:
            if len(self._answers) >= ANSWERS_MAX:
                self._answers.clear()
            self._answers[key] = await self._ask(db, when, minute)
        return self._answers[key]


async def _ask(db: AsyncConnection, when: When, now: datetime) -> OpenSchedules:
    row = (await db.execute(ASK, await moments_by_zone(db, "ouvert", when, now))).one()
    return OpenSchedules(row.open, row.unknown)


ask = UntilTheMinute(_ask, "places")


async def moments_by_zone(
    db: AsyncConnection, parameter: str, when: When, now: datetime
) -> dict[str, list[Any]]:
    """`zones`, and the `moments` that are asked about in each. Raises WrongQuestion."""
    zones = list((await db.execute(ZONES)).scalars())
    if isinstance(when, At):
        await _check_known(db, parameter, when)
    moments = [_multirange(windows(when, now, ZoneInfo(zone))) for zone in zones]
    return {"zones": zones, "moments": moments}


async def _check_known(db: AsyncConnection, parameter: str, when: At) -> None:
    bounds = (await db.execute(BOUNDS)).one()
    if bounds.first is None:
        return
    if not bounds.first <= when.local.date() <= bounds.last:
        raise WrongQuestion(
            Fault(
                parameter,
                "Nous connaissons les horaires des semaines qui viennent : donnez une date "
                f"du {bounds.first:%d/%m/%Y} au {bounds.last:%d/%m/%Y}.",
            )
        )


def windows(when: When, now: datetime, zone: ZoneInfo) -> list[tuple[datetime, datetime]]:
    """The moments that are asked about, on the clock of a zone: start, end excluded.

    Of each day of the week, the first to come whose window is not over.
    """
    if isinstance(when, Now):
        return [(now, now + INSTANT)]
    if isinstance(when, At):
        start = when.local.replace(tzinfo=zone)
        return [(start, start + INSTANT)]
    today = now.astimezone(zone).date()
    found: dict[int, tuple[datetime, datetime]] = {}
    for ahead in range(DAYS_AHEAD + 1):
        day = today + timedelta(days=ahead)
        if day.weekday() not in when.days or day.weekday() in found:
            continue
        midnight = datetime.combine(day, time())
        start = (midnight + timedelta(minutes=when.from_minute)).replace(tzinfo=zone)
        end = (midnight + timedelta(minutes=when.until_minute)).replace(tzinfo=zone)
        end = max(end, start + INSTANT)
        if end > now:
            found[day.weekday()] = (max(start, now) if end - start > INSTANT else start, end)
    return list(found.values())


def _multirange(stretches: list[tuple[datetime, datetime]]) -> TimestamptzMultirange:
    return TimestamptzMultirange([TimestamptzRange(*stretch) for stretch in stretches])
