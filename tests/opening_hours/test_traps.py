"""Strings that the engine alone reads wrongly, and what a visitor must be told (week of 7 September 2026)."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from french_hours import Hours, InvalidHours, Kind, State, calendar_of, check

from tests.opening_hours.outlines import outline

PARIS = calendar_of("75")


def faults(expression: str) -> list[Kind]:
    return [fault.kind for fault in check(expression)]


@pytest.mark.parametrize("blank", ["", "   ", "\n\t", "\u00a0"])
def test_a_blank_is_not_open_day_and_night(blank: str) -> None:
    with pytest.raises(InvalidHours):
        Hours.parse(blank, PARIS)


def test_a_trailing_remark_is_a_note_and_changes_nothing() -> None:
    hours = Hours.parse('Mo-Fr 09:00-17:00; "commentaire"', PARIS)

    assert hours.note == "commentaire"
    assert hours.means_the_same(Hours.parse("Mo-Fr 09:00-17:00", PARIS))


def test_hours_by_appointment_are_open_by_appointment() -> None:
    assert (
        outline('Mo-Fr 09:00-17:00 "sur rendez-vous"', "2026-09-07")
        == "09:00 open by appointment 17:00"
    )


def test_a_remark_without_state_leaves_the_state_unknown() -> None:
    assert outline('Mo-Fr 09:00-17:00 "salle du haut"', "2026-09-07") == "09:00 unknown 17:00"


@pytest.mark.parametrize(
    "remark", ["rdv", "Sur R.D.V.", "uniquement sur rendez-vous", "sur RDV, sans frais"]
)
def test_however_it_is_written_an_appointment_is_one(remark: str) -> None:
    assert outline(f'Mo 09:00-17:00 "{remark}"', "2026-09-07") == "09:00 open by appointment 17:00"


@pytest.mark.parametrize(
    "remark",
    [
        "sans rendez-vous",
        "avec ou sans rendez-vous",
        "Sans RDV",
        "sur rendez-vous ou sans",
        "sans ou sur rdv",
    ],
)
def test_walking_in_is_open(remark: str) -> None:
    assert outline(f'Mo-Fr 09:00-17:00 "{remark}"', "2026-09-07") == "09:00 open 17:00"


def test_a_fallback_fills_what_is_closed_and_only_that() -> None:
    expression = 'Mo 09:00-12:00 || "sur rendez-vous"'

    assert outline(expression, "2026-09-07") == (
        "00:00 unknown by appointment 09:00, 09:00 open 12:00, 12:00 unknown by appointment 24:00"
    )
    assert outline(expression, "2026-09-08") == "00:00 unknown by appointment 24:00"


def test_hours_of_school_holidays_hold_in_school_holidays_only() -> None:
    assert outline("SH Mo-Fr 10:00-19:00", "2026-09-07") == "closed"
    assert outline("SH Mo-Fr 10:00-19:00", "2026-10-19") == "10:00 open 19:00"


def test_hours_of_school_holidays_do_not_replace_those_of_the_year() -> None:
    assert outline("Mo-Fr 09:00-12:00; SH Mo-Fr 10:00-19:00", "2026-09-07") == "09:00 open 12:00"


def test_closed_in_school_holidays_is_closed() -> None:
    assert outline("Mo-Fr 09:00-17:00; SH off", "2026-10-19") == "closed"
    assert outline("Mo-Fr 09:00-17:00; SH off", "2026-09-07") == "09:00 open 17:00"


def test_public_holidays_among_weekdays_are_not_every_weekday() -> None:
    assert outline("PH Mo-Fr 10:00-12:00", "2026-09-07") == "closed"
    assert outline("PH Mo-Fr 10:00-12:00", "2026-11-11") == "10:00 open 12:00"
    assert outline("PH Mo-Fr 10:00-12:00", "2026-11-01") == "closed"  # All Saints on a Sunday


def test_a_blank_after_a_comma_does_not_open_monday_all_day() -> None:
    assert outline("Mo, Tu 09:00-12:00", "2026-09-07") == "09:00 open 12:00"


def test_a_comma_between_days_and_hours_is_refused() -> None:
    assert faults("Mo-Fr, 09:00-12:00") == [Kind.STRAY_COMMA]


@pytest.mark.parametrize(
    "expression", ["Feb 30 10:00-12:00", "Mo 10:00-12:00; Feb 30 off", "Apr 31 off"]
)
def test_impossible_dates_are_refused(expression: str) -> None:
    assert faults(expression) == [Kind.IMPOSSIBLE_DATE]


def test_an_open_end_is_unknown_until_midnight() -> None:
    assert outline("We 10:00+", "2026-09-09") == "10:00 unknown 24:00"


def test_an_open_end_after_a_closing_time_is_unknown_from_it() -> None:
    assert outline("14:00-17:00+", "2026-09-09") == "14:00 open 17:00, 17:00 unknown 24:00"


def test_days_without_hours_are_unknown_and_asked_about() -> None:
    assert outline("Mo-Fr", "2026-09-07") == "00:00 unknown 24:00"
    assert faults("Mo-Fr") == [Kind.DAYS_WITHOUT_TIMES]


def test_one_day_without_hours_does_not_spoil_the_others() -> None:
    assert outline("Mo-Fr 09:00-17:00; Sa open", "2026-09-07") == "09:00 open 17:00"
    assert outline("Mo-Fr 09:00-17:00; Sa open", "2026-09-12") == "00:00 unknown 24:00"


@pytest.mark.parametrize(
    "typed",
    [
        "Mo 09:00-12:00;",
        "Mo 09h00-12h",
        "Mo 09:00–12:00",
        "Mo 9:00 - 12:00",
        "Monday 09.00-12.00",
        "mo 9-12",
    ],
)
def test_what_has_one_meaning_is_understood_and_its_spelling_noted(typed: str) -> None:
    assert outline(typed, "2026-09-07") == "09:00 open 12:00"
    assert [fault.suggestion for fault in check(typed)] == ["Mo 09:00-12:00"]


@pytest.mark.parametrize("typed", ["Mo-Sun 09:00-12:00", "Mo - Su 09:00-12:00"])
def test_ranges_of_days_are_cleaned(typed: str) -> None:
    assert outline(typed, "2026-09-13") == "09:00 open 12:00"


def test_states_written_day_by_day_are_read() -> None:
    expression = "Mo closed, Tu closed, We 08:30-17:00 open"

    assert outline(expression, "2026-09-07") == "closed"
    assert outline(expression, "2026-09-09") == "08:30 open 17:00"


def test_only_what_the_engine_reads_rightly_reaches_it() -> None:
    hours = Hours.parse('Mo-Fr 09:00-12:00 open "x"', PARIS)

    moment = hours.state_at(datetime(2026, 9, 7, 8, tzinfo=UTC))

    assert (moment.state, moment.comment) == (State.OPEN, "x")
