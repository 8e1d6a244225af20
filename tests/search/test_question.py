from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geoservice.search.moments import At, During, Now
from geoservice.search.question import CATEGORIES, FAULTS_MAX, PARAMETERS, PlaceQuery
from geoservice.web.problems import Fault, WrongQuestion


def read(**given: str) -> PlaceQuery:
    return PlaceQuery.parse(given.items())


def faults(*pairs: tuple[str, str]) -> dict[str, str]:
    with pytest.raises(WrongQuestion) as refused:
        PlaceQuery.parse(pairs)
    return {fault.parameter: fault.message for fault in refused.value.faults}


def test_an_empty_form_asks_for_every_place() -> None:
    assert PlaceQuery.parse([("ou", ""), ("services", " ")]) == PlaceQuery()


def test_a_value_may_be_the_slug_or_the_label() -> None:
    slug = read(services="aide-aux-demarches-administratives")
    label = read(services="Aide aux démarches administratives")

    assert (
        slug.categories == label.categories == {"services": ("Aide aux démarches administratives",)}
    )


def test_values_of_one_parameter_add_up() -> None:
    query = PlaceQuery.parse([("frais", "gratuit"), ("frais", "payant")])

    assert query.categories == {"fees": ("Gratuit", "Payant")}


def test_a_group_of_places_stands_for_its_codes() -> None:
    assert read(typologies="bibliotheques-et-mediatheques").typologies == ("BIB", "RELAIS_LECTURE")


def test_an_unknown_parameter_is_refused_by_name() -> None:
    assert "« service »" in faults(("service", "x"))["service"]


def test_an_unknown_value_is_refused_with_what_is_accepted() -> None:
    with pytest.raises(WrongQuestion) as refused:
        read(frais="pas-cher")

    assert refused.value.faults[0].accepted == ("gratuit", "gratuit-sous-condition", "payant")


def test_every_fault_is_told_at_once() -> None:
    assert set(faults(("lon", "a"), ("frais", "x"), ("page", "0"))) >= {"lon", "frais", "page"}


@pytest.mark.parametrize(
    "wrong",
    [
        [("rayon", "10")],
        [("ou", "Metz"), ("lon", "1"), ("lat", "2")],
        [("lon", "1")],
        [("ou", "Metz"), ("rayon", "101")],
        [("ou", "Metz"), ("ou", "Nancy")],
        [("tri", "distance")],
        [("limite", "501")],
        [("page", "501"), ("limite", "20")],
        [("limite", "\u0661")],
        [("page", "1_0")],
        [("bbox", "6,45,5,46")],
        [("territoire", "canton:04")],
        [("territoire", "04")],
        [("ouvert", "mardi-25h")],
        [("ouvert", "2026-02-30T10:00")],
        [("accessible", "non")],
        [("q", "…")],
        [("q", "x" * 201)],
        [("lon", "nan"), ("lat", "48")],
        [("rayon", "inf"), ("ou", "Metz")],
    ],
)
def test_a_wrong_question_is_an_error_never_an_absent_filter(wrong: list[tuple[str, str]]) -> None:
    assert faults(*wrong)


def test_a_thousand_wrong_values_are_not_each_answered_with_all_that_is_accepted() -> None:
    with pytest.raises(WrongQuestion) as refused:
        PlaceQuery.parse([("services", f"x{rank}") for rank in range(1_000)], limit_max=20)

    assert 1 < len(refused.value.faults) <= FAULTS_MAX


@pytest.mark.parametrize(
    ("words", "moment"),
    [
        ("maintenant", Now()),
        ("samedi", During((5,), 0, 1440)),
        ("samedi-matin", During((5,), 480, 720)),
        ("mardi-18h", During((1,), 1080, 1080)),
        ("mardi-18h30", During((1,), 1110, 1110)),
        ("weekend", During((5, 6), 0, 1440)),
        ("soir", During((0, 1, 2, 3, 4, 5, 6), 1080, 1320)),
    ],
)
def test_moments_are_read_as_people_say_them(words: str, moment: object) -> None:
    assert read(ouvert=words).open == moment


def test_a_moment_may_be_a_date_and_an_hour() -> None:
    asked = read(ouvert="2026-11-24T18:30").open

    assert isinstance(asked, At)
    assert asked.local.isoformat() == "2026-11-24T18:30:00"


names = st.sampled_from([*PARAMETERS, "inconnu"])
values = st.one_of(
    st.text(max_size=30),
    st.sampled_from([member.slug for _, listed in CATEGORIES.values() for member in listed]),
    st.sampled_from(["maintenant", "oui", "departement:04", "Metz", "6.1", "48", "nom", "3"]),
)
questions = st.lists(st.tuples(names, values), max_size=8)


@given(questions)
def test_any_query_string_is_understood_or_refused(pairs: list[tuple[str, str]]) -> None:
    faults: tuple[Fault, ...] = ()
    try:
        PlaceQuery.parse(pairs)
    except WrongQuestion as refused:
        faults = refused.faults
        assert faults
    assert all(fault.parameter and fault.message for fault in faults)


@given(questions)
def test_the_address_of_a_question_asks_it_again(pairs: list[tuple[str, str]]) -> None:
    try:
        query = PlaceQuery.parse(pairs)
    except WrongQuestion:
        return
    again = parse_qsl(urlsplit(query.address("/lieux.json")).query, keep_blank_values=True)

    assert PlaceQuery.parse(again) == query


@given(questions)
def test_a_parameter_taken_away_leaves_the_others(pairs: list[tuple[str, str]]) -> None:
    try:
        query = PlaceQuery.parse(pairs)
    except WrongQuestion:
        return
    for name, _ in query.raw:
        assert name not in dict(query.without(name).raw)
        assert (
            len({kept for kept, _ in query.without(name).raw} - {kept for kept, _ in query.raw})
            == 0
        )
