"""What a person should correct in an expression."""

from __future__ import annotations

from french_hours.faults import Fault, InvalidHours
from french_hours.guard import read_rules


def check(expression: str) -> list[Fault]:
    """The faults of an expression, in order; empty when it is right.

    A fatal fault (`fault.kind.fatal`) comes alone: what follows it was not read. The others do not
    prevent reading: an unusual spelling, days without hours.
    """
    try:
        return list(read_rules(expression)[1])
    except InvalidHours as invalid:
        return invalid.problems
