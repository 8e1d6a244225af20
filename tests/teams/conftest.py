"""A team that looks after a département, and a person next door who has nothing to do with it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from sqlalchemy import text

from tests.auth.conftest import Site, Visitor, build, service

__all__ = ["build", "service"]


LAND = """
INSERT INTO territories (type, code, name, departement, region, epci, population, point, outline)
SELECT type, code, name, departement, '93', epci, 1000, ST_MakePoint(lon, lat)::geometry(Point, 4326),
  ST_Multi(ST_MakeEnvelope(lon - size, lat - size, lon + size, lat + size, 4326))
FROM (VALUES
  ('commune', '04070', 'Digne-les-Bains', '04', '200067437', 6.2, 44.1, 0.1),
  ('commune', '04112', 'Manosque', '04', '200034700', 5.8, 43.8, 0.1),
  ('commune', '05061', 'Gap', '05', NULL, 6.1, 44.6, 0.1),
  ('epci', '200067437', 'Provence-Alpes', NULL, NULL, 6.2, 44.1, 0.1),
  ('departement', '04', 'Alpes-de-Haute-Provence', NULL, NULL, 6.0, 44.0, 0.5),
  ('departement', '05', 'Hautes-Alpes', NULL, NULL, 6.1, 44.6, 0.5),
  ('region', '93', 'Provence-Alpes-Côte d’Azur', NULL, NULL, 6.0, 44.0, 1)
) AS land (type, code, name, departement, epci, lon, lat, size);
INSERT INTO localities (type, code, commune, name, departement, point)
SELECT type, code, CASE WHEN type = 'commune' THEN code END, name, departement, point
FROM territories;
"""
"""Two communes of one département, and one next door."""


@dataclass
class Team:
    """Created by Awa, given the Alpes-de-Haute-Provence by an administrator."""

    service: Site
    awa: Visitor
    code: str

    @property
    def path(self) -> str:
        return f"/equipes/{self.code}"

    @property
    def page(self) -> str:
        return self.awa.get(self.path).text

    def invite(self, mail: str, role: str = "membre", **more: str) -> str:
        """The secret of the link in the mail."""
        answer = self.awa.send(self.path, f"{self.path}/inviter", mail=mail, role=role, **more)
        assert answer.status_code == 303, answer.text
        return self.secret()

    def secret(self) -> str:
        """Of the last mail."""
        self.service.work()
        body = self.service.mailbox.received[-1].get_body(("plain",))
        assert body is not None
        found = re.search(r"/equipes/invitation\?cle=([\w-]{43})\s", body.get_content())
        assert found, body.get_content()
        return found[1]

    def join(self, mail: str, role: str = "membre", **more: str) -> Visitor:
        """Somebody who was invited, accepted, and is signed in."""
        accept(self.service, self.invite(mail, role, **more))
        return self.service.sign_in(mail, self.service.visitor())

    def member(self, mail: str) -> int:
        return self.service.sql("SELECT id FROM accounts WHERE mail = :mail", mail=mail)[0].id


def accept(service: Site, secret: str, name: str = "Bo Invité") -> int:
    answer = service.visitor().post(
        "/equipes/invitation", {"lien": secret, "reponse": "accepter", "nom": name}
    )
    return answer.status_code


@pytest.fixture
def land(service: Site) -> Iterator[Site]:
    """The service, with a few territories."""
    with service.engine.begin() as db:
        db.execute(text("TRUNCATE territories, localities"))
        db.execute(text(LAND))
    yield service
    service.sql("TRUNCATE territories, localities")


def make_team(service: Site, mail: str = "awa@exemple.fr", name: str = "Alpes") -> Team:
    service.account(mail)
    visitor = service.sign_in(mail)
    answer = visitor.send("/equipes", "/equipes", nom=name, role="coordination-dispositif")
    assert answer.status_code == 303, answer.text
    return Team(service, visitor, answer.headers["location"].rpartition("/")[2])


@pytest.fixture
def team(land: Site) -> Team:
    team = make_team(land)
    team.awa.send(team.path, f"{team.path}/territoires", territoire="departement:04")
    land.sql("UPDATE team_territories SET accepted_at = now()")
    land.sql("UPDATE accounts SET roles = '{member,coordinator}' WHERE mail = 'awa@exemple.fr'")
    return team


@pytest.fixture
def stranger(team: Team) -> Visitor:
    team.service.account("zoe@exemple.fr")
    return team.service.sign_in("zoe@exemple.fr", team.service.visitor("192.0.2.9"))
