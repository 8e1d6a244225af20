"""One import from end to end: read, convert, compare, write; or nothing at all."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path

from sqlalchemy import NullPool, create_engine, insert

from geoservice import clock
from geoservice.db.server import Server
from geoservice.imports import readers
from geoservice.imports.convert import Converter
from geoservice.imports.mapping import load
from geoservice.imports.model import ImportRun
from geoservice.imports.report import Report
from geoservice.imports.rows import Row
from geoservice.places.actions import PlaceChange, Statement, receive


def run_import(
    server: Server,
    name: str,
    origin: str | None,
    *,
    dry_run: bool = False,
    watch: Callable[[Row], None] | None = None,
) -> Report:
    """Import a file of the source `name`, in one transaction; `dry_run` undoes it at the end.

    `watch` is called with each row read. Raises ImportProblem; whatever is raised, the base is as
    it was before.
    """
    started = time.monotonic()
    mapping = load(name)
    file = Path(origin or "")
    report = Report(source=name, origin=file.name, dry_run=dry_run)
    converter = Converter(mapping, report.notes, clock.now().date())
    columns: dict[str, None] = {}

    def statements() -> Iterator[Statement]:
        for row in readers.read(file, mapping.source):
            report.rows += 1
            columns.update(dict.fromkeys(row.cells))
            if watch:
                watch(row)
            yield from converter.statements(row)

    def keep(change: PlaceChange) -> None:
        report.places.append(change)

    engine = create_engine(server.owner, poolclass=NullPool)
    with engine.connect() as connection:
        report.changes = receive(
            connection, mapping.description, statements(), complete=True, watch=keep
        )
        report.columns = tuple(columns)
        if dry_run:
            connection.rollback()
        else:
            connection.execute(
                insert(ImportRun).values(
                    source=name,
                    origin=report.origin,
                    row_count=report.rows,
                    columns=list(columns),
                    counts=report.counts,
                )
            )
            connection.commit()
    report.duration_s = time.monotonic() - started
    return report
