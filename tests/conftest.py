"""What tests start for themselves: a private PostgreSQL, and the application on a loopback port."""

import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import hypothesis
import pytest
from sqlalchemy import Connection, Engine, NullPool, create_engine, event, text

from geoservice.db import schema
from geoservice.db import server as servers
from geoservice.db.server import Server
from geoservice.paths import ROOT, SOURCES
from geoservice.settings import Settings
from tests.mailbox import Mailbox

DATA = Path(os.environ.get("GEOSERVICE_DATA", ROOT.parent / "shared" / "data"))

hypothesis.settings.register_profile("untimed", deadline=None, derandomize="CI" in os.environ)
hypothesis.settings.load_profile(
    "untimed"
)  # a machine under load is not a fault, nor is a landing a draw


@pytest.fixture(scope="session")
def real_data() -> Path:
    """The folder of real source files, territories and labelled hours."""
    if not DATA.is_dir():
        pytest.skip(f"les données réelles ne sont pas là : {DATA} (GEOSERVICE_DATA)")
    return DATA


@pytest.fixture(scope="session")
def settings() -> Iterator[Settings]:
    """Of a service of its own: an empty folder for the database, no host but this machine."""
    with tempfile.TemporaryDirectory(prefix="geoservice-test-") as folder:
        Path(folder).chmod(0o755)  # the database's user goes through it
        yield Settings(
            _env_file=None,  # pyright: ignore[reportCallIssue] - pydantic-settings' own parameter
            data_dir=Path(folder) / ".data",
            database_url=None,
            port=free_port(),
            basemap_style_url=None,
        )


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture(scope="session")
def server(settings: Settings) -> Iterator[Server]:
    """A private PostgreSQL with PostGIS, its schema built by the real migrations, no data."""
    with servers.running(settings) as running:
        schema.migrate(running)
        yield running


@pytest.fixture(scope="session")
def engine(server: Server) -> Iterator[Engine]:
    """The owner's engine."""
    engine = create_engine(server.owner, poolclass=NullPool)
    yield engine
    engine.dispose()


@pytest.fixture(scope="session")
def _empty_base(server: Server) -> Iterator[Engine]:
    """Beside the one that the running application fills: what a test finds does not depend on the order."""
    owner = create_engine(server.owner, poolclass=NullPool, isolation_level="AUTOCOMMIT")
    with owner.connect() as connection:
        connection.execute(text("CREATE DATABASE empty"))
    owner.dispose()
    base = Server(*(url.set(database="empty") for url in (server.owner, server.app, server.public)))
    schema.migrate(base)
    engine = create_engine(base.owner, poolclass=NullPool)
    event.listen(
        engine, "commit", lambda *_: pytest.fail("ici rien ne se garde : `base` est pour cela")
    )
    yield engine
    engine.dispose()


@pytest.fixture
def db(_empty_base: Engine) -> Iterator[Connection]:
    """A connection to a base without data; its changes are undone at the end of the test."""
    with _empty_base.connect() as connection:
        yield connection
        connection.rollback()


@pytest.fixture(scope="session")
def site(server: Server, engine: Engine, settings: Settings) -> Iterator[str]:
    """The address of the running application, with the demonstration data."""
    from geoservice.cli import fill_if_empty

    fill_if_empty(server, engine)
    environment = os.environ | {
        "GEOSERVICE_DATA_DIR": str(settings.data_dir),
        "GEOSERVICE_PORT": str(settings.port),
        "GEOSERVICE_PUBLIC_URL": f"http://127.0.0.1:{settings.port}",
        "GEOSERVICE_BASEMAP_STYLE_URL": "",
    }
    environment.pop("GEOSERVICE_DATABASE_URL", None)
    process = subprocess.Popen(
        [sys.executable, "-c", "from geoservice.cli import main; main()", "serve"],
        env=environment,
        cwd=ROOT,
    )
    address = f"http://127.0.0.1:{settings.port}"
    try:
        wait_until_ready(address, process)
        yield address
    finally:
        process.terminate()
        process.wait(timeout=20)


def wait_until_ready(address: str, process: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + 240
    while time.monotonic() < deadline:
        if process.poll() is not None:
            pytest.fail("l’application s’est arrêtée au démarrage")
        try:
            if httpx.get(f"{address}/ready").status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.1)
    pytest.fail("l’application n’est pas prête après 240 s")


@pytest.fixture(scope="session")
def demonstration() -> Path:
    return SOURCES / "demo"


@pytest.fixture(scope="session")
def _committed_base(server: Server) -> Server:
    engine = create_engine(server.owner, poolclass=NullPool, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text("CREATE DATABASE committed"))
    engine.dispose()
    urls = (url.set(database="committed") for url in (server.owner, server.app, server.public))
    base = Server(*urls)
    schema.migrate(base)
    return base


@pytest.fixture
def base(_committed_base: Server) -> Server:
    """A database for what is written and committed: no account, place, person, mail or job at the start."""
    engine = create_engine(_committed_base.owner, poolclass=NullPool)
    with engine.begin() as connection:
        connection.execute(
            text(
                "TRUNCATE accounts, teams, sign_in_counts, outgoing_mails, source_records, places, schedules,"
                " consent_events, quality_months, consents, former_mediators,"
                " jobs.procrastinate_jobs, jobs.procrastinate_workers CASCADE"
            )
        )
    engine.dispose()
    return _committed_base


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    mailbox = Mailbox(free_port())
    mailbox.open()
    yield mailbox
    mailbox.close()
