"""Hours in whatever layout a source has, into opening_hours."""

from french_hours import check

from geoservice.imports.cleaning import Cleaned, Refused


def read_osm(raw: str) -> Cleaned[str]:
    """An expression as the source wrote it, once it is known that it can be read."""
    text = " ".join(raw.split())
    for fault in check(text):
        if fault.kind.fatal:
            raise Refused(f"horaires illisibles : {fault.hint}")
    return Cleaned(text)
