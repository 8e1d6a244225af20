"""Times of the day."""

from __future__ import annotations

from dataclasses import replace

from french_hours.faults import Kind
from french_hours.grammar.cursor import Cursor
from french_hours.syntax import DAY_MIN, Rule, TimeSpan


class Times(Cursor):
    def hours(self, rule: Rule) -> Rule:
        token = self.here()
        if token.kind == "always":
            if rule.chooses_days:
                self.note(self.take())
                return replace(rule, times=(TimeSpan(0, DAY_MIN),))
            self.take()
            return replace(rule, always=True)
        if token.kind not in ("time", "event") and not self.is_symbol("(") and not self.is_hour():
            return rule
        return replace(
            rule,
            times=self.items(
                lambda: [self.time_span()],
                lambda token: (
                    token.kind in ("time", "event")
                    or (token.kind == "number" and len(token.text) < 3)
                    or token.text == "("
                ),
            ),
        )

    def is_hour(self) -> bool:
        """Whether a number without minutes starts a time: "9-12", "9h-12"."""
        token, after = self.here(), self.ahead(2)
        return (
            token.kind == "number"
            and token.value <= 24
            and self.is_symbol("-", ahead=1)
            and (after.kind == "time" or (after.kind == "number" and after.value <= 24))
        )

    def time_span(self) -> TimeSpan:
        opening = self.here()
        start, start_event = self.clock()
        if self.skip("+"):
            return TimeSpan(start, None, True, events=f"{start_event}+" if start_event else None)
        if not self.is_symbol("-"):
            hint = "Cette heure n’a pas de fin. Pour « à partir de », ajoutez un signe plus."
            source = self.text[opening.start : self.tokens[self.at - 1].end]
            raise self.stop(
                Kind.START_ONLY, hint, opening, fix=f"{source}+" if opening.kind == "time" else None
            )
        self.skip("-", tight=True)
        end, end_event = self.clock()
        if self.is_symbol("/"):
            raise self.stop(
                Kind.UNSUPPORTED,
                "Les heures répétées (« /01:00 ») ne sont pas des horaires d’ouverture.",
            )
        open_end = self.skip("+")
        if start_event or end_event:
            text = (
                f"{start_event or _hour(start)}-{end_event or _hour(end)}{'+' if open_end else ''}"
            )
            return TimeSpan(0, DAY_MIN, open_end, events=text)
        if start >= DAY_MIN:
            raise self.stop(Kind.IMPOSSIBLE_TIME, "Une ouverture commence avant 24 h.", opening)
        return TimeSpan(start, end if end > start else end + DAY_MIN, open_end)

    def clock(self) -> tuple[int, str | None]:
        """Minutes from midnight, or an event of the sun as it is usually written."""
        if self.here().kind == "event":
            return 0, self.take().text
        if self.is_symbol("("):
            start = self.take().start
            while self.here().kind in ("event", "time") or self.is_symbol("+", "-"):
                self.take()
            if not self.is_symbol(")"):
                raise self.unexpected()
            return 0, self.text[start : self.take().end].replace(" ", "")
        token = self.here()
        if token.kind == "number" and token.value <= 24:
            self.note(self.take())
            return token.value * 60, None
        if token.kind != "time":
            raise self.unexpected()
        if not 0 <= token.value <= 2 * DAY_MIN:
            source = self.text[token.start : token.end]
            raise self.stop(Kind.IMPOSSIBLE_TIME, f"« {source} » n’est pas une heure.")
        return self.take().value, None


def _hour(minutes: int) -> str:
    return f"{minutes // 60:02d}:{minutes % 60:02d}"
