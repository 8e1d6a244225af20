"""«Mes contacts ne sortent par aucune porte»: canaries in every state, and a look behind every public address.

The addresses are those of the application's own routes: a route that is added is looked behind too,
or the test says that nothing was seen there.
"""

import io
import os
import re
import shutil
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
from geoservice.auth.current import current_account
from geoservice.auth.secrets import digest
from geoservice.db.server import Server
from geoservice.paths import ROOT
from geoservice.settings import Settings

CONTACTS = ("name", "mail", "phone", "booking_url")
STATES = (
    "never", "refused", "withdrawn", "expired", "professionals", "public", "reusers", "gone",
    "unconfirmed", "account", "late",
)  # fmt: skip
"""Of the agreement, for all the contacts of a canary; three name their audience.

«unconfirmed» wrote an address that has not answered; «account» has an account and no profile; «late»
agrees to everything, until the test withdraws it.
"""
SESSIONS = {"coordinator": "s" * 43, "stranger": "t" * 43}
"""Secrets of two people signed in: one coordinates the territory, the other only says that they work there."""
TEAM = "EQUIPE9"
SECRET = "c" * 43
"""Of a link by which the place may be corrected."""
NEWS = "annonce001"
"""Announced by the canary that has an account."""
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
    if canary.state == "account":
        db.execute(
            text("INSERT INTO accounts (mail, name, roles) VALUES (:mail, :name, '{coordinator}')"),
            {"mail": canary.values["mail"], "name": canary.given_name},
        )
        return
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
        "unconfirmed": (),
    }.get(canary.state, ("public", "professionals", "reusers"))
    for audience in audiences:
        if canary.state == "refused":
            say(db, canary, audience, granted=False)
        else:
            say(db, canary, audience, expires="-1 hour" if canary.state == "expired" else None)
        if canary.state == "withdrawn":
            say(db, canary, audience, granted=False)
    if canary.state == "unconfirmed":
        db.execute(
            text("INSERT INTO mail_confirmations (mediator_id, mail) VALUES (:id, :mail)"),
            {"id": id_, "mail": canary.values["mail"]},
        )
        db.execute(text("UPDATE mediators SET mail = NULL WHERE id = :id"), {"id": id_})
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
        db.execute(
            text(
                "INSERT INTO links (place_id, hash, expires_at)"
                " VALUES (:place, :hash, now() + interval '1 day')"
            ),
            {"place": row.id, "hash": digest(SECRET)},
        )
        db.execute(
            text(
                "INSERT INTO news (public_id, account_id, place_id, kind, title, expression,"
                " first_day, last_day, booking, ends_at, state) SELECT :id, accounts.id, :place,"
                " 'workshop', 'Un atelier', '14:00-16:00', current_date + 1, current_date + 1,"
                " 'none', now() + interval '3 days', 'published' FROM accounts"
                " WHERE mail LIKE 'canari%' LIMIT 1"
            ),
            {"id": NEWS, "place": row.id},
        )
        for name, session in SESSIONS.items():
            sign_in(db, name, session, row.id)
        db.execute(
            text(
                "WITH team AS (INSERT INTO teams (code, name) VALUES (:code, 'Équipe') RETURNING id),"
                " held AS (INSERT INTO team_territories (team_id, type, code, accepted_at)"
                "  SELECT id, 'departement', '04', now() FROM team)"
                " INSERT INTO team_members (team_id, account_id, role, is_owner, in_programme)"
                " SELECT team.id, accounts.id, 'coordinator', true, true FROM team, accounts"
                " WHERE mail LIKE 'coordinator%'"
            ),
            {"code": TEAM},
        )
    yield row.public_id
    with engine.begin() as db:
        db.execute(text("DELETE FROM news WHERE public_id = :id"), {"id": NEWS})
        db.execute(text("DELETE FROM links WHERE hash = :hash"), {"hash": digest(SECRET)})
        for table in ("team_members", "team_territories"):
            ours = f"(SELECT id FROM teams WHERE code = '{TEAM}')"
            db.execute(text(f"DELETE FROM {table} WHERE team_id = {ours}"))
        db.execute(text("DELETE FROM teams WHERE code = :code"), {"code": TEAM})
        db.execute(text("DELETE FROM mediators WHERE public_id LIKE 'canari%'"))
        db.execute(
            text("DELETE FROM mediators WHERE public_id = ANY (:names)"), {"names": list(SESSIONS)}
        )
        db.execute(text("DELETE FROM accounts WHERE mail ~ '^(canari|coordinator|stranger)'"))


def sign_in(db: Any, name: str, session: str, place: int) -> None:
    """Somebody with a profile who says that they work in the place."""
    account = db.execute(
        text(
            "INSERT INTO accounts (mail, name, roles) VALUES (:mail, :name, ARRAY[:role]) RETURNING id"
        ),
        {
            "mail": f"{name}@exemple.fr",
            "name": name,
            "role": "coordinator" if name == "coordinator" else "member",
        },
    ).scalar_one()
    db.execute(
        text("INSERT INTO sessions (account_id, hash, device) VALUES (:account, :hash, 'Essai')"),
        {"account": account, "hash": digest(session)},
    )
    db.execute(
        text(
            "WITH person AS (INSERT INTO mediators (public_id, account_id, given_name, family_name,"
            " role) VALUES (:name, :account, :name, :name, 'Médiateur numérique') RETURNING id)"
            " INSERT INTO mediator_places (mediator_id, place_id) SELECT id, :place FROM person"
        ),
        {"name": name, "account": account, "place": place},
    )


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


def needs_sign_in(dependant: Any) -> bool:
    inner = dependant.dependencies if dependant else ()  # not every route is FastAPI’s
    return any(one.call is current_account or needs_sign_in(one) for one in inner)


def given(site: str, place: str) -> dict[str, list[str]]:
    """What the names in the routes' addresses are replaced by, so that something answers."""
    return {
        "public_id": [place, NEWS, *(canary.public_id for canary in CANARIES)],
        "slug": ["un-nom"],
        "type_": ["departement"],
        "type": ["departement"],
        "code": ["04"],
        "path": ["style.json"],
        "cle": [SECRET],
        "etape": ["horaires", "contact", "nom"],
        "number": ["0"],
        "team_code": [TEAM],
        "filename": re.findall(r'href="/donnees/([^"]+)"', httpx.get(f"{site}/donnees").text),
    }


QUESTIONS = {
    "/api/v1/localites": ["q=digne"],
    "/api/v1/mediateurs/changements": ["modifie_depuis=2026-01-01"],
    "/couverture": ["territoire=departement:04&permanence=matin"],
    "/couverture.csv": ["territoire=departement:04"],
    "/couverture.geojson": ["territoire=departement:04"],
    "/couverture.pdf": ["territoire=departement:04"],
    "/embed": ["territoire=departement:04&limite=100", "q=canari", "permanence=matin"],
    "/fiche": ["territoire=departement:04", "permanence=matin"],
    "/fiche.pdf": ["territoire=departement:04"],
    "/integrer": ["territoire=departement:04"],
    "/equipes/{team_code}/annuaire": ["vue=personnes", "vue=lieux", "permanence=matin"],
    "/equipes/{team_code}/annuaire/fichier": [
        f"vue={view}&format={format_}"
        for view in ("personnes", "lieux")
        for format_ in ("csv", "xlsx", "geojson", "vcf")
    ],
    "/oembed": ["url={site}/embed?territoire=departement:04", "url={site}/lieux/{place}"],
}
"""Of the routes that say little, or refuse, without one."""

NOTHING_THERE = (
    "/connexion/adresse",  # a link of the mail of an account
    "/connexion/fournisseur",  # no provider is set
    "/connexion/lien",  # a link of sign-in
    "/connexion/retour",  # no provider is set
    "/equipes/invitation",  # a link of an invitation
    "/fond/",  # no basemap is set
    "/integrer/cartes/{cle}",  # a link of the mail of whoever saved maps
    "/ne-plus-ecrire/{cle}",  # a link of the mails of a campaign
    "/moi/fiche/adresse",  # a link of the mail of a profile
    "/ne-plus-ecrire/{cle}",  # a link of the mail of a campaign
)
"""Beginnings of the routes that answer to nobody here, and why; everything else must."""


def addresses(
    site: str, settings: Settings, server: Server, place: str
) -> Iterator[tuple[Any, str]]:
    """Every address that a GET may ask, with questions that should find the canaries; and its route."""
    values = given(site, place)
    for route in routes_of(create_app(settings, server)):
        made = [route.path]
        for name in re.findall(r"\{(\w+)(?::\w+)?\}", route.path):
            found = values.get(name, ["1", "canari0001"])
            made = [
                re.sub(rf"\{{{name}(:\w+)?\}}", value, path) for path in made for value in found
            ]
        for path in made:
            yield route, path
        for question in QUESTIONS.get(route.path, ()):
            yield route, f"{made[0]}?{question.format(site=site, place=place)}"
    for path in questions():
        yield None, path


def questions() -> Iterator[str]:
    for suffix in ("", ".json", ".geojson", ".csv", ".xlsx", ".atom"):
        for question in ("q=canari", "permanence=matin", "territoire=departement:04&limite=100"):
            yield f"/lieux{suffix}?{question}"
            yield f"/mediateurs{suffix}?{question}"
    yield "/api/v1/lieux?modifie_depuis=2026-01-01"
    yield "/lieux.json?couleur=bleu"
    yield "/mediateurs.json?couleur=bleu"
    yield "/mediateurs?permanence=jadis"
    yield "/tuiles/lieux/0/0/0.mvt"
    yield "/tuiles/lieux/10/530/370.mvt"
    yield "/tuiles/lieux/10/530/370.mvt?permanence=matin"
    yield "/tuiles/territoires/6/33/23.mvt"
    yield "/w/v1/carte.js"
    yield "/nulle-part"


def content(answer: httpx.Response) -> str:
    """All that an answer says: headers, and the text inside compressed files."""
    body = answer.content
    if zipfile.is_zipfile(io.BytesIO(body)):
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            body = b" ".join(archive.read(name) for name in archive.namelist())
    if body.startswith(b"%PDF") and (reader := shutil.which("pdftotext")):
        read = subprocess.run([reader, "-", "-"], input=body, capture_output=True, check=True)
        body += read.stdout
    return f"{answer.headers} {body.decode('utf-8', errors='replace')}"


def may_be_told(canary: Canary, path: str) -> bool:
    """Pages tell what anyone may read, and data what may be re-used."""
    audience = "reusers" if DATA.search(path) and not AGENDA.search(path) else "public"
    return canary.state in (audience, "late")


@dataclass(frozen=True)
class Seen:
    """What one address answered at first."""

    path: str
    tag: str | None
    tells_late: bool


@pytest.fixture(scope="module")
def crawled(
    site: str, other: Other, settings: Settings, server: Server, place: str
) -> tuple[list[Seen], dict[str, set[int]], set[str]]:
    """Every address, the statuses by route, and the states of the canaries that were told."""
    seen: list[Seen] = []
    statuses: dict[str, set[int]] = {}
    told = set[str]()
    with httpx.Client(base_url=other.address, timeout=60) as browser:
        for route, path in addresses(site, settings, server, place):
            answer = browser.get(path)
            assert answer.status_code < 500, (path, answer.text[:500])
            said = content(answer).replace(path, "")
            for canary in CANARIES:
                if canary.is_told_in(said):
                    assert may_be_told(canary, path), f"{canary.state} is told at {path}"
                    told.add(canary.state)
            seen.append(Seen(path, answer.headers.get("etag"), CANARIES[-1].is_told_in(said)))
            if route is None:
                continue
            if needs_sign_in(getattr(route, "dependant", None)):
                assert answer.status_code in (303, 401, 403, 404, 422), (path, answer.status_code)
            else:
                statuses.setdefault(route.path, set()).add(answer.status_code)
    return seen, statuses, told


Crawled = tuple[list[Seen], dict[str, set[int]], set[str]]


def test_no_public_address_tells_a_contact_without_consent(crawled: Crawled) -> None:
    seen, _, told = crawled

    assert len(seen) > 200
    assert told == {"public", "reusers", "late"}  # the crawl finds what there is to find


def test_every_address_without_sign_in_was_looked_behind(crawled: Crawled) -> None:
    """A new route must be given names that answer, or a reason why nothing does."""
    _, statuses, _ = crawled

    unseen = {
        path: sorted(given)
        for path, given in statuses.items()
        if not given & {200, 301, 302, 303}
        and given != {401}  # signed in, in its own words
        and not path.startswith(NOTHING_THERE)
    }

    if unseen:
        pytest.fail(f"nothing answers: {unseen}")


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
        assert told - {"late"} == {"public", "reusers"}
        for table in ("mediators", "consents", "consent_events", "permanences"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                db.execute(f"SELECT * FROM {table}")  # pyright: ignore
            db.rollback()


MAY_BE_TOLD = {
    "coordinator": {"professionals", "public", "late"},
    "stranger": {"public", "late"},
}
"""Behind the pages of who is signed in: what anyone may read there, and to whom else it was agreed."""


@pytest.mark.parametrize("who", SESSIONS)
def test_no_page_of_who_is_signed_in_tells_more_than_was_agreed_for_them(
    site: str, settings: Settings, server: Server, other: Other, place: str, who: str
) -> None:
    told: dict[str, set[str]] = {}
    answered = set[int]()
    cookies = {"session": SESSIONS[who]}
    with httpx.Client(base_url=other.address, timeout=60, cookies=cookies) as browser:
        for route, path in addresses(site, settings, server, place):
            if route is None or not needs_sign_in(getattr(route, "dependant", None)):
                continue
            answer = browser.get(path)
            assert answer.status_code < 500, (path, answer.text[:500])
            answered.add(answer.status_code)
            said = content(answer).replace(path, "")
            for canary in CANARIES:
                if canary.is_told_in(said):
                    told.setdefault(canary.state, set()).add(path)

    assert set(told) - {"late"} <= MAY_BE_TOLD[who], told
    assert 200 in answered
    if who == "coordinator":
        assert "professionals" in told
        assert any("vcf" in path for path in told["professionals"])


@pytest.mark.parametrize("who", SESSIONS)
def test_colleagues_are_told_to_who_looks_after_the_territory_and_to_nobody_who_says_so(
    other: Other, place: str, who: str
) -> None:
    page = httpx.get(
        other.address + "/moi/collegues", cookies={"session": SESSIONS[who]}, timeout=60
    )
    told = {canary.state for canary in CANARIES if canary.is_told_in(page.text)}

    assert page.status_code == 200
    assert told - {"late"} == ({"professionals"} if who == "coordinator" else set())


SURFACES = {
    "page": "/lieux/{place}",
    "embedded place": "/embed/lieux/{place}",
    "list of people": "/mediateurs",
    "person": "/mediateurs/{canary}",
    "JSON of the place": "/lieux/{place}.json",
    "JSON of people": "/mediateurs.json?limite=500",
    "one person as JSON": "/mediateurs/{canary}.json",
    "by presence": "/mediateurs.json?permanence=matin",
    "GeoJSON": "/mediateurs.geojson",
    "CSV": "/mediateurs.csv",
    "export": "/donnees/mediateurs.csv",
    "table": "/donnees/mediateurs.xlsx",
    "changes": "/api/v1/mediateurs/changements?modifie_depuis=2026-01-01",
    "feed": "/mediateurs.atom",
    "widget": "/api/v1/lieux/{place}",
}
"""Each must tell of «late» before, and of nobody after."""
ROSTER = f"/equipes/{TEAM}/annuaire"
SIGNED_IN = (
    "/moi/collegues",
    f"{ROSTER}?vue=personnes",
    *(f"{ROSTER}/fichier?vue=personnes&format={name}" for name in ("csv", "xlsx", "vcf")),
)
"""The same, for who coordinates the territory."""


def test_a_withdrawal_is_effective_on_the_next_request_everywhere_in_every_process(
    site: str, other: Other, engine: Engine, place: str, crawled: Crawled
) -> None:
    """Caches of two processes are warm; what they keep must not outlive the agreement."""
    late = CANARIES[-1]
    surfaces = {
        name: path.format(place=place, canary=late.public_id) for name, path in SURFACES.items()
    }
    surfaces |= {path: path for path in SIGNED_IN}
    coordinator = {"session": SESSIONS["coordinator"]}
    processes = (site, other.address)
    before: dict[str, httpx.Response] = {}
    for name, path in surfaces.items():
        for process in processes:
            answer = httpx.get(process + path, timeout=60, cookies=coordinator)
            assert late.is_told_in(content(answer)), f"{name} does not tell of {late.state}"
            before[process + path] = answer
    seen, _, _ = crawled
    rest = [
        process + one.path
        for one in seen
        for process in processes
        if one.tells_late or one.tag or one.path.startswith("/tuiles/")
    ]
    for address in rest:
        before.setdefault(address, httpx.get(address, timeout=60, cookies=coordinator))

    with engine.begin() as db:
        for audience in ("public", "professionals", "reusers"):
            say(db, late, audience, granted=False)

    for address, answer in before.items():
        tag = answer.headers.get("etag")
        headers = {"If-None-Match": tag} if tag else {}
        again = httpx.get(address, headers=headers, timeout=60, cookies=coordinator)
        # «nothing has changed» may only be answered where nothing was told
        kept = content(answer) if again.status_code == 304 else content(again)
        assert not late.is_told_in(kept.replace(address, "")), address
    gone = httpx.get(site + surfaces["changes"]).json()["changements"]
    assert [one["visible"] for one in gone if one["id"] == late.public_id] == [False]


def test_whoever_has_a_copy_is_told_who_withdrew_and_nothing_of_the_others(
    site: str, other: Other, place: str
) -> None:
    """Tombstones: of those who were once in the data, and of nobody else; never a contact."""
    changes = "/api/v1/mediateurs/changements?modifie_depuis=2026-01-01"
    told = {
        canary.state
        for canary in CANARIES
        for one in httpx.get(other.address + changes).json()["changements"]
        if one["id"] == canary.public_id
    }

    assert told - {"late"} == {"reusers", "withdrawn", "expired"}


def test_no_log_line_tells_a_contact(other: Other, place: str) -> None:
    """Last of all: of everything that was asked above."""
    for canary in CANARIES:
        httpx.get(f"{other.address}/lieux/{place}", params={"q": "x"})
        httpx.get(f"{other.address}/mediateurs/{canary.public_id}")
    log = other.log.read_text()

    assert log
    assert not [canary.state for canary in CANARIES if canary.is_told_in(log)]
