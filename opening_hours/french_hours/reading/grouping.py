"""From items to clauses: which days go with which times.

Days usually come before their times; «9h-12h du lundi au vendredi» is read too. What qualifies
them is read by `headings`, closures and exceptions by `exclusions`, asides by `parentheses`.
"""

from __future__ import annotations

import re

from french_hours.reading.clause import Clause, Text, Walk
from french_hours.reading.exclusions import take_closed, take_except
from french_hours.reading.headings import take_qualifier
from french_hours.reading.items import (
    Break,
    Days,
    Item,
    Mark,
    Moment,
    Nth,
    Paren,
    Period,
    Times,
    Words,
)
from french_hours.reading.parentheses import closing, take_parenthesis
from french_hours.reading.vocabulary import is_harmless, is_label, matters

_TIMES_THEN_DAYS = re.compile(r"(?:TD)+")


def clauses_of(items: list[Item]) -> Text:
    walk = Walk()
    _feed(walk, items)
    walk.close()
    return walk.text


def _feed(walk: Walk, items: list[Item]) -> None:
    at = 0
    while at < len(items):
        item = items[at]
        if isinstance(item, Paren):
            if item.opening:
                end = closing(items, at)
                take_parenthesis(walk, items[at + 1 : end], _feed)
                at = end
        else:
            _take(walk, item, items, at)
        at += 1


def _take(walk: Walk, item: Item, items: list[Item], at: int) -> None:
    match item:
        case Days():
            _take_days(walk, item, items, at)
        case Times() | Moment():
            _take_times(walk, item, items, at)
        case Break():
            _take_break(walk, item)
        case Words():
            take_words(walk, item)
        case Mark():
            walk.text.note(item)
            _take_mark(walk, item, items, at)
        case Period() if item.kind != "PH":
            take_qualifier(walk, item, items, at)
        case Period() | Nth() | Paren():
            walk.current.body.append(item)


def _take_mark(walk: Walk, item: Mark, items: list[Item], at: int) -> None:
    match item.kind:
        case "closed":
            take_closed(walk, item, items, at)
        case "except":
            take_except(walk, items, at)
        case "usual":
            walk.scope.period = None
        case "elsewhere":
            walk.sentence_refers_elsewhere = True
        case "gone" | "exceptional" | "advice" | "also":
            pass  # what the whole text says; noted above
        case _:
            take_qualifier(walk, item, items, at)


# --- days and times


def _take_days(walk: Walk, item: Days, items: list[Item], at: int) -> None:
    clause = walk.current
    if clause.kind == "except" and clause.empty:
        pass
    elif clause.kind == "closed" and clause.periods() and walk.break_level >= 2:
        clause = walk.start()  # «fermé les jours fériés ; le lundi de 9h à 12h»
    elif clause.days and (clause.has_times or clause.days_done or clause.kind == "closed"):
        clause = walk.start()
    elif clause.has_times and not clause.days:
        another_sentence = walk.break_level >= 3 and walk.label
        if not another_sentence and _times_come_first(items, at):
            clause.days_last = True
        else:
            clause = walk.start()
    elif clause.days and (walk.break_level >= 2 or walk.label or clause.kind == "except"):
        clause = walk.start()
    if clause.empty and clause.kind == "hours":
        walk.settle()
    clause.dash_pair = item if item.dash_pair is not None and not clause.days else None
    clause.dash_list = clause.dash_list or item.dash_list
    clause.days.extend(item.refs)
    clause.doubts.add("days", item.doubt)
    walk.core_read()


def _times_come_first(items: list[Item], at: int) -> bool:
    """After times without days: whether these days are theirs."""
    after = _order_of(items, at + 1)
    if not after or after[0] == "D":
        return True
    # «9h-12h le lundi, 14h-17h le mardi»: times and days alternate to the end
    return len(after) % 2 == 0 and after == "TD" * (len(after) // 2)


def _take_times(walk: Walk, item: Times | Moment, items: list[Item], at: int) -> None:
    clause = walk.current
    outer = clause.parent
    if _said_for_all(clause) and outer is not None:
        # «du lundi au vendredi sauf le mercredi de 9h à 12h»: back to the interrupted clause
        walk.close()
        walk.text.clauses.remove(outer)
        walk.current = clause = outer
    elif clause.kind == "closed" and clause.empty and clause.marks("half"):
        clause = walk.start()  # «fermé le matin - 13h30 à 18h»
    elif clause.kind == "closed" and clause.days and isinstance(item, Times):
        follows = _order_of(items, at + 1)[:1]
        if walk.break_level >= 2 or (walk.break_level >= 1 and follows == "D"):
            clause = walk.start()
    elif clause.has_times and _begins_another(walk, item, items, at):
        clause = walk.start()
    if clause.empty and clause.kind == "hours":
        walk.settle()
    clause.body.append(item)
    if isinstance(item, Times):
        clause.doubts.add("notation of times", item.doubt)
    walk.core_read()


def _said_for_all(clause: Clause) -> bool:
    outer = clause.parent
    if clause.kind != "except" or not clause.days or clause.in_paren:
        return False
    return outer is not None and outer.waits_for_times


def _begins_another(walk: Walk, item: Times | Moment, items: list[Item], at: int) -> bool:
    """Whether times after times begin another clause."""
    clause = walk.current
    if clause.days and clause.days_last:
        return True
    if isinstance(item, Moment) and item.role == "to" and clause.days:
        return True  # «lundi au vendredi 9h-18h, jusqu'à 20h le jeudi»
    if walk.break_level >= 3 and _TIMES_THEN_DAYS.fullmatch(_order_of(items, at)):
        return True
    return walk.break_level >= 2 and (walk.label or clause.kind != "hours")


def _order_of(items: list[Item], start: int) -> str:
    """The days (D) and times (T) that follow in the same paragraph, up to an exception."""
    kinds: list[str] = []
    for item in items[start:]:
        if isinstance(item, Paren) or (isinstance(item, Break) and item.text.count("\n") > 1):
            break
        if isinstance(item, Mark) and item.kind in ("except", "closed"):
            break
        if isinstance(item, Days | Times):
            kinds.append("D" if isinstance(item, Days) else "T")
    return "".join(kinds)


# --- what stands between


def _take_break(walk: Walk, item: Break) -> None:
    if item.level >= 3:
        if item.text.count("\n") > 1 and walk.scope.period and walk.current.has_times:
            walk.text.doubts.add("a heading over several paragraphs", 0.15)
        if walk.scope.end_sentence() and not walk.heading_used:
            walk.text.unread = True  # what was it the heading of?
        walk.sentence_has_words = walk.sentence_has_hours = False
        walk.sentence_refers_elsewhere = False
        walk.sentence = []
    walk.break_level = max(walk.break_level, item.level)
    if walk.current.days or any(not isinstance(one, Break) for one in walk.current.body):
        walk.current.body.append(item)


def take_words(walk: Walk, item: Words) -> None:
    if matters(item.text):
        about_hours = walk.sentence_has_hours or walk.current.kind != "hours"
        walk.text.unread = walk.text.unread or about_hours
        walk.text.doubts.add("words that may matter", 0.1)
    if not is_harmless(item.text):
        walk.text.doubts.unknown_words += 1
        walk.sentence_has_words = True
    if is_label(item.text):
        walk.label = True
