"""A week given in columns: one cell a day, or several."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date

from french_hours.reading.already_osm import split_rules
from french_hours.reading.answers import DAY_CODES, Context, Reading, Refusal
from french_hours.reading.reader import LEAST, read

_DAY = "\x00"
"""Stands for the day in a rule shared by several days."""
_CLOSED = re.compile(
    r"\W*(?:ferm[ée]e?s?|fermeture|clos|closed|off)(?: au public)?\W*", re.IGNORECASE
)
"""A cell that says nothing else."""


def read_week(
    cells: Mapping[str, str | Sequence[str]],
    *,
    week: str | None = None,
    today: date | None = None,
) -> Reading:
    """Read a week given in columns: one cell a day, or several (morning and afternoon, or starts and ends).

    A day whose cell cannot be read is *unknown* in the answer: the rest of the week is kept, and
    the day does not pass for closed.

    Args:
        cells: by day, "Mo" to "Su"; an absent or blank cell is a day without opening.
        week: which weeks, in French, where a column says so («semaine paire»).
        today: see `read`.
    """
    parts = {day: _cell(cells[day]) for day in DAY_CODES if day in cells}
    texts = {day: text for day, text in parts.items() if text}
    whole = " / ".join(f"{day}: {text}" for day, text in texts.items())
    rules: dict[str, list[str]] = {}
    confidences: list[float] = []
    by_appointment = False
    reasons: list[Refusal] = []
    for day, text in texts.items():
        reading = read(text, Context(day=day, week=week), today=today)
        by_appointment = by_appointment or reading.by_appointment
        if reading.osm is not None:
            confidences.append(reading.confidence)
            _collect(rules, day, reading.osm)
        elif reading.reason not in (Refusal.NEVER_OPEN, Refusal.RESTRICTED):
            reasons.append(reading.reason or Refusal.NO_HOURS)
            _collect(rules, day, f'{day} unknown "{_comment(text)}"')
    if not confidences:
        reason = reasons[0] if reasons else Refusal.NEVER_OPEN if texts else Refusal.NO_HOURS
        return Reading(whole, None, 0.8, by_appointment, reason)
    osm = "; ".join(_week_rule(rule, days) for rule, days in rules.items())
    doubt = 0.1 * len(reasons)
    return Reading(whole, osm, round(max(LEAST, min(confidences) - doubt), 2), by_appointment, None)


def _cell(cell: str | Sequence[str]) -> str:
    """What is said of a day; «fermé» beside the hours of the other half of it says nothing more."""
    parts = [cell] if isinstance(cell, str) else list(dict.fromkeys(map(str.strip, cell)))
    parts = [part for part in parts if re.search(r"\w", part)]
    return " ; ".join([part for part in parts if not _CLOSED.fullmatch(part)] or parts[:1])


def _comment(text: str) -> str:
    """The cell as an OSM comment."""
    return re.sub(r"[\s\x00-\x1f]+", " ", re.sub(r'["\\]', "'", text)).strip()[:80]


def _collect(rules: dict[str, list[str]], day: str, osm: str) -> None:
    """Rules that differ only by their day are written once."""
    outside_comments = re.compile(rf'"[^"]*"|\b{day}\b')
    for rule in split_rules(osm):
        plan = outside_comments.sub(lambda found: _DAY if found[0] == day else found[0], rule)
        if _DAY not in plan and plan.endswith(" off"):
            plan = f"{plan.removesuffix('off')}{_DAY} off"  # «fermé en août», in Monday's cell
        rules.setdefault(plan, []).append(day)


def _week_rule(plan: str, days: list[str]) -> str:
    at = [DAY_CODES.index(day) for day in days]
    if f"{_DAY}[" in plan:
        return "; ".join(plan.replace(_DAY, day) for day in days)
    if len(at) > 2 and at[-1] - at[0] == len(at) - 1:
        return plan.replace(_DAY, f"{days[0]}-{days[-1]}")
    return plan.replace(_DAY, ",".join(days))
