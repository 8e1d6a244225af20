"""Runs of times: «9h-12h et 14h-17h», «9h 12h 14h 17h», «de 14 à 18h30»."""

from __future__ import annotations

from itertools import pairwise

from french_hours.reading.answers import Refusal
from french_hours.reading.items import Moment, Range, Refused, Role, Times
from french_hours.reading.lexicon import Token

# What may stand between two times of one run; the run ends at anything else.
_INSIDE = frozenset(
    {"DASH", "SLASH", "COMMA", "SEMICOLON", "AND", "TO", "OF", "NEWLINE", "UP_TO", "FROM", "STOP"}
    | {"BETWEEN", "HALF", "THE", "COLON"}
)
# Said between the two ends of one range.
_JOINS = frozenset({"DASH", "SLASH", "TO", "UP_TO", "COMMA", "OF", "THE", "COLON"})
_SURE_JOINS = frozenset({"DASH", "TO", "UP_TO"})
_PARTS = frozenset({"AND", "SEMICOLON", "NEWLINE", "STOP", "HALF", "FROM", "BETWEEN"})


def times_at(tokens: list[Token], start: int, *, bare: bool) -> tuple[Times | Moment, int] | None:
    """Read the run that starts at `tokens[start]`; the item, and where to go on.

    Args:
        tokens: the whole text.
        start: index of a TIME or NUMBER.
        bare: whether numbers alone («14-18») can be hours here: after a day, or in a day's cell.
    """
    entries, seps, stop = _collect(tokens, start)
    entries, seps, stop = _trim(tokens, start, entries, seps, stop)
    sure = any(entry.kind == "TIME" for entry in entries)
    if not entries or (not sure and not (bare and len(entries) % 2 == 0)):
        return None
    if len(entries) == 1:
        return Moment(entries[0].value, _role(tokens, start)), stop
    between = any(token.kind == "BETWEEN" for token in tokens[max(0, start - 2) : start])
    if len(entries) % 2:
        raise Refused(Refusal.TRUNCATED)
    doubt = 0.0 if sure else 0.1
    ranges: list[Range] = []
    for first in range(0, len(entries), 2):
        kinds = set(seps[first])
        if not kinds <= (_JOINS | {"AND"} if between else _JOINS):
            raise Refused(Refusal.START_ONLY)
        if not kinds & _SURE_JOINS:
            doubt = max(doubt, 0.02)
        ranges.append(_range(_minutes(entries[first]), _minutes(entries[first + 1])))
    return Times(_in_order(ranges), doubt), stop


def _collect(tokens: list[Token], start: int) -> tuple[list[Token], list[tuple[str, ...]], int]:
    entries = [tokens[start]]
    seps: list[tuple[str, ...]] = []
    stop = start + 1
    while True:
        here = stop
        while here < len(tokens) and here - stop < 6 and tokens[here].kind in _INSIDE:
            here += 1
        if here >= len(tokens) or tokens[here].kind not in ("TIME", "NUMBER"):
            return entries, seps, stop
        if tokens[here].kind == "NUMBER" and tokens[here].value > 24:
            return entries, seps, stop
        between = {token.kind for token in tokens[stop:here]}
        if len(entries) % 2 == 0 and between & {"UP_TO", "FROM"}:
            return entries, seps, stop  # «9h-18h, jusqu'à 20h le jeudi»
        seps.append(tuple(token.kind for token in tokens[stop:here]))
        entries.append(tokens[here])
        stop = here + 1


def _trim(
    tokens: list[Token], start: int, entries: list[Token], seps: list[tuple[str, ...]], stop: int
) -> tuple[list[Token], list[tuple[str, ...]], int]:
    """Leave out a number at the end that is not an hour: «14h-18h, 2 salles»."""
    while (
        len(entries) > 1
        and len(entries) % 2
        and entries[-1].kind == "NUMBER"
        and not _SURE_JOINS & set(seps[-1])
    ):
        if not seps[-1] and entries[-2].kind == "TIME" and len(entries[-1].text) == 2:
            raise Refused(Refusal.TRUNCATED)  # «17 h 01»: minutes, or an hour?
        stop -= 1 + len(seps[-1])
        entries, seps = entries[:-1], seps[:-1]
    if entries and entries[0].kind == "NUMBER" and entries[0].value > 24:
        return [], [], start
    return entries, seps, stop


def _minutes(entry: Token) -> int:
    return entry.value if entry.kind == "TIME" else entry.value * 60


def _role(tokens: list[Token], start: int) -> Role:
    for token in tokens[max(0, start - 2) : start]:
        if token.kind == "FROM":
            return "from"
        if token.kind == "UP_TO":
            return "to"
    return "at"


def _range(start: int, end: int) -> Range:
    if end == 0:
        end = 24 * 60
    if start == 24 * 60:
        start = 0
    if end <= start:
        # past midnight, where it looks like an evening: «20h-2h»; else a slip: «14h-7h»
        if start < 16 * 60 or end > 6 * 60:
            raise Refused(Refusal.CONTRADICTION)
        end += 24 * 60
    return Range(start, end)


def _in_order(ranges: list[Range]) -> tuple[Range, ...]:
    ranges = sorted(ranges, key=lambda one: one.start)
    if any(before.end > after.start for before, after in pairwise(ranges)):
        raise Refused(Refusal.CONTRADICTION)
    return tuple(ranges)
