"""Dates in the notations that French files use."""

import re
from datetime import UTC, date, datetime, timedelta

from geoservice.imports.cleaning import Cleaned, Refused
from geoservice.web.typography import slug

YEAR_FIRST = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T\s].*)?")
DAY_FIRST = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4}|\d{2})(?:[T\s].*)?")
IN_WORDS = re.compile(r"(?:[a-z]+-)?(?:le-)?(?:(\d{1,2})(?:er)?-)?([a-z]+)-(\d{4})(?:-.*)?")
MONTH_AND_YEAR = re.compile(r"(\d{1,2})[-/.](\d{4})")
YEAR_AND_MONTH = re.compile(r"(\d{4})[-/.](\d{1,2})")
COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
SPREADSHEET_DAY = re.compile(r"([234]\d{4})(?:\.\d+)?")
SECONDS = re.compile(r"(1\d{9})(?:\.\d+|\d{3})?")
"""Since 1970, or thousandths of them: how programs keep moments."""
MONTHS = {
    name: rank
    for rank, names in enumerate(
        (
            "janvier janv jan",
            "fevrier fevr fev",
            "mars mar",
            "avril avr",
            "mai",
            "juin",
            "juillet juil",
            "aout",
            "septembre sept sep",
            "octobre oct",
            "novembre nov",
            "decembre dec",
        ),
        start=1,
    )
    for name in names.split()
}
OLDEST = date(1990, 1, 1)


def read_date(raw: str, today: date) -> Cleaned[date]:
    """The day of «2024-03-12», «12/03/2024 10:05», «12 mars 2024», «mars 2024» or «03/2024» (its first day).

    Raises Refused when it is not a date, is in the future (a day of grace for time zones), or is
    older than any file we may meet.
    """
    found, operations = _parse(raw.strip())
    if found > today + timedelta(days=1):
        raise Refused("date dans le futur")
    if found < OLDEST:
        raise Refused("date trop ancienne pour être juste")
    return Cleaned(found, operations)


def _parse(text: str) -> tuple[date, tuple[str, ...]]:
    in_french = ("date écrite autrement que AAAA-MM-JJ",)
    if match := YEAR_FIRST.fullmatch(text):
        iso = text[4] == "-" and len(text) >= 10
        return _day(match[1], match[2], match[3]), () if iso else in_french
    if match := DAY_FIRST.fullmatch(text):
        year = match[3] if len(match[3]) == 4 else f"20{match[3]}"
        return _day(year, match[2], match[1]), in_french
    if match := MONTH_AND_YEAR.fullmatch(text):
        return _day(match[2], match[1], "1"), in_french
    if match := YEAR_AND_MONTH.fullmatch(text):
        return _day(match[1], match[2], "1"), in_french
    if match := COMPACT.fullmatch(text):
        return _day(*match.groups()), in_french
    if match := SPREADSHEET_DAY.fullmatch(text):
        # spreadsheets count days from the last one of 1899
        return date(1899, 12, 30) + timedelta(days=int(match[1])), ("jour de tableur converti",)
    if match := SECONDS.fullmatch(text):
        moment = datetime.fromtimestamp(int(match[1]), UTC)
        return moment.date(), ("horodatage converti",)
    if (match := IN_WORDS.fullmatch(slug(text))) and match[2] in MONTHS:
        return _day(match[3], str(MONTHS[match[2]]), match[1] or "1"), in_french
    raise Refused("n’est pas une date")


def _day(year: str, month: str, day: str) -> date:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        raise Refused("n’est pas un jour du calendrier") from None
