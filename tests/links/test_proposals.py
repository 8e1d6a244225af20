"""«Un lieu manque»: told without an account, looked at on the territory, then a place."""

import pytest

from tests.auth.conftest import build, service
from tests.links.conftest import Library, library
from tests.links.test_moderation import coordinator, land, moderator

__all__ = ["build", "land", "library", "service"]

TOLD = {
    "nom": "Espace <b>inventé</b>",
    "adresse": "3 rue Neuve",
    "commune": "Guéret",
    "horaires": "mardi 14h-17h",
    "mail": "lea@exemple.fr",
}


@pytest.fixture
def named(land: Library) -> Library:
    land.service.sql("TRUNCATE localities")
    land.service.sql(
        "INSERT INTO localities (type, code, commune, name, departement, postal_codes, point)"
        " SELECT type, code, code, name, departement, '{23000}', point FROM territories"
    )
    return land


def test_a_missing_place_is_told_looked_at_on_its_territory_and_added(named: Library) -> None:
    sent = named.visitor.post("/lieux/ajouter", TOLD)
    assert sent.status_code == 303, sent.text
    [proposal] = named.service.sql("SELECT id FROM link_proposals")
    address = f"/moderation/ajouts/{proposal.id}"
    bo = coordinator(named, "19", "bo@exemple.fr")
    assert "3 rue Neuve" not in bo.get("/moderation").text
    assert bo.send("/moi", address, verdict="done").status_code == 404
    awa = coordinator(named, "23")
    page = awa.get("/moderation").text
    assert "3 rue Neuve" in page
    assert "<b>inventé" not in page

    assert awa.send("/moi", address, verdict="done").status_code == 303
    named.service.work()

    [place] = named.service.sql(
        "SELECT name, code_insee, postal_code, opening_hours FROM places WHERE address = '3 rue Neuve'"
    )
    assert tuple(place) == ("Espace inventé", "23096", "23000", "Tu 14:00-17:00")
    assert named.service.sql("SELECT contact FROM link_proposals")[0][0] is None
    assert awa.send("/moi", address, verdict="done").status_code == 409


@pytest.mark.parametrize(
    "wrong",
    [
        {"nom": ""},
        {"commune": "Nulle-Part"},
        {"horaires": "parfois"},
        {"mail": "x"},
        {"telephone": "1"},
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_kept(named: Library, wrong: dict[str, str]) -> None:
    answer = named.visitor.post("/lieux/ajouter", TOLD | wrong)

    assert answer.status_code == 422
    assert f'id="{next(iter(wrong))}-erreur"' in answer.text
    assert named.service.sql("SELECT * FROM link_proposals") == []


def test_a_refused_proposal_makes_no_place(named: Library) -> None:
    named.visitor.post("/lieux/ajouter", TOLD)
    [proposal] = named.service.sql("SELECT id FROM link_proposals")

    awa = moderator(named)
    assert (
        awa.send("/moi", f"/moderation/ajouts/{proposal.id}", verdict="refused").status_code == 303
    )
    named.service.work()

    assert named.service.sql("SELECT count(*) FROM places")[0][0] == 1
