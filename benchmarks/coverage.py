"""How long «couverture» takes, as it does and by the index, on the same base: `coverage.py [COUNT]`.

Fills a private base of its own with COUNT invented places (20 000 unless told) and all the communes
of France (GEOSERVICE_DATA), then answers the same questions twice, for a département and for France:
as the service does (all the places that answer as one geography), and the usual way (the nearest by
the index of PostGIS, commune by commune). Says how far the two distances differ.
"""

import asyncio
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
from search import prepare
from sqlalchemy import Float, func, true
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

from geoservice import clock
from geoservice.coverage import measuring, queries
from geoservice.coverage.question import Asked
from geoservice.db import server as servers
from geoservice.search import answers
from geoservice.search.queries import places
from geoservice.search.question import PlaceQuery
from geoservice.settings import Settings
from geoservice.territories.queries import territories as listed

QUESTIONS = {
    "every place": "",
    "free": "frais=gratuit",
    "open on Tuesday at 10": "ouvert=mardi-10h",
    "rare: an Aidants Connect for deaf women, with a scanner": (
        "dispositifs=aidants-connect&prise_en_charge=surdite&publics=femmes&equipements=scanner"
    ),
}
TERRITORIES = {"a département": "territoire=departement:59", "France": ""}


async def measured_here(db: AsyncConnection, query: PlaceQuery, settings: Settings) -> list[float]:
    measured = await measuring.measure(db, Asked(query), settings)
    return list(measured.now_m)


async def by_the_index(db: AsyncConnection, query: PlaceQuery, settings: Settings) -> list[float]:
    resolved = await answers.resolve(db, query, settings, clock.now())
    here = func.geography(listed.c.point)
    nearest = (
        answers.statement_for(replace(resolved, territories=()))
        .order_by(None)
        .with_only_columns(func.ST_Distance(places.c.on_earth, here, type_=Float).label("metres"))
        .order_by(places.c.on_earth.op("<->")(here))
        .limit(1)
        .lateral("nearest")
    )
    communes = queries.communes(resolved.territory_names()).with_only_columns(
        listed.c.code, nearest.c.metres
    )
    statement = communes.outerjoin_from(listed, nearest, true())
    rows = (await db.execute(statement)).all()
    return [float("inf") if row.metres is None else row.metres for row in rows]


async def compare(settings: Settings, server: servers.Server) -> None:
    engine = create_async_engine(server.public)
    async with engine.connect() as db:
        for where, territory in TERRITORIES.items():
            for name, asked in QUESTIONS.items():
                pairs = [
                    tuple(pair.split("=")) for pair in f"{territory}&{asked}".split("&") if pair
                ]
                query = PlaceQuery.parse(pairs)  # pyright: ignore[reportArgumentType]
                took: list[float] = []
                found: list[list[float]] = []
                for way in (measured_here, by_the_index):
                    start = time.perf_counter()
                    found.append(await way(db, query, settings))
                    took.append(time.perf_counter() - start)
                ours, theirs = map(np.array, found)
                known = np.isfinite(theirs)
                off = np.abs(ours[known] - theirs[known]) / np.maximum(theirs[known], 500)
                apart = off.max(initial=0)
                print(
                    f"{where:>14}, {name}: {len(ours)} communes, here {took[0]:.2f} s,"
                    f" by the index {took[1]:.2f} s, {100 * apart:.2f} % apart at most"
                )
    await engine.dispose()


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    with tempfile.TemporaryDirectory(prefix="geoservice-benchmark-") as folder:
        Path(folder).chmod(0o755)
        settings = Settings(_env_file=None, data_dir=Path(folder) / ".data", database_url=None)  # pyright: ignore[reportCallIssue]
        with servers.running(settings) as server:
            prepare(settings, server, count)
            print(f"{count} places")
            asyncio.run(compare(settings, server))


if __name__ == "__main__":
    main()
