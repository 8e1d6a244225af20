"""Texts in OSM syntax are kept, cleaned of what engines misread."""

from __future__ import annotations

import pytest
from french_hours.reading import read


@pytest.mark.parametrize(
    ("text", "osm"),
    [
        ("Mo-Fr 09:00-12:00; We off", "Mo-Fr 09:00-12:00; We off"),
        ("Mo 09:00-12:00;Tu 14:00-17:00;", "Mo 09:00-12:00; Tu 14:00-17:00"),
        ("Mo, Tu 09:00-12:00", "Mo,Tu 09:00-12:00"),
        ("Mo–Fr 09:00–12:00", "Mo-Fr 09:00-12:00"),
        ("Mo-Sun 09:00-12:00", "Mo-Su 09:00-12:00"),
        (
            'We 13:30-17:00; "la conseillère est là le mercredi"',
            'We 13:30-17:00 open "la conseillère est là le mercredi"',
        ),
        ('Mo 09:00-12:00 "sur rendez-vous"', 'Mo 09:00-12:00 open "sur rendez-vous"'),
        ('Mo 09:00-12:00 "sonner"', 'Mo 09:00-12:00 unknown "sonner"'),
        ('Mo 09:00-12:00 || "sur rendez-vous"', "Mo 09:00-12:00"),
        ("24/7", "24/7"),
    ],
)
def test_osm_is_kept_and_made_safe(text: str, osm: str) -> None:
    assert read(text).osm == osm


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("09:00-12:00,14:00-17:30", "no_day"),
        ("08:30-11:30; Th 14:00-16:30", "no_day"),
        ("Mo-Fr", "no_time"),
        ("Tu-Fr 09:00-12:00 off", "never_open"),
    ],
)
def test_osm_that_does_not_say_enough_is_refused(text: str, reason: str) -> None:
    assert read(text).reason == reason
