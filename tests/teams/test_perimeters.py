"""«Besoin d’un outil de cartographie plus fine»: perimeters, saved by a team, asked for everywhere."""

import json
import re
from datetime import date

import pytest

from geoservice.places.actions import SourceDescription, Statement, receive
from tests.auth.conftest import Visitor
from tests.teams.conftest import Team
from tests.teams.test_teams import communes

SOURCE = SourceDescription("invented", "Source inventée", "Licence Ouverte 2.0")
SQUARE = {
    "type": "Polygon",
    "coordinates": [[[6.15, 44.05], [6.25, 44.05], [6.25, 44.15], [6.15, 44.15], [6.15, 44.05]]],
}
PLACES = {
    "Au centre": ("04070", 6.2, 44.1),
    "Au bord": ("04070", 6.29, 44.19),
    "Sans position": ("04070", None, None),
    "À Manosque": ("04112", 5.8, 43.8),
}


@pytest.fixture
def places(team: Team) -> None:
    rows = [
        Statement(
            name,
            {k: v for k, v in {"name": name, "commune": "Ville", "code_insee": code, "lon": lon, "lat": lat}.items() if v},
            date(2026, 9, 1),
        )
        for name, (code, lon, lat) in PLACES.items()
    ]  # fmt: skip
    with team.service.engine.begin() as db:
        receive(db, SOURCE, rows, complete=True)


def save_list(team: Team, typed: str, name: str = "Ma vallée", visitor: Visitor | None = None):
    form = {"facon": "liste", "nom": name, "liste": typed}
    visitor = visitor or team.awa
    return visitor.send("/moi", f"{team.path}/perimetres", **form)


def save_outline(team: Team, typed: str, name: str = "Mon quartier"):
    form = {"facon": "contour", "nom": name, "contour": typed}
    return team.awa.send("/moi", f"{team.path}/perimetres", **form)


def code(team: Team) -> str:
    """Of the last perimeter."""
    return team.service.sql("SELECT code FROM perimeters ORDER BY id DESC LIMIT 1")[0].code


def found(team: Team, question: str) -> set[str]:
    answer = team.service.visitor().get(f"/lieux.json?{question}")
    assert answer.status_code == 200, answer.text
    return {place["nom"] for place in answer.json()["lieux"]}


def test_a_list_of_communes_is_a_territory_in_every_address(team: Team, places: None) -> None:
    assert save_list(team, "Manosque").status_code == 303
    asked = f"territoire=perimetre:{code(team)}"
    visitor = team.service.visitor()

    assert found(team, asked) == {"À Manosque"}
    assert [
        visitor.get(f"{path}?{asked}").status_code
        for path in (
            "/lieux", "/lieux.geojson", "/lieux.csv", "/lieux.xlsx", "/lieux.atom", "/embed",
            "/integrer", "/couverture", "/mediateurs", "/tuiles/lieux.json",
            "/tuiles/lieux/0/0/0.mvt",
        )
    ] == [200] * 11  # fmt: skip
    assert "Ma vallée" in visitor.get(f"/lieux?{asked}").text


def test_a_drawn_outline_keeps_the_places_inside_it(team: Team, places: None) -> None:
    assert save_outline(team, json.dumps(SQUARE)).status_code == 303

    assert found(team, f"territoire=perimetre:{code(team)}") == {"Au centre", "Sans position"}


def test_perimeters_and_territories_add_up(team: Team, places: None) -> None:
    save_outline(team, json.dumps(SQUARE))

    both = f"territoire=perimetre:{code(team)}&territoire=commune:04112"

    assert found(team, both) == {"Au centre", "Sans position", "À Manosque"}


def test_coverage_counts_the_inhabitants_of_the_communes_of_a_perimeter(
    team: Team, places: None
) -> None:
    save_list(team, "04070")

    page = team.service.visitor().get(f"/couverture.csv?territoire=perimetre:{code(team)}").text

    assert "Digne-les-Bains" in page
    assert "Manosque" not in page


def test_an_unknown_perimeter_is_an_error_not_an_absent_filter(team: Team) -> None:
    answer = team.service.visitor().get("/lieux.json?territoire=perimetre:NULLPART")

    assert answer.status_code == 422


@pytest.mark.parametrize(
    "typed", ["Manosque\n04070", "manosque, DIGNE LES BAINS", "Manosque (04);04070"]
)
def test_communes_are_named_as_people_name_them(team: Team, typed: str) -> None:
    save_list(team, typed)

    assert team.service.sql("SELECT communes FROM perimeters")[0].communes == ["04070", "04112"]


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("", "au moins une commune"),
        ("Trifouilly", "Nous ne connaissons pas de commune « Trifouilly »"),
        ("99999", "de code INSEE 99999"),
        ("04100", "04100 est un code postal, pas un code INSEE : Manosque (04112)"),
    ],
)
def test_what_is_not_a_commune_is_said_and_what_was_typed_stays(
    team: Team, typed: str, words: str
) -> None:
    team.service.sql("UPDATE localities SET postal_codes = '{04100}' WHERE code = '04112'")

    answer = save_list(team, typed)

    assert answer.status_code == 422
    assert words in re.sub(r"[\u00a0\u202f]", " ", answer.text)
    assert f">{typed}</textarea>" in answer.text
    assert team.service.sql("SELECT FROM perimeters") == []


def test_of_two_communes_of_one_name_that_of_the_territory_is_meant(team: Team) -> None:
    team.service.sql(
        "INSERT INTO localities (type, code, commune, name, departement, point)"
        " SELECT type, '05061', '05061', 'Manosque', '05', point FROM localities WHERE code = '05061'"
    )
    save_list(team, "Manosque")

    assert team.service.sql("SELECT communes FROM perimeters")[0].communes == ["04112"]


def test_a_name_that_two_communes_bear_elsewhere_is_asked_again(team: Team) -> None:
    for departement in ("01", "02"):
        team.service.sql(
            "INSERT INTO localities (type, code, commune, name, departement, point) SELECT type,"
            " :d || '001', :d || '001', 'Saint-Martin', :d, point FROM localities LIMIT 1",
            d=departement,
        )

    answer = save_list(team, "Saint-Martin")

    assert answer.status_code == 422
    assert "Saint-Martin (01)" in answer.text


def test_an_outline_that_cannot_be_read_is_refused_and_stays_in_the_form(team: Team) -> None:
    answer = save_outline(team, '{"type": "Point"}')

    assert answer.status_code == 422
    assert "ne contient pas de surface" in answer.text
    assert "&#34;Point&#34;" in answer.text


def test_a_member_saves_and_a_reader_or_a_stranger_does_not(team: Team, stranger: Visitor) -> None:
    member = team.join("bo@exemple.fr", "membre")
    reader = team.join("co@exemple.fr", "lecture")

    assert save_list(team, "04070", visitor=member).status_code == 303
    assert save_list(team, "04070", visitor=reader).status_code == 403
    assert save_list(team, "04070", visitor=stranger).status_code == 403
    assert len(team.service.sql("SELECT FROM perimeters")) == 1


def test_the_coordination_removes_a_perimeter_and_a_member_does_not(team: Team) -> None:
    member = team.join("bo@exemple.fr", "membre")
    save_list(team, "04070")
    path = f"{team.path}/perimetres/{code(team)}"

    refused = [
        member.send("/moi", f"{path}/{what}", nom="Autre").status_code
        for what in ("nom", "retirer")
    ]
    renamed = team.awa.send("/moi", f"{path}/nom", nom="Autre nom").status_code
    page = team.awa.get(f"{team.path}/perimetres").text
    removed = team.awa.send("/moi", f"{path}/retirer").status_code

    assert refused == [403, 403]
    assert (renamed, removed) == (303, 303)
    assert "Autre nom" in page
    assert team.service.sql("SELECT FROM perimeters") == []


def test_the_perimeter_of_another_team_is_not_touched(team: Team, stranger: Visitor) -> None:
    save_list(team, "04070")
    made = stranger.send("/equipes", "/equipes", nom="Autre", role="coordination-dispositif")
    theirs = made.headers["location"]

    answers = [
        stranger.send("/moi", f"{theirs}/perimetres/{code(team)}/{what}", nom="Pris").status_code
        for what in ("nom", "retirer")
    ]

    assert answers == [404, 404]
    assert team.service.sql("SELECT name FROM perimeters")[0].name == "Ma vallée"


def test_a_team_may_look_after_a_perimeter_once_it_is_given(team: Team, stranger: Visitor) -> None:
    save_list(team, "04070")
    made = stranger.send("/equipes", "/equipes", nom="Digne", role="coordination-dispositif")
    theirs = made.headers["location"]
    named = f"perimetre:{code(team)}"
    stranger.send("/moi", f"{theirs}/territoires", territoire=named)
    before = communes(team, "zoe@exemple.fr")

    team.awa.send("/moi", f"{theirs}/territoires/decider", territoire=named, verdict="accepter")

    assert before == set()
    assert communes(team, "zoe@exemple.fr") == {"04070"}
    held = team.awa.send("/moi", f"{team.path}/perimetres/{code(team)}/retirer")
    assert held.status_code == 409


def test_a_perimeter_without_the_middle_of_a_commune_is_nobodys_territory(team: Team) -> None:
    corner = [[6.28, 44.18], [6.29, 44.18], [6.29, 44.19], [6.28, 44.18]]
    save_outline(team, json.dumps({"type": "Polygon", "coordinates": [corner]}))

    answer = team.awa.send("/moi", f"{team.path}/territoires", territoire=f"perimetre:{code(team)}")

    assert answer.status_code == 422


def test_an_outline_with_latitude_first_is_refused_with_how_to_write_it(team: Team) -> None:
    swapped = {
        "type": "Polygon",
        "coordinates": [[[lat, lon] for lon, lat in ring] for ring in SQUARE["coordinates"]],
    }

    refused = save_outline(team, json.dumps(swapped))

    assert refused.status_code == 422
    assert "semblent échangées" in refused.text
    assert team.service.sql("SELECT FROM perimeters") == []
    assert save_outline(team, json.dumps(SQUARE)).status_code == 303
