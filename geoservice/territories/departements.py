"""The département or collectivity that a code belongs to."""


def departement_of(code_insee: str | None, postal_code: str | None) -> str | None:
    """Code of the département, from the commune's code, or else from the postal code.

    «2A» and «2B» in Corsica; three characters overseas («974», «988»). None when both are unknown.
    A few rural communes have the postal code of the neighbouring département: the commune's code
    is right about them.
    """
    code = code_insee or postal_code
    if not code:
        return None
    if code.startswith(("97", "98")):
        return OVERSEAS_POSTAL_CODES.get(code, code[:3]) if code == postal_code else code[:3]
    if not code_insee and code.startswith("20"):
        return "2A" if code[:3] in ("200", "201") else "2B"
    return code[:2]


OVERSEAS_POSTAL_CODES = {"97133": "977", "97150": "978"}
"""Saint-Barthélemy and Saint-Martin kept postal codes of Guadeloupe, which they have left."""
