"""What is wrong with a source as a whole, so that nothing of it should be written."""

import difflib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Self

from sqlalchemy import Connection, func, select

from geoservice.imports.mapping import Mapping
from geoservice.imports.model import ImportRun
from geoservice.imports.problems import ImportProblem
from geoservice.imports.report import Report
from geoservice.imports.rows import column_name, root
from geoservice.places.model import SourceRecord
from geoservice.web.typography import count

MOST_REPEATED = 0.1
MOST_REFUSED = 0.5
"""Shares of the rows beyond which it is the file, or its mapping, that is wrong."""


class GuardProblem(ImportProblem):
    """The source is not what it was, or not what its mapping says."""

    can_be_forced = True


class NothingToImport(GuardProblem):
    can_be_forced = False


@dataclass(frozen=True)
class Before:
    """What the last import left."""

    places: int
    """Records that the source listed."""
    columns: frozenset[str]
    """None at the first import."""

    @classmethod
    def of(cls, connection: Connection, source: str) -> Self:
        listed = (
            select(func.count())
            .select_from(SourceRecord)
            .where(SourceRecord.source == source, SourceRecord.withdrawn_at.is_(None))
        )
        last = (
            select(ImportRun.columns)
            .where(ImportRun.source == source, ImportRun.refusal.is_(None))
            .order_by(ImportRun.id.desc())
            .limit(1)
        )
        columns = connection.scalar(last)
        return cls(connection.scalar(listed) or 0, frozenset(columns or ()))


def check(
    mapping: Mapping, before: Before, report: Report, kept: int, warn: Callable[[str], None]
) -> GuardProblem | None:
    """The first reason not to import, None when there is none; lesser doubts are told to `warn`."""
    if report.rows == 0:
        return NothingToImport(f"{report.origin} n’a aucune ligne : rien n’est importé.")
    missing = set(_missing(mapping, set(report.columns), before.columns))
    if missing:
        return _columns_problem(mapping, report, sorted(missing), kept)
    if kept == 0:
        reason = (
            report.notes.rejections[0].reason if report.notes.rejections else "aucune n’est retenue"
        )
        return NothingToImport(
            f"Aucune des {report.rows} lignes de {report.origin} ne donne un lieu ({reason}) : "
            "rien n’est importé."
        )
    if report.notes.repeated_keys > MOST_REPEATED * report.rows:
        return GuardProblem(
            f"Identifiant déjà vu pour {count(report.notes.repeated_keys, 'ligne', 'lignes')} sur "
            f"{report.rows}, par exemple {report.notes.repeated_example} : "
            f"« {', '.join(mapping.source.key)} » ne distingue pas les lieux. Rien n’est importé. "
            "Choisissez une autre colonne pour « key », ou plusieurs."
        )
    if report.notes.refused_rows > MOST_REFUSED * report.rows:
        reason = report.notes.rejections[0].reason
        return GuardProblem(
            f"{report.notes.refused_rows} lignes sur {report.rows} sont refusées (la première : {reason}) : "
            "rien n’est importé. --report FICHIER donne toutes les raisons."
        )
    limit = mapping.source.shrink_limit_percent
    if kept < before.places * (100 - limit) / 100:
        return GuardProblem(
            f"La source « {mapping.name} » passe de {before.places} à {kept} lieux, soit plus de "
            f"{limit} % de moins : rien n’est importé. Vérifiez le fichier ; si c’est voulu, ajoutez --force."
        )
    if before.columns:
        fresh = sorted(set(report.columns) - before.columns)
        if fresh:
            warn(
                f"Colonnes nouvelles, que la correspondance ne lit pas encore : {', '.join(fresh)}."
            )
    return None


def _missing(mapping: Mapping, present: set[str], before: frozenset[str]) -> Iterator[str]:
    """Columns that the mapping reads and the file lacks.

    Those that the mapping names itself are required, unless said optional; those that it takes from
    another mapping are required once they were seen.
    """
    optional = set(mapping.source.optional)

    def is_there(column: str) -> bool:
        column = column_name(column)
        return column in present or root(column) in present

    needed = (*mapping.source.key, *mapping.source.fill)
    yield from (column for column in needed if not is_there(column))
    for place in mapping.places:
        for rule in place.own:
            yield from (c for c in rule.lacks(is_there) if c not in optional)
    for condition in (*mapping.source.only, *mapping.source.skip):
        yield from (c for c in condition.column if c not in optional and not is_there(c))
    roots = {root(column) for column in mapping.columns()}
    yield from (column for column in before if column in roots and column not in present)


def _columns_problem(
    mapping: Mapping, report: Report, missing: list[str], kept: int
) -> GuardProblem:
    hints: list[str] = []
    for column in missing:
        near = [name for name in report.columns if name.endswith(f" {column}")]  # «Contact Tél.»
        near += difflib.get_close_matches(column, report.columns, n=1, cutoff=0.6)
        hints.append(f"« {column} »" + (f" (est-ce « {near[0]} » ?)" if near else ""))
    two_lines = (
        "Certaines colonnes n’ont pas de nom : si les noms sont sur deux lignes, écrivez leurs numéros, "
        "par exemple header = [4, 5]. "
    )
    sentence = (
        f"Ces colonnes manquent dans {report.origin} : {', '.join(hints)}. Rien n’est importé. "
        f"Colonnes du fichier : {', '.join(filter(None, report.columns))}. "
        f"{two_lines if '' in report.columns else ''}Corrigez import/{mapping.name}/mapping.toml, "
        "ou mettez ces colonnes dans « optional » si elles peuvent manquer"
    )
    if kept == 0:
        return NothingToImport(sentence + ".")
    return GuardProblem(sentence + " ; --force importe sans elles.")
