"""A list asked about another moment says the hours of then, not those of now."""

import re
from datetime import date, datetime
from types import SimpleNamespace
from typing import Any, cast

import httpx
import pytest
from french_hours import Hours, State, calendar_of

from geoservice.clock import PARIS
from geoservice.search.moments import parse
from geoservice.search.then import hours_said, presence_said

SATURDAY = datetime(2026, 11, 28, 8, 30, tzinfo=PARIS)
LIBRARY = "Tu 09:00-11:00; We,Fr 14:00-17:00; Sa 09:00-12:00"


def said(expression: str, asked: str, now: datetime = SATURDAY, code: str = "74010") -> str:
    hours = Hours.parse(expression, calendar_of(code))
    return hours_said(hours, parse(asked), now)[0].replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ("mardi-matin", "Mardi 1er décembre : de 9 h à 11 h"),
        ("mardi", "Mardi 1er décembre : de 9 h à 11 h"),
        ("mardi-10h", "Mardi 1er décembre : de 9 h à 11 h"),
        ("2026-12-01T10:00", "Mardi 1er décembre : de 9 h à 11 h"),
        ("2026-12-16T15:00", "Mercredi 16 décembre : de 14 h à 17 h"),
        ("2027-01-05T10:00", "Mardi 5 janvier 2027 : de 9 h à 11 h"),
        ("samedi", "Samedi 28 novembre : de 9 h à 12 h"),
        ("matin", "Samedi 28 novembre : de 9 h à 12 h (aussi mardi)"),
        ("apres-midi", "Mercredi 2 décembre : de 14 h à 17 h (aussi vendredi)"),
    ],
)
def test_the_hours_of_the_day_that_is_meant_are_said(asked: str, words: str) -> None:
    assert said(LIBRARY, asked) == words


def test_now_is_told_as_now() -> None:
    assert said(LIBRARY, "maintenant") == "Ouvre à 9 h"
    hours = Hours.parse(LIBRARY, calendar_of("74010"))
    assert (
        hours_said(hours, None, SATURDAY)[0] == hours_said(hours, parse("maintenant"), SATURDAY)[0]
    )


def test_hours_that_nobody_knows_stay_unknown() -> None:
    words, state = hours_said(None, parse("mardi"), SATURDAY)

    assert "Horaires inconnus" in words
    assert state is State.UNKNOWN


def test_what_must_be_confirmed_is_said_so() -> None:
    hours = Hours.parse('Tu 09:00-11:00 unknown "semaine paire"', calendar_of("74010"))
    words, state = hours_said(hours, parse("mardi"), SATURDAY)

    assert "à confirmer" in words
    assert state is State.UNKNOWN


def test_a_public_holiday_that_the_hours_do_not_tell_is_to_be_confirmed() -> None:
    christmas = said("Mo-Su 09:00-12:00", "2026-12-25T10:00")

    assert christmas == "Vendredi 25 décembre : de 9 h à 12 h (jour férié : à confirmer)"


def test_after_midnight_the_hours_are_those_of_the_evening_before() -> None:
    assert said("Fr 20:00-26:00", "2026-12-05T01:00") == "Samedi 5 décembre : de 20 h à 2 h"


def test_overseas_the_day_is_that_of_the_place() -> None:
    """Sunday evening in Paris is Monday in Nouvelle-Calédonie already."""
    evening = datetime(2026, 11, 29, 21, 0, tzinfo=PARIS)

    assert said("Mo 09:00-17:00", "lundi", evening, "98818") == "Lundi 30 novembre : de 9 h à 17 h"


def permanence(expression: str, **more: Any) -> Any:
    told = {"expression": expression, "code": "74010", "valid_from": None, "valid_until": None}
    return cast(Any, SimpleNamespace(**(told | {"id": 1, "absent": []} | more)))


def test_the_permanence_that_answers_is_said_not_the_next_one() -> None:
    rows = [permanence("Mo 14:00-17:00"), permanence("Tu 09:00-12:00")]

    asked = presence_said(rows, parse("mardi-10h"), SATURDAY)
    nearest = presence_said(rows, None, SATURDAY)

    assert (asked or "").replace("\u00a0", " ") == "mardi 1er décembre de 9 h à 12 h"
    assert (nearest or "").replace("\u00a0", " ") == "lundi 30 novembre à 14 h"
    assert presence_said(rows, parse("jeudi"), SATURDAY) is None


def test_the_list_says_the_hours_of_the_day_that_was_asked(site: str) -> None:
    page = httpx.get(f"{site}/lieux?ouvert=mardi-matin", timeout=30).text
    said = re.findall(r'<p class="hours open">(.*?)</p>', page)

    assert said
    assert all(words.startswith("Mardi ") for words in said)


def test_the_embedded_list_says_them_too(site: str) -> None:
    page = httpx.get(f"{site}/embed?ouvert=mardi-matin", timeout=30).text
    said = re.findall(r'<p class="hours open">(.*?)</p>', page)

    assert said
    assert all(words.startswith("Mardi ") for words in said)


def test_one_place_tells_the_moment_that_the_map_asks_about(site: str) -> None:
    listed = httpx.get(f"{site}/lieux.json?ouvert=mardi-matin&limite=1", timeout=30).json()
    place = httpx.get(f"{site}/lieux/{listed['lieux'][0]['id']}.json?ouvert=mardi-matin").json()
    wrong = httpx.get(f"{site}/lieux/{listed['lieux'][0]['id']}.json?ouvert=mardy")

    assert place["ouverture"]["phrase"].startswith("Mardi ")
    assert place["ouverture"]["etat"] == "open"
    assert wrong.status_code == 422


def test_the_list_of_permanences_says_the_one_that_answers(site: str) -> None:
    page = httpx.get(f"{site}/lieux?permanence=mardi", timeout=30).text
    said = re.findall(r'<p class="presence">Un médiateur est là\s*: (.*?)</p>', page)

    assert said
    today = date.today()  # noqa: DTZ011 - only to know how the next Tuesday is called
    ahead = (1 - today.weekday()) % 7
    names = {0: "aujourd’hui", 1: "demain"}
    tuesday = names.get(ahead, "mardi")
    assert all(words.startswith((tuesday, "en ce moment", "mardi")) for words in said)
