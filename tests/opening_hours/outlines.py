"""The small language of the cases: what is not closed on one day, as «09:00 open 12:00»."""

from datetime import date, datetime, timedelta

from french_hours import Hours, calendar_of


def outline(expression: str, day: str, code: str = "75") -> str:
    """What is not closed on a day (ISO) at a place of this département; raises InvalidHours."""
    hours = Hours.parse(expression, calendar_of(code))
    zone = hours.calendar.zone
    first = date.fromisoformat(day)
    start = datetime(first.year, first.month, first.day, tzinfo=zone)
    morrow = first + timedelta(days=1)
    end = datetime(morrow.year, morrow.month, morrow.day, tzinfo=zone)
    found: list[tuple[datetime, datetime, str]] = []
    for span in hours.spans(start, end):
        state = span.state.value + (" by appointment" if span.by_appointment else "")
        if found and found[-1][1:] == (span.start, state):
            found[-1] = (found[-1][0], span.end, state)
        else:
            found.append((span.start, span.end, state))
    return (
        ", ".join(
            f"{from_.astimezone(zone):%H:%M} {state} "
            + ("24:00" if to == end else f"{to.astimezone(zone):%H:%M}")
            for from_, to, state in found
        )
        or "closed"
    )
