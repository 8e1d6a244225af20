"""From the form of a mediator to the page of the place, through somebody of the territory."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest

from geoservice import clock
from tests.auth.conftest import Visitor
from tests.permanences.conftest import Zoe

LATER = (clock.today() + timedelta(days=20)).isoformat()
NEW = "/moi/annonces/nouvelle"
WAITING = "/moderation/annonces"


def announce(zoe: Zoe, who: Visitor | None = None, **changed: str) -> str:
    """The public id of what the form announces."""
    form = {
        "lieu": zoe.library, "quoi": "workshop", "titre": "Envoyer un mail", "fois": "once",
        "jour": LATER, "debut": "14:00", "fin": "16:00", "inscription": "none",
    } | changed  # fmt: skip
    answer = (who or zoe.visitor).send(f"{NEW}?lieu={zoe.library}", NEW, **form)
    assert answer.status_code == 303, answer.text
    return answer.headers["location"].rpartition("annonce-")[2]


@pytest.fixture(autouse=True)
def _leave_no_commune(zoe: Zoe) -> Iterator[None]:
    yield
    zoe.service.sql("DELETE FROM territories WHERE name = 'Commune inventée'")


@pytest.fixture
def moderator(zoe: Zoe) -> Visitor:
    zoe.service.account("mod@exemple.fr", "moderator")
    return zoe.service.sign_in("mod@exemple.fr", zoe.service.visitor("192.0.2.9"))


def coordinator(zoe: Zoe, commune: str, mail: str) -> Visitor:
    """Of a team that looks after one commune."""
    account = zoe.service.account(mail)
    [team] = zoe.service.sql(
        "INSERT INTO teams (code, name) VALUES (:code, 'Équipe') RETURNING id", code=f"t{commune}"
    )
    zoe.service.sql(
        "INSERT INTO territories (type, code, name, departement, region, point, outline)"
        " SELECT 'commune', :code, 'Commune inventée', '23', '75', ST_SetSRID(ST_MakePoint(1.87, 46.17), 4326),"
        " ST_Multi(ST_Buffer(ST_SetSRID(ST_MakePoint(1.87, 46.17), 4326), 0.1))"
        " ON CONFLICT DO NOTHING",
        code=commune,
    )
    zoe.service.sql(
        "INSERT INTO team_members (team_id, account_id, role, is_owner, in_programme)"
        " VALUES (:team, :account, 'coordinator', true, false)",
        team=team.id, account=account,
    )  # fmt: skip
    zoe.service.sql(
        "INSERT INTO team_territories (team_id, type, code, accepted_at)"
        " VALUES (:team, 'commune', :code, now())",
        team=team.id, code=commune,
    )  # fmt: skip
    return zoe.service.sign_in(mail, zoe.service.visitor("192.0.2.7"))


def accept(who: Visitor, id_: str) -> int:
    return who.send("/moi", f"{WAITING}/{id_}", verdict="accepter").status_code


def test_nothing_is_shown_before_somebody_said_yes_then_everywhere(
    zoe: Zoe, moderator: Visitor
) -> None:
    id_ = announce(zoe)
    public = zoe.service.visitor()
    surfaces = (f"/lieux/{zoe.library}", "/actualites", "/actualites.atom", "/actualites.ics", f"/actualites?lieu={zoe.library}")  # fmt: skip
    for path in surfaces:
        assert "Envoyer un mail" not in public.get(path).text, path
    assert public.get(f"/actualites/{id_}").status_code == 404

    assert accept(moderator, id_) == 303

    for path in surfaces:
        assert "Envoyer un mail" in public.get(path).text, path
    page = public.get(f"/actualites/{id_}").text
    assert "de 14\u00a0h à 16\u00a0h" in page
    assert "Zoé" not in page
    assert "DTSTART" in public.get(f"/actualites/{id_}.ics").text


def test_a_coordinator_decides_in_their_territory_and_nowhere_else(zoe: Zoe) -> None:
    id_ = announce(zoe)
    elsewhere = coordinator(zoe, "23999", "loin@exemple.fr")
    assert "Envoyer un mail" not in elsewhere.get(WAITING).text
    assert accept(elsewhere, id_) == 404
    here = coordinator(zoe, "23096", "ici@exemple.fr")

    assert "Envoyer un mail" in here.get(WAITING).text
    assert accept(here, id_) == 303


def test_a_coordinator_announces_at_once_in_their_territory_and_nowhere_else(zoe: Zoe) -> None:
    here = coordinator(zoe, "23096", "ici@exemple.fr")
    id_ = announce(zoe, here, titre="Portes ouvertes")
    assert zoe.service.visitor().get(f"/actualites/{id_}").status_code == 200

    elsewhere = coordinator(zoe, "23999", "loin@exemple.fr")
    assert elsewhere.get(f"{NEW}?lieu={zoe.library}").status_code == 403


def test_who_coordinates_nothing_decides_nothing(zoe: Zoe) -> None:
    id_ = announce(zoe)

    assert zoe.visitor.get(WAITING).status_code == 403
    assert zoe.visitor.send("/moi", f"{WAITING}/{id_}", verdict="accepter").status_code == 403  # fmt: skip


def test_a_refusal_needs_a_reason_and_its_author_reads_it(zoe: Zoe, moderator: Visitor) -> None:
    id_ = announce(zoe)
    assert moderator.send(WAITING, f"{WAITING}/{id_}", verdict="refuser").status_code == 422

    told = moderator.send(WAITING, f"{WAITING}/{id_}", verdict="refuser", raison="Doublon")

    assert told.status_code == 303
    assert "Doublon" in zoe.visitor.get("/moi/annonces").text
    assert zoe.service.visitor().get(f"/actualites/{id_}").status_code == 404


@pytest.mark.parametrize(
    ("verdict", "said"),
    [
        ({"verdict": "accepter"}, "« Envoyer un mail » est publiée"),
        ({"verdict": "refuser", "raison": "Doublon"}, "n’est pas publiée. Raison : Doublon"),
    ],
)
def test_its_author_is_told_by_mail_what_was_decided(
    zoe: Zoe, moderator: Visitor, verdict: dict[str, str], said: str
) -> None:
    id_ = announce(zoe)
    before = len(zoe.service.mailbox.received)
    moderator.send(WAITING, f"{WAITING}/{id_}", **verdict)
    zoe.service.work()

    [mail] = zoe.service.mailbox.received[before:]
    body = mail.get_body(("plain",))
    assert body is not None
    assert said in re.sub(r"\s+", " ", body.get_content())
    assert id_ in body.get_content()


def test_what_is_changed_after_it_was_accepted_waits_again(zoe: Zoe, moderator: Visitor) -> None:
    id_ = announce(zoe)
    accept(moderator, id_)
    form = {"lieu": zoe.library, "quoi": "workshop", "titre": "Autre chose", "fois": "once", "jour": LATER, "debut": "14h", "fin": "16h", "inscription": "none"}  # fmt: skip

    assert zoe.visitor.send(f"/moi/annonces/{id_}", f"/moi/annonces/{id_}", **form).status_code == 303  # fmt: skip

    assert zoe.service.visitor().get(f"/actualites/{id_}").status_code == 404
    assert "Autre chose" in moderator.get(WAITING).text


def test_it_is_gone_when_it_is_over(zoe: Zoe, moderator: Visitor) -> None:
    id_ = announce(zoe)
    accept(moderator, id_)
    public = zoe.service.visitor()
    assert public.get(f"/actualites/{id_}").status_code == 200

    zoe.service.sql("UPDATE news SET ends_at = now() - interval '1 minute'")

    assert public.get(f"/actualites/{id_}").status_code == 404
    assert "Envoyer un mail" not in public.get(f"/lieux/{zoe.library}").text


def test_a_rhythm_is_said_and_ends_by_itself(zoe: Zoe, moderator: Visitor) -> None:
    id_ = announce(zoe, fois="often", quand="le mardi de 14 h à 16 h", publics="seniors")
    accept(moderator, id_)

    page = zoe.service.visitor().get(f"/actualites/{id_}").text
    assert "Le mardi de 14\u00a0h à 16\u00a0h, du" in page
    assert "Seniors" in page
    [row] = zoe.service.sql(
        "SELECT last_day - first_day AS days, ends_at > now() AS ahead FROM news"
    )
    assert row.days == 92
    assert row.ahead
    events = re.findall("BEGIN:VEVENT", zoe.service.visitor().get(f"/actualites/{id_}.ics").text)
    assert 12 <= len(events) <= 14


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"titre": ""}, "Donnez un titre"),
        ({"titre": "Appelez le 06 39 98 12 34"}, "Ni mail, ni téléphone".lower()),
        ({"texte": "zoe@exemple.fr"}, "ni mail, ni téléphone"),
        ({"jour": "2020-01-01"}, "passé"),
        ({"jour": ""}, "Donnez le jour"),
        ({"debut": "16:00", "fin": "14:00"}, "La fin est avant le début"),
        ({"debut": "midi"}, "Donnez l’heure"),
        ({"inscription": "web", "adresse": "javascript:alert(1)"}, "https://"),
        ({"fois": "often", "quand": ""}, "Écrivez les jours"),
        ({"fois": "often", "quand": "quand je peux"}, "pas été comprises"),
        ({"lieu": "0000000000"}, "Choisissez un lieu"),
        ({"publics": "martiens"}, "n’existe pas"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_written(
    zoe: Zoe, changed: dict[str, str], told: str
) -> None:
    form = {"lieu": zoe.library, "quoi": "workshop", "titre": "Un atelier", "fois": "once", "jour": LATER, "debut": "14:00", "fin": "16:00", "inscription": "none"}  # fmt: skip
    answer = zoe.visitor.send(NEW, NEW, **(form | changed))

    assert answer.status_code == 422
    assert told in answer.text
    assert not zoe.service.sql("SELECT FROM news")


def test_one_withdraws_one_s_own_only(zoe: Zoe, moderator: Visitor) -> None:
    id_ = announce(zoe)
    assert moderator.send("/moi", f"/moi/annonces/{id_}/retirer").status_code == 404
    assert zoe.service.sql("SELECT FROM news")

    assert zoe.visitor.send("/moi/annonces", f"/moi/annonces/{id_}/retirer").status_code == 303
    assert not zoe.service.sql("SELECT FROM news")


def test_what_is_announced_in_a_perimeter_is_listed_and_followed(
    zoe: Zoe, moderator: Visitor
) -> None:
    id_ = announce(zoe)
    accept(moderator, id_)
    zoe.service.sql(
        "WITH team AS (INSERT INTO teams (code, name) VALUES ('PERIM000', 'Équipe') RETURNING id),"
        " drawn (code, is_listed, communes, lon) AS (VALUES ('DRAWN000', false, '{}'::text[], 1.87),"
        " ('LISTED00', true, ARRAY[(SELECT code_insee FROM places LIMIT 1)], 5), ('FAR00000', false, '{}', 5))"
        " INSERT INTO perimeters (code, team_id, name, is_listed, communes, outline)"
        " SELECT drawn.code, team.id, 'La vallée', is_listed, communes,"
        " ST_Multi(ST_Buffer(ST_SetSRID(ST_MakePoint(lon, 46.17), 4326), 0.001)) FROM team, drawn"
    )
    public = zoe.service.visitor()

    for suffix in ("", ".atom", ".ics"):
        found = {
            code: "Envoyer un mail"
            in public.get(f"/actualites{suffix}?territoire=perimetre:{code}").text
            for code in ("DRAWN000", "LISTED00", "FAR00000")
        }
        assert found == {"DRAWN000": True, "LISTED00": True, "FAR00000": False}, suffix
    assert public.get("/actualites?territoire=perimetre:RIEN0000").status_code == 422


@pytest.mark.parametrize("wrong", ["territoire=pays:1", "lieu=rien", "lieu=%00", "territoire=commune:1&lieu=2"])  # fmt: skip
def test_a_place_or_territory_that_nobody_knows_is_refused(zoe: Zoe, wrong: str) -> None:
    assert zoe.service.visitor().get(f"/actualites?{wrong}").status_code == 422
