"""Coverage, asked of the running application with the demonstration data."""

import csv
import io
import re

import httpx
import pytest
from pyproj import Geod
from sqlalchemy import Engine, text

CREUSE = "territoire=departement:23"


def get(site: str, path: str) -> httpx.Response:
    return httpx.get(site + path, timeout=120, headers={"accept": "text/html"})


def communes(site: str, question: str) -> list[dict[str, str]]:
    answer = get(site, f"/couverture.csv?{question}")
    assert answer.status_code == 200, answer.text
    return list(csv.DictReader(io.StringIO(answer.text)))


def test_each_commune_of_the_territory_has_its_distance(site: str) -> None:
    rows = communes(site, CREUSE)

    assert {row["departement"] for row in rows} == {"23"}
    assert all(int(row["distance_m"]) >= 0 for row in rows)


def test_each_distance_is_that_of_the_nearest_place_on_the_ellipsoid(
    site: str, engine: Engine
) -> None:
    with engine.connect() as db:
        towns = db.execute(
            text("SELECT code, ST_X(point), ST_Y(point) FROM territories WHERE type = 'commune'")
        )
        at = {code: (lon, lat) for code, lon, lat in towns}
        places = db.execute(
            text("SELECT ST_X(point), ST_Y(point) FROM public_view.places WHERE point IS NOT NULL")
        ).all()
    earth = Geod(ellps="WGS84")

    for row in communes(site, CREUSE)[::20]:
        here = at[row["code_insee"]]
        nearest = min(earth.inv(*here, lon, lat)[2] for lon, lat in places)
        assert int(row["distance_m"]) == pytest.approx(nearest, abs=1)


def test_without_a_place_that_answers_nobody_is_told_a_distance(site: str) -> None:
    rows = communes(site, f"{CREUSE}&q=zzzzzz")

    assert rows
    assert {row["distance_m"] for row in rows} == {""}


def test_a_filter_brings_nobody_nearer(site: str) -> None:
    every, free = (communes(site, f"{CREUSE}{more}") for more in ("", "&frais=gratuit"))

    nearer = [a for a, b in zip(every, free, strict=True) if int(b["distance_m"]) < int(a["distance_m"])]  # fmt: skip
    assert nearer == []


def test_a_place_that_is_imagined_brings_its_commune_near(site: str) -> None:
    farthest = max(communes(site, CREUSE), key=lambda row: int(row["distance_m"]))

    then = communes(site, f"{CREUSE}&ajout={farthest['commune']} (23)")
    there = next(row for row in then if row["code_insee"] == farthest["code_insee"])
    assert int(there["distance_avec_ajout_m"]) < 2_000
    assert all(int(row["distance_avec_ajout_m"]) <= int(row["distance_m"]) for row in then)


def test_the_page_says_that_distances_are_as_the_crow_flies(site: str) -> None:
    html = get(site, f"/couverture?{CREUSE}&ouvert=samedi").text

    assert "à vol d’oiseau" in html
    assert "ne comptent pas comme ouverts" in html


@pytest.mark.parametrize(
    "wrong",
    [
        "ou=Guéret",
        "rayon=5",
        "territoire=departement:999",
        "frais=cadeau",
        f"{CREUSE}&ajout=Nullepart",
    ],
)
def test_a_question_that_has_no_sense_here_is_refused(site: str, wrong: str) -> None:
    assert get(site, f"/couverture?{wrong}").status_code == 422


def test_a_permanence_that_is_imagined_is_compared_with_those_of_its_day(site: str) -> None:
    imagined = communes(site, f"{CREUSE}&ajout=Aubusson&ajout_permanence=jeudi")
    thursday = communes(site, f"{CREUSE}&permanence=jeudi")

    assert [row["distance_m"] for row in imagined] == [row["distance_m"] for row in thursday]
    there = next(row for row in imagined if row["commune"] == "Aubusson")
    assert int(there["distance_avec_ajout_m"]) < 2_000


def test_a_permanence_on_another_day_changes_nothing_and_the_page_says_so(site: str) -> None:
    asked = f"{CREUSE}&ajout=Aubusson&ajout_permanence=jeudi&permanence=lundi"
    rows = communes(site, asked)

    assert all(row["distance_m"] == row["distance_avec_ajout_m"] for row in rows)
    assert "elle ne change donc rien" in get(site, f"/couverture?{asked}").text


def test_the_farthest_communes_can_be_tried_at_once(site: str) -> None:
    html = get(site, f"/couverture?{CREUSE}").text

    link = re.search(r'href="(/couverture\?[^"]*ajout=[^"]+)">Imaginer ici', html)
    assert link
    assert "en ajoutant un lieu à" in get(site, link[1].replace("&amp;", "&")).text


def test_all_of_france_is_told_by_departement(site: str) -> None:
    html = get(site, "/couverture?frais=gratuit").text

    assert "Par département" in html
    assert html.count('fill="url(#classe-') >= 2
    inside = re.search(r'href="(/couverture\?[^"]*territoire=departement%3A23[^"]*)"', html)
    assert inside
    assert "frais=gratuit" in inside[1]


def test_a_report_is_printed_with_its_map(site: str) -> None:
    answer = get(site, f"/couverture.pdf?{CREUSE}&ajout=Aubusson&ajout_permanence=jeudi")

    assert answer.headers["content-type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF-")


@pytest.mark.parametrize("wrong", ["ajout=Aubusson&ajout_permanence=toujours", "ajout=Aubusson&ajout=Metz", "ajout=%00"])  # fmt: skip
def test_an_addition_that_has_no_sense_is_refused(site: str, wrong: str) -> None:
    assert get(site, f"/couverture?{CREUSE}&{wrong}").status_code == 422


def test_communes_without_any_place_that_answers_have_their_outlines_and_their_list(
    site: str,
) -> None:
    answer = get(site, f"/couverture.geojson?{CREUSE}&permanence=jeudi")
    features = answer.json()["features"]
    empty = [one for one in features if one["properties"]["lieux"] == 0]

    assert 0 < len(empty) < len(features)
    assert features[0]["geometry"]["type"] in ("Polygon", "MultiPolygon")
    asked = f"{CREUSE}&permanence=jeudi"
    rows = communes(site, asked)
    assert len(empty) == sum(row["lieux"] == "0" for row in rows)
    html = get(site, f"/couverture?{asked}").text
    assert f"{len(empty)}\u00a0communes n’ont aucun lieu qui répond" in html


def test_outlines_of_all_of_france_are_refused_in_words(site: str) -> None:
    answer = get(site, "/couverture.geojson")

    assert answer.status_code == 422
    assert "trop grand" in answer.text


def test_a_place_is_imagined_at_a_point_of_the_map_which_is_called_by_its_commune(
    site: str,
) -> None:
    asked = f"{CREUSE}&ajout=1.8687,46.1697"
    then = communes(site, asked)

    there = next(row for row in then if row["commune"] == "Guéret")
    assert int(there["distance_avec_ajout_m"]) < 3_000
    assert "un lieu à Guéret (23), au point choisi" in get(site, f"/couverture?{asked}").text


@pytest.mark.parametrize(
    ("point", "said"),
    [("46.1697,1.8687", "longitude d’abord"), ("-40,30", "aucune commune"), ("500,99", "commune")],
)
def test_a_point_that_is_nowhere_is_refused_in_words(site: str, point: str, said: str) -> None:
    answer = get(site, f"/couverture?{CREUSE}&ajout={point}")

    assert answer.status_code == 422
    assert said in answer.text


def test_a_shade_is_told_by_a_pattern_too(site: str) -> None:
    html = get(site, f"/couverture?{CREUSE}&permanence=jeudi").text

    assert html.count("<pattern ") == 4
    assert 'fill="url(#classe-' in html
