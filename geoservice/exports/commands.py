"""`geoservice export`: the terminal's door to the exports."""

import contextlib
import sys
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Annotated, BinaryIO

import orjson
import typer
from rich.console import Console
from rich.progress import Progress
from sqlalchemy import Engine, NullPool, create_engine, func, select

from geoservice.db import schema
from geoservice.db import server as servers
from geoservice.exports import queries
from geoservice.exports.formats import FORMATS
from geoservice.exports.writers import Writer
from geoservice.search.queries import places
from geoservice.settings import Settings
from geoservice.system import reason

BATCH_ROWS = 1000

errors = Console(stderr=True, highlight=False)


def known(name: str) -> str:
    if name not in FORMATS:
        raise typer.BadParameter(f"« {name} » n’est pas un format. Formats : {', '.join(FORMATS)}.")
    return name


def add_to(app: typer.Typer) -> None:
    app.command("export")(export)


def export(
    wanted: Annotated[
        str,
        typer.Argument(
            metavar="FORMAT",
            callback=known,
            help=" ; ".join(f"{one.name} : {one.title}" for one in FORMATS.values()),
        ),
    ],
    out: Annotated[
        Path | None,
        typer.Option("--out", help="Fichier à écrire. Absent : la sortie standard."),
    ] = None,
    json: Annotated[
        bool, typer.Option("--json", help="Dire le résultat en JSON, pour une machine.")
    ] = False,
) -> None:
    """Écrire tous les lieux publiés dans un fichier ouvert."""
    if out is None and json:
        errors.print("Avec --json, donnez un fichier : --out FICHIER.", style="bold red")
        raise typer.Exit(2)
    settings = Settings.read()
    with servers.running(settings) as server, Progress(console=errors, transient=True) as bar:
        schema.migrate(server)
        engine = create_engine(server.public, poolclass=NullPool)
        with engine.connect() as db:
            total = db.execute(select(func.count()).select_from(places)).scalar_one()
        task = bar.add_task(wanted, total=total)
        writer = FORMATS[wanted].write(settings.site)
        count = 0
        try:
            with _opened(out) as file:
                for part, written in parts(engine, writer):
                    file.write(part)
                    count += written
                    bar.advance(task, written)
        except OSError as error:
            errors.print(
                f"Impossible d’écrire {out or 'le fichier'} : {reason(error)}.", style="bold red"
            )
            raise typer.Exit(1) from None
    if json:
        told = {"lieux": count - writer.left_out, "ecartes": writer.left_out, "fichier": str(out)}
        sys.stdout.write(orjson.dumps(told).decode() + "\n")
    else:
        errors.print(_summary(count, writer.left_out))


def parts(engine: Engine, writer: Writer) -> Iterator[tuple[bytes, int]]:
    """The file, a batch of places at a time, with how many places were read for each part."""
    yield writer.head(), 0
    last_id = 0
    with engine.connect() as db:
        while rows := db.execute(queries.following(last_id, BATCH_ROWS)).all():
            last_id = rows[-1].id
            yield writer.rows(rows), len(rows)
    for part in writer.tail():
        yield part, 0


@contextlib.contextmanager
def _opened(out: Path | None) -> Generator[BinaryIO]:
    """The file, which takes its name once it is whole: half an export replaces nothing."""
    if out is None:
        yield sys.stdout.buffer
        return
    if out.exists() and not out.is_file():  # /dev/stdout has nothing to keep
        with out.open("wb") as file:
            yield file
        return
    half = out.with_name(f"{out.name}.en-cours")
    try:
        with half.open("wb") as file:
            yield file
        half.replace(out)
    finally:
        half.unlink(missing_ok=True)


def _summary(count: int, left_out: int) -> str:
    sentence = f"{count - left_out} lieux écrits."
    if left_out:
        sentence += f" {left_out} n’entrent pas dans ce format : voir la page Données ouvertes."
    return sentence
