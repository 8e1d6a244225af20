"""The application in this process, browsers that visit it, and mails that a real server receives."""

import asyncio
import re
from collections.abc import AsyncGenerator, Callable, Coroutine, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import Engine, NullPool, create_engine, text

from geoservice import tasks
from geoservice.app import create_app
from geoservice.auth.secrets import digest
from geoservice.db.server import Server
from geoservice.jobs import worker
from geoservice.jobs.job import Job
from geoservice.settings import Settings
from tests.mailbox import Mailbox

PAGE = {"accept": "text/html"}
OURS = {"sec-fetch-site": "same-origin"}
Run = Callable[[Coroutine[Any, Any, Any]], Any]


@dataclass
class Visitor:
    """One browser: it keeps its cookies, and says where its forms come from."""

    site: "Site"
    address: str
    """Of its machine."""
    cookies: dict[str, str] = field(default_factory=dict[str, str])

    def get(self, path: str, **headers: str) -> httpx.Response:
        return self._ask("GET", path, headers=headers)

    def post(
        self, path: str, form: Mapping[str, str | list[str]], **headers: str
    ) -> httpx.Response:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self._ask("POST", path, headers=OURS | named, data=form)

    def send(self, page: str, path: str, **form: str | list[str]) -> httpx.Response:
        """Fill in and send the form of a page."""
        return self.post(path, {"jeton": token(self.get(page))} | form)

    def _ask(self, method: str, path: str, **rest: Any) -> httpx.Response:
        rest["headers"] = PAGE | rest["headers"]
        if self.cookies:
            cookie = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
            rest["headers"] = [
                *((k.encode(), v.encode()) for k, v in rest["headers"].items()),
                (b"cookie", cookie.encode()),
            ]
        answer = self.site.ask(self.address, method, path, **rest)
        for cookie in answer.headers.get_list("set-cookie"):
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value.strip('"')
        return answer


@dataclass
class Site:
    app: FastAPI
    base: Server
    engine: Engine
    settings: Settings
    mailbox: Mailbox
    run: Run

    def ask(self, client: str, method: str, path: str, **rest: Any) -> httpx.Response:
        async def ask() -> httpx.Response:
            transport = httpx.ASGITransport(self.app, client=(client, 50_000))
            async with httpx.AsyncClient(
                transport=transport, base_url=self.settings.site
            ) as browser:
                return await browser.request(method, path, **rest)

        return self.run(ask())

    def visitor(self, address: str = "192.0.2.1") -> Visitor:
        return Visitor(self, address)

    def account(self, mail: str = "awa@exemple.fr", *roles: str, closed: bool = False) -> int:
        with self.engine.begin() as db:
            return db.execute(
                text(
                    "INSERT INTO accounts (mail, name, roles, closed_at)"
                    " VALUES (:mail, 'Awa', :roles, CASE WHEN :closed THEN now() END) RETURNING id"
                ),
                {"mail": mail, "roles": list(roles) or ["member"], "closed": closed},
            ).scalar_one()

    def work(self) -> None:
        """Do what waits to be done."""
        self.run(worker.run_all(self.base, self.settings, tasks.ALL))

    def do(self, job: Job) -> None:
        with self.engine.begin() as db:
            db.execute(job.later())
        self.work()

    def sql(self, statement: str, **values: object) -> list[Any]:
        with self.engine.begin() as db:
            rows = db.execute(text(statement), values)
            return list(rows) if rows.returns_rows else []

    def link(self, visitor: Visitor, mail: str = "awa@exemple.fr", suite: str = "/moi") -> str:
        """The path of the link that the visitor asked for and received."""
        visitor.send("/connexion", "/connexion", mail=mail, suite=suite)
        self.work()
        body = self.mailbox.received[-1].get_body(("plain",))
        assert body is not None
        found = re.search(r"(/connexion/lien\?cle=[\w-]{43})\s", body.get_content())
        assert found
        return found[1]

    def sign_in(self, mail: str = "awa@exemple.fr", visitor: Visitor | None = None) -> Visitor:
        visitor = visitor or self.visitor()
        confirm(visitor, self.link(visitor, mail))
        return visitor


def token(page: httpx.Response) -> str:
    found = re.search(r'name="jeton" value="(\w+)"', page.text)
    assert found, page.text
    return found[1]


def confirm(visitor: Visitor, link: str) -> httpx.Response:
    """Open the link, then press its button."""
    return visitor.send(link, "/connexion/lien", lien=link.rpartition("=")[2])


@asynccontextmanager
async def running(app: FastAPI) -> AsyncGenerator[None]:
    async with app.router.lifespan_context(app):
        yield


@pytest.fixture
def build(base: Server, settings: Settings, mailbox: Mailbox) -> Iterator[Callable[..., Site]]:
    """The application with the given settings; jobs are done when the test says so."""
    dead: list[str] = []
    with asyncio.Runner() as runner:
        opened: list[tuple[Any, Engine]] = []

        def build(**chosen: object) -> Site:
            own = settings.model_copy(
                update={
                    "worker_inside": False,
                    "connections": 2,
                    "smtp_url": mailbox.url,
                    "mail_from": "carte@exemple.fr",
                    "public_url": "http://carte.exemple.fr",
                }
                | chosen
            )
            app = create_app(own, base)
            lifespan = running(app)
            runner.run(lifespan.__aenter__())
            engine = create_engine(base.owner, poolclass=NullPool)
            opened.append((lifespan, engine))
            mailbox.before_taking = lambda mail: dead.extend(dead_secrets(mail, engine))
            return Site(app, base, engine, own, mailbox, runner.run)

        yield build
        for lifespan, engine in opened:
            runner.run(lifespan.__aexit__(None, None, None))
            engine.dispose()
    assert dead == [], "a mail left before what it says was kept"


KEPT = text(
    """
    SELECT hash FROM links UNION ALL SELECT unnest(leave_hashes) FROM link_letters
    UNION ALL SELECT hash FROM sign_in_links UNION ALL SELECT old_hash FROM mail_changes
    UNION ALL SELECT new_hash FROM mail_changes UNION ALL SELECT hash FROM embed_links
    UNION ALL SELECT hash FROM mail_confirmations UNION ALL SELECT hash FROM team_invitations
    """
)


def dead_secrets(mail: EmailMessage, engine: Engine) -> list[str]:
    """The links of a mail that would open nothing, were they opened at once."""
    body = mail.get_body(("plain",))
    assert body is not None
    found = re.findall(r"https?://\S+[=/]([\w-]{43})\s", body.get_content())
    with engine.connect() as db:
        kept = {bytes(hash_) for hash_ in db.scalars(KEPT) if hash_}
    return [f"{mail['Subject']}: {one}" for one in found if digest(one) not in kept]


@pytest.fixture
def service(build: Callable[..., Site]) -> Site:
    return build()
