"""A team's territory with three places, well and badly told, and one place next door."""

from datetime import date, timedelta

import pytest

from geoservice.clock import today
from geoservice.places.actions import SourceDescription, Statement, receive
from tests.auth.conftest import build, service
from tests.teams.conftest import Team, land, stranger, team

__all__ = ["build", "land", "service", "stranger", "team"]

SOURCE = SourceDescription("invented", "Source inventée", "Licence Ouverte 2.0")
COMPLETE = {
    "opening_hours": "Mo-Fr 09:00-12:00", "phone": "+33639980001", "lon": 6.2, "lat": 44.1,
    "services": ["Aide aux démarches administratives"], "address": "1 rue Neuve",
    "fees": ["Gratuit"], "access_modes": ["Se présenter"], "emails": ["ormes@exemple.fr"],
    "accessibility_url": "https://acceslibre.exemple.fr/ormes",
}  # fmt: skip
LATELY = timedelta(days=30)
LONG_AGO = timedelta(days=700)


def ago(age: timedelta) -> date:
    return today() - age


@pytest.fixture
def upkeep(team: Team) -> Team:
    """«Ormes» says everything, lately; «Atelier» has no hours and is old; «Relais» receives nobody."""
    said = [
        ({"name": "Médiathèque des Ormes", "code_insee": "04070", "commune": "Digne-les-Bains"} | COMPLETE, LATELY),
        ({"name": "=1+1 Atelier", "code_insee": "04112", "commune": "Manosque"} | COMPLETE
         | {"opening_hours": None, "fees": []}, LONG_AGO),
        ({"name": "Relais", "code_insee": "04112", "commune": "Manosque"} | COMPLETE
         | {"opening_hours": None, "accessibility_url": None,
            "access_modes": ["Ce lieu n'accueille pas de public"]}, LATELY),
        ({"name": "Mairie de Gap", "code_insee": "05061", "commune": "Gap"}, LONG_AGO),
    ]  # fmt: skip
    rows = [Statement(str(one["name"]), one, ago(age)) for one, age in said]
    with team.service.engine.begin() as db:
        receive(db, SOURCE, rows, complete=True)
    return team
