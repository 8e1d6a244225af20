"""What the pages about links show."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from french_hours import Day
from sqlalchemy import Row

from geoservice.clock import day_in_paris
from geoservice.links.edits import BY_NAME, CONFIRMED, DUPLICATE, POINT, Entry, shown, told
from geoservice.links.model import State
from geoservice.links.positions import STEPS_M, TOWARDS
from geoservice.links.reports import Category, Report
from geoservice.links.sheets import Sheet
from geoservice.links.steps import STEPS, Answers, Step, Typed, steps_of
from geoservice.links.weeks import Closure
from geoservice.permanences.announcing import EXAMPLES, Corrections
from geoservice.permanences.announcing import Typed as Announcing
from geoservice.places.fields import BY_COLUMN
from geoservice.web.boxes import Box, boxes
from geoservice.web.svg import Drawing

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
            row.state == State.WAITING or bool(row.latest and row.field != DUPLICATE),
            row.field == CONFIRMED,
        )


def label(column: str) -> str:
    if column == CONFIRMED:
        return "Tout est toujours exact"
    return BY_NAME[column].label if column in BY_NAME else BY_COLUMN[column].label


@dataclass(frozen=True)
class Told:
    """One field of the sheet."""

    label: str
    text: str
    """Empty when nothing is known."""
    origin: str | None
    prepared: str | None
    """What will be sent; None when nothing is."""
    waiting: bool
    """Whether a change of it waits for somebody's eye."""
    overruled: str | None
    """Who says otherwise since the word of the place lapsed."""

    @classmethod
    def of(cls, entry: Entry, sheet: Sheet, sources: Mapping[str, str]) -> "Told":
        column = entry.column
        draft = sheet.drafts.get(column)
        said = sheet.link.provenance.get({POINT: "lon"}.get(column, column))
        lapsed = bool(said and said.get("instead_of"))
        return cls(
            entry.label,
            shown(column, sheet.values[column]),
            _origin(said, sources),
            told(column, draft.after) if draft else None,
            column in sheet.waiting,
            _origin(said, sources) if lapsed else None,
        )


@dataclass(frozen=True)
class Part:
    """One step, as the sheet shows it."""

    step: Step
    fields: tuple[Told, ...]


@dataclass(frozen=True)
class SheetPage:
    """What is known of the place, step by step."""

    place: Row[Any]
    secret: str
    parts: tuple[Part, ...]
    last: tuple[Step, ...]
    """Those that are rarely needed."""
    prepared: int
    """How many changes are ready to be sent."""
    history: tuple[Done, ...]
    expires_on: date
    title: str = "Mettre à jour ce lieu"

    @classmethod
    def of(
        cls, sheet: Sheet, secret: str, history: Sequence[Row[Any]], sources: Mapping[str, str]
    ) -> "SheetPage":
        opened = steps_of(sheet.link.fields)
        rare = {"fermeture", "doublon"}
        return cls(
            sheet.link,
            secret,
            tuple(
                Part(step, tuple(Told.of(entry, sheet, sources) for entry in step.entries))
                for step in opened
                if step.slug not in rare or any(c in sheet.drafts for c in step.columns)
            ),
            tuple(step for step in opened if step.slug in rare),
            len(sheet.changes),
            tuple(Done.of(row) for row in history),
            day_in_paris(sheet.link.expires_at),
        )


@dataclass(frozen=True)
class Question:
    """One field of the page of a step."""

    entry: Entry
    text: str
    base: str
    boxes: tuple[Box, ...]
    origin: str | None
    fault: str | None
    stale: str | None
    """What it became while somebody was writing."""
    waiting: bool


@dataclass(frozen=True)
class StepPage:
    title: str
    place: Row[Any]
    secret: str
    step: Step
    questions: tuple[Question, ...]
    faults: Mapping[str, str]
    following: bool
    """Whether there is a step after this one."""

    @classmethod
    def of(
        cls,
        sheet: Sheet,
        secret: str,
        step: Step,
        sources: Mapping[str, str],
        typed: Typed,
        answers: Answers | None = None,
    ) -> "StepPage":
        answers = answers or Answers()
        wrong = answers.faults or answers.stale
        return cls(
            f"À corriger – {step.question}" if wrong else step.question,
            sheet.link,
            secret,
            step,
            tuple(
                Question(
                    entry,
                    typed.text(entry),
                    answers.stale.get(entry.column, typed.bases[entry.column]),
                    boxes(entry.vocabulary, typed.ticked[entry.column]) if entry.vocabulary else (),
                    _origin(sheet.link.provenance.get(entry.column), sources),
                    answers.faults.get(entry.column),
                    answers.stale.get(entry.column),
                    entry.column in sheet.waiting,
                )
                for entry in step.entries
            ),
            answers.faults,
            following(sheet.link.fields, step) is not None,
        )


def following(fields: Sequence[str] | None, step: Step) -> Step | None:
    """The step after this one, of those that a link opens."""
    opened = steps_of(fields)
    after = opened[opened.index(step) + 1 :] if step in opened else ()
    return after[0] if after else None


def _origin(said: Mapping[str, Any] | None, sources: Mapping[str, str]) -> str | None:
    if said is None:
        return None
    title = sources.get(said["source"], said["source"])
    if said.get("stated_on"):
        title += f", {date.fromisoformat(said['stated_on']):%d/%m/%Y}"
    return title


@dataclass(frozen=True)
class DayBox:
    code: str
    label: str
    text: str
    fault: str | None


@dataclass(frozen=True)
class WeekPage:
    """The hours, day by day."""

    place: Row[Any]
    secret: str
    days: tuple[DayBox, ...]
    holidays_off: bool
    is_plain: bool
    """Whether the hours of now fit into the boxes."""
    base: str
    """Fingerprint of the hours that the page shows."""
    mistake: str | None = None
    title: str = "Les horaires, jour par jour"


@dataclass(frozen=True)
class ClosuresPage:
    place: Row[Any]
    secret: str
    closures: tuple[Closure, ...]
    hours_known: bool
    base: str
    typed: tuple[str, str] = ("", "")
    """First and last day."""
    faults: Mapping[str, str] = field(default_factory=dict[str, str])
    title: str = "Fermetures exceptionnelles"


@dataclass(frozen=True)
class ReadBackPage:
    """What was understood of the hours that were typed."""

    place: Row[Any]
    secret: str
    typed: str | None
    sentence: str
    week: tuple[Day, ...]
    title: str = "Est-ce exact ?"


@dataclass(frozen=True)
class PermanencesPage:
    place: Row[Any]
    secret: str
    announced: tuple[str, ...]
    base: str
    typed: Announcing
    corrections: Corrections
    services: tuple[Box, ...]
    examples: str = EXAMPLES
    title: str = "Quand un médiateur est-il là ?"


@dataclass(frozen=True)
class PositionPage:
    place: Row[Any]
    secret: str
    address: str
    latitude: str
    longitude: str
    step_m: str
    drawing: Drawing | None
    told: tuple[str, ...]
    """What the reader must know of the point."""
    base: str
    mistake: str | None
    saved: bool
    """Whether the point is the one that is prepared or published."""
    steps_m: tuple[int, ...] = STEPS_M
    towards: tuple[str, ...] = tuple(TOWARDS)
    title: str = "Où est le lieu sur la carte ?"


@dataclass(frozen=True)
class Twin:
    public_id: str
    label: str
    detail: str
    chosen: bool


@dataclass(frozen=True)
class DuplicatePage:
    place: Row[Any]
    secret: str
    twins: tuple[Twin, ...]
    typed: str
    mistake: str | None
    prepared: bool
    title: str = "Ce lieu est-il deux fois dans l’annuaire ?"


@dataclass(frozen=True)
class Difference:
    step: Step
    label: str
    before: str
    after: str
    conflict: bool
    waits: bool


@dataclass(frozen=True)
class ReviewPage:
    """What was prepared, before it is sent."""

    place: Row[Any]
    secret: str
    differences: tuple[Difference, ...]
    token: str
    moved: bool
    """Whether something changed since this page was read."""
    title: str = "Est-ce exact ?"

    @classmethod
    def of(cls, sheet: Sheet, secret: str, *, moved: bool = False) -> "ReviewPage":
        by_column = {column: step for step in STEPS for column in step.columns}
        return cls(
            sheet.link,
            secret,
            tuple(
                Difference(
                    by_column[one.entry.column],
                    one.entry.label,
                    told(one.entry.column, one.before),
                    told(one.entry.column, one.after),
                    one.conflict,
                    one.entry.looked_at(trusted=sheet.link.trusted),
                )
                for one in sheet.changes
            ),
            sheet.token,
            moved,
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
