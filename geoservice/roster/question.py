"""What is asked of a team's list: which places, which people, which columns, in which order."""

from collections.abc import Iterable
from dataclasses import dataclass

from geoservice.mediators.vocabulary import Role, Skill
from geoservice.places.vocabulary import Vocabulary, read_value
from geoservice.places.vocabulary_extension import Langue
from geoservice.roster.columns import PEOPLE, PLACES, Column
from geoservice.search.question import PlaceQuery
from geoservice.web.addresses import changed, first
from geoservice.web.problems import Fault, WrongQuestion

ROWS_PER_PAGE = 1_000
VIEWS = {"lieux": PLACES, "personnes": PEOPLE}
ABOUT_PEOPLE: dict[str, tuple[str, type[Vocabulary]]] = {
    "role": ("role", Role),
    "competences": ("skills", Skill),
    "langues": ("languages", Langue),
}
"""Parameter → column of the mediator, list of its values. OR inside one parameter, AND between."""
OWN = ("vue", "colonnes", "tri", "ordre", "page", "format", *ABOUT_PEOPLE)
NOT_OURS = ("ou", "lon", "lat", "rayon", "limite")
"""Of a PlaceQuery, what means nothing in the lists of a team, which are of its territory."""


@dataclass(frozen=True)
class RosterQuery:
    view: str
    """`lieux` or `personnes`."""
    columns: tuple[Column, ...]
    """Those that are shown, in the order of the view."""
    sort: Column
    descending: bool
    page: int
    people: dict[str, tuple[str, ...]]
    """Column of the mediator → published values."""
    places: PlaceQuery
    raw: tuple[tuple[str, str], ...]

    @property
    def narrows_places(self) -> bool:
        """Whether something other than words and territories is asked of the places."""
        return any(name not in ("q", "territoire") for name, _ in self.places.raw)

    @classmethod
    def parse(cls, pairs: Iterable[tuple[str, str]]) -> "RosterQuery":
        """Read a query string. Raises WrongQuestion with every fault at once."""
        given = [(name, value.strip()) for name, value in pairs if value.strip()]
        faults: list[Fault] = []

        def one(name: str, accepted: Iterable[str], default: str) -> str:
            listed = tuple(accepted)
            value = next((value for asked, value in given if asked == name), default)
            if value in listed:
                return value
            message = f"« {value[:60]} » n’est pas une valeur de « {name} »."
            faults.append(Fault(name, message, listed))
            return default

        view = one("vue", VIEWS, "lieux")
        known = {column.name: column for column in VIEWS[view]}
        chosen = [value for name, value in given if name == "colonnes"]
        for value in chosen:
            if value not in known:
                message = f"« {value[:60]} » n’est pas une colonne."
                faults.append(Fault("colonnes", message, tuple(known)))
        columns = tuple(
            column
            for column in VIEWS[view]
            if (column.name in chosen if chosen else column.is_usual) or column.is_first
        )
        sort = known[one("tri", known, VIEWS[view][0].name)]
        descending = one("ordre", ("croissant", "decroissant"), "croissant") == "decroissant"
        page = one("page", (str(n) for n in range(1, 101)), "1")
        people: dict[str, tuple[str, ...]] = {}
        for name, (column, listed) in ABOUT_PEOPLE.items():
            people |= _listed(name, column, listed, given, faults)
        faults += not_ours(given)
        rest = [pair for pair in given if pair[0] not in (*OWN, *NOT_OURS)]
        try:
            places = PlaceQuery.parse(rest)
        except WrongQuestion as wrong:
            raise WrongQuestion(*faults, *wrong.faults) from None
        if faults:
            raise WrongQuestion(*faults)
        return cls(view, columns, sort, descending, int(page), people, places, tuple(given))

    def address(self, path: str, **changes: str | int | None) -> str:
        """The same question, some parameters changed, or left out with None."""
        return changed(path, self.raw, changes)

    def chosen(self, name: str) -> str:
        """The first value of a parameter, empty when it was not given."""
        return first(self.raw, name)


def not_ours(given: Iterable[tuple[str, str]]) -> list[Fault]:
    names = {name for name, _ in given}
    return [
        Fault(name, f"« {name} » ne s’applique pas à cette liste : choisissez un territoire.")
        for name in NOT_OURS
        if name in names
    ]


def _listed(
    name: str,
    column: str,
    listed: type[Vocabulary],
    given: Iterable[tuple[str, str]],
    faults: list[Fault],
) -> dict[str, tuple[str, ...]]:
    found: dict[str, None] = {}
    for value in (value for asked, value in given if asked == name):
        meant = read_value(listed, value)
        if meant:
            found |= {member.value: None for member in meant}
        else:
            accepted = tuple(member.slug for member in listed)
            message = f"« {value[:60]} » n’est pas une valeur de « {name} »."
            faults.append(Fault(name, message, accepted))
    return {column: tuple(found)} if found else {}
