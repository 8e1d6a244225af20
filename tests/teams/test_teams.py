"""People form a team, and each may do there what their role says: in pairs, who may and who may not."""

import pytest

from tests.auth.conftest import Visitor
from tests.teams.conftest import Team, accept, make_team


def communes(team: Team, mail: str) -> set[str]:
    """That somebody looks after."""
    statement = "SELECT communes_looked_after(:account) AS code"
    return {row.code for row in team.service.sql(statement, account=team.member(mail))}


def test_a_team_has_a_name_a_territory_and_who_made_it_is_responsible(team: Team) -> None:
    page = team.page

    assert "<h1>Alpes</h1>" in page
    assert "Alpes-de-Haute-Provence (département)" in page
    assert "Coordination, dans le dispositif Conseiller numérique" in page
    assert "responsable de l’équipe" in page


def test_a_coordinator_looks_after_every_commune_of_the_territory(team: Team) -> None:
    assert communes(team, "awa@exemple.fr") == {"04070", "04112"}


def test_a_territory_that_was_asked_for_is_nobodys_until_it_is_given(team: Team) -> None:
    team.awa.send(team.path, f"{team.path}/territoires", territoire="departement:05")

    assert "demandé. L’administration" in team.page
    assert "05061" not in communes(team, "awa@exemple.fr")


def test_an_administrator_gives_a_territory_and_then_its_coordinator_may_act(team: Team) -> None:
    other = make_team(team.service, "bo@exemple.fr", "Hautes-Alpes")
    other.awa.send(other.path, f"{other.path}/territoires", territoire="commune:04070")
    before = communes(other, "bo@exemple.fr")
    team.service.account("admin@exemple.fr", "administrator")
    admin = team.service.sign_in("admin@exemple.fr", team.service.visitor())

    answer = admin.send(
        "/equipes", f"{other.path}/territoires/decider", territoire="commune:04070", verdict="accepter"
    )  # fmt: skip

    assert answer.status_code == 303
    assert (before, communes(other, "bo@exemple.fr")) == (set(), {"04070"})
    assert other.awa.get("/moderation").status_code == 200


def test_who_looks_after_the_whole_may_give_a_part_and_a_stranger_may_not(
    team: Team, stranger: Visitor
) -> None:
    other = make_team(team.service, "bo@exemple.fr", "Digne")
    other.awa.send(other.path, f"{other.path}/territoires", territoire="commune:04070")
    verdict = {"territoire": "commune:04070", "verdict": "accepter"}

    refused = stranger.send("/equipes", f"{other.path}/territoires/decider", **verdict)
    its_own = other.awa.send("/equipes", f"{other.path}/territoires/decider", **verdict)
    given = team.awa.send("/equipes", f"{other.path}/territoires/decider", **verdict)

    assert (refused.status_code, its_own.status_code, given.status_code) == (403, 403, 303)
    assert communes(other, "bo@exemple.fr") == {"04070"}


def test_who_looks_after_a_part_may_not_give_the_whole(team: Team) -> None:
    other = make_team(team.service, "bo@exemple.fr", "Région")
    other.awa.send(other.path, f"{other.path}/territoires", territoire="region:93")

    answer = team.awa.send(
        "/equipes", f"{other.path}/territoires/decider", territoire="region:93", verdict="accepter"
    )

    assert answer.status_code == 403


def test_a_name_that_several_territories_bear_is_asked_again(team: Team) -> None:
    team.service.sql(
        "INSERT INTO localities (type, code, name, point) SELECT 'epci', '200067437', name, point"
        " FROM localities WHERE type = 'commune' AND code = '04070'"
    )

    answer = team.awa.send(
        team.path, f"{team.path}/territoires", **{"nom-du-territoire": "digne les bains"}
    )

    assert answer.status_code == 422
    assert 'value="commune:04070"' in answer.text


def test_opening_an_invitation_changes_nothing_and_accepting_it_makes_a_member(team: Team) -> None:
    secret = team.invite("bo@exemple.fr")
    opened = team.service.visitor().get(f"/equipes/invitation?cle={secret}")
    before = team.page.count("Bo Invité")

    status = accept(team.service, secret)

    assert opened.status_code == 200
    assert "Votre nom" in opened.text
    assert (before, status) == (0, 200)
    assert "Bo Invité" in team.page
    assert accept(team.service, secret) == 410


def test_who_refuses_an_invitation_is_not_in_the_team_and_has_no_account(team: Team) -> None:
    secret = team.invite("bo@exemple.fr")

    answer = team.service.visitor().post(
        "/equipes/invitation", {"lien": secret, "reponse": "refuser"}
    )

    assert answer.status_code == 200
    assert team.service.sql("SELECT FROM accounts WHERE mail = 'bo@exemple.fr'") == []
    assert "Une personne invitée a refusé" in team.page


def test_an_invitation_that_was_withdrawn_is_dead(team: Team) -> None:
    secret = team.invite("bo@exemple.fr")
    [invitation] = team.service.sql("SELECT id FROM team_invitations")

    team.awa.send(team.path, f"{team.path}/invitations/{invitation.id}/retirer")

    assert team.service.visitor().get(f"/equipes/invitation?cle={secret}").status_code == 410


def test_inviting_again_kills_the_first_link(team: Team) -> None:
    first = team.invite("bo@exemple.fr")
    second = team.invite("bo@exemple.fr", "lecture")

    assert accept(team.service, first) == 410
    assert accept(team.service, second) == 200


def test_a_member_is_not_invited_twice(team: Team) -> None:
    team.join("bo@exemple.fr")

    answer = team.awa.send(team.path, f"{team.path}/inviter", mail="BO@exemple.fr", role="membre")

    assert answer.status_code == 409


ACTIONS = {
    "nom": {"nom": "Autre nom"},
    "inviter": {"mail": "intrus@exemple.fr", "role": "lecture"},
    "fermer": {"sur": "oui"},
    "membres/1/role": {"role": "lecture"},
    "membres/1/retirer": {},
    "territoires": {"territoire": "departement:05"},
    "territoires/retirer": {"territoire": "departement:04"},
}


EVERYTHING = "SELECT * FROM teams, team_members, team_territories ORDER BY 1, 4"


@pytest.mark.parametrize("who", ["stranger", "membre", "lecture", "coordination-hors-dispositif"])
def test_only_those_responsible_manage_the_team(team: Team, stranger: Visitor, who: str) -> None:
    visitor = stranger if who == "stranger" else team.join("bo@exemple.fr", who)
    before = team.service.sql(EVERYTHING)

    answers = {
        action: visitor.send("/moi", f"{team.path}/{action}", **form).status_code
        for action, form in ACTIONS.items()
    }

    assert answers == dict.fromkeys(ACTIONS, 403)
    assert team.service.sql(EVERYTHING) == before


def test_those_responsible_do(team: Team) -> None:
    co = team.join("co@exemple.fr", "coordination-dispositif", responsable="oui")
    team.join("bo@exemple.fr")
    team.invite("attend@exemple.fr")
    [waiting] = team.service.sql("SELECT id FROM team_invitations")
    ids = {"membres/1": f"membres/{team.member('bo@exemple.fr')}", "ons/1": f"ons/{waiting.id}"}

    answers: dict[str, int] = {}
    for action, form in sorted(ACTIONS.items(), key=lambda pair: pair[0] == "fermer"):
        path = action
        for one, other in ids.items():
            path = path.replace(one, other)
        answers[action] = co.send("/moi", f"{team.path}/{path}", **form).status_code

    assert answers == dict.fromkeys(ACTIONS, 303)


def test_a_stranger_does_not_open_the_team(team: Team, stranger: Visitor) -> None:
    assert stranger.get(team.path).status_code == 403
    assert team.awa.get(team.path).status_code == 200


def test_a_member_leaves_and_the_only_person_responsible_may_not(team: Team) -> None:
    bo = team.join("bo@exemple.fr")

    assert bo.send(team.path, f"{team.path}/quitter").status_code == 303
    assert bo.get(team.path).status_code == 403
    assert team.awa.send(team.path, f"{team.path}/quitter").status_code == 409
    assert "Bo Invité a quitté l’équipe" in team.page


def test_the_only_person_responsible_stays_responsible(team: Team) -> None:
    me = team.member("awa@exemple.fr")

    answer = team.awa.send(team.path, f"{team.path}/membres/{me}/role", role="lecture")

    assert answer.status_code == 409


def test_a_reader_becomes_a_coordinator_and_back_and_their_rights_follow(team: Team) -> None:
    bo = team.join("bo@exemple.fr", "lecture")
    role = f"{team.path}/membres/{team.member('bo@exemple.fr')}/role"
    reader = (communes(team, "bo@exemple.fr"), bo.get("/moderation").status_code)

    team.awa.send(team.path, role, role="coordination-hors-dispositif")
    coordinator = (communes(team, "bo@exemple.fr"), bo.get("/moderation").status_code)
    team.awa.send(team.path, role, role="membre")

    assert reader == (set(), 403)
    assert coordinator == ({"04070", "04112"}, 200)
    assert (communes(team, "bo@exemple.fr"), bo.get("/moderation").status_code) == (set(), 403)


def test_whoever_was_removed_looks_after_nothing(team: Team) -> None:
    bo = team.join("bo@exemple.fr", "coordination-dispositif")

    team.awa.send(team.path, f"{team.path}/membres/{team.member('bo@exemple.fr')}/retirer")

    assert communes(team, "bo@exemple.fr") == set()
    assert bo.get("/moderation").status_code == 403


def test_the_history_says_who_did_what_and_forgets_the_name_of_who_was_erased(team: Team) -> None:
    team.join("bo@exemple.fr")
    before = "Bo Invité a rejoint l’équipe (membre)" in team.page

    team.service.sql(
        "UPDATE accounts SET closed_at = now(), mail = '', name = 'compte effacé'"
        " WHERE mail = 'bo@exemple.fr'"
    )

    assert before
    assert "Bo Invité" not in team.page
    assert "Compte effacé a rejoint l’équipe" in team.page


def test_the_history_cannot_be_rewritten(team: Team) -> None:
    [row] = team.service.sql(
        "SELECT has_table_privilege('geoservice_app', 'team_events', 'UPDATE')"
        " OR has_table_privilege('geoservice_app', 'team_events', 'DELETE') AS may"
    )

    assert not row.may
