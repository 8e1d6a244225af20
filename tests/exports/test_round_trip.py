"""What we publish, imported again: nothing is lost, nothing is cleaned twice, nothing changes."""

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, NullPool, create_engine, text

from geoservice.db.server import Server
from geoservice.exports import queries
from geoservice.exports.commands import parts
from geoservice.exports.formats import FORMATS
from geoservice.exports.national import NATIONAL_FIELDS, REQUIRED
from geoservice.imports.report import Report, brief
from geoservice.imports.runs import run_import
from geoservice.paths import SOURCES
from geoservice.places.fields import FIELDS
from geoservice.territories import actions as territories
from tests.imports.conftest import imports_server

__all__ = ["imports_server"]

REAL = ("corse", "maine-et-loire", "nouvelle-caledonie", "etapes-numerique", "la-creuse")
"""The oddest ones: the two largest bring nothing more, and take as long as all these."""
EVERYTHING = "TRUNCATE source_records, places, schedules, import_runs, sources, territories, localities CASCADE"


@pytest.fixture(params=["demo", "real"], scope="module")
def published(request: pytest.FixtureRequest, imports_server: Server) -> Iterator[Server]:
    """A base that holds the demonstration, or real files."""
    if request.param == "demo":
        folder, files = SOURCES / "demo" / "territoires", {"demo": SOURCES / "demo" / "lieux.json"}
    else:
        data: Path = request.getfixturevalue("real_data")
        folder = data / "territoires"
        files = {source: data / "sources" / f"{source}.json" for source in REAL}
    engine = create_engine(imports_server.owner, poolclass=NullPool)
    with engine.begin() as connection:
        connection.execute(text(EVERYTHING))
        territories.load(connection, str(folder))
    for source, file in files.items():
        run_import(imports_server, source, str(file))
    yield imports_server
    with engine.begin() as connection:
        connection.execute(text(EVERYTHING))
    engine.dispose()


def places(connection: Connection) -> dict[str, dict[str, Any]]:
    """Public id → column → value."""
    rows = connection.execute(queries.following(0, 100_000))
    return {row.public_id: dict(row._mapping) for row in rows}  # pyright: ignore[reportPrivateUsage] - SQLAlchemy’s public name


def read_back(server: Server, name: str, folder: Path) -> tuple[Path, Report]:
    """The export, and what its import would do."""
    file = folder / f"{name}.csv"
    engine = create_engine(server.public, poolclass=NullPool)
    with file.open("wb") as out:
        out.writelines(part for part, _ in parts(engine, FORMATS[name].write("")))
    engine.dispose()
    return file, run_import(server, "mediation-numerique", str(file), dry_run=True)


@pytest.mark.parametrize(
    ("name", "fields"), [("csv", NATIONAL_FIELDS), ("complet", FIELDS)], ids=["national", "complet"]
)
def test_every_published_place_is_read_back_as_it_is(
    published: Server, tmp_path: Path, name: str, fields: Any
) -> None:
    engine = create_engine(published.owner, poolclass=NullPool)
    with engine.connect() as connection:
        known = places(connection)
    engine.dispose()

    file, report = read_back(published, name, tmp_path)

    assert [
        no for no in report.notes.rejections if no.column not in ("commune", "postal_code")
    ] == []
    again = {place.keys[0]: place.fields for place in report.places}
    with file.open(encoding="utf-8", newline="") as lines:
        assert len(again) == sum(1 for _ in csv.DictReader(lines))
    complete = [id for id, place in known.items() if all(place[one] for one in REQUIRED)]
    assert set(again) >= set(complete)
    for id, told in again.items():
        for field in fields:
            before = known[id][field.column] or None
            _, now = told.get(field.column, (None, None))
            if name == "csv" and field.column == "updated_on" and before is None:
                continue  # the schema demands a day: that of the last change is written
            assert (now or None) == brief(before), (id, field.column)


def test_importing_the_same_export_twice_changes_nothing(published: Server, tmp_path: Path) -> None:
    file, trial = read_back(published, "complet", tmp_path)
    first = run_import(published, "mediation-numerique", str(file))

    second = run_import(published, "mediation-numerique", str(file))

    assert first.changes == trial.changes
    assert not second.changes.any
    assert second.changes.unchanged == first.changes.new
