"""«Comment on transfère l’équipe ?»: in one step, and when nobody is left to do it."""

from collections.abc import Callable

import pytest
from typer.testing import CliRunner, Result

from geoservice.teams.commands import app
from tests.teams.conftest import Team, accept
from tests.teams.test_teams import communes

BOTH = {"04070", "04112"}


def propose(team: Team, mail: str) -> str:
    answer = team.awa.send(team.path, f"{team.path}/passer", mail=mail)
    assert answer.status_code == 303, answer.text
    return team.secret()


def test_until_the_successor_accepts_nothing_changes(team: Team) -> None:
    secret = propose(team, "bo@exemple.fr")

    opened = team.service.visitor().get(f"/equipes/invitation?cle={secret}")

    assert "vous propose de prendre sa suite" in opened.text
    assert communes(team, "awa@exemple.fr") == BOTH
    assert team.awa.get(team.path).status_code == 200


def test_when_the_successor_accepts_everything_follows_and_the_predecessor_is_out(
    team: Team,
) -> None:
    team.service.sql(
        "INSERT INTO perimeters (code, team_id, name, is_listed, communes, outline)"
        " SELECT 'VALLEE00', id, 'La vallée', true, '{04070}', outline FROM teams, territories"
        " WHERE territories.code = '04070'"
    )
    before = team.service.sql("SELECT role, is_owner, in_programme FROM team_members")

    accept(team.service, propose(team, "bo@exemple.fr"))

    bo = team.service.sign_in("bo@exemple.fr", team.service.visitor())
    assert team.service.sql("SELECT role, is_owner, in_programme FROM team_members") == before
    assert communes(team, "bo@exemple.fr") == BOTH
    assert communes(team, "awa@exemple.fr") == set()
    assert [bo.get(page).status_code for page in (team.path, "/moderation", "/doublons")] == [
        200, 200, 200,
    ]  # fmt: skip
    assert [team.awa.get(page).status_code for page in (team.path, "/moderation", "/doublons")] == [
        403,
        403,
        403,
    ]
    assert "Bo Invité a pris la suite de Awa" in bo.get(team.path).text
    assert "La vallée" in bo.get(f"{team.path}/perimetres").text
    assert team.awa.get(f"{team.path}/perimetres").status_code == 403


def test_a_colleague_may_be_the_successor(team: Team) -> None:
    bo = team.join("bo@exemple.fr", "membre")

    accept(team.service, propose(team, "bo@exemple.fr"))

    assert communes(team, "bo@exemple.fr") == BOTH
    assert bo.get("/moderation").status_code == 200


def test_one_does_not_succeed_oneself(team: Team) -> None:
    answer = team.awa.send(team.path, f"{team.path}/passer", mail="awa@exemple.fr")

    assert answer.status_code == 422


def test_a_member_passes_on_their_own_role_and_no_more(team: Team) -> None:
    bo = team.join("bo@exemple.fr", "lecture")
    bo.send(team.path, f"{team.path}/passer", mail="co@exemple.fr")

    accept(team.service, team.secret())

    assert communes(team, "co@exemple.fr") == set()
    assert [tuple(row) for row in team.service.sql("SELECT role FROM team_members ORDER BY 1")] == [
        ("coordinator",), ("reader",),
    ]  # fmt: skip


def test_those_responsible_name_who_follows_somebody_who_vanished_and_a_member_may_not(
    team: Team,
) -> None:
    bo = team.join("bo@exemple.fr", "coordination-hors-dispositif")
    path = f"{team.path}/membres/{team.member('bo@exemple.fr')}/remplacer"

    refused = bo.send("/moi", path, mail="co@exemple.fr")
    team.awa.send(team.path, path, mail="co@exemple.fr")
    accept(team.service, team.secret())

    assert refused.status_code == 403
    assert communes(team, "co@exemple.fr") == BOTH
    assert communes(team, "bo@exemple.fr") == set()


Command = Callable[..., Result]


@pytest.fixture
def run(team: Team, monkeypatch: pytest.MonkeyPatch) -> Command:
    address = team.service.base.owner.render_as_string(hide_password=False)
    monkeypatch.setenv("GEOSERVICE_DATABASE_URL", address)
    return lambda *words: CliRunner().invoke(app, list(words))


def test_a_team_whose_coordinator_vanished_is_given_to_somebody_with_a_trace(
    team: Team, run: Command
) -> None:
    team.service.account("bo@exemple.fr")
    team.service.sql("UPDATE accounts SET closed_at = now() WHERE mail = 'awa@exemple.fr'")
    listed = run("list").stdout

    done = run("recover", team.code, "--to", "bo@exemple.fr", "--reason", "Awa est partie.")

    page = team.service.sign_in("bo@exemple.fr", team.service.visitor()).get(team.path).text
    assert "plus personne n’en est responsable" in listed
    assert done.exit_code == 0, done.output
    assert communes(team, "bo@exemple.fr") == BOTH
    assert "L’administration du service a confié l’équipe à Awa (Awa est partie.)" in page


def test_a_recovery_without_a_reason_an_account_or_a_team_does_nothing(
    team: Team, run: Command
) -> None:
    before = team.service.sql("SELECT * FROM team_members")

    codes = [
        run("recover", team.code, "--to", "personne@exemple.fr", "--reason", "?").exit_code,
        run("recover", team.code, "--to", "awa@exemple.fr", "--reason", " ").exit_code,
        run("recover", "NULLPART", "--to", "awa@exemple.fr", "--reason", "?").exit_code,
        run(
            "recover", team.code, "--to", "awa@exemple.fr", "--reason", "?", "--role", "roi"
        ).exit_code,
    ]

    assert codes == [1, 1, 1, 1]
    assert team.service.sql("SELECT * FROM team_members") == before


def test_who_vanished_leaves_when_the_team_is_recovered_instead_of_them(
    team: Team, run: Command
) -> None:
    team.service.account("bo@exemple.fr")

    run(
        "recover", team.code, "--to", "bo@exemple.fr", "--reason", "Congé",
        "--instead-of", "awa@exemple.fr",
    )  # fmt: skip

    assert communes(team, "awa@exemple.fr") == set()
    assert team.awa.get(team.path).status_code == 403


def test_a_territory_is_given_from_the_terminal(team: Team, run: Command) -> None:
    done = run("give", team.code, "commune:05061")

    assert done.exit_code == 0, done.output
    assert communes(team, "awa@exemple.fr") == {*BOTH, "05061"}
    assert run("give", team.code, "commune:99999").exit_code == 1


def test_who_proposes_their_succession_reads_it_and_may_take_it_back(team: Team) -> None:
    bo = team.join("bo@exemple.fr", "coordination-hors-dispositif")
    bo.send(team.path, f"{team.path}/passer", mail="cam@exemple.fr")
    secret = team.secret()

    page = bo.get(team.path).text
    assert "Vous avez proposé à <strong>cam@exemple.fr</strong>" in page
    assert "Bo Invité a proposé à quelqu’un de prendre sa suite." in page
    [asked] = team.service.sql("SELECT id FROM team_invitations WHERE mail = 'cam@exemple.fr'")
    answer = bo.send(team.path, f"{team.path}/invitations/{asked.id}/retirer")

    assert answer.headers["location"].endswith("#partir")
    assert "Vous avez proposé" not in bo.get(team.path).text
    assert accept(team.service, secret) == 410


def test_somebody_who_does_not_manage_the_team_withdraws_no_other_invitation(team: Team) -> None:
    bo = team.join("bo@exemple.fr", "coordination-hors-dispositif")
    secret = team.invite("cam@exemple.fr")
    [asked] = team.service.sql("SELECT id FROM team_invitations")

    assert bo.send(team.path, f"{team.path}/invitations/{asked.id}/retirer").status_code == 404
    assert accept(team.service, secret, "Cam") == 200


def test_a_second_successor_replaces_the_first(team: Team) -> None:
    team.awa.send(team.path, f"{team.path}/passer", mail="faute@exemple.fr")
    first = team.secret()
    team.awa.send(team.path, f"{team.path}/passer", mail="bo@exemple.fr")

    assert accept(team.service, first) == 410
    assert accept(team.service, team.secret()) == 200


def test_who_takes_over_from_a_colleague_stays_responsible_for_the_team(team: Team) -> None:
    bo = team.join("bo@exemple.fr")
    bo.send(team.path, f"{team.path}/passer", mail="awa@exemple.fr")

    accept(team.service, team.secret())

    [awa] = team.service.sql("SELECT role, is_owner, in_programme FROM team_members")
    assert tuple(awa) == ("coordinator", True, True)


def test_the_succession_of_somebody_who_was_removed_is_worth_nothing(team: Team) -> None:
    bo = team.join("bo@exemple.fr", "coordination-hors-dispositif")
    bo.send(team.path, f"{team.path}/passer", mail="cam@exemple.fr")
    secret = team.secret()

    team.awa.send(team.path, f"{team.path}/membres/{team.member('bo@exemple.fr')}/retirer")

    assert accept(team.service, secret) == 410


def test_the_successor_has_no_role_that_was_taken_back(team: Team) -> None:
    bo = team.join("bo@exemple.fr", "coordination-hors-dispositif")
    bo.send(team.path, f"{team.path}/passer", mail="cam@exemple.fr")
    secret = team.secret()

    number = team.member("bo@exemple.fr")
    team.awa.send(team.path, f"{team.path}/membres/{number}/role", role="lecture")

    assert accept(team.service, secret) == 410


def test_nobody_is_said_to_propose_a_succession_that_somebody_else_proposed(team: Team) -> None:
    team.join("bo@exemple.fr", "coordination-hors-dispositif")
    number = team.member("bo@exemple.fr")
    team.awa.send(team.path, f"{team.path}/membres/{number}/remplacer", mail="cam@exemple.fr")
    secret = team.secret()

    said = "Awa vous propose de prendre la suite de Bo Invité"
    body = team.service.mailbox.received[-1].get_body(("plain",))
    assert body is not None
    assert said in " ".join(body.get_content().split())
    assert said in team.service.visitor().get(f"/equipes/invitation?cle={secret}").text
