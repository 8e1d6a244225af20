"""`geoservice duplicates`: search, and decide of a pair from the terminal."""

import contextlib
import sys
from collections.abc import Generator
from typing import Annotated

import orjson
import typer
from rich.console import Console
from rich.progress import Progress
from sqlalchemy import Connection, NullPool, create_engine, text

from geoservice.db import schema
from geoservice.db import server as servers
from geoservice.duplicates import actions
from geoservice.settings import Settings

app = typer.Typer(help="Les doublons : les chercher, et décider d’une paire.", no_args_is_help=True)

errors = Console(stderr=True, highlight=False, soft_wrap=True)

Json = Annotated[bool, typer.Option("--json", help="Répondre en JSON, pour une machine.")]
Place = Annotated[str, typer.Argument(help="Identifiant d’un lieu : la fin de son adresse.")]
Reason = Annotated[str | None, typer.Option("--reason", help="Pourquoi, en quelques mots.")]


@contextlib.contextmanager
def transaction() -> Generator[Connection]:
    """On the database brought up to date, as the role of jobs."""
    with servers.running(Settings.read()) as server:
        schema.migrate(server)
        engine = create_engine(server.app, poolclass=NullPool)
        try:
            with engine.begin() as db:
                yield db
        finally:
            engine.dispose()


@app.command("run")
def search(json: Json = False) -> None:
    """Réunir les lieux qui n’en font qu’un à coup sûr, et lister les paires à vérifier."""
    with transaction() as db, Progress(console=errors, transient=True) as bar:
        task = bar.add_task("Paires comparées", total=None)
        found = actions.run(db, lambda count: bar.advance(task, count))
    if json:
        sys.stdout.write(orjson.dumps(vars(found)).decode() + "\n")
    else:
        Console(highlight=False, soft_wrap=True).print(
            f"{found.places} lieux, {found.candidates} paires comparées : "
            f"{found.merged} réunies, {found.to_review} à vérifier sur la page /doublons."
        )


@app.command("same")
def say_same(one: Place, other: Place, reason: Reason = None) -> None:
    """Dire que deux lieux n’en font qu’un : le plus ancien garde son adresse."""
    _decide(one, other, same=True, reason=reason)


@app.command("not-same")
def say_not_same(one: Place, other: Place, reason: Reason = None) -> None:
    """Dire que deux lieux sont différents. S’ils étaient réunis, chacun redevient ce qu’il était."""
    _decide(one, other, same=False, reason=reason)


def _decide(one: str, other: str, *, same: bool, reason: str | None) -> None:
    with transaction() as db:
        query = text("SELECT public_id, id FROM places WHERE public_id IN (:one, :other)")
        ids = {row.public_id: row.id for row in db.execute(query, {"one": one, "other": other})}
        if missing := {one, other} - ids.keys():
            errors.print(f"Lieu inconnu : {', '.join(sorted(missing))}.", style="bold red")
            raise typer.Exit(1)
        if one == other:
            errors.print("Donnez deux lieux différents.", style="bold red")
            raise typer.Exit(1)
        actions.decide(db, ids[one], ids[other], same=same, account_id=None, reason=reason)
