"""A text that does not say enough is refused, with the reason."""

from __future__ import annotations

import pytest
from french_hours.reading import Refusal, read


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "no_hours"),
        ("-----", "no_hours"),
        ("False", "no_hours"),
        ("après inscription et signature de la charte", "no_hours"),
        ("9h-12h / 14h-17h", "no_day"),
        ("9h-12h / 14h-17h (17h30 le mercredi)", "no_day"),
        ("9h-12h, samedi 10h-12h", "no_day"),
        ("Entre octobre et novembre de 9h00 à 17h00", "no_day"),
        ("Cours : 9h à 10h30 pour les débutants.\nConseils le mardi après-midi.", "no_day"),
        ("Du lundi au vendredi", "no_time"),
        ("Tous les mercredis après-midis", "no_time"),
        ("1er mardi matin du mois", "no_time"),
        ("Ateliers le mardi après-midi 14h", "start_only"),
        ("Lundi 9h-12h, mardi à partir de 14h", "start_only"),
        ("Ateliers sur rendez-vous", "appointment_only"),
        ("lundi sur rendez vous au 06 39 98 12 34", "appointment_only"),
        ("Une fois par mois à la demande", "appointment_only"),
        ("Un lundi sur deux", "parity_unknown"),
        ("Hiver : lundi 9h-17h. Eté : lundi 8h-12h", "season_undated"),
        (
            "Les horaires des vacances d'été sont les suivants :\n- lundi : 10h-12h",
            "season_undated",
        ),
        ("lundi 12 septembre de 9h à 12h", "dated_week"),
        ("Semaine du 12 au 16 septembre : lundi 9h-12h", "dated_week"),
        ("Mardi 9h30-12h (jusqu'en juin 2022)", "dated_week"),
        ("Voir avec la formatrice", "refers_elsewhere"),
        ("Pour les horaires se référer au planning", "refers_elsewhere"),
        ("juillet-août : mêmes horaires sauf samedi 10-13h", "refers_elsewhere"),
        ("lundi 14h-7h", "contradiction"),
        ("Mardi 9h-12h. Mardi 9h-12h30", "contradiction"),
        ("Lundi 9h-12h, fermé le lundi", "contradiction"),
        ("Du lundi au vendredi 9h-17h sauf le mercredi après-midi", "half_day_unclear"),
        ("Du lundi au vendredi de h30 à 12h", "truncated"),
        ("Lundi 9h-12h et", "truncated"),
        ("lundi 13:16:59.999998", "truncated"),
        ("Fermé", "never_open"),
        ("Lundi 9h-17h. La structure n'est plus ouverte aux publics", "never_open"),
        ("réservé aux scolaires", "restricted"),
        ("Mardi 14h-18h. Fermé 3 semaines en août", "unread_words"),
        ("Lundi 14h-17h et le reste de la semaine de 9h à 12h", "unread_words"),
        ("Lundi 9h-12h. " * 400, "too_long"),
    ],
)
def test_what_is_not_said_is_refused_with_its_reason(text: str, reason: str) -> None:
    reading = read(text)

    assert reading.osm is None
    assert reading.reason == reason


@pytest.mark.parametrize("reason", Refusal)
def test_every_reason_has_a_french_sentence(reason: Refusal) -> None:
    assert reason.sentence.endswith(".")
    assert reason.sentence[0].isupper()


def test_a_choice_lowers_the_confidence() -> None:
    sure = read("Lundi et mardi 9h-12h").confidence
    chosen = read(
        "Lundi au vendredi 9h-12h et 14h-17h, fermé le lundi et mardi après-midi"
    ).confidence

    assert chosen < 0.8 < sure


def test_a_day_stated_without_hours_is_unknown_not_closed() -> None:
    reading = read("9-12h du lundi au vendredi\nouverture les samedis pour l'espace jeunes")

    assert reading.osm == 'Mo-Fr 09:00-12:00; Sa 00:00-24:00 unknown "horaires non précisés"'
    assert reading.confidence < 0.8
