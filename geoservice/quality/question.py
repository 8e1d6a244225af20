"""What is asked of the places to complete: which of them, in which order. The rest is a PlaceQuery."""

from collections.abc import Iterable
from dataclasses import dataclass

from geoservice.places.quality import EXPECTED
from geoservice.roster.question import NOT_OURS, not_ours
from geoservice.search.question import PlaceQuery
from geoservice.web.addresses import changed, first
from geoservice.web.problems import Fault, WrongQuestion

NAMES = tuple(one.name for one in EXPECTED)
MONTHS = (6, 12, 18, 24)
SORTS = {
    "urgence": "le plus utile d’abord",
    "anciennete": "les plus anciennes d’abord",
    "nom": "par nom",
    "commune": "par commune",
}
FORMATS = {"xlsx": "Excel (XLSX)", "csv": "CSV"}
OWN = ("manque", "mois", "tri", "page", "format")


@dataclass(frozen=True)
class QualityQuery:
    lacking: tuple[str, ...]
    """Names of expected things: places that lack one of them. All places when empty."""
    months: int | None
    """Places that nobody has looked at for that long; None for all."""
    sort: str
    page: int
    format: str
    """A key of FORMATS; empty for the page."""
    places: PlaceQuery
    raw: tuple[tuple[str, str], ...]

    @classmethod
    def parse(cls, pairs: Iterable[tuple[str, str]]) -> "QualityQuery":
        """Read a query string. Raises WrongQuestion with every fault at once."""
        given = [(name, value.strip()) for name, value in pairs if value.strip()]
        faults: list[Fault] = []

        def many(name: str, accepted: Iterable[str]) -> tuple[str, ...]:
            listed = tuple(accepted)
            values = tuple(dict.fromkeys(value for asked, value in given if asked == name))
            for value in values:
                if value not in listed:
                    message = f"« {value[:60]} » n’est pas une valeur de « {name} »."
                    faults.append(Fault(name, message, listed))
            return values

        def one(name: str, accepted: Iterable[str], default: str) -> str:
            return next(iter(many(name, accepted)), default)

        lacking = many("manque", NAMES)
        months = one("mois", map(str, MONTHS), "")
        sort = one("tri", SORTS, "urgence")
        page = one("page", (str(n) for n in range(1, 1001)), "1")
        format_ = one("format", FORMATS, "")
        faults += not_ours(given)
        try:
            places = PlaceQuery.parse(pair for pair in given if pair[0] not in (*OWN, *NOT_OURS))
        except WrongQuestion as wrong:
            raise WrongQuestion(*faults, *wrong.faults) from None
        if faults:
            raise WrongQuestion(*faults)
        return cls(
            lacking, int(months) if months else None, sort, int(page), format_, places, tuple(given)
        )

    def address(self, path: str, **changes: str | int | None) -> str:
        """The same question, some parameters changed, or left out with None."""
        return changed(path, self.raw, changes)

    def chosen(self, name: str) -> str:
        """The first value of a parameter, empty when it was not given."""
        return first(self.raw, name)
