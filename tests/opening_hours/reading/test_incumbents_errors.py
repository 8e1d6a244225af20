"""Texts that the national import turns into plausible wrong hours."""

from __future__ import annotations

import pytest
from french_hours.reading import read


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("Le premier mercredi du mois de 14h à 17h", "We 14:00-17:00"),
        ("Un lundi sur deux de 9h à 12h", "Mo 09:00-12:00"),
        ("lundi au vendredi 9h-12h et 14h-17h, sauf le mercredi, de 9h à 12h", "Mo-Fr 09:00-12:00,14:00-17:00"),
        ("Mercredi au samedi : 10h-12h et 14h-18h / Jeudi : 14h-18h", "We-Sa 10:00-12:00,14:00-18:00"),
        ("Tous les jours 9h-20h", "Mo-Fr 09:00-20:00"),
        ("Lundi 9h-12h, fermeture en août", "Mo 09:00-12:00"),
        ("Lundi 9h-12h. Fermé pendant les vacances de Noël.", "Mo 09:00-12:00"),
        ("Lundi 9h-12h 1x par mois", "Mo 09:00-12:00"),
        ("9h-12h / 14h-17h", "Mo-Fr 09:00-12:00,14:00-17:00"),
    ],
)  # fmt: skip
def test_the_incumbents_wrong_answer_is_not_ours(text: str, wrong: str) -> None:
    assert read(text).osm != wrong


@pytest.mark.parametrize(
    "text",
    [
        "Du lundi au vendredi",
        "Mardi 14h-17h, fermé les mardi et jeudi après midi",
        "24/7",
        "lundi 13h30\nmardi 10h-12h",
    ],
)
def test_what_they_publish_as_invalid_syntax_is_valid_or_refused(text: str) -> None:
    osm = read(text).osm

    assert osm is None or "undefined" not in osm
