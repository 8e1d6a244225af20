"""Time zones, public holidays and school holidays of every French territory."""

from __future__ import annotations

import itertools
from datetime import date, timedelta

import pytest
from french_hours import UnknownTerritory, calendar_of
from french_hours.calendars import easter
from hypothesis import given
from hypothesis import strategies as st

MAINLAND = [f"{n:02d}" for n in range(1, 96) if n != 20]
OVERSEAS = [
    "971",
    "972",
    "973",
    "974",
    "975",
    "976",
    "977",
    "978",
    "984",
    "986",
    "987",
    "988",
    "989",
]
EVERYWHERE = [*MAINLAND, "2A", "2B", *OVERSEAS]


@pytest.mark.parametrize("code", EVERYWHERE)
def test_every_departement_and_collectivite_has_a_calendar(code: str) -> None:
    calendar = calendar_of(code)

    assert calendar.code == code
    assert len(calendar.public_holidays(2026)) >= 11


@pytest.mark.parametrize(
    ("code", "time_zone"),
    [
        ("04", "Europe/Paris"),
        ("2A", "Europe/Paris"),
        ("971", "America/Guadeloupe"),
        ("972", "America/Martinique"),
        ("973", "America/Cayenne"),
        ("974", "Indian/Reunion"),
        ("975", "America/Miquelon"),
        ("976", "Indian/Mayotte"),
        ("977", "America/St_Barthelemy"),
        ("978", "America/Marigot"),
        ("986", "Pacific/Wallis"),
        ("987", "Pacific/Tahiti"),
        ("988", "Pacific/Noumea"),
    ],
)
def test_each_place_keeps_its_own_time(code: str, time_zone: str) -> None:
    assert calendar_of(code).time_zone == time_zone


def test_the_marquesas_are_half_an_hour_from_tahiti() -> None:
    assert calendar_of("98731").time_zone == "Pacific/Marquesas"
    assert calendar_of("98735").time_zone == "Pacific/Tahiti"


@pytest.mark.parametrize(
    ("commune", "departement"),
    [
        ("04070", "04"),
        ("2A004", "2A"),
        ("2a004", "2A"),
        ("97411", "974"),
        ("69123", "69"),
        (" 75056 ", "75"),
    ],
)
def test_a_commune_follows_its_departement(commune: str, departement: str) -> None:
    assert calendar_of(commune).code == departement


@pytest.mark.parametrize(
    ("former", "now"),
    [("97127", "978"), ("97123", "977"), ("98511", "976"), ("20004", "20"), ("6AE", "67")],
)
def test_a_former_code_still_leads_somewhere(former: str, now: str) -> None:
    assert calendar_of(former).code == now


@pytest.mark.parametrize("code", ["", "0", "00", "96", "97", "98", "99", "979", "Paris", "750560"])
def test_an_unknown_code_is_said_in_french(code: str) -> None:
    with pytest.raises(UnknownTerritory, match="Aucun département"):
        calendar_of(code)


@given(st.text(max_size=6))
def test_any_text_has_a_calendar_or_a_refusal(code: str) -> None:
    try:
        calendar = calendar_of(code)
    except UnknownTerritory:
        return
    assert calendar.name


NATIONAL_2026 = [
    "01-01",
    "04-06",
    "05-01",
    "05-08",
    "05-14",
    "05-25",
    "07-14",
    "08-15",
    "11-01",
    "11-11",
    "12-25",
]


def _days(code: str, year: int = 2026) -> list[str]:
    return [f"{day:%m-%d}" for day in calendar_of(code).public_holidays(year)]


def test_eleven_days_are_holidays_everywhere() -> None:
    assert _days("75") == NATIONAL_2026


@pytest.mark.parametrize(
    ("code", "own"),
    [
        ("57", ["04-03", "12-26"]),
        ("67", ["04-03", "12-26"]),
        ("68", ["04-03", "12-26"]),
        ("971", ["05-27"]),
        ("972", ["05-22"]),
        ("973", ["06-10"]),
        ("974", ["12-20"]),
        ("975", []),
        ("976", ["04-27"]),
        ("977", ["10-09"]),
        ("978", ["05-28"]),
        ("986", ["04-28", "06-29", "07-29"]),
        ("987", ["03-05", "04-03", "11-20"]),
        ("988", ["09-24"]),
    ],
)
def test_each_territory_keeps_its_own_holidays(code: str, own: list[str]) -> None:
    assert sorted(set(_days(code)) - set(NATIONAL_2026)) == own


def test_a_holiday_that_the_law_replaced_is_of_its_time() -> None:
    assert "06-29" in _days("987", 2024)
    assert "06-29" not in _days("987", 2026)


def test_the_german_holidays_of_other_maps_are_not_ours() -> None:
    assert not {"06-04", "10-03"} & set(_days("67"))


def test_holidays_are_named_in_french() -> None:
    assert calendar_of("75").public_holidays(2026)[date(2026, 7, 14)] == "Fête nationale"
    assert (
        calendar_of("974").public_holidays(2026)[date(2026, 12, 20)] == "Abolition de l’esclavage"
    )


def test_two_holidays_on_one_day_are_one_day() -> None:
    in_2008 = calendar_of("75").public_holidays(2008)  # Ascension fell on 1 May

    assert len(in_2008) == 10


@given(st.integers(1982, 2099))
def test_easter_is_a_sunday_between_22_march_and_25_april(year: int) -> None:
    day = easter(year)

    assert day.weekday() == 6
    assert date(year, 3, 22) <= day <= date(year, 4, 25)


@given(st.sampled_from(EVERYWHERE), st.integers(1900, 2200))
def test_holidays_of_a_year_are_in_it_and_in_order(code: str, year: int) -> None:
    days = list(calendar_of(code).public_holidays(year))

    assert days == sorted(days)
    assert all(day.year == year for day in days)


@pytest.mark.parametrize(
    ("code", "zone"),
    [
        ("69", "A"),
        ("04", "B"),
        ("76", "B"),
        ("75", "C"),
        ("31", "C"),
        ("2A", "Corse"),
        ("974", "Réunion"),
        ("987", ""),
    ],
)
def test_school_holidays_follow_the_zone(code: str, zone: str) -> None:
    assert calendar_of(code).school_zone == zone


def test_winter_holidays_differ_by_zone() -> None:
    starts = {
        code: next(
            p.first for p in calendar_of(code).school_holidays if p.first >= date(2027, 2, 1)
        )
        for code in ("69", "04", "75")
    }

    assert starts == {"69": date(2027, 2, 13), "04": date(2027, 2, 20), "75": date(2027, 2, 6)}


@pytest.mark.parametrize("code", EVERYWHERE)
def test_school_holidays_are_in_order_and_inside_what_is_known(code: str) -> None:
    calendar = calendar_of(code)
    periods = calendar.school_holidays

    assert all(one.last < other.first for one, other in itertools.pairwise(periods))
    assert all(calendar.known_from <= p.first <= p.last <= calendar.known_until for p in periods)


@pytest.mark.parametrize("code", MAINLAND)
def test_the_mainland_is_known_for_more_than_a_year(code: str) -> None:
    assert calendar_of(code).known_until == date(2028, 8, 31)


def test_a_period_unpacks_as_first_last_and_name() -> None:
    first, last, name = calendar_of("75").school_holidays[0]

    assert (first, last, name) == (
        date(2022, 10, 22),
        date(2022, 11, 6),
        "Vacances de la Toussaint",
    )


def test_places_with_one_key_share_everything() -> None:
    assert calendar_of("67").key == calendar_of("68").key == calendar_of("57").key
    assert calendar_of("67").key != calendar_of("54").key  # same zone B, no Good Friday
    assert calendar_of("69").key != calendar_of("75").key


@given(st.sampled_from(EVERYWHERE), st.dates(date(2022, 1, 1), date(2029, 1, 1)))
def test_what_is_not_known_is_not_claimed(code: str, day: date) -> None:
    calendar = calendar_of(code)

    assert calendar.knows("SH", day, day) or not calendar.holidays("SH", day, day)
    assert calendar.knows("PH", day, day + timedelta(days=1))
