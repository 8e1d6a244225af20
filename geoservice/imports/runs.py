"""One import from end to end: fetch, read, convert, compare, write; or nothing at all."""

import time
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import psycopg
from sqlalchemy import NullPool, create_engine, insert
from sqlalchemy.exc import DBAPIError, OperationalError

from geoservice import clock, paths
from geoservice.db.server import Server
from geoservice.imports import gazetteer, priority_zones, readers
from geoservice.imports.convert import Converter
from geoservice.imports.fetching import Advance, Fetched, fetched, told
from geoservice.imports.guard import Before, check
from geoservice.imports.mapping import Mapping, load
from geoservice.imports.model import ImportRun
from geoservice.imports.priority_zones import PriorityZones
from geoservice.imports.problems import ImportProblem
from geoservice.imports.report import KEPT, Report, Spool, brief
from geoservice.jobs.job import Job
from geoservice.places.actions import Changes, PlaceChange, Statement, receive

NO_GAZETTEER = (
    "Le répertoire des communes n’est pas chargé : noms de communes, codes INSEE et positions ne sont "
    "pas vérifiés. « geoservice territories load officiel » le charge."
)


@dataclass(frozen=True)
class Progress:
    """Told how the work goes, to show it."""

    arrived: Advance = lambda _: None
    """Bytes downloaded, or elements."""
    read: Advance = lambda _: None
    """Rows."""


def run_import(
    server: Server,
    name: str,
    origin: str | None = None,
    *,
    dry_run: bool = False,
    force: bool = False,
    sources: Path = paths.SOURCES,
    downloads: Path = paths.DATA / "imports",
    reference: Path = paths.DATA / "reference",
    progress: Progress = Progress(),
    then: Sequence[Job] = (),
) -> Report:
    """Import what `origin` (a file, an address, `-`) says of the places of the source `name`.

    All in one transaction, which `dry_run` undoes at the end. `force` imports in spite of
    `guard.check`. `reference` may hold the lists of `priority_zones`. The jobs of `then` are queued
    when the import changed something. Raises ImportProblem; whatever is raised, the base is as it
    was before.
    """
    started = time.monotonic()
    mapping = load(name, sources)
    report = Report(source=name, origin=told(mapping, origin), dry_run=dry_run)
    try:
        zones = priority_zones.load(reference)
        with _database_failures(), fetched(mapping, origin, downloads, progress.arrived) as data:
            run = _Run(
                server, mapping, zones, data, report, force=force, progress=progress, then=then
            )
            run.run()
    except ImportProblem as problem:
        report.changes, report.places = Changes(), Spool()  # what was undone did not happen
        problem.report = report
        if not dry_run:
            _keep_refusal(server, report, str(problem))
        raise
    finally:
        report.duration_s = time.monotonic() - started
    return report


@contextmanager
def _database_failures() -> Generator[None]:
    """What the database cannot do, said in French; its transaction is undone by then."""
    try:
        yield
    except OperationalError as error:
        full = isinstance(error.orig, psycopg.errors.DiskFull)
        why = "le disque de la base est plein" if full else "la base de données ne répond plus"
        raise ImportProblem(
            f"L’import s’est arrêté : {why}. La base est comme avant. Relancez la même commande ensuite."
        ) from error


def _keep_refusal(server: Server, report: Report, why: str) -> None:
    """A line in the journal; a journal that cannot be written does not hide the reason."""
    engine = create_engine(server.owner, poolclass=NullPool)
    with suppress(DBAPIError), engine.begin() as connection:
        connection.execute(insert(ImportRun).values(**report.as_run(), refusal=why))
    engine.dispose()


@dataclass
class _Run:
    server: Server
    mapping: Mapping
    zones: PriorityZones
    data: Fetched
    report: Report
    force: bool
    progress: Progress
    then: Sequence[Job]
    cut_short: bool = False

    def run(self) -> None:
        engine = create_engine(self.server.owner, poolclass=NullPool)
        with engine.connect() as reading, engine.connect() as writing:
            self.before = Before.of(reading, self.mapping.name)
            today = clock.today()
            communes = gazetteer.load(reading)
            if not communes:
                self.report.warnings.append(NO_GAZETTEER)
            self.converter = Converter(self.mapping, self.report.notes, today, communes, self.zones)
            self.report.changes = receive(
                writing,
                self.mapping.description,
                self._statements(),
                complete=True,
                watch=self._keep,
            )
            if self.report.dry_run:
                writing.rollback()
            else:
                writing.execute(insert(ImportRun).values(**self.report.as_run()))
                for job in self.then if self.report.changes.any else ():
                    writing.execute(job.later())
                writing.commit()
        engine.dispose()

    def _statements(self) -> Iterator[Statement]:
        """Everything that the source says; what is wrong with the whole of it stops the import here."""
        report = self.report
        kept = 0
        freshest = None
        for row in readers.read(self.data.path, self.mapping.source, report.warnings.append):
            report.rows += 1
            report.columns.update(dict.fromkeys(row.cells))
            self.progress.read(1)
            for statement in self.converter.statements(row):
                kept += 1
                if statement.stated_on and (freshest is None or statement.stated_on > freshest):
                    freshest = statement.stated_on
                yield statement
        wrong = check(self.mapping, self.before, report, kept, warn=report.warnings.append)
        if wrong and not (self.force and wrong.can_be_forced):
            raise wrong
        if wrong:
            report.warnings.append(str(wrong))
        limit = self.mapping.source.fresh_for_days
        if limit and freshest and freshest < self.converter.today - timedelta(days=limit):
            report.warnings.append(
                f"La fiche la plus récente date du {freshest:%d/%m/%Y} : "
                f"cette source devrait avoir moins de {limit} jours."
            )

    def _keep(self, change: PlaceChange) -> None:
        if len(self.report.places) < KEPT:
            fields = {name: (brief(a), brief(b)) for name, (a, b) in change.fields.items()}
            self.report.places.append(replace(change, fields=fields))
        elif len(self.report.places) == KEPT and not self.cut_short:
            self.cut_short = True
            self.report.warnings.append(f"Le rapport s’arrête au {KEPT}e lieu.")
