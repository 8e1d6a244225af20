"""In which encoding a text file is written: read whole, because the wrong letter may be the last one."""

import codecs
import re
from collections.abc import Callable
from pathlib import Path

from charset_normalizer import from_bytes

from geoservice.imports.problems import ImportProblem

CHUNK = 1 << 20
FRENCH = ["cp1252", "mac_roman", "cp850", "latin_1"]
NAMES = {"cp1252": "Windows-1252", "mac_roman": "Mac Roman", "cp850": "DOS 850"}
ACCENT_IN_UTF_8 = re.compile(rb"\xc3[\xa0-\xbf]")


def encoding_of(path: Path, declared: str | None, warn: Callable[[str], None]) -> str:
    """`utf-8-sig` for UTF-8, with or without its mark; otherwise what is written or recognised.

    `warn` is told of a guess. Raises ImportProblem for a file that mixes encodings, and for the
    name of an encoding that does not exist.
    """
    if declared:
        try:
            name = codecs.lookup(declared).name
        except LookupError:
            raise ImportProblem(f"« encoding » : l’encodage « {declared} » n’existe pas.") from None
        return "utf-8-sig" if name == "utf-8" else name
    with path.open("rb") as file:
        start = file.read(4)
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    wrong = _first_wrong_line(path)
    if wrong is None:
        return "utf-8-sig"
    number, sample, accents = wrong
    if accents:
        raise ImportProblem(
            f"{path.name} mélange deux encodages : la ligne {number} n’est pas en UTF-8, alors que "
            "d’autres le sont. Enregistrez tout le fichier en UTF-8."
        )
    best = from_bytes(sample, cp_isolation=FRENCH).best()
    found = best.encoding if best else "cp1252"
    found = "cp1252" if found == "latin_1" else found  # its superset, and what Windows writes
    warn(f"{path.name} n’est pas en UTF-8 : lu en {NAMES.get(found, found)}.")
    return found


def _first_wrong_line(path: Path) -> tuple[int, bytes, bool] | None:
    """Number and surroundings of the first line that is not UTF-8, and whether others surely are."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    lines = 1
    accents = False
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            try:
                decoder.decode(chunk)
            except UnicodeDecodeError as error:
                at = min(error.start, len(chunk))
                lines += chunk[:at].count(b"\n")
                accents = accents or len(ACCENT_IN_UTF_8.findall(chunk)) > 2
                return lines, chunk[max(0, at - 20_000) : at + 20_000], accents
            accents = accents or ACCENT_IN_UTF_8.search(chunk) is not None
            lines += chunk.count(b"\n")
    return None
