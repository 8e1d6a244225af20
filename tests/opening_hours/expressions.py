"""Expressions to try laws on: valid ones, as people write them."""

from __future__ import annotations

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

DAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@st.composite
def times(draw: st.DrawFn, *, nights: bool = True) -> str:
    """One to three spans of a day, apart from each other."""
    count = draw(st.integers(1, 3))
    quarters = sorted(draw(st.sets(st.integers(24, 90), min_size=2 * count, max_size=2 * count)))
    clocks = [f"{quarter // 4:02d}:{quarter % 4 * 15:02d}" for quarter in quarters]
    spans = [f"{start}-{end}" for start, end in zip(clocks[::2], clocks[1::2], strict=True)]
    if nights and draw(st.integers(0, 9)) == 0:
        return "22:00-02:00"
    return ",".join(spans)


@st.composite
def weekdays(draw: st.DrawFn) -> str:
    if draw(st.booleans()):
        first, last = sorted(draw(st.sets(st.integers(0, 6), min_size=2, max_size=2)))
        return f"{DAYS[first]}-{DAYS[last]}"
    chosen = sorted(draw(st.sets(st.integers(0, 6), min_size=1, max_size=4)))
    return ",".join(DAYS[day] for day in chosen)


@st.composite
def ranked(draw: st.DrawFn) -> str:
    ranks = draw(st.sampled_from(["1", "2", "3", "4", "-1", "1,3", "2,4"]))
    return f"{draw(st.sampled_from(DAYS))}[{ranks}]"


@st.composite
def seasons(draw: st.DrawFn) -> str:
    month, other = draw(st.sampled_from(MONTHS)), draw(st.sampled_from(MONTHS))
    first, last = draw(st.integers(1, 14)), draw(st.integers(15, 28))
    return draw(
        st.sampled_from(
            [
                month,
                f"{month}-{other}" if month != other else month,
                f"{month} {first:02d}-{month} {last:02d}",
                f"{month} {last:02d}",
                f"2027 {month} {first:02d}",
                f"2026 Dec {last:02d}-2027 Jan {first:02d}",
            ]
        )
    )


weeks: SearchStrategy[str] = st.sampled_from(["week 1-53/2", "week 2-52/2"])


def closures() -> SearchStrategy[str]:
    days = st.one_of(st.sampled_from(["PH", "SH"]), seasons(), ranked())
    return days.map(lambda chosen: f"{chosen} off")


@st.composite
def rules(draw: st.DrawFn, *, nights: bool = True) -> str:
    days = draw(st.one_of(weekdays(), ranked()))
    scope = draw(
        st.one_of(st.just(""), st.just(""), seasons(), weeks, st.just("SH"), st.just("PH"))
    )
    state = draw(
        st.sampled_from(
            ["", "", "", "", ' "sur rendez-vous"', " unknown", ' unknown "à confirmer"']
        )
    )
    if scope == "PH" or (scope == "SH" and "[" in days):
        return f"{scope} {draw(times(nights=nights))}{state}"
    return f"{scope} {days} {draw(times(nights=nights))}{state}".strip()


def expressions(*, nights: bool = True) -> SearchStrategy[str]:
    """One to four rules of all sorts."""
    one = st.one_of(rules(nights=nights), rules(nights=nights), closures())
    return st.lists(one, min_size=1, max_size=4).map("; ".join)
