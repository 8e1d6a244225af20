"""The calendar file: what RFC 5545 asks, and what people get in their calendar."""

from __future__ import annotations

from datetime import UTC, datetime

from french_hours import Hours, calendar_of, ics
from hypothesis import given
from hypothesis import strategies as st

START, END = datetime(2026, 11, 23, tzinfo=UTC), datetime(2026, 11, 30, tzinfo=UTC)


def calendar(
    expression: str = "Mo 09:00-12:00", name: str = "Médiathèque", uid: str = "lieux/1@exemple.fr"
) -> str:
    hours = Hours.parse(expression, calendar_of("75"))
    return ics(
        hours,
        name,
        uid,
        start=START,
        end=END,
        stamp=datetime(2026, 11, 1, tzinfo=UTC),
        address="1 rue, Digne",
        url="https://exemple.fr/lieux/1",
    )


def unfolded(text: str) -> list[str]:
    return text.replace("\r\n ", "").split("\r\n")


def test_an_opening_is_an_event_in_utc() -> None:
    lines = unfolded(calendar())

    assert lines[0] == "BEGIN:VCALENDAR"
    assert "VERSION:2.0" in lines
    assert "PRODID:-//french_hours//Horaires//FR" in lines
    assert "DTSTART:20261123T080000Z" in lines
    assert "DTEND:20261123T110000Z" in lines
    assert "DTSTAMP:20261101T000000Z" in lines
    assert lines[-2:] == ["END:VCALENDAR", ""]


def test_the_event_says_what_one_finds_there() -> None:
    assert "SUMMARY:Médiathèque\u00a0: ouvert" in unfolded(calendar())
    assert "SUMMARY:Médiathèque\u00a0: sur rendez-vous" in unfolded(
        calendar('Mo 09:00-12:00 "rdv"')
    )
    assert "SUMMARY:Médiathèque\u00a0: à confirmer" in unfolded(calendar("Mo 09:00-12:00 unknown"))


def test_an_event_keeps_its_name_from_one_download_to_the_next() -> None:
    uids = [line for line in unfolded(calendar()) if line.startswith("UID:")]

    assert uids == ["UID:lieux/1-20261123T080000Z@exemple.fr"]
    assert (
        uids
        == [
            line
            for line in unfolded(calendar("Mo 09:00-12:00; Tu 09:00-10:00"))
            if line.startswith("UID:")
        ][:1]
    )


def test_punctuation_is_escaped() -> None:
    lines = unfolded(calendar(name="A, B; C\\D\nE"))

    assert "SUMMARY:A\\, B\\; C\\\\D\\nE\u00a0: ouvert" in lines
    assert "LOCATION:1 rue\\, Digne" in lines


def test_what_is_unknown_all_week_fills_no_calendar() -> None:
    assert "BEGIN:VEVENT" not in calendar("unknown")


@given(st.text(max_size=200), st.text(max_size=40))
def test_no_line_is_longer_than_75_octets_and_nothing_is_lost(name: str, uid: str) -> None:
    text = calendar(name=name, uid=uid)

    assert all(len(line.encode("utf-8", "surrogatepass")) <= 75 for line in text.split("\r\n"))
    assert text.count("BEGIN:VEVENT") == 1
    assert all(
        line.split(":")[0].split(";")[0].isupper() or "-" in line for line in unfolded(text) if line
    )
