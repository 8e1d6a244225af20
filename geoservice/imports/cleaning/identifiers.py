"""Numbers of establishments and associations: SIRET, RNA, and RIDET in New Caledonia."""

import re

from geoservice.imports.cleaning import Cleaned, Refused

RNA = re.compile(r"W\d[\dA-Z]\d{7}", re.IGNORECASE)
NEW_CALEDONIA = "988"
LA_POSTE = "356000000"


def read_pivot(raw: str, departement: str | None) -> Cleaned[str]:
    """A SIRET (14 digits, key checked), an RNA («W» and 9 digits), or a RIDET (9 or 10 digits).

    A RIDET exists in New Caledonia only: elsewhere nine digits are a SIREN, which names an
    organisation and not a place. Raises Refused when it is none of these, Unknown for zeros.
    """
    value = re.sub(r"[\s.\-/]", "", raw).upper()
    operations = () if value == raw else ("espaces et points retirés",)
    if re.fullmatch(r"0+", value):
        raise Unknown("des zéros : numéro inconnu")
    if RNA.fullmatch(value):
        return Cleaned(value, operations)
    if not value.isdigit():
        raise Refused("n’est ni un SIRET, ni un RNA, ni un RIDET")
    if len(value) == 13 and is_siret(f"0{value}"):
        return Cleaned(f"0{value}", ("zéro de tête rendu",))
    if len(value) == 14:
        if not is_siret(value):
            raise Refused("SIRET dont la clé de contrôle est fausse")
        return Cleaned(value, operations)
    if departement == NEW_CALEDONIA and len(value) in (9, 10):
        return Cleaned(value, operations)
    if len(value) == 9 and luhn(value):
        raise Refused("SIREN : il désigne l’organisme, pas le lieu")
    raise Refused("n’est ni un SIRET, ni un RNA, ni un RIDET")


class Unknown(Refused):
    """Says that the value is not known: nothing is wrong with the file."""


def luhn(digits: str) -> bool:
    """Whether the sum of the digits, every second one doubled from the right, ends with 0."""
    total = 0
    for rank, digit in enumerate(reversed(digits)):
        doubled = int(digit) * (1 + rank % 2)
        total += doubled - 9 if doubled > 9 else doubled
    return total % 10 == 0


def is_siret(digits: str) -> bool:
    """La Poste's establishments, too many for the key, are checked by the sum of their digits."""
    if digits.startswith(LA_POSTE):
        return luhn(digits) or sum(map(int, digits)) % 5 == 0
    return luhn(digits[:9]) and luhn(digits)
