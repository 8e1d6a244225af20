"""Saved maps of a team: its responsible people change them, whoever they become."""

from collections.abc import Callable

import httpx
import pytest
from typer.testing import CliRunner, Result

from geoservice.auth.actions import erase_account
from geoservice.embed.commands import app
from tests.auth.conftest import Site, Visitor, token
from tests.embed.test_saved import MAIL, QUESTION, received, saved, shown
from tests.teams.conftest import Team, accept, make_team

OWNER = "awa@exemple.fr"


@pytest.fixture
def team(service: Site) -> Team:
    return make_team(service, OWNER)


def save(visitor: Visitor, **form: str) -> httpx.Response:
    page = visitor.get(f"/integrer/enregistrer?{QUESTION}")
    sent = {"jeton": token(page), "question": QUESTION, "titre": "La mairie", "compter": "oui"}
    return visitor.post("/moi/cartes", sent | form)


@pytest.fixture
def key(team: Team) -> str:
    """Of a map that Awa saved for her team."""
    answer = save(team.awa, equipe=team.code)
    assert answer.status_code == 303, answer.text
    home, _, key = answer.headers["location"].rpartition("/")
    assert home == f"{team.path}/cartes"
    return key


def change(visitor: Visitor, path: str, question: str = "titre=Ailleurs") -> int:
    form = {"jeton": token(visitor.get("/moi")), "question": question}
    return visitor.post(f"{path}/changer", form).status_code


def test_a_map_saved_for_a_team_is_changed_by_who_is_responsible_for_it(
    team: Team, key: str
) -> None:
    other = team.join("bo@exemple.fr", "lecture", responsable="oui")

    assert "La mairie" in other.get(f"{team.path}/cartes").text
    assert change(other, f"{team.path}/cartes/{key}") == 303

    assert "Ailleurs" in shown(team.service, key).text
    assert "a changé la carte d’un site" in team.page


def test_a_member_sees_the_maps_of_the_team_and_changes_nothing(team: Team, key: str) -> None:
    member = team.join("bo@exemple.fr", "membre")
    path = f"{team.path}/cartes/{key}"

    assert "La mairie" in member.get(f"{team.path}/cartes").text
    page = member.get(path)
    assert page.status_code == 200
    assert f"integration=&#34;{key}&#34;" in page.text
    assert "<form" not in page.text.split("<main")[1].split("</main>")[0]
    assert member.get(f"{path}/chiffres").status_code == 200
    assert member.get(f"{path}/changer").status_code == 403
    form = {"jeton": token(member.get("/moi")), "titre": "Pris", "question": "titre=Pris"}
    for tail in ("", "/changer", "/supprimer"):
        assert member.post(path + tail, form).status_code == 403
    assert save(member, equipe=team.code).status_code == 403
    assert "Chez nous" in shown(team.service, key).text


def test_somebody_else_does_not_even_see_them(team: Team, key: str) -> None:
    team.service.account("zoe@exemple.fr")
    stranger = team.service.sign_in("zoe@exemple.fr", team.service.visitor("192.0.2.9"))
    path = f"{team.path}/cartes/{key}"
    form = {"jeton": token(stranger.get("/moi")), "titre": "Pris", "question": "titre=Pris"}

    for page in (f"{team.path}/cartes", path, f"{path}/changer", f"{path}/chiffres"):
        assert stranger.get(page).status_code == 403
    for tail in ("", "/changer", "/supprimer"):
        assert stranger.post(path + tail, form).status_code == 403
    assert stranger.get(f"/moi/cartes/{key}").status_code == 404
    assert save(stranger, equipe=team.code).status_code == 403


def test_one_team_does_not_open_the_maps_of_another(team: Team, key: str) -> None:
    other = make_team(team.service, "zoe@exemple.fr", "Ailleurs")

    assert other.awa.get(f"{other.path}/cartes/{key}").status_code == 404
    assert change(other.awa, f"{other.path}/cartes/{key}") == 404


def test_maps_follow_the_team_when_it_is_handed_over(team: Team, key: str) -> None:
    before = team.awa
    assert before.send(team.path, f"{team.path}/passer", mail="suite@exemple.fr").status_code == 303
    assert accept(team.service, team.secret()) == 200
    after = team.service.sign_in("suite@exemple.fr", team.service.visitor())

    assert change(after, f"{team.path}/cartes/{key}") == 303
    assert change(before, f"{team.path}/cartes/{key}", "titre=Repris") == 403
    assert before.get(f"/moi/cartes/{key}").status_code == 404
    assert "Ailleurs" in shown(team.service, key).text


def test_ones_own_map_is_entrusted_to_a_team_and_its_site_notices_nothing(team: Team) -> None:
    mine = save(team.awa).headers["location"]
    key = mine.rpartition("/")[2]
    asked = f"/embed?integration={key}"
    before = team.service.visitor().get(asked).text
    page = team.awa.get(mine)
    assert f'<option value="{team.code}">' in page.text

    answer = team.awa.send(mine, f"{mine}/confier", equipe=team.code)

    assert answer.headers["location"] == f"{team.path}/cartes/{key}"
    assert team.awa.get(mine).status_code == 404
    assert team.service.visitor().get(asked).text == before


def test_a_map_saved_by_mail_is_entrusted_by_the_account_of_that_mail(service: Site) -> None:
    link, key = saved(service)
    team = make_team(service, MAIL)

    mine = f"/moi/cartes/{key}"
    assert team.awa.send(mine, f"{mine}/confier", equipe=team.code).status_code == 303

    assert service.visitor().get(f"{link}/{key}").status_code == 404
    assert team.awa.get(f"{team.path}/cartes/{key}").status_code == 200


def test_nobody_leaves_a_map_to_a_team_that_they_are_not_responsible_for(team: Team) -> None:
    member = team.join("bo@exemple.fr", "membre")
    mine = save(member).headers["location"]
    page = member.get(mine)
    assert "/confier" not in page.text

    form = {"jeton": token(page), "equipe": team.code}
    assert member.post(f"{mine}/confier", form).status_code == 403
    assert member.post(f"{mine}/confier", form | {"equipe": "RIEN"}).status_code == 404
    assert member.get(mine).status_code == 200


def test_maps_of_a_closed_team_are_found_by_who_was_responsible_for_it(
    team: Team, key: str
) -> None:
    member = team.join("bo@exemple.fr", "membre")
    team.awa.send(team.path, f"{team.path}/fermer", sur="oui")

    assert shown(team.service, key).status_code == 200
    assert change(team.awa, f"/moi/cartes/{key}") == 303
    assert change(member, f"/moi/cartes/{key}", "titre=Pris") == 404
    assert "Ailleurs" in shown(team.service, key).text


Command = Callable[..., Result]


@pytest.fixture
def run(service: Site, monkeypatch: pytest.MonkeyPatch) -> Command:
    address = service.base.owner.render_as_string(hide_password=False)
    monkeypatch.setenv("GEOSERVICE_DATABASE_URL", address)
    return lambda *words: CliRunner().invoke(app, list(words))


def test_the_map_of_an_erased_account_stays_and_is_given_back_by_the_administration(
    service: Site, run: Command
) -> None:
    account = service.account(OWNER)
    key = save(service.sign_in(OWNER)).headers["location"].rpartition("/")[2]
    with service.engine.begin() as db:
        erase_account(db, account)
    assert shown(service, key).status_code == 200
    assert OWNER not in str(service.sql("SELECT * FROM embeds"))

    assert f"{key}  compte effacé  La mairie" in run("list").output
    given = run("give", key, "--to", MAIL)
    assert given.exit_code == 0, given.output

    service.visitor().post("/integrer/retrouver", {"mail": MAIL})
    link = received(service)
    form = {"question": "titre=Ailleurs"}
    assert service.visitor().post(f"{link}/{key}/changer", form).status_code == 303
    assert "Ailleurs" in shown(service, key).text


def test_a_key_that_nobody_saved_is_given_to_nobody(run: Command) -> None:
    refused = run("give", "rien", "--to", MAIL)

    assert refused.exit_code == 1
    assert "« rien »" in refused.output
