"""From characters to words of the language, with the spellings that people really type."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from french_hours.syntax import MONTHS, WEEKDAYS

TokenKind = Literal[
    "comment", "unclosed", "always", "time", "number", "weekday", "month", "holiday",
    "week", "easter", "day", "modifier", "event", "word", "symbol", "end",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Token:
    kind: TokenKind
    text: str
    """The usual spelling: "Mo", "09:00", "off"."""
    value: int
    """Number, minutes, or rank of the day or month; 0 otherwise."""
    start: int
    end: int
    usual: bool = True
    """False when the source spells it otherwise ("9h", "Sun", "–")."""
    spaced: bool = False
    """Whether a blank comes before."""


_SCANNER = re.compile(
    r"""(?P<blank>\s+)
    |"(?P<comment>[^"]*)(?P<quote>"?)
    |(?P<always>24\s?/\s?7\b)
    |(?P<time>(?P<hour>\d{1,2})(?:(?::|\s?[hH]\s?)(?P<minute>\d{2})(?::00)?|\.(?P<dotted>\d{2})|\s?[hH])(?!\w))
    |(?P<number>\d+)
    |(?P<word>[^\W\d_]+\.?)
    |(?P<symbol>\|\||.)""",
    re.VERBOSE | re.DOTALL,
)

_ENGLISH_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_ENGLISH_MONTHS = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip


def _vocabulary() -> dict[str, tuple[TokenKind, str, int]]:
    words: dict[str, tuple[TokenKind, str, int]] = {}
    for rank, (usual, name) in enumerate(zip(WEEKDAYS, _ENGLISH_DAYS, strict=True)):
        for spelling in (usual.lower(), name[:3], name[:4], name, f"{name}s"):
            words[spelling] = ("weekday", usual, rank)
    for rank, (usual, name) in enumerate(zip(MONTHS, _ENGLISH_MONTHS, strict=True), start=1):
        for spelling in (usual.lower(), name[:4], name):
            words[spelling] = ("month", usual, rank)
    words |= dict.fromkeys(("thur", "thurs"), ("weekday", "Th", 3))
    words |= {kind: ("holiday", kind.upper(), 0) for kind in ("ph", "sh")}
    words |= dict.fromkeys(("week", "weeks"), ("week", "week", 0))
    words |= dict.fromkeys(("day", "days"), ("day", "day", 0))
    words["easter"] = ("easter", "easter", 0)
    for spelling, state in {
        "open": "open", "off": "closed", "closed": "closed", "unknown": "unknown",
    }.items():  # fmt: skip
        words[spelling] = ("modifier", state, 0)
    words |= {event: ("event", event, 0) for event in ("sunrise", "sunset", "dawn", "dusk")}
    return words


_WORDS = _vocabulary()
_DASHES = dict.fromkeys("–—−‐‑‒", "-")


def scan(text: str) -> list[Token]:
    """Every token of `text`, then one of kind "end". Any text has tokens."""
    tokens: list[Token] = []
    spaced = False
    for match in _SCANNER.finditer(text):
        if match["blank"] is not None:
            spaced = True
            continue
        tokens.append(_token(match, spaced))
        spaced = False
    tokens.append(Token("end", "", 0, len(text.rstrip()), len(text)))
    return tokens


def _token(match: re.Match[str], spaced: bool) -> Token:
    start, end = match.span()
    text = match[0]

    def token(kind: TokenKind, usual: str, value: int = 0, *, same: bool | None = None) -> Token:
        return Token(
            kind, usual, value, start, end, text == usual if same is None else same, spaced
        )

    if match["comment"] is not None:
        return token("comment" if match["quote"] else "unclosed", match["comment"], same=True)
    if match["always"] is not None:
        return token("always", "24/7")
    if match["time"] is not None:
        hour, minute = int(match["hour"]), int(match["minute"] or match["dotted"] or 0)
        value = hour * 60 + minute if minute < 60 else -1
        return token("time", f"{hour:02d}:{minute:02d}", value)
    if match["number"] is not None:
        return token("number", text, int(text))
    if match["word"] is not None:
        known = _WORDS.get(text.rstrip(".").lower())
        if known is None:
            return token("word", text)
        kind, usual, value = known
        # "off" and "closed" are one state and two right spellings.
        return token(kind, usual, value, same=text in (usual, "off", "week", "day", "days"))
    return token("symbol", _DASHES.get(text, text))
