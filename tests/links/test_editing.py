"""«Je corrige la fiche»: what is typed, read back, published, and undone."""

from datetime import date

import pytest

from tests.links.conftest import Library, fields


def test_hours_are_typed_as_people_write_them_read_back_then_published(library: Library) -> None:
    link = library.link()
    form = fields(library.visitor.get(link).text)

    read_back = library.visitor.post(link, form | {"opening_hours": "le mardi de 14h à 17h"})

    assert "Le mardi de 14" in read_back.text
    assert library.service.sql("SELECT opening_hours FROM places")[0][0] == "Mo-Fr 09:00-18:00"
    library.visitor.post(f"{link}/envoyer", fields(read_back.text))
    library.service.work()
    assert library.service.sql("SELECT opening_hours FROM places")[0][0] == "Tu 14:00-17:00"
    assert "Le lieu lui-même" in library.page


def test_hours_that_cannot_be_read_are_said_to_be_so_and_nothing_is_lost(library: Library) -> None:
    link = library.link()
    form = fields(library.visitor.get(link).text)

    answer = library.visitor.post(
        link, form | {"opening_hours": "quand on peut", "summary": "Un résumé."}
    )

    assert answer.status_code == 422
    assert "quand on peut" in answer.text
    assert "Un résumé." in answer.text


def test_what_the_place_says_wins_over_a_later_import_and_undoing_brings_the_import_back(
    library: Library,
) -> None:
    link = library.link()
    library.send(link, phone="05 55 00 00 00")

    library.receive(date(2026, 10, 1), phone="+33555111111")
    assert "05 55 00 00 00" in library.page.replace("\u00a0", " ").replace("\u202f", " ")

    [change] = library.service.sql("SELECT id FROM link_changes")
    assert library.press(f"{link}/annuler/{change.id}") == 303
    assert library.service.sql("SELECT phone FROM places")[0][0] == "+33555111111"


def test_one_click_says_that_all_is_still_right(library: Library) -> None:
    link = library.link()

    assert library.press(f"{link}/exact") == 303

    [place] = library.service.sql("SELECT updated_on, opening_hours FROM places")
    assert place.updated_on > date(2026, 9, 1)
    assert place.opening_hours == "Mo-Fr 09:00-18:00"


def test_a_name_waits_for_somebodys_eye(library: Library) -> None:
    library.send(library.link(), name="Autre nom", closed="oui")

    assert library.service.sql("SELECT name FROM places")[0][0] == "Médiathèque inventée"
    assert {s for (s,) in library.service.sql("SELECT state FROM link_changes")} == {"waiting"}


def test_two_tabs_do_not_overwrite_each_other(library: Library) -> None:
    link = library.link()
    stale = fields(library.visitor.get(link).text)
    library.send(link, phone="05 55 00 00 00")

    # a field that the second tab did not touch is left alone
    read_back = library.visitor.post(link, stale | {"summary": "Au premier étage."})
    assert "05 55 00 00 00" not in read_back.text.split("<form")[0]
    # one that both changed is shown as such
    conflict = library.visitor.post(f"{link}/envoyer", stale | {"phone": "05 55 22 22 22"})
    assert conflict.status_code == 409
    assert "Quelqu’un d’autre l’a changé" in conflict.text
    assert library.service.sql("SELECT phone FROM places")[0][0] == "+33555000000"


def test_the_change_of_another_place_cannot_be_undone(library: Library) -> None:
    link = library.link()
    library.send(link, phone="05 55 00 00 00")
    library.service.sql(
        "INSERT INTO places (public_id, name, published_at) VALUES ('autre00001', 'Autre', now())"
    )
    library.service.sql(
        "UPDATE link_changes SET place_id = (SELECT id FROM places WHERE name = 'Autre')"
    )
    [change] = library.service.sql("SELECT id, state FROM link_changes")

    assert library.press(f"{link}/annuler/{change.id}") == 404
    assert library.service.sql("SELECT state FROM link_changes")[0][0] == "in_force"


def test_scripts_in_every_field_stay_text(library: Library) -> None:
    link = library.link()
    script = "<script>alert(1)</script>"
    form = fields(library.visitor.get(link).text)
    texts = {name: script for name in form if not name.startswith("avant-")}

    answer = library.visitor.post(link, form | texts)

    assert "<script>alert" not in answer.text


@pytest.mark.parametrize("typed", [{"phone": "12"}, {"websites": "pas un site"}, {"name": ""}])
def test_what_is_wrong_is_said_beside_the_field_and_nothing_is_written(
    library: Library, typed: dict[str, str]
) -> None:
    link = library.link()

    answer = library.visitor.post(link, fields(library.visitor.get(link).text) | typed)

    assert answer.status_code == 422
    assert f'id="{next(iter(typed))}-erreur"' in answer.text


def test_a_megabyte_is_refused(library: Library) -> None:
    link = library.link()

    assert library.visitor.post(link, {"description": "a" * 1_000_000}).status_code == 413


def test_a_mail_tells_what_became_of_the_changes(library: Library) -> None:
    library.send(library.link(), phone="05 55 00 00 00", name="Autre nom")

    body = library.service.mailbox.received[-1].get_body(("plain",))

    assert body is not None
    assert "Publié : Téléphone." in body.get_content().replace("\u00a0", " ")
    assert "/modifier/" not in body.get_content()
