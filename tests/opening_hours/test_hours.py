"""Open, closed or unknown: at a moment, until when, and between two dates."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from french_hours import Hours, State, calendar_of
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.opening_hours.expressions import expressions
from tests.opening_hours.outlines import outline

PARIS = ZoneInfo("Europe/Paris")
OFFICE = "Mo-Fr 09:00-12:00,14:00-17:30"


def hours(expression: str, code: str = "75") -> Hours:
    return Hours.parse(expression, calendar_of(code))


def at(text: str, zone: str = "Europe/Paris") -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))


# -- a moment -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("moment", "state"),
    [
        ("2026-11-23T08:59", State.CLOSED),
        ("2026-11-23T09:00", State.OPEN),
        ("2026-11-23T11:59", State.OPEN),
        ("2026-11-23T12:00", State.CLOSED),
        ("2026-11-22T10:00", State.CLOSED),
    ],
)
def test_a_place_opens_at_its_opening_and_closes_at_its_closing(moment: str, state: State) -> None:
    assert hours(OFFICE).state_at(at(moment)).state is state


def test_the_asker_may_be_anywhere() -> None:
    noon_in_reunion = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)

    assert hours("Mo 11:00-13:00", "974").state_at(noon_in_reunion).state is State.OPEN
    assert hours("Mo 11:00-13:00", "75").state_at(noon_in_reunion).state is State.CLOSED


def test_a_moment_without_time_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        hours(OFFICE).state_at(datetime(2026, 11, 23, 10))  # noqa: DTZ001 - the point
    with pytest.raises(ValueError, match="time zone"):
        hours(OFFICE).spans(datetime(2026, 11, 23), datetime(2026, 11, 24))  # noqa: DTZ001


def test_a_closure_says_which_holiday_it_is() -> None:
    moment = hours(f"{OFFICE}; PH off").state_at(at("2026-11-11T10:00"))

    assert (moment.state, moment.reason) == (State.CLOSED, "Armistice 1918")


def test_school_holidays_are_named() -> None:
    moment = hours("Mo-Fr 09:00-12:00; SH off").state_at(at("2026-10-20T10:00"))

    assert (moment.state, moment.reason) == (State.CLOSED, "Vacances de la Toussaint")


def test_the_comment_of_the_rule_in_force_comes_with_the_state() -> None:
    moment = hours('Mo-Fr 09:00-12:00; Sa 09:00-12:00 unknown "une semaine sur trois"').state_at(
        at("2026-11-28T10:00")
    )

    assert (moment.state, moment.comment) == (State.UNKNOWN, "une semaine sur trois")


def test_by_appointment_is_said_apart() -> None:
    moment = hours('Mo 09:00-12:00; Tu 09:00-12:00 "sur RDV"').state_at(at("2026-11-24T10:00"))

    assert (moment.state, moment.by_appointment) == (State.OPEN, True)


# -- the next change -----------------------------------------------------------------------------------


def test_the_next_change_of_an_open_place_is_its_closing() -> None:
    change = hours(OFFICE).next_change(at("2026-11-23T10:00"))

    assert change is not None
    assert (change.at, change.state) == (at("2026-11-23T12:00"), State.CLOSED)


def test_the_next_change_jumps_over_the_holidays() -> None:
    change = hours("Mo-Fr 09:00-12:00; Aug off").next_change(at("2026-07-31T13:00"))

    assert change is not None
    assert change.at == at("2026-09-01T09:00")


def test_a_remark_that_changes_is_not_a_change_of_state() -> None:
    change = hours('Mo 09:00-12:00 open "salle A", Mo 12:00-14:00 open "salle B"').next_change(
        at("2026-11-23T10:00")
    )

    assert change is not None
    assert change.at == at("2026-11-23T14:00")


@pytest.mark.parametrize("expression", ["24/7", "off", "2020 Mo 09:00-12:00"])
def test_what_never_changes_has_no_next_change(expression: str) -> None:
    assert hours(expression).next_change(at("2026-11-23T10:00")) is None


# -- nights, clock changes, leap days ----------------------------------------------------------------


def test_a_night_runs_into_the_next_day() -> None:
    assert outline("Fr 22:00-02:00", "2026-11-28") == "00:00 open 02:00"


def test_a_night_is_not_cut_by_the_hours_of_the_next_day() -> None:
    assert (
        outline("Sa 14:00-18:00; Fr 20:00-02:00", "2026-11-28")
        == "00:00 open 02:00, 14:00 open 18:00"
    )


def test_a_night_of_some_dates_is_not_cut_either() -> None:
    assert (
        outline("Mo-Su 10:00-12:00; Dec 31 20:00-03:00", "2027-01-01")
        == "00:00 open 03:00, 10:00 open 12:00"
    )


def test_a_night_of_a_weekday_is_not_cut_by_the_holiday_that_follows() -> None:
    assert outline("Th,PH 20:00-02:00", "2027-01-01") == "00:00 open 02:00, 20:00 open 24:00"


def test_in_spring_the_missing_hour_is_not_open() -> None:
    spans = hours("Su 02:00-04:00").spans(at("2026-03-28T00:00"), at("2026-03-30T00:00"))

    assert [(span.start, span.end) for span in spans] == [
        (datetime(2026, 3, 29, 1, tzinfo=UTC), datetime(2026, 3, 29, 2, tzinfo=UTC))
    ]


def test_in_autumn_the_hour_that_comes_twice_is_open_twice() -> None:
    spans = hours("Su 02:00-04:00").spans(at("2026-10-24T00:00"), at("2026-10-26T00:00"))

    assert [span.end - span.start for span in spans] == [timedelta(hours=3)]


def test_in_autumn_half_of_the_hour_that_comes_twice_comes_twice() -> None:
    spans = hours("Su 02:00-02:30").spans(at("2026-10-24T00:00"), at("2026-10-26T00:00"))

    assert [f"{span.start:%H:%M}" for span in spans] == ["00:00", "01:00"]


def test_a_day_that_starts_after_the_clocks_change_starts_at_its_hour() -> None:
    spans = hours("Mo 09:00-12:00").spans(at("2026-10-26T00:00"), at("2026-10-27T00:00"))

    assert [f"{span.start:%H:%M}" for span in spans] == ["08:00"]


def test_saint_pierre_changes_its_clocks_on_other_days_than_paris() -> None:
    spans = hours("Mo 09:00-12:00", "975").spans(
        at("2026-03-16T00:00", "America/Miquelon"), at("2026-03-17T00:00", "America/Miquelon")
    )

    assert [f"{span.start:%H:%M}" for span in spans] == ["11:00"]  # summer time since 8 March


def test_midnight_overseas_is_midnight_there() -> None:
    assert outline("Mo 00:00-24:00", "2026-11-23", "988") == "00:00 open 24:00"
    spans = hours("Mo 00:00-24:00", "988").spans(at("2026-11-20T00:00"), at("2026-11-30T00:00"))
    assert spans[0].start == datetime(2026, 11, 22, 13, tzinfo=UTC)


def test_a_holiday_overseas_lasts_from_midnight_to_midnight_there() -> None:
    reunion = hours("24/7; PH off", "974").spans(at("2026-12-19T00:00"), at("2026-12-22T00:00"))

    assert reunion[0].end == datetime(2026, 12, 19, 20, tzinfo=UTC)
    assert reunion[1].start == datetime(2026, 12, 20, 20, tzinfo=UTC)


def test_29_february_exists_in_leap_years_only() -> None:
    assert outline("Feb 29 10:00-12:00", "2028-02-29") == "10:00 open 12:00"
    assert outline("Feb 29 10:00-12:00", "2027-03-01") == "closed"
    assert outline("Tu[-1] 10:00-12:00", "2028-02-29") == "10:00 open 12:00"


def test_a_holiday_on_a_weekend_closes_the_weekend() -> None:
    assert outline("Mo-Sa 09:00-12:00; PH off", "2026-08-15") == "closed"
    assert (
        outline("Mo-Sa 09:00-12:00; PH off", "2026-08-17") == "09:00 open 12:00"
    )  # not carried to Monday


def test_the_53rd_week_is_odd_and_so_is_the_first() -> None:
    odd = "week 1-53/2 Mo 10:00-12:00"

    assert outline(odd, "2026-12-28") == "10:00 open 12:00"
    assert outline(odd, "2027-01-04") == "10:00 open 12:00"


# -- what nobody knows yet -------------------------------------------------------------------------------


def test_beyond_the_table_hours_that_depend_on_school_holidays_are_unknown() -> None:
    assert outline("Mo-Fr 09:00-12:00; SH off", "2030-01-07") == "09:00 unknown 12:00"
    assert outline("Mo-Fr 09:00-12:00; SH Mo-Fr 10:00-14:00", "2030-01-07") == (
        "09:00 unknown 10:00, 10:00 open 12:00, 12:00 unknown 14:00"
    )


def test_beyond_the_table_other_hours_are_known() -> None:
    assert outline("Mo-Fr 09:00-12:00; PH off", "2030-01-07") == "09:00 open 12:00"
    assert outline("Mo-Fr 09:00-12:00; SH off", "2030-01-06") == "closed"


def test_where_no_table_is_published_school_holidays_are_unknown() -> None:
    assert outline("Mo-Fr 09:00-12:00; SH off", "2026-11-23", "987") == "09:00 unknown 12:00"


def test_why_nobody_knows_is_said() -> None:
    moment = hours("Mo-Fr 09:00-12:00; SH off").state_at(at("2030-01-07T10:00"))

    assert moment.state is State.UNKNOWN
    assert moment.reason == "les dates des vacances ne sont pas encore connues"


@pytest.mark.parametrize("year", [1970, 1999, 2077, 2150])
def test_no_year_is_a_crash(year: int) -> None:
    assert hours("Mo-Su 09:00-12:00; PH off").state_at(at(f"{year}-06-02T10:00")).state in (
        State.OPEN,
        State.UNKNOWN,
    )


# -- meaning ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Mo,Tu,We,Th,Fr 09:00-12:00", "Mo-Fr 09:00-12:00"),
        ("Mo-Fr 09:00-12:00; We off", "Mo,Tu,Th,Fr 09:00-12:00"),
        ("Mo-Fr 09:00-12:00,14:00-17:00", "Mo-Fr 09:00-12:00, Mo-Fr 14:00-17:00"),
        ("24/7", "Mo-Su 00:00-24:00"),
        ('Mo 09:00-12:00 "rdv"', 'Mo 09:00-12:00 open "sur rendez-vous"'),
        ("Mo 22:00-26:00", "Mo 22:00-02:00"),
        ("Mo-Fr 09:00-12:00; PH,SH off", "Mo-Fr 09:00-12:00; SH off; PH off"),
    ],
)
def test_two_spellings_mean_the_same(one: str, other: str) -> None:
    assert hours(one).means_the_same(hours(other))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Mo-Fr 09:00-12:00", "Mo-Fr 09:00-12:00; PH off"),
        ("Mo 09:00-12:00", 'Mo 09:00-12:00 "sur rendez-vous"'),
        ("week 1-53/2 Mo 09:00-12:00", "week 2-52/2 Mo 09:00-12:00"),
        ("Mo 09:00-12:00", "Mo 09:00-12:00; 2035 May 07 off"),
        ("Mo 09:00-12:00; SH off", "Mo 09:00-12:00"),
    ],
)
def test_a_difference_is_seen_even_if_rare(one: str, other: str) -> None:
    assert not hours(one).means_the_same(hours(other))


@pytest.mark.parametrize(
    "expression", [OFFICE, "24/7", 'Mo 09:00-12:00 "rdv"; Tu off', "Fr 22:00-02:00"]
)
def test_a_plain_week_is_stable(expression: str) -> None:
    assert hours(expression).week_stable


@pytest.mark.parametrize(
    "days", ["PH", "SH", "Aug", "week 2-52/2", "Mo[1]", "2026", "easter", "Dec 25"]
)
def test_what_depends_on_the_date_is_not_stable(days: str) -> None:
    assert not hours(f"Mo-Fr 09:00-12:00; {days} off").week_stable


# -- laws --------------------------------------------------------------------------------------------------

codes = st.sampled_from(["75", "67", "974", "975", "987", "988"])
moments = st.datetimes(
    datetime(2025, 1, 1),  # noqa: DTZ001 - hypothesis adds the zone
    datetime(2029, 1, 1),  # noqa: DTZ001
    timezones=st.just(UTC),
)


@given(expressions(), codes, moments)
@settings(max_examples=150, deadline=None)
def test_the_state_at_a_moment_is_that_of_the_span_around_it(
    expression: str, code: str, moment: datetime
) -> None:
    place = hours(expression, code)
    day = timedelta(days=1)

    around = [
        span for span in place.spans(moment - day, moment + day) if span.start <= moment < span.end
    ]

    now = place.state_at(moment)
    assert [(span.state, span.by_appointment) for span in around] == (
        [] if now.state is State.CLOSED else [(now.state, now.by_appointment)]
    )


@given(expressions(), codes, moments, st.integers(1, 70))
@settings(max_examples=100, deadline=None)
def test_spans_are_sorted_disjoint_and_inside_the_question(
    expression: str, code: str, start: datetime, days: int
) -> None:
    end = start + timedelta(days=days)

    spans = hours(expression, code).spans(start, end)

    bounds = [bound for span in spans for bound in (span.start, span.end)]
    assert bounds == sorted(bounds)
    assert all(start <= bound <= end for bound in bounds)
    assert all(span.start < span.end and span.state is not State.CLOSED for span in spans)


@given(expressions(), codes, moments, st.integers(1, 40), st.integers(1, 40))
@settings(max_examples=100, deadline=None)
def test_two_questions_in_a_row_say_as_much_as_one(
    expression: str, code: str, start: datetime, days: int, more: int
) -> None:
    place = hours(expression, code)
    middle, end = start + timedelta(days=days), start + timedelta(days=days + more)

    def minutes(from_: datetime, to: datetime) -> timedelta:
        return sum((span.end - span.start for span in place.spans(from_, to)), timedelta())

    assert minutes(start, middle) + minutes(middle, end) == minutes(start, end)


@given(expressions(), codes, moments)
@settings(max_examples=100, deadline=None)
def test_nothing_changes_before_the_next_change(
    expression: str, code: str, moment: datetime
) -> None:
    place = hours(expression, code)
    now = place.state_at(moment).state

    change = place.next_change(moment, within_days=40)

    if change is not None:
        assert change.state is not now
        assert place.state_at(change.at).state is change.state
        assert place.state_at(change.at - timedelta(minutes=1)).state is now
