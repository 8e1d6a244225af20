"""The same question on every address, asked of the running application."""

import csv
import io
import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import httpx
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geoservice.clock import today
from geoservice.places.fields import FIELDS
from geoservice.search.moments import DAYS
from geoservice.search.schemas import CSV_COLUMNS, Lieu, harmless

QUESTIONS = [
    "",
    "ou=Digne-les-Bains&rayon=30",
    "ou=57000&rayon=15&services=aide-aux-demarches-administratives",
    "territoire=departement:23",
    "territoire=departement:23&territoire=departement:974",
    "lon=55.45&lat=-20.9&rayon=20&frais=gratuit",
    "q=mediatheque",
    "ouvert=mardi-10h",
    "ouvert=samedi-matin&horaires_inconnus=inclure&territoire=departement:57",
    "typologies=bibliotheques-et-mediatheques&tri=mise_a_jour",
    "equipements=imprimante&accessible=oui",
    "bbox=5.9,43.9,6.5,44.4",
]


def get(site: str, path: str) -> httpx.Response:
    return httpx.get(site + path, timeout=30)


def lieux(site: str, question: str, limit: int = 500) -> dict[str, Any]:
    answer = get(site, f"/lieux.json?limite={limit}&{question}")
    assert answer.status_code == 200, answer.text
    return answer.json()


@pytest.mark.parametrize("question", QUESTIONS)
def test_every_format_gives_the_same_places_in_the_same_order(site: str, question: str) -> None:
    listed = [place["id"] for place in lieux(site, question)["lieux"]]
    geojson = get(site, f"/lieux.geojson?{question}").json()
    rows = list(csv.DictReader(io.StringIO(get(site, f"/lieux.csv?{question}").text)))

    assert listed
    assert [feature["id"] for feature in geojson["features"]] == listed
    assert [row["id"] for row in rows] == listed
    assert geojson["question"]["parametres"] == {
        name: values
        for name, values in lieux(site, question)["question"]["parametres"].items()
        if name != "limite"
    }


def test_places_around_a_commune_come_nearest_first(site: str) -> None:
    found = lieux(site, "ou=Metz&rayon=30")
    distances = [place["distance_m"] for place in found["lieux"]]

    assert distances == sorted(distances)
    assert 0 < distances[-1] <= 30_000
    assert found["question"]["ou"]["libelle"] == "Metz (57)"


def test_distances_are_those_of_the_ellipsoid(site: str) -> None:
    place = lieux(site, "lon=6.2&lat=49.1&rayon=50")["lieux"][-1]
    north = lieux(site, f"lon={place['longitude']}&lat={place['latitude'] + 0.1}&rayon=50")
    same = next(each for each in north["lieux"] if each["id"] == place["id"])

    assert same["distance_m"] == pytest.approx(11_119, abs=15)  # a tenth of a degree at 49° north


def test_values_add_up_inside_a_parameter_and_narrow_between(site: str) -> None:
    free, paid = lieux(site, "frais=gratuit")["total"], lieux(site, "frais=payant")["total"]
    either = lieux(site, "frais=gratuit&frais=payant")["total"]
    both = lieux(site, "frais=gratuit&dispositifs=france-services")["total"]

    assert max(free, paid) <= either <= free + paid
    assert both < free


def test_open_closed_and_unknown_are_all_the_places(site: str) -> None:
    everything = lieux(site, "")["total"]
    found = lieux(site, "ouvert=mardi-10h")
    included = lieux(site, "ouvert=mardi-10h&horaires_inconnus=inclure")

    assert 0 < found["horaires_inconnus"] < everything
    assert included["total"] == found["total"] + found["horaires_inconnus"] < everything


def test_a_place_without_hours_is_never_said_to_be_open(site: str) -> None:
    assert all(place["horaires"] for place in lieux(site, "ouvert=mardi-10h")["lieux"])


def test_saturday_is_on_the_clock_of_the_place(site: str) -> None:
    """Nobody in La Réunion opens at 22 h UTC on Friday, which is already Saturday there."""
    found = lieux(site, "territoire=departement:974&ouvert=samedi-10h")

    assert found["total"] > 0


def test_a_date_too_far_is_refused_with_the_dates_that_are_known(site: str) -> None:
    answer = get(site, "/lieux.json?ouvert=2031-01-01T10:00")

    assert answer.status_code == 422
    assert "donnez une date du" in answer.json()["detail"]


def test_pages_follow_one_another_without_gap_or_repeat(site: str) -> None:
    everything = [place["id"] for place in lieux(site, "territoire=departement:04")["lieux"]]
    walked: list[str] = []
    address: str | None = f"{site}/lieux.json?territoire=departement:04&limite=7"
    while address:
        answer = httpx.get(address).json()
        walked += [place["id"] for place in answer["lieux"]]
        address = answer["suivante"]

    assert walked == everything


@pytest.mark.parametrize("suffix", ["", ".json", ".geojson", ".csv"])
@pytest.mark.parametrize(
    "wrong",
    ["servic=x", "frais=pas-cher", "ou=Xyzzyx", "territoire=departement:99", "source=inconnue"],
)
def test_a_wrong_question_is_wrong_everywhere(site: str, suffix: str, wrong: str) -> None:
    answer = get(site, f"/lieux{suffix}?{wrong}")

    assert answer.status_code == 422
    assert wrong.split("=")[0] in answer.text


def test_a_refusal_is_a_page_for_people_and_rfc_9457_for_programs(site: str) -> None:
    page, data = get(site, "/lieux?frais=x"), get(site, "/lieux.json?frais=x")

    assert page.headers["content-type"].startswith("text/html")
    assert data.headers["content-type"] == "application/problem+json"
    assert data.json()["erreurs"][0]["parametre"] == "frais"


def test_csv_has_the_columns_of_the_national_schema_in_order(site: str) -> None:
    header = get(site, "/lieux.csv?limite=1").text.splitlines()[0]

    assert header.split(",")[:33] == [
        *("id", "pivot", "nom", "commune", "code_postal", "code_insee", "adresse"),
        *("complement_adresse", "latitude", "longitude", "typologie", "telephone", "courriels"),
        *("site_web", "horaires", "presentation_resume", "presentation_detail", "source"),
        *("itinerance", "structure_parente", "date_maj", "services"),
        *("publics_specifiquement_adresses", "prise_en_charge_specifique", "frais_a_charge"),
        *("dispositif_programmes_nationaux", "formations_labels", "autres_formations_labels"),
        *("modalites_acces", "modalites_accompagnement", "fiche_acces_libre", "prise_rdv"),
        "equipements",
    ]


def test_csv_keeps_the_quotes_of_the_hours(site: str) -> None:
    rows = list(csv.DictReader(io.StringIO(get(site, "/lieux.csv").text)))

    assert any('"' in row["horaires"] for row in rows)


def test_geojson_is_valid_for_strict_parsers(site: str, tmp_path: Path) -> None:
    text = get(site, "/lieux.geojson").text
    shapes = shapely.get_parts(shapely.from_geojson(text))
    (tmp_path / "lieux.geojson").write_text(text)

    assert len(shapes) == json.loads(text)["features"].__len__() == 400
    assert all(abs(shape.x) <= 180 and abs(shape.y) <= 90 for shape in shapes)


@pytest.mark.skipif(shutil.which("ogrinfo") is None, reason="gdal-bin n’est pas installé")
def test_gdal_reads_the_geojson(site: str) -> None:
    told = subprocess.run(
        ["ogrinfo", "-ro", "-so", "-al", f"{site}/lieux.geojson"],
        capture_output=True,
        text=True,
        check=True,
    )

    assert "Feature Count: 400" in told.stdout


def test_a_place_has_a_permanent_page_and_its_data(site: str) -> None:
    first = lieux(site, "", limit=1)["lieux"][0]

    page, data = get(site, f"/lieux/{first['id']}"), get(site, f"/lieux/{first['id']}.json").json()

    assert page.status_code == 200
    assert first["nom"] == data["nom"]
    assert data["provenance"]["nom"]["source"] == "demo"


def test_a_place_that_never_was_is_not_found(site: str) -> None:
    answer = get(site, "/lieux/0000000000.json")

    assert (answer.status_code, answer.json()["type"]) == (404, "/problems/place-not-found")


def test_the_documentation_says_every_field_that_is_sent(site: str) -> None:
    place = lieux(site, "ou=Metz", limit=1)["lieux"][0]

    assert set(place) == set(Lieu.model_fields)
    assert set(CSV_COLUMNS) == {"id", *(field.national for field in FIELDS)}


def test_suggestions_are_ranked(site: str) -> None:
    found = get(site, "/api/v1/localites?q=dig").json()

    assert found[0]["libelle"] == "Digne-les-Bains (04)"


def test_a_suggestion_for_one_letter_is_refused_in_french(site: str) -> None:
    answer = get(site, "/api/v1/localites?q=d")

    assert answer.status_code == 422
    assert "trop court" in answer.json()["detail"]


def test_every_site_may_read_the_data_and_none_may_frame_the_pages(site: str) -> None:
    data, page = get(site, "/lieux.json?limite=1"), get(site, "/lieux")

    assert data.headers["access-control-allow-origin"] == "*"
    assert "frame-ancestors 'none'" in page.headers["content-security-policy"]
    assert "access-control-allow-origin" not in page.headers


@pytest.mark.parametrize("path", ["/", "/lieux", "/lieux.json", "/api/v1/sources"])
def test_no_public_address_sets_a_cookie(site: str, path: str) -> None:
    assert "set-cookie" not in get(site, path).headers


def test_head_answers_like_get_without_a_body(site: str) -> None:
    answer = httpx.head(site + "/lieux.json")

    assert (answer.status_code, answer.content) == (200, b"")


@pytest.mark.parametrize("cell", ["=cmd()", "@SUM(1)", "+cmd|calc", "-2+3", "\t=1"])
def test_no_cell_is_a_formula(cell: str) -> None:
    assert harmless(cell) == "'" + cell


@pytest.mark.parametrize("cell", ["+33492000000", "-21.1", "Mo-Fr 09:00-12:00", "", "l’école"])
def test_numbers_and_phones_stay_as_they_are(cell: str) -> None:
    assert harmless(cell) == cell


@given(st.text())
def test_a_cell_never_starts_like_a_formula_unless_it_is_a_number(cell: str) -> None:
    told = harmless(cell)

    assert told[:1] not in ("=", "@", "\t", "\r")
    assert told[:1] not in ("+", "-") or told[1:].replace(".", "", 1).isdigit()


@pytest.mark.parametrize(
    "path",
    [
        "/lieux/a%00b",
        "/lieux/a%00b.json",
        "/api/v1/lieux/a%00b",
        "/api/v1/localites?q=a%00b",
        "/api/v1/territoires/commune/a%00b",
    ],
)
def test_an_address_with_a_nul_leads_nowhere_and_breaks_nothing(site: str, path: str) -> None:
    assert get(site, path).status_code == 404


def test_the_question_is_repeated_with_its_moments_and_its_territories(site: str) -> None:
    day = DAYS[(today().weekday() + 2) % 7]  # today's morning may have begun
    told = lieux(site, f"ouvert={day}-matin&territoire=departement:04&accessible=oui", 1)[
        "question"
    ]

    assert told["territoires"][0]["nom"] == "Alpes-de-Haute-Provence"
    assert told["filtres"]["accessible"] == ["oui"]
    assert told["ouvert_moments"][0]["de"].endswith("T08:00:00")


def test_a_radius_around_a_territory_is_said_to_mean_nothing(site: str) -> None:
    told = lieux(site, "ou=creuse&rayon=10")["question"]

    assert "ne s’applique pas" in told["ou"]["remarque"]


def test_the_card_of_the_map_says_what_the_list_says_of_hours(site: str) -> None:
    first = lieux(site, "ouvert=mardi-10h", limit=1)["lieux"][0]
    told = get(site, f"/lieux/{first['id']}.json").json()["ouverture"]

    assert told["phrase"] in get(site, f"/lieux/{first['id']}").text
    assert told["etat"] in ("open", "closed", "unknown")
