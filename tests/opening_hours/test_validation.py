"""What is wrong in an expression: where, what, how it is said, and what to write instead."""

from __future__ import annotations

import pytest
from french_hours import Hours, InvalidHours, Kind, calendar_of, check
from french_hours.grammar import parse
from french_hours.syntax import written
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.opening_hours.expressions import expressions

VALID = [
    "24/7",
    "Mo-Fr 09:00-12:00,14:00-17:30; Sa[1] 10:00-12:00; PH off",
    "week 1-53/2 Mo 10:00-12:00; week 2-52/2 We 14:00-16:00",
    "2026 Dec 24-2027 Jan 02 off",
    'Mo 09:00-12:00 open "accueil"; Tu 14:00+ unknown "selon affluence"',
    "Mo-Fr,PH 09:00-12:00",
    "SH Mo-Fr 10:00-19:00",
    'Mo 09:00-12:00 || "sur rendez-vous"',
    "easter -2 days off",
    "Jul-Aug off",
    "sunrise-sunset",
    "Sa[-1] +1 day 10:00-12:00",
]


@pytest.mark.parametrize("expression", VALID)
def test_a_right_expression_has_no_fault(expression: str) -> None:
    assert check(expression) == []


FAULTS: list[tuple[str, Kind, int, str | None]] = [
    ("", Kind.BLANK, 0, None),
    ("Mo-Fr, 09:00-12:00", Kind.STRAY_COMMA, 5, "Mo-Fr 09:00-12:00"),
    (
        "Mo 09:00-12:00 Tu 14:00-16:00",
        Kind.MISSING_SEPARATOR,
        15,
        "Mo 09:00-12:00 ; Tu 14:00-16:00",
    ),
    ('Mo 09:00-12:00 "rdv', Kind.UNCLOSED_COMMENT, 15, 'Mo 09:00-12:00 "rdv"'),
    ("Lu 09:00-12:00", Kind.UNKNOWN_WORD, 0, "Mo 09:00-12:00"),
    ("Mo 09:00-12:00; jeudi off", Kind.UNKNOWN_WORD, 16, "Mo 09:00-12:00; Th off"),
    ("Mo closd", Kind.UNKNOWN_WORD, 3, "Mo closed"),
    ("Mo 25:00-26:00", Kind.IMPOSSIBLE_TIME, 3, None),
    ("Mo 49:00-50:00", Kind.IMPOSSIBLE_TIME, 3, None),
    ("Mo 10:60-12:00", Kind.IMPOSSIBLE_TIME, 3, None),
    ("Apr 31 off", Kind.IMPOSSIBLE_DATE, 4, "Apr 30 off"),
    ("2027 Feb 29 off", Kind.IMPOSSIBLE_DATE, 9, "2027 Feb 28 off"),
    ("week 54 Mo 10:00-12:00", Kind.IMPOSSIBLE_WEEK, 5, None),
    ("Mo[6] 10:00-12:00", Kind.IMPOSSIBLE_RANK, 3, None),
    ("2028-2026 Mo 10:00-12:00", Kind.BACKWARD_RANGE, 0, None),
    ("2027 Mar 02-2027 Mar 01 off", Kind.BACKWARD_RANGE, 0, None),
    ("Mo 10:00", Kind.START_ONLY, 3, "Mo 10:00+"),
    ("Mo 10:00-12:00/01:00", Kind.UNSUPPORTED, 14, None),
    ("We, Aug Mo 10:00-12:00", Kind.MISPLACED, 4, None),
    ("Mo-PH 10:00-12:00", Kind.MISPLACED, 2, "Mo,PH 10:00-12:00"),
    ("Mo-Fr", Kind.DAYS_WITHOUT_TIMES, 0, None),
    ("Mo - Fr 9h-12h", Kind.NOTATION, 3, "Mo-Fr 09:00-12:00"),
]


@pytest.mark.parametrize(("expression", "kind", "position", "suggestion"), FAULTS)
def test_a_fault_is_placed_named_and_corrected(
    expression: str, kind: Kind, position: int, suggestion: str | None
) -> None:
    fault = check(expression)[0]

    assert (fault.kind, fault.position, fault.suggestion) == (kind, position, suggestion)


def test_each_kind_of_fault_has_a_case_above() -> None:
    assert {kind for _, kind, _, _ in FAULTS} == set(Kind)


@pytest.mark.parametrize("expression", [expression for expression, *_ in FAULTS])
def test_a_fault_is_told_in_a_french_sentence(expression: str) -> None:
    hint = check(expression)[0].hint

    assert hint.endswith(".")
    assert hint[0].isupper() or hint.startswith("«\u00a0")
    assert "'" not in hint


def test_a_fault_that_can_be_lived_with_does_not_prevent_reading() -> None:
    hours = Hours.parse("Mo - Fr 9h-12h", calendar_of("75"))

    assert [fault.kind for fault in hours.cautions] == [Kind.NOTATION]


def test_what_cannot_be_read_says_why() -> None:
    with pytest.raises(InvalidHours) as caught:
        Hours.parse("Mo-Fr, 09:00-12:00", calendar_of("75"))

    assert [fault.kind for fault in caught.value.problems] == [Kind.STRAY_COMMA]


@given(st.text(max_size=60))
@settings(deadline=None)
def test_any_text_gets_an_answer(text: str) -> None:
    for fault in check(text):
        assert 0 <= fault.position <= len(text)


words = st.sampled_from(
    [*["Mo", "Tu", "Fr", "Su", "PH", "SH", "Jan", "Dec", "week", "24/7", "off", "open", "unknown", "easter", "09:00", "12:00", "10", "2026", "1"], "-", ",", ";", "||", "[", "]", "+", '"', "/", ":", "(", ")", " day"]
)  # fmt: skip


@given(
    st.lists(st.tuples(words, st.sampled_from(["", " "]))).map(
        lambda pairs: "".join(map("".join, pairs))
    )
)
@settings(max_examples=400, deadline=None)
def test_any_words_of_the_language_are_read_or_refused(text: str) -> None:
    faults = check(text)

    if not any(fault.kind.fatal for fault in faults):
        # Once in its usual spelling, nothing is left but what the writer has to complete.
        left = [fault.kind for fault in check(written(parse(text)[0]))]
        assert left == [fault.kind for fault in faults if fault.kind is not Kind.NOTATION]


@given(expressions())
def test_what_is_written_is_what_was_read(expression: str) -> None:
    rules = parse(expression)[0]

    assert written(parse(written(rules))[0]) == written(rules)


@given(expressions())
@settings(max_examples=50, deadline=None)
def test_the_usual_spelling_keeps_the_meaning(expression: str) -> None:
    calendar = calendar_of("75")

    usual = written(parse(expression)[0])

    assert Hours.parse(usual, calendar).means_the_same(Hours.parse(expression, calendar))
