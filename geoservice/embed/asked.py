"""What the address of an embedded page asks: the question of its list, and how it looks.

The key of a saved embed stands for both, until the visitor asks something: from then on the address
holds the whole question (`visite`), so that what was taken away does not come back.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from sqlalchemy.ext.asyncio import AsyncConnection

from geoservice.embed import appearance
from geoservice.embed.appearance import Appearance
from geoservice.embed.figures import Kind
from geoservice.embed.queries import Saved, of_key
from geoservice.search.question import PAGE_LIMIT_MAX, PlaceQuery
from geoservice.web.addresses import changed
from geoservice.web.problems import WrongQuestion

LIST = "/embed"
SEARCHED, WALKED = ("visite", "recherche"), ("visite", "page")

Pairs = list[tuple[str, str]]


@dataclass(frozen=True)
class Asked:
    look: Appearance
    query: PlaceQuery
    own: tuple[tuple[str, str], ...]
    """What the address itself says of the appearance."""
    written: tuple[tuple[str, str], ...]
    """All that the address itself says: without what its key stands for."""
    saved: Saved | None = None
    counts_as: Kind | None = None
    """In the figures of a saved embed; None for going from page to page."""

    @classmethod
    def parse(cls, pairs: Iterable[tuple[str, str]], saved: Saved | None = None) -> "Asked":
        """`saved` is what the key among `pairs` stands for.

        Raises WrongQuestion with every fault of both at once.
        """
        own, question = appearance.split(pairs)
        visit = next((value for name, value in own if name == "visite"), None)
        own = [pair for pair in own if pair[0] != "visite"]
        look_pairs, written = own, (*own, *question)
        if saved:
            saved_look, saved_question = appearance.split(saved.pairs)
            look_pairs = over(saved_look, own)
            question = over(saved_question, question) if visit is None else question
        look, faults = appearance.read(look_pairs)
        try:
            query = PlaceQuery.parse(tidied(question), limit_max=PAGE_LIMIT_MAX)
        except WrongQuestion as wrong:
            raise WrongQuestion(*faults, *wrong.faults) from None
        if faults:
            raise WrongQuestion(*faults)
        kind: dict[str | None, Kind] = {None: "displays", SEARCHED[1]: "searches"}
        return cls(look, query, tuple(own), written, saved, kind.get(visit))

    @property
    def pairs(self) -> Pairs:
        """Everything that was given, in an order of ours."""
        return [*self.own, *self.query.raw]

    @property
    def kept(self) -> Pairs:
        """What the form of a visitor sends again, before what it asks."""
        return [*self.pairs, *((SEARCHED,) if self.saved else ())]

    @property
    def anew(self) -> "Asked":
        """What the integrator chose, without the choices of the visitor."""
        if self.saved is None:
            free = {*appearance.FIELDS, "bbox", "page"}
            kept = [pair for pair in self.query.raw if pair[0] not in free]
        else:
            kept = appearance.split(self.saved.pairs)[1]
        return replace(self, query=PlaceQuery.parse(tidied(kept), limit_max=PAGE_LIMIT_MAX))

    def address(self, path: str = LIST, **changes: str | int | None) -> str:
        """The same at another address, some parameters changed, or left out with None."""
        return changed(path, self.pairs, changes)

    @property
    def preview(self) -> str:
        """For our own pages: without the key, which counts, and may be kept for other sites."""
        return changed(LIST, [*self.saved.pairs] if self.saved else self.pairs, {})

    def code_address(self, path: str = LIST) -> str:
        """For the code that other sites copy."""
        return changed(path, [*self.written], {})

    def onward(self, path: str = LIST, **changes: str | int | None) -> str:
        """The same for a link that the visitor follows."""
        return changed(path, [*self.pairs, *((WALKED,) if self.saved else ())], changes)


async def read(db: AsyncConnection, pairs: Pairs) -> Asked:
    """Raises WrongQuestion, UnknownKey."""
    return Asked.parse(pairs, await saved_in(db, pairs))


async def saved_in(db: AsyncConnection, pairs: Pairs) -> Saved | None:
    """What the key among `pairs` stands for. Raises UnknownKey."""
    key = next((value.strip() for name, value in pairs if name == "integration"), "")
    return await of_key(db, key) if key else None


def over(saved: Pairs, given: Pairs) -> Pairs:
    """`saved`, but for the parameters that are given."""
    names = {name for name, _ in given}
    return [*(pair for pair in saved if pair[0] not in names), *given]


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
