"""No action on a territory that is not one's own: every route is tried by who may, and by who may not.

The routes are those of the application: one that is added is tried too, or the test says which.
"""

from collections.abc import Iterable, Iterator
from typing import Any

import pytest

from tests.auth.conftest import Visitor
from tests.quality.conftest import build, land, service, stranger, team, upkeep
from tests.teams.conftest import Team, make_team

__all__ = ["build", "land", "service", "stranger", "team", "upkeep"]

PRIVATE = ("/equipes/{team_code}", "/moderation", "/campagnes")
LISTS = {
    ("GET", "/moderation"), ("GET", "/moderation/historique"), ("GET", "/moderation/annonces"),
    ("GET", "/campagnes"), ("GET", "/campagnes/nouvelle"), ("POST", "/campagnes/nouvelle"),
}  # fmt: skip
"""Opened by every coordinator, each on their own territory; other tests say what is in them."""
FORMS = {
    "/nom": {"nom": "Autre nom"},
    "/role": {"role": "membre"},
    "/territoires/decider": {"territoire": "departement:05", "verdict": "accepter"},
    "/territoires/retirer": {"territoire": "departement:04"},
    "/fermer": {"sur": "oui"},
    "/inviter": {"mail": "autre@exemple.fr", "role": "membre"},
    "/passer": {"mail": "suite@exemple.fr"},
    "/remplacer": {"mail": "suite@exemple.fr"},
    "/changements/{change}": {"verdict": "refuser", "raison": "Non."},
    "/annuler": {"raison": "Non."},
    "/signalements/{number}": {"verdict": "done"},
    "/ajouts/{number}": {"verdict": "refused"},
    "/moderation/annonces/{public_id}": {"verdict": "accepter"},
}
NOTHING: dict[str, str] = {}
ELSEWHERE = ("/quitter", "/fermer", "/territoires/retirer", "/territoires/decider")
"""Ends the team, or is for another: `tests/teams` says who may."""
SEEN = (
    "SELECT (SELECT array_agg(teams ORDER BY id) FROM teams)::text,"
    " (SELECT array_agg(m ORDER BY team_id, account_id) FROM team_members m)::text,"
    " (SELECT array_agg(t ORDER BY team_id, code) FROM team_territories t)::text,"
    " (SELECT array_agg(i ORDER BY id) FROM team_invitations i)::text,"
    " (SELECT array_agg(p.name ORDER BY id) FROM perimeters p)::text,"
    " (SELECT array_agg(e ORDER BY id) FROM embeds e)::text,"
    " (SELECT array_agg(c ORDER BY id) FROM link_changes c)::text,"
    " (SELECT array_agg(r ORDER BY id) FROM link_reports r)::text,"
    " (SELECT array_agg(o ORDER BY id) FROM link_proposals o)::text,"
    " (SELECT array_agg(l ORDER BY id) FROM link_campaigns l)::text,"
    " (SELECT array_agg(n ORDER BY id) FROM news n)::text"
)
"""All that these routes may change."""


def walk(routes: Iterable[Any], prefix: str = "") -> Iterator[tuple[str, str]]:
    for route in routes:
        if inside := getattr(route, "original_router", None):
            yield from walk(inside.routes, prefix)
        for method in getattr(route, "methods", None) or ():
            yield method, prefix + route.path


def private(team: Team) -> list[tuple[str, str]]:
    """Method and path of each, what ends things last."""
    last = ("/annuler", "/retirer", "/supprimer", "/quitter", "/fermer")
    found = {
        (method, path)
        for method, path in walk(team.service.app.routes)
        if path.startswith(PRIVATE) and method in ("GET", "POST", "PUT", "PATCH", "DELETE")
    }
    ends = dict(zip(last, range(1, 9), strict=False))
    return sorted(
        found, key=lambda one: (max(n if one[1].endswith(e) else 0 for e, n in ends.items()), one)
    )


@pytest.fixture
def things(upkeep: Team) -> dict[str, str]:
    """Of the territory of the team, one of each thing that a route may name."""
    upkeep.join("bo@exemple.fr")
    upkeep.invite("attend@exemple.fr")
    sql = upkeep.service.sql
    upkeep.awa.send(
        upkeep.path, f"{upkeep.path}/perimetres", nom="Vallée", facon="liste", liste="04070"
    )
    [place] = sql("SELECT id, public_id FROM places WHERE name = 'Relais'")
    [change] = sql(
        "INSERT INTO link_changes (place_id, field, before, after, state)"
        " VALUES (:place, 'name', '\"Relais\"', '\"Relai\"', 'waiting') RETURNING id",
        place=place.id,
    )
    [applied] = sql(
        "INSERT INTO link_changes (place_id, field, before, after, state)"
        " VALUES (:place, 'phone', 'null', '\"+33639980009\"', 'in_force') RETURNING id",
        place=place.id,
    )
    [report] = sql(
        "INSERT INTO link_reports (place_id, category, body) VALUES (:place, 'horaires', 'Faux')"
        " RETURNING id",
        place=place.id,
    )
    [proposal] = sql(
        "INSERT INTO link_proposals (told, code_insee) VALUES ('{\"name\": \"Neuf\"}', '04112')"
        " RETURNING id"
    )
    [campaign] = sql(
        "WITH made AS (INSERT INTO link_campaigns (account_id, months) SELECT id, 12 FROM accounts"
        "  WHERE mail = 'awa@exemple.fr' RETURNING id)"
        " INSERT INTO link_letters (campaign_id, place_id, mail, return_key)"
        " SELECT id, :place, 'ormes@exemple.fr', 'abc' FROM made RETURNING campaign_id AS id",
        place=place.id,
    )
    [announced] = sql(
        "INSERT INTO news (public_id, place_id, kind, title, expression, first_day, last_day,"
        " booking, ends_at, state) VALUES ('annonce001', :place, 'workshop', 'Atelier',"
        " 'Mo 10:00-11:00', current_date, current_date + 30, 'none', now() + interval '30 days',"
        " 'waiting') RETURNING public_id",
        place=place.id,
    )
    [shown] = sql(
        "INSERT INTO embeds (key, name, question, team_id) SELECT 'cle0000001', 'Carte', '', id"
        " FROM teams RETURNING key"
    )
    return {
        "{team_code}": upkeep.code,
        "/invitations/{number}": f"/invitations/{sql('SELECT id FROM team_invitations')[0].id}",
        "/membres/{number}": f"/membres/{upkeep.member('bo@exemple.fr')}",
        "{perimeter}": sql("SELECT code FROM perimeters")[0].code,
        "{change}/annuler": f"{applied.id}/annuler",
        "{change}/remettre": f"{applied.id}/remettre",
        "{change}": str(change.id),
        "/signalements/{number}": f"/signalements/{report.id}",
        "/ajouts/{number}": f"/ajouts/{proposal.id}",
        "/campagnes/{number}": f"/campagnes/{campaign.id}",
        "{public_id}": announced.public_id,
        "{key}": shown.key,
    }


def ask(visitor: Visitor, method: str, path: str, things: dict[str, str]) -> int:
    address = path
    for name, value in things.items():
        address = address.replace(name, value)
    assert "{" not in address, f"nothing stands for {path}"
    if method == "GET":
        more = "?format=csv" if path.endswith("/fichier") else ""
        return visitor.get(address + more).status_code
    form = next((form for end, form in FORMS.items() if path.endswith(end)), NOTHING)
    return visitor.send("/moi", address, **form).status_code


def test_who_has_nothing_to_do_with_a_territory_changes_and_reads_nothing_of_it(
    upkeep: Team, things: dict[str, str], stranger: Visitor
) -> None:
    neighbour = make_team(upkeep.service, "hautes@exemple.fr", "Hautes-Alpes")
    upkeep.service.sql(
        "INSERT INTO team_territories (team_id, type, code, accepted_at)"
        " SELECT id, 'departement', '05', now() FROM teams WHERE code = :code",
        code=neighbour.code,
    )
    upkeep.service.sql(
        "UPDATE accounts SET roles = '{member,coordinator}' WHERE mail = 'hautes@exemple.fr'"
    )
    before = upkeep.service.sql(SEEN)
    nobody = upkeep.service.visitor("192.0.2.77")

    answers: dict[tuple[str, str, str], int] = {}
    for method, path in private(upkeep):
        answers["stranger", method, path] = ask(stranger, method, path, things)
        if (method, path) not in LISTS:
            answers["neighbour", method, path] = ask(neighbour.awa, method, path, things)
        if method == "GET":
            answers["nobody", method, path] = ask(nobody, method, path, things)

    allowed = {
        one: status
        for one, status in answers.items()
        if status not in ((303, 401) if one[0] == "nobody" else (403, 404))
    }
    assert allowed == {}
    assert len(answers) > 60
    assert upkeep.service.sql(SEEN) == before


def test_who_looks_after_it_may(upkeep: Team, things: dict[str, str]) -> None:
    """The same requests: no refusal above came from something else."""
    refused = {
        (method, path): status
        for method, path in private(upkeep)
        if not path.endswith(ELSEWHERE)
        and (status := ask(upkeep.awa, method, path, things)) in (401, 403, 404)
    }

    assert refused == {}
