"""«Mes contacts ne sortent par aucune porte»: canaries in every state, and a look behind every public address.

The addresses are those of the application's own routes: a route that is added is looked behind too.
"""

import io
import os
import re
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest
from sqlalchemy import Engine, text

from geoservice.app import create_app
from geoservice.db.server import Server
from geoservice.paths import ROOT
from geoservice.settings import Settings

CONTACTS = ("name", "mail", "phone", "booking_url")
STATES = ("never", "refused", "withdrawn", "expired", "professionals", "public", "reusers", "gone")
"""Of the agreement, for all the contacts of a canary; the last three but one name their audience."""
DATA = re.compile(r"\.(json|geojson|csv|xlsx|atom|mvt|gpkg|ics)|^/api/|^/donnees/|^/tuiles/")
AGENDA = re.compile(r"\.ics")


@dataclass(frozen=True)
class Canary:
    state: str
    number: int
    public_id: str

    @property
    def given_name(self) -> str:
        return f"Canari{self.state.capitalize()}"

    @property
    def phone(self) -> str:
        return f"+336399877{self.number:02}"

    @property
    def values(self) -> dict[str, str]:
        return {
            "given_name": self.given_name,
            "family_name": f"Cage{self.state}",
            "mail": f"canari-{self.state}@exemple.fr",
            "phone": self.phone,
            "booking_url": f"https://exemple.fr/canari-{self.state}",
        }

    def is_told_in(self, content: str) -> bool:
        """Whatever the spelling: letter case, spaces in numbers, escapes."""
        bare = re.sub(r"[^a-z0-9]", "", content.lower())
        return any(
            re.sub(r"[^a-z0-9]", "", value.lower().removeprefix("+33")) in bare
            for value in self.values.values()
        )


CANARIES = [
    Canary(state, number, f"canari{number:04}") for number, state in enumerate(STATES, start=1)
]


def plant(db: Any, canary: Canary, place: int) -> None:
    id_ = db.execute(
        text(
            "INSERT INTO mediators (public_id, given_name, family_name, mail, phone, booking_url, role)"
            " VALUES (:public_id, :given_name, :family_name, :mail, :phone, :booking_url,"
            " 'Médiateur numérique') RETURNING id"
        ),
        canary.values | {"public_id": canary.public_id},
    ).scalar_one()
    db.execute(text("INSERT INTO mediator_places VALUES (:m, :p)"), {"m": id_, "p": place})
    db.execute(
        text(
            "INSERT INTO permanences (public_id, place_id, mediator_id, expression, schedule_id,"
            " by_appointment) SELECT :id, :place, :mediator, expression, id, false FROM schedules"
            " WHERE code = (SELECT departement FROM places WHERE id = :place)"
            " AND expression ~ '^[A-Z]' ORDER BY id LIMIT 1"
        ),
        {"id": canary.public_id, "place": place, "mediator": id_},
    )
    audiences = {
        "professionals": ("professionals",),
        "public": ("public",),
        "reusers": ("reusers",),
        "never": (),
    }.get(canary.state, ("public", "professionals", "reusers"))
    for audience in audiences:
        if canary.state == "refused":
            say(db, canary, audience, granted=False)
        else:
            say(db, canary, audience, expires="-1 hour" if canary.state == "expired" else None)
        if canary.state == "withdrawn":
            say(db, canary, audience, granted=False)
    if canary.state == "gone":
        db.execute(text("DELETE FROM mediators WHERE id = :id"), {"id": id_})


def say(
    db: Any, canary: Canary, audience: str, *, granted: bool = True, expires: str | None = None
) -> None:
    for contact in CONTACTS:
        db.execute(
            text(
                "INSERT INTO consent_events (person, contact, audience, granted, wording,"
                " recorded_by, expires_at) SELECT person, :contact, :audience, :granted, '2026-11',"
                " 'person', now() + CAST(:expires AS interval) FROM mediators WHERE public_id = :id"
            ),
            {
                "contact": contact,
                "audience": audience,
                "granted": granted,
                "expires": expires,
                "id": canary.public_id,
            },
        )


@pytest.fixture(scope="module")
def place(site: str, engine: Engine) -> Iterator[str]:
    """Public id of the place where all the canaries work."""
    with engine.begin() as db:
        row = db.execute(
            text(
                "SELECT id, public_id FROM places WHERE departement = '04' AND schedule_id IS NOT NULL"
                " ORDER BY id LIMIT 1"
            )
        ).one()
        for canary in CANARIES:
            plant(db, canary, row.id)
    yield row.public_id
    with engine.begin() as db:
        db.execute(text("DELETE FROM mediators WHERE public_id LIKE 'canari%'"))


@dataclass(frozen=True)
class Other:
    """A second web process on the same base, and what it wrote."""

    address: str
    log: Path


@pytest.fixture(scope="module")
def other(
    site: str, settings: Settings, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Other]:
    log = tmp_path_factory.mktemp("other") / "log"
    port = settings.port + 1
    environment = os.environ | {
        "GEOSERVICE_DATA_DIR": str(settings.data_dir),
        "GEOSERVICE_PUBLIC_URL": site,
        "GEOSERVICE_WORKER_INSIDE": "false",
        "GEOSERVICE_BASEMAP_STYLE_URL": "",
    }
    environment.pop("GEOSERVICE_DATABASE_URL", None)
    command = [
        sys.executable, "-m", "uvicorn", "geoservice.app:from_environment", "--factory",
        "--port", str(port), "--log-level", "debug",
    ]  # fmt: skip
    with log.open("w") as written:
        process = subprocess.Popen(
            command, env=environment, cwd=ROOT, stdout=written, stderr=written
        )
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(300):
            try:
                httpx.get(f"{address}/health")
                break
            except httpx.TransportError:
                time.sleep(0.1)
        yield Other(address, log)
    finally:
        process.terminate()
        process.wait(timeout=20)


def routes(routes: Any) -> Iterator[Any]:
    for route in routes:
        if included := getattr(route, "original_router", None):
            yield from routes_of(included)
        elif "GET" in (getattr(route, "methods", None) or ()):
            yield route


def routes_of(router: Any) -> Iterator[Any]:
    yield from routes(router.routes)


def addresses(site: str, settings: Settings, server: Server, place: str) -> Iterator[str]:
    """Every address that a GET may ask, with questions that should find the canaries."""
    given = {
        "public_id": [place, *(canary.public_id for canary in CANARIES)],
        "slug": ["un-nom"],
        "type_": ["departement"],
        "type": ["departement"],
        "code": ["04"],
        "path": ["style.json"],
        "filename": re.findall(r'href="/donnees/([^"]+)"', httpx.get(f"{site}/donnees").text),
    }
    for route in routes_of(create_app(settings, server)):
        made = [route.path]
        for name in re.findall(r"\{(\w+)(?::\w+)?\}", route.path):
            values = given.get(name, ["1", "canari0001"])
            made = [
                re.sub(rf"\{{{name}(:\w+)?\}}", value, path) for path in made for value in values
            ]
        yield from made
    for suffix in ("", ".json", ".geojson", ".csv", ".xlsx", ".atom"):
        for question in ("q=canari", "permanence=matin", "territoire=departement:04&limite=100"):
            yield f"/lieux{suffix}?{question}"
            yield f"/mediateurs{suffix}?{question}"
    yield "/api/v1/lieux?modifie_depuis=2026-01-01"
    yield "/lieux.json?couleur=bleu"
    yield "/tuiles/lieux/0/0/0.mvt"
    yield "/tuiles/lieux/10/530/370.mvt?permanence=matin"
    yield "/nulle-part"


def content(answer: httpx.Response) -> str:
    """All that an answer says: headers, and the text inside compressed files."""
    body = answer.content
    if zipfile.is_zipfile(io.BytesIO(body)):
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            body = b" ".join(archive.read(name) for name in archive.namelist())
    return f"{answer.headers} {body.decode('utf-8', errors='replace')}"


def may_be_told(canary: Canary, path: str) -> bool:
    """Pages tell what anyone may read, and data what may be re-used."""
    audience = "reusers" if DATA.search(path) and not AGENDA.search(path) else "public"
    return canary.state == audience


def test_no_public_address_tells_a_contact_without_consent(
    site: str, other: Other, settings: Settings, server: Server, place: str
) -> None:
    asked, told = 0, set[str]()
    with httpx.Client(base_url=other.address, timeout=60) as browser:
        for path in addresses(site, settings, server, place):
            answer = browser.get(path)
            asked += 1
            assert answer.status_code < 500, (path, answer.text[:500])
            said = content(answer).replace(path, "")
            for canary in CANARIES:
                if canary.is_told_in(said):
                    assert may_be_told(canary, path), f"{canary.state} is told at {path}"
                    told.add(canary.state)

    assert asked > 100
    assert told == {"public", "reusers"}  # the crawl finds what there is to find


def test_no_log_line_tells_a_contact(other: Other, place: str) -> None:
    for canary in CANARIES:
        httpx.get(f"{other.address}/lieux/{place}", params={"q": "x"})
        httpx.get(f"{other.address}/mediateurs/{canary.public_id}")
    log = other.log.read_text()

    assert log
    assert not [canary.state for canary in CANARIES if canary.is_told_in(log)]


def test_the_role_of_the_public_pages_reads_no_contact_without_consent(
    server: Server, place: str
) -> None:
    with psycopg.connect(Server.conninfo(server.public)) as db:
        views = db.execute(
            "SELECT table_name FROM information_schema.views WHERE table_schema = 'public_view'"
        ).fetchall()
        rows: list[str] = []
        for (view,) in views:
            told_of = f"SELECT v::text FROM public_view.{view} v WHERE v::text ~* 'canari|6399877'"
            rows += [str(row[0]) for row in db.execute(told_of).fetchall()]  # pyright: ignore
        told = {canary.state for canary in CANARIES for row in rows if canary.is_told_in(row)}
        assert told == {"public", "reusers"}
        for table in ("mediators", "consents", "consent_events", "permanences"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                db.execute(f"SELECT * FROM {table}")  # pyright: ignore
            db.rollback()


@pytest.mark.parametrize("path", ["/lieux/{place}", "/lieux/{place}.json"])
def test_a_withdrawal_is_effective_on_the_next_request_in_every_process(
    site: str, other: Other, engine: Engine, place: str, path: str
) -> None:
    canary = CANARIES[STATES.index("withdrawn")]
    address = path.format(place=place)
    audience = "reusers" if DATA.search(path) else "public"
    processes = (site, other.address)

    with engine.begin() as db:
        say(db, canary, audience)
    before = [httpx.get(process + address, timeout=30) for process in processes]
    assert all(canary.is_told_in(content(answer)) for answer in before)

    with engine.begin() as db:
        say(db, canary, audience, granted=False)
    for process, answer in zip(processes, before, strict=True):
        known = {"If-None-Match": answer.headers.get("etag", '"none"')}
        again = httpx.get(process + address, headers=known, timeout=30)
        assert again.status_code == 200
        assert not canary.is_told_in(content(again))
