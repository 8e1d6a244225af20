"""One spelling for the many ways of typing: case, accents, dashes, glued words, slips.

Everything after this module works on lower-case ASCII.
"""

from __future__ import annotations

import html
import re
import unicodedata


def _fold_table() -> dict[int, str]:
    table: dict[int, str] = {}
    for code in range(0xA0, 0x250):
        base = unicodedata.normalize("NFKD", chr(code))[0].lower()
        if base.isascii() and base.isalnum():
            table[code] = base
    table.update(dict.fromkeys(map(ord, "‐‑‒–—―−"), "-"))
    table.update(dict.fromkeys(map(ord, "’‘ʼ´`′"), "'"))
    table.update(dict.fromkeys(map(ord, "“”«»„"), '"'))
    table.update(dict.fromkeys(map(ord, "\t\u00a0\u2007\u2008\u2009\u202f\u200a\u2002\u2003"), " "))
    table.update(dict.fromkeys(map(ord, "\u200b\ufeff\u00ad"), ""))
    table.update(dict.fromkeys(map(ord, "→⇒➔›"), ">"))
    table.update(dict.fromkeys(map(ord, "•●▪·‣◦■"), ";"))
    table.update({ord("œ"): "oe", ord("æ"): "ae", ord("…"): ".", ord("："): ":", ord("\r"): "\n"})
    table.update({ord("°"): " ", ord("º"): " "})
    return table


_FOLD = _fold_table()

TWO_LETTERS = {
    "lu": "lundi",
    "ma": "mardi",
    "me": "mercredi",
    "je": "jeudi",
    "ve": "vendredi",
    "sa": "samedi",
    "di": "dimanche",
}
ONE_LETTER = {"l": "lundi", "j": "jeudi", "v": "vendredi", "s": "samedi", "d": "dimanche"}

_TYPESET_MINUTES = re.compile(r"(?<=\d)[\u00a0\u202f]h[\u00a0\u202f]([0-5]\d)\b")
_TAG = re.compile(r"<br ?/?>|</(?:p|li|div)>")
_OTHER_TAG = re.compile(r"<[a-z/][^<>]{0,60}>")
_TWO = "(?:lu|ma|me|je|ve|sa|di)"
# "je", "ma", "sa"… are also words: they are days only beside each other.
_TWO_LETTER_CHAIN = re.compile(rf"\b{_TWO}\b(?: ?(?:au?|et|[-,/]) ?{_TWO}\b)+")
_ONE_LETTER_RANGE = re.compile(r"\b([ljvsd]) ?(?:au?|-) ?([ljvsd])\b(?= ?:? ?(?:de )?\d)")
_WORD = re.compile(r"[a-z]+")

_REPAIRS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"[ \f\v]+"), " "),
    (re.compile(r" ?\n ?"), "\n"),
    # "9hè16h", "9h 0 12h": on a French keyboard "à", "è" and 0 share or neighbour a key
    (re.compile(r"(\dh|\d[h:]\d\d)e(?=\d)"), r"\1-"),
    (re.compile(r"(\dh(?:\d\d)?) 0 (?=\d{1,2}h)"), r"\1 a "),
    # "13h030", "9h30h", "12h0"
    (re.compile(r"(?<=\d)h0(?=[0-5]\d(?!\d))"), "h"),
    (re.compile(r"(\d ?h ?(?:00|30|45)) ?h(?=a ?\d|(?![a-z\d]))"), r"\1"),
    (re.compile(r"(\d ?h ?)0(?![\dh])(?! ?h)"), r"\g<1>00"),
    # "12h3019h", "9h12h": two times without a separator
    (re.compile(r"(\dh\d\d)(?=\d{1,2} ?h)"), r"\1 "),
    (re.compile(r"(\dh)(?=\d{1,2}(?: ?h|:))"), r"\1 "),
    # "16h30samedi", "19hmer", "9ha12h"
    (
        re.compile(
            r"(\d)(?!(?:h|er|ere|re|e|eme|ieme|me|nd|nde|ers|eres|emes|j|jours?|mn|min|m|x|eures?)(?![a-z]))(?=[a-gi-z])"
        ),
        r"\1 ",
    ),
    (re.compile(r"(\dh)(?!eures?\b|rs?\b)(?=[a-z])"), r"\1 "),
    # "jeudi10h", "a18h30"
    (re.compile(r"(?:[a-gi-z]|(?<!\d)(?<!\d )h)(?=\d)"), r"\g<0> "),
    # "9 h. à 12 h."
    (re.compile(r"(\d ?h(?: ?\d\d)?)\.(?= ?(?:a|et|de|-|/|,) )"), r"\1"),
    # "10:00-11-00"
    (re.compile(r"(?<=\d:\d\d-)(\d\d)-(00|15|30|45)\b(?!:)"), r"\1:\2"),
    # "13/30 - 16:30": a slash typed for a colon
    (re.compile(r"\b([01]?\d)/(30|45)(?= ?-)"), r"\1h\2"),
    (re.compile(r"\( +"), "("),
)


def clean(text: str) -> str:
    """Lower case, no accents, one kind of dash and quote, words unglued; newlines are kept."""
    text = unicodedata.normalize("NFC", text)
    if "&" in text:
        text = html.unescape(text)
    text = _TYPESET_MINUTES.sub(r"h\1", text.lower()).translate(_FOLD)
    if "<" in text:
        text = _OTHER_TAG.sub(" ", _TAG.sub("\n", text))
    for pattern, repair in _REPAIRS:
        text = pattern.sub(repair, text)
    text = _TWO_LETTER_CHAIN.sub(_spell_out, text)
    text = _ONE_LETTER_RANGE.sub(
        lambda found: f"{ONE_LETTER[found[1]]} au {ONE_LETTER[found[2]]}", text
    )
    return text.strip()


def _spell_out(found: re.Match[str]) -> str:
    return _WORD.sub(lambda word: TWO_LETTERS.get(word[0], word[0]), found[0])


def nearly(word: str, target: str) -> bool:
    """Whether one slip (a letter missing, added, changed, or two swapped) separates them."""
    if abs(len(word) - len(target)) > 1 or word == target:
        return word == target
    start = 0
    while start < min(len(word), len(target)) and word[start] == target[start]:
        start += 1
    rest, wanted = word[start:], target[start:]
    return (
        rest[1:] == wanted[1:]
        or rest == wanted[1:]
        or rest[1:] == wanted
        or (rest[:2] == wanted[:2][::-1] and rest[2:] == wanted[2:])
    )
