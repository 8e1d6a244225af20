"""What a reading answers: hours in OSM syntax, or a refusal with its reason."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import cast

DAY_CODES = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")


class Refusal(StrEnum):
    """Why a text gives no hours. The list is closed; each has one sentence for people."""

    NO_HOURS = "no_hours"
    NO_DAY = "no_day"
    NO_TIME = "no_time"
    START_ONLY = "start_only"
    APPOINTMENT_ONLY = "appointment_only"
    PARITY_UNKNOWN = "parity_unknown"
    SEASON_UNDATED = "season_undated"
    DATED_WEEK = "dated_week"
    REFERS_ELSEWHERE = "refers_elsewhere"
    CONTRADICTION = "contradiction"
    HALF_DAY_UNCLEAR = "half_day_unclear"
    TRUNCATED = "truncated"
    NEVER_OPEN = "never_open"
    RESTRICTED = "restricted"
    UNREAD_WORDS = "unread_words"
    TOO_LONG = "too_long"

    @property
    def sentence(self) -> str:
        return _SENTENCES[self]


_SENTENCES = {
    Refusal.NO_HOURS: "Le texte n’indique pas d’horaires.",
    Refusal.NO_DAY: "Le texte donne des heures sans dire pour quels jours.",
    Refusal.NO_TIME: "Le texte donne des jours sans dire à quelles heures.",
    Refusal.START_ONLY: "Le texte donne une heure de début sans heure de fin.",
    Refusal.APPOINTMENT_ONLY: "L’accueil se fait sur rendez-vous, sans horaires indiqués.",
    Refusal.PARITY_UNKNOWN: "Le texte parle d’une semaine sur deux sans dire laquelle.",
    Refusal.SEASON_UNDATED: "Les horaires changent selon la saison, sans dates précises.",
    Refusal.DATED_WEEK: "Les horaires valent pour des dates particulières seulement.",
    Refusal.REFERS_ELSEWHERE: "Le texte renvoie à des horaires donnés ailleurs.",
    Refusal.CONTRADICTION: "Le texte donne des horaires qui se contredisent.",
    Refusal.HALF_DAY_UNCLEAR: "Le texte ferme une demi-journée sans dire à quelle heure.",
    Refusal.TRUNCATED: "Le texte semble coupé ou contient une heure illisible.",
    Refusal.NEVER_OPEN: "Le texte dit que le lieu est fermé.",
    Refusal.RESTRICTED: "Les horaires indiqués ne concernent pas l’accueil du public.",
    Refusal.UNREAD_WORDS: "Une partie du texte peut changer les horaires et n’a pas été comprise.",
    Refusal.TOO_LONG: "Le texte est trop long pour être un horaire.",
}


class UnreadableContext(ValueError):
    """The context is not one that a source can give; its text is a French sentence."""


@dataclass(frozen=True, slots=True)
class Context:
    """What other columns of the same row say, used where the text itself is silent."""

    day: str | None = None
    """The column is one day's cell: "Mo" … "Su"."""
    days: tuple[str, ...] = ()
    """Another column lists the days of opening."""
    week: str | None = None
    """Another column says which weeks, in French: "Semaine paire", "semaines impaires"."""

    def __post_init__(self) -> None:
        for day in (*self.days, *([self.day] if self.day else [])):
            if day not in DAY_CODES:
                raise UnreadableContext(f"Jour inconnu : « {day} » (attendu : Mo … Su).")

    @classmethod
    def of(cls, columns: Mapping[str, object]) -> Context:
        """From JSON: keys `day`, `days`, `week`; others are ignored."""
        day, days, week = columns.get("day"), columns.get("days"), columns.get("week")
        listed = cast("Sequence[object]", days) if isinstance(days, list | tuple) else ()
        return cls(
            day=str(day) if day else None,
            days=tuple(str(one) for one in listed),
            week=str(week) if week else None,
        )


@dataclass(frozen=True, slots=True)
class Reading:
    """What was understood of one text."""

    text: str
    osm: str | None
    """OSM syntax that the engine parses; None when refused."""
    confidence: float
    """From 0 to 1: how sure the reader is of this answer, or of this refusal.

    0.9 and more: every word was understood. Below 0.8: a choice was made, or words that
    could matter were left; show it to a person before publishing. Below 0.6: a rough draft.
    """
    by_appointment: bool
    """The text speaks of appointments, for all or part of the hours."""
    reason: Refusal | None
    """Set if and only if `osm` is None."""
