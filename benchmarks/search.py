"""Searches per second, beside pgbench running the same SQL: `search.py [COUNT]`.

Fills a private base of its own with COUNT invented places (20 000 unless told), serves it by one web
process, and asks the same questions around thirty towns through HTTP (wrk, 8 connections) and
straight to PostgreSQL (pgbench, 8 clients, the two statements of a page: how many, and which).
Needs wrk and pgbench; GEOSERVICE_DATA for all of France, else the territories of the demonstration.
"""

import asyncio
import os
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import httpx
import psycopg
from make_places import fill
from sqlalchemy import NullPool, Select, create_engine
from sqlalchemy.dialects.postgresql.psycopg import dialect
from sqlalchemy.ext.asyncio import create_async_engine

from geoservice import clock
from geoservice.db import schema
from geoservice.db import server as servers
from geoservice.db.server import Server
from geoservice.paths import ROOT, SOURCES
from geoservice.places import hours
from geoservice.search import answers, queries
from geoservice.search.question import PlaceQuery
from geoservice.settings import Settings
from geoservice.territories import actions

CONNECTIONS = 8
SECONDS = 6
TOWNS = 30
PORT = 8190
DATA = Path(os.environ.get("GEOSERVICE_DATA", ROOT.parent / "shared" / "data")) / "territoires"

QUESTIONS = {
    "the 20 nearest within 20 km": "rayon=20",
    "… that help with a common need": "rayon=20&services=aide-aux-demarches-administratives",
    "… open on Tuesday at 10": "rayon=20&ouvert=mardi-10h",
    "… open on Saturday morning": "rayon=20&ouvert=samedi-matin",
    "… whose name says «lieu 12»": "rayon=20&q=lieu+12",
    "the 20 nearest within 100 km": "rayon=100",
}


def prepare(settings: Settings, server: Server, count: int) -> list[tuple[float, float]]:
    schema.migrate(server)
    engine = create_engine(server.owner, poolclass=NullPool)
    with engine.begin() as connection:
        actions.load(connection, str(DATA if DATA.is_dir() else SOURCES / "demo" / "territoires"))
    with psycopg.connect(Server.conninfo(server.owner), autocommit=True) as connection:
        fill(connection, count)
        ids = [id_ for (id_,) in connection.execute("SELECT id FROM schedules")]
        connection.cursor().executemany(
            "UPDATE schedules SET expression = %s WHERE id = %s",
            [(invented(id_), id_) for id_ in ids],
        )
    with engine.begin() as connection:
        started = time.perf_counter()
        refreshed = hours.refresh(connection, clock.now().date())
        print(f"{refreshed} schedules spanned in {time.perf_counter() - started:.1f} s")
    with psycopg.connect(Server.conninfo(server.owner), autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE")
        towns = connection.execute(
            "SELECT ST_X(point), ST_Y(point) FROM territories WHERE type = 'commune' AND population > 20000"
            " ORDER BY md5(code) LIMIT %s",
            [TOWNS],
        ).fetchall()
    engine.dispose()
    return [(float(lon), float(lat)) for lon, lat in towns]


def invented(rank: int) -> str:
    """Hours that a library might have, no two ranks alike."""
    opens, closes = (
        f"{8 + rank % 2:02}:{rank // 2 % 60:02}",
        f"{16 + rank // 120 % 3}:{rank // 360 % 60:02}",
    )
    return f"Mo-Fr {opens}-12:00,14:00-{closes}; Sa[1] 09:00-12:00; PH off"


def over_http(paths: list[str], folder: Path) -> float:
    """Answers per second."""
    listed = ", ".join(f'"{path}"' for path in paths)
    script = folder / "paths.lua"
    script.write_text(
        f"local paths = {{ {listed} }}\nlocal n = 0\n"
        "request = function() n = n % #paths + 1; return wrk.format('GET', paths[n]) end\n"
    )
    told = subprocess.run(
        ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{SECONDS}s", "-s", str(script), f"http://127.0.0.1:{PORT}"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    if "Non-2xx" in told.stdout:
        raise SystemExit(told.stdout)
    return float(re.findall(r"Requests/sec:\s+([\d.]+)", told.stdout)[0])


def by_pgbench(server: Server, statements: list[str], folder: Path) -> float:
    """Pages per second: each script asks how many, and which."""
    files: list[str] = []
    for rank, statement in enumerate(statements):
        file = folder / f"page{rank}.sql"
        file.write_text(statement)
        files += ["-f", str(file)]
    pgbench = next(Path("/usr/lib/postgresql").glob("*/bin/pgbench"))
    told = subprocess.run(
        [str(pgbench), "-n", f"-c{CONNECTIONS}", "-j1", f"-T{SECONDS}", "-Mprepared", *files,
         Server.conninfo(server.public)],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    return float(re.findall(r"tps = ([\d.]+)", told.stdout)[0])


async def statements_of(server: Server, settings: Settings, questions: list[str]) -> list[str]:
    engine = create_async_engine(server.public, poolclass=NullPool)
    written: list[str] = []
    async with engine.connect() as db:
        connection = psycopg.connect(Server.conninfo(server.public))
        for question in questions:
            pairs = [(name, value.replace("+", " ")) for name, _, value in (part.partition("=") for part in question.split("&"))]  # fmt: skip
            resolved = await answers.resolve(db, PlaceQuery.parse(pairs), settings, clock.now())
            page = queries.page_around(
                queries.conditions(resolved.query, ()),
                resolved.query.point, resolved.radius_km * 1000, resolved.schedules,
                include_unknown=False, sort="distance", limit=20, offset=0,
            )  # fmt: skip
            lines = (_written_out(connection, one) for one in (page,))
            written.append("".join(re.sub(r"\s+", " ", line) + ";\n" for line in lines))
        connection.close()
    await engine.dispose()
    return written


def _written_out(connection: psycopg.Connection, statement: Select[Any]) -> str:
    """The statement with its values in it, as pgbench needs it."""
    compiled = statement.compile(dialect=dialect(), compile_kwargs={"render_postcompile": True})
    return psycopg.ClientCursor(connection).mogrify(compiled.string, compiled.params)


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    with tempfile.TemporaryDirectory(prefix="geoservice-bench-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        settings = Settings(_env_file=None, data_dir=folder / ".data", port=PORT)  # pyright: ignore[reportCallIssue]
        with servers.running(settings) as server:
            towns = prepare(settings, server, count)
            environment = os.environ | {
                "GEOSERVICE_DATA_DIR": str(settings.data_dir),
                "GEOSERVICE_PORT": str(PORT),
                "PYTHONPATH": f"{ROOT}:{ROOT / 'opening_hours'}",
            }
            site = subprocess.Popen(
                [sys.executable, "-c", "from geoservice.cli import main; main()", "serve"],
                env=environment, cwd=ROOT,
            )  # fmt: skip
            try:
                while True:
                    try:
                        httpx.get(f"http://127.0.0.1:{PORT}/ready").raise_for_status()
                        break
                    except httpx.HTTPError:
                        time.sleep(0.2)
                print(
                    f"\n| question, {count} places | ours, answers/s | pgbench, same SQL/s | ratio | against no filter |"
                )
                print("| --- | --: | --: | --: | --: |")
                plain = 0.0
                for label, question in QUESTIONS.items():
                    asked = [f"lon={lon:.4f}&lat={lat:.4f}&{question}" for lon, lat in towns]
                    statements = asyncio.run(statements_of(server, settings, asked))
                    ours = over_http([f"/lieux.json?{each}" for each in asked], folder)
                    base = by_pgbench(server, statements, folder)
                    plain = plain or ours
                    print(
                        f"| {label} | {ours:.0f} | {base:.0f} | {ours / base:.0%} | ×{plain / ours:.2f} |",
                        flush=True,
                    )
            finally:
                site.terminate()
                site.wait()


if __name__ == "__main__":
    main()
