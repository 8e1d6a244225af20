"""Words for people: without HTML, without formulas, without the scars of a wrong encoding."""

import html
import re
import unicodedata

from geoservice.imports.cleaning import Cleaned, Refused

SCRIPT = re.compile(r"<(script|style)\b.*?</\1\s*>", re.IGNORECASE | re.DOTALL)
TAG = re.compile(r"<!--.*?-->|</?[a-zA-Z][^<>]*>", re.DOTALL)
BREAK = re.compile(r"<(?:br|/p|/li|/div|/tr|/h\d)\b[^<>]*>", re.IGNORECASE)
FORMULA = re.compile(r"""\s*(?:=\s*[\w"'(+\-@]|@[A-Za-z]+\(|[+\-](?:[A-Z]{3,}\(|\w+\|))""")
"""What a spreadsheet would run. «- Atelier (le matin)» and «=> entrée» are only words."""
QUOTED = re.compile(r"'[=+\-@\t\r]")
MOJIBAKE = re.compile(
    r"[ÃÂ][\x80-\xBF\u0152\u0153\u0160\u0161\u0178\u017D\u017E\u0192\u02C6\u02DC\u2013-\u203A\u20AC\u2122]|â€"
)
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u200b\u2060\ufeff\ufffe]")


def tidy(raw: str, *, lines: bool = False) -> Cleaned[str]:
    """The words of `raw` on one line, or on their own lines when `lines`.

    Raises Refused for a spreadsheet's formula («=cmd()»), which could run in somebody's spreadsheet.
    """
    # the apostrophe by which our exports, and spreadsheets, say that a cell is only words
    text = raw[1:] if QUOTED.match(raw) else raw
    if FORMULA.match(text):
        raise Refused("ressemble à une formule de tableur")
    operations: list[str] = []
    if MOJIBAKE.search(text) and (repaired := _reread(text)) != text:
        text = repaired
        operations.append("accents réparés (fichier lu deux fois dans un mauvais encodage)")
    if TAG.search(text) or (html.unescape(text) != text):
        text = html.unescape(TAG.sub(" ", BREAK.sub("\n", SCRIPT.sub(" ", text))))
        text = TAG.sub(" ", SCRIPT.sub(" ", text))  # tags written as entities
        operations.append("HTML retiré")
    if CONTROL.search(text):
        text = CONTROL.sub("", text)
        operations.append("caractères invisibles retirés")
    text = unicodedata.normalize("NFC", text)
    if FORMULA.match(text):
        raise Refused("ressemble à une formule de tableur")
    if lines:
        kept = (" ".join(line.split()) for line in text.splitlines())
        text = re.sub(r"\n{3,}", "\n\n", "\n".join(kept)).strip()
    else:
        text = " ".join(text.split())
    return Cleaned(text, tuple(operations))


def _reread(text: str) -> str:
    """UTF-8 once read as Windows-1252: «Ã©» is «é». As it was when this is not what happened."""
    try:
        return text.encode("cp1252").decode("utf-8")
    except UnicodeError:
        return text


def shorten(raw: str, length: int) -> Cleaned[str]:
    """At most `length` characters, cut between words."""
    if len(raw) <= length:
        return Cleaned(raw)
    cut = raw[: length - 1].rsplit(maxsplit=1)[0].rstrip(" ,;:.-–")
    return Cleaned(f"{cut}…", (f"coupé à {length} caractères",))
