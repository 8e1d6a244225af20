"""How much memory each export takes, and how long: `python benchmarks/exports.py [COUNT…]`.

Each format is written by a process of its own, `geoservice export`, whose largest memory is that
which the system counted. Starts a private PostgreSQL of its own, filled by `make_places.py`.
"""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import make_places
import psycopg
from sqlalchemy import NullPool, create_engine

from geoservice.db import schema
from geoservice.db import server as servers
from geoservice.db.server import Server
from geoservice.exports.formats import FORMATS
from geoservice.paths import ROOT
from geoservice.settings import Settings
from geoservice.territories import actions as territories

DATA = Path(os.environ.get("GEOSERVICE_DATA", ROOT.parent / "shared" / "data"))
COUNTS = (20_000, 200_000)

# What the national schema requires, and the texts that weigh in a file.
MADE_WHOLE = """
UPDATE places SET commune = coalesce(commune, 'Commune'), updated_on = current_date - id % 300,
  postal_code = '75001', address = id || ' rue de l’Invention', phone = '+33639980000',
  emails = ARRAY['contact' || id || '@exemple.fr'], websites = ARRAY['https://exemple.fr/' || id],
  summary = repeat('Un lieu inventé. ', 12), description = repeat('Il a été inventé. ', 40),
  typologies = array_remove(typologies, NULL), services = array_remove(services, NULL),
  publics = array_remove(publics, NULL), special_care = array_remove(special_care, NULL),
  fees = array_remove(fees, NULL), programmes = array_remove(programmes, NULL),
  access_modes = array_remove(access_modes, NULL), support_modes = array_remove(support_modes, NULL),
  mobility = array_remove(mobility, NULL), equipment = array_remove(equipment, NULL)
"""

# A process counts the memory of the one that it was copied from: a small one stands between.
MEASURE = """
import resource, subprocess, sys
subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""


def main() -> None:
    counts = [int(word) for word in sys.argv[1:]] or COUNTS
    print(f"{'':12}{'places':>9} {'MB written':>11} {'seconds':>8} {'memory, MB':>11}")
    for count in counts:
        with tempfile.TemporaryDirectory(prefix="geoservice-bench-") as folder:
            Path(folder).chmod(0o755)  # the database's user goes through it
            settings = Settings(_env_file=None, data_dir=Path(folder) / ".data", database_url=None)
            with servers.running(settings) as server:
                schema.migrate(server)
                fill(server, count)
                for name in FORMATS:
                    export(name, count, Path(folder), Server.conninfo(server.owner))


def fill(server: Server, count: int) -> None:
    engine = create_engine(server.owner, poolclass=NullPool)
    with engine.begin() as connection:
        territories.load(connection, str(DATA / "territoires"))
    engine.dispose()
    with psycopg.connect(Server.conninfo(server.owner)) as base:
        make_places.fill(base, count)
        base.execute("ALTER TABLE places DISABLE TRIGGER USER")
        base.execute(MADE_WHOLE)
        base.execute("ALTER TABLE places ENABLE TRIGGER USER")


def export(name: str, count: int, folder: Path, conninfo: str) -> None:
    out = folder / f"out.{name}"
    started = time.perf_counter()
    command = [Path(sys.executable).with_name("geoservice"), "export", name, "--out", out]
    environment = os.environ | {"GEOSERVICE_DATABASE_URL": conninfo}
    measured = subprocess.run(
        [sys.executable, "-c", MEASURE, *command], env=environment, capture_output=True, check=True
    )
    memory = int(measured.stdout) / 1024
    written = out.stat().st_size / 1e6
    out.unlink()
    seconds = time.perf_counter() - started
    print(
        f"{name:12}{count:9} {written:11.1f} {seconds:8.1f} {memory:11.0f}",
        flush=True,
    )


if __name__ == "__main__":
    main()
