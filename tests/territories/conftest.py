import json
import threading
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, NullPool, create_engine, text

from geoservice.db import schema
from geoservice.db.server import Server
from geoservice.paths import SOURCES
from geoservice.territories import actions

Answers = Callable[[str], tuple[int, bytes] | None]
"""Path → status and body; None to hang up without a word."""


@contextmanager
def serving(answers: Answers) -> Generator[str]:
    """A real HTTP server on a loopback port."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            answer = answers(self.path)
            if answer is None:
                self.connection.close()
                return
            self.send_response(answer[0])
            self.send_header("Content-Length", str(len(answer[1])))
            self.end_headers()
            self.wfile.write(answer[1])

        def log_message(self, format: str, *args: Any) -> None:
            pass

    httpd = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=httpd.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{httpd.server_port}"
    finally:
        httpd.shutdown()
        thread.join()
        httpd.server_close()


@contextmanager
def _holding(server: Server, database: str, folder: Path) -> Generator[Server]:
    """A base of its own that holds the territories of `folder`."""
    engine = create_engine(server.owner, poolclass=NullPool, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {database}"))
    other = Server(
        *(url.set(database=database) for url in (server.owner, server.app, server.public))
    )
    schema.migrate(other)
    own = create_engine(other.owner, poolclass=NullPool)
    with own.begin() as connection:
        actions.load(connection, str(folder))
    own.dispose()
    yield other
    with engine.connect() as connection:
        connection.execute(text(f"DROP DATABASE {database} WITH (FORCE)"))
    engine.dispose()


@pytest.fixture(scope="session")
def gazetteer(server: Server) -> Iterator[Server]:
    """The territories of the demonstration."""
    with _holding(server, "gazetteer", SOURCES / "demo" / "territoires") as base:
        yield base


@pytest.fixture(scope="session")
def france(server: Server, real_data: Path) -> Iterator[Server]:
    """The territories of the whole country."""
    with _holding(server, "france", real_data / "territoires") as base:
        yield base


def as_json(value: object) -> bytes:
    return json.dumps(value).encode()


def count(db: Connection, type_: str) -> int:
    return (
        db.scalar(text("SELECT count(*) FROM territories WHERE type = :type"), {"type": type_}) or 0
    )


def file_of(folder: Path) -> Answers:
    def answers(path: str) -> tuple[int, bytes]:
        file = folder / Path(path).name
        return (200, file.read_bytes()) if file.is_file() else (404, b"")

    return answers
