"""«Je corrige la fiche»: what is typed, read back, published, and undone."""

from datetime import date, timedelta

import pytest

from geoservice import clock
from geoservice.links.edits import ENTRIES
from geoservice.links.jobs import LOOK_AFTER
from geoservice.links.steps import STEPS, Step
from tests.links.conftest import Library, fields


def spaced(text: str) -> str:
    """With ordinary spaces."""
    return text.replace("\u00a0", " ").replace("\u202f", " ")


def test_hours_are_typed_as_people_write_them_read_back_then_published(library: Library) -> None:
    link = library.link()
    form = fields(library.visitor.get(f"{link}/horaires").text)

    saved = library.visitor.post(f"{link}/horaires", form | {"opening_hours": "mardi 14h-17h"})

    read_back = spaced(library.visitor.get(saved.headers["location"]).text)
    assert "mardi 14h-17h" in read_back
    assert "Voici ce que nous avons compris" in read_back
    assert "Le mardi de 14 h à 17 h" in read_back
    assert library.place("opening_hours") == "Mo-Fr 09:00-18:00"
    library.send(link)
    assert library.place("opening_hours") == "Tu 14:00-17:00"
    assert "Le lieu lui-même" in library.page


def test_hours_that_cannot_be_read_are_said_to_be_so_and_nothing_is_lost(library: Library) -> None:
    link = library.link()
    form = fields(library.visitor.get(f"{link}/horaires").text)

    answer = library.visitor.post(f"{link}/horaires", form | {"opening_hours": "quand on peut"})

    assert answer.status_code == 422
    assert "quand on peut</textarea>" in answer.text
    assert library.service.sql("SELECT * FROM link_drafts") == []


def test_hours_are_written_day_by_day(library: Library) -> None:
    link = library.link()
    page = library.visitor.get(f"{link}/horaires/jours").text
    assert page.count('value="de 9\u00a0h à 18\u00a0h"') == 5

    week = {"Mo": "9h-12h et 14h-17h30", "Tu": "9h-12h", "Sa": "10 h à 12 h", "feries": "oui"}
    saved = library.visitor.post(f"{link}/horaires/jours", {"avant": fields(page)["avant"]} | week)

    assert saved.status_code == 303
    library.send(link)
    assert library.place("opening_hours") == (
        "Mo 09:00-12:00,14:00-17:30; Tu 09:00-12:00; Sa 10:00-12:00; PH off"
    )


def test_a_day_that_cannot_be_read_is_named(library: Library) -> None:
    link = library.link()
    page = library.visitor.get(f"{link}/horaires/jours").text

    answer = library.visitor.post(
        f"{link}/horaires/jours", {"avant": fields(page)["avant"], "Mo": "9h-12h", "We": "parfois"}
    )

    assert answer.status_code == 422
    assert 'id="We-erreur"' in answer.text
    assert 'value="parfois"' in answer.text
    assert 'id="Mo-erreur"' not in answer.text


def test_an_exceptional_closure_is_added_and_taken_away(library: Library) -> None:
    link = library.link()
    here = f"{link}/horaires/fermetures"
    first = clock.today() + timedelta(days=40)
    last = first + timedelta(days=20)

    def press(**form: str) -> int:
        before = fields(library.visitor.get(here).text)["avant"]
        return library.visitor.post(here, {"avant": before} | form).status_code

    days = {"premier-jour": f"{first:%d/%m/%Y}", "dernier-jour": last.isoformat()}
    assert press(**days) == 303
    assert "fermé du" in spaced(library.visitor.get(f"{link}/horaires/relire").text)
    assert press(retirer="0") == 303
    assert library.service.sql("SELECT * FROM link_drafts") == []
    assert press(**days) == 303
    assert press(**{"premier-jour": last.isoformat(), "dernier-jour": first.isoformat()}) == 422

    library.send(link)
    assert library.place("opening_hours").startswith(f"Mo-Fr 09:00-18:00; {first.year} ")
    assert library.place("opening_hours").endswith(" off")


def test_lists_are_ticked_with_their_definitions(library: Library) -> None:
    link = library.link()
    page = library.visitor.get(f"{link}/materiel")
    assert "On peut imprimer un document." in page.text

    library.send(link, equipment="imprimante", services="aide-aux-demarches-administratives")

    assert library.place("equipment") == ["Imprimante"]
    assert library.place("services") == ["Aide aux démarches administratives"]


def test_what_is_prepared_is_kept_until_it_is_sent(library: Library) -> None:
    link = library.link()
    library.prepare(link, phone="05 55 00 00 00", opening_hours="mardi 14h-17h")

    later = spaced(library.service.visitor().get(link).text)

    assert "2 changements sont prêts" in later
    assert "05 55 00 00 00" in later
    assert "mardi 14h-17h</textarea>" in library.visitor.get(f"{link}/horaires").text
    assert library.place("phone") is None

    other = library.link()
    assert "2 changements sont prêts" in spaced(library.visitor.get(other).text)


def test_what_is_prepared_can_be_dropped(library: Library) -> None:
    link = library.link()
    library.prepare(link, phone="05 55 00 00 00")

    assert library.visitor.post(f"{link}/oublier", {"etape": "contact"}).status_code == 303
    assert library.service.sql("SELECT * FROM link_drafts") == []


def test_the_point_is_moved_step_by_step_without_scripts(library: Library) -> None:
    link = library.link()
    form = fields(library.visitor.get(f"{link}/position").text)
    here = {"latitude": "46,17", "longitude": "1.87", "pas": "100"}

    moved = library.visitor.post(f"{link}/position", form | here | {"vers": "nord"})
    assert moved.status_code == 200
    assert 'value="46.170900"' in moved.text
    assert "à 100 m de la position d’avant" in spaced(moved.text)
    assert library.service.sql("SELECT * FROM link_drafts") == []

    here["latitude"] = "46.170900"
    library.visitor.post(f"{link}/position", form | here | {"faire": "enregistrer"})
    library.send(link)
    assert library.service.sql("SELECT field, state, after FROM link_changes") == [
        ("point", "waiting", {"lon": 1.87, "lat": 46.1709})
    ]


@pytest.mark.parametrize("latitude", ["", "nord", "91", "1e400", "46°", "46.17' OR 1=1"])
def test_a_position_that_is_none_is_refused(library: Library, latitude: str) -> None:
    link = library.link()
    form = {"latitude": latitude, "longitude": "1.87", "faire": "enregistrer"}

    answer = library.visitor.post(f"{link}/position", form)

    assert answer.status_code == 422
    assert library.service.sql("SELECT * FROM link_drafts") == []


def test_a_permanence_is_announced_without_a_name(library: Library) -> None:
    link = library.link()
    here = f"{link}/permanences"
    before = fields(library.visitor.get(here).text)["avant"]
    said = {"quand": "le mardi de 14h à 17h", "rdv": "non", "note": "Au premier étage."}

    assert library.visitor.post(here, {"avant": before} | said).status_code == 303
    assert "Le mardi de 14 h à 17 h" in spaced(library.visitor.get(here).text)
    library.send(link)

    assert "Un médiateur est présent" in library.page
    [change] = library.service.sql("SELECT id FROM link_changes")
    library.press(f"{link}/annuler/{change.id}")
    assert "Un médiateur est présent" not in library.page


@pytest.mark.parametrize(
    "said",
    [
        {"quand": "un jour peut-être", "rdv": "non"},
        {"quand": "mardi 14h-17h"},
        {"quand": "mardi 14h-17h", "rdv": "non", "note": "Demandez Léa : lea@exemple.fr"},
    ],
)
def test_a_permanence_that_is_not_clear_or_tells_a_contact_is_refused(
    library: Library, said: dict[str, str]
) -> None:
    here = f"{library.link()}/permanences"
    before = fields(library.visitor.get(here).text)["avant"]

    answer = library.visitor.post(here, {"avant": before} | said)

    assert answer.status_code == 422
    assert said["quand"] in answer.text
    assert library.service.sql("SELECT * FROM link_drafts") == []


def test_what_the_place_says_wins_over_a_later_import_and_undoing_brings_the_import_back(
    library: Library,
) -> None:
    link = library.link()
    library.send(link, phone="05 55 00 00 00")

    library.receive(date(2026, 10, 1), phone="+33555111111")
    assert "05 55 00 00 00" in spaced(library.page)

    [change] = library.service.sql("SELECT id FROM link_changes")
    assert library.press(f"{link}/annuler/{change.id}") == 303
    assert library.place("phone") == "+33555111111"


def test_one_click_says_that_all_is_still_right(library: Library) -> None:
    link = library.link()

    assert library.press(f"{link}/exact") == 303

    assert library.place("updated_on") > date(2026, 9, 1)
    assert library.place("opening_hours") == "Mo-Fr 09:00-18:00"


def test_a_name_and_a_closing_wait_for_somebodys_eye(library: Library) -> None:
    library.send(library.link(), name="Autre nom", closed="oui")

    assert library.place("name") == "Médiathèque inventée"
    assert {s for (s,) in library.service.sql("SELECT state FROM link_changes")} == {"waiting"}


def test_a_trusted_link_does_not_wait_but_to_merge_two_places(library: Library) -> None:
    link = library.link()
    library.service.sql("UPDATE links SET trusted = true")
    other = library.another("Médiathèque inventée (annexe)")

    chosen = library.visitor.post(f"{link}/doublon", {"lieu": other})
    assert chosen.status_code == 303
    library.send(link, name="Autre nom")

    assert library.place("name") == "Autre nom"
    assert library.service.sql("SELECT field, state FROM link_changes ORDER BY field") == [
        ("duplicate", "waiting"),
        ("name", "in_force"),
    ]


def test_a_duplicate_is_named_by_the_address_of_its_page(library: Library) -> None:
    link = library.link()
    other = library.another("Un tout autre nom")

    answer = library.visitor.post(
        f"{link}/doublon", {"adresse": f"http://carte.exemple.fr/lieux/{other}?x=1"}
    )

    assert answer.status_code == 303
    assert "Un tout autre nom" in library.visitor.get(f"{link}/verifier").text


@pytest.mark.parametrize("typed", ["http://carte.exemple.fr/lieux/", "rien", "/lieux/../moi"])
def test_a_duplicate_that_is_no_place_is_refused(library: Library, typed: str) -> None:
    link = library.link()

    answer = library.visitor.post(f"{link}/doublon", {"adresse": typed})

    assert answer.status_code == 422
    assert "Nous ne trouvons pas ce lieu" in answer.text


def test_a_place_is_no_duplicate_of_itself(library: Library) -> None:
    assert (
        library.visitor.post(f"{library.link()}/doublon", {"lieu": library.id}).status_code == 422
    )


def test_two_tabs_do_not_overwrite_each_other(library: Library) -> None:
    link = library.link()
    stale = fields(library.visitor.get(f"{link}/contact").text)
    library.prepare(link, phone="05 55 00 00 00")

    # a field that the second tab did not touch is left alone
    site = stale | {"websites": "https://exemple.fr"}
    assert library.visitor.post(f"{link}/contact", site).status_code == 303
    assert "05 55 00 00 00" in spaced(library.visitor.get(f"{link}/verifier").text)
    # one that both changed is shown as such, and written over only once it was read
    conflict = library.visitor.post(f"{link}/contact", stale | {"phone": "05 55 22 22 22"})
    assert conflict.status_code == 409
    assert "05 55 00 00 00" in spaced(conflict.text)
    again = fields(conflict.text) | {"phone": "05 55 22 22 22"}
    assert library.visitor.post(f"{link}/contact", again).status_code == 303


def test_what_somebody_else_published_meanwhile_is_a_conflict(library: Library) -> None:
    link = library.link()
    library.prepare(link, phone="05 55 22 22 22")
    review = fields(library.visitor.get(f"{link}/verifier").text)
    library.receive(date(2026, 10, 1), phone="+33555111111")

    conflict = library.visitor.post(f"{link}/envoyer", review)

    assert conflict.status_code == 409
    assert "Quelqu’un d’autre l’a changé" in conflict.text
    assert "05 55 11 11 11" in spaced(conflict.text)
    assert "05 55 22 22 22" in spaced(conflict.text)
    assert library.service.sql("SELECT * FROM link_changes") == []
    assert library.visitor.post(f"{link}/envoyer", fields(conflict.text)).status_code == 303
    library.service.work()
    assert library.place("phone") == "+33555222222"


def test_sending_twice_changes_nothing_more(library: Library) -> None:
    link = library.link()
    library.prepare(link, phone="05 55 22 22 22")
    review = fields(library.visitor.get(f"{link}/verifier").text)

    answers = [library.visitor.post(f"{link}/envoyer", review).status_code for _ in range(3)]

    assert answers == [303, 303, 303]
    assert len(library.service.sql("SELECT * FROM link_changes")) == 1


def test_the_change_of_another_place_cannot_be_undone(library: Library) -> None:
    link = library.link()
    library.send(link, phone="05 55 00 00 00")
    other = library.another("Autre")
    library.service.sql(
        "UPDATE link_changes SET place_id = (SELECT id FROM places WHERE public_id = :id)", id=other
    )
    [change] = library.service.sql("SELECT id, state FROM link_changes")

    assert library.press(f"{link}/annuler/{change.id}") == 404
    assert library.service.sql("SELECT state FROM link_changes")[0][0] == "in_force"


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.slug)
def test_scripts_in_every_field_stay_text(library: Library, step: Step) -> None:
    link = library.link()
    script = '"><script>alert(1)</script><b onclick=x>'
    here = f"{link}/{step.slug}"
    form = fields(library.visitor.get(here).text)
    names = [e.column for e in ENTRIES] + ["quand", "note", "ou", "latitude", "lieu", "adresse"]

    answers = [library.visitor.post(here, form | {name: script}) for name in names]
    answers.append(library.visitor.get(f"{link}/verifier"))
    library.visitor.post(f"{link}/envoyer", fields(answers[-1].text))
    library.service.work()

    for answer in (*answers, library.visitor.get(link), library.visitor.get(f"{link}/merci")):
        assert answer.status_code < 500
        assert "<script>alert" not in answer.text
        assert "<b onclick" not in answer.text
    assert "<script>alert" not in library.page


@pytest.mark.parametrize("typed", [{"phone": "12"}, {"websites": "pas un site"}, {"name": ""}])
def test_what_is_wrong_is_said_beside_the_field_and_nothing_is_written(
    library: Library, typed: dict[str, str]
) -> None:
    link = library.link()

    assert library.prepare(link, **typed) == [422]
    assert library.service.sql("SELECT * FROM link_drafts") == []


def test_a_megabyte_is_refused(library: Library) -> None:
    link = library.link()

    for step in STEPS:
        form = {"description": "a" * 1_000_000}
        assert library.visitor.post(f"{link}/{step.slug}", form).status_code == 413


def test_a_link_opens_only_the_steps_that_it_was_made_for(library: Library) -> None:
    link = library.link()
    library.service.sql("UPDATE links SET fields = '{contact}'")

    assert library.visitor.get(f"{link}/contact").status_code == 200
    for other in ("nom", "horaires", "horaires/jours", "position", "doublon", "permanences"):
        assert library.visitor.get(f"{link}/{other}").status_code == 404
        assert library.visitor.post(f"{link}/{other}", {"": ""}).status_code == 404


def test_a_word_holds_as_long_as_the_setting_says_then_the_import_is_believed_and_it_is_said(
    library: Library,
) -> None:
    library.send(library.link(), phone="05 55 00 00 00")
    library.receive(date(2026, 10, 1), phone="+33555111111")
    assert library.place("phone") == "+33555000000"

    # two years pass; the import looked again meanwhile
    library.service.sql("UPDATE link_changes SET made_at = made_at - interval '2 years'")
    library.receive(date(2026, 10, 2), phone="+33555111111")
    library.reapply()
    assert library.place("phone") == "+33555111111"
    assert "Vous aviez répondu autre chose" in library.visitor.get(library.link()).text
    assert "Le lieu avait dit autre chose" in library.page


def test_a_mail_tells_what_became_of_the_changes(library: Library) -> None:
    library.send(library.link(), phone="05 55 00 00 00", name="Autre nom")

    body = library.service.mailbox.received[-1].get_body(("plain",))

    assert body is not None
    assert "Publié : Téléphone." in spaced(body.get_content())
    assert "/modifier/" not in body.get_content()


def test_forgetting_old_links_keeps_what_was_announced(library: Library) -> None:
    link = library.link()
    here = f"{link}/permanences"
    before = fields(library.visitor.get(here).text)["avant"]
    said = {"quand": "le mardi de 14h à 17h", "rdv": "non"}
    library.visitor.post(here, {"avant": before} | said)
    library.send(link)
    library.service.sql("UPDATE links SET expires_at = now() - interval '1 second'")

    library.service.do(LOOK_AFTER)

    assert "Un médiateur est présent" in library.page
