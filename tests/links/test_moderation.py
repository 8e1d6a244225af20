"""What waits for somebody's eye: who may decide, on which territory, and what follows."""

from collections.abc import Iterator
from datetime import date

import pytest

from tests.auth.conftest import Visitor
from tests.links.conftest import Library

NAME = "Autre nom"


@pytest.fixture
def land(library: Library) -> Iterator[Library]:
    """Guéret is in the Creuse; Tulle is next door."""
    library.service.sql("TRUNCATE territories")
    library.service.sql(
        """
        INSERT INTO territories (type, code, name, departement, point, outline)
        SELECT 'commune', code, name, left(code, 2), ST_SetSRID(ST_MakePoint(1.87, 46.17), 4326),
          ST_Multi(ST_MakeEnvelope(1, 45, 2, 47, 4326))
        FROM (VALUES ('23096', 'Guéret'), ('19272', 'Tulle')) AS land (code, name)
        """
    )
    yield library
    library.service.sql("TRUNCATE territories")


def coordinator(library: Library, departement: str, mail: str = "awa@exemple.fr") -> Visitor:
    """Of a team that looks after a département; signed in."""
    account = library.service.account(mail, "member", "coordinator")
    library.service.sql(
        """
        WITH team AS (INSERT INTO teams (code, name) VALUES (:code, 'Équipe') RETURNING id),
        held AS (
          INSERT INTO team_territories (team_id, type, code, accepted_at)
          SELECT id, 'departement', :departement, now() FROM team)
        INSERT INTO team_members (team_id, account_id, role, is_owner, in_programme)
        SELECT id, :account, 'coordinator', true, true FROM team
        """,
        code=f"equipe{departement}x"[:8],
        departement=departement,
        account=account,
    )
    return signed_in(library, mail)


def moderator(library: Library) -> Visitor:
    library.service.account("awa@exemple.fr", "moderator")
    return signed_in(library, "awa@exemple.fr")


def signed_in(library: Library, mail: str) -> Visitor:
    """The mail that it took is put aside."""
    visitor = library.service.sign_in(mail)
    library.service.mailbox.received.clear()
    library.service.mailbox.senders.clear()
    return visitor


def only_change(library: Library) -> str:
    [change] = library.service.sql("SELECT id FROM link_changes")
    return f"/moderation/changements/{change.id}"


def test_a_coordinator_accepts_a_name_on_their_territory_and_the_bearer_is_told(
    land: Library,
) -> None:
    land.send(land.link(), name=NAME)
    awa = coordinator(land, "23")
    page = awa.get("/moderation").text
    assert "<ins>Autre</ins>" in page
    assert "<del>Médiathèque</del>" in page

    answer = awa.send("/moi", only_change(land), verdict="accepter")
    land.service.work()

    assert answer.status_code == 303
    assert land.place("name") == NAME
    assert "est publié" in str(land.service.mailbox.received[-1]["subject"])


def test_a_coordinator_of_another_territory_sees_and_decides_nothing(land: Library) -> None:
    link = land.link()
    land.send(link, name=NAME)
    told = {"quoi": "horaires", "texte": "Fermé le lundi."}
    land.visitor.post(f"/lieux/{land.id}/signaler", told)
    [report] = land.service.sql("SELECT id FROM link_reports")
    awa = coordinator(land, "19")
    address = only_change(land)

    page = awa.get("/moderation").text
    assert NAME not in page
    assert "Fermé le lundi." not in page
    assert NAME not in awa.get("/moderation/historique").text
    for path, form in (
        (address, {"verdict": "accepter"}),
        (f"{address}/annuler", {"raison": "Non."}),
        (f"{address}/remettre", {}),
        (f"/moderation/signalements/{report.id}", {"verdict": "done"}),
    ):
        assert awa.send("/moi", path, **form).status_code == 404
    assert land.service.sql("SELECT state FROM link_changes")[0][0] == "waiting"
    assert land.service.sql("SELECT verdict FROM link_reports")[0][0] is None


def test_a_coordinator_without_a_team_is_told_where_to_ask_for_a_territory(
    library: Library,
) -> None:
    library.send(library.link(), name=NAME)
    library.service.account("awa@exemple.fr", "coordinator")

    page = library.service.sign_in().get("/moderation").text

    assert "demandez-en un" in page
    assert NAME not in page


def test_a_refusal_needs_a_reason_which_the_bearer_reads(library: Library) -> None:
    link = library.link()
    library.send(link, name=NAME)
    awa = moderator(library)
    address = only_change(library)

    assert awa.send("/moi", address, verdict="refuser").status_code == 422
    assert awa.send("/moi", address, verdict="refuser", raison="Pas un nom.").status_code == 303
    assert "Pas un nom." in library.visitor.get(link).text
    assert awa.send("/moi", address, verdict="accepter").status_code == 409


def test_what_was_refused_is_published_after_all(library: Library) -> None:
    library.send(library.link(), name=NAME)
    awa = moderator(library)
    address = only_change(library)
    awa.send("/moi", address, verdict="refuser", raison="Pas un nom.")
    assert "Le publier finalement" in awa.get("/moderation/historique").text

    assert awa.send("/moi", f"{address}/remettre").status_code == 303
    library.service.work()

    assert library.place("name") == NAME


def test_a_moderator_undoes_what_was_published_and_the_bearer_reads_why(library: Library) -> None:
    link = library.link()
    library.send(link, phone="05 55 00 00 00")
    awa = moderator(library)
    address = only_change(library)

    assert awa.send("/moi", f"{address}/annuler").status_code == 422
    assert awa.send("/moi", f"{address}/annuler", raison="Faux numéro.").status_code == 303
    library.service.work()

    assert library.place("phone") is None
    body = library.service.mailbox.received[-1].get_body(("plain",))
    assert body is not None
    assert "Faux numéro." in body.get_content()
    assert "Faux numéro." in library.visitor.get(link).text


def test_changes_are_decided_field_by_field(library: Library) -> None:
    library.send(library.link(), name=NAME, address="2 rue Neuve")
    awa = moderator(library)
    changes = {f: n for n, f in library.service.sql("SELECT id, field FROM link_changes")}

    awa.send("/moi", f"/moderation/changements/{changes['address']}", verdict="accepter")
    awa.send(
        "/moi",
        f"/moderation/changements/{changes['name']}",
        verdict="refuser",
        raison="C’est le nom de la rue.",
    )
    library.service.work()

    assert library.place("address") == "2 rue Neuve"
    assert library.place("name") == "Médiathèque inventée"


def test_a_duplicate_that_is_accepted_makes_one_place_of_two_and_is_undone(
    library: Library,
) -> None:
    link = library.link()
    other = library.another("Bibliothèque")
    library.visitor.post(f"{link}/doublon", {"lieu": other})
    library.send(link)
    awa = moderator(library)
    merged = "SELECT count(*) FROM places WHERE merged_into IS NOT NULL"

    awa.send("/moi", only_change(library), verdict="accepter")
    library.service.work()
    assert library.service.sql(merged)[0][0] == 1
    assert library.visitor.get(link).status_code == 200

    number = only_change(library).rpartition("/")[2]
    assert (
        library.press(f"{link}/annuler/{number}") == 404
    )  # somebody joined them, somebody parts them
    assert library.service.sql(merged)[0][0] == 1

    awa.send("/moi", f"{only_change(library)}/annuler", raison="Deux étages.")
    library.service.work()
    assert library.service.sql(merged)[0][0] == 0


def test_two_places_are_made_one_only_by_who_looks_after_both(land: Library) -> None:
    link = land.link()
    other = land.another("Bibliothèque")
    land.service.sql("UPDATE places SET code_insee = '99999' WHERE public_id = :id", id=other)
    land.visitor.post(f"{link}/doublon", {"lieu": other})
    land.send(link)
    awa, everywhere = coordinator(land, "23", "bea@exemple.fr"), moderator(land)

    assert "Bibliothèque" not in awa.get("/moderation").text
    assert awa.send("/moi", only_change(land), verdict="accepter").status_code == 404
    assert "Bibliothèque" in everywhere.get("/moderation").text


def test_a_link_in_wrong_hands_is_closed_by_who_looks_after_the_place_and_by_nobody_else(
    land: Library,
) -> None:
    link = land.link()
    land.send(link, phone="05 55 00 00 01")
    elsewhere = coordinator(land, "04", "bea@exemple.fr")
    here = coordinator(land, "23")
    close = f"{only_change(land)}/lien"

    assert elsewhere.send("/moi", close).status_code == 404
    assert land.visitor.get(link).status_code == 200
    assert "Fermer ce lien" in here.get("/moderation/historique").text
    assert here.send("/moi", close).status_code == 303

    land.service.work()
    assert land.visitor.get(link).status_code == 410
    assert land.service.mailbox.received[-1]["subject"] == "Votre lien de mise à jour est fermé"
    assert land.place("phone") == "+33555000001"
    assert "Fermer ce lien" not in here.get("/moderation/historique").text


def test_a_link_that_is_trusted_waits_no_more(library: Library) -> None:
    library.send(library.link(), name=NAME)
    awa = moderator(library)
    awa.send("/moi", only_change(library), verdict="accepter", confiance="oui")

    library.send(library.link(), name="Encore un nom")

    assert library.place("name") == "Encore un nom"


def test_a_place_that_changed_since_is_shown_beside_the_proposal(library: Library) -> None:
    library.send(library.link(), name=NAME)
    library.receive(date(2026, 10, 1), name="Médiathèque de la Creuse")

    page = moderator(library).get("/moderation").text

    assert "La fiche a changé depuis cette proposition." in page
    assert "Médiathèque de la Creuse" in page


def test_a_member_may_neither_see_nor_decide(library: Library) -> None:
    library.service.account("awa@exemple.fr")
    awa = library.service.sign_in()

    for page in ("/moderation", "/moderation/historique"):
        assert awa.get(page).status_code == 403
        assert library.visitor.get(page).status_code == 303


def test_an_error_is_reported_without_an_account_and_its_contact_is_forgotten_once_done(
    library: Library,
) -> None:
    told = {"quoi": "horaires", "texte": "Fermé <b>le lundi</b>.", "mail": "lea@exemple.fr"}
    sent = library.visitor.post(f"/lieux/{library.id}/signaler", told)
    assert sent.status_code == 303
    awa = moderator(library)

    page = awa.get("/moderation").text
    assert "Les horaires sont faux" in page
    assert "Fermé &lt;b&gt;le lundi" in page
    assert "lea@exemple.fr" in page

    [report] = library.service.sql("SELECT id FROM link_reports")
    awa.send("/moi", f"/moderation/signalements/{report.id}", verdict="done")
    assert library.service.sql("SELECT contact FROM link_reports")[0][0] is None
    assert "Fermé &lt;b&gt;le lundi" in awa.get("/moderation/historique").text


def test_what_a_program_fills_in_is_not_kept(library: Library) -> None:
    told = {"quoi": "autre", "texte": "Achetez !", "site": "https://exemple.fr"}

    assert library.visitor.post(f"/lieux/{library.id}/signaler", told).status_code == 303
    assert library.service.sql("SELECT * FROM link_reports") == []


def test_a_report_without_words_is_asked_again(library: Library) -> None:
    answer = library.visitor.post(f"/lieux/{library.id}/signaler", {"quoi": "", "texte": ""})

    assert answer.status_code == 422
    assert "Choisissez ce qui ne va pas." in answer.text
