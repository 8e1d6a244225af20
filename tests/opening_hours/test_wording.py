"""OSM said in French: for a person, and so that it can be read back."""

from __future__ import annotations

import re

import pytest
from french_hours import InvalidHours, say
from hypothesis import given, settings

from tests.opening_hours.expressions import expressions


def plain(text: str) -> str:
    return text.replace("\u00a0", " ").replace("\u202f", " ")


@pytest.mark.parametrize(
    ("osm", "french"),
    [
        (
            "Mo-Fr 09:00-12:00,14:00-17:30; Sa[1] 10:00-12:00; PH off",
            "Du lundi au vendredi de 9 h à 12 h et de 14 h à 17 h 30 ; le 1er samedi du mois de 10 h à 12 h ; fermé les jours fériés.",
        ),
        ("Mo 09:00-12:00", "Le lundi de 9 h à 12 h."),
        ("Mo,Th 09:00-12:00", "Le lundi et le jeudi de 9 h à 12 h."),
        ("Mo-We,Fr 09:05-12:00", "Du lundi au mercredi et le vendredi de 9 h 05 à 12 h."),
        ("Mo-Su 10:00-12:00", "Tous les jours de 10 h à 12 h."),
        ("Mo 09:00-15:00,14:00-19:00", "Le lundi de 9 h à 19 h."),
        ("24/7", "Tous les jours 24 h sur 24."),
        ("off", "Fermé."),
        ("Mo-Fr 09:00-12:00; We off", "Le lundi, le mardi, le jeudi et le vendredi de 9 h à 12 h."),
        ("Mo-Fr 08:00-18:00; Tu 12:00-14:00 off", "Le lundi et du mercredi au vendredi de 8 h à 18 h ; le mardi de 8 h à 12 h et de 14 h à 18 h."),
        ("Fr 22:00-02:00", "Le vendredi de 22 h à 2 h."),
        ("Mo 20:00-24:00", "Le lundi de 20 h à minuit."),
        (
            "week 1-53/2 Mo 10:00-12:00; week 2-52/2 Mo 14:00-16:00",
            "Les semaines impaires, le lundi de 10 h à 12 h ; les semaines paires, le lundi de 14 h à 16 h.",
        ),
        ("Tu 09:00-12:00; Tu[1] 14:00-17:00", "Le mardi de 9 h à 12 h ; sauf le 1er mardi du mois de 14 h à 17 h."),
        ("Mo-Fr 09:00-12:00, week 2-52/2 We 14:00-17:00", "Du lundi au vendredi de 9 h à 12 h ; et aussi les semaines paires, le mercredi de 14 h à 17 h."),
        ("Th[1,3] 09:00-12:00", "Les 1er et 3e jeudis du mois de 9 h à 12 h."),
        ("Fr[-1] 09:00-12:00", "Le dernier vendredi du mois de 9 h à 12 h."),
        ("Mo-Fr 09:00-12:00; SH Mo-Fr 10:00-19:00", "Du lundi au vendredi de 9 h à 12 h ; pendant les vacances scolaires, du lundi au vendredi de 10 h à 19 h."),
        ("Mo-Fr 09:00-12:00; SH off", "Du lundi au vendredi de 9 h à 12 h ; fermé pendant les vacances scolaires."),
        ("Mo-Fr,PH 10:00-12:00", "Du lundi au vendredi de 10 h à 12 h ; les jours fériés de 10 h à 12 h."),
        ("Jul-Aug Mo-Sa 10:00-12:00", "En juillet et août, du lundi au samedi de 10 h à 12 h."),
        ("Sep-Jun Mo 10:00-12:00", "De septembre à juin, le lundi de 10 h à 12 h."),
        ("Apr-Sep Mo 10:00-12:00", "D’avril à septembre, le lundi de 10 h à 12 h."),
        ("Mo 10:00-12:00; Aug off", "Le lundi de 10 h à 12 h ; fermé en août."),
        ("Mo 10:00-12:00; Aug 01-15 off", "Le lundi de 10 h à 12 h ; fermé du 1er au 15 août."),
        ("Mo 10:00-12:00; 2026 Dec 24-2027 Jan 02 off", "Le lundi de 10 h à 12 h ; fermé du 24 décembre 2026 au 2 janvier 2027."),
        ("2026 Sep 08 10:00-12:00", "Le 8 septembre 2026 de 10 h à 12 h."),
        ('Tu 14:00-17:00 "sur rendez-vous"', "Le mardi de 14 h à 17 h, sur rendez-vous."),
        ('Mo 09:00-12:00, Mo 14:00-17:00 "sur rdv"', "Le lundi de 9 h à 12 h ; le lundi de 14 h à 17 h, sur rendez-vous."),
        ('"sur rendez-vous"', "Sur rendez-vous."),
        ('Mo 10:00-12:00 unknown "une semaine sur trois"', "Le lundi de 10 h à 12 h (à confirmer : une semaine sur trois)."),
        ("Mo 10:00-12:00 unknown", "Le lundi de 10 h à 12 h (à confirmer)."),
        ('Mo 10:00-12:00 open "salle du haut"', "Le lundi de 10 h à 12 h (salle du haut)."),
        ("We 10:00+", "Le mercredi à partir de 10 h."),
        ("Mo-Fr", "Du lundi au vendredi (heures non précisées)."),
        ('Mo-Fr 09:00-17:00; "Sonnez à l’entrée"', "Du lundi au vendredi de 9 h à 17 h. À noter : Sonnez à l’entrée."),
        ('Mo 09:00-12:00 || "sur rendez-vous"', "Le lundi de 9 h à 12 h ; le reste du temps, sur rendez-vous."),
        ("sunrise-sunset", "Tous les jours du lever du soleil au coucher du soleil."),
        ("Mo 10:00-12:00; easter +1 day off", "Le lundi de 10 h à 12 h ; fermé le lundi de Pâques."),
    ],
)  # fmt: skip
def test_hours_are_said_as_a_person_would(osm: str, french: str) -> None:
    assert plain(say(osm)) == french


def test_numbers_keep_their_unit_and_semicolons_their_clause() -> None:
    sentence = say("Mo 09:00-12:30; PH off")

    assert "9\u00a0h" in sentence
    assert "12\u00a0h\u00a030" in sentence
    assert "\u202f; " in sentence


def test_what_cannot_be_read_is_not_said() -> None:
    with pytest.raises(InvalidHours):
        say("n'importe quoi")


@given(expressions())
@settings(max_examples=100, deadline=None)
def test_every_expression_is_a_sentence_without_english(expression: str) -> None:
    sentence = say(expression)

    assert sentence[0].isupper()
    assert sentence.endswith(".")
    assert not re.search(r"\b(Mo|Tu|We|Th|Fr|Sa|Su|PH|SH|off|open|unknown|week)\b", sentence)
    assert "  " not in plain(sentence).replace(" ; ", ";")
