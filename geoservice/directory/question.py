"""Who, and where they work: the question that every address of the directory understands."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from geoservice.mediators.vocabulary import Role, Skill
from geoservice.places.vocabulary import Public, Vocabulary, read_value
from geoservice.places.vocabulary_extension import Langue
from geoservice.search.moments import When
from geoservice.search.question import PlaceQuery
from geoservice.web.addresses import changed, first
from geoservice.web.problems import Fault, WrongQuestion

LISTED: dict[str, tuple[str, type[Vocabulary]]] = {
    "role": ("role", Role),
    "competences": ("skills", Skill),
    "langues": ("languages", Langue),
    "publics": ("publics", Public),
}
"""Parameter → column of the mediator, list of its values. OR inside one parameter, AND between."""
OWN = ("q", *LISTED)
ABOUT_THE_ANSWER = ("page", "limite", "tri")


@dataclass(frozen=True)
class MediatorQuery:
    words: str | None
    """Of the name or the employer."""
    listed: dict[str, tuple[str, ...]]
    """Column of the mediator → published values."""
    work: PlaceQuery
    """What one of the places where they work must answer; also the page, the number, the order."""
    present: When | None
    """The person is present then, at one of the places that answer."""
    raw: tuple[tuple[str, str], ...]

    @property
    def is_about_places(self) -> bool:
        return any(name not in ABOUT_THE_ANSWER for name, _ in self.work.raw)

    @classmethod
    def parse(cls, pairs: Iterable[tuple[str, str]], *, limit_max: int) -> "MediatorQuery":
        """Read a query string. Raises WrongQuestion with every fault at once."""
        given = [(name, value.strip()) for name, value in pairs if value.strip()]
        faults: list[Fault] = []
        words = [value for name, value in given if name == "q"]
        if len(words) > 1:
            faults.append(Fault("q", "« q » ne peut être donné qu’une fois."))
        if words and (len(words[0]) > 200 or "\x00" in words[0]):
            faults.append(Fault("q", "« q » est trop long, ou ne s’écrit pas."))
        listed = {
            column: values
            for name, (column, vocabulary) in LISTED.items()
            if (values := _values(name, vocabulary, given, faults))
        }
        rest = [pair for pair in given if pair[0] not in OWN]
        try:
            work = PlaceQuery.parse(rest, limit_max=limit_max)
        except WrongQuestion as wrong:
            faults += wrong.faults
            raise WrongQuestion(*faults) from None
        if faults:
            raise WrongQuestion(*faults)
        return cls(
            words[0] if words else None,
            listed,
            replace(work, present=None),  # there, it would be about whoever is present
            work.present,
            tuple(given),
        )

    def address(self, path: str, **changes: int) -> str:
        return changed(path, self.raw, changes)

    def without(self, *names: str) -> "MediatorQuery":
        """The question as it would be asked without these parameters."""
        return replace(self, raw=tuple(pair for pair in self.raw if pair[0] not in names))

    def chosen(self, name: str) -> str:
        """The first value of a parameter, empty when it was not given."""
        return first(self.raw, name)


def _values(
    name: str,
    listed: type[Vocabulary],
    given: Sequence[tuple[str, str]],
    faults: list[Fault],
) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for _, value in (pair for pair in given if pair[0] == name):
        meant = read_value(listed, value)
        if meant:
            found |= {member.value: None for member in meant}
        else:
            accepted = tuple(member.slug for member in listed)
            message = f"« {value} » n’est pas une valeur de « {name} »."
            labels = tuple(member.label for member in listed)
            faults.append(Fault(name, message, accepted, labels))
    return tuple(found)
