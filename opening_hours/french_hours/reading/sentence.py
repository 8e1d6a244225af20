"""From words to items: what each stretch of the text is, before asking what goes with what."""

from __future__ import annotations

import re
from datetime import date

from french_hours.reading import days, periods
from french_hours.reading.answers import Refusal
from french_hours.reading.items import (
    Break,
    DayRef,
    Days,
    Item,
    Mark,
    Paren,
    Range,
    Refused,
    Times,
    Words,
)
from french_hours.reading.lexicon import Token, tokens
from french_hours.reading.spelling import clean
from french_hours.reading.times import times_at

_MARKS = {
    "PARITY": "parity",
    "WALK_IN": "appointment",
    "APPOINTMENT": "appointment",
    "ADVICE": "advice",
    "GONE": "gone",
    "EXCEPTIONAL": "exceptional",
    "CLOSED": "closed",
    "EXCEPT": "except",
    "ALSO": "also",
    "RESTRICTED": "restricted",
    "ELSEWHERE": "elsewhere",
    "USUAL": "usual",
    "HALF": "half",
}
_BREAKS = {
    "COMMA": 1,
    "AND": 1,
    "DASH": 1,
    "SLASH": 1,
    "SEMICOLON": 2,
    "STOP": 3,
    "NEWLINE": 3,
}
# After one of these (and the little words), numbers alone can be hours.
_BEFORE_BARE = frozenset(
    {"DAY", "EVERY_DAY", "WORKDAYS", "OPEN_DAYS", "WEEKEND", "MONTHLY", "TIME", "HALF", "PARITY"}
    | {"APPOINTMENT", "WALK_IN", "SH", "SCHOOL", "MONTHS", "DATES", "RARELY", "EXCEPT"}
)
_LITTLE = frozenset(
    {"COLON", "COMMA", "DASH", "SLASH", "AND", "OF", "THE", "NEWLINE", "OPEN", "CLOSE"}
    | {"SEMICOLON", "BETWEEN", "FROM", "TO"}
)
_UNFINISHED = frozenset({"AND", "TO", "OF", "BETWEEN", "UP_TO", "FROM"})
_SURE = frozenset({"OF", "BETWEEN"})
_AROUND_THE_CLOCK = Times((Range(0, 24 * 60),))
_EVERY_DAY = Days(tuple(DayRef(day, by_range=True) for day in range(7)))


def items_of(text: str, *, in_cell: bool, today: date | None) -> list[Item]:
    """The items of a text, in order.

    Args:
        text: as typed.
        in_cell: whether the text is one day's cell, where numbers alone can be hours.
        today: makes a date without a year the next one; None leaves it yearly.
    """
    words = tokens(clean(text))
    if words and words[-1].kind in _UNFINISHED:
        raise Refused(Refusal.TRUNCATED)
    items: list[Item] = []
    at = 0
    while at < len(words):
        at = _next(words, at, items, in_cell=in_cell, today=today)
    return items


def _next(
    words: list[Token], at: int, items: list[Item], *, in_cell: bool, today: date | None
) -> int:
    token = words[at]
    kind = token.kind
    if kind in _BREAKS:
        items.append(Break(_BREAKS[kind], token.text))
    elif kind in ("TIME", "NUMBER"):
        return _times(words, at, items, in_cell=in_cell)
    elif kind in days.STARTS:
        found = days.days_at(words, at)
        if found is None:
            items.append(Words(token.text))
        else:
            items.append(found[0])
            return found[1]
    elif kind in _MARKS:
        items.append(Mark(_MARKS[kind], _mark_value(token)))
    elif kind == "RARELY":
        items.extend(_rarely(token))
    elif kind in periods.KINDS:
        period = periods.period_of(token, today)
        if period is not None:
            items.append(period)
    elif kind == "ALL_HOURS":
        items.append(_AROUND_THE_CLOCK)
    elif kind == "ALL_WEEK":
        items.extend((_EVERY_DAY, _AROUND_THE_CLOCK))
    elif kind == "COLON":
        items.append(Break(0, ":", colon=True))
    elif kind in ("OPEN", "CLOSE"):
        items.append(Paren(opening=kind == "OPEN"))
    elif kind == "BAD_TIME":
        raise Refused(Refusal.TRUNCATED)
    elif kind in ("MONTHLY", "MATTERS"):
        items.append(Words("mois"))
    elif kind == "WORD":
        items.append(Words(token.text))
    return at + 1


def _times(words: list[Token], at: int, items: list[Item], *, in_cell: bool) -> int:
    bare = words[at].kind == "TIME" or _hours_may_start(words, at, in_cell=in_cell)
    found = times_at(words, at, bare=bare) if bare else None
    if found is not None:
        items.append(found[0])
        return found[1]
    if items and isinstance(items[-1], Days):
        raise Refused(Refusal.DATED_WEEK)  # «mardi 12»
    items.append(Words(words[at].text))
    return at + 1


def _hours_may_start(words: list[Token], at: int, *, in_cell: bool) -> bool:
    if words[at].value > 24:
        return False
    before = at - 1
    while before >= 0 and words[before].kind in _LITTLE:
        if words[before].kind in _SURE or (words[before].kind == "COLON" and before == at - 1):
            return True
        before -= 1
    return words[before].kind in _BEFORE_BARE if before >= 0 else in_cell or at < len(words) - 1


def _mark_value(token: Token) -> str:
    if token.kind == "WALK_IN":
        return "no"
    if token.kind == "APPOINTMENT":
        return "yes"
    return token.value if token.value is not None else token.text


_ONE_DAY_IN = re.compile(r"lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche")
_ACCENTS = (
    ("a confirmer", "à confirmer"),
    ("sous reserve", "sous réserve"),
    ("regulierement", "régulièrement"),
    ("a tour de role", "à tour de rôle"),
    ("disponibilite", "disponibilité"),
)


def _rarely(token: Token) -> list[Item]:
    """«un samedi sur deux» names a day as well as a rhythm."""
    phrase = re.sub(r" ?/ ?", " sur " if "mois" not in token.text else " par ", token.text)
    for plain, accented in _ACCENTS:
        phrase = phrase.replace(plain, accented)
    mark = Mark("rarely", phrase.strip())
    day = _ONE_DAY_IN.search(token.text)
    if day is None:
        return [mark]
    return [Days((DayRef(tokens(day[0])[0].value),)), mark]
