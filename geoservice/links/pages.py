"""What the pages about links show."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Row

from geoservice.clock import day_in_paris
from geoservice.links.edits import BY_NAME, CONFIRMED, ENTRIES, Change, Entry, Typed, told
from geoservice.links.model import State
from geoservice.links.reports import Category, Report
from geoservice.places.fields import BY_COLUMN
from geoservice.web.boxes import Box, boxes

STATES = {
    State.WAITING: "en attente de vérification",
    State.IN_FORCE: "publié",
    State.REFUSED: "refusé",
    State.UNDONE: "annulé",
}


@dataclass(frozen=True)
class AskPage:
    place: Row[Any]
    mail: str = ""
    mistake: str | None = None
    title: str = "Mettre à jour ce lieu"


@dataclass(frozen=True)
class AskedPage:
    title: str = "Regardez vos messages"


@dataclass(frozen=True)
class ReportPage:
    place: Row[Any]
    report: Report
    faults: Mapping[str, str]
    categories: tuple[Category, ...] = tuple(Category)
    title: str = "Signaler une erreur"


@dataclass(frozen=True)
class ReportedPage:
    public_id: str
    title: str = "Merci, votre message est arrivé"


@dataclass(frozen=True)
class Question:
    """One field of the form."""

    entry: Entry
    text: str
    base: str
    boxes: tuple[Box, ...]
    origin: str | None
    fault: str | None
    waiting: bool
    """Whether a change of it waits for somebody's eye."""


@dataclass(frozen=True)
class Done:
    """One change of the history."""

    id: int
    label: str
    before: str
    after: str
    day: date
    state: str
    reason: str | None
    may_undo: bool
    confirmation: bool

    @classmethod
    def of(cls, row: Row[Any]) -> "Done":
        return cls(
            row.id,
            label(row.field),
            told(row.field, row.before),
            told(row.field, row.after),
            day_in_paris(row.made_at),
            STATES[State(row.state)],
            row.reason,
            row.state == State.WAITING or bool(row.latest),
            row.field == CONFIRMED,
        )


def label(field: str) -> str:
    if field == CONFIRMED:
        return "Tout est toujours exact"
    return BY_NAME[field].label if field in BY_NAME else BY_COLUMN[field].label


@dataclass(frozen=True)
class EditPage:
    title: str
    place: Row[Any]
    secret: str
    questions: tuple[Question, ...]
    history: tuple[Done, ...]
    faults: Mapping[str, str]
    expires_on: date

    @classmethod
    def of(
        cls,
        link: Row[Any],
        secret: str,
        typed: Typed,
        history: Sequence[Row[Any]],
        waiting: set[str],
        sources: Mapping[str, str],
        faults: Mapping[str, str] | None = None,
    ) -> "EditPage":
        faults = faults or {}
        heading = "Mettre à jour ce lieu"
        return cls(
            f"À corriger – {heading}" if faults else heading,
            link,
            secret,
            tuple(
                Question(
                    entry,
                    typed.text(entry),
                    typed.bases[entry.column],
                    boxes(entry.vocabulary, typed.ticked[entry.column]) if entry.vocabulary else (),
                    _origin(link.provenance.get(entry.column), sources),
                    faults.get(entry.column),
                    entry.column in waiting,
                )
                for entry in ENTRIES
            ),
            tuple(Done.of(row) for row in history),
            faults,
            day_in_paris(link.expires_at),
        )


def _origin(said: Mapping[str, Any] | None, sources: Mapping[str, str]) -> str | None:
    if said is None:
        return None
    title = sources.get(said["source"], said["source"])
    if said.get("stated_on"):
        title += f", {date.fromisoformat(said['stated_on']):%d/%m/%Y}"
    return title


@dataclass(frozen=True)
class Difference:
    label: str
    before: str
    after: str
    conflict: bool
    waits: bool


@dataclass(frozen=True)
class ReviewPage:
    """What was understood, before it is sent."""

    place: Row[Any]
    secret: str
    differences: tuple[Difference, ...]
    hidden: tuple[tuple[str, str], ...]
    """The form again, as it must be sent."""
    title: str = "Est-ce exact ?"

    @classmethod
    def of(
        cls, link: Row[Any], secret: str, typed: Typed, now: Typed, changes: Sequence[Change]
    ) -> "ReviewPage":
        """`now` is the place as it is at this moment, which the form is compared with from here on."""
        changed = {one.entry.column for one in changes}
        source = {e.column: typed if e.column in changed else now for e in ENTRIES}
        hidden = [(f"avant-{e.column}", now.bases[e.column]) for e in ENTRIES]
        for entry in ENTRIES:
            if entry.vocabulary:
                hidden += [(entry.column, one) for one in source[entry.column].ticked[entry.column]]
            else:
                hidden.append((entry.column, source[entry.column].texts[entry.column]))
        return cls(
            link,
            secret,
            tuple(
                Difference(
                    one.entry.label,
                    told(one.entry.column, one.before),
                    told(one.entry.column, one.after),
                    one.conflict,
                    one.entry.waits,
                )
                for one in changes
            ),
            tuple(hidden),
        )


@dataclass(frozen=True)
class SentPage:
    place: Row[Any]
    secret: str
    history: tuple[Done, ...]
    title: str = "Merci, c’est enregistré"


@dataclass(frozen=True)
class EndPage:
    place: Row[Any]
    title: str = "Ce lien ne marche plus"
