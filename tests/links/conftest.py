"""A library whose address the directory knows, and somebody who works there, without an account."""

import re
from dataclasses import dataclass
from datetime import date
from html import unescape
from typing import Any

import pytest
from sqlalchemy import text

from geoservice.links.jobs import APPLY
from geoservice.links.steps import STEPS
from geoservice.places.actions import SourceDescription, Statement, receive
from tests.auth.conftest import Site, Visitor, build, service

__all__ = ["build", "service"]

SOURCE = SourceDescription("invented", "Source inventée", "Licence Ouverte 2.0")
MAIL = "accueil@exemple.fr"
LIBRARY = {
    "name": "Médiathèque inventée",
    "commune": "Guéret",
    "code_insee": "23096",
    "postal_code": "23000",
    "address": "1 rue des Livres",
    "emails": [MAIL],
    "opening_hours": "Mo-Fr 09:00-18:00",
    "lon": 1.87,
    "lat": 46.17,
}


@dataclass
class Library:
    service: Site
    visitor: Visitor
    id: str

    @property
    def page(self) -> str:
        return self.service.visitor().get(f"/lieux/{self.id}").text

    def receive(self, day: date, **told: object) -> None:
        """What the import says."""
        with self.service.engine.begin() as db:
            record = Statement("1", LIBRARY | told, day)
            receive(db, SOURCE, [record], complete=True)

    def ask(self, mail: str = MAIL) -> str:
        """Ask for a link; what the answer says."""
        answer = self.visitor.post(f"/lieux/{self.id}/modifier", {"mail": mail})
        assert answer.status_code == 303, answer.text
        self.service.work()
        return self.visitor.get(answer.headers["location"]).text

    def link(self) -> str:
        """The path of the link that was asked for and received."""
        self.ask()
        body = self.service.mailbox.received[-1].get_body(("plain",))
        assert body is not None
        found = re.search(r"(/modifier/[\w-]{43})\s", body.get_content())
        assert found
        return found[1]

    def press(self, path: str) -> int:
        """A button without questions; the status of the answer, once the jobs are done."""
        answer = self.visitor.post(path, {"": ""})
        self.service.work()
        return answer.status_code

    def prepare(self, link: str, **changed: str) -> list[int]:
        """Fill in the steps that ask these fields, as a browser would; the status of each answer."""
        answers: list[int] = []
        for step in STEPS:
            mine = {c: changed[c] for c in step.columns if c in changed}
            if mine:
                form = fields(self.visitor.get(f"{link}/{step.slug}").text) | mine
                answers.append(self.visitor.post(f"{link}/{step.slug}", form).status_code)
        return answers

    def send(self, link: str, **changed: str) -> None:
        """Change fields step by step, read them again, and send; done once the jobs are."""
        assert set(self.prepare(link, **changed)) <= {303}
        review = self.visitor.get(f"{link}/verifier")
        answer = self.visitor.post(f"{link}/envoyer", fields(review.text))
        assert answer.status_code == 303, answer.text
        self.service.work()

    def another(self, name: str) -> str:
        """Another place nearby; its public id."""
        with self.service.engine.begin() as db:
            told = LIBRARY | {"name": name, "lon": 1.871, "emails": ["annexe@exemple.fr"]}
            receive(db, SOURCE, [Statement("2", told, date(2026, 9, 1))], complete=False)
            return db.scalar(
                text("SELECT public_id FROM places WHERE name = :name"), {"name": name}
            )

    def reapply(self) -> None:
        """What the job does after a change."""
        with self.service.engine.begin() as db:
            db.execute(APPLY.later(place=db.scalar(text("SELECT min(id) FROM places"))))
        self.service.work()

    def place(self, column: str) -> Any:
        """What the place says now."""
        [row] = self.service.sql(f"SELECT {column} FROM places WHERE public_id = :id", id=self.id)
        return row[0]


def fields(page: str) -> dict[str, str]:
    """The hidden fields of a page, and its questions as they were shown."""
    hidden = re.findall(r'type="hidden" name="([\w-]+)" value="([^"]*)"', page)
    found = {name: unescape(value) for name, value in hidden}
    asked = {n.removeprefix("avant-"): v for n, v in found.items() if n.startswith("avant-")}
    return asked | found


@pytest.fixture
def library(service: Site) -> Library:
    with service.engine.begin() as db:
        db.execute(
            text(
                "TRUNCATE links, source_records, places, schedules, teams, link_campaigns, link_silences, link_proposals CASCADE"
            )
        )
        receive(db, SOURCE, [Statement("1", LIBRARY, date(2026, 9, 1))], complete=True)
        id_ = db.execute(text("SELECT public_id FROM places")).scalar_one()
    return Library(service, service.visitor(), id_)
