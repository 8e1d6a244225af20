"""The command `geoservice`: each subcommand explains itself with --help."""

import contextlib
import errno
import os
import socket
import sys
import tempfile
from collections.abc import Generator
from typing import Annotated

import orjson
import typer
from psycopg import Error as DatabaseError
from rich.console import Console
from rich.progress import Progress
from sqlalchemy import Engine, NullPool, create_engine
from sqlalchemy.exc import DBAPIError

from geoservice import terminal
from geoservice.clock import today
from geoservice.db import server as servers
from geoservice.db.cluster import ClusterProblem
from geoservice.db.schema import SchemaProblem, migrate
from geoservice.db.wording import in_french
from geoservice.mail import outbox
from geoservice.paths import SOURCES
from geoservice.settings import Settings, WrongSettings
from geoservice.system import reason
from geoservice.territories.files import OFFICIAL, WrongTerritoryFiles

app = typer.Typer(
    name="geoservice",
    help="La carte et l’annuaire de la médiation numérique.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,  # it explains itself in English
)
territories_app = typer.Typer(help="Communes, EPCI, départements et régions.", no_args_is_help=True)
app.add_typer(territories_app, name="territories")

errors = Console(stderr=True, highlight=False)

Json = Annotated[bool, typer.Option("--json", help="Répondre en JSON, pour une machine.")]


def tell(result: dict[str, object], sentence: str, *, json: bool) -> None:
    if json:
        sys.stdout.write(orjson.dumps(result).decode() + "\n")
    else:
        Console(highlight=False).print(sentence)


@contextlib.contextmanager
def database(settings: Settings) -> Generator[tuple[servers.Server, Engine]]:
    """The server, brought up to date, and its owner's engine."""
    with servers.running(settings) as server:
        migrate(server)
        engine = create_engine(server.owner, poolclass=NullPool)
        yield server, engine
        engine.dispose()


@app.command("migrate")
def bring_up_to_date() -> None:
    """Mettre la base au niveau de cette version du service."""
    with database(Settings.read()):
        Console().print("La base est à jour.")


@territories_app.command("load")
def load_territories(
    origin: Annotated[
        str,
        typer.Argument(
            help=f"Dossier, adresse web qui sert les mêmes fichiers, ou « {OFFICIAL} » : les fichiers de l’État."
        ),
    ],
    json: Json = False,
) -> None:
    """Remplacer le répertoire des territoires."""
    from geoservice.territories import actions

    with (
        database(Settings.read()) as (_, engine),
        Progress(console=errors, transient=True) as progress,
    ):
        task = progress.add_task("Territoires", total=None)
        with engine.begin() as connection:
            loaded = actions.load(connection, origin, lambda n: progress.advance(task, n))
    tell(
        vars(loaded),
        f"{loaded.communes} communes, {loaded.epci} EPCI, {loaded.departements} départements, "
        f"{loaded.regions} régions ; {loaded.localities} noms pour les trouver.",
        json=json,
    )


@app.command("demo")
def load_demonstration(
    remove: Annotated[
        bool, typer.Option("--remove", help="Retirer les lieux inventés, et garder les autres.")
    ] = False,
    json: Json = False,
) -> None:
    """Charger les données de démonstration, inventées, si la base est vide."""
    if remove:
        with database(Settings.read()) as (_, engine):
            removed = remove_demonstration(engine)
        tell({"removed": removed}, f"{removed} lieux inventés retirés.", json=json)
        return
    with database(Settings.read()) as (server, engine):
        loaded = fill_if_empty(server, engine)
    tell(
        {"loaded": loaded},
        "Données de démonstration chargées."
        if loaded
        else "La base contient déjà des lieux : rien n’a été changé.",
        json=json,
    )


def remove_demonstration(engine: Engine) -> int:
    """How many invented places were withdrawn."""
    from geoservice.mediators import demonstration as mediators
    from geoservice.places.actions import SourceDescription, receive

    demonstration = SourceDescription(
        "demo", "Démonstration (lieux inventés)", "Licence Ouverte 2.0"
    )
    with engine.begin() as connection:
        mediators.remove(connection)
        return receive(connection, demonstration, [], complete=True).withdrawn


def fill_if_empty(server: servers.Server, engine: Engine) -> bool:
    """Whether the demonstration data were loaded: never over other data."""
    from sqlalchemy import text

    with engine.begin() as connection:
        if connection.scalar(text("SELECT EXISTS (SELECT FROM places)")):
            return False

    from geoservice.imports.commands import run_import  # long to import
    from geoservice.mediators import demonstration as mediators
    from geoservice.permanences import demonstration as permanences
    from geoservice.territories import actions

    with engine.begin() as connection:
        if not connection.scalar(text("SELECT EXISTS (SELECT FROM territories)")):
            actions.load(connection, str(SOURCES / "demo" / "territoires"))
    run_import(server, "demo", str(SOURCES / "demo" / "lieux.json"))
    with engine.begin() as connection:
        mediators.load(connection, SOURCES / "demo" / "mediateurs.json")
        permanences.load(connection, SOURCES / "demo" / "permanences.json", today())
    return True


@app.command("hours")
def explain_hours(
    text: Annotated[str, typer.Argument(help="Horaires, comme les gens les écrivent.")],
    json: Json = False,
) -> None:
    """Dire ce qui est compris d’un texte d’horaires."""
    from french_hours import say
    from french_hours.reading import read

    reading = read(text)
    told: dict[str, object] = {
        "text": text,
        "osm": reading.osm,
        "french": say(reading.osm) if reading.osm else None,
        "confidence": reading.confidence,
        "by_appointment": reading.by_appointment,
        "reason": reading.reason,
    }
    if reading.osm:
        sentence = f"{told['french']}\nOSM : {reading.osm}\nConfiance : {reading.confidence:.0%}"
    else:
        sentence = reading.reason.sentence if reading.reason else ""
    tell(told, sentence, json=json)
    if not reading.osm:
        raise typer.Exit(1)


@app.command()
def serve() -> None:
    """Servir le site. La base est démarrée, mise à jour et, si elle est vide, remplie d’exemples."""
    import uvicorn

    from geoservice.places.jobs import prepare_hours

    settings = Settings.read()
    refuse_taken_port(settings)
    with database(settings) as (server, engine):
        if settings.demonstration and fill_if_empty(server, engine):
            errors.print(
                "La base était vide : les données de démonstration, inventées, sont chargées."
            )
        with engine.begin() as connection:
            prepare_hours(connection, today())
        engine.dispose()
        if notice := outbox.notice(settings):
            errors.print(notice, soft_wrap=True)
        errors.print(f"Le service est prêt : {settings.site}", style="bold green")
        with tempfile.TemporaryDirectory(prefix="geoservice-") as counts:
            if settings.workers > 1:  # read by prometheus_client in each of the processes
                os.environ["PROMETHEUS_MULTIPROC_DIR"] = counts
            uvicorn.run(
                "geoservice.app:from_environment",
                factory=True,
                host=settings.host,
                port=settings.port,
                workers=settings.workers,
                access_log=False,  # addresses hold what people search for
                log_level="warning",
                proxy_headers=True,
                server_header=False,
            )


def refuse_taken_port(settings: Settings) -> None:
    """Raises CannotServe: uvicorn would say it in English, and after the database has started."""
    port, host = settings.port, settings.host
    try:
        [family, kind, _, _, address] = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except socket.gaierror:
        raise CannotServe(
            f"GEOSERVICE_HOST : « {host} » n’est pas une adresse de cette machine. "
            "Pour cette machine seule : 127.0.0.1 ; pour le réseau : 0.0.0.0."
        ) from None
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise CannotServe(
                f"Le port {port} est déjà utilisé sur {host}. "
                "Arrêtez l’autre programme, ou choisissez un autre port : "
                f"GEOSERVICE_PORT={port + 1 if port < 65535 else 8000} bin/serve"
            ) from None
        if error.errno in (errno.EACCES, errno.EPERM):
            raise CannotServe(
                f"Le port {port} est réservé à l’administrateur de la machine. "
                "Choisissez un port à partir de 1024 : GEOSERVICE_PORT=8000 bin/serve"
            ) from None
        raise CannotServe(
            f"Impossible d’écouter sur {host}, port {port} : {reason(error)}. "
            "Vérifiez GEOSERVICE_HOST et GEOSERVICE_PORT."
        ) from None


class CannotServe(Exception):
    """Why the site cannot be served, in French, with what to do."""


def add_slices() -> None:
    """The commands of the slices, which are long to import."""
    from geoservice import tasks
    from geoservice.auth import commands as accounts
    from geoservice.duplicates import commands as duplicates
    from geoservice.duplicates.jobs import SEARCH
    from geoservice.embed import commands as embeds
    from geoservice.exports import commands as exports
    from geoservice.imports import commands as imports
    from geoservice.links import commands as links
    from geoservice.mediators import commands as mediators
    from geoservice.teams import commands as teams

    app.add_typer(tasks.commands)
    app.add_typer(accounts.app, name="accounts")
    app.add_typer(duplicates.app, name="duplicates")
    app.add_typer(embeds.app, name="embeds")
    app.add_typer(links.app, name="links")
    app.add_typer(mediators.app, name="mediators")
    app.add_typer(teams.app, name="teams")
    exports.add_to(app)
    imports.add_to(app, then=(SEARCH,))


def main() -> None:
    """Run, and say in one French sentence what could not be done."""
    try:
        if sys.argv[1:2] != ["serve"]:  # the site starts sooner without
            add_slices()
        terminal.run(app, refuse)
    except (
        CannotServe,
        ClusterProblem,
        servers.ServerProblem,
        SchemaProblem,
        WrongSettings,
        WrongTerritoryFiles,
    ) as problem:
        refuse(str(problem))
    except (DatabaseError, DBAPIError) as error:
        told = in_french(error)
        if told is None:
            raise
        refuse(told)
    except OSError as error:
        where = f" : {error.filename}" if error.filename else ""
        refuse(f"Le système a refusé ({reason(error)}){where}.")
    raise SystemExit(1)


def refuse(sentence: str) -> None:
    errors.print(sentence, style="bold red", markup=False, soft_wrap=True)
