"""From an expression to rules: the grammar of `opening_hours`, with a sentence for each fault.

Source: OSM wiki, Key:opening_hours/specification; what opening_hours.js tolerates is tolerated here
when it has one meaning only, and noted as a fault of kind NOTATION.
"""

from __future__ import annotations

import calendar
from collections.abc import Callable
from dataclasses import replace
from difflib import get_close_matches
from typing import Final, TypeVar

from french_hours.faults import Fault, InvalidHours, Kind
from french_hours.syntax import (
    DAY_MIN,
    WEEKDAYS,
    DateRange,
    Holiday,
    Modifier,
    MonthDay,
    NumberRange,
    Rule,
    Separator,
    TimeSpan,
    WeekdayRange,
    written,
)
from french_hours.tokens import Token, scan

T = TypeVar("T")

_FIRST_YEAR: Final = 1900
_MODIFIERS: Final[dict[str, Modifier]] = {"open": "open", "closed": "closed", "unknown": "unknown"}

_FRENCH_WORDS: Final = {
    "lundi": "Mo", "lun": "Mo", "lu": "Mo", "mardi": "Tu", "mar": "Tu", "ma": "Tu",
    "mercredi": "We", "mer": "We", "me": "We", "jeudi": "Th", "jeu": "Th", "je": "Th",
    "vendredi": "Fr", "ven": "Fr", "ve": "Fr", "samedi": "Sa", "sam": "Sa",
    "dimanche": "Su", "dim": "Su", "di": "Su", "fermé": "off", "ferme": "off", "ouvert": "open",
    "janvier": "Jan", "février": "Feb", "mars": "Mar", "avril": "Apr", "mai": "May", "juin": "Jun",
    "juillet": "Jul", "août": "Aug", "septembre": "Sep", "octobre": "Oct", "novembre": "Nov",
    "décembre": "Dec", "au": "-", "à": "-", "et": ",",
}  # fmt: skip
_KNOWN_WORDS: Final = (*WEEKDAYS, "PH", "SH", "week", "open", "off", "closed", "unknown", "easter")


class _Stop(Exception):  # noqa: N818 - a jump out of the grammar, not an error of ours
    """Reading cannot go on after this fault."""

    def __init__(self, fault: Fault) -> None:
        self.fault = fault


def parse(expression: str) -> tuple[tuple[Rule, ...], list[Fault]]:
    """The rules of an expression, and the faults that do not prevent reading it.

    Raises InvalidHours when it cannot be read.
    """
    parser = _Parser(expression)
    try:
        rules = parser.rules()
    except _Stop as stop:
        raise InvalidHours(expression, [stop.fault]) from None
    return rules, parser.cautions(rules)


class _Parser:
    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = scan(text)
        self.at = 0
        self.unusual: int | None = None
        """Position of the first unusual spelling."""

    # -- moving -----------------------------------------------------------------------------------

    @property
    def token(self) -> Token:
        return self.tokens[self.at]

    def ahead(self, count: int = 1) -> Token:
        return self.tokens[min(self.at + count, len(self.tokens) - 1)]

    def take(self) -> Token:
        token = self.token
        if not token.usual:
            self.note(token)
        self.at += 1
        return token

    def note(self, token: Token) -> None:
        if self.unusual is None:
            self.unusual = token.start

    def is_symbol(self, *symbols: str, ahead: int = 0) -> bool:
        token = self.ahead(ahead)
        return token.kind == "symbol" and token.text in symbols

    def skip(self, symbol: str, *, tight: bool = False) -> bool:
        """Take `symbol` if it is next; `tight` when the usual spelling has no blank around."""
        if not self.is_symbol(symbol):
            return False
        if tight and (self.token.spaced or self.ahead().spaced):
            self.note(self.token)
        self.take()
        return True

    # -- faults -----------------------------------------------------------------------------------

    def stop(self, kind: Kind, hint: str, token: Token | None = None, fix: str | None = None) -> _Stop:
        """A fault at `token`; `fix` is what to write in its place ("" to remove it)."""
        token = token or self.token
        suggestion = None
        if fix is not None:
            suggestion = " ".join(f"{self.text[: token.start]}{fix}{self.text[token.end :]}".split())
        return _Stop(Fault(token.start, kind, hint, suggestion))

    def cautions(self, rules: tuple[Rule, ...]) -> list[Fault]:
        faults: list[Fault] = []
        if self.unusual is not None:
            hint = "Cette écriture se comprend, mais d'autres logiciels ne la liront pas."
            faults.append(Fault(self.unusual, Kind.NOTATION, hint, written(rules)))
        for rule in rules:
            if lacks_times(rule):
                hint = (
                    "Aucune heure n'accompagne ces jours : cela voudrait dire « ouvert jour et nuit ». "
                    "Indiquez les heures."
                )
                faults.append(Fault(rule.position, Kind.DAYS_WITHOUT_TIMES, hint))
        return sorted(faults, key=lambda fault: fault.position)

    # -- grammar ----------------------------------------------------------------------------------

    def rules(self) -> tuple[Rule, ...]:
        if self.token.kind == "end":
            raise self.stop(Kind.BLANK, "Il n'y a pas d'horaires à lire.")
        rules: list[Rule] = []
        separator: Separator = ";"
        while True:
            while rules and self.is_symbol(";", ","):  # "…;;"
                self.note(self.token)
                self.take()
            if rules and self.token.kind == "end":
                self.note(self.ahead(-1))
                return tuple(rules)
            rules.append(replace(self.rule(), separator=separator))
            if self.token.kind == "end":
                return tuple(rules)
            separator = self.separator()

    def separator(self) -> Separator:
        token = self.token
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

    def unexpected(self) -> _Stop:
        token = self.token
        if token.kind == "unclosed":
            hint = "Le commentaire commence par un guillemet et n'en a pas à la fin."
            return self.stop(Kind.UNCLOSED_COMMENT, hint, fix=f'"{token.text.strip()}"')
        if token.kind == "word":
            hint = f"Le mot « {token.text} » n'existe pas dans cette notation."
            return self.stop(Kind.UNKNOWN_WORD, hint, fix=_nearest(token.text))
        if token.kind == "end":
            return self.stop(Kind.MISPLACED, "La fin manque.")
        hint = f"« {self.text[token.start : token.end]} » n'est pas à sa place ici."
        return self.stop(Kind.MISPLACED, hint)

    def rule(self) -> Rule:
        start = self.token
        if self.token.kind == "comment" and self.is_symbol(":", ahead=1):
            # `"Permanence": Mo 10:00-12:00`: a title, kept as the comment when there is no other.
            title = self.take().text
            self.take()
            rule = self.rule()
            return rule if rule.comment is not None else replace(rule, comment=title, modifier=rule.modifier or "open")
        rule = self.selectors(Rule(position=start.start))
        rule = self.hours(rule)
        if self.token.kind == "modifier":
            rule = replace(rule, modifier=_MODIFIERS[self.take().text])
        if self.token.kind == "comment":
            rule = replace(rule, comment=self.take().text)
        if rule == Rule(position=start.start):
            if self.is_symbol(","):
                raise self.stop(Kind.STRAY_COMMA, "Cette virgule est de trop.", fix="")
            raise self.unexpected()
        return rule

    def selectors(self, rule: Rule) -> Rule:
        while True:
            token = self.token
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

    def fresh(self, already: tuple[T, ...], read: Callable[[], tuple[T, ...]]) -> tuple[T, ...]:
        if already:
            raise self.unexpected()
        return read()

    def items(self, read: Callable[[], list[T]], goes_on: Callable[[Token], bool]) -> tuple[T, ...]:
        """A list separated by commas; it ends where the token after the comma does not go on."""
        found = read()
        while self.is_symbol(",") and goes_on(self.ahead()):
            self.skip(",", tight=True)
            found += read()
        return tuple(found)

    # -- years, weeks -----------------------------------------------------------------------------

    def years(self) -> tuple[NumberRange, ...]:
        return self.items(
            lambda: [self.number_range(self.year, Kind.BACKWARD_RANGE)],
            lambda token: token.kind == "number",
        )

    def year(self) -> int:
        token = self.token
        if token.kind != "number" or len(token.text) != 4 or token.value < _FIRST_YEAR:
            if token.kind == "number":
                hint = f"« {token.text} » n'est ni une heure (09:00) ni une année."
                fix = f"{token.value:02d}:00" if token.value < 24 else None
                raise self.stop(Kind.IMPOSSIBLE_TIME, hint, fix=fix)
            raise self.unexpected()
        return self.take().value

    def weeks(self) -> tuple[NumberRange, ...]:
        return self.items(self.week_range, lambda token: token.kind in ("number", "week"))

    def week_range(self) -> list[NumberRange]:
        if self.token.kind == "week":
            self.take()
        return [self.number_range(self.week, Kind.IMPOSSIBLE_WEEK)]

    def week(self) -> int:
        token = self.token
        if token.kind != "number":
            raise self.unexpected()
        if not 1 <= token.value <= 53:
            hint = "Les semaines de l'année vont de 1 à 53."
            raise self.stop(Kind.IMPOSSIBLE_WEEK, hint)
        return self.take().value

    def number_range(self, read: Callable[[], int], backward: Kind) -> NumberRange:
        start = self.token
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
            step = self.token.value
            if self.token.kind != "number" or not 2 <= step <= 52 or first == last:
                hint = "Après la barre, il faut un pas d'au moins 2 (« week 2-52/2 » pour les semaines paires)."
                raise self.stop(backward, hint)
            self.take()
        return NumberRange(first, last, step)

    # -- dates ------------------------------------------------------------------------------------

    def dates(self) -> tuple[DateRange, ...]:
        month = 0

        def one() -> list[DateRange]:
            nonlocal month
            found = self.date_range(month)
            month = (found.last or found.first).month
            return [found]

        # In "Jan 23,25" the month holds for the second day too.
        return self.items(
            one, lambda token: token.kind in ("month", "easter") or (token.kind == "number" and month > 0)
        )

    def date_range(self, month: int) -> DateRange:
        start = self.token
        first = self.month_day(month)
        if self.is_symbol("+"):
            hint = "« À partir de cette date » demande une date de fin."
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
        if self.token.kind == "number" and self.ahead().kind in ("month", "easter"):
            own_year = self.year()
        if self.token.kind == "easter":
            self.take()
            return MonthDay(0, None, own_year or year, self.offset())
        if self.token.kind == "month":
            own_month = self.take()
            month = own_month.value
            if self.token.kind != "number" or len(self.token.text) > 2 or self.ahead().text == ":":
                if self.token.kind == "weekday" and self.is_symbol("[", ahead=1) and self.is_symbol("-", ahead=4):
                    raise self.stop(Kind.UNSUPPORTED, "Une période doit commencer et finir à une date.")
                return MonthDay(month, None, self.bound_year(own_year, year))
        token = self.token
        if token.kind != "number" or not month:
            raise self.unexpected()
        longest = calendar.monthrange(own_year or year or 2024, month)[1]  # 2024: leap
        if not 1 <= token.value <= longest:
            hint = f"Ce mois n'a pas de {token.value} : il finit le {longest}."
            raise self.stop(Kind.IMPOSSIBLE_DATE, hint, fix=f"{longest}")
        if len(token.text) == 1:
            self.note(token)
        self.take()
        return MonthDay(month, token.value, self.bound_year(own_year, year), self.offset())

    def bound_year(self, own: int | None, other: int | None) -> int | None:
        return own if own is not None else other

    def offset(self) -> int:
        """Days after (or before) what comes first: ` +2 days`; 0 when nothing is said."""
        if not (self.is_symbol("+", "-") and self.ahead().kind == "number" and self.ahead(2).kind == "day"):
            return 0
        sign = 1 if self.take().text == "+" else -1
        value = self.take().value
        self.take()
        return sign * value

    # -- weekdays and holidays --------------------------------------------------------------------

    def week_days(self, rule: Rule) -> Rule:
        """`Mo-Fr`, `Mo,We`, `PH`, `Mo-Fr,PH` (both), `SH Mo-Fr` (those among the holidays)."""
        among = bool(rule.weekdays or rule.holidays)
        weekdays: list[WeekdayRange] = []
        holidays: list[Holiday] = []

        def one() -> list[None]:
            if self.token.kind == "holiday":
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
            raise self.stop(Kind.MISPLACED, "Un jour férié ne peut pas commencer un intervalle.", fix=",")
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
                hint = "Le rang dans le mois ne s'applique qu'à un seul jour : Mo[1],Tu[1]."
                raise self.stop(Kind.IMPOSSIBLE_RANK, hint)
        if self.is_symbol("-") and self.ahead().kind == "holiday":
            raise self.stop(Kind.MISPLACED, "Un jour férié ne peut pas finir un intervalle.", fix=",")
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
        if self.token.kind != "number" or not 1 <= self.token.value <= 5:
            hint = "Le rang d'un jour dans le mois va de 1 à 5, ou de -1 (le dernier) à -5."
            raise self.stop(Kind.IMPOSSIBLE_RANK, hint)
        return self.take().value

    # -- hours ------------------------------------------------------------------------------------

    def hours(self, rule: Rule) -> Rule:
        token = self.token
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
        token, after = self.token, self.ahead(2)
        return (
            token.kind == "number"
            and token.value <= 24
            and self.is_symbol("-", ahead=1)
            and (after.kind == "time" or (after.kind == "number" and after.value <= 24))
        )

    def time_span(self) -> TimeSpan:
        opening = self.token
        start, start_event = self.clock()
        if self.skip("+"):
            return TimeSpan(start, None, True, events=f"{start_event}+" if start_event else None)
        if not self.is_symbol("-"):
            hint = "Cette heure n'a pas de fin. Pour « à partir de », ajoutez un signe plus."
            source = self.text[opening.start : self.tokens[self.at - 1].end]
            raise self.stop(Kind.START_ONLY, hint, opening, fix=f"{source}+" if opening.kind == "time" else None)
        self.skip("-", tight=True)
        end, end_event = self.clock()
        if self.is_symbol("/"):
            raise self.stop(Kind.UNSUPPORTED, "Les heures répétées (« /01:00 ») ne sont pas des horaires d'ouverture.")
        open_end = self.skip("+")
        if start_event or end_event:
            text = f"{start_event or _hour(start)}-{end_event or _hour(end)}{'+' if open_end else ''}"
            return TimeSpan(0, DAY_MIN, open_end, events=text)
        if start >= DAY_MIN:
            raise self.stop(Kind.IMPOSSIBLE_TIME, "Une ouverture commence avant 24 h.", opening)
        return TimeSpan(start, end if end > start else end + DAY_MIN, open_end)

    def clock(self) -> tuple[int, str | None]:
        """Minutes from midnight, or an event of the sun as it is usually written."""
        if self.token.kind == "event":
            return 0, self.take().text
        if self.is_symbol("("):
            start = self.take().start
            while self.token.kind in ("event", "time") or self.is_symbol("+", "-"):
                self.take()
            if not self.is_symbol(")"):
                raise self.unexpected()
            return 0, self.text[start : self.take().end].replace(" ", "")
        token = self.token
        if token.kind == "number" and token.value <= 24:
            self.note(self.take())
            return token.value * 60, None
        if token.kind != "time":
            raise self.unexpected()
        if not 0 <= token.value <= 2 * DAY_MIN:
            source = self.text[token.start : token.end]
            raise self.stop(Kind.IMPOSSIBLE_TIME, f"« {source} » n'est pas une heure.")
        return self.take().value, None


def _hour(minutes: int) -> str:
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def _nearest(word: str) -> str | None:
    """What the writer of an unknown word probably meant, None when nothing is close."""
    french = _FRENCH_WORDS.get(word.rstrip(".").lower())
    if french is not None:
        return french
    close = get_close_matches(word.lower(), [known.lower() for known in _KNOWN_WORDS], n=1, cutoff=0.6)
    return next((known for known in _KNOWN_WORDS if known.lower() in close), None)


def lacks_times(rule: Rule) -> bool:
    """Days, no hours, nothing that says what happens: OSM reads it as open day and night."""
    return (
        rule.chooses_days
        and not rule.times
        and not rule.always
        and rule.modifier in (None, "open")
        and rule.comment is None
    )
