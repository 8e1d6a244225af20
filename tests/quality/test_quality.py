"""«Besoin de pouvoir mettre à jour les lieux»: what is missing, what is old, what to do first."""

import csv
import io
import re
from datetime import datetime

import openpyxl
import pytest

from geoservice import tasks
from geoservice.quality.jobs import KEEP_MONTH
from tests.auth.conftest import Visitor
from tests.quality.conftest import LATELY, ago
from tests.teams.conftest import Team, make_team


def listed(team: Team, question: str = "", visitor: Visitor | None = None) -> str:
    answer = (visitor or team.awa).get(f"{team.path}/qualite?{question}")
    assert answer.status_code == 200, answer.text
    return re.sub("[\u00a0\u202f]", " ", answer.text)


def places(page: str) -> list[str]:
    """The places of the list, in order."""
    table = page.rpartition('<table class="roster">')[2] if 'scope="col">Lieu<' in page else ""
    return re.findall(r'<th scope="row"><a [^>]*>([^<]*)', table)


def lacks(page: str) -> dict[str, str]:
    """How many places lack each thing."""
    table = page.partition('id="ce-qui-manque"')[2].partition("</table>")[0]
    rows = re.findall(r'<th scope="row">([^<]*)</th><td>(?:<a[^>]*>)?(\d+)', table)
    return dict(rows)


def place_page(team: Team, name: str, visitor: Visitor | None = None) -> str:
    [row] = team.service.sql("SELECT public_id FROM places WHERE name = :name", name=name)
    answer = (visitor or team.awa).get(f"/lieux/{row.public_id}")
    return re.sub("[\u00a0\u202f]", " ", answer.text)


def test_the_page_counts_what_is_missing_and_what_is_old(upkeep: Team) -> None:
    page = listed(upkeep)

    assert "<strong>3</strong> lieux" in page
    assert "<strong>2</strong> fiches complètes" in page
    assert "<strong>2</strong> vérifiées depuis moins d’un an" in page
    assert {label for label, places in lacks(page).items() if places != "0"} == {"Horaires", "Prix"}


def test_what_keeps_people_from_coming_is_first(upkeep: Team) -> None:
    upkeep.service.sql("UPDATE places SET fees = '{}' WHERE name = 'Relais'")

    assert places(listed(upkeep)) == ["=1+1 Atelier", "Relais", "Médiathèque des Ormes"]


def test_hours_that_nobody_can_read_are_missing(upkeep: Team) -> None:
    upkeep.service.sql("UPDATE places SET schedule_id = NULL WHERE name LIKE 'Médiathèque%'")

    assert lacks(listed(upkeep))["Horaires"] == "2"
    assert "Écrits, mais illisibles" in place_page(upkeep, "Médiathèque des Ormes")


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ("manque=horaires", ["=1+1 Atelier"]),
        ("manque=horaires&manque=telephone", ["=1+1 Atelier"]),
        ("manque=telephone", []),
        ("mois=12", ["=1+1 Atelier"]),
        ("mois=24", []),
        ("territoire=commune:04112", ["=1+1 Atelier", "Relais"]),
        ("territoire=departement:05", []),
        ("q=ormes", ["Médiathèque des Ormes"]),
        ("tri=nom", ["=1+1 Atelier", "Médiathèque des Ormes", "Relais"]),
        ("tri=commune", ["Médiathèque des Ormes", "=1+1 Atelier", "Relais"]),
    ],
)
def test_the_list_is_narrowed_and_ordered(upkeep: Team, question: str, found: list[str]) -> None:
    assert places(listed(upkeep, question)) == found


@pytest.mark.parametrize(
    "question", ["manque=couleur", "mois=13", "tri=hasard", "page=0", "format=pdf", "ou=Digne", "x=1"]
)  # fmt: skip
def test_a_wrong_question_is_an_error(upkeep: Team, question: str) -> None:
    assert upkeep.awa.get(f"{upkeep.path}/qualite?{question}").status_code == 422


def test_every_member_reads_it_and_a_stranger_does_not(upkeep: Team, stranger: Visitor) -> None:
    reader = upkeep.join("co@exemple.fr", "lecture")

    assert places(listed(upkeep, visitor=reader)) == places(listed(upkeep))
    for question in ("", "?format=csv", "?format=xlsx"):
        assert upkeep.awa.get(f"{upkeep.path}/qualite{question}").status_code == 200
        assert stranger.get(f"{upkeep.path}/qualite{question}").status_code == 403


def test_a_team_whose_territory_waits_reads_nothing(upkeep: Team) -> None:
    other = make_team(upkeep.service, "bo@exemple.fr", "Hautes-Alpes")
    other.awa.send(other.path, f"{other.path}/territoires", territoire="departement:05")

    assert places(listed(other)) == []
    assert "Aucun lieu sur le territoire" in listed(other)


def test_campaigns_start_from_the_list_for_those_who_may(upkeep: Team) -> None:
    reader = upkeep.join("co@exemple.fr", "lecture")
    campaign = f"{upkeep.path}/qualite/campagne?manque=horaires"

    assert campaign in listed(upkeep, "manque=horaires")
    assert "/campagne" not in listed(upkeep, "manque=horaires", reader)
    assert upkeep.awa.get(campaign).status_code == 200
    assert reader.get(campaign).status_code == 403


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        ("", {"=1+1 Atelier", "Médiathèque des Ormes", "Relais"}),
        ("manque=horaires", {"=1+1 Atelier"}),
        ("mois=12", {"=1+1 Atelier"}),
        ("q=médiathèque", {"Médiathèque des Ormes"}),
        ("territoire=commune:04112", {"=1+1 Atelier", "Relais"}),
    ],
)
def test_a_campaign_writes_to_the_places_of_the_list_and_no_other(
    upkeep: Team, question: str, asked: set[str]
) -> None:
    upkeep.service.sql("UPDATE places SET emails = ARRAY[public_id || '@exemple.fr']")
    assert set(places(listed(upkeep, question))) == asked

    page = upkeep.awa.get(f"{upkeep.path}/qualite/campagne?{question}").text
    shown = re.findall(r'name="parmi" value="(\d+)"', page)
    sent = upkeep.awa.send(
        "/moi", "/campagnes/nouvelle", mois="0", parmi=shown, lieu=shown, rappel="non"
    )

    assert sent.status_code == 303
    written = upkeep.service.sql(
        "SELECT name FROM link_letters letter JOIN places ON places.id = place_id"
    )
    assert {row.name for row in written} == asked
    again = upkeep.awa.get(f"{upkeep.path}/qualite/campagne?{question}").text
    assert "été contacté" in again
    assert 'name="lieu"' not in again
    assert "à des lieux de la liste" in upkeep.awa.get(sent.headers["location"]).text


def test_a_selection_is_kept_when_the_form_of_the_campaign_is_to_correct(upkeep: Team) -> None:
    upkeep.service.sql("UPDATE places SET emails = ARRAY[public_id || '@exemple.fr']")
    page = upkeep.awa.get(f"{upkeep.path}/qualite/campagne?manque=horaires").text
    [shown] = re.findall(r'name="lieu" value="(\d+)"', page)

    again = upkeep.awa.send("/moi", "/campagnes/nouvelle", mois="0", parmi=shown)

    assert again.status_code == 422
    assert re.findall(r'name="lieu" value="(\d+)"', again.text) == [shown]


def test_the_files_have_the_rows_of_the_screen_and_no_formula(upkeep: Team) -> None:
    asked = f"{upkeep.path}/qualite?manque=horaires"

    body = upkeep.awa.get(f"{asked}&format=csv").content.decode("utf-8-sig")
    book = openpyxl.load_workbook(io.BytesIO(upkeep.awa.get(f"{asked}&format=xlsx").content))

    [row] = list(csv.DictReader(io.StringIO(body), delimiter=";"))
    assert row["Nom"] == "'=1+1 Atelier"
    assert row["Ce qui manque"] == "Horaires, Prix"
    cells = next(iter(book["À compléter"].iter_rows(min_row=2, max_row=2)))
    assert (cells[0].value, cells[0].data_type) == ("=1+1 Atelier", "s")
    assert (cells[3].value, cells[3].data_type) == (2, "n")
    assert isinstance(cells[4].value, datetime)


def test_progress_is_read_month_after_month(upkeep: Team) -> None:
    upkeep.service.do(KEEP_MONTH)
    upkeep.service.sql("UPDATE quality_months SET month = month - interval '1 month'")
    upkeep.service.sql(
        "UPDATE places SET schedule_id = (SELECT min(id) FROM schedules), fees = '{Gratuit}',"
        " updated_on = :day WHERE name LIKE '%Atelier'",
        day=ago(LATELY),
    )
    upkeep.service.do(KEEP_MONTH)

    table = listed(upkeep).partition('id="progres"')[2].partition("</table>")[0]
    rows = [re.findall(r"<td>(\d+)", row) for row in table.split("<tr>")[2:]]
    assert rows == [["3", "100", "100", "100"], ["3", "92", "66", "66"]]


def test_the_month_that_is_kept_twice_is_kept_once(upkeep: Team) -> None:
    upkeep.service.do(KEEP_MONTH)
    upkeep.service.do(KEEP_MONTH)

    kept = upkeep.service.sql("SELECT code_insee, places FROM quality_months ORDER BY code_insee")
    assert [tuple(row) for row in kept] == [("04070", 1), ("04112", 2), ("05061", 1)]
    assert KEEP_MONTH in tasks.ALL


def test_those_who_look_after_a_place_read_there_what_is_missing_and_old(
    upkeep: Team, stranger: Visitor
) -> None:
    member = upkeep.join("co@exemple.fr", "membre")

    mine = place_page(upkeep, "=1+1 Atelier")

    assert "Vous vous occupez de ce lieu" in mine
    table = mine.partition("ce qui est ancien</summary>")[2].partition("</table>")[0]
    assert '<th scope="row">Horaires</th><td><strong>Manque</strong>' in table
    assert '<th scope="row">Téléphone</th><td><strong>Ancien</strong></td>' in table
    assert "Source inventée" in table
    for visitor in (member, stranger, upkeep.service.visitor()):
        assert "Vous vous occupez" not in place_page(upkeep, "=1+1 Atelier", visitor)
    assert "Vous vous occupez" not in place_page(upkeep, "Mairie de Gap")


def test_a_page_with_what_is_missing_is_kept_by_no_cache(upkeep: Team) -> None:
    [row] = upkeep.service.sql("SELECT public_id FROM places WHERE name = 'Relais'")
    address = f"/lieux/{row.public_id}"

    assert upkeep.awa.get(address).headers["cache-control"] == "no-store"
    assert upkeep.service.visitor().get(address).headers["cache-control"] == "no-cache"


def test_what_the_place_said_to_be_right_is_not_old_any_more(upkeep: Team) -> None:
    upkeep.service.sql(
        "INSERT INTO link_changes (place_id, field, before, after, state)"
        " SELECT id, 'updated_on', 'null', 'null', 'in_force' FROM places WHERE name LIKE '%Atelier'"
    )

    table = place_page(upkeep, "=1+1 Atelier").partition("Vous vous occupez")[2]
    assert '<th scope="row">Téléphone</th><td>À jour</td>' in table
    assert "<strong>Manque</strong>" in table


def test_anybody_reads_when_a_place_was_updated(upkeep: Team) -> None:
    page = place_page(upkeep, "Relais", upkeep.service.visitor())

    assert "Dernière mise à jour :" in page
