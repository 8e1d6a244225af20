"""Which of the month, every other week, seasons, holidays and dates."""

from __future__ import annotations

from datetime import date

import pytest
from french_hours.reading import read


@pytest.mark.parametrize(
    ("text", "osm"),
    [
        ("le 2e mardi du mois de 9h à 11h30", "Tu[2] 09:00-11:30"),
        ("1er lundi de chaque mois : 14h-16h", "Mo[1] 14:00-16:00"),
        ("Les 1ers et 3èmes mercredis du mois, de 10h à 12h", "We[1,3] 10:00-12:00"),
        ("2ème et dernier vendredi du mois 9h30/12h", "Fr[2,-1] 09:30-12:00"),
        ("14h-17h le premier samedi du mois", "Sa[1] 14:00-17:00"),
        ("Les deuxième et quatrième jeudis du mois de 15h30 à 17h00", "Th[2,4] 15:30-17:00"),
        ("le 1er mardi et le 3e jeudi du mois de 9h à 12h", "Tu[1],Th[3] 09:00-12:00"),
        ("Samedi : 9h - 12h30 (les 2 premiers samedis de chaque mois)", "Sa[1,2] 09:00-12:30"),
        ("Samedi 9h-12h (1er et 3e du mois)", "Sa[1,3] 09:00-12:00"),
        ("Les 2 derniers vendredis du mois de 9h à 12h", "Fr[-2,-1] 09:00-12:00"),
        ("Lundi 9h-12h, 1er samedi du mois : 10h-12h", "Mo 09:00-12:00; Sa[1] 10:00-12:00"),
        ("2ème jeu. du mois de 14h à 17h", "Th[2] 14:00-17:00"),
        ("1er et 3e mardis : 9h-12h ; 2e et 4e mardis : 14h-17h", "Tu[1,3] 09:00-12:00; Tu[2,4] 14:00-17:00"),
    ],
)  # fmt: skip
def test_a_day_of_the_month_is_not_every_week(text: str, osm: str) -> None:
    assert read(text).osm == osm


@pytest.mark.parametrize(
    ("text", "osm"),
    [
        ("le jeudi des semaines impaires de 14h à 17h", "week 1-53/2 Th 14:00-17:00"),
        ("Ateliers le lundi de 9h à 12h, par le bus (semaines paires).", "week 2-52/2 Mo 09:00-12:00"),
        ("Semaine paire : lundi et mardi 9h-12h\nSemaine impaire : jeudi 14h-17h", "week 2-52/2 Mo,Tu 09:00-12:00; week 1-53/2 Th 14:00-17:00"),
        ("mercredi 9h-12h semaine paire, 14h-17h semaine impaire", "week 2-52/2 We 09:00-12:00; week 1-53/2 We 14:00-17:00"),
        ("mercredi semaine paire 9h-12h, semaine impaire 14h-17h", "week 2-52/2 We 09:00-12:00; week 1-53/2 We 14:00-17:00"),
        ("le mardi 9h-11h tous les 15 jours (semaine paire)", "week 2-52/2 Tu 09:00-11:00"),
        ("Lundi 9h-12h (semaines paires), mardi 14h-17h", "Tu 14:00-17:00; week 2-52/2 Mo 09:00-12:00"),
    ],
)  # fmt: skip
def test_stated_weeks_are_read(text: str, osm: str) -> None:
    assert read(text).osm == osm


def test_hours_common_to_both_weeks_are_in_both() -> None:
    text = "Mercredi : 10h-12h ; 14h-16h (semaine paire) ou 16h-18h (semaine impaire)"

    osm = read(text).osm

    assert osm is not None
    assert "week 2-52/2 We 10:00-12:00,14:00-16:00" in osm
    assert "week 1-53/2 We 10:00-12:00,16:00-18:00" in osm


@pytest.mark.parametrize(
    ("text", "osm"),
    [
        ("un mardi sur deux de 9h à 12h", 'Tu 09:00-12:00 unknown "un mardi sur deux"'),
        ("Mardi 9h-12h une semaine sur deux", 'Tu 09:00-12:00 unknown "une semaine sur deux"'),
        ("Les mardis toutes les trois semaines de 13h à 16h", 'Tu 13:00-16:00 unknown "toutes les trois semaines"'),
        ("Vendredi 9h30 - 12h tous les 15 jours", 'Fr 09:30-12:00 unknown "tous les 15 jours"'),
        ("un samedi par mois de 9h à 12h", 'Sa 09:00-12:00 unknown "un samedi par mois"'),
        ("Ponctuellement le vendredi 14h-16h", 'Fr 14:00-16:00 unknown "ponctuellement"'),
    ],
)  # fmt: skip
def test_unstated_weeks_are_unknown_not_open(text: str, osm: str) -> None:
    assert read(text).osm == osm


def test_a_rhythm_said_after_several_blocks_is_said_of_all() -> None:
    osm = read("Mardi 9h à 12h et jeudi 14h à 17h, une semaine sur deux").osm

    assert osm == (
        'Tu 09:00-12:00 unknown "une semaine sur deux"; Th 14:00-17:00 unknown "une semaine sur deux"'
    )


@pytest.mark.parametrize(
    ("text", "osm"),
    [
        ("mardi 14h-18h, fermé pendant les vacances scolaires", "Tu 14:00-18:00; SH off"),
        ("Mardi 14h-18h hors vacances scolaires", "Tu 14:00-18:00; SH off"),
        ("Pendant les vacances scolaires : du lundi au vendredi de 10h à 18h", "SH Mo-Fr 10:00-18:00"),
        ("Lundi 9h-12h ; pendant les vacances scolaires, mardi 10h-19h", "Mo 09:00-12:00; SH off; SH Tu 10:00-19:00"),
        ("Période scolaire : mercredi 14h-18h ; vacances scolaires : mercredi 10h-12h", "We 14:00-18:00; SH We 10:00-12:00"),
        ("Mardi 16h-19h en période scolaire, 10h-12h pendant les vacances", "Tu 16:00-19:00; SH Tu 10:00-12:00"),
        ("Lundi au vendredi 9h-17h30 (17h pendant les vacances scolaires)", "Mo-Fr 09:00-17:30; SH Mo-Fr 09:00-17:00"),
        ("mardis et jeudis 9h15-11h45 (sauf pendant les vacances scolaires)", "Tu,Th 09:15-11:45; SH off"),
        ("Mardi à samedi 10h-18h. Pendant les vacances scolaires : fermé le samedi", "Tu-Sa 10:00-18:00; SH Sa off"),
        ("lundi 9h-17h, samedi 9h-12h (hors vacances scolaires)", "Mo 09:00-17:00; Sa 09:00-12:00; SH Sa off"),
        ("Lundi 9h à 12h et de 14h à 17h hors et en vacances scolaires", "Mo 09:00-12:00,14:00-17:00"),
    ],
)  # fmt: skip
def test_school_holidays_are_read(text: str, osm: str) -> None:
    reading = read(text)

    assert (reading.osm or reading.reason) == osm


def test_holidays_named_without_dates_are_unknown_not_open() -> None:
    osm = read("9h à 17h du lundi au vendredi. Fermé pendant les vacances de Noël.").osm

    assert osm is not None
    assert osm.startswith("Mo-Fr 09:00-17:00; SH Mo-Fr 09:00-17:00 unknown")


@pytest.mark.parametrize("before", [" ; ", ", ", "\n", ". "])
def test_terms_said_after_all_the_blocks_are_the_terms_of_all(before: str) -> None:
    osm = read(f"Lundi 9h-12h, mardi 14h-17h{before}hors vacances scolaires").osm

    assert osm == "Mo 09:00-12:00; Tu 14:00-17:00; SH off"


@pytest.mark.parametrize(
    ("text", "osm"),
    [
        ("lundi au vendredi 9h-12h, fermé les jours fériés", "Mo-Fr 09:00-12:00; PH off"),
        ("lundi au vendredi 9h-12h sauf jours fériés", "Mo-Fr 09:00-12:00; PH off"),
        ("Dimanches et jours fériés : 10h-12h", "Su 10:00-12:00; PH 10:00-12:00"),
        ("Fermé les jours fériés ; le lundi de 9h à 12h", "Mo 09:00-12:00; PH off"),
    ],
)
def test_public_holidays_are_read(text: str, osm: str) -> None:
    assert read(text).osm == osm


@pytest.mark.parametrize(
    ("text", "osm"),
    [
        ("Juillet et août : du lundi au vendredi de 8h à 13h", "Jul-Aug Mo-Fr 08:00-13:00"),
        ("de Septembre à Juin :\nLundi : 8h-12h\nde Juillet à Août :\nlundi : 9h-11h", "Sep-Jun Mo 08:00-12:00; Jul-Aug Mo 09:00-11:00"),
        ("Du 1er avril au 30 septembre : mardi 9h-19h", "Apr 01-Sep 30 Tu 09:00-19:00"),
        ("Du lundi au vendredi 9h-12h, fermeture en août", "Mo-Fr 09:00-12:00; Aug off"),
        ("Mardi 9h-17h (16h en juillet et août)", "Tu 09:00-17:00; Jul-Aug Tu 09:00-16:00"),
        ("Mardi 14h-18h. Fermé les jours fériés et les trois premières semaines d'août.", "Tu 14:00-18:00; PH off; Aug 01-21 off"),
        ("Mardi 14h-18h. Fermé entre Noël et le jour de l'an", "Tu 14:00-18:00; Dec 25-Jan 01 off"),
        ("Mardi 14h-18h. Fermé du 24/12/2026 au 02/01/2027 inclus", "Tu 14:00-18:00; 2026 Dec 24-2027 Jan 02 off"),
        ("Mardi 14h-18h (fermé le 24 décembre)", "Tu 14:00-18:00; Dec 24 off"),
    ],
)  # fmt: skip
def test_dates_and_months_are_read(text: str, osm: str) -> None:
    assert read(text).osm == osm


def test_a_closure_without_its_year_comes_back_every_year() -> None:
    osm = read("Mardi 14h-18h. Fermé du 3 au 24 août").osm

    assert osm == "Tu 14:00-18:00; Aug 03-24 off"


@pytest.mark.parametrize(
    ("today", "closed"),
    [
        (date(2026, 5, 1), "2026 Aug 03-2026 Aug 24 off"),
        (date(2026, 8, 10), "2026 Aug 03-2026 Aug 24 off"),
        (date(2026, 11, 22), "2027 Aug 03-2027 Aug 24 off"),
    ],
)
def test_a_closure_typed_today_is_the_next_one(today: date, closed: str) -> None:
    osm = read("Mardi 14h-18h. Fermé du 3 au 24 août", today=today).osm

    assert osm == f"Tu 14:00-18:00; {closed}"


def test_a_closure_over_the_new_year_ends_in_the_next_one() -> None:
    osm = read("Mardi 14h-18h. Fermé du 24 décembre au 2 janvier", today=date(2026, 11, 22)).osm

    assert osm == "Tu 14:00-18:00; 2026 Dec 24-2027 Jan 02 off"


def test_hours_that_began_on_a_past_date_are_the_hours() -> None:
    text = "Mardi 9h-12h à partir du 14 avril 2022"

    assert read(text, today=date(2026, 11, 22)).osm == "Tu 09:00-12:00"
