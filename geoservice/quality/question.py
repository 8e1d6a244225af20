"""What is asked of the places to complete: which of them, in which order. The rest is a PlaceQuery."""

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlencode

from geoservice.places.quality import EXPECTED
from geoservice.search.question import PlaceQuery
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
NOT_OURS = ("ou", "lon", "lat", "rayon", "limite")


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
        faults += (
            Fault(name, f"« {name} » ne s’applique pas à cette liste : choisissez un territoire.")
            for name in NOT_OURS
            if any(asked == name for asked, _ in given)
        )
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
        kept = [pair for pair in self.raw if pair[0] not in changes]
        kept += [(name, str(value)) for name, value in changes.items() if value is not None]
        return path + ("?" + urlencode(kept) if kept else "")

    def chosen(self, name: str) -> str:
        """The first value of a parameter, empty when it was not given."""
        return next((value for given, value in self.raw if given == name), "")
