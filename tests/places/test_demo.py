"""The demonstration: invented places that nobody can take for real ones, on real communes."""

import csv
import gzip
import json
import re
import runpy
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from shapely.geometry import Point, shape
from shapely.geometry.base import BaseGeometry

from geoservice.places.typologies import Typologie
from geoservice.places.vocabulary import (
    Dispositif,
    FormationLabel,
    Frais,
    Itinerance,
    ModaliteAcces,
    ModaliteAccompagnement,
    PriseEnCharge,
    Public,
    Service,
    Vocabulary,
)
from geoservice.places.vocabulary_extension import Equipement, Langue
from opening_hours import OpeningHours

ROOT = Path(__file__).parents[2]
DEMO = ROOT / "import/demo"

VOCABULARIES: dict[str, type[Vocabulary]] = {
    "typologie": Typologie,
    "itinerance": Itinerance,
    "services": Service,
    "publics_specifiquement_adresses": Public,
    "prise_en_charge_specifique": PriseEnCharge,
    "frais_a_charge": Frais,
    "dispositif_programmes_nationaux": Dispositif,
    "formations_labels": FormationLabel,
    "modalites_acces": ModaliteAcces,
    "modalites_accompagnement": ModaliteAccompagnement,
    "equipements": Equipement,
    "langues": Langue,
}


@cache
def places() -> list[dict[str, Any]]:
    return json.loads((DEMO / "lieux.json").read_text(encoding="utf-8"))


@cache
def communes() -> dict[str, dict[str, str]]:
    with (DEMO / "territoires/communes.csv").open(encoding="utf-8", newline="") as lines:
        return {row["code"]: row for row in csv.DictReader(lines)}


def outlines(name: str) -> dict[str, BaseGeometry]:
    packed = (DEMO / f"territoires/{name}.geojson.gz").read_bytes()
    features = json.loads(gzip.decompress(packed))["features"]
    return {f["properties"]["code"]: shape(f["geometry"]) for f in features}


def test_the_file_is_what_its_script_writes() -> None:
    script = runpy.run_path(str(ROOT / "scripts/make_demo_places.py"))

    assert script["lieux_json"]() == (DEMO / "lieux.json").read_text(encoding="utf-8")


def test_every_place_says_that_it_is_invented() -> None:
    assert all(re.search(r"démonstration|\(exemple\)", place["nom"]) for place in places())
    assert all("inventé" in place["presentation_resume"] for place in places())


def test_no_contact_can_reach_anybody() -> None:
    for place in places():
        assert re.fullmatch(r"(\+3363998\d{4})?", place.get("telephone", ""))
        for address in place.get("courriels", "").split("|"):
            assert re.fullmatch(r"([a-z0-9.-]+@exemple\.fr)?", address)
        for field in ("site_web", "prise_rdv", "fiche_acces_libre"):
            assert place.get(field, "https://www.exemple.fr/").startswith("https://www.exemple.fr/")


def test_no_two_places_share_a_number_or_a_name() -> None:
    assert len(places()) == len({p["id"] for p in places()}) == len({p["nom"] for p in places()})


def test_four_departements_of_which_one_is_overseas_have_places() -> None:
    here = {communes()[p["code_insee"]]["departement"] for p in places() if "code_insee" in p}

    assert here == {"04", "23", "57", "974"}


@pytest.mark.parametrize("field", VOCABULARIES)
def test_every_value_is_published(field: str) -> None:
    written = {value for p in places() if field in p for value in p[field].split("|")}

    assert written
    assert written <= {member.value for member in VOCABULARIES[field]}


def test_every_place_lies_in_its_commune() -> None:
    outline = outlines("communes")

    for place in places():
        if "code_insee" in place:
            point = Point(place["longitude"], place["latitude"])
            assert outline[place["code_insee"]].contains(point), place["nom"]


def test_a_summary_holds_in_280_characters() -> None:
    assert max(len(place["presentation_resume"]) for place in places()) <= 280


def test_the_hours_are_written_in_every_shape_and_can_be_read() -> None:
    written = {place["horaires"] for place in places() if "horaires" in place}

    for hours in written:
        OpeningHours(hours)
    every = " ".join(written)
    for shape_of_hours in (
        ",14:00",
        "Sa[1,3]",
        "week 0",
        "SH",
        "PH off",
        "Apr-Sep",
        "24/7",
        "rendez",
    ):
        assert shape_of_hours in every


def test_one_place_in_ten_or_so_has_no_hours() -> None:
    without = sum("horaires" not in place for place in places())

    assert 0.05 < without / len(places()) < 0.15


def test_the_gazetteer_has_every_outline_that_its_table_names() -> None:
    assert set(outlines("communes")) == set(communes())
    assert set(outlines("epci")) == {row["epci"] for row in communes().values()} - {""}


def test_the_small_map_shows_the_whole_of_france() -> None:
    assert len(outlines("departements")) == 101
    assert len(outlines("regions")) == 18


@pytest.mark.parametrize("name", ["communes", "epci", "departements", "regions"])
def test_simplified_outlines_are_still_valid(name: str) -> None:
    assert all(outline.is_valid for outline in outlines(name).values())


def test_the_point_of_a_commune_is_still_inside_it() -> None:
    outline = outlines("communes")

    for code, row in communes().items():
        assert outline[code].contains(Point(float(row["longitude"]), float(row["latitude"]))), code


def test_the_gazetteer_of_the_demonstration_stays_small() -> None:
    sizes = {path.name: path.stat().st_size for path in (DEMO / "territoires").iterdir()}

    assert sum(sizes.values()) < 1_500_000
    assert sizes["departements.geojson.gz"] + sizes["regions.geojson.gz"] < 150_000
