"""«modifie_depuis»: from which change on, as an address says it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from geoservice.clock import PARIS
from geoservice.search.question import API_LIMIT_MAX
from geoservice.web.problems import Fault, WrongQuestion

ACCEPTED = ("modifie_depuis", "apres", "limite")
EXAMPLES = ("2026-11-01", "2026-11-01T08:30:00+01:00", "2026-11-01T07:30:00Z")


@dataclass(frozen=True)
class Since:
    moment: datetime
    last_id: int = 0
    """Key of the last place read among those that changed at this very moment."""


def read(pairs: Iterable[tuple[str, str]]) -> tuple[Since, int]:
    """The place to start from, and how many changes to give. Raises WrongQuestion.

    The other parameters of the question are refused: a copy that follows a part of the directory
    could not be told that a place has left that part.
    """
    faults: list[Fault] = []
    given: dict[str, str] = {}
    for name, value in pairs:
        if name not in ACCEPTED:
            faults.append(
                Fault(
                    name,
                    f"« modifie_depuis » suit l’annuaire entier : il ne se combine pas avec « {name} ».",
                    ACCEPTED,
                )
            )
        given[name] = value.strip()
    moment = _moment(given.get("modifie_depuis", ""), faults)
    last_id = _whole(given, "apres", 0, 2**31 - 1, 0, faults)
    limit = _whole(given, "limite", 1, API_LIMIT_MAX, API_LIMIT_MAX, faults)
    if faults or moment is None:
        raise WrongQuestion(*faults)
    return Since(moment, last_id), limit


def _moment(text: str, faults: list[Fault]) -> datetime | None:
    try:
        # the «+» of a time zone arrives as a space when nobody encoded it
        moment = datetime.fromisoformat(text.replace(" ", "+"))
        # years that no clock of PostgreSQL would follow through a time zone
        if 1970 <= moment.year <= 9000:
            return moment if moment.tzinfo else moment.replace(tzinfo=PARIS)
    except ValueError:
        pass
    faults.append(
        Fault(
            "modifie_depuis", f"« {text} » n’est pas une date, ou une date et une heure.", EXAMPLES
        )
    )
    return None


def _whole(
    given: dict[str, str], name: str, low: int, high: int, default: int, faults: list[Fault]
) -> int:
    text = given.get(name)
    if not text:
        return default
    if text.isascii() and text.isdigit() and low <= int(text) <= high:
        return int(text)
    faults.append(Fault(name, f"« {name} » doit être un nombre entier entre {low} et {high}."))
    return default
