"""The review of doubts on the running application: who may open it, what a decision does."""

from typing import Any

import pytest
from sqlalchemy import text

from geoservice.duplicates import actions
from geoservice.places.actions import Statement, receive
from tests.auth.conftest import Site
from tests.duplicates.conftest import FIRST, MEDIATHEQUE, SECOND

NAMES = ("Médiathèque des Ormes", "Espace culturel des Ormes")


@pytest.fixture
def doubt(service: Site) -> tuple[int, int]:
    """Two places that may be one, found by a search."""
    unsure: dict[str, Any] = {"phone": None, "emails": []}
    with service.engine.begin() as db:
        db.execute(
            text("TRUNCATE source_records, places, likeness_pairs, likeness_decisions CASCADE")
        )
        for source, name in zip((FIRST, SECOND), NAMES, strict=True):
            said = {k: v for k, v in (MEDIATHEQUE | unsure | {"name": name}).items() if v}
            receive(db, source, [Statement("1", said)], complete=True)
        assert actions.run(db).to_review == 1
        found = db.execute(text("SELECT a, b FROM likeness_pairs")).one()
        return found.a, found.b


def merged_into(site: Site, place: int) -> int | None:
    return site.sql("SELECT merged_into FROM places WHERE id = :id", id=place)[0][0]


def test_only_coordinators_and_moderators_open_the_review(service: Site, doubt: Any) -> None:
    service.account("awa@exemple.fr", "member")
    service.account("bo@exemple.fr", "moderator")

    for refused in (
        service.visitor().get("/doublons"),
        service.visitor().get("/doublons/decisions"),
        service.visitor().post("/doublons", {"paire": "1-2", "verdict": "un"}),
    ):
        assert refused.headers["location"].startswith("/connexion")
    assert service.sign_in("awa@exemple.fr").get("/doublons").status_code == 403
    assert service.sign_in("bo@exemple.fr").get("/doublons").status_code == 200


def test_both_places_are_shown_side_by_side_with_what_makes_doubt(
    service: Site, doubt: Any
) -> None:
    service.account("awa@exemple.fr", "moderator")
    page = service.sign_in().get("/doublons").text

    assert all(name in page for name in NAMES)
    assert "mediatheque" not in page
    assert "bibliothèque d’un seul côté" in page
    assert 'data-key="u"' in page


def test_hours_types_and_phones_are_told_in_french_and_lead_to_the_commune(
    service: Site, doubt: tuple[int, int]
) -> None:
    service.account("awa@exemple.fr", "moderator")
    service.sql(
        "UPDATE places SET opening_hours = 'Mo-Fr 09:00-12:00', typologies = '{BIB}',"
        " phone = '+33639980000', equipment = '{Imprimante}'"
    )
    page = service.sign_in().get("/doublons").text

    assert "Du lundi au vendredi de 9" in page
    assert "Mo-Fr" not in page
    assert ">BIB" not in page
    assert "Bibliothèque" in page
    assert "06\xa039\xa098\xa000\xa000" in page
    assert 'href="/lieux?territoire=commune:04070"' in page


def test_one_departement_is_reviewed_alone(service: Site, doubt: tuple[int, int]) -> None:
    service.account("awa@exemple.fr", "moderator")
    awa = service.sign_in()

    assert all(name in awa.get("/doublons?territoire=departement:04").text for name in NAMES)
    assert "n’attend de vérification ici" in awa.get("/doublons?territoire=departement:2A").text
    assert awa.get("/doublons?territoire=commune:04070").status_code == 422


def test_after_a_decision_comes_the_pair_after_it(service: Site, doubt: tuple[int, int]) -> None:
    service.account("awa@exemple.fr", "moderator")
    awa = service.sign_in()
    form = {"paire": f"{doubt[0]}-{doubt[1]}", "verdict": "deux"}
    later = "/doublons?territoire=departement:04&apres=0.7-1-2"

    assert awa.send("/doublons", "/doublons", **form, suite=later).headers["location"] == later
    elsewhere = awa.send(
        "/doublons/decisions", "/doublons", **form, suite="https://ailleurs.exemple"
    )
    assert elsewhere.headers["location"] == "/doublons"


def test_who_reviews_finds_the_page_from_their_account(service: Site) -> None:
    service.account("awa@exemple.fr", "moderator")
    service.account("bo@exemple.fr", "member")

    assert 'href="/doublons"' in service.sign_in("awa@exemple.fr").get("/moi").text
    assert 'href="/doublons"' not in service.sign_in("bo@exemple.fr").get("/moi").text


def test_one_place_is_said_with_a_button_and_the_younger_address_redirects(
    service: Site,
    doubt: tuple[int, int],
) -> None:
    service.account("awa@exemple.fr", "moderator")
    awa = service.sign_in()
    a, b = doubt
    public = dict(service.sql("SELECT id, public_id FROM places"))

    answer = awa.send("/doublons", "/doublons", paire=f"{a}-{b}", verdict="un", raison="même porte")
    service.work()

    assert answer.status_code == 303
    assert merged_into(service, b) == a
    moved = service.visitor().get(f"/lieux/{public[b]}")
    assert (moved.status_code, moved.headers["location"]) == (301, f"/lieux/{public[a]}")
    assert "Aucune paire" in awa.get("/doublons").text


def test_a_decision_can_be_turned_round_and_stays_written(
    service: Site,
    doubt: tuple[int, int],
) -> None:
    service.account("awa@exemple.fr", "moderator")
    awa = service.sign_in()
    a, b = doubt
    awa.send("/doublons", "/doublons", paire=f"{a}-{b}", verdict="un")
    [[decision]] = service.sql("SELECT id FROM likeness_decisions")

    awa.send("/doublons/decisions", f"/doublons/decisions/{decision}")
    service.work()

    assert merged_into(service, b) is None
    journal = service.sql(
        "SELECT verdict, account_id IS NOT NULL FROM likeness_decisions ORDER BY id"
    )
    assert [tuple(row) for row in journal] == [("same", True), ("not_same", True)]


def test_two_places_said_different_are_not_asked_again(
    service: Site, doubt: tuple[int, int]
) -> None:
    service.account("awa@exemple.fr", "moderator")
    a, b = doubt
    service.sign_in().send("/doublons", "/doublons", paire=f"{a}-{b}", verdict="deux")

    with service.engine.begin() as db:
        found = actions.run(db)

    assert (found.merged, found.to_review) == (0, 0)


@pytest.mark.parametrize(
    ("form", "status"),
    [({"paire": "1-999999", "verdict": "un"}, 404), ({"paire": "x", "verdict": "un"}, 404)],
)
def test_a_pair_that_does_not_exist_is_refused(
    service: Site,
    doubt: Any,
    form: dict[str, str],
    status: int,
) -> None:
    service.account("awa@exemple.fr", "moderator")

    assert service.sign_in().send("/doublons", "/doublons", **form).status_code == status


def test_nothing_is_decided_without_a_verdict(service: Site, doubt: tuple[int, int]) -> None:
    service.account("awa@exemple.fr", "moderator")
    a, b = doubt
    answer = service.sign_in().send("/doublons", "/doublons", paire=f"{a}-{b}", verdict="peut-être")

    assert answer.status_code == 422
    assert service.sql("SELECT 1 FROM likeness_decisions") == []


def test_a_doubt_can_be_left_for_later(service: Site, doubt: Any) -> None:
    service.account("awa@exemple.fr", "moderator")
    awa = service.sign_in()
    later = awa.get("/doublons").text.partition('href="/doublons?apres=')[2].partition('"')[0]

    assert awa.get(f"/doublons?apres={later}").headers["location"] == "/doublons"
    assert awa.get("/doublons?apres=n'importe-quoi").status_code == 200


def coordinate(service: Site, mail: str, commune: str) -> None:
    """Somebody coordinates a team that looks after one commune."""
    service.sql("TRUNCATE territories")
    for code in ("04070", "05061"):
        service.sql(
            "INSERT INTO territories (type, code, name, departement, point, outline)"
            " SELECT 'commune', :code, :code, left(:code, 2), ST_Centroid(square), ST_Multi(square)"
            " FROM ST_MakeEnvelope(6, 44, 6.5, 44.5, 4326) square",
            code=code,
        )
    account = service.account(mail, "coordinator")
    service.sql(
        "WITH team AS (INSERT INTO teams (code, name) VALUES (:mail, :mail) RETURNING id),"
        " given AS (INSERT INTO team_territories (team_id, type, code, accepted_at)"
        "  SELECT id, 'commune', :commune, now() FROM team)"
        " INSERT INTO team_members (team_id, account_id, role, is_owner, in_programme)"
        " SELECT id, :account, 'coordinator', true, true FROM team",
        mail=mail,
        commune=commune,
        account=account,
    )


def test_a_coordinator_decides_of_the_pairs_of_their_territory(
    service: Site, doubt: tuple[int, int]
) -> None:
    coordinate(service, "awa@exemple.fr", "04070")
    awa = service.sign_in()
    a, b = doubt

    shown = awa.get("/doublons").text
    answer = awa.send("/doublons", "/doublons", paire=f"{a}-{b}", verdict="deux")

    assert all(name in shown for name in NAMES)
    assert answer.status_code == 303
    assert NAMES[0] in awa.get("/doublons/decisions").text


def test_a_coordinator_of_elsewhere_neither_sees_them_nor_decides(
    service: Site, doubt: tuple[int, int]
) -> None:
    coordinate(service, "awa@exemple.fr", "05061")
    awa = service.sign_in()
    a, b = doubt

    shown = awa.get("/doublons").text
    answer = awa.send("/moi", "/doublons", paire=f"{a}-{b}", verdict="un")

    assert not any(name in shown for name in NAMES)
    assert "territoire de" in shown
    assert answer.status_code == 403
    assert service.sql("SELECT FROM likeness_decisions") == []


def test_a_coordinator_of_elsewhere_does_not_change_a_decision(
    service: Site, doubt: tuple[int, int]
) -> None:
    service.account("bo@exemple.fr", "moderator")
    a, b = doubt
    service.sign_in("bo@exemple.fr").send(
        "/doublons", "/doublons", paire=f"{a}-{b}", verdict="deux"
    )
    coordinate(service, "awa@exemple.fr", "05061")
    awa = service.sign_in()
    [decision] = service.sql("SELECT id FROM likeness_decisions")

    answer = awa.send("/moi", f"/doublons/decisions/{decision.id}")

    assert answer.status_code == 403
    assert NAMES[0] not in awa.get("/doublons/decisions").text


def test_the_decisions_say_what_each_place_was_called_before_they_were_merged(
    service: Site, doubt: tuple[int, int]
) -> None:
    service.account("awa@exemple.fr", "moderator")
    awa = service.sign_in()
    with service.engine.begin() as db:  # the second is believed: what is merged takes its name
        believed = text("UPDATE sources SET trust = '{\"\": 99}' WHERE name = :name")
        db.execute(believed, {"name": SECOND.name})
    awa.send("/doublons", "/doublons", paire="-".join(map(str, doubt)), verdict="un")
    service.work()

    page = awa.get("/doublons/decisions").text

    assert all(name in page for name in NAMES)
