"""Whether two moments of the week have a minute in common."""

from datetime import UTC, datetime

import pytest

from geoservice.search.moments import meet, parse

A_SATURDAY = datetime(2026, 11, 28, 9, 30, tzinfo=UTC)
"""10:30 in Paris."""


@pytest.mark.parametrize(
    ("one", "other", "together"),
    [
        ("jeudi", "jeudi-matin", True),
        ("jeudi", "lundi", False),
        ("matin", "jeudi-apres-midi", False),
        ("jeudi-12h", "jeudi-matin", False),
        ("jeudi-11h59", "jeudi-matin", True),
        ("jeudi-10h", "jeudi-10h", True),
        ("weekend", "samedi", True),
        ("maintenant", "samedi-matin", True),
        ("maintenant", "dimanche", False),
        ("2026-12-03T18:30", "jeudi-soir", True),
        ("2026-12-03T18:30", "jeudi-matin", False),
    ],
)
def test_moments_meet(one: str, other: str, together: bool) -> None:
    assert meet(parse(one), parse(other), A_SATURDAY) is together
    assert meet(parse(other), parse(one), A_SATURDAY) is together
