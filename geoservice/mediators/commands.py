"""`geoservice mediators`: the terminal's door to people."""

import sys
from typing import Annotated

import orjson
import typer
from rich.console import Console
from sqlalchemy import NullPool, create_engine

from geoservice.db import schema
from geoservice.db import server as servers
from geoservice.mediators import coop
from geoservice.mediators.receiving import SourceShrank, receive
from geoservice.settings import Settings
from geoservice.web.typography import count

app = typer.Typer(help="Les médiateurs.", no_args_is_help=True)


@app.callback()
def mediators() -> None:
    """Les médiateurs."""


@app.command("import")
def import_people(
    users: Annotated[
        str,
        typer.Argument(metavar="UTILISATEURS", help="Fichier ou adresse de /api/v1/utilisateurs."),
    ],
    structures: Annotated[
        str | None,
        typer.Argument(
            metavar="[STRUCTURES]",
            help="Fichier ou adresse de /api/v1/structures : les employeurs.",
        ),
    ] = None,
    force: Annotated[
        bool, typer.Option("--force", help="Importer même si la source a beaucoup rétréci.")
    ] = False,
    json: Annotated[
        bool, typer.Option("--json", help="Répondre en JSON, pour une machine.")
    ] = False,
) -> None:
    """Importer les médiateurs de La Coop. Ce que chacun a décidé ici ne change pas."""
    try:
        employers = coop.names(coop.rows(structures)) if structures else {}
        people = list(coop.people(coop.rows(users), employers))
        with servers.running(Settings.read()) as server:
            schema.migrate(server)
            engine = create_engine(server.app, poolclass=NullPool)
            with engine.begin() as db:
                received = receive(db, coop.SOURCE, coop.PLACE_SOURCE, people, force=force)
            engine.dispose()
    except (coop.CoopProblem, SourceShrank) as problem:
        Console(stderr=True, highlight=False).print(str(problem), style="bold red")
        raise typer.Exit(1) from None
    if json:
        sys.stdout.write(orjson.dumps(vars(received)).decode() + "\n")
        return
    said = (
        count(received.new, "nouvelle personne", "nouvelles personnes"),
        count(received.known, "déjà connue", "déjà connues"),
        count(received.gone, "retirée", "retirées"),
        count(received.left, "partie d’ici, non reprise", "parties d’ici, non reprises"),
    )
    Console(highlight=False).print(", ".join(said) + ".")
