"""Telephone numbers of France, overseas included, in E.164."""

import re

import phonenumbers
from phonenumbers import PhoneNumber, PhoneNumberFormat

from geoservice.imports.cleaning import Cleaned, Refused

SEVERAL = re.compile(r"\s*(?:[/;|,\n]|\bou\b|\bet\b|\s[-–]\s)\s*", re.IGNORECASE)
REGIONS = {
    "971": "GP",
    "972": "MQ",
    "973": "GF",
    "974": "RE",
    "975": "PM",
    "976": "YT",
    "977": "BL",
    "978": "MF",
    "986": "WF",
    "987": "PF",
    "988": "NC",
}
"""Collectivity → the region by which libphonenumber knows its numbers."""
PREFIXES = {33, 262, 508, 590, 594, 596, 681, 687, 689}


def read_phone(raw: str, departement: str | None) -> Cleaned[str]:
    """The first number of `raw` that can be dialled, as «+33492000000».

    A number without its country's prefix is read as one dialled in `departement`. Raises Refused
    for short numbers (3949), which have no international form, and for what is no number.
    """
    region = REGIONS.get(departement or "", "FR")
    reason = "n’est pas un numéro de téléphone"
    pieces = [piece for piece in SEVERAL.split(raw) if any(c.isdigit() for c in piece)]
    for candidate in (*pieces, raw):
        digits = re.sub(r"\D", "", candidate)
        if len(digits) == 4 and digits.startswith(("3", "1")):
            reason = "numéro court : il n’a pas de forme internationale"
            continue
        number = _parsed(candidate, region)
        if number is None:
            continue
        e164 = phonenumbers.format_number(number, PhoneNumberFormat.E164)
        operations = [] if e164 == raw else ["mis au format international"]
        if len(pieces) > 1:
            operations.append("premier numéro gardé")
        return Cleaned(e164, tuple(operations))
    raise Refused(reason)


def _parsed(text: str, region: str) -> PhoneNumber | None:
    # «+33 (0)4…» and «00 33…» are common; «0 492…» lost nothing but its spaces
    text = re.sub(r"\(\s*0\s*\)", "", text)
    digits = re.sub(r"\D", "", text)
    attempts = [text]
    if re.fullmatch(r"\s*[1-9](?:\D?\d){8}\s*", text):
        attempts.append(f"0{text}")
    if len(digits) >= 9 and any(digits.startswith(str(prefix)) for prefix in PREFIXES):
        attempts.append(f"+{digits}")  # a spreadsheet ate the sign
    for attempt in attempts:
        for place in dict.fromkeys((region, "FR")):
            try:
                number = phonenumbers.parse(attempt, place)
            except phonenumbers.NumberParseException:
                continue
            if _exists(number):
                return number
    return None


def _exists(number: PhoneNumber) -> bool:
    if number.country_code == 33:
        # the range kept for fiction is nobody's number, and valid for us: only the length counts
        return phonenumbers.is_possible_number(number)
    return number.country_code in PREFIXES and phonenumbers.is_valid_number(number)
