"""The words beside a place's name."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from french_hours import Hours, badge, calendar_of

OFFICE = "Mo-Fr 09:00-12:00,14:00-17:30"


def words(expression: str, moment: str, code: str = "75", zone: str = "Europe/Paris") -> str:
    hours = Hours.parse(expression, calendar_of(code))
    text = badge(hours, datetime.fromisoformat(moment).replace(tzinfo=ZoneInfo(zone)))
    return text.replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("expression", "moment", "said"),
    [
        (OFFICE, "2026-11-23T15:00", "Ouvert jusqu’à 17 h 30"),
        (OFFICE, "2026-11-23T17:10", "Ferme dans 20 min"),
        (OFFICE, "2026-11-23T17:29:40", "Ferme dans 1 min"),
        (OFFICE, "2026-11-23T12:30", "Ouvre à 14 h"),
        (OFFICE, "2026-11-23T18:00", "Ouvre demain à 9 h"),
        (OFFICE, "2026-11-28T18:00", "Ouvre lundi à 9 h"),
        ("Tu 09:00-12:00", "2026-11-22T10:00", "Ouvre mardi à 9 h"),
        ("Tu 09:00-12:00", "2026-11-24T13:00", "Ouvre mardi 1er décembre à 9 h"),
        ("2027 Jan 05 09:00-12:00", "2026-11-24T13:00", "Ouvre mardi 5 janvier 2027 à 9 h"),
        ("Mo-Fr 09:00-12:00; PH off", "2026-11-10T13:00", "Ouvre jeudi à 9 h"),
        ("Mo-Su 20:00-02:00", "2026-11-22T23:00", "Ouvert jusqu’à 2 h"),
        ("Mo 20:00-24:00", "2026-11-23T21:00", "Ouvert jusqu’à minuit"),
        ("24/7", "2026-11-22T10:00", "Ouvert 24 h sur 24"),
        ("24/7; Aug off", "2026-11-22T10:00", "Ouvert"),
        ("off", "2026-11-22T10:00", "Fermé"),
        ('Mo 09:00-12:00 "sur rendez-vous"', "2026-11-23T10:00", "Sur rendez-vous jusqu’à 12 h"),
        ('Mo 09:00-12:00 "sur rendez-vous"', "2026-11-23T08:00", "Sur rendez-vous à 9 h"),
        ('"sur rendez-vous"', "2026-11-23T08:00", "Sur rendez-vous"),
        ("Mo 09:00-12:00 unknown", "2026-11-23T10:00", "Horaires inconnus : mieux vaut téléphoner"),
        ("Mo 09:00-12:00 unknown", "2026-11-22T10:00", "Fermé, à confirmer demain à 9 h"),
        ("Mo 14:00-17:00+", "2026-11-23T15:00", "Ouvert jusqu’à 17 h au moins"),
        (
            'Mo 09:00-12:00 open "a", Mo 12:00-14:00 open "b"',
            "2026-11-23T11:50",
            "Ouvert jusqu’à 14 h",
        ),
        ('Mo 09:00-12:00, Mo 12:00-14:00 "rdv"', "2026-11-23T11:50", "Ouvert jusqu’à 12 h"),
    ],
)
def test_the_badge_says_what_one_wants_to_know(expression: str, moment: str, said: str) -> None:
    assert words(expression, moment) == said


def test_the_badge_speaks_in_the_time_of_the_place() -> None:
    assert words("Mo 09:00-12:00", "2026-11-23T06:30", "974") == "Ouvert jusqu’à 12 h"


def test_tomorrow_is_the_tomorrow_of_the_place() -> None:
    # In Nouméa it is already Monday morning.
    assert words("Mo-Fr 09:00-12:00", "2026-11-22T20:00", "988") == "Ouvre à 9 h"


def test_a_place_whose_hours_nobody_gave_is_unknown_not_closed() -> None:
    said = badge(None, datetime(2026, 11, 22, 10, tzinfo=ZoneInfo("Europe/Paris")))

    assert said == "Horaires inconnus\u00a0: mieux vaut téléphoner"
