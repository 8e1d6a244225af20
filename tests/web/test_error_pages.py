"""A refusal as a page: what happened, what to do, the same question without what was wrong."""

import pytest

from geoservice.search.question import CATEGORIES, PARAMETERS, PlaceQuery
from geoservice.web.names import name_of
from geoservice.web.pages import ACCEPTED_SHOWN_MAX, ErrorPage, environment
from geoservice.web.problems import Fault, NotFound, WrongQuestion


def test_each_mistake_offers_the_question_without_it() -> None:
    problem = WrongQuestion(Fault("frais", "« gratuitt » n’est pas une valeur.", ("gratuit",)))

    page = ErrorPage.of(problem, [("ou", "Guéret"), ("frais", "gratuitt"), ("page", "2")], "/lieux")

    assert page.mistakes[0].without == "/lieux?ou=Gu%C3%A9ret"
    assert page.mistakes[0].instead[0].href == "/lieux?ou=Gu%C3%A9ret&frais=gratuit"


def test_a_town_that_nobody_knows_is_typed_again_with_the_other_filters() -> None:
    problem = WrongQuestion(Fault("ou", "Nous ne connaissons pas de commune « Guret »."))

    page = ErrorPage.of(problem, [("ou", "Guret"), ("frais", "gratuit")], "/lieux")

    assert page.where is not None
    assert page.where.given == "Guret"
    assert page.kept == (("frais", "gratuit"),)


def test_a_long_list_of_accepted_values_is_cut_and_said_so() -> None:
    accepted = tuple(f"valeur-{rank}" for rank in range(ACCEPTED_SHOWN_MAX + 4))

    page = ErrorPage.of(WrongQuestion(Fault("typologies", "Non.", accepted)), [], "/lieux")

    assert len(page.mistakes[0].instead) == ACCEPTED_SHOWN_MAX
    assert page.mistakes[0].more_accepted == 4


def test_what_people_typed_is_text_and_never_markup() -> None:
    problem = WrongQuestion(Fault("ou", "Nous ne connaissons pas « <script> »."))
    page = ErrorPage.of(problem, [("ou", '"><script>alert(1)</script>')], "/lieux")

    html = environment().get_template("error.html").render(page=page)

    assert "<script>alert" not in html
    assert "« <script>" not in html


def test_a_page_that_does_not_exist_says_so_once() -> None:
    page = ErrorPage.of(NotFound(), [], "/nulle-part")

    html = environment().get_template("error.html").render(page=page)

    assert html.count("Cette page n’existe pas.") == 2  # the tab, and the title


def test_what_is_accepted_is_said_as_people_read_it() -> None:
    problem = WrongQuestion(Fault("frais", "Non.", ("gratuit-sous-condition",), ("Gratuit sous condition",)))  # fmt: skip

    page = ErrorPage.of(problem, [("frais", "x")], "/lieux")

    assert page.mistakes[0].instead[0].label == "Gratuit sous condition"
    assert page.mistakes[0].instead[0].href == "/lieux?frais=gratuit-sous-condition"


def test_a_parameter_that_does_not_exist_has_no_other_value() -> None:
    with pytest.raises(WrongQuestion) as refused:
        PlaceQuery.parse([("gratuit", "oui")])

    page = ErrorPage.of(refused.value, [("gratuit", "oui")], "/lieux")

    assert page.mistakes[0].instead == ()
    assert page.mistakes[0].without == "/lieux"


@pytest.mark.parametrize("name", sorted({*CATEGORIES, "typologies", "ouvert", "tri", "territoire"}))
def test_no_slug_is_shown_for_a_value_of_the_question(name: str) -> None:
    with pytest.raises(WrongQuestion) as refused:
        PlaceQuery.parse([(name, "nimportequoi")])

    [fault] = refused.value.faults
    assert len(fault.labels) == len(fault.accepted)
    assert all("-" not in label or " " in label or label[0].isupper() for label in fault.labels)


@pytest.mark.parametrize("name", PARAMETERS)
def test_every_field_has_a_name_that_people_read(name: str) -> None:
    assert name_of(name) != name


def test_people_read_the_names_of_fields_and_programs_those_of_parameters() -> None:
    with pytest.raises(WrongQuestion) as refused:
        PlaceQuery.parse([("rayon", "15")])

    page = ErrorPage.of(refused.value, [("rayon", "15")], "/lieux")

    assert page.mistakes[0].message.startswith("Pour utiliser « Distance », donnez aussi « Où »")
    assert page.mistakes[0].name == "Distance"
    assert refused.value.faults[0].message.startswith("Pour utiliser « rayon »")


def test_without_a_place_no_distance_is_left() -> None:
    problem = WrongQuestion(Fault("ou", "Nous ne connaissons pas de commune « annecyy »."))
    asked = [("ou", "annecyy"), ("rayon", "15"), ("tri", "distance"), ("frais", "gratuit")]

    page = ErrorPage.of(problem, asked, "/lieux")

    assert page.mistakes[0].without == "/lieux?frais=gratuit"
    assert "« annecyy »" in page.mistakes[0].message
