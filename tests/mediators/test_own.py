"""«Il faut que les médiateurs puissent choisir s’ils rendent visibles leurs contacts»: their own profile."""

import pytest

from geoservice.consent.model import Audience, Contact
from geoservice.tasks import forget_person
from tests.mediators.conftest import MAIL, PROFILE, Awa


def test_my_profile_begins_with_a_form_and_shows_nothing_to_anyone(awa: Awa) -> None:
    assert awa.visitor.get("/moi/fiche").headers["location"] == "/moi/fiche/modifier"
    assert MAIL in awa.visitor.get("/moi/fiche/modifier").text

    awa.fill()

    page = awa.visitor.get("/moi/fiche").text
    assert page.count("on ne voit rien de vous") == 3
    assert awa.service.sql("SELECT * FROM consent_events") == []
    assert awa.service.sql("SELECT * FROM public_view.mediators") == []


@pytest.mark.parametrize(
    ("field", "typed", "told"),
    [
        ("prenom", "  ", "Écrivez votre prénom."),
        ("mail", "awa@", "Cette adresse n’est pas complète"),
        ("telephone", "0639", "Ce numéro n’est pas complet"),
        ("rdv", "javascript:alert(1)", "commence par https"),
        ("role", "chef", "Choisissez ce que vous êtes."),
        ("competences", "magie", "Une des cases n’existe pas"),
        ("presentation", "a" * 501, "trop long"),
    ],
)
def test_a_mistake_is_told_and_nothing_is_saved(
    awa: Awa, field: str, typed: str, told: str
) -> None:
    answer = awa.visitor.send(
        "/moi/fiche/modifier", "/moi/fiche/modifier", **PROFILE | {field: typed}
    )

    assert answer.status_code == 422
    assert told in answer.text
    assert "06 39 98 76 54" in answer.text or field == "telephone"
    assert awa.service.sql("SELECT * FROM mediators") == []


def test_i_agree_to_one_contact_for_one_audience_and_to_nothing_else(awa: Awa) -> None:
    awa.fill()

    awa.agree("phone-public")

    [seen] = awa.service.sql("SELECT * FROM public_view.mediators")
    assert (seen.phone, seen.mail, seen.given_name) == ("+33639987654", None, None)
    assert awa.service.sql("SELECT * FROM public_view.reusable_mediators") == []
    assert awa.service.sql("SELECT * FROM mediators_for_professionals") == []
    page = awa.visitor.get("/moi/fiche").text
    assert page.count("on ne voit rien de vous") == 2
    assert "Accepté le" in page


def test_saving_the_same_choices_again_adds_nothing_and_unticking_withdraws(awa: Awa) -> None:
    awa.fill()
    awa.agree("phone-public", "mail-reusers")
    awa.agree("phone-public", "mail-reusers")
    awa.agree("mail-reusers")

    journal = awa.service.sql(
        "SELECT contact, audience, granted, wording, recorded_by FROM consent_events ORDER BY id"
    )

    refused = len(Contact) * len(Audience) - 2  # an empty box is an answer too
    assert [tuple(row) for row in journal if row.granted] == [
        ("mail", "reusers", True, "2026-11", "person"),
        ("phone", "public", True, "2026-11", "person"),
    ]
    assert len(journal) == 2 + refused + 1
    assert tuple(journal[-1]) == ("phone", "public", False, "2026-11", "person")
    assert awa.service.sql("SELECT * FROM public_view.mediators") == []


def test_a_new_name_and_mail_keep_the_same_address_and_the_same_agreements(awa: Awa) -> None:
    awa.fill()
    awa.agree("name-public")
    before = awa.id

    awa.fill(nom="Mariée", mail="nouveau@exemple.fr")

    [seen] = awa.service.sql("SELECT * FROM public_view.mediators")
    assert (seen.public_id, seen.family_name, seen.mail) == (before, "Mariée", None)


def test_i_find_where_i_work_by_its_name_or_commune(awa: Awa) -> None:
    awa.fill()
    found = awa.visitor.get("/moi/fiche?q=mediatheque+gueret").text
    assert f'value="{awa.library}"' in found
    assert "Aucun lieu ne répond" in awa.visitor.get("/moi/fiche?q=zzzzzz").text

    awa.work_at(awa.library)
    assert "Je n’y travaille plus" in awa.visitor.get("/moi/fiche").text
    assert awa.visitor.get("/moi/permanences/nouvelle").text.count("Médiathèque inventée") == 1

    awa.visitor.send("/moi/fiche", f"/moi/fiche/lieux/{awa.library}/retirer")
    assert awa.service.sql("SELECT * FROM mediator_places") == []
    unknown = awa.visitor.send("/moi/fiche", "/moi/fiche/lieux", lieu="nullepart0")
    assert unknown.status_code == 422


def test_what_is_held_about_me_can_be_taken_away(awa: Awa) -> None:
    awa.fill()
    awa.work_at(awa.library)
    awa.agree("mail-public")

    held = awa.visitor.get("/moi/fiche/mes-donnees.json").json()

    assert held["fiche"]["family_name"] == "Canari"
    assert [one["contact"] for one in held["accords"] if one["granted"]] == ["mail"]
    assert held["lieux"][0]["name"] == "Médiathèque inventée"


def test_leaving_erases_me_and_keeps_a_journal_that_names_nobody(awa: Awa) -> None:
    awa.fill()
    awa.work_at(awa.library)
    awa.agree("name-reusers")
    left = awa.id
    assert awa.visitor.send("/moi/fiche/partir", "/moi/fiche/partir").status_code == 422

    gone = awa.visitor.send("/moi/fiche/partir", "/moi/fiche/partir", sur="oui")

    assert "Tout est effacé" in gone.text
    for table in ("mediators", "mediator_places", "consents", "sessions"):
        assert awa.service.sql(f"SELECT * FROM {table}") == []
    assert awa.service.sql("SELECT * FROM consent_events") != []
    [told] = awa.service.sql("SELECT * FROM public_view.mediator_changes")
    assert (told.public_id, told.is_visible) == (left, False)
    assert awa.service.sql("SELECT * FROM accounts WHERE mail <> ''") == []


def test_nobody_reads_my_card_without_my_session(awa: Awa) -> None:
    awa.fill()

    stranger = awa.service.visitor("192.0.2.9")

    for path in ("/moi/fiche", "/moi/fiche/modifier", "/moi/fiche/mes-donnees.json"):
        answer = stranger.get(path)
        assert answer.status_code == 303
        assert "anari" not in answer.text
    assert awa.visitor.get("/moi/fiche").headers["cache-control"] == "no-store"


def test_an_account_that_nobody_uses_takes_its_card_with_it(awa: Awa) -> None:
    awa.fill()
    awa.agree("name-public")
    [account] = awa.service.sql("SELECT id FROM accounts")

    with awa.service.engine.begin() as db:
        forget_person(db, account.id)

    assert awa.service.sql("SELECT * FROM mediators") == []
    assert awa.service.sql("SELECT * FROM public_view.mediators") == []
