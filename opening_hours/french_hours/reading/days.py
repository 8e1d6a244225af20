"""Chains of days: «lundi, mardi et jeudi», «du mardi au vendredi», «1er et 3e jeudi du mois»."""

from __future__ import annotations

from dataclasses import replace

from french_hours.reading.items import DayRef, Days, Half, Nth
from french_hours.reading.lexicon import Token

_GROUPS = {
    "EVERY_DAY": range(7),
    "WORKDAYS": range(5),
    "OPEN_DAYS": range(6),
    "WEEKEND": range(5, 7),
}
STARTS = frozenset({"DAY", "ORDINAL", *_GROUPS})
_LINKS = frozenset({"COMMA", "AND", "SLASH", "DASH", "TO", "UP_TO", "THE", "OF", "NEWLINE"})
_BETWEEN_ORDINALS = frozenset({"COMMA", "AND", "SLASH", "DASH", "THE"})
_FIRM_LINKS = frozenset({"COMMA", "AND", "SLASH", "DASH", "TO", "UP_TO"})


def days_at(tokens: list[Token], start: int) -> tuple[Days | Nth, int] | None:
    """Read the chain that starts at `tokens[start]`; the item, and where to go on."""
    if tokens[start].kind in _GROUPS:
        days = _GROUPS[tokens[start].kind]
        refs = [DayRef(day, by_range=True) for day in days]
        half, stop = _half(tokens, start + 1)
        if half:
            refs = [replace(ref, half=half) for ref in refs]
        doubt = 0.05 if tokens[start].kind == "OPEN_DAYS" else 0.0
        return Days(tuple(refs), doubt), stop
    return _chain(tokens, start)


def _chain(tokens: list[Token], start: int) -> tuple[Days | Nth, int] | None:
    refs: list[DayRef] = []
    links: list[str] = []
    nth: tuple[int, ...] = ()
    stop = at = start
    between: list[str] = []
    while at < len(tokens):
        token = tokens[at]
        if token.kind == "ORDINAL":
            nth += token.value
            at = _skip(tokens, at + 1, _BETWEEN_ORDINALS)
            continue
        if token.kind != "DAY":
            break
        if refs and not nth and "THE" not in between:
            nth = refs[-1].nth  # «1er mardi et jeudi du mois»: both
        half, stop = _half(tokens, at + 1)
        if refs:
            links.append(next((kind for kind in between if kind in _FIRM_LINKS), ""))
        refs.append(DayRef(token.value, nth, half))
        nth = ()
        at = _skip(tokens, stop, _LINKS)
        between = [token.kind for token in tokens[stop:at]]
        if len(between) > 4 or ("NEWLINE" in between and not _FIRM_LINKS & set(between)):
            break
    if not refs:
        return _nth_alone(tokens, start)
    return _finish(tokens, refs, links, stop)


def _finish(
    tokens: list[Token], refs: list[DayRef], links: list[str], stop: int
) -> tuple[Days, int]:
    doubt = 0.0
    after = _skip(tokens, stop, frozenset({"THE"}))
    if after < len(tokens) and tokens[after].kind == "MONTHLY":
        stop = after + 1
        half, stop = _half(tokens, stop)
        if half and refs[-1].half is None:
            refs[-1] = replace(refs[-1], half=half)
    elif any(ref.nth for ref in refs):
        doubt = 0.1  # «2e jeudi»: of the month, though it is not said
    dash_pair = None
    dash_list = False
    if links == ["DASH"] and not any(ref.nth for ref in refs):
        dash_pair = (refs[0].day, refs[1].day)
    elif links.count("DASH") > 1 and set(links) <= {"DASH", "AND", "COMMA", "SLASH"}:
        dash_list = True  # «lundi - mardi - jeudi»
    elif "DASH" in links and len(links) > 1:
        links = _settle_dashes(refs, links)
    return Days(tuple(_ranges(refs, links)), doubt, dash_pair, dash_list), stop


def _settle_dashes(refs: list[DayRef], links: list[str]) -> list[str]:
    """«Mardi-jeudi et vendredi»: a range would have been written «mardi-vendredi», so a list."""
    settled: list[str] = []
    for index, link in enumerate(links):
        follows = index + 2 < len(refs) and refs[index + 2].day == refs[index + 1].day + 1
        settled.append("TO" if link == "DASH" and not follows else link)
    return settled


def _ranges(refs: list[DayRef], links: list[str]) -> list[DayRef]:
    days = [refs[0]]
    for ref, link in zip(refs[1:], links, strict=True):
        if link in ("TO", "UP_TO") and not ref.nth:
            before = days[-1]
            day = (before.day + 1) % 7
            days[-1] = replace(before, by_range=True)
            while day != ref.day:
                days.append(DayRef(day, before.nth, before.half, by_range=True))
                day = (day + 1) % 7
            days.append(replace(ref, by_range=True))
        else:
            days.append(ref)
    return days


def as_range(days: Days) -> Days:
    """The reading of a dash pair as a range."""
    if days.dash_pair is None:
        return days
    first, last = days.refs
    return Days(tuple(_ranges([first, last], ["TO"])), days.doubt)


def _half(tokens: list[Token], at: int) -> tuple[Half | None, int]:
    """A half-day right after a day: «lundi matin», «lundi matin et après-midi» (the whole day)."""
    if at >= len(tokens) or tokens[at].kind != "HALF":
        return None, at
    half = tokens[at].value
    more = _skip(tokens, at + 1, frozenset({"AND", "THE", "COMMA", "SLASH"}))
    if more > at + 1 and more < len(tokens) and tokens[more].kind == "HALF":
        return None, more + 1
    return half, at + 1


def _nth_alone(tokens: list[Token], start: int) -> tuple[Nth, int] | None:
    nth: tuple[int, ...] = ()
    at = start
    while at < len(tokens) and tokens[at].kind in ("ORDINAL", "AND", "COMMA", "THE"):
        if tokens[at].kind == "ORDINAL":
            nth += tokens[at].value
        at += 1
    if nth and at < len(tokens) and tokens[at].kind == "MONTHLY":
        return Nth(nth), at + 1
    return None


def _skip(tokens: list[Token], at: int, kinds: frozenset[str]) -> int:
    while at < len(tokens) and tokens[at].kind in kinds:
        at += 1
    return at
