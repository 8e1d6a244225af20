"""Years, ISO weeks, months and days of the year."""

from __future__ import annotations

import calendar
from collections.abc import Callable
from typing import Final

from french_hours.faults import Kind
from french_hours.grammar.cursor import Cursor
from french_hours.syntax import DateRange, MonthDay, NumberRange

_FIRST_YEAR: Final = 1900


class Dates(Cursor):
    def years(self) -> tuple[NumberRange, ...]:
        return self.items(
            lambda: [self.number_range(self.year, Kind.BACKWARD_RANGE)],
            lambda token: token.kind == "number",
        )

    def year(self) -> int:
        token = self.here()
        if token.kind != "number" or len(token.text) != 4 or token.value < _FIRST_YEAR:
            if token.kind == "number":
                hint = f"« {token.text} » n’est ni une heure (09:00) ni une année."
                fix = f"{token.value:02d}:00" if token.value < 24 else None
                raise self.stop(Kind.IMPOSSIBLE_TIME, hint, fix=fix)
            raise self.unexpected()
        return self.take().value

    def weeks(self) -> tuple[NumberRange, ...]:
        return self.items(self.week_range, lambda token: token.kind in ("number", "week"))

    def week_range(self) -> list[NumberRange]:
        if self.here().kind == "week":
            self.take()
        return [self.number_range(self.week, Kind.IMPOSSIBLE_WEEK)]

    def week(self) -> int:
        token = self.here()
        if token.kind != "number":
            raise self.unexpected()
        if not 1 <= token.value <= 53:
            hint = "Les semaines de l’année vont de 1 à 53."
            raise self.stop(Kind.IMPOSSIBLE_WEEK, hint)
        return self.take().value

    def number_range(self, read: Callable[[], int], backward: Kind) -> NumberRange:
        start = self.here()
        first = read()
        if self.is_symbol("+"):
            self.take()
            return NumberRange(first, None)
        last = first
        if self.skip("-", tight=True):
            last = read()
            if last <= first:
                hint = "Cet intervalle finit avant de commencer, ou au même point."
                raise self.stop(backward, hint, start)
        step = 1
        if self.skip("/", tight=True):
            step = self.here().value
            if self.here().kind != "number" or not 2 <= step <= 52 or first == last:
                hint = "Après la barre, il faut un pas d’au moins 2 (« week 2-52/2 » pour les semaines paires)."
                raise self.stop(backward, hint)
            self.take()
        return NumberRange(first, last, step)

    def dates(self) -> tuple[DateRange, ...]:
        month = 0

        def one() -> list[DateRange]:
            nonlocal month
            found = self.date_range(month)
            month = (found.last or found.first).month
            return [found]

        # In "Jan 23,25" the month holds for the second day too.
        return self.items(
            one,
            lambda token: (
                token.kind in ("month", "easter") or (token.kind == "number" and month > 0)
            ),
        )

    def date_range(self, month: int) -> DateRange:
        start = self.here()
        first = self.month_day(month)
        if self.is_symbol("+"):
            hint = "« À partir de cette date » demande une date de fin."
            raise self.stop(Kind.UNSUPPORTED, hint)
        if not self.is_symbol("-"):
            return DateRange(first)
        self.skip("-", tight=True)
        last = self.month_day(first.month, year=first.year)
        if first.month and last.month and (first.day is None) != (last.day is None):
            hint = "Cet intervalle mêle un mois entier et un jour précis."
            raise self.stop(Kind.IMPOSSIBLE_DATE, hint, start)
        if first.year is not None and last.year is not None:
            if (last.year, last.month, last.day or 0) < (first.year, first.month, first.day or 0):
                hint = "Cet intervalle finit avant de commencer."
                raise self.stop(Kind.BACKWARD_RANGE, hint, start)
        elif last.year is not None:
            hint = "Cet intervalle a une année à la fin mais pas au début."
            raise self.stop(Kind.IMPOSSIBLE_DATE, hint, start)
        return DateRange(first, last)

    def month_day(self, month: int, year: int | None = None) -> MonthDay:
        """One bound; `month` and `year` hold when this bound does not say its own."""
        own_year = None
        if self.here().kind == "number" and self.ahead().kind in ("month", "easter"):
            own_year = self.year()
        if self.here().kind == "easter":
            self.take()
            return MonthDay(0, None, own_year or year, self.offset())
        if self.here().kind == "month":
            own_month = self.take()
            month = own_month.value
            if (
                self.here().kind != "number"
                or len(self.here().text) > 2
                or self.ahead().text == ":"
            ):
                if (
                    self.here().kind == "weekday"
                    and self.is_symbol("[", ahead=1)
                    and self.is_symbol("-", ahead=4)
                ):
                    raise self.stop(
                        Kind.UNSUPPORTED, "Une période doit commencer et finir à une date."
                    )
                return MonthDay(month, None, self.bound_year(own_year, year))
        token = self.here()
        if token.kind != "number" or not month:
            raise self.unexpected()
        longest = calendar.monthrange(own_year or year or 2024, month)[1]  # 2024: leap
        if not 1 <= token.value <= longest:
            hint = f"Ce mois n’a pas de {token.value} : il finit le {longest}."
            raise self.stop(Kind.IMPOSSIBLE_DATE, hint, fix=f"{longest}")
        self.take()
        return MonthDay(month, token.value, self.bound_year(own_year, year), self.offset())

    def bound_year(self, own: int | None, other: int | None) -> int | None:
        return own if own is not None else other

    def offset(self) -> int:
        """Days after (or before) what comes first: ` +2 days`; 0 when nothing is said."""
        if not (
            self.is_symbol("+", "-")
            and self.ahead().kind == "number"
            and self.ahead(2).kind == "day"
        ):
            return 0
        sign = 1 if self.take().text == "+" else -1
        value = self.take().value
        self.take()
        return sign * value
