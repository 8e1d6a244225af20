"""A mediator who signs in, and the two places where she works."""

from dataclasses import dataclass
from datetime import date

import pytest
from sqlalchemy import text

from geoservice.places.actions import SourceDescription, Statement, receive
from tests.auth.conftest import Site, Visitor, build, service

__all__ = ["build", "service"]

SOURCE = SourceDescription("invented", "Source inventée", "Licence Ouverte 2.0")
MAIL = "zoe@exemple.fr"


@dataclass
class Zoe:
    """She works at the library, open on weekdays, and at the town hall, whose hours nobody knows."""

    service: Site
    visitor: Visitor
    mediator: int
    library: str
    hall: str
    """Public ids of places."""

    def announce(self, **changed: str) -> str:
        """The public id of the permanence that the form announces."""
        form = {"lieu": self.library, "quand": "le mardi de 14 h à 17 h", "rdv": "non"} | changed
        answer = self.visitor.send("/moi/permanences/nouvelle", "/moi/permanences/nouvelle", **form)
        assert answer.status_code == 303, answer.text
        return answer.headers["location"].rpartition("permanence-")[2]

    def agree(self, contact: str, audience: str, granted: bool = True) -> None:
        self.service.sql(
            "INSERT INTO consent_events (person, contact, audience, granted, wording, recorded_by)"
            " SELECT person, :contact, :audience, :granted, '2026-11', 'person' FROM mediators"
            " WHERE id = :id",
            contact=contact,
            audience=audience,
            granted=granted,
            id=self.mediator,
        )


def add_places(site: Site) -> tuple[str, str]:
    """Public ids of the library and of the town hall."""
    shared = {"commune": "Guéret", "code_insee": "23096", "postal_code": "23000"}
    library = shared | {
        "name": "Médiathèque inventée",
        "opening_hours": "Mo-Fr 09:00-18:00",
        "lon": 1.87,
        "lat": 46.17,
    }
    hall = shared | {"name": "Mairie inventée", "lon": 1.88, "lat": 46.18}
    with site.engine.begin() as db:
        db.execute(text("TRUNCATE source_records, places, schedules CASCADE"))
        records = [
            Statement(str(rank), told, date(2026, 9, 1))
            for rank, told in enumerate((library, hall))
        ]
        receive(db, SOURCE, records, complete=True)
        ids = dict(db.execute(text("SELECT name, public_id FROM places")).all())
    return ids["Médiathèque inventée"], ids["Mairie inventée"]


@pytest.fixture
def zoe(service: Site) -> Zoe:
    library, hall = add_places(service)
    account = service.account(MAIL)
    [row] = service.sql(
        "INSERT INTO mediators (public_id, account_id, given_name, family_name, mail, role)"
        " VALUES ('zoe0000001', :account, 'Zoé', 'Exemple', :mail, 'mediateur') RETURNING id",
        account=account,
        mail=MAIL,
    )
    service.sql(
        "INSERT INTO mediator_places (mediator_id, place_id) SELECT :id, id FROM places", id=row.id
    )
    return Zoe(service, service.sign_in(MAIL), row.id, library, hall)
