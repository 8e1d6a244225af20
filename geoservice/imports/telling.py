"""What an import did, or would do, told in the terminal."""

from collections import Counter
from collections.abc import Iterator
from itertools import islice

from rich.console import Console
from rich.table import Table
from rich.text import Text

from geoservice.imports.report import KINDS, Report, french, written
from geoservice.web.typography import count

SHOWN = 20
"""Lines of each table; the rest is in the report."""


def tell(report: Report, console: Console) -> None:
    for warning in report.warnings:
        console.print(_plain(f"Attention : {warning}"), style="yellow")
    if report.dry_run:
        _tell_places(report, console)
    _tell_values(report, console)
    console.print(_plain(summary(report)), style="bold")
    if report.changes.any and not report.dry_run:
        console.print(
            "Le service en marche cherche maintenant les doublons : voir /doublons. "
            "S’il est arrêté, il le fera en démarrant."
        )


def summary(report: Report) -> str:
    """What happened, in two sentences."""
    changes, notes = report.changes, report.notes
    done = "Essai : rien n’est écrit." if report.dry_run else "Import terminé."
    rows = count(report.rows, "ligne lue", "lignes lues")
    return (
        f"{done} {rows} en {report.duration_s:.1f} s : "
        f"{count(changes.new, 'lieu nouveau', 'lieux nouveaux')}, "
        f"{count(changes.changed, 'modifié', 'modifiés')}, "
        f"{count(changes.unchanged, 'inchangé', 'inchangés')}, "
        f"{count(changes.withdrawn, 'retiré', 'retirés')}, "
        f"{count(changes.returned, 'revenu', 'revenus')}. "
        f"{count(notes.refused_rows, 'ligne refusée', 'lignes refusées')}, "
        f"{count(notes.skipped_rows, 'écartée', 'écartées')} ; "
        f"{count(notes.rejected.total(), 'valeur refusée', 'valeurs refusées')}, "
        f"{count(notes.cleaned.total(), 'nettoyée', 'nettoyées')}."
    )


def _tell_places(report: Report, console: Console) -> None:
    table = Table("Lieu", "Identifiant", "Champ", "Avant", "Après", title="Ce qui changerait")
    lines = _place_lines(report)
    for line in islice(lines, SHOWN):
        table.add_row(*map(_plain, line))
    if table.row_count:
        console.print(table)
        _tell_rest(sum(1 for _ in lines), console)
    first = next((place for place in report.places if place.kind == "new"), None)
    if first:
        table = Table("Champ", "Valeur", title="Le premier lieu nouveau, comme il paraîtrait")
        for column, (_, after) in first.fields.items():
            table.add_row(*map(_plain, (french(column), written(after))))
        console.print(table)


def _place_lines(report: Report) -> Iterator[tuple[str, ...]]:
    """Modified places first, field by field: that is what people come to check."""
    order = ("changed", "withdrawn", "returned", "new")
    ranks = range(len(report.places))
    for rank in sorted(ranks, key=lambda rank: order.index(report.places[rank].kind)):
        place = report.places[rank]
        key = ", ".join(place.keys)
        if place.kind != "changed":
            yield place.name, key, KINDS[place.kind], "", ""
            continue
        for column, (before, after) in place.fields.items():
            yield place.name, key, french(column), written(before), written(after)


def _tell_values(report: Report, console: Console) -> None:
    refused = Counter((no.column, no.reason) for no in report.notes.rejections)
    examples = {(no.column, no.reason): no for no in reversed(report.notes.rejections)}
    table = Table("Champ", "Raison", "Fois", "Ligne", "Exemple", title="Valeurs refusées")
    for (column, reason), times in refused.most_common(SHOWN):
        example = examples[column, reason]
        table.add_row(
            *map(_plain, (french(column), reason, str(times), str(example.row), example.raw))
        )
    if refused:
        console.print(table)
        _tell_rest(len(refused) - SHOWN, console)
    if report.notes.cleaned:
        table = Table("Nettoyage", "Fois", title="Valeurs nettoyées")
        for operation, times in report.notes.cleaned.most_common():
            table.add_row(_plain(operation), str(times))
        console.print(table)


def _tell_rest(count: int, console: Console) -> None:
    if count > 0:
        console.print(f"… et {count} autres : --report FICHIER donne tout.")


def _plain(text: str) -> Text:
    """Text of a source in a terminal: neither markup nor control codes."""
    return Text("".join(c if c.isprintable() else " " for c in text[:200]))
