"""Walking along the tokens of an expression, and stopping with a sentence when it makes no sense."""

from __future__ import annotations

from collections.abc import Callable
from difflib import get_close_matches
from typing import Final, TypeVar

from french_hours.faults import Fault, Kind
from french_hours.grammar.tokens import Token, scan
from french_hours.syntax import WEEKDAYS

T = TypeVar("T")

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


class Stop(Exception):
    """Reading cannot go on after this fault."""

    def __init__(self, fault: Fault) -> None:
        self.fault = fault


class Cursor:
    """A place in a text. Methods named after a part of the language read it and move on."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = scan(text)
        self.at = 0
        self.unusual: int | None = None
        """Position of the first unusual spelling."""

    def here(self) -> Token:
        return self.tokens[self.at]

    def ahead(self, count: int = 1) -> Token:
        return self.tokens[min(self.at + count, len(self.tokens) - 1)]

    def take(self) -> Token:
        token = self.here()
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
        if tight and (self.here().spaced or self.ahead().spaced):
            self.note(self.here())
        self.take()
        return True

    def stop(
        self, kind: Kind, hint: str, token: Token | None = None, fix: str | None = None
    ) -> Stop:
        """A fault at `token`; `fix` is what to write in its place ("" to remove it)."""
        token = token or self.here()
        suggestion = None
        if fix is not None:
            suggestion = " ".join(
                f"{self.text[: token.start]}{fix}{self.text[token.end :]}".split()
            )
        return Stop(Fault(token.start, kind, hint, suggestion))

    def unexpected(self) -> Stop:
        token = self.here()
        if token.kind == "unclosed":
            hint = "Le commentaire commence par un guillemet et n’en a pas à la fin."
            return self.stop(Kind.UNCLOSED_COMMENT, hint, fix=f'"{token.text.strip()}"')
        if token.kind == "word":
            hint = f"Le mot « {token.text} » n’existe pas dans cette notation."
            return self.stop(Kind.UNKNOWN_WORD, hint, fix=_nearest(token.text))
        if token.kind == "end":
            return self.stop(Kind.MISPLACED, "La fin manque.")
        hint = f"« {self.text[token.start : token.end]} » n’est pas à sa place ici."
        return self.stop(Kind.MISPLACED, hint)

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


def _nearest(word: str) -> str | None:
    """What the writer of an unknown word probably meant, None when nothing is close."""
    french = _FRENCH_WORDS.get(word.rstrip(".").lower())
    if french is not None:
        return french
    close = get_close_matches(
        word.lower(), [known.lower() for known in _KNOWN_WORDS], n=1, cutoff=0.6
    )
    return next((known for known in _KNOWN_WORDS if known.lower() in close), None)
