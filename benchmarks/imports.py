"""How long imports take: `imports.py` prints the eight real files, then 20 000 invented places twice.

`imports.py 200000` imports that many invented places only, and tells the memory of the process too.
Starts a private PostgreSQL of its own. The real files and territories are those of GEOSERVICE_DATA.
"""

import csv
import os
import random
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import NullPool, create_engine

from geoservice.db import schema
from geoservice.db import server as servers
from geoservice.db.server import Server
from geoservice.duplicates import actions as duplicates
from geoservice.imports.runs import run_import
from geoservice.paths import ROOT
from geoservice.settings import Settings
from geoservice.territories import actions as territories

DATA = Path(os.environ.get("GEOSERVICE_DATA", ROOT.parent / "shared" / "data"))
SOURCES = (
    "hinaura", "hub-lo", "maine-et-loire", "corse", "angers", "la-creuse", "nouvelle-caledonie",
    "etapes-numerique",
)  # fmt: skip
GENERATED = 20_000


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="geoservice-bench-") as folder:
        Path(folder).chmod(0o755)  # the database's user goes through it
        settings = Settings(_env_file=None, data_dir=Path(folder) / ".data", database_url=None)
        with servers.running(settings) as server:
            schema.migrate(server)
            engine = create_engine(server.owner, poolclass=NullPool)
            with engine.begin() as connection:
                started = time.perf_counter()
                territories.load(connection, str(DATA / "territoires"))
            tell("territories of France", started)
            if not sys.argv[1:]:
                real_files(server, Path(folder))
            generated(server, Path(folder), int(sys.argv[1]) if sys.argv[1:] else GENERATED)
            engine.dispose()


def real_files(server: Server, folder: Path) -> None:
    everything = time.perf_counter()
    places = 0
    for source in SOURCES:
        started = time.perf_counter()
        report = run_import(
            server, source, str(DATA / "sources" / f"{source}.json"), downloads=folder / "downloads"
        )
        places += report.changes.new
        tell(f"  {source}: {report.changes.new} places", started)
    started = time.perf_counter()
    found = search(server)
    tell(
        f"  search: {found.candidates} pairs, {found.merged} merged, {found.to_review} to review",
        started,
    )
    tell(f"eight real files: {places} places imported, matched and merged", everything)


def search(server: Server) -> duplicates.Search:
    engine = create_engine(server.app, poolclass=NullPool)
    with engine.begin() as connection:
        found = duplicates.run(connection)
    engine.dispose()
    return found


def generated(server: Server, folder: Path, count: int) -> None:
    file = folder / "lieux.csv"
    with file.open("w", encoding="utf-8", newline="") as lines:
        first, *_ = rows(1)
        writer = csv.DictWriter(lines, first)
        writer.writeheader()
        writer.writerows(rows(count))
    tell(f"{file.stat().st_size / 1e6:.0f} MB written", time.perf_counter())
    for pass_ in ("new", "unchanged"):
        started, processor = time.perf_counter(), time.process_time()
        report = run_import(
            server, "mediation-numerique", str(file), downloads=folder / "downloads"
        )
        counts = report.changes
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        tell(
            f"{count} generated places, {pass_}: {counts.new} new, {counts.unchanged} unchanged; "
            f"{time.process_time() - processor:.0f} s of processor, at most {peak} MB",
            started,
        )


def rows(count: int) -> Iterator[dict[str, Any]]:
    """Places of the national schema in real communes, with hours, contacts and services."""
    draw = random.Random(7)  # noqa: S311 - an example, not a secret
    with (DATA / "territoires" / "communes.csv").open(encoding="utf-8", newline="") as file:
        communes = list(csv.DictReader(file))
    hours = [
        f"Mo-Fr {h:02d}:00-12:30,14:00-{h + 9:02d}:{m:02d}" for h in (8, 9) for m in (0, 15, 30, 45)
    ]
    for rank in range(count):
        commune = draw.choice(communes)
        yield {
            "id": f"g{rank}",
            "nom": f"Espace {draw.choice(['Ormes', 'Tilleuls', 'Sources', 'Halles', 'Lilas'])} {rank}",
            "commune": commune["nom"],
            "code_postal": commune["codes_postaux"].split("|")[0].split(";")[0],
            "code_insee": commune["code"],
            "longitude": float(commune["longitude"]) + draw.uniform(-0.004, 0.004),
            "latitude": float(commune["latitude"]) + draw.uniform(-0.004, 0.004),
            "adresse": f"{draw.randint(1, 90)} rue des {draw.choice(['Ormes', 'Lilas', 'Écoles'])}",
            "telephone": f"+33639980{draw.randint(0, 999):03d}",
            "courriels": f"contact{rank}@exemple.fr",
            "horaires": draw.choice(hours),
            "services": "Aide aux démarches administratives|Accès internet et matériel informatique",
            "frais_a_charge": "Gratuit",
            "date_maj": "2026-09-01",
        }


def tell(what: str, started: float) -> None:
    print(f"{time.perf_counter() - started:8.1f} s  {what}", flush=True)


if __name__ == "__main__":
    main()
