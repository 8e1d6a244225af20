"""What the address of an embedded page asks: the question of its list, and how it looks."""

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlencode

from geoservice.embed import appearance
from geoservice.embed.appearance import Appearance
from geoservice.search.question import PAGE_LIMIT_MAX, PlaceQuery
from geoservice.web.problems import WrongQuestion

LIST = "/embed"

Pairs = list[tuple[str, str]]


@dataclass(frozen=True)
class Asked:
    look: Appearance
    query: PlaceQuery

    @classmethod
    def parse(cls, pairs: Iterable[tuple[str, str]]) -> "Asked":
        """Raises WrongQuestion with every fault of both at once."""
        look_pairs, question = appearance.split(pairs)
        look, faults = appearance.read(look_pairs)
        try:
            query = PlaceQuery.parse(tidied(question), limit_max=PAGE_LIMIT_MAX)
        except WrongQuestion as wrong:
            raise WrongQuestion(*faults, *wrong.faults) from None
        if faults:
            raise WrongQuestion(*faults)
        return cls(look, query)

    @property
    def pairs(self) -> Pairs:
        """Everything that was given, in an order of ours."""
        return [*self.look.raw, *self.query.raw]

    def address(self, path: str = LIST, **changes: str | int | None) -> str:
        """The same at another address, some parameters changed, or left out with None."""
        kept = [(name, value) for name, value in self.pairs if name not in changes]
        kept += [(name, str(value)) for name, value in changes.items() if value is not None]
        return path + ("?" + urlencode(kept) if kept else "")


def tidied(pairs: Pairs) -> Pairs:
    """Without what another parameter makes void.

    Visitors type a commune over the point that the integrator chose, or erase the commune that a
    distance was counted from: without a script, their form sends both.
    """
    given = {name for name, _ in pairs}
    void: set[str] = set()
    if "ou" in given:
        void |= {"lon", "lat"}
    if not given & {"ou", "lon", "lat"}:
        void.add("rayon")
    return [pair for pair in pairs if pair[0] not in void]
