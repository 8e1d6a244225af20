"""What the pages of moderation show: what waits for somebody's eye, and what was decided."""

import difflib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Row

from geoservice.clock import day_in_paris
from geoservice.links.edits import DUPLICATE, told
from geoservice.links.model import State
from geoservice.links.pages import STATES, label
from geoservice.links.proposals import WaitingProposal
from geoservice.links.reports import Category

VERDICTS = {"done": "traité", "refused": "sans suite"}


@dataclass(frozen=True)
class Piece:
    """Some words of a value, and whether the other value lacks them."""

    text: str
    differs: bool


def pieces(before: str, after: str) -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
    """Both texts in pieces, word by word."""
    one, other = (re.findall(r"\s+|[^\s]+", text) for text in (before, after))
    left: list[Piece] = []
    right: list[Piece] = []
    matcher = difflib.SequenceMatcher(None, one, other, autojunk=False)
    for kind, a, b, c, d in matcher.get_opcodes():
        if a < b:
            left.append(Piece("".join(one[a:b]), kind != "equal"))
        if c < d:
            right.append(Piece("".join(other[c:d]), kind != "equal"))
    return tuple(left), tuple(right)


@dataclass(frozen=True)
class Looked:
    """One change."""

    id: int
    public_id: str
    place: str
    commune: str | None
    label: str
    before: tuple[Piece, ...]
    after: tuple[Piece, ...]
    day: date
    bearer: str | None
    why: str | None
    trusted: bool
    moved: str | None
    """What the place says by now, when it is not what the bearer saw."""
    twin: str | None
    """Public id of the place that this one would be."""
    state: str
    decider: str | None
    reason: str | None
    may_undo: bool
    may_restore: bool
    link_works: bool
    """Whether its bearer may still change the place."""

    @classmethod
    def of(cls, row: Row[Any]) -> "Looked":
        before, after = pieces(told(row.field, row.before), told(row.field, row.after))
        moved = row.state == State.WAITING and row.now != row.before
        return cls(
            row.id,
            row.public_id,
            row.name,
            row.commune,
            label(row.field),
            before,
            after,
            day_in_paris(row.made_at),
            row.mail,
            row.why,
            bool(row.trusted),
            told(row.field, row.now) if moved else None,
            row.after["public_id"] if row.field == DUPLICATE and row.after else None,
            STATES[State(row.state)],
            row.decider,
            row.reason,
            row.state == State.IN_FORCE and row.latest,
            row.state in (State.REFUSED, State.UNDONE) and row.latest,
            row.link_works,
        )


@dataclass(frozen=True)
class Reported:
    id: int
    public_id: str
    place: str
    commune: str | None
    category: str
    body: str
    contact: str | None
    day: date
    verdict: str | None
    decider: str | None

    @classmethod
    def of(cls, row: Row[Any]) -> "Reported":
        return cls(
            row.id,
            row.public_id,
            row.name,
            row.commune,
            Category(row.category).label,
            row.body,
            row.contact,
            day_in_paris(row.made_at),
            VERDICTS.get(row.verdict),
            row.decider,
        )


@dataclass(frozen=True)
class ModerationPage:
    changes: tuple[Looked, ...]
    reports: tuple[Reported, ...]
    proposals: tuple[WaitingProposal, ...]
    departement: str
    """Its code; empty for all that is theirs."""
    everywhere: bool
    has_territory: bool
    token: str
    mistake: str | None = None
    title: str = "Modération"

    @classmethod
    def of(
        cls,
        changes: Sequence[Row[Any]],
        reports: Sequence[Row[Any]],
        proposals: Sequence[Row[Any]],
        departement: str,
        token: str,
        *,
        everywhere: bool,
        has_territory: bool,
    ) -> "ModerationPage":
        return cls(
            tuple(Looked.of(row) for row in changes),
            tuple(Reported.of(row) for row in reports),
            tuple(WaitingProposal.of(row) for row in proposals),
            departement,
            everywhere,
            has_territory,
            token,
        )


@dataclass(frozen=True)
class HistoryPage:
    changes: tuple[Looked, ...]
    reports: tuple[Reported, ...]
    place: str
    """Public id, when it is the history of one place."""
    older: int | None
    """Where to go on from; None when there is no more."""
    token: str
    mistake: str | None = None
    title: str = "Ce qui a été changé"
