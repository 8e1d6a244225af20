"""What we say in French, we read back with the same meaning."""

from __future__ import annotations

import pytest
from french_hours import Hours, calendar_of, read, say
from hypothesis import assume, given, settings

from tests.opening_hours.expressions import expressions

PARIS = calendar_of("75")


def there_and_back(osm: str) -> str | None:
    """OSM → French → OSM; None when the French is refused."""
    return read(say(osm)).osm


@pytest.mark.parametrize(
    "osm",
    [
        "24/7",
        "Mo-Fr 09:00-12:00,14:00-17:30; Sa[1] 10:00-12:00; PH off",
        "Mo-Fr 09:00-12:00; We off",
        "Mo-Fr 09:00-12:00; SH off",
        "Mo-Fr 09:00-12:00; SH Mo-Fr 10:00-19:00",
        "Mo-Fr 09:00-12:00; Aug off",
        "Mo-Fr 09:00-12:00; 2026 Dec 24-2027 Jan 02 off",
        "Jul-Aug Mo-Sa 10:00-12:00; Sep-Jun Mo-Sa 09:00-17:00",
        "week 1-53/2 Mo 10:00-12:00; week 2-52/2 Mo 14:00-16:00",
        "Mo-Fr 09:00-12:00, week 2-52/2 We 14:00-17:00",
        "Tu 09:00-12:00; Tu[1] 14:00-17:00",
        "Th[1,3] 09:00-12:00; Fr[-1] 14:00-16:00",
        'Mo 09:00-12:00, Mo 14:00-17:00 "sur rendez-vous"',
        'Mo-Fr 09:00-12:00 "sur rendez-vous"',
        'Mo-Fr 09:00-12:00 "sans rendez-vous"',
        "Mo 10:00-12:00 unknown",
        'Mo 10:00-12:00 unknown "une semaine sur trois"',
        "Mo-Fr,PH 10:00-12:00",
        "Fr 22:00-02:00",
        "We 10:00+",
    ],
)
def test_each_form_comes_back_with_its_meaning(osm: str) -> None:
    back = there_and_back(osm)

    assert back is not None
    assert Hours.parse(back, PARIS).means_the_same(Hours.parse(osm, PARIS)), back


@given(expressions(nights=False))
@settings(max_examples=150, deadline=None)
def test_whatever_we_say_we_read_back(osm: str) -> None:
    hours = Hours.parse(osm, PARIS)
    assume(any(rule.modifier != "closed" for rule in hours.rules))

    back = there_and_back(osm)

    assert back is not None
    assert Hours.parse(back, PARIS).means_the_same(hours), f"{say(osm)} -> {back}"
