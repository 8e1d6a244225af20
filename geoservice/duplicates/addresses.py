"""What an address says: house numbers, and the words of the street."""

import re
from dataclasses import dataclass
from functools import lru_cache

from geoservice.duplicates.names import SMALL, plain, unmatched

STREETS = {
    "all": "allee", "av": "avenue", "ave": "avenue", "bd": "boulevard", "blvd": "boulevard",
    "bvd": "boulevard", "bld": "boulevard", "che": "chemin", "chem": "chemin", "crs": "cours",
    "esp": "esplanade", "fg": "faubourg", "imp": "impasse", "pl": "place", "qu": "quai",
    "r": "rue", "rte": "route", "sq": "square", "za": "zone", "zi": "zone",
}  # fmt: skip
NUMBERS = re.compile(
    r"^(?:le |la )?(\d{1,4}(?: ?(?:bis|ter|quater|[abcd](?= )))?(?:(?: a | )\d{1,4}(?: ?(?:bis|ter))?(?= ))*)"
)
ANYWHERE = re.compile(
    r"(?:^| )(\d{1,4})(?: ?(?:bis|ter|quater))? (?=(?:rue|avenue|place|boulevard|route|chemin|allee|cours|quai|impasse|square|esplanade)\b)"
)


@dataclass(frozen=True, slots=True)
class Address:
    numbers: frozenset[str]
    street: tuple[str, ...]
    """Words of the street, without small words; its kind («rue», «place») is one of them."""
    text: str
    """All of it, plain."""


@lru_cache(maxsize=50_000)
def read_address(address: str | None) -> Address | None:
    """None when nothing is said."""
    words = [STREETS.get(word, word) for word in plain(address or "").split()]
    text = " ".join(words)
    if not text:
        return None
    start = NUMBERS.match(text + " ")
    inside = None if start else ANYWHERE.search(text)
    numbers = re.findall(r"\d+", start[1] if start else inside[1] if inside else "")
    if start:
        text = text[start.end(1) :]
    elif inside:
        text = text[inside.end() :]
    street = [word for word in text.split() if word not in SMALL and word not in ("bis", "ter")]
    return Address(frozenset(numbers), tuple(dict.fromkeys(street)), " ".join(words))


def likeness(one: Address | None, other: Address | None) -> float | None:
    """From 0 to 1; None when one of them is not known.

    1: the same words, or same street and a number in common. 0.95: the same street, without any
    number, but for typing mistakes. 0.7: same street, a number is missing. 0.2: same street, other
    numbers. 0: another street. One same word without a number («Bourg») says nothing.
    """
    if one is None or other is None or not one.street or not other.street:
        return None
    if one.text == other.text:
        return 1.0 if " " in one.text else None
    short, long = sorted((one.street, other.street), key=len)
    missing = unmatched(short, long)
    street = 1 - len(missing) / len(short)
    # «place de la mairie» and «rue de la mairie» have but one word of difference
    if street < 0.6 or (len(short) == 1 and missing):
        return 0.0
    if (
        not one.numbers
        and not other.numbers
        and len(short) > 2
        and not (missing or unmatched(long, short))
    ):
        return 0.95
    if not one.numbers or not other.numbers:
        return 0.7 * street if len(short) > 1 else 0.4
    return street if one.numbers & other.numbers else 0.2 * street
