"""«Je dis quand je suis là»: what a mediator announces, changes and takes back."""

import pytest

from geoservice.permanences import announcing
from tests.permanences.conftest import Zoe

NEW = "/moi/permanences/nouvelle"


def place_page(zoe: Zoe, place: str) -> str:
    return zoe.service.visitor().get(f"/lieux/{place}").text


def test_what_is_announced_is_on_the_page_of_the_place_at_once(zoe: Zoe) -> None:
    zoe.announce(
        quand="le 1er mardi du mois de 14 h à 17 h", services="aide-aux-demarches-administratives"
    )

    page = place_page(zoe, zoe.library)

    assert "Le 1er mardi du mois de 14" in page
    assert "Un médiateur est présent" in page
    assert "aide aux démarches administratives" in page
    assert "Zoé" not in page


def test_my_name_is_shown_to_those_to_whom_i_agreed_and_no_longer_once_i_withdraw(
    zoe: Zoe,
) -> None:
    zoe.announce()
    data = f"/lieux/{zoe.library}.json"

    zoe.agree("name", "public")
    assert "Zoé Exemple" in place_page(zoe, zoe.library)
    assert zoe.service.visitor().get(data).json()["permanences"][0]["mediateur"] is None

    zoe.agree("name", "reusers")
    [told] = zoe.service.visitor().get(data).json()["permanences"]
    assert told["mediateur"] == {"id": "zoe0000001", "nom": "Zoé Exemple"}

    zoe.agree("name", "public", granted=False)
    zoe.agree("name", "reusers", granted=False)
    assert "Zoé" not in place_page(zoe, zoe.library)
    assert "Zoé" not in zoe.service.visitor().get(data).text


def test_a_permanence_for_professionals_is_not_shown_to_anyone(zoe: Zoe) -> None:
    zoe.announce(pour="professionals")

    assert "médiateur est là" not in place_page(zoe, zoe.library)
    assert zoe.service.visitor().get(f"/lieux/{zoe.library}.json").json()["permanences"] == []
    assert zoe.service.visitor().get("/lieux.json?permanence=mardi").json()["total"] == 0
    assert "Pour les professionnels" in zoe.visitor.get("/moi/permanences").text


def test_what_i_take_back_is_gone_at_once(zoe: Zoe) -> None:
    one = zoe.announce()
    assert zoe.service.visitor().get("/lieux.json?permanence=mardi").json()["total"] == 1

    zoe.visitor.send("/moi/permanences", f"/moi/permanences/{one}/retirer")

    assert "médiateur est là" not in place_page(zoe, zoe.library)
    assert zoe.service.visitor().get("/lieux.json?permanence=mardi").json()["total"] == 0


def test_i_change_the_hours_and_find_in_the_form_what_i_had_written(zoe: Zoe) -> None:
    one = zoe.announce(quand="semaines paires, mercredi 10h-12h", rdv="oui", note="Au 1er étage.")
    address = f"/moi/permanences/{one}"
    form = zoe.visitor.get(address).text
    assert "Les semaines paires, le mercredi de 10" in form
    assert "Au 1er étage." in form

    answer = zoe.visitor.send(
        address, address, lieu=zoe.hall, quand="le jeudi de 9 h à 12 h", rdv="non"
    )

    assert answer.status_code == 303
    assert "médiateur est là" not in place_page(zoe, zoe.library)
    assert "Le jeudi de 9" in place_page(zoe, zoe.hall)


def test_nobody_else_changes_or_takes_back_what_i_announced(zoe: Zoe) -> None:
    one = zoe.announce()
    zoe.service.account("lou@exemple.fr")
    zoe.service.sql(
        "INSERT INTO mediators (public_id, account_id, given_name, family_name, role)"
        " SELECT 'lou0000001', id, 'Lou', 'Exemple', 'mediateur' FROM accounts WHERE mail = :mail",
        mail="lou@exemple.fr",
    )
    lou = zoe.service.sign_in("lou@exemple.fr")

    assert lou.get(f"/moi/permanences/{one}").status_code == 404
    assert lou.send(NEW, f"/moi/permanences/{one}/retirer").status_code == 404
    assert lou.send(NEW, f"/moi/permanences/{one}", lieu=zoe.library).status_code == 404
    assert "Le mardi de 14" in place_page(zoe, zoe.library)


def test_who_is_not_a_mediator_is_told_so(zoe: Zoe) -> None:
    zoe.service.account("max@exemple.fr")
    answer = zoe.service.sign_in("max@exemple.fr").get("/moi/permanences")

    assert answer.status_code == 403
    assert "Seuls les médiateurs" in answer.text


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"lieu": "ailleurs"}, "Choisissez un des lieux"),
        ({"quand": ""}, "Écrivez quand vous êtes là"),
        ({"quand": "quand je peux"}, "n’ont pas été comprises"),
        ({"quand": "x" * 501}, "trop long"),
        ({"rdv": ""}, "s’il faut prendre rendez-vous"),
        ({"pour": "les-amis"}, "Dites qui peut venir"),
        ({"services": "magie"}, "n’existe pas"),
        ({"du": "31/02/2026"}, "Ce jour n’existe pas"),
        ({"du": "2026-12-02", "au": "2026-12-01"}, "avant le premier"),
        ({"au": "2020-01-01"}, "Ce jour est passé"),
        ({"note": "écrivez à zoe@exemple.fr"}, "ni mail, ni téléphone"),
        ({"note": "ou au 06 39 98 00 01"}, "ni mail, ni téléphone"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_is_kept(
    zoe: Zoe, changed: dict[str, str], said: str
) -> None:
    form = {"lieu": zoe.library, "quand": "le lundi de 9 h à 12 h", "rdv": "oui"} | changed
    answer = zoe.visitor.send(NEW, NEW, **form)

    assert answer.status_code == 422
    assert said in answer.text
    assert changed.get("quand", "le lundi de 9 h à 12 h") in answer.text
    assert zoe.service.sql("SELECT FROM permanences") == []


def test_days_of_absence_are_announced_and_are_no_permanence(zoe: Zoe) -> None:
    zoe.announce(quand="tous les jours de 0 h à 24 h")
    ask = "/lieux.json?permanence=maintenant"
    assert zoe.service.visitor().get(ask).json()["total"] == 1

    [days] = zoe.service.sql("SELECT current_date - 1 AS first, current_date + 1 AS last")
    form = {"premier-jour": str(days.first), "dernier-jour": str(days.last)}
    assert zoe.visitor.send("/moi/permanences", "/moi/absences", **form).status_code == 303

    assert zoe.service.visitor().get(ask).json()["total"] == 0
    assert "Pas de permanence du" in place_page(zoe, zoe.library)

    [absence] = zoe.service.sql("SELECT id FROM absences")
    zoe.visitor.send("/moi/permanences", f"/moi/absences/{absence.id}/retirer")
    assert zoe.service.visitor().get(ask).json()["total"] == 1


def test_two_places_at_once_and_a_closed_place_are_pointed_out_not_forbidden(zoe: Zoe) -> None:
    zoe.announce(quand="le mardi de 17 h à 19 h")
    zoe.announce(lieu=zoe.hall, quand="le mardi de 16 h à 18 h")

    page = zoe.visitor.get("/moi/permanences").text

    assert "annoncé à deux endroits" in page
    assert "est fermé" in page
    assert page.count("À vérifier") == 2  # nobody knows when the town hall is open


def test_hours_that_needed_a_choice_are_announced_once_i_say_that_they_are_right(
    zoe: Zoe, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(announcing, "SURE_ENOUGH", 1)  # every reading is now a doubtful one
    doubtful = {"lieu": zoe.library, "quand": "lundi 9h-12h", "rdv": "non"}
    answer = zoe.visitor.send(NEW, NEW, **doubtful)
    assert answer.status_code == 422
    assert "Nous avons compris" in answer.text
    assert zoe.service.sql("SELECT FROM permanences") == []

    understood = answer.text.partition('name="compris" value="')[2].partition('"')[0]
    zoe.announce(**doubtful, compris=understood)


def test_the_permanences_of_a_place_and_of_a_mediator_go_into_an_agenda(zoe: Zoe) -> None:
    zoe.announce()
    anyone = zoe.service.visitor()
    calendar = anyone.get(f"/lieux/{zoe.library}/permanences.ics")

    assert calendar.headers["content-type"] == "text/calendar; charset=utf-8"
    assert "BEGIN:VEVENT" in calendar.text
    assert "Zoé" not in calendar.text
    assert anyone.get(f"/lieux/{zoe.hall}/permanences.ics").status_code == 404
    assert anyone.get("/mediateurs/zoe0000001/permanences.ics").status_code == 404

    zoe.agree("name", "public")
    assert "BEGIN:VEVENT" in anyone.get("/mediateurs/zoe0000001/permanences.ics").text
