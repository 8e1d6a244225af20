"""Whoever La Coop tells of, and who then comes here: one person, who decides."""

import threading
from typing import Any

import pytest
from sqlalchemy import Connection, text

from geoservice.consent import actions as consent
from geoservice.consent import wordings
from geoservice.consent.model import Audience, Contact, RecordedBy
from geoservice.mediators import coop
from geoservice.mediators.receiving import Received, receive
from tests.auth.conftest import Site
from tests.mediators.conftest import MAIL, PROFILE, Awa
from tests.mediators.test_coop import user
from tests.permanences.conftest import SOURCE


def told(site: Site, *users: dict[str, Any]) -> Received:
    with site.engine.begin() as db:
        people = coop.people(iter(users), {})
        return receive(db, coop.SOURCE, SOURCE.name, people, force=True)


def shown(site: Site) -> list[tuple[Any, ...]]:
    rows = site.sql("SELECT given_name, mail, phone FROM public_view.mediators ORDER BY id")
    return [tuple(row) for row in rows]


HERS = user(prenom="Awa", nom="Canari", email=MAIL.upper())
SHOWN = [("Awa", MAIL, "+33639980001")]


def test_who_signs_in_finds_what_la_coop_told_and_withdraws_it_for_good(awa: Awa) -> None:
    told(awa.service, HERS)
    assert shown(awa.service) == SHOWN

    page = awa.visitor.get("/moi/fiche")
    assert page.status_code == 200
    assert "Awa Canari" in page.text
    assert page.text.count("d’après La Coop") == 3

    awa.agree()  # every box is empty
    assert shown(awa.service) == []
    assert told(awa.service, HERS) == Received(known=1)
    assert shown(awa.service) == []


@pytest.mark.parametrize("path", ["/moi/fiche/modifier", "/moi/permanences", "/moi/collegues"])
def test_every_page_of_theirs_finds_them(awa: Awa, path: str) -> None:
    told(awa.service, HERS)

    assert awa.visitor.get(path).status_code == 200
    assert len(awa.service.sql("SELECT FROM mediators WHERE account_id IS NOT NULL")) == 1


def test_filling_in_the_form_first_makes_no_second_person(awa: Awa) -> None:
    token = awa.visitor.get("/moi/fiche/modifier")
    told(awa.service, HERS)
    awa.visitor.send("/moi/fiche/modifier", "/moi/fiche/modifier", **PROFILE | {"mail": MAIL})

    assert token.status_code == 200
    assert len(awa.service.sql("SELECT FROM mediators")) == 1


def test_an_address_that_colleagues_share_gives_nobody_s_profile(awa: Awa) -> None:
    told(awa.service, HERS, user("u-2", prenom="Béa", email=MAIL))

    assert awa.visitor.get("/moi/fiche").headers["location"] == "/moi/fiche/modifier"
    assert awa.service.sql("SELECT FROM mediators WHERE account_id IS NOT NULL") == []


def test_the_profile_of_somebody_else_is_not_theirs(awa: Awa) -> None:
    told(awa.service, user("u-2", prenom="Béa"))

    assert awa.visitor.get("/moi/fiche").headers["location"] == "/moi/fiche/modifier"
    assert "Béa" not in awa.visitor.get("/moi/fiche/modifier").text


def test_a_profile_with_another_mail_is_known_by_that_of_the_account(awa: Awa) -> None:
    """She shows canari@exemple.fr, and La Coop knows the address with which she signs in."""
    awa.fill()

    assert told(awa.service, HERS) == Received(known=1)
    assert len(awa.service.sql("SELECT FROM mediators")) == 1


def test_an_import_ticks_no_box_for_somebody_who_comes_here(awa: Awa) -> None:
    """What she agreed to there was about the number that she gave there."""
    awa.fill()
    told(awa.service, HERS)

    assert shown(awa.service) == []


def test_a_box_left_empty_is_an_answer_that_no_import_changes(awa: Awa) -> None:
    told(awa.service, user(is_visible=False, email=MAIL, prenom="Awa", nom="Canari"))
    awa.visitor.get("/moi/fiche")
    awa.agree("name-public")
    # even if nobody signed in with it any more
    awa.service.sql("UPDATE mediators SET account_id = NULL")
    told(awa.service, HERS)

    assert shown(awa.service) == [("Awa", None, None)]


def test_a_place_of_la_coop_is_confirmed_whoever_said_it_first(awa: Awa) -> None:
    site = awa.service
    library = {"structure_id": "0", "fin": None}
    working = user(email=MAIL, en_activite=[library])
    who = "SELECT source, is_declared FROM mediator_places"
    awa.fill()
    awa.work_at(awa.library)
    assert [tuple(row) for row in site.sql(who)] == [(None, True)]

    told(site, working)
    assert [tuple(row) for row in site.sql(who)] == [("la-coop", True)]

    told(site, HERS)  # La Coop no longer says so; she still does
    assert [tuple(row) for row in site.sql(who)] == [(None, True)]

    awa.visitor.send("/moi/fiche", f"/moi/fiche/lieux/{awa.library}/retirer")
    told(site, working)
    assert [tuple(row) for row in site.sql(who)] == [("la-coop", False)]
    told(site, HERS)
    assert site.sql(who) == []


def test_of_two_words_at_the_same_moment_the_person_s_is_the_last(awa: Awa) -> None:
    """The import waits for the withdrawal that is being written, and then does not speak over it."""
    told(awa.service, HERS)
    [row] = awa.service.sql("SELECT person FROM mediators")
    said = [(Contact.PHONE, Audience.PUBLIC, True)]
    by_source = consent.record(
        row.person, said, by=RecordedBy.SOURCE, source=coop.SOURCE, wording=wordings.LA_COOP
    )

    def speak(db: Connection) -> None:
        db.execute(by_source)
        db.commit()

    with awa.service.engine.connect() as hers, awa.service.engine.connect() as theirs:
        hers.execute(consent.record(row.person, [(Contact.PHONE, Audience.PUBLIC, False)]))
        backend = theirs.scalar(text("SELECT pg_backend_pid()"))
        speaking = threading.Thread(target=speak, args=(theirs,))
        speaking.start()
        waits = text("SELECT wait_event_type = 'Lock' FROM pg_stat_activity WHERE pid = :pid")
        while not hers.scalar(waits, {"pid": backend}):
            pass
        hers.commit()
        speaking.join()

    assert shown(awa.service) == [("Awa", MAIL, None)]
