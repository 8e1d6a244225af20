"""Weekdays, their ranks in the month, public and school holidays."""

from __future__ import annotations

from dataclasses import replace

from french_hours.faults import Kind
from french_hours.grammar.dates import Dates
from french_hours.syntax import Holiday, Rule, WeekdayRange


class Days(Dates):
    def week_days(self, rule: Rule) -> Rule:
        """`Mo-Fr`, `Mo,We`, `PH`, `Mo-Fr,PH` (both), `SH Mo-Fr` (those among the holidays)."""
        among = bool(rule.weekdays or rule.holidays)
        weekdays: list[WeekdayRange] = []
        holidays: list[Holiday] = []

        def one() -> list[None]:
            if self.here().kind == "holiday":
                holidays.append(self.holiday())
            else:
                weekdays.append(self.weekday_range())
            return []

        self.items(one, lambda token: token.kind in ("weekday", "holiday"))
        if among and ((weekdays and rule.weekdays) or (holidays and rule.holidays)):
            hint = "Il manque un point-virgule ou une virgule avant ces jours."
            raise self.stop(Kind.MISSING_SEPARATOR, hint)
        if self.is_symbol(","):
            if self.ahead().kind == "time" or self.ahead().kind == "modifier":
                hint = "Cette virgule sépare les jours de leurs heures."
                raise self.stop(Kind.STRAY_COMMA, hint, fix=" ")
            if self.ahead().kind != "comment":
                self.at += 1
                raise self.unexpected()
        return replace(
            rule,
            weekdays=rule.weekdays + tuple(weekdays),
            holidays=rule.holidays + tuple(holidays),
            holidays_among=rule.holidays_among or among,
        )

    def holiday(self) -> Holiday:
        token = self.take()
        if self.is_symbol("-") and self.ahead().kind in ("weekday", "holiday"):
            raise self.stop(
                Kind.MISPLACED, "Un jour férié ne peut pas commencer un intervalle.", fix=","
            )
        return Holiday("PH" if token.text == "PH" else "SH", self.offset())

    def weekday_range(self) -> WeekdayRange:
        first = self.take().value
        nths: tuple[int, ...] = ()
        last = first
        if self.is_symbol("["):
            nths = self.nths()
        elif self.is_symbol("-") and self.ahead().kind == "weekday":
            self.skip("-", tight=True)
            last = self.take().value
            if self.is_symbol("["):
                hint = "Le rang dans le mois ne s’applique qu'à un seul jour : Mo[1],Tu[1]."
                raise self.stop(Kind.IMPOSSIBLE_RANK, hint)
        if self.is_symbol("-") and self.ahead().kind == "holiday":
            raise self.stop(
                Kind.MISPLACED, "Un jour férié ne peut pas finir un intervalle.", fix=","
            )
        return WeekdayRange(first, last, nths, self.offset() if nths else 0)

    def nths(self) -> tuple[int, ...]:
        self.take()
        ranks = self.items(self.nth, lambda token: token.kind == "number" or token.text == "-")
        if not self.skip("]"):
            raise self.unexpected()
        return ranks

    def nth(self) -> list[int]:
        sign = -1 if self.skip("-") else 1
        first = self.rank() * sign
        if sign == 1 and self.skip("-"):
            last = self.rank()
            if last <= first:
                raise self.stop(Kind.BACKWARD_RANGE, "Ces rangs vont à reculons.")
            return list(range(first, last + 1))
        return [first]

    def rank(self) -> int:
        if self.here().kind != "number" or not 1 <= self.here().value <= 5:
            hint = "Le rang d’un jour dans le mois va de 1 à 5, ou de -1 (le dernier) à -5."
            raise self.stop(Kind.IMPOSSIBLE_RANK, hint)
        return self.take().value
