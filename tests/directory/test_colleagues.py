"""«Aux coordinateurs et aux collègues connectés des territoires où je travaille», and to nobody else."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from sqlalchemy import Select

from geoservice.mediators.queries import for_professionals, hidden_from_professionals
from geoservice.territories.queries import communes_in
from tests.auth.conftest import Visitor
from tests.mediators.conftest import CANARIES, PROFILE, Awa

BEA = "bea@exemple.fr"


@dataclass
class Colleagues:
    awa: Awa
    bea: Visitor
    """Who works at the town hall."""

    def page(self) -> str:
        answer = self.bea.get("/moi/collegues")
        assert answer.status_code == 200, answer.text
        return answer.text

    def rows(self, *departements: str) -> list[dict[str, object]]:
        communes: Select[str] = communes_in(departements)
        with self.awa.service.engine.connect() as db:
            return [dict(row) for row in db.execute(for_professionals(communes)).mappings()]

    def hidden(self, *departements: str) -> int:
        with self.awa.service.engine.connect() as db:
            return db.execute(hidden_from_professionals(communes_in(departements))).scalar_one()


@pytest.fixture
def colleagues(awa: Awa) -> Iterator[Colleagues]:
    site = awa.service
    awa.fill()
    awa.work_at(awa.library)
    site.account(BEA)
    bea = site.sign_in(BEA)
    form = PROFILE | {"prenom": "Béa", "nom": "Exemple", "mail": "", "telephone": "", "rdv": ""}
    assert bea.send("/moi/fiche/modifier", "/moi/fiche/modifier", **form).status_code == 303
    bea.send("/moi/fiche", "/moi/fiche/lieux", lieu=awa.hall)
    site.sql(
        "UPDATE mediator_places SET source = 'la-coop' WHERE place_id ="
        " (SELECT id FROM places WHERE public_id = :hall)",
        hall=awa.hall,
    )
    for departement, commune in (("23", "23096"), ("04", "04070")):
        site.sql(
            "INSERT INTO territories (type, code, name, departement, region, point, outline)"
            " VALUES ('commune', :commune, 'Commune', :departement, '00',"
            " 'SRID=4326;POINT(0 0)', 'SRID=4326;MULTIPOLYGON(((0 0,0 1,1 1,0 0)))')"
            " ON CONFLICT DO NOTHING",
            commune=commune,
            departement=departement,
        )
    yield Colleagues(awa, bea)
    site.sql("DELETE FROM territories")


def move_hall(site_of: Colleagues, commune: str, departement: str) -> None:
    site_of.awa.service.sql(
        "UPDATE places SET code_insee = :commune, departement = :departement"
        " WHERE public_id = :hall",
        commune=commune,
        departement=departement,
        hall=site_of.awa.hall,
    )


def test_a_colleague_of_the_territory_sees_what_was_agreed_for_professionals(
    colleagues: Colleagues,
) -> None:
    colleagues.awa.agree("name-professionals", "phone-professionals")

    page = colleagues.page()

    assert "Awa Canari" in page
    assert "tel:+33639987654" in page
    assert "canari@exemple.fr" not in page
    assert "Médiathèque inventée" in page
    assert "Béa" not in page  # one is not one's colleague


def test_a_colleague_of_another_territory_does_not(colleagues: Colleagues) -> None:
    colleagues.awa.agree("name-professionals", "phone-professionals")
    move_hall(colleagues, "04070", "04")

    page = colleagues.page()

    assert not any(canary in page for canary in CANARIES)
    assert "Personne d’autre" in page


def test_saying_that_one_works_somewhere_opens_no_contact_there(colleagues: Colleagues) -> None:
    """Béa only says so herself: no source does, no team has taken her in."""
    colleagues.awa.agree("name-professionals", "phone-professionals")
    site = colleagues.awa.service
    form = {"lieu": colleagues.awa.library, "quand": "le mardi de 14 h à 17 h", "rdv": "non"}
    new = "/moi/permanences/nouvelle"
    colleagues.awa.visitor.send(new, new, **form, pour="professionals")
    site.sql("UPDATE mediator_places SET source = NULL")

    page = colleagues.page()

    assert not any(canary in page for canary in CANARIES)
    assert "Permanences pour les professionnels" not in page
    assert "autre personne" not in page  # not even how many they are
    assert "Cette liste vous est encore fermée" in page


@pytest.mark.parametrize(
    ("role", "accepted", "told"),
    [
        ("coordinator", "now()", True),
        ("member", "now()", True),
        ("reader", "now()", False),
        ("member", "NULL", False),
    ],
)
def test_a_team_opens_the_territory_that_it_was_given_to_those_it_has_taken_in(
    colleagues: Colleagues, role: str, accepted: str, told: bool
) -> None:
    colleagues.awa.agree("name-professionals")
    site = colleagues.awa.service
    site.sql("UPDATE mediator_places SET source = NULL")
    site.sql(
        "WITH team AS (INSERT INTO teams (code, name) VALUES ('EQUIPE1', 'Équipe') RETURNING id),"
        " held AS (INSERT INTO team_territories (team_id, type, code, accepted_at)"
        f"  SELECT id, 'commune', '23096', {accepted} FROM team)"
        " INSERT INTO team_members (team_id, account_id, role, is_owner, in_programme)"
        " SELECT team.id, accounts.id, :role, false, CASE WHEN :role = 'coordinator' THEN true END"
        " FROM team, accounts WHERE mail = :mail",
        role=role,
        mail=BEA,
    )

    assert ("Awa Canari" in colleagues.page()) is told


@pytest.mark.parametrize("audience", ["public", "reusers"])
def test_an_agreement_for_another_audience_shows_nothing_to_colleagues(
    colleagues: Colleagues, audience: str
) -> None:
    colleagues.awa.agree(f"name-{audience}", f"phone-{audience}", f"mail-{audience}")

    page = colleagues.page()

    assert not any(canary in page for canary in CANARIES)
    assert "1 autre personne travaille ici" in page


def test_visitors_and_people_without_profile_are_shown_nobody(colleagues: Colleagues) -> None:
    colleagues.awa.agree("name-professionals")
    site = colleagues.awa.service

    stranger = site.visitor("192.0.2.9").get("/moi/collegues")
    assert stranger.status_code == 303
    assert stranger.headers["location"].startswith("/connexion")

    site.account("curieux@exemple.fr")
    curious = site.sign_in("curieux@exemple.fr").get("/moi/collegues")
    assert curious.status_code == 409
    assert "Canari" not in curious.text


def test_a_territory_is_told_of_those_who_work_there_and_another_is_not(
    colleagues: Colleagues,
) -> None:
    colleagues.awa.agree("phone-professionals")
    colleagues.awa.agree("name-professionals")
    colleagues.awa.service.sql("UPDATE mediators SET booking_url = NULL")

    [told] = colleagues.rows("23")

    assert (told["given_name"], told["phone"]) == ("Awa", None)
    assert told["reasons"] == {"mail": "refused", "phone": "refused", "booking_url": "unknown"}
    assert told["places"] == [
        {"id": colleagues.awa.library, "name": "Médiathèque inventée", "commune": "Guéret"}
    ]
    assert colleagues.hidden("23") == 1  # Béa
    assert (colleagues.rows("04"), colleagues.hidden("04")) == ([], 0)


def test_an_agreement_that_has_ended_is_told_as_such(colleagues: Colleagues) -> None:
    colleagues.awa.agree("name-professionals", "phone-professionals")
    colleagues.awa.service.sql(
        "UPDATE consents SET expires_at = now() - interval '1 day' WHERE contact = 'phone'"
    )

    [told] = colleagues.rows("23")

    assert told["phone"] is None
    assert told["reasons"] == {"mail": "refused", "phone": "expired", "booking_url": "refused"}


def test_a_permanence_for_professionals_is_on_their_page_and_on_no_other(
    colleagues: Colleagues,
) -> None:
    awa = colleagues.awa
    form = {"lieu": awa.library, "quand": "le mardi de 14 h à 17 h", "rdv": "non"}
    new = "/moi/permanences/nouvelle"
    assert awa.visitor.send(new, new, **form, pour="professionals").status_code == 303

    assert "Permanences pour les professionnels" in colleagues.page()
    assert "Un médiateur est présent" in colleagues.page()
    assert "Un médiateur" not in awa.service.visitor().get(f"/lieux/{awa.library}").text

    awa.agree("name-professionals")
    assert colleagues.page().count("Awa Canari") == 2

    move_hall(colleagues, "04070", "04")
    assert "Permanences pour les professionnels" not in colleagues.page()
