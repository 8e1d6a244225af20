"""From OSM to a French sentence that people understand, and that `read` understands back.

The sentence is made of clauses between semicolons. Each clause stands alone and says

    [when in the year,] [which days] [hours][, sur rendez-vous] [(remark)]

    Du lundi au vendredi de 9 h à 12 h et de 14 h à 17 h 30
    les semaines paires, le mercredi de 14 h à 17 h
    en juillet et août, tous les jours de 10 h à 12 h
    pendant les vacances scolaires, du lundi au vendredi de 10 h à 19 h
    les 1er et 3e jeudis du mois de 9 h à 12 h
    fermé les jours fériés · fermé en août · fermé du 24 décembre 2026 au 2 janvier 2027
    le mardi de 14 h à 17 h, sur rendez-vous
    le mardi de 14 h à 17 h (à confirmer) · (à confirmer : une semaine sur trois)      = unknown "…"
    le mardi à partir de 14 h                                                             = 14:00+

Days of an ordinary week are said as they are in the end, whatever the rules that made them: two
clauses that name the same day add up («le lundi de 9 h à 12 h ; le lundi de 14 h à 17 h, sur
rendez-vous»). A clause that limits itself to some dates replaces, on those dates, what the days it
names have otherwise; «sauf» says so when it would not be plain («sauf le 1er mardi du mois de 14 h à
17 h»), and «et aussi» says that it adds («et aussi les semaines paires, le mercredi de 14 h à 17 h»).
«le reste du temps» is OSM's `||`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from french_hours import phrases
from french_hours.guard import read_rules, split_note
from french_hours.phrases import NBSP, THIN
from french_hours.syntax import DAY_MIN, Rule, TimeSpan
from french_hours.verdicts import State, verdict
from opening_hours import OpeningHours

_WEEK = range(7)
_PLAIN_APPOINTMENT = re.compile(
    r"(uniquement |seulement )?(sur|avec) (rdv|rendez[ -]vous)( uniquement| seulement)?|rdv", re.I
)
_PLAIN_WALK_IN = re.compile(r"sans (rdv|rendez[ -]vous)", re.I)


def say(expression: str) -> str:
    """One French paragraph that says an expression, for people; ends with a full stop.

    Raises InvalidHours when the expression cannot be read.
    """
    rules, note = split_note(read_rules(expression)[0])
    clauses: list[str] = []
    for group, lead in _fallbacks(rules):
        said = list(_clauses([part for rule in group for part in _parts(rule)]))
        clauses += [f"{lead}{clause}" for clause in said]
    text = f"{THIN}; ".join(clauses) or "fermé"
    sentence = f"{text[0].upper()}{text[1:]}."
    return f"{sentence} À noter{NBSP}: {note.rstrip('.')}." if note else sentence


def _fallbacks(rules: tuple[Rule, ...]) -> Iterator[tuple[list[Rule], str]]:
    group: list[Rule] = []
    lead = ""
    for rule in rules:
        if rule.separator == "||" and group:
            yield group, lead
            group, lead = [], "le reste du temps, "
        group.append(rule)
    yield group, lead


def _parts(rule: Rule) -> Iterator[Rule]:
    """Ordinary weekdays, ranks in the month and holidays apart: each is said in its own way."""
    apart = rule.holidays and rule.weekdays and not rule.holidays_among
    days = rule if not apart else replace(rule, holidays=())
    plain = tuple(day for day in days.weekdays if not day.nths)
    ranked = tuple(day for day in days.weekdays if day.nths)
    if plain or not ranked:
        yield replace(days, weekdays=plain)
        rule = replace(rule, separator=",") if rule.separator == "," else rule
    if ranked:
        yield replace(days, weekdays=ranked)
    if apart:
        yield replace(rule, weekdays=())


def _clauses(rules: list[Rule]) -> Iterator[str]:
    """What each rule says; the ordinary week that opens the list is said as a whole."""
    opening = 0
    while opening < len(rules) and _every_week(rules[opening]):
        opening += 1
    yield from _week_clauses(rules[:opening])
    for rank in range(opening, len(rules)):
        rule = rules[rank]
        before = [other for other in rules[:rank] if verdict(other).state is not State.CLOSED]
        yield _lead(rule, before) + _clause(rule)


def _every_week(rule: Rule) -> bool:
    ranked = any(day.nths for day in rule.weekdays)
    return not (rule.years or rule.dates or rule.weeks or rule.holidays or ranked)


def _lead(rule: Rule, before: list[Rule]) -> str:
    """«sauf» or «et aussi» where the clause alone would leave a doubt."""
    if verdict(rule).state is State.CLOSED or not any(_meet(rule, other) for other in before):
        return ""
    if rule.separator == ",":
        return "et aussi "
    season = rule.dates or rule.years or rule.holidays
    return "" if season else "sauf "


def _meet(one: Rule, other: Rule) -> bool:
    """Whether some day of four years is concerned by both; a holiday may be any day."""
    return bool(_days(one) & _days(other))


def _days(rule: Rule) -> frozenset[int]:
    # Ranks of days where the selectors hold; holidays are left aside, as they may fall on any day.
    whole_days = replace(
        rule,
        separator=";",
        holidays=(),
        times=(TimeSpan(0, DAY_MIN),),
        always=False,
        modifier=None,
        comment=None,
    )
    start = datetime(2024, 1, 1)  # noqa: DTZ001 - the wall clock of anywhere
    engine = OpeningHours(str(whole_days), auto_country=False, auto_timezone=False)
    return frozenset(
        day
        for first, last, _, _ in engine.intervals(start, datetime(2028, 1, 1))  # noqa: DTZ001
        if engine.is_open(first)
        for day in range((first - start).days, (last - start).days)
    )


# -- the ordinary week --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Slot:
    span: TimeSpan | None
    """None when the rule gives no hours."""
    remark: str


def _week_clauses(rules: list[Rule]) -> Iterator[str]:
    if not rules:
        return
    week: list[list[_Slot]] = [[] for _ in _WEEK]
    alone: list[str] = []
    for rule in rules:
        days = [day for chosen in rule.weekdays for day in chosen.days()] or list(_WEEK)
        closed = verdict(rule).state is State.CLOSED
        if closed and rule.comment:
            alone.append(_clause(rule))
        spans = list(rule.times) or [TimeSpan(0, DAY_MIN) if rule.always else None]
        slots = [] if closed else [_Slot(span, _remark(rule)) for span in spans]
        if rule.comment_only:
            alone.append(_clause(rule))
            continue
        for day in days:
            if closed and rule.times:
                week[day] = _without(week[day], rule.times)
            elif rule.separator == "," and not closed:
                week[day] = _without(week[day], rule.times) + slots
            else:
                week[day] = list(slots)
    said = list(_groups(week))
    yield from said
    if alone:
        yield from alone
    elif not said:
        yield "fermé"


def _groups(week: list[list[_Slot]]) -> Iterator[str]:
    """Days with equal slots together; each remark in clauses of its own."""
    remarks = list(dict.fromkeys(slot.remark for day in week for slot in day))
    for remark in remarks:
        same: dict[tuple[TimeSpan, ...], list[int]] = {}
        for day in _WEEK:
            slots = [slot for slot in week[day] if slot.remark == remark]
            if slots:
                spans = sorted(
                    (slot.span for slot in slots if slot.span), key=lambda span: span.start_min
                )
                same.setdefault(_merged(spans), []).append(day)
        for spans, days in same.items():
            yield _join(phrases.weekdays(days), phrases.time_spans(spans)) + remark


def _merged(spans: list[TimeSpan]) -> tuple[TimeSpan, ...]:
    """The same hours without overlap: «de 9 h à 19 h» rather than two spans that cross."""
    merged: list[TimeSpan] = []
    for span in spans:
        last = merged[-1] if merged else span
        end, plain = (
            last.end_min or 0,
            not (last.open_end or span.open_end or last.events or span.events),
        )
        if merged and plain and span.start_min < end:
            merged[-1] = TimeSpan(last.start_min, max(end, span.end_min or 0))
        else:
            merged.append(span)
    return tuple(merged)


def _without(slots: list[_Slot], spans: tuple[TimeSpan, ...]) -> list[_Slot]:
    """Slots less the stretches that another rule decides."""
    for cut in spans:
        kept: list[_Slot] = []
        for slot in slots:
            span = slot.span
            if (
                span is None
                or span.end_min is None
                or cut.end_min is None
                or span.events
                or cut.events
            ):
                kept.append(slot)
                continue
            if cut.start_min > span.start_min:
                end = min(span.end_min, cut.start_min)
                kept.append(
                    replace(slot, span=TimeSpan(span.start_min, end))
                    if end < span.end_min
                    else slot
                )
            if cut.end_min < span.end_min:
                start = max(span.start_min, cut.end_min)
                if start > span.start_min:
                    kept.append(replace(slot, span=replace(span, start_min=start)))
                elif cut.start_min <= span.start_min:
                    kept.append(slot)
        slots = list(dict.fromkeys(kept))
    return slots


# -- one rule -----------------------------------------------------------------------------------------


def _clause(rule: Rule) -> str:
    season = ", ".join(
        text
        for text in (
            phrases.years(rule.years),
            phrases.date_ranges(rule.dates),
            phrases.weeks(rule.weeks),
            phrases.enumerated([phrases.holiday(day) for day in rule.holidays]),
        )
        if text
    )
    days = _days_phrase(rule)
    hours = phrases.time_spans(rule.times) if not rule.always else f"24{NBSP}h sur 24"
    if verdict(rule).state is State.CLOSED:
        when = ", ".join(part for part in (season, days) if part)
        remark = f" ({rule.comment})" if rule.comment else ""
        return _join("fermé", when, hours) + remark
    remark = _remark(rule)
    if rule.comment_only:
        plain = _PLAIN_APPOINTMENT.fullmatch((rule.comment or "").strip())
        return "sur rendez-vous" if plain else f"horaires à confirmer{NBSP}: {rule.comment}"
    if not (season or days or hours):
        return "tous les jours" + remark
    if season and days:
        return _join(f"{season},", days, hours) + remark
    if season and hours:
        comma = "" if rule.holidays or _one_day(rule) else ","
        return _join(f"{season}{comma}", hours) + remark
    return _join(season or days, hours) + remark


def _one_day(rule: Rule) -> bool:
    return all(dates.last is None and dates.first.day is not None for dates in rule.dates)


def _days_phrase(rule: Rule) -> str:
    if not rule.weekdays:
        return ""
    ranked = [phrases.nth_weekday(day) for day in rule.weekdays if day.nths]
    plain = [day for chosen in rule.weekdays if not chosen.nths for day in chosen.days()]
    return phrases.enumerated(([phrases.weekdays(plain)] if plain else []) + ranked)


def _remark(rule: Rule) -> str:
    """What follows the hours: how one comes, or that one should ask."""
    decided, comment = verdict(rule), rule.comment
    if comment is None and any(span.events for span in rule.times):
        return ""
    if decided.state is State.OPEN:
        if comment is None:
            return ""
        if _PLAIN_APPOINTMENT.fullmatch(comment.strip()):
            return ", sur rendez-vous"
        if _PLAIN_WALK_IN.fullmatch(comment.strip()):
            return ", sans rendez-vous"
        return f" ({comment})"
    if comment is None:
        without_hours = rule.chooses_days and not rule.times and rule.modifier != "unknown"
        return (
            " (heures non précisées)"
            if without_hours
            else " (à confirmer)"
            if decided.state is State.UNKNOWN
            else ""
        )
    return f" (à confirmer{NBSP}: {comment})"


def _join(*words: str) -> str:
    return " ".join(word for word in words if word)
