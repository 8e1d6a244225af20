"""Our answers beside those of opening_hours.js, family by family; docs/hours.md holds the score."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import NamedTuple

import pytest
from french_hours import InvalidHours

from tests.opening_hours.outlines import outline

_CASES = Path(__file__).with_name("behaviours.txt")
_DOCS = Path(__file__).parents[2] / "docs" / "hours.md"


class Case(NamedTuple):
    family: str
    expression: str
    day: str
    theirs: str
    ours: str

    @property
    def name(self) -> str:
        return f"{self.expression.strip() or 'blank'} @ {self.day}"


def _cases() -> list[Case]:
    cases: list[Case] = []
    family = ""
    for line in _CASES.read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            family = line.strip("[]")
        elif line and not line.startswith("#"):
            question, _, answers = line.rpartition(" = ")
            expression, _, day = question.rpartition(" @ ")
            theirs, _, other = answers.partition(" ≠ ")
            cases.append(
                Case(family, expression, day, theirs, other.partition(", because")[0] or theirs)
            )
    return cases


CASES = _cases()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_each_behaviour_is_ours_or_differs_for_a_stated_reason(case: Case) -> None:
    try:
        answer = outline(case.expression, case.day).replace(" by appointment", "")
    except InvalidHours:
        answer = "error"

    assert answer == case.ours


def score_table() -> str:
    """Markdown: cases and agreement with opening_hours.js, by family."""
    total = Counter(case.family for case in CASES)
    same = Counter(case.family for case in CASES if case.ours == case.theirs)
    rows = [f"| {family} | {total[family]} | {same[family]} |" for family in total]
    rows.append(
        f"| **all** | **{total.total()}** | **{same.total()}** ({same.total() / total.total():.0%}) |"
    )
    return "\n".join(["| family | cases | same answer |", "| --- | --: | --: |", *rows])


def test_the_docs_give_the_score_that_these_cases_measure() -> None:
    assert score_table() in _DOCS.read_text(encoding="utf-8")
