"""How things are written in French: spaces, numbers, distances, phones, dates. Filters of the pages."""

import re
import unicodedata
from datetime import date

from jinja2.ext import Extension

NBSP = "\u00a0"
THIN = "\u202f"

MONTHS = (
    "janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre",
    "octobre", "novembre", "décembre",
)  # fmt: skip

_APOSTROPHE = re.compile(r"(?<=\w)'(?=\w)")
_BEFORE_HIGH_SIGN = re.compile(r"[ \u00a0](?=[;!?»](?!=))")
_BEFORE_COLON = re.compile(r" (?=:(?:[\s<{]|$))")
_AFTER_GUILLEMET = re.compile(r"« ?(?=\S)")


def french(text: str) -> str:
    """`text` with the apostrophes and the unbreakable spaces of French; what is right stays."""
    return _APOSTROPHE.sub("’", _spaces(text))


def _spaces(text: str) -> str:
    text = _BEFORE_HIGH_SIGN.sub(THIN, text)
    text = _BEFORE_COLON.sub(NBSP, text)
    return _AFTER_GUILLEMET.sub(f"«{THIN}", text)


class FrenchSpaces(Extension):
    """Templates are written with ordinary spaces; French ones are put in as they are read."""

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:
        return _spaces(source)


def number(value: float) -> str:
    """«12 345», «1,5»: at most one decimal."""
    rounded = round(value, 1)
    whole = int(rounded)
    written = f"{whole:,}".replace(",", THIN)
    tenth = round(abs(rounded - whole) * 10)
    return f"{written},{tenth}" if tenth else written


def count(value: int, singular: str, plural: str) -> str:
    """«aucun lieu» is for the caller to say; 0 and 1 are singular in French."""
    return f"{number(value)}{NBSP}{singular if value < 2 else plural}"


def distance(metres: float) -> str:
    """«350 m», «1,2 km», «18 km»: as precise as the way there deserves."""
    if metres < 950:
        return f"{max(50, round(metres / 50) * 50)}{NBSP}m"
    kilometres = metres / 1000
    return f"{number(round(kilometres) if kilometres >= 10 else kilometres)}{NBSP}km"


def day(value: date) -> str:
    """«1er mars 2026»."""
    rank = "1er" if value.day == 1 else str(value.day)
    return f"{rank}{NBSP}{MONTHS[value.month - 1]} {value.year}"


_TEN_DIGITS = re.compile(r"\+(?:33|262|590|594|596)(\d{9})")
"""Metropolitan and overseas numbers that are dialled with a zero and nine digits."""


def phone(e164: str) -> str:
    """«06 39 98 12 34» for the numbers of ten digits, the international form in pairs otherwise."""
    if local := _TEN_DIGITS.fullmatch(e164):
        digits = "0" + local[1]
        return NBSP.join(digits[i : i + 2] for i in range(0, 10, 2))
    if abroad := re.fullmatch(r"(\+(?:508|687|689|681))(\d+)", e164):
        pairs = re.findall(r"\d{2}|\d", abroad[2])
        return NBSP.join((abroad[1], *pairs))
    return e164


FILTERS = {
    "french": french,
    "number": number,
    "count": count,
    "distance": distance,
    "day": day,
    "phone": phone,
}


def slug(text: str) -> str:
    """The words of `text` in ASCII lower case, joined by hyphens; empty when it has no word.

    «Aide aux démarches administratives» gives `aide-aux-demarches-administratives`. Accents, case,
    punctuation, and the kind of apostrophe or space make no difference.
    """
    letters = unicodedata.normalize("NFKD", text).casefold().replace("œ", "oe").replace("æ", "ae")
    plain = "".join(letter for letter in letters if not unicodedata.combining(letter))
    words = "".join(letter if letter.isascii() and letter.isalnum() else " " for letter in plain)
    return "-".join(words.split())
