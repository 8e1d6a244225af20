"""The three states, and which of them a rule gives by its words."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from french_hours.grammar import lacks_times
from french_hours.syntax import Rule


class State(StrEnum):
    OPEN = "open"
    CLOSED = "closed"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a rule decides where it applies."""

    state: State
    comment: str | None = None
    by_appointment: bool = False
    reason: str | None = None
    """A French phrase when the rule alone does not explain the state."""


CLOSED = Verdict(State.CLOSED)
OUTSIDE_TABLES = Verdict(State.UNKNOWN, reason="les dates des vacances ne sont pas encore connues")

_RDV = r"(?:r\.?d\.?v\b\.?|rendez[\s-]*vous\b|appointment\b)"
_APPOINTMENT = re.compile(rf"\b{_RDV}", re.IGNORECASE)
# «sans rendez-vous», «avec ou sans rendez-vous», «sur rendez-vous ou sans», «sans ou sur RDV».
_WALK_IN = re.compile(
    rf"(?:\b(?:avec|sur)\s+(?:{_RDV}\s+)?(?:ou|et)\s+)?\bsans\b(?:\s+(?:prise\s+de\s+)?{_RDV})?"
    rf"(?:\s+(?:ou|et)\s+(?:avec|sur)\s+{_RDV})?",
    re.IGNORECASE,
)


def verdict(rule: Rule) -> Verdict:
    """The state a rule gives, decided by its words.

    A modifier is obeyed. Without one: no comment is open; «sur rendez-vous» is open by appointment
    when hours are given, «sans rendez-vous» is open, and any other comment is unknown, as in OSM's
    specification. Days without hours are unknown, not open day and night.
    """
    comment = rule.comment
    appointment = comment is not None and by_appointment(comment)
    if rule.modifier is not None:
        state = State(rule.modifier)
    elif (
        comment is None
        or (walk_in(comment) and not appointment)
        or (appointment and (rule.times or rule.always))
    ):
        state = State.OPEN
    else:
        state = State.UNKNOWN
    if lacks_times(rule):
        return Verdict(State.UNKNOWN, comment, reason="les heures ne sont pas précisées")
    if any(span.events for span in rule.times) and state is State.OPEN:
        return Verdict(State.UNKNOWN, comment, appointment, "les heures suivent le soleil")
    return Verdict(state, comment, appointment and state is not State.CLOSED)


def by_appointment(comment: str) -> bool:
    """Whether a comment says that one comes by appointment («rdv», «sur rendez-vous»)."""
    return _APPOINTMENT.search(_WALK_IN.sub("", comment)) is not None


def walk_in(comment: str) -> bool:
    """Whether a comment says that one may come without an appointment."""
    return any(_APPOINTMENT.search(found[0]) for found in _WALK_IN.finditer(comment))
