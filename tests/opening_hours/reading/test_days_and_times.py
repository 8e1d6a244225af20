"""Days, ranges and times, in the notations that people use."""

from __future__ import annotations

import pytest
from french_hours.reading import read


@pytest.mark.parametrize(
    ("text", "osm"),
    [
        ("Du mardi au vendredi de 9h à 12h30", "Tu-Fr 09:00-12:30"),
        ("Lundi-Vendredi : 10h-18h", "Mo-Fr 10:00-18:00"),
        ("lundi au jeudi 9h-12h", "Mo-Th 09:00-12:00"),
        ("du lundi à vendredi, 9h-12h", "Mo-Fr 09:00-12:00"),
        ("La semaine de 8h30 à 12h et le samedi de 9h à 11h", "Mo-Fr 08:30-12:00; Sa 09:00-11:00"),
        (
            "En semaine de 9h à 18h, le week-end de 10h à 16h",
            "Mo-Fr 09:00-18:00; Sa,Su 10:00-16:00",
        ),
        ("Tous les jours de 9h à 20h", "Mo-Su 09:00-20:00"),
        ("7j/7 de 8h à 20h", "Mo-Su 08:00-20:00"),
        ("Ouvert 7 jours sur 7, 24 heures sur 24", "Mo-Su 00:00-24:00"),
        ("lu au ve 09:00 19:00", "Mo-Fr 09:00-19:00"),
        (
            "Lun-Ven : 9h-12h / 14h-18h ; Sam : 9h-12h",
            "Mo-Fr 09:00-12:00,14:00-18:00; Sa 09:00-12:00",
        ),
        ("lun. au ven. de 9h à 12h", "Mo-Fr 09:00-12:00"),
        ("L au V 8h30-19h", "Mo-Fr 08:30-19:00"),
    ],
)
def test_a_range_of_days_is_read(text: str, osm: str) -> None:
    assert read(text).osm == osm


@pytest.mark.parametrize(
    ("text", "osm"),
    [
        ("Les lundis et jeudis de 9h à 12h", "Mo,Th 09:00-12:00"),
        ("MARDI, VENDREDI : 8h30 a 12h30", "Tu,Fr 08:30-12:30"),
        ("lundi/mardi/jeudi 9h-12h", "Mo,Tu,Th 09:00-12:00"),
        ("Lundi, Mardi & Jeudi : 9h00 > 12h00", "Mo,Tu,Th 09:00-12:00"),
        ("lundi / et mardi 9h-12h", "Mo,Tu 09:00-12:00"),
        ("Lundi Mardi : 9h-12h", "Mo,Tu 09:00-12:00"),
        ("mar-mer-jeu-ven 10h-12h", "Tu-Fr 10:00-12:00"),
        ("Mecredi et vendedi : 9h-12h", "We,Fr 09:00-12:00"),
        ("lundi, merdi et eudi de 9h à 12h", "Mo,Tu,Th 09:00-12:00"),
    ],
)
def test_a_list_of_days_is_read(text: str, osm: str) -> None:
    assert read(text).osm == osm


def test_dashes_list_the_days_where_a_chain_of_three_does() -> None:
    text = "lundi - mardi - jeudi 9h-12h, mercredi - vendredi 14h-17h"

    assert read(text).osm == "Mo,Tu,Th 09:00-12:00; We,Fr 14:00-17:00"


def test_a_dash_lists_two_days_where_the_day_between_has_its_own_hours() -> None:
    text = "Mardi-jeudi et vendredi 9h-12h\nMercredi et samedi 14h-17h"

    assert read(text).osm == "Tu,Th,Fr 09:00-12:00; We,Sa 14:00-17:00"


@pytest.mark.parametrize(
    "notation",
    [
        "8h30-12h", "8h30 à 12h", "de 8h30 à 12h00", "08:30-12:00", "8 h 30 - 12 h", "08.30-12:00",
        "8h30/12h", "8h30 12h", "8h30–12h", "8:30 > 12:", "8 heures 30 à 12 heures", "de 8h30 à midi",
        "8h30h-12h", "8h030-12h00", "8h30 à 12", "8h30-1200", "8h30è12h", "du 8h30 à 12h",
        "8h30 jusqu’à 12h", "entre 8h30 et 12h", "08:30:00-12:00:00", "8h30 a12h", "8h30hà12h",
    ],
)  # fmt: skip
def test_a_range_of_times_is_read_in_every_notation(notation: str) -> None:
    assert read(f"Mardi {notation}").osm == "Tu 08:30-12:00"


@pytest.mark.parametrize(
    "notation",
    [
        "9h-12h / 14h-17h", "9h/12h - 14h/17h", "9h 12h 14h 17h", "9h12h 14h17h", "9-12h et 14-17h",
        "de 9h à 12h puis de 14h à 17h", "9h-12h\n14h-17h", "9h-12h-14h-17h", "9h-12h à 14h-17h",
        "9-12/14-17", "9h,12/ 14h-17h", "9h à 12h & 14h à 17h", "9 12 h et 14 17 h", "9h-12h | 14h-17h",
        "matin 9h-12h, après-midi 14h-17h", "9h - 12h ; 14h - 17h", "de 9 h. à 12 h. et de 14 h. à 17 h.",
    ],
)  # fmt: skip
def test_two_ranges_in_a_day_are_read_in_every_notation(notation: str) -> None:
    assert read(f"Jeudi : {notation}").osm == "Th 09:00-12:00,14:00-17:00"


@pytest.mark.parametrize(
    ("text", "osm"),
    [
        ("Le mardi de midi à 14h", "Tu 12:00-14:00"),
        ("lundi 7 heures-8 heures 10 heures-11 heures", "Mo 07:00-08:00,10:00-11:00"),
        ("vendredi de 18h à minuit", "Fr 18:00-24:00"),
        ("vendredi 20h-2h", "Fr 20:00-02:00"),
        ("jeudi de 14h à 15h30, et 15h30 à 17h", "Th 14:00-17:00"),
        ("lundi 10:00-11-00", "Mo 10:00-11:00"),
        ("Mar : 14h-19hMer :14h-18h", "Tu 14:00-19:00; We 14:00-18:00"),
        ("du lundi au vendredi de 9h 0 12h", "Mo-Fr 09:00-12:00"),
    ],
)
def test_an_unusual_time_is_read(text: str, osm: str) -> None:
    assert read(text).osm == osm


@pytest.mark.parametrize(
    ("text", "osm"),
    [
        ("9h-12h et 14h-18h du lundi au vendredi", "Mo-Fr 09:00-12:00,14:00-18:00"),
        ("De 9h à 12h le lundi, de 14h à 17h le mardi", "Mo 09:00-12:00; Tu 14:00-17:00"),
        ("8h-12h du lundi au samedi et 14h-17h le mercredi", "Mo,Tu,Th-Sa 08:00-12:00; We 08:00-12:00,14:00-17:00"),
        ("14h-17h (mardi et jeudi)", "Tu,Th 14:00-17:00"),
        ("9h-12h du lundi au vendredi\nsamedi 10h-12h", "Mo-Fr 09:00-12:00; Sa 10:00-12:00"),
    ],
)  # fmt: skip
def test_times_said_before_their_days_are_read(text: str, osm: str) -> None:
    assert read(text).osm == osm


@pytest.mark.parametrize(
    ("text", "osm"),
    [
        ("Lundi\n9h00 - 12h00\n14h00 - 17h00\nMardi\n9h00 - 12h00", "Mo 09:00-12:00,14:00-17:00; Tu 09:00-12:00"),
        ("jeudi 13:00–16:00\nvendredi 08:30–12:00\nlundi 08:30–12:00", "Mo,Fr 08:30-12:00; Th 13:00-16:00"),
        ("Lundi et mardi : 9h-12h Mercredi : 14h-17h", "Mo,Tu 09:00-12:00; We 14:00-17:00"),
        ("Lundi, mardi et vendredi 9h-12h et vendredi 14h-15h", "Mo,Tu 09:00-12:00; Fr 09:00-12:00,14:00-15:00"),
        ("Lundi-Vendredi 8h-12h\nLundi-Vendredi 13h-17h", "Mo-Fr 08:00-12:00,13:00-17:00"),
        ("Du mardi au vendredi 10h-12h et 14h-18h / Jeudi : 14h-18h", "Tu,We,Fr 10:00-12:00,14:00-18:00; Th 14:00-18:00"),
        ("Mardi et jeudi matin : 9h-12h\nMercredi après-midi : 14h-17h", "Tu,Th 09:00-12:00; We 14:00-17:00"),
        ("Mairie : lundi 9h-12h, Bibliothèque : mardi 14h-17h", "Mo 09:00-12:00; Tu 14:00-17:00"),
    ],
)  # fmt: skip
def test_several_blocks_are_read(text: str, osm: str) -> None:
    assert read(text).osm == osm


def test_the_desk_of_an_activity_inside_the_hours_does_not_replace_them() -> None:
    text = "Lundi : 9h-17h\nMardi : 9h-12h\nPermanence animateur : lundi et mardi de 10h à 12h"

    assert read(text).osm == "Mo 09:00-17:00; Tu 09:00-12:00"


def test_the_telephone_desk_is_not_an_opening() -> None:
    text = "Accueil téléphonique : du lundi au vendredi 9h-17h\nAccueil du public : mardi 9h-12h"

    assert read(text).osm == "Tu 09:00-12:00"


def test_hours_for_coworkers_are_not_for_everybody() -> None:
    text = "Lundi et mardi 9h-12h. Ouvert 24h/24 - 7j/7 pour les coworkers"

    assert read(text).osm == "Mo,Tu 09:00-12:00"


def test_names_addresses_and_telephones_are_skipped() -> None:
    text = (
        "Ateliers le mercredi de 14h à 15H30, à la Palette. Téléphone : 06 39 98 12 34 "
        "ou contact@exemple.fr. Adresse : 9 place de la Poste, 64000 Pau (de 16 à 25 ans, 10 €)."
    )

    assert read(text).osm == "We 14:00-15:30"
