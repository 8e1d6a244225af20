"""Where closures and exceptions begin, and what they are exceptions to."""

from __future__ import annotations

from french_hours.reading.answers import Refusal
from french_hours.reading.clause import Clause, Walk
from french_hours.reading.items import Break, Days, Item, Mark, Moment, Nth, Period, Refused, Times


def take_closed(walk: Walk, item: Mark, items: list[Item], at: int) -> None:
    """«fermé», «fermeture», «pas d'accueil»"""
    clause = walk.current
    walk.heading_used = True
    if clause.kind == "except" and clause.waits_for_times:
        clause.days_done = True  # «sauf le jeudi, fermé»
    elif clause.kind == "hours" and clause.waits_for_times:
        after = items[at + 1] if at + 1 < len(items) else None
        if isinstance(after, Days) and _part_of(after, clause):
            walk.start("except", clause)  # «du lundi au vendredi fermé le mercredi 9h-12h»
        else:
            clause.days_done = True  # «lundi : fermé»
            clause.body.append(item)
    elif clause.kind == "hours" and clause.empty:
        clause.kind = "closed"
        walk.settle()
    elif clause.has_times or walk.break_level >= 1 or _target(items, at) is not None:
        walk.start("closed", _outer(clause))
    walk.label = False


def take_except(walk: Walk, items: list[Item], at: int) -> None:
    """«sauf», «hors», «excepté»"""
    outer = _outer(walk.current)
    half = _last_half(outer) if outer is not None else None
    clause = walk.start("except", outer)
    walk.label = False
    if half is not None:
        clause.body.append(half)
    if _target(items, at) is None:
        raise Refused(Refusal.UNREAD_WORDS)


def _outer(clause: Clause) -> Clause | None:
    return clause if clause.kind == "hours" else clause.parent


def _part_of(days: Days, clause: Clause) -> bool:
    return {ref.day for ref in days.refs} < {ref.day for ref in clause.days}


def _last_half(clause: Clause) -> Mark | None:
    """«le matin de 9h à 12h et sur rendez-vous l'après-midi sauf le jeudi»: except that half."""
    half: Mark | None = None
    for item in clause.body:
        if isinstance(item, Mark) and item.kind == "half":
            half = item
        elif isinstance(item, Times):
            half = None
    return half


def _target(items: list[Item], at: int) -> Item | None:
    """What «fermé» or «sauf» is about, when it is said after it."""
    for item in items[at + 1 :]:
        if isinstance(item, Days | Period | Nth | Times | Moment):
            return item
        if isinstance(item, Mark) and item.kind in ("half", "parity"):
            return item
        if isinstance(item, Break) and item.level >= 1:
            return None
    return None
