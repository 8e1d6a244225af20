"""Which PostgreSQL server we use, and how each role reaches it."""

import contextlib
from collections.abc import Generator
from dataclasses import dataclass

import psycopg
from psycopg.conninfo import make_conninfo
from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from geoservice.db.cluster import DATABASE, OLDEST_POSTGRESQL, OWNER, Cluster
from geoservice.db.wording import why_not_connected
from geoservice.settings import Settings

APP = "geoservice_app"
PUBLIC = "geoservice_public"


class ServerProblem(Exception):
    """Why the server cannot be used, in French, with what to do."""


@dataclass(frozen=True)
class Server:
    """The addresses of one database, by role. They may hold passwords: never log them."""

    owner: URL
    app: URL
    public: URL

    @staticmethod
    def conninfo(url: URL, **options: str | int) -> str:
        """The address as libpq reads it, with these server options more."""
        # libpq does not read the «+» that SQLAlchemy writes for the spaces of the options
        given = str(url.query.get("options", ""))
        chosen = " ".join([given, *(f"-c {name}={value}" for name, value in options.items())])
        plain = url.set(drivername="postgresql").difference_update_query(["options"])
        address = plain.render_as_string(hide_password=False)
        return make_conninfo(address, options=chosen.strip()) if chosen.strip() else address


@contextlib.contextmanager
def running(settings: Settings) -> Generator[Server]:
    """The server of the settings, or our private one, started if need be."""
    if settings.database_url:
        yield addresses(settings)
        return
    with Cluster(settings.data_dir).running() as cluster:
        _create_database(cluster)
        yield addresses(settings)


def addresses(settings: Settings) -> Server:
    """Where the server is, or will be once somebody has started it."""
    if settings.database_url:
        return _given(settings, settings.database_url)
    cluster = Cluster(settings.data_dir)
    return Server(*(_sqlalchemy(cluster.url(role)) for role in (OWNER, APP, PUBLIC)))


def _sqlalchemy(address: str) -> URL:
    try:
        return make_url(address).set(drivername="postgresql+psycopg")
    except ArgumentError:
        raise ServerProblem(
            "L’adresse de la base n’est pas lisible. GEOSERVICE_DATABASE_URL s’écrit "
            "postgresql://utilisateur:mot-de-passe@machine/base."
        ) from None


def _given(settings: Settings, address: str) -> Server:
    owner = _sqlalchemy(address)

    def acting_as(role: str, own_address: str | None) -> URL:
        if own_address:
            return _sqlalchemy(own_address)
        return owner.update_query_dict({"options": f"-c role={role}"})

    return Server(
        owner=owner,
        app=acting_as(APP, settings.app_database_url),
        public=acting_as(PUBLIC, settings.public_database_url),
    )


def _create_database(cluster: Cluster) -> None:
    maintenance = cluster.url().replace(f"/{DATABASE}?", "/postgres?")
    with psycopg.connect(maintenance, autocommit=True) as connection:
        found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE])
        if found.fetchone() is None:
            connection.execute(f"CREATE DATABASE {DATABASE}")  # pyright: ignore[reportCallIssue, reportArgumentType] - our constant


def check(server: Server) -> None:
    """Raises ServerProblem when the server is out of reach, too old, or without PostGIS."""
    try:
        with psycopg.connect(Server.conninfo(server.owner), connect_timeout=10) as connection:
            major = connection.info.server_version // 10_000
            postgis = connection.execute(
                "SELECT 1 FROM pg_available_extensions WHERE name = 'postgis'"
            ).fetchone()
    except psycopg.OperationalError as error:
        raise ServerProblem(
            "Impossible de se connecter à PostgreSQL "
            f"({server.owner.host or 'adresse locale'}) : {why_not_connected(error)}. "
            "Vérifiez GEOSERVICE_DATABASE_URL et que le serveur est démarré."
        ) from None
    if major < OLDEST_POSTGRESQL:
        raise ServerProblem(
            f"PostgreSQL {major} est trop ancien : il faut la version {OLDEST_POSTGRESQL} ou plus récente."
        )
    if postgis is None:
        raise ServerProblem(
            f"PostGIS n’est pas installé sur le serveur PostgreSQL. Installez postgresql-{major}-postgis-3."
        )
