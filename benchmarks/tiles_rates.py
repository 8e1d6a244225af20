"""Tiles per second: ours, PostgreSQL alone, tipg and nginx, in one run on the same tiles.

    GEOSERVICE_DATA_DIR=… python benchmarks/tiles_rates.py [--tipg VENV/bin/uvicorn] [--rounds 5]

All servers run from the start to the end and are asked in turn, a few seconds each, round after
round; the best round of each counts, so that what else the machine does weighs on none.

The base must be filled already (`make_places.py`). Needs pgbench, wrk and nginx; tipg from a
virtual environment of its own. Everything listens on the loopback only.
"""

import argparse
import contextlib
import gzip
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote

import psycopg

from geoservice.db import server as servers
from geoservice.db.server import Server
from geoservice.settings import Settings
from geoservice.tiles.tileset import place_values
from tiles import layers, statements
from tiles.arithmetic import Tile, tile_of

TILES = 110  # pgbench reads at most 128 scripts
CONNECTIONS = 8
SECONDS = 3
PORTS = iter(range(8791, 8799))
BROWSING = (5, 6, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13, 14, 14, 15)
"""Zooms of a map that people move: most of the time near."""


def some_points(db: psycopg.Connection) -> list[tuple[float, float]]:
    """Longitudes and latitudes of places, the same ones from one run to the next."""
    rows = db.execute(
        "SELECT ST_X(point), ST_Y(point) FROM places WHERE id % (1 + (SELECT max(id) FROM places) / 2000) = 7"
        " ORDER BY public_id"
    ).fetchall()
    random.Random(1).shuffle(rows)  # noqa: S311 - not a secret
    return rows


def some_tiles(db: psycopg.Connection) -> list[Tile]:
    """Tiles where there are places, the same ones from one run to the next."""
    chance = random.Random(1)  # noqa: S311 - not a secret
    points = some_points(db)
    found: dict[Tile, None] = {}
    while len(found) < TILES:
        found[tile_of(*chance.choice(points), chance.choice(BROWSING))] = None
    return list(found)


def pgbench(server: Server, tiles: list[Tile], folder: Path) -> float:
    """Transactions per second of the very statements that we prepare."""
    for number, tile in enumerate(tiles):
        clustered = tile.z <= layers.CLUSTERS_UNTIL
        text = (
            statements.read("cells")
            if clustered
            else statements.over(statements.ALL_PINS, "points")
        )
        values = "".join(f"\\set {name} {value}\n" for name, value in place_values(tile).items())
        (folder / f"{number}.sql").write_text(values + " ".join(text.split()) + ";\n")
    scripts = [
        word for number in range(len(tiles)) for word in ("-f", str(folder / f"{number}.sql"))
    ]
    told = subprocess.run(
        ["pgbench", "-n", "-M", "prepared", "-c", str(CONNECTIONS), "-j", "1", "-T", str(SECONDS),
         *scripts, Server.conninfo(server.public)],
        env=os.environ | {"PGOPTIONS": "-c plan_cache_mode=force_generic_plan"},
        capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    return float(re.search(r"tps = ([\d.]+)", told)[1])  # pyright: ignore[reportOptionalSubscript]


def wrk(paths: list[str], folder: Path, port: int) -> float:
    """Requests per second on these addresses in turn."""
    script = folder / "paths.lua"
    listed = ",".join(f'"{path}"' for path in paths)
    script.write_text(
        f"local paths = {{{listed}}}\nlocal at = 0\nrequest = function()\n"
        "  at = at % #paths + 1\n"
        '  return wrk.format("GET", paths[at], {["accept-encoding"] = "gzip"})\nend\n'
    )
    told = subprocess.run(
        ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{SECONDS}s", "-s", script, f"http://127.0.0.1:{port}"],
        capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    if "Non-2xx" in told:
        raise SystemExit(told)
    return float(re.search(r"Requests/sec:\s+([\d.]+)", told)[1])  # pyright: ignore[reportOptionalSubscript]


@contextlib.contextmanager
def listening(command: list[str], port: int, path: str, **environment: str) -> Iterator[int]:
    """A server that answers `path`, until the end of the block; gives its port."""
    process = subprocess.Popen(command, env=os.environ | environment)
    try:
        for _ in range(150):
            with contextlib.suppress(OSError):
                urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=30).read()
                break
            time.sleep(0.2)
        else:
            raise SystemExit(f"no answer from {command[0]}")
        yield port
    finally:
        process.terminate()
        process.wait(timeout=20)


Serving = contextlib.AbstractContextManager[int]


def ours(path: str, *, workers: int, cache_mib: int) -> Serving:
    port = next(PORTS)
    return listening(
        [sys.executable, "-m", "uvicorn", "--factory", "geoservice.app:from_environment", "--port",
         str(port), "--workers", str(workers), "--no-access-log", "--log-level", "warning"],
        port, path, GEOSERVICE_TILE_CACHE_MIB=str(cache_mib), GEOSERVICE_PORT=str(port),
    )  # fmt: skip


def nginx(folder: Path) -> Serving:
    port = next(PORTS)
    folder.chmod(0o755)
    config = folder / "nginx.conf"
    config.write_text(f"""
worker_processes 1; daemon off; pid {folder}/pid; error_log {folder}/error.log;
events {{}}
http {{
  access_log off; default_type application/vnd.mapbox-vector-tile; sendfile on; tcp_nopush on;
  keepalive_requests 1000000; open_file_cache max=1000;
  client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/f;
  uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
  server {{ listen 127.0.0.1:{port}; root {folder}/root; gzip_static always; }}
}}
""")
    return listening(["nginx", "-c", str(config)], port, "/ready")


def tipg(program: str, server: Server, path: str) -> Serving:
    port = next(PORTS)
    return listening(
        [program, "tipg.main:app", "--port", str(port), "--workers", "2", "--log-level", "warning"],
        port,
        path,
        # its settings want a host; its driver takes the folder of the socket for one
        DATABASE_URL="postgresql://{}@{}/{}".format(
            server.owner.username,
            quote(str(server.owner.query.get("host", server.owner.host)), safe=""),
            server.owner.database,
        ),
        TIPG_DB_SCHEMAS='["public"]',
        TIPG_DB_TABLES='["public.places"]',
    )


def save(paths: list[str], port: int, folder: Path) -> int:
    """Write our tiles as files for nginx; returns their mean size in bytes."""
    sizes: list[int] = []
    for path in paths:
        request = urllib.request.Request(
            f"http://127.0.0.1:{port}{path}", headers={"accept-encoding": "gzip"}
        )
        file = folder / "root" / f"{path.removeprefix('/')}.gz"
        file.parent.mkdir(parents=True, exist_ok=True)
        with urllib.request.urlopen(request) as answer:  # noqa: S310
            sizes.append(file.write_bytes(answer.read()))
    (folder / "root" / "ready.gz").write_bytes(gzip.compress(b"ready"))
    return sum(sizes) // len(sizes)


def main() -> None:
    asked = argparse.ArgumentParser()
    asked.add_argument("--tipg")
    asked.add_argument("--rounds", type=int, default=5)
    options = asked.parse_args()
    settings = Settings.read()
    with contextlib.ExitStack() as stack:
        server = stack.enter_context(servers.running(settings))
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        with psycopg.connect(Server.conninfo(server.owner)) as db:
            tiles = some_tiles(db)
            [count] = db.execute("SELECT count(*) FROM places").fetchone() or [0]
        paths = [f"/tuiles/lieux/{tile.z}/{tile.x}/{tile.y}.mvt" for tile in tiles]
        uncached = stack.enter_context(ours(paths[0], workers=1, cache_mib=0))
        uncached_2 = stack.enter_context(ours(paths[0], workers=2, cache_mib=0))
        cached = stack.enter_context(ours(paths[0], workers=1, cache_mib=64))
        size = save(paths, cached, folder)
        files = stack.enter_context(nginx(folder))
        contest: dict[str, Callable[[], float]] = {
            "pgbench, same SQL": lambda: pgbench(server, tiles, folder),
            "ours, uncached, 1 worker": lambda: wrk(paths, folder, uncached),
            "ours, uncached, 2 workers": lambda: wrk(paths, folder, uncached_2),
            "nginx, same bytes as files": lambda: wrk(paths, folder, files),
            "ours, cached, 1 worker": lambda: wrk(paths, folder, cached),
        }
        if options.tipg:
            lean = [
                f"/collections/public.places/tiles/WebMercatorQuad/{tile.z}/{tile.x}/{tile.y}"
                "?properties=id&geom-column=point&limit=10000"
                for tile in tiles
            ]
            other = stack.enter_context(tipg(options.tipg, server, lean[0]))
            contest["tipg, lean columns, 2 workers"] = lambda: wrk(lean, folder, other)
        rates = dict.fromkeys(contest, 0.0)
        for _ in range(options.rounds):
            for name, run in contest.items():
                rates[name] = max(rates[name], run())
    print(f"\n{count} places, {len(tiles)} tiles (zooms 5 to 15), {CONNECTIONS} connections; "
          f"mean tile {size} bytes gzipped; best of {options.rounds} rounds\n")  # fmt: skip
    print("| | tiles/s |\n| --- | --: |")
    for name, rate in rates.items():
        print(f"| {name} | {rate:.0f} |")


if __name__ == "__main__":
    for needed in ("pgbench", "wrk", "nginx"):
        if not (shutil.which(needed) or Path("/usr/sbin", needed).exists()):
            raise SystemExit(f"{needed} is missing")
    main()
