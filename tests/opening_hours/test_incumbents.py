"""What other maps and libraries of the field tell visitors, and should not."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from french_hours import Hours, State, calendar_of, check, say

from tests.opening_hours.outlines import outline

PARIS = ZoneInfo("Europe/Paris")


def state(expression: str, moment: str, code: str = "75") -> State:
    hours = Hours.parse(expression, calendar_of(code))
    return hours.state_at(datetime.fromisoformat(moment).replace(tzinfo=PARIS)).state


def test_a_place_with_ph_off_can_be_open() -> None:
    # The national map throws on PH, so such a place is never open there.
    assert state("Mo-Fr 08:30-12:30; PH off", "2026-11-23T10:00") is State.OPEN


def test_the_fourteenth_of_july_is_a_holiday_and_corpus_christi_is_not() -> None:
    # Its week table evaluates in Baden-Württemberg.
    assert outline("Mo-Fr 08:30-12:30; PH off", "2026-07-14") == "closed"
    assert outline("Mo-Fr 08:30-12:30; PH off", "2026-06-04") == "08:30 open 12:30"
    assert outline("Mo-Sa 08:30-12:30; PH off", "2026-10-03") == "08:30 open 12:30"


def test_ph_off_is_a_valid_expression() -> None:
    # La Coop's repair job counts it as invalid.
    assert check("Mo-Fr 08:30-12:30; PH off") == []


def test_a_remark_added_by_the_form_does_not_hide_the_place() -> None:
    assert state('Mo-Fr 08:30-12:30; "Fermé en août"', "2026-11-23T10:00") is State.OPEN


def test_a_description_pasted_after_the_hours_is_refused() -> None:
    # Soliguide's export does so, unquoted.
    assert check("Mo-Fr 08:30-12:30 Fermé le mercredi")[0].kind.fatal


def test_a_day_without_hours_is_not_open_day_and_night() -> None:
    # monenfant's export writes it so.
    assert state("Mo-Fr 09:00-17:00; Sa open", "2026-11-28T03:00") is State.UNKNOWN


def test_midnight_to_midnight_is_written_otherwise() -> None:
    # mednum turns "24/7" into "Mo-Sun 00:00-00:00".
    assert outline("Mo-Sun 00:00-00:00", "2026-11-23") == "00:00 open 24:00"


def test_sunday_may_be_spelt_sun() -> None:
    # siilab's configuration does.
    assert outline("Sun 10:00-12:00", "2026-11-29") == "10:00 open 12:00"


def test_a_place_overseas_opens_in_its_own_morning() -> None:
    # The national map asks in the time of its server.
    assert state("Mo 08:00-12:00", "2026-11-23T05:00", "974") is State.OPEN
    assert state("Mo 08:00-12:00", "2026-11-23T11:00", "974") is State.CLOSED


@pytest.mark.parametrize(
    ("code", "day"), [("974", "2026-12-20"), ("67", "2026-04-03"), ("57", "2026-12-26")]
)
def test_the_holidays_of_the_region_are_kept(code: str, day: str) -> None:
    # opening_hours.js misses 20 December in La Réunion and both days of Alsace-Moselle.
    assert outline("24/7; PH off", day, code) == "closed"


def test_after_the_last_published_school_year_nothing_throws() -> None:
    # opening_hours.js throws.
    assert state("Mo-Fr 09:00-12:00; SH off", "2031-03-03T10:00") is State.UNKNOWN
    assert state("Mo-Fr 09:00-12:00; SH off", "2031-03-02T10:00") is State.CLOSED


@pytest.mark.parametrize("code", ["978", "986", "987", "988"])
def test_school_holidays_of_the_pacific_do_not_throw(code: str) -> None:
    outline("Mo-Fr 09:00-12:00; SH off", "2026-11-23", code)


def test_parity_rank_and_months_survive_a_week_where_they_do_not_show() -> None:
    # La Coop's editor reloads an expression by evaluating this week only, then saves it.
    expression = "week 2-52/2 Mo 09:00-12:00; Sa[1] 10:00-12:00; Jul-Aug off"

    sentence = say(expression)

    assert "semaines paires" in sentence
    assert "1er samedi du mois" in sentence
    assert "fermé en juillet et août" in sentence


def test_appointments_are_shown_apart_not_as_open_nor_as_closed() -> None:
    hours = Hours.parse('Mo 09:00-12:00 "sur rendez-vous"', calendar_of("75"))

    moment = hours.state_at(datetime(2026, 11, 23, 10, tzinfo=PARIS))

    assert moment.by_appointment
    assert moment.state is State.OPEN


def test_free_text_is_not_open_day_and_night() -> None:
    assert state('"se renseigner à l’accueil"', "2026-11-23T10:00") is State.UNKNOWN
