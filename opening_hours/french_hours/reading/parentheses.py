"""What stands in parentheses: a qualifier, the days, or a statement of its own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from french_hours.reading.answers import Refusal
from french_hours.reading.clause import Clause, Walk
from french_hours.reading.items import (
    DayRef,
    Days,
    Item,
    Mark,
    Moment,
    Paren,
    Refused,
    Times,
    Words,
)

Feed = Callable[[Walk, list[Item]], None]


def closing(items: list[Item], opening: int) -> int:
    """The index of the parenthesis that closes the one at `opening`, or the end."""
    depth = 0
    for at in range(opening, len(items)):
        item = items[at]
        if isinstance(item, Paren):
            depth += 1 if item.opening else -1
            if depth == 0:
                return at
    return len(items)


def take_parenthesis(walk: Walk, inner: list[Item], feed: Feed) -> None:
    clause = walk.current
    days = [one for one in inner if isinstance(one, Days)]
    times = any(isinstance(one, Times) for one in inner)
    moments = any(isinstance(one, Moment) for one in inner)
    excludes = any(isinstance(one, Mark) and one.kind in ("closed", "except") for one in inner)
    only_days = bool(days) and not times and not moments and not excludes
    if only_days and all(ref.nth for one in days for ref in one.refs):
        _restrict(clause, days)
    elif only_days and clause.has_times and not clause.days:
        clause.days.extend(ref for one in days for ref in one.refs)  # «14h-17h (mardi et jeudi)»
    elif not (days or moments or excludes) and (not times or clause.waits_for_times):
        _qualify(walk, inner, feed)  # «mercredi (sur rendez-vous) : 9h-12h»
    elif walk.sentence_refers_elsewhere and not excludes:
        walk.text.doubts.add("hours of another place", 0.1)
    else:
        _aside(walk, inner, feed)


def _restrict(clause: Clause, days: list[Days]) -> None:
    """«Samedi : 9h-12h (les deux premiers samedis du mois)»"""
    nth = {ref.day: ref.nth for one in days for ref in one.refs}
    if not clause.days:
        clause.days.extend(DayRef(day, which) for day, which in nth.items())
        return
    if not {ref.day for ref in clause.days} >= nth.keys():
        raise Refused(Refusal.CONTRADICTION)
    clause.days = [replace(ref, nth=nth.get(ref.day, ref.nth)) for ref in clause.days]


def _qualify(walk: Walk, inner: list[Item], feed: Feed) -> None:
    for item in inner:
        match item:
            case Words():
                feed(walk, [item])
            case Mark(kind="advice" | "also" | "elsewhere" | "gone" | "exceptional" | "usual"):
                walk.text.note(item)
            case Mark():
                walk.text.note(item)
                walk.current.body.append(item)
            case _:
                walk.current.body.append(item)


def _aside(walk: Walk, inner: list[Item], feed: Feed) -> None:
    """Statements about the clause that they interrupt; it goes on afterwards."""
    outer, clauses = walk.current, walk.text.clauses
    around = walk.in_paren, walk.break_level, walk.label
    walk.current = Clause("hours", walk.scope.copy(), outer, in_paren=True)
    walk.text.clauses, walk.in_paren, walk.label = [], True, False
    feed(walk, inner)
    walk.close()
    for clause in walk.text.clauses:
        clause.parent, clause.in_paren = outer, True
    outer.asides.extend(walk.text.clauses)
    walk.text.clauses, walk.current = clauses, outer
    walk.in_paren, walk.break_level, walk.label = around
