"""`geoservice import`: the terminal's door to imports."""

import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Annotated

import orjson
import typer
from rich.console import Console
from rich.progress import BarColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bars

from geoservice.db import schema
from geoservice.db import server as servers
from geoservice.imports import telling
from geoservice.imports.problems import ImportProblem
from geoservice.imports.report import write
from geoservice.imports.runs import Progress, run_import
from geoservice.jobs.job import Job
from geoservice.settings import Settings

__all__ = ["add_to", "run_import"]


def add_to(app: typer.Typer, then: Sequence[Job] = ()) -> None:
    """`then` is what an import that changed something leaves to be done."""
    app.command("import", context_settings={"obj": then})(import_source)


def import_source(
    context: typer.Context,
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
    report_file: Annotated[
        Path | None,
        typer.Option("--report", metavar="FICHIER", help="Écrire le détail en JSON et en CSV."),
    ] = None,
    force: Annotated[
        bool,
        typer.Option(
            "--force", help="Importer même si la source a beaucoup rétréci ou perdu des colonnes."
        ),
    ] = False,
    json: Annotated[
        bool, typer.Option("--json", help="Répondre en JSON, pour une machine.")
    ] = False,
) -> None:
    """Importer les lieux d’une source, ou montrer ce que l’import changerait."""
    errors = Console(stderr=True, highlight=False)
    try:
        if report_file and not os.access(report_file.parent, os.W_OK):
            raise ImportProblem(
                f"Le rapport ne pourrait pas être écrit dans {report_file.parent} : rien n’a été importé."
            )
        settings = Settings.read()
        with servers.running(settings) as server, _bars(errors) as bars:
            schema.migrate(server)
            task = bars.add_task(source, total=None)
            report = run_import(
                server,
                source,
                origin,
                dry_run=dry_run,
                force=force,
                downloads=settings.data_dir / "imports",
                reference=settings.data_dir / "reference",
                progress=Progress(
                    arrived=lambda n: bars.advance(task, n), read=lambda n: bars.advance(task, n)
                ),
                then=context.obj,
            )
        if report_file:
            try:
                write(report, report_file)
            except ImportProblem as problem:
                done = "L’essai est fait" if dry_run else "L’import est fait"
                raise ImportProblem(f"{done}, mais sans rapport. {problem}") from None
    except ImportProblem as problem:
        if report_file and problem.report:
            with suppress(ImportProblem):
                write(problem.report, report_file)
        if json:
            sys.stdout.write(
                orjson.dumps({"source": source, "erreur": str(problem)}).decode() + "\n"
            )
        for warning in problem.report.warnings if problem.report else ():
            errors.print(warning, style="yellow", markup=False)
        errors.print(str(problem), style="bold red", markup=False)
        raise typer.Exit(1) from None
    if json:
        sys.stdout.write(orjson.dumps(report.as_data()).decode() + "\n")
    else:
        telling.tell(report, Console(highlight=False))


def _bars(console: Console) -> Bars:
    return Bars(
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.completed:.0f} lignes ou octets"),
        TimeElapsedColumn(),
        console=console,
        transient=True,
    )
