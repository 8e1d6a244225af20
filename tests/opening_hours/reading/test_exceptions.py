"""Closed half-days, exceptions and appointments."""

from __future__ import annotations

import pytest
from french_hours.reading import read


@pytest.mark.parametrize(
    ("text", "osm"),
    [
        ("Du lundi au vendredi 9h-12h et 14h-17h sauf le mercredi après-midi", "Mo,Tu,Th,Fr 09:00-12:00,14:00-17:00; We 09:00-12:00"),
        ("Du lundi au vendredi 9h-12h, 14h-17h\nfermeture le mercredi après-midi", "Mo,Tu,Th,Fr 09:00-12:00,14:00-17:00; We 09:00-12:00"),
        ("Fermé le lundi matin. Du lundi au vendredi de 9h à 12h et de 14h à 17h", "Mo 14:00-17:00; Tu-Fr 09:00-12:00,14:00-17:00"),
        ("Du lundi au vendredi (fermé le mercredi) de 8h30 à 17h", "Mo,Tu,Th,Fr 08:30-17:00"),
        ("Du lundi au vendredi sauf le mercredi de 9h à 12h", "Mo,Tu,Th,Fr 09:00-12:00"),
        ("Ouvert tous les jours de 9h à 18h excepté le mardi", "Mo,We-Su 09:00-18:00"),
        ("Lundi : fermé\nMardi : 9h-12h", "Tu 09:00-12:00"),
        ("Lundi : 9h-12h / 14h-17h\nMardi : fermé au public le matin / 14h-17h", "Mo 09:00-12:00,14:00-17:00; Tu 14:00-17:00"),
        ("Lundi au samedi 9h-19h, fermé de 12h à 14h", "Mo-Sa 09:00-12:00,14:00-19:00"),
        ("Lundi 14h-17h – Fermé le lundi matin.", "Mo 14:00-17:00"),
        ("Mardi de 14h à 17h (sauf le 1er mardi du mois)", "Tu 14:00-17:00; Tu[1] off"),
        ("Fermé le lundi. Du mardi au samedi de 10h à 18h.", "Tu-Sa 10:00-18:00"),
        ("Mardi 9h-12h et 14h-17h, accueil à la Ferme de l'Hôpital", "Tu 09:00-12:00,14:00-17:00"),
    ],
)  # fmt: skip
def test_what_is_closed_is_not_open(text: str, osm: str) -> None:
    assert read(text).osm == osm


@pytest.mark.parametrize(
    ("text", "osm"),
    [
        ("lundi au vendredi 9h-12h et 14h-17h, sauf le mercredi, de 9h à 12h", "Mo,Tu,Th,Fr 09:00-12:00,14:00-17:00; We 09:00-12:00"),
        ("Lundi au vendredi 8h30-12h / 13h30-17h (16h le vendredi)", "Mo-Th 08:30-12:00,13:30-17:00; Fr 08:30-12:00,13:30-16:00"),
        ("Lundi au vendredi : 9h-12h / 14h-18h, jusqu'à 20h le jeudi", "Mo-We,Fr 09:00-12:00,14:00-18:00; Th 09:00-12:00,14:00-20:00"),
        ("Lundi au vendredi 8h30-17h30. Fermeture à 16h30 le vendredi.", "Mo-Th 08:30-17:30; Fr 08:30-16:30"),
        ("Lundi au vendredi 9h-17h (sauf vendredi : 16h)", "Mo-Th 09:00-17:00; Fr 09:00-16:00"),
    ],
)  # fmt: skip
def test_a_day_with_other_hours_has_its_own(text: str, osm: str) -> None:
    assert read(text).osm == osm


@pytest.mark.parametrize(
    ("text", "osm"),
    [
        ("Mardi 9h-12h sur rendez-vous", 'Tu 09:00-12:00 open "sur rendez-vous"'),
        ("Ouverture sur RDV lundi 13h-17h\nMardi 13h-18h", 'Mo 13:00-17:00 open "sur rendez-vous"; Tu 13:00-18:00 open "sur rendez-vous"'),
        ("Lundi 9h-12h sans rdv, 14h-17h sur rdv", 'Mo 09:00-12:00, Mo 14:00-17:00 open "sur rendez-vous"'),
        ("SANS RENDEZ-VOUS mardi : 8h-12h / AVEC RENDEZ-VOUS mardi : 14h-16h", 'Tu 08:00-12:00, Tu 14:00-16:00 open "sur rendez-vous"'),
        ("Lundi : 9h-12h Mardi (uniquement sur rendez-vous) : 9h-12h Jeudi : 9h-12h", 'Mo,Th 09:00-12:00; Tu 09:00-12:00 open "sur rendez-vous"'),
        ("Lundi 9h-12h / 14h-17h (sur RDV l'après-midi)", 'Mo 09:00-12:00, Mo 14:00-17:00 open "sur rendez-vous"'),
        ("Le lundi de 9h à 12h et sur rendez-vous.", "Mo 09:00-12:00"),
        ("Lundi 9h-12h et l'après-midi sur rendez-vous", "Mo 09:00-12:00"),
        ("Lundi : 9h-12h\nMardi : sur rendez-vous", "Mo 09:00-12:00"),
    ],
)  # fmt: skip
def test_hours_by_appointment_are_said_so(text: str, osm: str) -> None:
    reading = read(text)

    assert reading.osm == osm
    assert reading.by_appointment


def test_an_afternoon_exception_does_not_take_the_morning() -> None:
    text = "Sans rendez-vous les matins du lundi au vendredi de 8h à 12h et sur rendez-vous les après-midi sauf le jeudi."

    assert read(text).osm == "Mo-Fr 08:00-12:00"


def test_walk_in_hours_inside_appointment_hours_stay_walk_in() -> None:
    text = "Vendredi de 10h à 12h.\nVendredi : 9h-17h sur rdv"

    assert read(text).osm == 'Fr 10:00-12:00, Fr 09:00-10:00,12:00-17:00 open "sur rendez-vous"'


def test_advised_appointments_do_not_make_hours_by_appointment() -> None:
    assert not read("Mardi 9h-12h. Prise de rendez-vous conseillée").by_appointment
