"""What other columns say is used where the text is silent."""

from __future__ import annotations

import pytest
from french_hours.reading import Context, UnreadableContext, read, read_week

WORKDAYS = Context(days=("Mo", "Tu", "We", "Th", "Fr"))


@pytest.mark.parametrize(
    ("text", "osm"),
    [
        ("9h-12h et 14h-17h", "Mo-Fr 09:00-12:00,14:00-17:00"),
        ("9h-12h 14h-17h fermé le mercredi matin", "Mo,Tu,Th,Fr 09:00-12:00,14:00-17:00; We 14:00-17:00"),
        ("8h-17h sauf le vendredi 8h-12h 13h-16h30", "Mo-Th 08:00-17:00; Fr 08:00-12:00,13:00-16:30"),
        ("9h-12h – 17h (16h le vendredi)", "truncated"),
        ("9h-17h (16h le vendredi)", "Mo-Th 09:00-17:00; Fr 09:00-16:00"),
    ],
)  # fmt: skip
def test_a_column_of_days_gives_the_days(text: str, osm: str) -> None:
    reading = read(text, WORKDAYS)

    assert (reading.osm or reading.reason) == osm


def test_days_in_the_text_are_truer_than_the_column() -> None:
    assert read("Samedi 10h-12h", WORKDAYS).osm == "Sa 10:00-12:00"


def test_an_answer_that_leans_on_a_column_is_less_sure() -> None:
    assert read("9h-12h", WORKDAYS).confidence < read("Lundi au vendredi 9h-12h").confidence


@pytest.mark.parametrize(
    ("cell", "osm"),
    [
        ("7 : 30 - 11 : 30 / 12 : 30 - 15 :30", "Tu 07:30-11:30,12:30-15:30"),
        ("8:-11:/13:-17:", "Tu 08:00-11:00,13:00-17:00"),
        ("8:30-12- /14: - 17:30", "Tu 08:30-12:00,14:00-17:30"),
        ("9-12/14-18", "Tu 09:00-12:00,14:00-18:00"),
        ("12h3019h", "Tu 12:30-19:00"),
        ("14 15 h et 16 19h", "Tu 14:00-15:00,16:00-19:00"),
        ("8h à 12h &amp; 13h30 à 17h30", "Tu 08:00-12:00,13:30-17:30"),
        ("7:00-11:30 et pas d'accueil en apres midi", "Tu 07:00-11:30"),
        ("Fermé  le matin - 13h30 à 18h", "Tu 13:30-18:00"),
        ("9h30 à 12h30*-*fermé vacances", "Tu 09:30-12:30; SH off"),
        ("09:00-12:00 hors premier mardi du mois", "Tu 09:00-12:00; Tu[1] off"),
        ("9h-12h / Après-midi sur RDV", "Tu 09:00-12:00"),
        ("Permanence de 13h à 16h 1 Semaine /2", 'Tu 13:00-16:00 unknown "1 semaine sur 2"'),
        ("Juillet-août : 10h-12h", "Jul-Aug Tu 10:00-12:00"),
        ("10: à 18: (en continu)", "Tu 10:00-18:00"),
        ("Samedi 9h-12h", "contradiction"),
        ("18h", "start_only"),
    ],
)
def test_the_cell_of_one_day_is_read(cell: str, osm: str) -> None:
    reading = read(cell, Context(day="Tu"))

    assert (reading.osm or reading.reason) == osm


def test_a_column_of_weeks_gives_the_weeks() -> None:
    reading = read("Mo 09:30-12:30; PH off", Context(week="Semaine impaire"))

    assert reading.osm == "week 1-53/2 Mo 09:30-12:30; PH off"


def test_an_unknown_day_in_the_context_is_said() -> None:
    with pytest.raises(UnreadableContext, match="Sun"):
        Context(day="Sun")


def test_a_week_in_columns_is_read() -> None:
    week = {"Mo": "Fermé", "Tu": "10h à 17h", "We": "10h à 18h", "Th": "10h à 17h", "Fr": "10h à 17h", "Sa": " "}  # fmt: skip

    assert read_week(week).osm == "Tu,Th,Fr 10:00-17:00; We 10:00-18:00"


def test_mornings_and_afternoons_in_columns_are_read() -> None:
    week = {"Mo": ["9h-12h", "14h-17h"], "Tu": ["9h-12h", ""], "We": "09:00|12:00|14:00|17:00"}

    assert read_week(week).osm == "Mo,We 09:00-12:00,14:00-17:00; Tu 09:00-12:00"


def test_a_closed_half_of_a_day_leaves_the_hours_of_the_other() -> None:
    week = {
        "Mo": ["fermé", "14h-19h"],
        "Tu": ["9h-12h", "Fermé au public"],
        "We": ["Fermé", "fermé"],
        "Th": ["9h-12h", "fermé en août"],
        "Fr": ["9h-12h", "9h-12h"],
    }

    assert read_week(week).osm == "Mo 14:00-19:00; Tu,Th,Fr 09:00-12:00; Aug Th off"


def test_one_bad_cell_does_not_lose_the_week() -> None:
    reading = read_week({"Mo": "9h-12h", "Tu": "voir planning", "We": "9h-12h"})

    assert reading.osm == 'Mo,We 09:00-12:00; Tu unknown "voir planning"'
    assert reading.confidence < 0.9


def test_a_closure_in_one_cell_is_of_that_day() -> None:
    week = {"Mo": "9h-12h (fermé pendant les vacances scolaires)", "Tu": "9h-12h"}

    assert read_week(week).osm == "Mo,Tu 09:00-12:00; SH Mo off"


def test_a_week_without_any_hours_is_refused() -> None:
    assert read_week({"Mo": "|||", "Tu": ""}).reason == "no_hours"
