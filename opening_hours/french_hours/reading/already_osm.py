"""Texts that are OSM syntax already: cleaned of what the engine misreads, else left alone."""

from __future__ import annotations

import re

from french_hours.reading.answers import Refusal
from french_hours.reading.items import Refused
from opening_hours import (
    OpeningHours,
    ParserError,  # pyright: ignore[reportAttributeAccessIssue, reportUnknownVariableType]
)

_LOOKS = re.compile(r"\b(?:Mo|Tu|We|Th|Fr|Sa|Su|PH|SH)\b|\b24/7\b")
_SHAPE = re.compile(
    r"(?:Mo|Tu|We|Th|Fr|Sa|Sun?|PH|SH|Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec|week"
    r"|easter|off|closed|open|unknown|\"[^\"]*\"|[\d\s:;,|/\[\]+–-])+"
)
_COMMENT = re.compile(r'"[^"]*"')
_BETWEEN_DAYS = re.compile(r"(?<=[a-z\]]),\s+(?=(?:Mo|Tu|We|Th|Fr|Sa|Su|PH|SH)\b[^:]*\d)")
_DAY = re.compile(r"\b(?:Mo|Tu|We|Th|Fr|Sa|Su|PH)\b")
_TIME = re.compile(r"\d:\d\d")
_MODIFIER = re.compile(r"\b(?:open|closed|off|unknown)\b")


def looks_like_osm(text: str) -> bool:
    return _LOOKS.search(text) is not None and _SHAPE.fullmatch(text.strip()) is not None


def read_osm(text: str) -> tuple[str, bool]:
    """The expression, safe for the engine, and whether its comments speak of appointments.

    Raises Refused where the expression states no day, no time, or never opens.
    """
    appointment = re.search(r"rendez[- ]?vous|rdv", text, re.IGNORECASE) is not None
    text, _, fallback = text.strip().partition("||")
    if fallback and not _COMMENT.fullmatch(fallback.strip()):
        raise Refused(Refusal.CONTRADICTION)
    text = text.replace("–", "-").replace("Mo-Sun", "Mo-Su").replace("-Sun ", "-Su ")
    text = re.sub(r"\s+", " ", text)
    written = [rule for rule in split_rules(text) if rule]
    notes = [rule for rule in written if _COMMENT.fullmatch(rule)]
    rules = [_rule(rule, notes) for rule in written if rule not in notes]
    expression = "; ".join(rules)
    bare = _COMMENT.sub("", expression)
    if not bare.strip() or _MODIFIER.fullmatch(bare.strip()):
        raise Refused(Refusal.NO_HOURS)
    if expression == "24/7":
        return expression, appointment
    opening = [
        rule for rule in rules if not re.search(r"\b(?:off|closed)\b", _COMMENT.sub("", rule))
    ]
    if not opening:
        raise Refused(Refusal.NEVER_OPEN)
    for rule in opening:
        plain = _COMMENT.sub("", rule)
        if not _DAY.search(plain):
            raise Refused(Refusal.NO_DAY)
        if not _TIME.search(plain) and "unknown" not in plain:
            raise Refused(Refusal.NO_TIME)
    if not parses(expression):
        raise Refused(Refusal.TRUNCATED)
    return expression, appointment


def split_rules(text: str) -> list[str]:
    """The rules between semicolons; those inside comments do not count."""
    rules: list[str] = [""]
    quoted = False
    for letter in text:
        if letter == '"':
            quoted = not quoted
        if letter == ";" and not quoted:
            rules.append("")
        else:
            rules[-1] += letter
    return [rule.strip() for rule in rules]


def _rule(rule: str, notes: list[str]) -> str:
    rule = _BETWEEN_DAYS.sub(",", rule)
    rule = re.sub(r"(?<=\d),\s+(?=\d)", ",", rule)
    rule = re.sub(r"\s*-\s*", "-", rule) if '"' not in rule else rule
    comment = _COMMENT.search(rule)
    if _MODIFIER.search(_COMMENT.sub("", rule)):
        return rule
    if comment:
        asked = re.search(r"rendez|rdv", comment[0], re.IGNORECASE)
        rule = (
            f"{rule[: comment.start()]}{'open' if asked else 'unknown'} {rule[comment.start() :]}"
        )
    elif notes:
        # a note about the whole: as a rule of its own it would undo the others
        rule = f"{rule} open {notes[0]}"
    return rule


def parses(expression: str) -> bool:
    try:
        OpeningHours(expression)
    except ParserError:  # pyright: ignore[reportUnknownVariableType]
        return False
    return True
