"""«Besoin d’Excel pour avoir la liste complète de mes médiateurs»: not any more, and nobody is betrayed."""

import csv
import io
import json
import re
from datetime import datetime

import httpx
import openpyxl
import pytest

from tests.auth.conftest import Visitor
from tests.teams.conftest import Team, make_team


def listed(team: Team, question: str = "", visitor: Visitor | None = None) -> str:
    answer = (visitor or team.awa).get(f"{team.path}/annuaire?{question}")
    assert answer.status_code == 200, answer.text
    return re.sub("[\u00a0\u202f]", " ", answer.text)


def rows(page: str) -> list[str]:
    """What the first column says, in order."""
    body = page.partition("<tbody>")[2].partition("</tbody>")[0]
    return [
        re.sub("<[^>]+>", "", cell).strip()
        for cell in re.findall(r'<th scope="row">(.*?)</th>', body)
    ]


def file(team: Team, question: str, visitor: Visitor | None = None) -> httpx.Response:
    return (visitor or team.awa).get(f"{team.path}/annuaire/fichier?{question}")


def test_the_list_says_how_many_people_and_places_are_in_the_territory(roster: Team) -> None:
    page = listed(roster)

    assert "3 acteurs, 2 lieux" in page
    assert rows(page) == ["=1+1 Atelier", "Médiathèque des Ormes"]


def test_people_are_shown_as_they_agreed_and_the_rest_says_why(roster: Team) -> None:
    page = listed(roster, "vue=personnes")

    assert rows(page) == ["Chloé Inventé", "Driss Inventé"]
    assert "chloe@exemple.fr" in page
    assert "driss@exemple.fr" not in page
    assert "Mail : pas encore dit" in page
    assert "Elif" not in page
    assert "1 autre personne travaille sur le territoire" in page
    assert "Fanny" not in page


def test_a_member_sees_colleagues_a_reader_does_not_and_a_stranger_sees_nothing(
    roster: Team, stranger: Visitor
) -> None:
    member = roster.join("bo@exemple.fr", "membre")
    reader = roster.join("co@exemple.fr", "lecture")

    assert "Chloé" in listed(roster, "vue=personnes", member)
    assert "Chloé" not in listed(roster, "vue=personnes", reader)
    assert "lecture seule" in listed(roster, "vue=personnes", reader)
    for format_ in ("xlsx", "csv", "geojson", "vcf"):
        asked = f"vue=personnes&format={format_}"
        assert file(roster, asked, member).status_code == 200
        assert file(roster, asked, reader).status_code == 403
        assert file(roster, asked, stranger).status_code == 403
    assert stranger.get(f"{roster.path}/annuaire").status_code == 403


def test_a_reader_downloads_the_places_without_a_sheet_of_people(roster: Team) -> None:
    reader = roster.join("co@exemple.fr", "lecture")

    book = openpyxl.load_workbook(io.BytesIO(file(roster, "format=xlsx", reader).content))

    assert book.sheetnames == ["Lieux"]


def test_a_team_whose_territory_waits_sees_nobody(roster: Team) -> None:
    other = make_team(roster.service, "bo@exemple.fr", "Hautes-Alpes")
    other.awa.send(other.path, f"{other.path}/territoires", territoire="departement:05")

    page = listed(other, "vue=personnes")

    assert "Fanny" not in page
    assert rows(page) == []


def test_a_question_about_elsewhere_finds_nothing_of_elsewhere(roster: Team) -> None:
    asked = "territoire=departement:05"

    assert rows(listed(roster, asked)) == []
    assert rows(listed(roster, f"vue=personnes&{asked}")) == []


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ("territoire=commune:04112", ["=1+1 Atelier"]),
        ("territoire=epci:200067437", ["Médiathèque des Ormes"]),
        ("q=ormes", ["Médiathèque des Ormes"]),
        ("services=aide-aux-demarches-administratives", ["Médiathèque des Ormes"]),
        ("ouvert=lundi-10h", ["Médiathèque des Ormes"]),
        ("tri=nom&ordre=decroissant", ["Médiathèque des Ormes", "=1+1 Atelier"]),
        ("tri=telephone&ordre=decroissant", ["Médiathèque des Ormes", "=1+1 Atelier"]),
        ("vue=personnes&q=driss", ["Driss Inventé"]),
        ("vue=personnes&q=MEDIATHEQUE", ["Chloé Inventé"]),
        ("vue=personnes&competences=prendre-en-main-un-ordinateur", ["Chloé Inventé"]),
        ("vue=personnes&territoire=commune:04112", ["Driss Inventé"]),
        ("vue=personnes&services=aide-aux-demarches-administratives", ["Chloé Inventé"]),
        ("vue=personnes&tri=nom&ordre=decroissant", ["Driss Inventé", "Chloé Inventé"]),
    ],
)  # fmt: skip
def test_the_list_is_narrowed_and_ordered(roster: Team, question: str, found: list[str]) -> None:
    assert rows(listed(roster, question)) == found


def test_columns_are_chosen(roster: Team) -> None:
    page = listed(roster, "colonnes=code_insee&colonnes=adresse")

    headings = re.findall(r'<th scope="col"[^>]*><a[^>]*>([^<]*)', page)
    assert [one.strip() for one in headings] == ["Nom", "Adresse", "Code INSEE de la commune"]


@pytest.mark.parametrize(
    "question",
    ["vue=chats", "colonnes=couleur", "tri=couleur", "ordre=hasard", "page=0", "competences=voler",
     "ou=Digne", "couleur=bleu", "ouvert=jamais"],
)  # fmt: skip
def test_a_wrong_question_is_an_error(roster: Team, question: str) -> None:
    assert roster.awa.get(f"{roster.path}/annuaire?{question}").status_code == 422


def test_who_coordinates_here_is_said_and_named_only_if_they_agreed(roster: Team) -> None:
    other = make_team(roster.service, "bo@exemple.fr", "Digne")
    other.awa.send(other.path, f"{other.path}/territoires", territoire="commune:04070")
    roster.service.sql("UPDATE team_territories SET accepted_at = now()")

    before = listed(roster)
    roster.service.sql(
        "UPDATE mediators SET account_id = (SELECT id FROM accounts WHERE mail = 'bo@exemple.fr')"
        " WHERE given_name = 'Fanny'"
    )

    assert "équipe « Digne »" in before
    assert "bo@exemple.fr" not in before
    assert "Fanny Inventé" not in before
    assert "Fanny Inventé" in listed(roster)


def test_the_workbook_has_what_is_on_screen_with_real_types_and_no_formula(roster: Team) -> None:
    book = openpyxl.load_workbook(
        io.BytesIO(file(roster, "colonnes=personnes&colonnes=date_maj&format=xlsx").content)
    )
    places, people = book["Lieux"], book["Personnes"]

    first, second = (list(row) for row in places.iter_rows(min_row=2))
    assert [cell.value for cell in places[1]] == ["Nom", "Personnes", "Vérifié le"]
    assert (first[0].value, first[0].data_type) == ("=1+1 Atelier", "s")
    assert (second[1].value, second[1].data_type) == (1, "n")
    assert isinstance(second[2].value, datetime)
    assert places.freeze_panes == "A2"
    assert places.auto_filter.ref == "A1:C3"
    told = [[cell.value for cell in row] for row in people.iter_rows()]
    assert {"Compétences", "Lieux", "Permanences", "Accord"} <= set(told[0])
    assert "driss@exemple.fr" not in str(told)
    assert "Elif" not in str(told)


def test_the_csv_has_what_is_on_screen_and_a_text_is_never_a_formula(roster: Team) -> None:
    body = file(roster, "colonnes=commune&format=csv").content.decode("utf-8-sig")

    assert list(csv.reader(io.StringIO(body), delimiter=";")) == [
        ["Nom", "Commune"],
        ["'=1+1 Atelier", "Manosque"],
        ["Médiathèque des Ormes", "Digne-les-Bains"],
    ]


def test_the_geojson_has_the_places_and_those_without_position_too(roster: Team) -> None:
    told = json.loads(file(roster, "format=geojson&q=ormes").content)
    whole = json.loads(file(roster, "format=geojson").content)

    [feature] = told["features"]
    assert feature["geometry"]["coordinates"] == [6.2, 44.1]
    assert feature["properties"]["nom"] == "Médiathèque des Ormes"
    assert [one["geometry"] is None for one in whole["features"]] == [True, False]


def test_the_vcard_has_the_contacts_that_were_agreed_and_no_other(roster: Team) -> None:
    body = file(roster, "vue=personnes&format=vcf").content.decode()

    cards = body.split("END:VCARD\r\n")
    assert "FN:Chloé Inventé\r\n" in cards[0]
    assert "EMAIL:chloe@exemple.fr\r\n" in cards[0]
    assert "FN:Driss Inventé\r\n" in cards[1]
    assert "EMAIL" not in cards[1]
    assert len(cards) == 3
    assert "TEL;VALUE=uri:tel:+33639980001" in file(roster, "format=vcf").text


def test_permanences_are_told_beside_the_place_and_the_person(roster: Team) -> None:
    roster.service.sql(
        "INSERT INTO permanences (public_id, place_id, mediator_id, expression, schedule_id,"
        " by_appointment) SELECT 'permanence', places.id, mediators.id, 'Th 14:00-17:00',"
        " schedule_id, true FROM places, mediators"
        " WHERE places.name LIKE 'Médiathèque%' AND given_name = 'Chloé'"
    )

    assert "jeudi" in listed(roster, "colonnes=permanences")
    people = listed(roster, "vue=personnes")
    assert "jeudi" in people
    assert "sur rendez-vous (Médiathèque des Ormes)" in people


def test_no_file_of_a_team_may_be_read_by_another_site(roster: Team) -> None:
    answer = file(roster, "format=csv")

    assert "access-control-allow-origin" not in answer.headers
    assert answer.headers["cache-control"] == "no-store"
