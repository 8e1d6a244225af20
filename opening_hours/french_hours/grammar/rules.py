"""From an expression to rules, with a sentence for each fault.

Source: OSM wiki, Key:opening_hours/specification; what opening_hours.js tolerates is tolerated here
when it has one meaning only, and noted as a fault of kind NOTATION.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from french_hours.faults import Fault, InvalidHours, Kind
from french_hours.grammar.cursor import Stop
from french_hours.grammar.days import Days
from french_hours.grammar.times import Times
from french_hours.syntax import Modifier, Rule, Separator, written

_MODIFIERS: Final[dict[str, Modifier]] = {"open": "open", "closed": "closed", "unknown": "unknown"}


def parse(expression: str) -> tuple[tuple[Rule, ...], list[Fault]]:
    """The rules of an expression, and the faults that do not prevent reading it.

    Raises InvalidHours when it cannot be read.
    """
    parser = _Parser(expression)
    try:
        rules = parser.rules()
    except Stop as stop:
        raise InvalidHours(expression, [stop.fault]) from None
    return rules, parser.cautions(rules)


class _Parser(Days, Times):
    def rules(self) -> tuple[Rule, ...]:
        if self.here().kind == "end":
            raise self.stop(Kind.BLANK, "Il n’y a pas d’horaires à lire.")
        rules: list[Rule] = []
        separator: Separator = ";"
        while True:
            while rules and self.is_symbol(";", ","):  # "…;;"
                if separator == "," and self.is_symbol(","):
                    raise self.stop(Kind.STRAY_COMMA, "Cette virgule est de trop.", fix="")
                self.note(self.here())
                self.take()
            if rules and self.here().kind == "end":
                self.note(self.ahead(-1))
                return tuple(rules)
            rules.append(replace(self.rule(), separator=separator))
            if self.here().kind == "end":
                return tuple(rules)
            separator = self.separator()

    def separator(self) -> Separator:
        token = self.here()
        if self.is_symbol(";"):
            self.take()
            return ";"
        if self.is_symbol("||"):
            self.take()
            return "||"
        if self.is_symbol(","):
            self.take()
            return ","
        if token.kind in ("weekday", "month", "holiday", "week"):
            hint = "Il manque un point-virgule avant ces nouveaux jours."
            raise self.stop(Kind.MISSING_SEPARATOR, hint, token, fix=f"; {token.text}")
        raise self.unexpected()

    def rule(self) -> Rule:
        if not (self.here().kind == "comment" and self.is_symbol(":", ahead=1)):
            return self.plain_rule()
        # `"Permanence": Mo 10:00-12:00`: a title, kept as the comment when there is no other.
        title = self.take().text
        self.take()
        rule = self.plain_rule()
        if rule.comment is not None:
            return rule
        return replace(rule, comment=title, modifier=rule.modifier or "open")

    def plain_rule(self) -> Rule:
        start = self.here()
        rule = self.hours(self.selectors(Rule(position=start.start)))
        if self.here().kind == "modifier":
            rule = replace(rule, modifier=_MODIFIERS[self.take().text])
        if self.here().kind == "comment":
            rule = replace(rule, comment=self.take().text)
        if rule == Rule(position=start.start):
            if self.is_symbol(","):
                raise self.stop(Kind.STRAY_COMMA, "Cette virgule est de trop.", fix="")
            raise self.unexpected()
        return rule

    def selectors(self, rule: Rule) -> Rule:
        while True:
            token = self.here()
            if token.kind == "number" and self.is_hour() and not rule.weeks:
                return rule  # "10-12" alone
            if token.kind == "number" and not rule.weekdays and not rule.holidays:
                if self.ahead().kind in ("month", "easter"):
                    rule = replace(rule, dates=self.fresh(rule.dates, self.dates))
                else:
                    rule = replace(rule, years=self.fresh(rule.years, self.years))
            elif token.kind in ("month", "easter") and not rule.weekdays and not rule.holidays:
                rule = replace(rule, dates=self.fresh(rule.dates, self.dates))
            elif token.kind == "week" and not rule.weekdays and not rule.holidays:
                rule = replace(rule, weeks=self.fresh(rule.weeks, self.weeks))
            elif token.kind in ("weekday", "holiday"):
                rule = self.week_days(rule)
            elif self.is_symbol(":") and rule.chooses_days:
                self.note(self.take())
            else:
                return rule

    def cautions(self, rules: tuple[Rule, ...]) -> list[Fault]:
        faults: list[Fault] = []
        if self.unusual is not None:
            hint = "Cette écriture se comprend, mais d’autres logiciels pourraient mal la lire."
            faults.append(Fault(self.unusual, Kind.NOTATION, hint, written(rules)))
        for rule in rules:
            if lacks_times(rule):
                hint = (
                    "Aucune heure n’accompagne ces jours : cela voudrait dire « ouvert jour et nuit ». "
                    "Indiquez les heures."
                )
                faults.append(Fault(rule.position, Kind.DAYS_WITHOUT_TIMES, hint))
        return sorted(faults, key=lambda fault: fault.position)


def lacks_times(rule: Rule) -> bool:
    """Days, no hours, nothing that says what happens: OSM reads it as open day and night."""
    return (
        rule.chooses_days
        and not rule.times
        and not rule.always
        and rule.modifier in (None, "open")
        and rule.comment is None
    )
