"""A database of their own for imports, which commit; and small sources written on the spot."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import NullPool, create_engine, text

from geoservice.db import schema
from geoservice.db.server import Server
from geoservice.imports.report import Report
from geoservice.imports.runs import run_import

DATABASE = "geoservice_imports"

MAPPING = """
[source]
title = "Essai"
licence = "Licence Ouverte 2.0"
key = "id"

[place]
name = { from = "nom" }
address = { from = "adresse" }
postal_code = { from = "code_postal" }
commune = { from = "commune" }
point = { lon = "longitude", lat = "latitude" }
services = { from = "services" }
updated_on = { from = "date_maj" }
"""

CELLS = {
    "id": "1",
    "nom": "Médiathèque de l’essai",
    "adresse": "3 rue de l’Essai",
    "code_postal": "74000",
    "commune": "Annecy",
    "longitude": 6.12,
    "latitude": 45.9,
    "services": "Aide aux démarches administratives",
    "date_maj": "2026-05-02",
}


def rows(count: int, **cells: object) -> list[dict[str, object]]:
    return [CELLS | {"id": str(n), "nom": f"Lieu {n}"} | cells for n in range(1, count + 1)]


@dataclass(frozen=True)
class Base:
    """The database, and a source named «essai» in a folder of its own."""

    server: Server
    folder: Path

    def mapping(self, toml: str) -> None:
        path = self.folder / "essai" / "mapping.toml"
        path.parent.mkdir(exist_ok=True)
        path.write_text(toml, encoding="utf-8")

    def file(self, content: object, name: str = "lieux.json") -> Path:
        path = self.folder / name
        if isinstance(content, bytes):
            path.write_bytes(content)
        elif isinstance(content, str):
            path.write_text(content, encoding="utf-8")
        else:
            path.write_text(json.dumps(content), encoding="utf-8")
        return path

    def run(self, content: object, name: str = "lieux.json", **options: Any) -> Report:
        path = content if isinstance(content, Path) else self.file(content, name)
        return run_import(
            self.server,
            "essai",
            str(path),
            sources=self.folder,
            downloads=self.folder / "data" / "imports",
            reference=self.folder / "data" / "reference",
            **options,
        )

    def query(self, sql: str) -> list[tuple[Any, ...]]:
        with psycopg.connect(Server.conninfo(self.server.owner)) as connection:
            return connection.execute(sql.encode()).fetchall()

    def everything(self) -> list[list[tuple[Any, ...]]]:
        """All that an import may write; the trace of those that were refused is apart."""
        return [
            self.query(f"SELECT * FROM {table} ORDER BY 1")
            for table in (
                "sources",
                "source_records",
                "places",
                "schedules",
                "import_runs WHERE refusal IS NULL",
                "data_versions",
            )
        ]


@pytest.fixture(scope="session")
def imports_server(server: Server) -> Server:
    """Another database of the same cluster: what is committed there disturbs no other test."""
    with psycopg.connect(Server.conninfo(server.owner), autocommit=True) as connection:
        # the exports borrow this fixture: it is then made twice in one run
        connection.execute(f"DROP DATABASE IF EXISTS {DATABASE} WITH (FORCE)".encode())
        connection.execute(f"CREATE DATABASE {DATABASE}".encode())
    own = Server(
        owner=server.owner.set(database=DATABASE),
        app=server.app.set(database=DATABASE),
        public=server.public.set(database=DATABASE),
    )
    schema.migrate(own)
    return own


@pytest.fixture
def base(imports_server: Server, tmp_path: Path) -> Iterator[Base]:
    made = Base(imports_server, tmp_path)
    made.mapping(MAPPING)
    yield made
    engine = create_engine(imports_server.owner, poolclass=NullPool)
    with engine.begin() as connection:
        connection.execute(
            text(
                "TRUNCATE source_records, places, schedules, import_runs, sources, territories, localities CASCADE"
            )
        )
    engine.dispose()


MakeRows = Callable[..., list[dict[str, object]]]


@pytest.fixture
def make_rows() -> MakeRows:
    return rows
