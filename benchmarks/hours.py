"""What hours cost: `hours.py [PLACES]`, 20 000 places by default, CPU time of one core.

The expressions are invented in the shapes that real ones have (2.3 spans a day, half of them with
public holidays, some with parity, ranks, seasons or school holidays); the places are all over France,
overseas included. Best of three for what is repeated; the whole materialisation is run once.
"""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from french_hours import Hours, Span, calendar_of, say, week_table
from french_hours.grammar import parse

DAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa")
WEEKS = ("Mo-Fr", "Mo-Sa", "Tu-Sa", "Mo,Tu,Th,Fr", "Mo-We,Fr")
TERRITORIES = (*(f"{code:02d}" for code in range(1, 96) if code != 20), "2A", "974", "971", "988")
DISTINCT = 1_400
START = datetime(2026, 11, 22, tzinfo=UTC)
WINDOW = timedelta(days=62)


def invented(draw: random.Random) -> str:
    """One expression."""

    def times() -> str:
        opens, closes = draw.choice((8, 9, 10)), draw.choice((12, 13))
        morning = f"{opens:02d}:{draw.choice(('00', '30'))}-{closes}:{draw.choice(('00', '30'))}"
        return (
            morning
            if draw.random() < 0.3
            else f"{morning},14:00-{draw.randint(16, 19)}:{draw.choice(('00', '30'))}"
        )

    rules = [f"{draw.choice(WEEKS)} {times()}"]
    if draw.random() < 0.5:
        rules.append(f"{draw.choice(DAYS)} {times()}")
    extra = draw.random()
    if extra < 0.06:
        rules.append(f"{draw.choice(DAYS)}[{draw.randint(1, 4)}] 10:00-12:00")
    elif extra < 0.10:
        rules[0] = f"week {draw.choice(('1-53/2', '2-52/2'))} {rules[0]}"
    elif extra < 0.16:
        rules.append("Jul-Aug Mo-Fr 09:00-12:00")
    elif extra < 0.20:
        rules.append(draw.choice(("SH off", "SH Mo-Fr 10:00-17:00")))
    elif extra < 0.25:
        rules[-1] += ' "sur rendez-vous"'
    if draw.random() < 0.5:
        rules.append("PH off")
    return "; ".join(rules)


def cpu_s(work: Callable[[], object], times: int = 3) -> float:
    """Seconds of processor, the best of `times`."""
    best = float("inf")
    for _ in range(times):
        start = time.process_time()
        work()
        best = min(best, time.process_time() - start)
    return best


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    draw = random.Random(20261122)  # noqa: S311 - invented data
    expressions = list({invented(draw) for _ in range(DISTINCT * 3)})[:DISTINCT]
    places = [(draw.choice(expressions), draw.choice(TERRITORIES)) for _ in range(count)]
    few = [Hours.parse(expression, calendar_of(code)) for expression, code in places[:1000]]
    noon = START + timedelta(days=1, hours=11)

    def each(work: Callable[[Hours], object]) -> str:
        return f"{cpu_s(lambda: [work(hours) for hours in few]) / len(few) * 1e6:7.1f} µs"

    print(f"{count} places, {len(expressions)} distinct expressions, {WINDOW.days} days")
    parsing_s = cpu_s(lambda: [parse(expression) for expression in expressions])
    print(f"grammar alone          {parsing_s / len(expressions) * 1e6:7.1f} µs an expression")
    print(f"state_at               {each(lambda hours: hours.state_at(noon))}")
    print(f"next_change            {each(lambda hours: hours.next_change(noon))}")
    print(
        f"spans, {WINDOW.days} days         {each(lambda hours: hours.spans(START, START + WINDOW))}"
    )
    print(f"week_table             {each(lambda hours: week_table(hours, START.date()))}")
    print(f"say                    {each(lambda hours: say(hours.expression))}")

    def one_by_one() -> int:
        return sum(
            len(Hours.parse(expression, calendar_of(code)).spans(START, START + WINDOW))
            for expression, code in places
        )

    def shared() -> int:
        schedules: dict[tuple[str, str], list[Span]] = {}
        for expression, code in places:
            calendar = calendar_of(code)
            key = expression, calendar.key
            if key not in schedules:
                schedules[key] = Hours.parse(expression, calendar).spans(START, START + WINDOW)
        return sum(map(len, schedules.values()))

    for name, work in (
        ("each place on its own", one_by_one),
        ("one schedule for all that share it", shared),
    ):
        start = time.process_time()
        rows = work()
        print(f"parse and materialise, {name}: {time.process_time() - start:.2f} s, {rows} spans")


if __name__ == "__main__":
    main()
