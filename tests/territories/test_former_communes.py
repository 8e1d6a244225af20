"""The file of old communes and arrondissements: what the gazetteer may count on."""

import csv
import gzip
from collections import Counter
from pathlib import Path

FILE = Path(__file__).parents[2] / "geoservice/territories/data/former_communes.csv.gz"


def former_communes() -> list[dict[str, str]]:
    with gzip.open(FILE, "rt", encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def test_every_old_commune_says_what_it_is_now() -> None:
    assert all(len(row["code"]) == len(row["code_actuel"]) == 5 for row in former_communes())


def test_each_old_code_means_one_commune() -> None:
    codes = [row["code"] for row in former_communes()]

    assert codes == sorted(set(codes))


def test_the_arrondissements_of_the_three_cities_are_there_with_their_postal_codes() -> None:
    arrondissements = [
        row for row in former_communes() if row["type"] == "arrondissement-municipal"
    ]

    assert Counter(row["code_actuel"] for row in arrondissements) == {
        "75056": 20,
        "13055": 16,
        "69123": 9,
    }
    assert all(row["codes_postaux"] for row in arrondissements)


def test_a_commune_that_gave_its_name_up_leads_to_the_new_one() -> None:
    [row] = [row for row in former_communes() if row["nom"] == "Bellegarde-sur-Valserine"]

    assert row == {
        "code": "01033",
        "nom": "Bellegarde-sur-Valserine",
        "type": "commune-deleguee",
        "code_actuel": "01033",
        "codes_postaux": "",
    }


def test_only_vanished_communes_have_no_name() -> None:
    nameless = {row["type"] for row in former_communes() if not row["nom"]}

    assert nameless == {"ancienne-commune"}
