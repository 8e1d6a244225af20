"""What an import did, would do, refused and cleaned: for the terminal, and as JSON and CSV."""

import contextlib
import csv
import pickle
import tempfile
from array import array
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field, fields
from operator import attrgetter
from pathlib import Path
from typing import Any, TypeVar, cast, overload

import orjson

from geoservice.geo import LonLat
from geoservice.imports.problems import ImportProblem
from geoservice.places.actions import Changes, PlaceChange
from geoservice.places.fields import BY_COLUMN
from geoservice.system import reason

KEPT = 50_000
"""Details kept of each sort: a file that is wrong everywhere must not fill the disk."""

LONGEST = 500
"""Characters kept of one value: nobody reads a whole description in a report."""
DETAILS_KEPT = 500
"""Of each sort, in the journal of imports; the report file has them all."""
DETAIL_LENGTH = 200
CONTACTS = ("phone", "emails")


def french(column: str) -> str:
    """A field's name as people know it: that of the national schema."""
    if column == "point":
        return "position"
    return BY_COLUMN[column].national if column in BY_COLUMN else column


T = TypeVar("T")


class Spool(Sequence[T]):
    """A list that only grows, kept on the disk: 50 000 places would take 200 MB of memory."""

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 - closed, and gone, with the report
        self._starts = array("Q")

    def __del__(self) -> None:
        self._file.close()

    def append(self, item: T) -> None:
        self._starts.append(self._file.seek(0, 2))
        pickle.dump(item, self._file)

    def __len__(self) -> int:
        return len(self._starts)

    @overload
    def __getitem__(self, at: int) -> T: ...
    @overload
    def __getitem__(self, at: slice) -> list[T]: ...
    def __getitem__(self, at: int | slice) -> T | list[T]:
        if isinstance(at, slice):
            return [self[one] for one in range(len(self))[at]]
        self._file.seek(self._starts[at])
        return pickle.load(self._file)  # noqa: S301 - what we wrote ourselves


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

    rejections: Spool[Rejection] = field(default_factory=Spool[Rejection])
    cleanings: Spool[Cleaning] = field(default_factory=Spool[Cleaning])
    rejected: Counter[str] = field(default_factory=Counter[str])
    """Field → values refused."""
    cleaned: Counter[str] = field(default_factory=Counter[str])
    """Operation → values."""
    refused_rows: int = 0
    repeated_keys: int = 0
    """Among the rows refused: their identifier was that of a row before."""
    repeated_example: str = ""
    skipped_rows: int = 0

    def reject(self, row: int, key: str, column: str, raw: str, reason: str) -> None:
        self.rejected[column] += 1
        if len(self.rejections) < KEPT:
            self.rejections.append(Rejection(row, key, column, brief(raw), reason))

    def clean(
        self, row: int, key: str, column: str, raw: str, value: object, operation: str
    ) -> None:
        self.cleaned[operation] += 1
        if len(self.cleanings) < KEPT:
            done = brief(written(value))
            self.cleanings.append(Cleaning(row, key, column, brief(raw), done, operation))


@dataclass
class Report:
    source: str
    origin: str
    dry_run: bool
    rows: int = 0
    columns: dict[str, None] = field(default_factory=dict[str, None])
    """In the order of the file."""
    changes: Changes = field(default_factory=Changes)
    places: Spool[PlaceChange] = field(default_factory=Spool[PlaceChange])
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

    def as_run(self) -> dict[str, Any]:
        """As the journal of imports keeps it."""
        return {
            "source": self.source,
            "origin": self.origin,
            "row_count": self.rows,
            "columns": list(self.columns),
            "counts": self.counts,
            "details": self.details(),
        }

    def as_data(self) -> dict[str, Any]:
        """The figures, for `--json`."""
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

    def details(self) -> list[dict[str, Any]]:
        """The first refusals and the first changes, as the page of imports shows them.

        A telephone or a mail that was refused may be anybody's: it is not kept.
        """
        refusals = [
            asdict(
                Line(
                    "refus", no.row, no.key, champ=french(no.column),
                    avant="" if no.column in CONTACTS else no.raw[:DETAIL_LENGTH], motif=no.reason,
                )
            )
            for no in self.notes.rejections[:DETAILS_KEPT]
        ]  # fmt: skip
        changes = [
            asdict(Line(KINDS[place.kind], None, ", ".join(place.keys), place.public_id, place.name,
                        ", ".join(map(french, place.fields)) if place.kind == "changed" else ""))
            for place in self.places[:DETAILS_KEPT]
        ]  # fmt: skip
        return refusals + changes

    def as_lines(self) -> "Iterator[Line]":
        """Everything that happened, one line per value."""
        for place in self.places:
            kind = KINDS[place.kind]
            key = ", ".join(place.keys)
            if not place.fields:
                yield Line(kind, None, key, place.public_id, place.name)
            for column, (before, after) in place.fields.items():
                yield Line(
                    kind, None, key, place.public_id, place.name,
                    french(column), written(before), written(after),
                )  # fmt: skip
        for no in self.notes.rejections:
            yield Line(
                "refus", no.row, no.key, champ=french(no.column), avant=no.raw, motif=no.reason
            )
        for yes in self.notes.cleanings:
            yield Line(
                "nettoyage", yes.row, yes.key,
                champ=french(yes.column), avant=yes.raw, apres=yes.value, motif=yes.operation,
            )  # fmt: skip


def brief(value: Any) -> Any:
    """A value as the report keeps it."""
    if isinstance(value, str) and len(value) > LONGEST:
        return value[: LONGEST - 1] + "…"
    return value


KINDS = {"new": "nouveau", "changed": "modifié", "withdrawn": "retiré", "returned": "revenu"}


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the report, under the names that its readers see."""

    quoi: str
    ligne: int | None
    identifiant: str
    lieu: str = ""
    nom: str = ""
    champ: str = ""
    avant: str = ""
    apres: str = ""
    motif: str = ""


def written(value: Any) -> str:
    """A value as a cell holds it."""
    if value is None:
        return ""
    if isinstance(value, LonLat):
        return f"{value.lon}, {value.lat}"
    if isinstance(value, list):
        return "|".join(str(element) for element in cast("list[Any]", value))
    return str(value)


def write(report: Report, path: Path) -> tuple[Path, Path]:
    """Write the report as JSON and as CSV, beside each other; the paths of both."""
    as_json, as_csv = path.with_suffix(".json"), path.with_suffix(".csv")
    try:
        with as_json.open("wb") as file:
            file.write(b'{"resume": ' + orjson.dumps(report.as_data()) + b',\n"details": [')
            for rank, line in enumerate(report.as_lines()):
                file.write((b"\n" if rank == 0 else b",\n") + orjson.dumps(line))
            file.write(b"\n]}\n")
        # with a mark, without which spreadsheets misread the accents
        with as_csv.open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.writer(file)
            names = [field.name for field in fields(Line)]
            writer.writerow(names)
            for cells in map(attrgetter(*names), report.as_lines()):
                writer.writerow(map(_harmless, cells))
    except OSError as error:
        for half in (as_json, as_csv):
            with contextlib.suppress(OSError):
                half.unlink(missing_ok=True)
        raise ImportProblem(
            f"Le rapport {path} ne peut pas être écrit ({reason(error)})."
        ) from None
    return as_json, as_csv


def _harmless(value: object) -> object:
    """A cell that no spreadsheet takes for a formula."""
    if isinstance(value, str) and value.startswith(("=", "+", "-", "@", "\t", "\r")):
        return f"'{value}"
    return value
