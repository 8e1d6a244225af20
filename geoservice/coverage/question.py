"""What «couverture» is asked: a question, and what one imagines more. Parsed once, for pages and tiles."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from geoservice.search import moments
from geoservice.search.question import PlaceQuery
from geoservice.web.problems import Fault, WrongQuestion

ADDED = "ajout"
ADDED_PRESENCE = "ajout_permanence"
NOT_HERE = ("ou", "lon", "lat", "rayon", "bbox", "tri", "page", "limite")


@dataclass(frozen=True)
class Asked:
    """The question of «couverture»: which places answer, and what one imagines more."""

    query: PlaceQuery
    added: str = ""
    """Where a place or a permanence is imagined, in words or as «longitude,latitude»; empty when none is."""
    presence: str = ""
    """When the imagined permanence is held; empty for a place that answers the question."""

    @property
    def changes(self) -> dict[str, str | None]:
        """Of an address that asks the same thing."""
        return {ADDED: self.added or None, ADDED_PRESENCE: self.presence or None}

    def address(self, path: str) -> str:
        return self.query.address(path, **self.changes)


def read(given: Iterable[tuple[str, str]]) -> Asked:
    """Raises WrongQuestion with every fault of what is imagined, then with those of the question."""
    pairs = [(name, value.strip()) for name, value in given]
    added = [value for name, value in pairs if name == ADDED and value]
    presence = [value for name, value in pairs if name == ADDED_PRESENCE and value]
    faults = [
        Fault(name, f"« {name} » ne sert pas ici : choisissez un « territoire ».")
        for name in dict.fromkeys(name for name, value in pairs if name in NOT_HERE and value)
    ]
    faults += [
        Fault(name, f"« {name} » ne peut être donné qu’une fois.")
        for name, values in ((ADDED, added), (ADDED_PRESENCE, presence))
        if len(set(values)) > 1
    ]
    faults += [
        Fault(name, f"« {name} » contient un caractère qui ne s’écrit pas.")
        for name, values in ((ADDED, added), (ADDED_PRESENCE, presence))
        if any("\x00" in value for value in values)
    ]
    for value in presence[:1]:
        try:
            moments.parse(value)
        except ValueError:
            known = moments.ACCEPTED
            message = f"« {value} » n’est pas un moment connu."
            faults.append(Fault(ADDED_PRESENCE, message, tuple(known), tuple(known.values())))
    if faults:
        raise WrongQuestion(*faults)
    query = PlaceQuery.parse([pair for pair in pairs if pair[0] not in (ADDED, ADDED_PRESENCE)])
    # without a place where it is held, a permanence is not imagined
    return Asked(query, "".join(added[:1]), "".join(presence[:1]) if added else "")


def about_presence(asked: Asked) -> PlaceQuery:
    """A permanence that is imagined is compared with those of its moment, unless another is asked for."""
    query = asked.query
    if not asked.presence or query.present:
        return query
    return replace(
        query,
        present=moments.parse(asked.presence),
        raw=(*query.raw, ("permanence", asked.presence)),
    )
