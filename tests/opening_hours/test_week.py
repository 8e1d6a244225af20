"""The week of a page: real dates, holidays by their names, hours in words."""

from __future__ import annotations

from datetime import date

from french_hours import Day, Hours, State, calendar_of, week_table


def week(expression: str, monday: date, code: str = "75") -> list[Day]:
    return week_table(Hours.parse(expression, calendar_of(code)), monday)


def texts(days: list[Day]) -> list[list[str]]:
    return [[slot.replace("\u00a0", " ") for slot in day.slots] for day in days]


def test_a_week_has_its_seven_dates_in_words() -> None:
    days = week("Mo 09:00-12:00", date(2026, 11, 30))

    assert [day.label.replace("\u00a0", " ") for day in days][:2] == [
        "lundi 30 novembre",
        "mardi 1er décembre",
    ]
    assert len(days) == 7


def test_each_day_says_its_hours() -> None:
    days = week('Mo,Tu 09:00-12:00,14:00-17:30; Sa 10:00-12:00 "rdv"', date(2026, 11, 23))

    assert texts(days)[0] == ["de 9 h à 12 h", "de 14 h à 17 h 30"]
    assert texts(days)[5] == ["de 10 h à 12 h, sur rendez-vous"]
    assert [day.state for day in days][4:6] == [State.CLOSED, State.OPEN]


def test_a_holiday_is_named_and_closes_the_day() -> None:
    days = week("Mo-Fr 09:00-12:00; PH off", date(2026, 11, 9))

    assert (days[2].holiday, days[2].slots) == ("Armistice 1918", ())


def test_a_holiday_is_named_even_when_the_hours_do_not_speak_of_it() -> None:
    days = week("Mo-Fr 09:00-12:00", date(2026, 12, 14), "974")

    assert days[6].holiday == "Abolition de l’esclavage"


def test_school_holidays_are_named() -> None:
    assert (
        week("Mo 09:00-12:00", date(2026, 10, 19))[0].school_holiday == "Vacances de la Toussaint"
    )


def test_a_night_belongs_to_its_evening() -> None:
    days = week("Fr 20:00-02:00", date(2026, 11, 23))

    assert texts(days)[4] == ["de 20 h à 2 h"]
    assert days[5].slots == ()


def test_the_night_of_the_sunday_before_is_not_this_week() -> None:
    assert week("Su 20:00-02:00", date(2026, 11, 23))[0].slots == ()


def test_day_and_night_is_said_each_day() -> None:
    assert texts(week("24/7", date(2026, 11, 23))) == [["24 h sur 24"]] * 7


def test_the_week_of_the_clock_change_keeps_its_hours() -> None:
    assert texts(week("Mo-Su 09:00-12:00", date(2026, 10, 19))) == [["de 9 h à 12 h"]] * 7


def test_what_is_to_be_confirmed_is_said() -> None:
    days = week('Mo 14:00-16:00 unknown "une fois sur deux"', date(2026, 11, 23))

    assert texts(days)[0] == ["de 14 h à 16 h (à confirmer : une fois sur deux)"]
    assert days[0].state is State.UNKNOWN


def test_parity_follows_the_real_week() -> None:
    even = "week 2-52/2 Mo 09:00-12:00"

    assert texts(week(even, date(2026, 11, 23)))[0] == ["de 9 h à 12 h"]
    assert texts(week(even, date(2026, 11, 30)))[0] == []
