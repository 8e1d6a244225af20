"""Which places are one, given what was decided of pairs of them."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Decision:
    """In force: the latest about its pair."""

    id: int
    a: int
    b: int
    same: bool
    by_somebody: bool
    """False when the rules decided."""


class Groups:
    """Places put together two by two, never across a pair that somebody keeps apart.

    What people decided comes first, then the rules, each in the order of time: the same decisions
    always make the same groups.
    """

    def __init__(self, decisions: Iterable[Decision]) -> None:
        self._group: dict[int, set[int]] = {}
        self._apart: dict[int, set[int]] = {}
        decisions = sorted(decisions, key=lambda d: (not d.by_somebody, d.id))
        for one in decisions:
            if not one.same:
                self._apart.setdefault(one.a, set()).add(one.b)
                self._apart.setdefault(one.b, set()).add(one.a)
        for one in decisions:
            if one.same:
                self.join(one.a, one.b)

    def of(self, place: int) -> set[int]:
        return self._group.get(place, {place})

    def survivor(self, place: int) -> int:
        """The oldest of the group: its address is the one that stays."""
        return min(self.of(place))

    def apart(self, a: int, b: int) -> bool:
        """Whether somebody said that a place of one group is not a place of the other."""
        others = self.of(b)
        return any(self._apart.get(place, set()) & others for place in self.of(a))

    def join(self, a: int, b: int) -> bool:
        """Put the groups of two places together; False when somebody keeps them apart."""
        if self.of(a) is self.of(b) or a in self.of(b):
            return True
        if self.apart(a, b):
            return False
        joined = self.of(a) | self.of(b)
        for place in joined:
            self._group[place] = joined
        return True

    def merged(self) -> dict[int, int]:
        """Place → the place that it is, for every place that is not the oldest of its group."""
        return {
            place: oldest for place, group in self._group.items() if (oldest := min(group)) != place
        }
