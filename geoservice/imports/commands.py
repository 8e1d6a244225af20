"""`geoservice import`: the terminal's door to imports."""

import sys
from typing import Annotated

import orjson
import typer
from rich.console import Console
from rich.progress import Progress

from geoservice.db import schema
from geoservice.db import server as servers
from geoservice.imports.problems import ImportProblem
from geoservice.imports.report import Report
from geoservice.imports.runs import Progress as Steps
from geoservice.imports.runs import run_import
from geoservice.settings import Settings

__all__ = ["add_to", "run_import"]

errors = Console(stderr=True, highlight=False)


def add_to(app: typer.Typer) -> None:
    app.command("import")(import_source)


def import_source(
    source: Annotated[str, typer.Argument(help="Nom de la source : un dossier de import/.")],
    origin: Annotated[
        str | None,
        typer.Argument(
            metavar="[FICHIER|ADRESSE|-]",
            help="Fichier, adresse web, ou - pour l’entrée standard. Absent : l’adresse de la source.",
        ),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Montrer ce qui changerait, sans rien écrire.")
    ] = False,
    json: Annotated[
        bool, typer.Option("--json", help="Répondre en JSON, pour une machine.")
    ] = False,
) -> None:
    """Importer les lieux d’une source, ou montrer ce que l’import changerait."""
    try:
        with (
            servers.running(Settings.read()) as server,
            Progress(console=errors, transient=True) as bar,
        ):
            schema.migrate(server)
            task = bar.add_task(source, total=None)
            report = run_import(
                server,
                source,
                origin,
                dry_run=dry_run,
                progress=Steps(read=lambda n: bar.advance(task, n)),
            )
    except ImportProblem as problem:
        errors.print(str(problem), style="bold red")
        raise typer.Exit(1) from None
    if json:
        sys.stdout.write(orjson.dumps(report.as_data()).decode() + "\n")
    else:
        Console(highlight=False).print(summary(report))


def summary(report: Report) -> str:
    """What happened, in one sentence."""
    changes = report.changes
    done = "Essai, rien n’est écrit" if report.dry_run else "Import terminé"
    return (
        f"{done} en {report.duration_s:.1f} s : {report.rows} lignes lues ; {changes.new} lieux nouveaux, "
        f"{changes.changed} modifiés, {changes.unchanged} inchangés, {changes.withdrawn} retirés, "
        f"{changes.returned} revenus ; {report.notes.rejected.total()} valeurs refusées, "
        f"{report.notes.cleaned.total()} nettoyées."
    )
