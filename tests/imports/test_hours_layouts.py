"""Every layout in which files write hours."""

import tomllib
from datetime import date

import pytest

from geoservice.imports.cleaning import Refused
from geoservice.imports.hours import hours_of
from geoservice.imports.rows import Row
from geoservice.imports.rules import HoursRule

TODAY = date(2026, 11, 22)
ROW = Row(
    1,
    {
        "osm": "Mo-Fr 09:00-12:00",
        "osm_faux": "Mo-Fr 25:00-12:00",
        "texte": "Du lundi au vendredi de 9h à 12h",
        "heures": "9h-12h / 14h-17h",
        "jours": "{Lundi,Mardi,Jeudi}",
        "plage": "du lundi au vendredi",
        "lu": "9h-12h",
        "ma": "",
        "me_am": "9h-12h",
        "me_pm": "14h-17h",
        "ve": "Fermé",
        "semaine": "Semaine impaire",
        "lettre": "B",
        "vide": "",
        "rdv": "Sur rendez-vous",
        "lu_debut": "09:00",
        "lu_fin": "12:30",
        "slots": [
            {"jour": 1, "debut": "09:00:00", "fin": "12:00:00"},
            {"jour": 1, "debut": "14:00", "fin": "17:00"},
            {"jour": 2, "debut": None, "fin": None},
        ],
        "plages": [
            {"jour": 1, "plages": [{"de": "09:00", "a": "12:00"}, {"de": "14:00", "a": "17:00"}]},
            {"jour": 2, "plages": []},
            {"jour": 3, "plages": [{"de": "14:00", "a": "18:00"}]},
        ],
        "plage_ouverte": [{"jour": 1, "plages": [{"de": "09:00", "a": "12:00"}, {"de": "14:00"}]}],
        "schema_org": [
            {"dayOfWeek": ["https://schema.org/Tuesday", "Friday"], "opens": "9h", "closes": "12h"}
        ],
        "j0": [{"day": "J0", "opens": "09:00", "closes": "12:00"}],
        "note": "(bureau 3) Lundi 9h-12h",
    },
)


def read(line: str) -> str:
    rule = HoursRule.model_validate(tomllib.loads(f"h = {line}")["h"])
    _, value = hours_of(rule, ROW, TODAY)
    return value().value


@pytest.mark.parametrize(
    ("line", "hours"),
    [
        ('{ from = "osm", syntax = "osm" }', "Mo-Fr 09:00-12:00"),
        ('{ from = ["vide", "osm"], syntax = "osm" }', "Mo-Fr 09:00-12:00"),
        ('{ from = "texte" }', "Mo-Fr 09:00-12:00"),
        ('{ from = "osm" }', "Mo-Fr 09:00-12:00"),
        ('{ from = "heures", days = "jours" }', "Mo,Tu,Th 09:00-12:00,14:00-17:00"),
        ('{ from = "heures", days = "plage" }', "Mo-Fr 09:00-12:00,14:00-17:00"),
        ('{ join = ["texte", "vide"] }', "Mo-Fr 09:00-12:00"),
        ('{ value = "Mo 09:00-12:00", syntax = "osm" }', "Mo 09:00-12:00"),
        ('{ week = { Mo = "lu", Tu = "ma", Fr = "ve" } }', "Mo 09:00-12:00"),
        ('{ week = { We = ["me_am", "me_pm"] } }', "We 09:00-12:00,14:00-17:00"),
        ('{ week = { Mo = ["lu_debut", "lu_fin"] } }', "Mo 09:00-12:30"),
        ('{ slots = "slots", day = "jour", opens = "debut", closes = "fin" }', "Mo 09:00-12:00,14:00-17:00"),
        ('{ slots = "plages", day = "jour", opens = "plages.de", closes = "plages.a" }', "Mo 09:00-12:00,14:00-17:00; We 14:00-18:00"),
        ('{ slots = "schema_org", day = "dayOfWeek" }', "Tu,Fr 09:00-12:00"),
        ('{ slots = "j0", names = { "J0" = "Mo" } }', "Mo 09:00-12:00"),
        ('{ week = { Mo = "lu" }, weeks_from = "semaine" }', "week 1-53/2 Mo 09:00-12:00"),
        ('{ from = "osm", syntax = "osm", weeks_from = "semaine" }', "week 1-53/2 Mo-Fr 09:00-12:00"),
        ('{ from = "texte", weeks_from = "lettre", weeks = { A = "odd", B = "even" } }', "week 2-52/2 Mo-Fr 09:00-12:00"),
        ("{ from = \"note\", remove = '\\(.*\\)' }", "Mo 09:00-12:00"),
    ],
)  # fmt: skip
def test_hours_are_read_in_every_layout(line: str, hours: str) -> None:
    assert read(line) == hours


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ('{ from = "osm_faux", syntax = "osm" }', "horaires illisibles"),
        (
            '{ slots = "plage_ouverte", day = "jour", opens = "plages.de", closes = "plages.a" }',
            "horaires illisibles",
        ),
        ('{ slots = "j0" }', "« J0 » n’est pas un jour"),
        ('{ from = "rdv" }', "sur rendez-vous"),
        ('{ from = "heures" }', "sans dire pour quels jours"),
    ],
)
def test_hours_that_cannot_be_read_say_why(line: str, reason: str) -> None:
    with pytest.raises(Refused, match=reason):
        read(line)


def test_a_place_without_hours_is_not_refused() -> None:
    rule = HoursRule.model_validate({"from": "vide"})

    assert hours_of(rule, ROW, TODAY)[0] == ""
