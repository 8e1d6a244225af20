"""Laws: a schedule means the same in every notation; any text is answered, and answered in OSM."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from french_hours.reading import Context, read, read_week
from hypothesis import given, settings
from hypothesis import strategies as st

from opening_hours import OpeningHours

DAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
CODES = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
SHORT = ("lun.", "mar.", "mer.", "jeu.", "ven.", "sam.", "dim.")


@dataclass(frozen=True)
class Block:
    """The same hours on some days."""

    days: tuple[int, ...]
    ranges: tuple[tuple[int, int], ...]
    """Minutes from midnight."""


@st.composite
def ranges(draw: st.DrawFn) -> tuple[tuple[int, int], ...]:
    count = draw(st.integers(1, 2))
    quarters = sorted(draw(st.sets(st.integers(28, 88), min_size=2 * count, max_size=2 * count)))
    minutes = [15 * quarter for quarter in quarters]
    return tuple(zip(minutes[::2], minutes[1::2], strict=True))


@st.composite
def weeks(draw: st.DrawFn) -> tuple[Block, ...]:
    """One to three blocks, no day in two of them."""
    order = draw(st.permutations(range(7)))
    cuts = sorted(draw(st.sets(st.integers(1, 6), min_size=1, max_size=3)))
    blocks: list[Block] = []
    for start, end in zip([0, *cuts], cuts, strict=False):
        blocks.append(Block(tuple(sorted(order[start:end])), draw(ranges())))
    return tuple(blocks)


def _clock_h(minute: int) -> str:
    return f"{minute // 60}h{minute % 60:02}" if minute % 60 else f"{minute // 60}h"


TIMES: dict[str, Callable[[int], str]] = {
    "9h": _clock_h,
    "9H00": lambda minute: f"{minute // 60}H{minute % 60:02}",
    "09:00": lambda minute: f"{minute // 60:02}:{minute % 60:02}",
    "9 h 00": lambda minute: f"{minute // 60} h {minute % 60:02}",
    "9 heures": lambda minute: (
        f"{minute // 60} heures" + (f" {minute % 60}" if minute % 60 else "")
    ),
}
RANGES = ("{}-{}", "{} - {}", "{} à {}", "de {} à {}", "{}–{}", "{}/{}")
BETWEEN_RANGES = (" et ", " / ", ", ", " puis ", " ; ", "  ")
AFTER_DAYS = (" ", " : ", ": ", ", ", "\n", " :\n")
BETWEEN_BLOCKS = ("\n", " ; ", ". ", ", ", " / ", " - ", "  ")


@st.composite
def notations(draw: st.DrawFn, week: tuple[Block, ...]) -> str:
    clock = TIMES[draw(st.sampled_from(sorted(TIMES)))]
    range_ = draw(st.sampled_from(RANGES))
    between = draw(st.sampled_from(BETWEEN_RANGES))
    after = draw(st.sampled_from(AFTER_DAYS))
    names = draw(st.sampled_from((DAYS, SHORT)))
    blocks: list[str] = []
    for block in week:
        days = _days(draw, [names[day] for day in block.days], block.days)
        times = between.join(range_.format(clock(start), clock(end)) for start, end in block.ranges)
        blocks.append(f"{days}{after}{times}")
    text = draw(st.sampled_from(BETWEEN_BLOCKS)).join(blocks)
    return draw(st.sampled_from((str, str.upper, str.capitalize)))(text)


def _days(draw: st.DrawFn, names: list[str], days: tuple[int, ...]) -> str:
    run = len(days) > 2 and days[-1] - days[0] == len(days) - 1
    if run and draw(st.booleans()):
        return draw(st.sampled_from(("du {} au {}", "{} au {}", "{} à {}"))).format(
            names[0], names[-1]
        )
    last = draw(st.sampled_from((" et ", ", ", " & ")))
    start, end = names[:-1], names[-1]
    return f"{', '.join(start)}{last}{end}" if start else end


def _osm(week: tuple[Block, ...]) -> str:
    rules: list[str] = []
    for block in week:
        times = ",".join(
            f"{start // 60:02}:{start % 60:02}-{end // 60:02}:{end % 60:02}"
            for start, end in block.ranges
        )
        rules.append(f"{','.join(CODES[day] for day in block.days)} {times}")
    return "; ".join(rules)


def _meaning(osm: str) -> str:
    """Each day's hours, for expressions of plain weekdays; independent of the engine."""
    hours: dict[str, str] = {}
    for rule in osm.split("; "):
        days, times = rule.split(" ")
        for part in days.split(","):
            first, _, last = part.partition("-")
            start = CODES.index(first)
            for day in range(start, CODES.index(last or first) + 1):
                hours[CODES[day]] = times
    return str(sorted(hours.items()))


@given(st.data())
@settings(max_examples=300, deadline=None)
def test_a_schedule_means_the_same_in_every_notation(data: st.DataObject) -> None:
    week = data.draw(weeks())
    text = data.draw(notations(week))

    osm = read(text).osm

    assert osm is not None, text
    assert _meaning(osm) == _meaning(_osm(week)), f"{text!r} -> {osm}"


@given(weeks(), st.integers(1, 6))
@settings(max_examples=100, deadline=None)
def test_other_days_give_the_same_answer_on_other_days(week: tuple[Block, ...], shift: int) -> None:
    def text(by: int) -> str:
        return "; ".join(
            ", ".join(DAYS[(day + by) % 7] for day in block.days)
            + " "
            + " et ".join(f"{_clock_h(start)}-{_clock_h(end)}" for start, end in block.ranges)
            for block in week
        )

    here, there = read(text(0)).osm, read(text(shift)).osm

    assert here is not None
    assert there is not None
    shifted = tuple(
        Block(tuple(sorted((day + shift) % 7 for day in block.days)), block.ranges)
        for block in week
    )
    assert _meaning(there) == _meaning(_osm(shifted))


PIECES = st.sampled_from(
    """
    lundi|mardi|le|du|au|vendredi|9h|12h30|14:00|8|-|à|/|,|;|.|\n|(|)|:|sauf|fermé|matin|après-midi
    |sur rendez-vous|sans rdv|semaine paire|et|1er|3e|du mois|vacances scolaires|pendant les|en août
    |jours fériés|été|24h/24|un lundi sur deux|jusqu'à|à partir de|ouvert|atelier|2026|le 3 mai|[tél]
    |ou|hors|lundi 9h-12h|mardi 14h-17h|de 9h à 12h
    """.strip().split("|")
)


@given(st.one_of(st.text(max_size=200), st.lists(PIECES, max_size=25).map(" ".join)))
@settings(max_examples=600, deadline=None)
def test_any_text_is_answered_in_valid_osm_or_refused(text: str) -> None:
    reading = read(text)

    assert (reading.osm is None) == (reading.reason is not None)
    assert 0 <= reading.confidence <= 1
    if reading.osm is not None:
        assert re.search(r"\d|off|unknown", reading.osm)
        OpeningHours(reading.osm)


@given(
    st.lists(PIECES, max_size=12).map(" ".join),
    st.one_of(st.sampled_from(CODES), st.none()),
    st.lists(st.sampled_from(CODES), max_size=4),
)
@settings(max_examples=300, deadline=None)
def test_any_text_is_answered_with_any_context(text: str, day: str | None, days: list[str]) -> None:
    osm = read(text, Context(day=day, days=tuple(days), week="semaine paire")).osm

    if osm is not None:
        OpeningHours(osm)


@given(
    st.dictionaries(
        st.sampled_from(CODES), st.one_of(st.text(max_size=30), st.lists(PIECES, max_size=6))
    )
)
@settings(max_examples=200, deadline=None)
def test_any_week_in_columns_is_answered(cells: dict[str, str | list[str]]) -> None:
    osm = read_week(cells).osm

    if osm is not None:
        OpeningHours(osm)


@pytest.mark.parametrize(
    "text", ["Lundi 9h-12h", "9h-12h", "Du lundi au vendredi 9h-17h sauf le mercredi"]
)
def test_words_about_the_place_change_nothing(text: str) -> None:
    dressed = f"Horaires d'ouverture : {text}, 12 rue de la Mairie 64000 Pau. Tél. 06 39 98 12 34"

    assert read(dressed).osm == read(text).osm
