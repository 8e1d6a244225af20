"""French spaces, numbers, distances, phones, dates."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geoservice.web.typography import count, day, distance, french, number, phone


@pytest.mark.parametrize(
    ("written", "right"),
    [
        ("Où ?", "Où\u202f?"),
        ("l'aide", "l’aide"),
        ("« Pix »", "«\u202fPix\u202f»"),
        ("Prix : 2 €", "Prix\u00a0: 2 €"),
        ("https://exemple.fr", "https://exemple.fr"),
        ("« Mon Espace Santé »", "«\u202fMon Espace Santé\u202f»"),
    ],
)
def test_french_signs_do_not_begin_a_line(written: str, right: str) -> None:
    assert french(written) == right


@given(st.text())
def test_what_is_right_stays_right(text: str) -> None:
    once = french(text)

    assert french(once) == once


@given(st.text(alphabet=st.characters(exclude_characters=" \u00a0\u202f'’«»")))
def test_words_are_never_touched(text: str) -> None:
    assert french(text) == text


@pytest.mark.parametrize(
    ("metres", "said"),
    [
        (12, "50\u00a0m"),
        (349, "350\u00a0m"),
        (960, "1\u00a0km"),
        (1234, "1,2\u00a0km"),
        (18_400, "18\u00a0km"),
    ],
)
def test_a_distance_is_as_precise_as_the_way_deserves(metres: float, said: str) -> None:
    assert distance(metres) == said


def test_thousands_are_set_apart() -> None:
    assert number(18183) == "18\u202f183"


def test_zero_is_singular_in_french() -> None:
    assert count(0, "lieu trouvé", "lieux trouvés") == "0\u00a0lieu trouvé"
    assert count(2, "lieu trouvé", "lieux trouvés") == "2\u00a0lieux trouvés"


def test_the_first_of_the_month_has_its_own_word() -> None:
    assert day(date(2026, 3, 1)) == "1er\u00a0mars 2026"


@pytest.mark.parametrize(
    ("e164", "said"),
    [
        ("+33639981234", "06 39 98 12 34"),
        ("+262639981234", "06 39 98 12 34"),
        ("+687123456", "+687 12 34 56"),
        ("+41221234567", "+41221234567"),
    ],
)
def test_a_phone_is_written_as_people_say_it(e164: str, said: str) -> None:
    assert phone(e164).replace("\u00a0", " ") == said
