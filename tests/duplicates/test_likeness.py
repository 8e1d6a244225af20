"""Whether two places are one: laws of the score, guards, and the labelled pairs."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geoservice.duplicates import actions, addresses
from geoservice.duplicates.addresses import read_address
from geoservice.duplicates.likeness import DISTINCT, REVIEW, SAME, compare
from geoservice.duplicates.names import read_name
from tests.duplicates.conftest import profile

names = st.sampled_from(
    ["Médiathèque des Ormes", "MEDIATHEQUE LES ORMES", "CCAS", "Mairie", "France Services",
     "Espace Simone", "Bibliothèque Hugo", "La Poste", "Digne-les-Bains", ""]
)  # fmt: skip
profiles = st.builds(
    profile,
    source=st.sampled_from(["first", "second"]),
    name=names,
    address=st.none()
    | st.sampled_from(["7 rue des Ormes", "7, Rue Ormes", "place de la mairie", "12 bd Hugo"]),
    lon=st.none() | st.floats(6.2, 6.3),
    phone=st.none() | st.sampled_from(["+33492000000", "+33492000001"]),
    emails=st.sampled_from([[], ["a@exemple.fr"], ["b@exemple.fr"]]),
    pivot=st.none() | st.sampled_from(["21040070100012", "21040070100020"]),
)


@given(one=profiles, other=profiles)
def test_likeness_is_the_same_both_ways(one: Any, other: Any) -> None:
    there, back = compare(one, other), compare(other, one)

    assert (there.score, there.band, there.features) == (back.score, back.band, back.features)
    assert 0 <= there.score <= 1


@given(one=profiles, other=profiles)
def test_only_what_both_places_know_is_compared(one: Any, other: Any) -> None:
    # the rest of two places whose names have nothing in common is not even read
    features = compare(one, replace(other, name=one.name)).features

    assert ("distance" in features) <= (one.lon is not None and other.lon is not None)
    assert ("téléphone" in features) == (one.phone is not None and other.phone is not None)
    assert ("siret" in features) == (one.siret is not None and other.siret is not None)


def test_a_place_listed_by_two_sources_is_one() -> None:
    same = profile(
        source="second", name="MEDIATHEQUE LES ORMES", address="7, Rue des Ormes", lon=6.2358
    )

    assert compare(profile(), same).band == SAME


def test_one_name_at_one_door_is_one_place_wherever_the_points_are() -> None:
    silent: dict[str, Any] = {"phone": None, "emails": []}

    assert compare(profile(**silent), profile(lon=6.2606, **silent)).band == SAME
    # …unless something else says that they are two
    other = profile(lon=6.2606, phone="+33492000009", emails=[])
    assert compare(profile(emails=[]), other).band == REVIEW


def test_two_names_with_one_door_and_the_same_contacts_are_one_place() -> None:
    named: dict[str, Any] = {"name": "Médiathèque Victor Hugo", "typologies": []}
    town = profile(name="Médiathèque de Digne-les-Bains", typologies=[])

    assert compare(town, profile(**named)).band == SAME
    assert compare(town, profile(phone="+33492000009", **named)).band == REVIEW


def test_a_commune_has_one_town_hall() -> None:
    here = profile(name="Mairie de Digne-les-Bains", address="1 place Hugo", phone=None)
    there: dict[str, Any] = {
        "name": "Commune de Digne-les-Bains",
        "address": "Hôtel de ville, bourg",
    }

    assert compare(here, profile(phone=None, **there)).band == SAME
    assert compare(here, profile(phone=None, emails=[], **there)).band == REVIEW


def test_a_web_site_is_one_whatever_way_it_is_written() -> None:
    ways = ("https://www.Exemple.fr/", "http://exemple.fr", "https://exemple.fr")

    assert {actions.site(way) for way in ways} == {"exemple.fr"}


def test_missing_coordinates_never_count_as_near() -> None:
    other: dict[str, Any] = {"address": None, "phone": None, "emails": []}
    lost = profile(source="second", lon=None, lat=None, **other)
    verdict = compare(profile(**other), lost)

    assert "distance" not in verdict.features
    assert verdict.band == REVIEW


def test_a_missing_telephone_changes_nothing() -> None:
    name = "Médiathèque Ormes et Tilleuls"
    without = compare(profile(phone=None), profile(name=name, phone=None))
    one_side = compare(profile(), profile(name=name, phone=None))

    assert without.score == one_side.score


@pytest.mark.parametrize(
    "name", ["Mairie de Digne-les-Bains", "CCAS", "France Services", "Point information jeunesse"]
)
def test_services_that_share_a_siret_and_an_address_stay_apart(name: str) -> None:
    siret = "21040070100012"
    verdict = compare(profile(pivot=siret), profile(source="second", name=name, pivot=siret))

    assert verdict.band == DISTINCT
    assert any("services différents" in guard for guard in verdict.guards)


def test_the_sites_of_a_network_stay_apart() -> None:
    here = profile(name="Mission locale angevine - Antenne Roseraie")
    there = profile(name="Mission locale angevine - Antenne Monplaisir", address=None)

    assert compare(here, there).band != SAME
    assert "roseraie" in " ".join(compare(here, there).guards)


def test_the_same_name_at_two_kilometres_is_two_places() -> None:
    assert compare(profile(), profile(address="3 place Hugo", lon=6.2606)).band == DISTINCT


def test_the_same_siret_under_another_name_is_for_somebody_to_look_at() -> None:
    renamed = profile(source="second", name="Espace Simone Veil", pivot="21040070100012")

    assert compare(profile(name="Le Lieu", pivot="21040070100012"), renamed).band != SAME


def test_the_same_siret_at_two_addresses_is_two_places() -> None:
    siret = "21040070100012"
    elsewhere = profile(pivot=siret, address="2 place Hugo", lon=6.26)

    assert compare(profile(pivot=siret), elsewhere).band == DISTINCT


def test_a_source_is_believed_when_it_lists_two_places_that_look_alike() -> None:
    other: dict[str, Any] = {
        "name": "Médiathèque Ormes centre",
        "phone": None,
        "emails": ["contact@ormes.exemple.fr"],
    }
    within = compare(profile(), profile(**other))
    across = compare(profile(), profile(source="second", **other))

    assert within.score == across.score
    assert (within.band, across.band) != (SAME, DISTINCT)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("7 rue des Ormes", "7, Rue des Ormes", 1.0),
        ("90 avenue Maginot", "90 Avenue André Maginot", 1.0),
        ("4/6 place Jean Jaurès", "4-6 Place Jean Jaures", 1.0),
        ("Maison des associations, 12 bd Hugo", "12 boulevard Hugo", 1.0),
        ("36, rue Raoul Follereau", "38 rue Raoul Follereau", 0.2),
        ("Avenue Maréchal Lyautey", "32, avenue du Maréchal Lyautey", 0.7),
        ("7 rue des Ormes", "7 rue des Tilleuls", 0.0),
        ("Rue Léonard Hippolyte Roger", "rue Léonard Hyppolyte Roger, ..", 0.95),
        ("Place de la Poste", "Place de la Poste, salle 3", 0.7),
        ("Place de la mairie", "Rue de la mairie", 0.0),
    ],
)
def test_addresses_are_compared_by_number_and_street(one: str, other: str, expected: float) -> None:
    assert addresses.likeness(read_address(one), read_address(other)) == pytest.approx(expected)


def test_an_address_of_one_word_says_nothing() -> None:
    assert addresses.likeness(read_address("Bourg"), read_address("bourg")) is None


def test_an_unknown_address_is_neither_like_nor_unlike() -> None:
    assert addresses.likeness(read_address(None), read_address("7 rue des Ormes")) is None


def test_a_name_is_read_without_its_commune_its_kind_and_its_small_words() -> None:
    name = read_name(
        "MSAP – Maison de services au public de St-Étienne, quartier du Crêt", "Saint-Étienne"
    )

    assert name.kinds == {"france services"}
    assert name.own == ("quartier", "cret")


@given(text=st.text(max_size=80), commune=st.none() | st.text(max_size=20))
def test_any_name_can_be_read(text: str, commune: str | None) -> None:
    name = read_name(text, commune)

    assert set(name.own) <= set(name.words.split())
