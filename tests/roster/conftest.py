"""A team's territory with two places and three people, and one place next door with one person."""

from dataclasses import dataclass
from datetime import date

import pytest

from geoservice.places.actions import SourceDescription, Statement, receive
from tests.auth.conftest import build, service
from tests.teams.conftest import Team, land, stranger, team

__all__ = ["build", "land", "service", "stranger", "team"]

SOURCE = SourceDescription("invented", "Source inventée", "Licence Ouverte 2.0")
PLACES = (
    {"name": "Médiathèque des Ormes", "code_insee": "04070", "commune": "Digne-les-Bains",
     "phone": "+33639980001", "opening_hours": "Mo-Fr 09:00-12:00", "lon": 6.2, "lat": 44.1,
     "services": ["Aide aux démarches administratives"]},
    {"name": "=1+1 Atelier", "code_insee": "04112", "commune": "Manosque"},
    {"name": "Mairie de Gap", "code_insee": "05061", "commune": "Gap"},
)  # fmt: skip
CONTACTS = ("name", "mail", "phone", "booking_url")


@dataclass(frozen=True)
class Someone:
    name: str
    place: str
    audience: str | None
    """Who may see all their contacts; None when they agreed to nothing."""
    contacts: tuple[str, ...] = CONTACTS
    skills: str = "{}"


PEOPLE = (
    Someone("Chloé", "Médiathèque des Ormes", "professionals", skills="{Prendre en main un ordinateur}"),
    Someone("Driss", "=1+1 Atelier", "professionals", ("name",)),
    Someone("Elif", "Médiathèque des Ormes", None),
    Someone("Fanny", "Mairie de Gap", "professionals"),
)  # fmt: skip


@pytest.fixture
def roster(team: Team) -> Team:
    rows = [Statement(one["name"], dict(one), date(2026, 9, 1)) for one in PLACES]  # pyright: ignore[reportArgumentType]
    with team.service.engine.begin() as db:
        receive(db, SOURCE, rows, complete=True)
    for number, one in enumerate(PEOPLE):
        team.service.sql(
            "WITH person AS (INSERT INTO mediators (public_id, given_name, family_name, mail, phone,"
            " role, skills) VALUES (:id, :name, 'Inventé', :mail, :phone, 'Médiateur numérique',"
            " :skills) RETURNING id, person),"
            " worked AS (INSERT INTO mediator_places SELECT person.id, places.id FROM person, places"
            "  WHERE places.name = :place)"
            " INSERT INTO consent_events (person, contact, audience, granted, wording, recorded_by)"
            " SELECT person, contact, :audience, true, '2026-11', 'person' FROM person,"
            "  unnest(CAST(:contacts AS text[])) contact WHERE CAST(:audience AS text) IS NOT NULL",
            id=f"personne{number}",
            name=one.name,
            mail=f"{one.name.lower().replace('é', 'e')}@exemple.fr",
            phone=f"+3363998001{number}",
            skills=one.skills,
            place=one.place,
            audience=one.audience,
            contacts=list(one.contacts),
        )
    return team
