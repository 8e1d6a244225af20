"""The sentences that this library writes (`french_hours.wording.say`), read back exactly.

They can be told by their typography (a no-break space between a number and «h») and by their plan:
clauses between semicolons, each with its dates, days, hours and remark. What departs from the plan
is left to the reader of what people write.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from itertools import takewhile

from french_hours.reading.items import (
    Break,
    DayRef,
    Days,
    Item,
    Mark,
    Moment,
    Period,
    Range,
    Refused,
    Times,
)
from french_hours.reading.osm import selector_of
from french_hours.reading.sentence import items_of

_SIGNATURE = re.compile(r"\d\u00a0h\b")
_REMARK = re.compile(r" \((à confirmer(?:[\u00a0 ]: (?P<why>[^()]*))?|(?P<comment>[^()]*))\)$")
_LEADS = ("et aussi ", "sauf ")
_WEEKS = {"odd": "week 1-53/2", "even": "week 2-52/2"}


@dataclass(frozen=True, slots=True)
class _Clause:
    lead: str
    closed: bool
    periods: list[Period]
    weeks: str
    days: list[DayRef]
    hours: list[str]
    ranges: list[Range]
    state: str

    @property
    def every_week(self) -> bool:
        """It speaks of ordinary days: such clauses, at the beginning, add up."""
        ranked = any(ref.nth for ref in self.days)
        return not (self.lead or self.periods or self.weeks or self.closed or ranked)


def read_own(text: str, today: date | None) -> str | None:
    """The OSM expression of one of our sentences; None for any other text."""
    if not _SIGNATURE.search(text):
        return None
    sentences = text.strip().removesuffix(".")
    if "." in sentences or "\n" in sentences:
        return None
    try:
        clauses = [_clause(part, today) for part in re.split(r"[\u202f ]?; ", sentences)]
    except Refused:
        return None
    known = [clause for clause in clauses if clause is not None]
    if len(known) < len(clauses) or _overlap(known):
        return None
    expression = ""
    for rank, clause in enumerate(known):
        adds = clause.lead == "et aussi " or (clause.every_week and _meets(clause, known[:rank]))
        separator = "" if not rank else ", " if adds else "; "
        expression += separator + _rule(clause)
    return expression


def _clause(text: str, today: date | None) -> _Clause | None:
    text = text[:1].lower() + text[1:]
    lead = next((lead for lead in _LEADS if text.startswith(lead)), "")
    text = text.removeprefix(lead)
    state = ""
    remark = _REMARK.search(text)
    if remark:
        text = text[: remark.start()]
        why, comment = remark["why"], remark["comment"]
        if comment == "heures non précisées":
            return None
        state = f' open "{comment}"' if comment else f' unknown "{why}"' if why else " unknown"
    clause = _parts(items_of(text, in_cell=False, today=today), lead, state)
    if clause is None or not (clause.days or clause.periods) or (clause.closed and state):
        return None
    return clause if clause.closed or clause.hours else None


def _parts(items: list[Item], lead: str, state: str) -> _Clause | None:
    periods: list[Period] = []
    days: list[DayRef] = []
    hours: list[str] = []
    ranges: list[Range] = []
    weeks, closed = "", False
    for item in items:
        match item:
            case Break(text="," | "et"):
                pass
            case Period(kind="SH" | "PH" | "MONTHS" | "DATES") if not hours:
                periods.append(item)
            case Days() if not hours:
                days += item.refs
            case Times():
                ranges += item.ranges
                hours += [f"{_clock(one.start)}-{_clock(one.end)}" for one in item.ranges]
            case Moment(role="from"):
                hours.append(f"{_clock(item.minute)}+")
            case Mark(kind="parity") if not hours:
                weeks = _WEEKS[item.value]
            case Mark(kind="closed") if item is items[0]:
                closed = True
            case Mark(kind="appointment") if hours and not state:
                state = f' open "{"sur" if item.value == "yes" else "sans"} rendez-vous"'
            case _:
                return None
    return _Clause(lead, closed, periods, weeks, days, hours, ranges, state)


def _rule(clause: _Clause) -> str:
    dates = ",".join(one.selector for one in clause.periods if one.selector)
    holidays = ",".join(one.kind for one in clause.periods if not one.selector)
    days = _days(clause.days)
    hours = ",".join(clause.hours)
    parts = [dates, clause.weeks, holidays, days, hours, "off" if clause.closed else ""]
    return " ".join(part for part in parts if part) + clause.state


def _days(refs: list[DayRef]) -> str:
    return selector_of([(ref.day, nth) for ref in refs for nth in ref.nth or (0,)])


def _clock(minute: int) -> str:
    minute = minute if minute == 24 * 60 else minute % (24 * 60)
    return f"{minute // 60:02}:{minute % 60:02}"


def _meets(clause: _Clause, before: list[_Clause]) -> bool:
    days = {ref.day for ref in clause.days}
    if not all(other.every_week for other in before):
        return False
    return any(days & {ref.day for ref in other.days} for other in before)


def _overlap(clauses: list[_Clause]) -> bool:
    """Whether ordinary clauses say one hour twice: we never write so."""
    week = list(takewhile(lambda clause: clause.every_week, clauses))
    for rank, clause in enumerate(week):
        for other in week[:rank]:
            same_days = {ref.day for ref in clause.days} & {ref.day for ref in other.days}
            if same_days and any(
                a.start < b.end and b.start < a.end for a in clause.ranges for b in other.ranges
            ):
                return True
    return False
