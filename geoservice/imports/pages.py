"""Past imports: what each source lists today, and what each import changed and refused."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row

from geoservice.clock import PARIS
from geoservice.web.typography import count

SAID = (
    ("new", "lieu nouveau", "lieux nouveaux"),
    ("changed", "modifié", "modifiés"),
    ("withdrawn", "retiré", "retirés"),
    ("returned", "revenu", "revenus"),
    ("refused_rows", "ligne refusée", "lignes refusées"),
    ("rejected", "valeur refusée", "valeurs refusées"),
)


@dataclass(frozen=True)
class SourceLine:
    title: str
    listed: int
    """Places that it lists today."""
    imported_on: datetime | None
    """None when it was never imported since imports are kept."""
    run: int | None


@dataclass(frozen=True)
class RunLine:
    id: int
    title: str
    origin: str
    finished_at: datetime
    brought: str
    """«12 lieux nouveaux, 3 modifiés»."""
    refusal: str | None
    """Why nothing was imported; None when it was."""


@dataclass(frozen=True)
class ImportsPage:
    sources: Sequence[SourceLine]
    runs: Sequence[RunLine]
    title: str = "Imports"

    @classmethod
    def of(cls, sources: Sequence[Row[Any]], runs: Sequence[Row[Any]]) -> "ImportsPage":
        return cls(
            tuple(
                SourceLine(
                    row.title,
                    row.listed,
                    row.finished_at and row.finished_at.astimezone(PARIS),
                    row.run,
                )
                for row in sources
            ),
            tuple(_run(row) for row in runs),
        )


def _run(row: Row[Any]) -> RunLine:
    moment: datetime = row.finished_at.astimezone(PARIS)
    return RunLine(row.id, row.title, row.origin, moment, _brought(row.counts), row.refusal)


def _brought(counts: Mapping[str, int]) -> str:
    said = [count(n, one, many) for key, one, many in SAID if (n := counts.get(key, 0))]
    return ", ".join(said) or "rien n’a changé"


@dataclass(frozen=True)
class RunPage:
    title: str
    run: RunLine
    rows: int
    unchanged: int
    refusals: Sequence[Mapping[str, Any]]
    """Lines of the report, see `report.Line`."""
    changes: Sequence[Mapping[str, Any]]
    cut_short: bool
    """Whether there was more than what is shown."""

    @classmethod
    def of(cls, row: Row[Any]) -> "RunPage":
        refusals = [line for line in row.details if line["quoi"] == "refus"]
        changes = [line for line in row.details if line["quoi"] != "refus"]
        counts: Mapping[str, int] = row.counts
        moved = sum(counts.get(key, 0) for key in ("new", "changed", "withdrawn", "returned"))
        return cls(
            title=f"Import de {row.title}",
            run=_run(row),
            rows=row.row_count,
            unchanged=counts.get("unchanged", 0),
            refusals=refusals,
            changes=changes,
            cut_short=len(refusals) < counts.get("rejected", 0) or len(changes) < moved,
        )
