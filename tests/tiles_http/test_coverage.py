"""Coverage on tiles: how far each commune is from a place that answers."""

import shutil
import subprocess
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from geoservice.territories.actions import load
from tests.tiles_http.conftest import Get
from tests.tiles_http.makers import add_place
from tests.tiles_http.mvt import Feature, read
from tiles.arithmetic import Tile, tile_of

DIGNE = (6.2359, 44.0925)
HERE = tile_of(*DIGNE, 9)
ALPES = "territoire=departement:04"


@pytest.fixture(autouse=True)
def demonstration_territories(owner: Engine, demonstration: Path) -> None:
    with owner.begin() as connection:
        load(connection, str(demonstration / "territoires"))
        add_place(connection, "free", *DIGNE, code_insee="04070", fees=["Gratuitement"])


def address(tile: Tile, question: str = ALPES) -> str:
    return f"/tuiles/couverture/{tile.z}/{tile.x}/{tile.y}.mvt?{question}"


def communes(get: Get, question: str = ALPES, tile: Tile = HERE) -> dict[str, Feature]:
    answer = get(address(tile, question))
    assert answer.status_code == 200, answer.text
    return {one.properties["code"]: one for one in read(answer.content)["couverture"]}


def test_each_commune_says_how_far_it_is_and_how_many_answer(get: Get) -> None:
    digne = communes(get)["04070"].properties

    assert digne["nom"] == "Digne-les-Bains"
    assert digne["lieux"] == 1
    assert digne["distance_m"] < 5_000
    assert digne["classe"] == 0
    assert {one.properties["type"] for one in communes(get).values()} == {"commune"}


def test_only_the_territory_that_is_asked_for_is_shaded(get: Get) -> None:
    assert list(communes(get, "territoire=commune:04070")) == ["04070"]
    assert get(address(HERE, "territoire=departement:23")).status_code == 204


def test_where_nothing_answers_there_is_no_distance_and_the_last_class(get: Get) -> None:
    digne = communes(get, f"{ALPES}&frais=payant")["04070"].properties

    assert "distance_m" not in digne
    assert digne["classe"] == 3


def test_a_place_that_is_imagined_brings_its_commune_near(get: Get) -> None:
    asked = f"{ALPES}&frais=payant&ajout={DIGNE[0]},{DIGNE[1]}"
    digne = communes(get, asked)["04070"].properties

    assert digne["distance_avec_ajout_m"] < 5_000
    assert digne["classe"] == 0


def test_a_new_place_is_on_the_next_tile(owner: Engine, get: Get) -> None:
    before = communes(get, f"{ALPES}&frais=payant")["04070"].properties
    with owner.begin() as connection:
        add_place(connection, "paying", *DIGNE, code_insee="04070", fees=["Payant"])
    after = communes(get, f"{ALPES}&frais=payant")["04070"].properties

    assert (before["lieux"], after["lieux"]) == (0, 1)
    assert after["distance_m"] < 5_000


def test_a_commune_of_before_is_shaded_as_the_one_that_it_joined(owner: Engine, get: Get) -> None:
    with owner.begin() as connection:
        joined = connection.execute(
            text(
                "UPDATE territories SET successor = '04070' WHERE type = 'commune' AND code ="
                " (SELECT code FROM territories WHERE type = 'commune' AND departement = '04'"
                "  AND code <> '04070' ORDER BY ST_Distance(point, ST_MakePoint(6.2359, 44.0925)::geometry(Point, 4326)) LIMIT 1)"
                " RETURNING code"
            )
        ).scalar_one()
    found = communes(get)

    assert found[joined].properties["distance_m"] == found["04070"].properties["distance_m"]


def test_the_document_names_tiles_that_may_be_kept_for_ever_until_the_data_change(
    owner: Engine, get: Get
) -> None:
    described = get(f"/tuiles/couverture.json?{ALPES}&frais=gratuit").json()
    template = described["tiles"][0].removeprefix("http://carte.example")
    versioned = template.format(z=HERE.z, x=HERE.x, y=HERE.y)
    kept = get(versioned)

    assert described["vector_layers"][0]["id"] == "couverture"
    assert "immutable" in kept.headers["cache-control"]
    assert get(versioned, if_none_match=kept.headers["etag"]).status_code == 304
    with owner.begin() as connection:
        add_place(connection, "other", *DIGNE)
    assert "immutable" not in get(versioned).headers["cache-control"]


def test_what_depends_on_the_hour_is_not_kept_for_ever(get: Get) -> None:
    described = get(f"/tuiles/couverture.json?{ALPES}&ouvert=maintenant").json()
    template = described["tiles"][0].removeprefix("http://carte.example")

    answer = get(template.format(z=HERE.z, x=HERE.x, y=HERE.y))
    assert "immutable" not in answer.headers["cache-control"]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ("ou=Digne", "ne sert pas ici"),
        ("territoire=departement:999", "n’existe pas"),
        (f"{ALPES}&ajout=44.0925,6.2359", "longitude d’abord"),
        (f"{ALPES}&ajout=-40,30", "aucune commune"),
        (f"{ALPES}&frais=cadeau", "cadeau"),
    ],
)
def test_a_wrong_question_is_refused_in_words(get: Get, wrong: str, said: str) -> None:
    for path in (address(HERE, wrong), f"/tuiles/couverture.json?{wrong}"):
        answer = get(path)
        assert answer.status_code == 422
        assert said in answer.text


@pytest.mark.skipif(not shutil.which("ogrinfo"), reason="GDAL n’est pas installé (gdal-bin)")
def test_gdal_reads_these_tiles_and_finds_surfaces(get: Get, tmp_path: Path) -> None:
    file = tmp_path / "tile.mvt"
    file.write_bytes(get(address(HERE, "territoire=commune:04070")).content)

    told = subprocess.run(
        ["ogrinfo", "-al", f"MVT:{file}"], capture_output=True, text=True, check=True
    ).stdout

    assert "Layer name: couverture" in told
    assert "Feature Count: 1" in told
    assert "classe (Integer) = 0" in told
    assert "POLYGON ((" in told
