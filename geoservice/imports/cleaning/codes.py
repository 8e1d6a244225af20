"""Postal codes and codes of communes: five characters, of which spreadsheets eat the first zero."""

from geoservice.imports.cleaning import Cleaned, Refused


def read_postal_code(raw: str) -> Cleaned[str]:
    code = raw.replace(" ", "")
    if len(code) == 4 and code.isdigit():
        return Cleaned(f"0{code}", ("zéro de tête rendu",))
    if len(code) != 5 or not code.isdigit():
        raise Refused("n’est pas un code postal")
    return Cleaned(code, () if code == raw else ("espaces retirés",))


def read_code_insee(raw: str) -> Cleaned[str]:
    code = raw.replace(" ", "").upper()
    if len(code) == 4 and code.isdigit():
        return Cleaned(f"0{code}", ("zéro de tête rendu",))
    if len(code) != 5 or not code.replace("A", "0").replace("B", "0").isdigit():
        raise Refused("n’est pas un code INSEE de commune")
    return Cleaned(code, () if code == raw else ("espaces retirés",))
