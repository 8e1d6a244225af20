"""The question as a form: moments in words, filters that can be taken away, nothing lost on the way."""

from datetime import date

import pytest

from geoservice.search import form, moments
from geoservice.search.answers import Resolved
from geoservice.search.form import Form
from geoservice.search.question import PARAMETERS, PlaceQuery

SUNDAY = date(2026, 11, 22)


def resolved(*pairs: tuple[str, str]) -> Resolved:
    query = PlaceQuery.parse(pairs)
    values = dict.fromkeys(Resolved.__dataclass_fields__, None)
    return Resolved(**(values | {"query": query, "territories": ()}))  # pyright: ignore[reportArgumentType] - the rest is not read by the form


def chosen_moments(shown: Form) -> list[str]:
    return [one.value for group in shown.moments for one in group.choices if one.chosen]


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("maintenant", "maintenant"),
        ("samedi", "le samedi"),
        ("samedi-matin", "le samedi matin"),
        ("mercredi-apres-midi", "le mercredi après-midi"),
        ("mardi-18h", "le mardi à 18 h"),
        ("mardi-18h30", "le mardi à 18 h 30"),
        ("soir", "le soir"),
        ("weekend", "le week-end"),
        ("2026-11-24T18:30", "le mardi 24 novembre 2026 à 18 h 30"),
    ],
)
def test_a_moment_is_said_as_people_say_it(value: str, said: str) -> None:
    assert moments.said(value).replace("\u00a0", " ") == said


@pytest.mark.parametrize("value", moments.ACCEPTED)
def test_every_moment_that_is_accepted_comes_back_in_the_form(value: str) -> None:
    shown = form.of(resolved(("ouvert", value)), SUNDAY)

    assert (shown.exact_moment or chosen_moments(shown)[0]) == value
    assert len(chosen_moments(shown)) == 1


def test_every_choice_of_the_form_is_understood() -> None:
    shown = form.blank(SUNDAY)
    choices = [
        *(choice for group in shown.groups for choice in group.choices),
        *(choice for group in shown.moments for choice in group.choices),
        *shown.radii,
    ]

    for choice in choices:
        PlaceQuery.parse([("ou", "Guéret"), (choice.name, choice.value)])


def test_today_is_named() -> None:
    labels = [choice.label for choice in form.blank(SUNDAY).moments[0].choices]

    assert "Aujourd’hui (dimanche)" in labels
    assert "Demain (lundi)" in labels


def test_what_the_form_has_no_field_for_is_sent_again() -> None:
    shown = form.of(
        resolved(("territoire", "departement:23"), ("frais", "gratuit"), ("page", "2")), SUNDAY
    )

    assert shown.kept == (("territoire", "departement:23"),)
    assert shown.chosen == 1


def test_the_usual_distance_is_not_written_in_the_address() -> None:
    shown = form.blank(SUNDAY)

    assert [choice.value for choice in shown.radii if choice.chosen] == [""]


def test_each_filter_is_taken_away_alone() -> None:
    chips = form.chips(resolved(("ou", "Guéret"), ("frais", "gratuit"), ("frais", "payant")))

    assert [(chip.label, chip.without) for chip in chips] == [
        ("Gratuit", "/lieux?ou=Gu%C3%A9ret&frais=payant"),
        ("Payant", "/lieux?ou=Gu%C3%A9ret&frais=gratuit"),
    ]


def test_every_parameter_is_shown_by_the_form_or_sent_again() -> None:
    given = {
        "ou": "Guéret", "rayon": "10", "q": "atelier", "ouvert": "soir", "accessible": "oui",
        "rdv": "oui", "limite": "50", "horaires_inconnus": "inclure", "source": "demo",
        "territoire": "departement:23", "typologies": "associations", "lieux": "7k3m9q2x4d",
    }  # fmt: skip
    shown = form.of(resolved(*given.items()), SUNDAY)
    fields = {choice.name for group in shown.groups for choice in group.choices}
    fields |= {"ou", "q", "rayon", "ouvert"} | {name for name, _ in shown.kept}

    assert set(given) <= fields
    assert set(PARAMETERS) - fields <= {"lon", "lat", "permanence", "tri", "page", "bbox"}
