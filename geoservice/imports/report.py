"""What an import did, would do, refused and cleaned: for the terminal, and as JSON and CSV."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from geoservice.places.actions import Changes, PlaceChange
from geoservice.places.fields import BY_COLUMN

KEPT = 100_000
"""Details kept of each sort: a file that is wrong everywhere must not fill the memory."""


def french(column: str) -> str:
    """A field's name as people know it: that of the national schema."""
    return BY_COLUMN[column].national if column in BY_COLUMN else column


@dataclass(frozen=True, slots=True)
class Rejection:
    row: int
    key: str
    column: str
    """Ours; or the source's own when the whole row is refused, or a word that no field knows."""
    raw: str
    reason: str


@dataclass(frozen=True, slots=True)
class Cleaning:
    row: int
    key: str
    column: str
    raw: str
    value: str
    operation: str


@dataclass
class Notes:
    """What is said along the way; counts are exact, details stop at KEPT."""

    rejections: list[Rejection] = field(default_factory=list[Rejection])
    cleanings: list[Cleaning] = field(default_factory=list[Cleaning])
    rejected: Counter[str] = field(default_factory=Counter[str])
    """Field → values refused."""
    cleaned: Counter[str] = field(default_factory=Counter[str])
    """Operation → values."""
    refused_rows: int = 0
    skipped_rows: int = 0

    def reject(self, row: int, key: str, column: str, raw: str, reason: str) -> None:
        self.rejected[column] += 1
        if len(self.rejections) < KEPT:
            self.rejections.append(Rejection(row, key, column, raw, reason))

    def clean(
        self, row: int, key: str, column: str, raw: str, value: object, operation: str
    ) -> None:
        self.cleaned[operation] += 1
        if len(self.cleanings) < KEPT:
            self.cleanings.append(Cleaning(row, key, column, raw, str(value), operation))


@dataclass
class Report:
    source: str
    origin: str
    dry_run: bool
    rows: int = 0
    columns: tuple[str, ...] = ()
    changes: Changes = field(default_factory=Changes)
    places: list[PlaceChange] = field(default_factory=list[PlaceChange])
    notes: Notes = field(default_factory=Notes)
    warnings: list[str] = field(default_factory=list[str])
    """Sentences for whoever runs the import."""
    duration_s: float = 0.0

    @property
    def counts(self) -> dict[str, int]:
        return {
            "new": self.changes.new,
            "changed": self.changes.changed,
            "unchanged": self.changes.unchanged,
            "withdrawn": self.changes.withdrawn,
            "returned": self.changes.returned,
            "refused_rows": self.notes.refused_rows,
            "skipped_rows": self.notes.skipped_rows,
            "rejected": self.notes.rejected.total(),
            "cleaned": self.notes.cleaned.total(),
        }

    def as_data(self) -> dict[str, Any]:
        """For `--json` and `--report`: the national names of the fields, in French."""
        return {
            "source": self.source,
            "origine": self.origin,
            "essai": self.dry_run,
            "lignes": self.rows,
            "nouveaux": self.changes.new,
            "modifies": self.changes.changed,
            "inchanges": self.changes.unchanged,
            "retires": self.changes.withdrawn,
            "revenus": self.changes.returned,
            "lignes_refusees": self.notes.refused_rows,
            "lignes_ecartees": self.notes.skipped_rows,
            "valeurs_refusees": self.notes.rejected.total(),
            "valeurs_nettoyees": self.notes.cleaned.total(),
            "avertissements": self.warnings,
            "duree_s": round(self.duration_s, 2),
        }
