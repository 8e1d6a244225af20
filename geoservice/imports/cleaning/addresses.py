"""The address: a number and a street, without what other fields say already."""

import re

from geoservice.imports.cleaning import Cleaned
from geoservice.territories.names import words

POST_BOX = re.compile(
    r"[\s,;–-]*\b((?:BP|B\.P\.|CS|TSA)\s*(?:n°\s*)?\d[\d ]*\d|(?:BP|CS|TSA)\s*\d+)\b[\s,;–-]*",
    re.IGNORECASE,
)
TAIL = re.compile(r"[\s,;–-]*(\d{2}\s?\d{3})(?:[\s,;–-]+(.*))?$")
NUMBER_SIGN = re.compile(r"^(?:n°|n\s*°|no\.?|nº)\s*(?=\d)", re.IGNORECASE)
CEDEX = re.compile(r"[\s,;–-]*\bcedex\b(?:\s*\d{1,2})?\s*$", re.IGNORECASE)


def clean_address(raw: str, communes: tuple[str, ...], postal_code: str) -> Cleaned[str]:
    """The street of an address. `communes` are the names of its commune, today's and the row's.

    Cleaned twice, an address is as it was cleaned once: what we publish is read back unchanged.
    """
    text, operations = raw, dict[str, None]()
    while True:
        shorter = _without_tail(text, communes, postal_code)
        if shorter != text:
            operations["code postal et commune retirés de l’adresse"] = None
        tidied = _tidied(shorter)
        if tidied != shorter.strip():
            operations["adresse mise au propre"] = None
        if tidied == text:
            return Cleaned(text, tuple(operations))
        text = tidied


def _tidied(text: str) -> str:
    text = NUMBER_SIGN.sub("", text)
    text = re.sub(r"^0+\s+(?=\D)", "", text)  # «0 rue…»: no number
    text = re.sub(r"\s+([,;])", r"\1", text)
    text = re.sub(r"([,;])(?:\s*[,;])+", r"\1", text)
    text = re.sub(r"([,;])(?=[^\s\d])", r"\1 ", text)
    text = re.sub(r"^(\d+)\s*(bis|ter|quater)\b", r"\1 \2", text, flags=re.IGNORECASE)
    return text.strip(" ,;-–")


def take_post_box(raw: str) -> tuple[str, str]:
    """The address without its post box, and the post box («BP 40177»), empty when there is none."""
    match = POST_BOX.search(raw)
    if not match:
        return raw, ""
    rest = " ".join(
        filter(None, (raw[: match.start()].strip(" ,;"), raw[match.end() :].strip(" ,;")))
    )
    return rest, " ".join(match[1].upper().replace(".", "").split())


def _without_tail(text: str, communes: tuple[str, ...], postal_code: str) -> str:
    """Drop a final «74000 ANNECY Cedex», or a final «, Annecy», that repeat the other fields."""
    shorter = CEDEX.sub("", text)
    known = {words(name) for name in communes if name}
    match = TAIL.search(shorter)
    if (
        match
        and (match[1].replace(" ", "") == postal_code or (match[2] and words(match[2]) in known))
        and (not match[2] or words(match[2]) in known or match[1].replace(" ", "") == postal_code)
    ):
        return shorter[: match.start()]
    head, comma, last = shorter.rpartition(",")
    if comma and head.strip() and words(last) in known:
        return head
    return text if shorter == text else shorter
