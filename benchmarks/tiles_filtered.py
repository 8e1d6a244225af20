"""Milliseconds for one filtered tile, at each zoom from 0 to 13: `tiles_filtered.py`, as tiles_rates.

One connection, as the service does it: counted in memory, drawn by PostgreSQL. «once» is what a
question costs before its first tile, the places being in memory. Each tile is asked five times and its best time counts: what else the machine does
weighs less.
"""

import asyncio
import statistics
import time
from urllib.parse import urlencode

import psycopg
from tiles_rates import some_points

from geoservice.db import server as servers
from geoservice.db.server import Server
from geoservice.settings import Settings
from geoservice.tiles.memory import Memory
from geoservice.tiles.questions import Questions
from geoservice.tiles.tileset import Tileset
from geoservice.tiles.wire import conninfo
from geoservice.web.database import Engines
from tiles.arithmetic import Tile, tile_of
from tiles.columns import Selection

POINTS = 12
REPEATS = 5
QUESTIONS: dict[str, list[tuple[str, str]]] = {
    "all": [],
    "one service": [("services", "aide-aux-demarches-administratives")],
    "two filters": [("services", "aide-aux-demarches-administratives"), ("frais", "gratuit")],
    "five filters, rare": [
        ("services", "acquisition-de-materiel-informatique-a-prix-solidaire"),
        ("publics", "femmes"),
        ("prise_en_charge", "illettrisme"),
        ("dispositifs", "aidants-connect"),
        ("equipements", "scanner"),
    ],
    "open on Tuesday at 10": [("ouvert", "mardi-10h")],
    "one département": [("territoire", "departement:69")],
    "a word": [("q", "villeurbanne")],
}


async def measure(tileset: Tileset, chosen: Selection | None, tiles: set[Tile]) -> str:
    """Median and worst of the tiles, in milliseconds."""
    best: list[float] = []
    for tile in tiles:
        times: list[float] = []
        for _ in range(REPEATS):
            started = time.perf_counter()
            await tileset.places(tile, chosen)
            times.append((time.perf_counter() - started) * 1000)
        best.append(min(times))
    return f"{statistics.median(best):.1f} ({max(best):.1f})"


async def look_up(questions: Questions, memory: Memory, name: str) -> tuple[Selection | None, str]:
    """What a question is turned into once for all its tiles, and how long that takes."""
    asked = urlencode(QUESTIONS[name]).encode()
    times: list[float] = []
    chosen: Selection | None = None
    for version in "123":  # the same question of another version is looked up again
        await memory.at(version)
        started = time.perf_counter()
        chosen = await questions.chosen(asked, version, questions.moment(asked))
        times.append((time.perf_counter() - started) * 1000)
    return chosen, f"{min(times):.1f}"


async def main() -> None:
    settings = Settings.read()
    with servers.running(settings) as server:
        with psycopg.connect(Server.conninfo(server.owner)) as db:
            points = some_points(db)[:POINTS]
            [count] = db.execute("SELECT count(*) FROM places").fetchone() or [0]
            # four schedules in ten are open whatever the moment that is asked about
            db.execute("UPDATE schedules SET open = '{[2000-01-01, 2100-01-01)}' WHERE id % 10 < 4")
            db.execute("UPDATE schedules SET spans_from = '2000-01-01', spans_until = '2100-01-01'")
        engines = Engines.of(server, settings)
        tileset, memory = Tileset(server, settings), Memory(conninfo(server.public))
        questions = Questions(engines.public, memory, settings)
        started = time.perf_counter()
        await memory.at("0")
        print(f"\nread into memory in {time.perf_counter() - started:.2f} s")
        print(f"\n{count} places, {POINTS} positions; median (worst) of the tiles of a zoom, ms\n")
        print("| zoom | " + " | ".join(QUESTIONS) + " |")
        print("| --: |" + " --: |" * len(QUESTIONS))
        asked = [await look_up(questions, memory, name) for name in QUESTIONS]
        print("| once | " + " | ".join(took for _, took in asked) + " |")
        for z in range(14):
            tiles = {tile_of(lon, lat, z) for lon, lat in points}
            row = [await measure(tileset, chosen, tiles) for chosen, _ in asked]
            print(f"| {z} | " + " | ".join(row) + " |", flush=True)
        await tileset.close()
        await engines.dispose()


if __name__ == "__main__":
    asyncio.run(main())
