"""What the page of the places to complete shows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Row

from geoservice.places.quality import EXPECTED, OLD_AFTER_MONTHS
from geoservice.quality.queries import ROWS_PER_PAGE
from geoservice.quality.question import FORMATS, MONTHS, SORTS, QualityQuery
from geoservice.roster.columns import Column
from geoservice.roster.pages import Choice, Option, territory_choice
from geoservice.web.typography import MONTHS as MONTH_NAMES
from geoservice.web.typography import phone

OWN_FIELDS = ("territoire", "manque", "mois", "tri", "page", "format")


@dataclass(frozen=True)
class Lack:
    """How many places lack one expected thing."""

    label: str
    places: int
    percent: int
    href: str
    """These places."""


@dataclass(frozen=True)
class Month:
    label: str
    places: int
    told: int
    """Percent of what should be told; so are the next, of the places."""
    checked: int
    complete: int

    @classmethod
    def of(cls, row: Row[Any], label: str = "") -> "Month":
        return cls(
            label or f"{MONTH_NAMES[row.month.month - 1]} {row.month.year}",
            row.places,
            percent(row.told, row.expected),
            percent(row.checked, row.places),
            percent(row.complete, row.places),
        )


@dataclass(frozen=True)
class ToDo:
    id: str
    name: str
    commune: str | None
    phone: str | None
    missing: tuple[str, ...]
    updated_on: date | None
    source: str | None
    is_old: bool


@dataclass(frozen=True)
class QualityPage:
    team: str
    team_code: str
    summary: Row[Any]
    now: Month
    lacks: tuple[Lack, ...]
    months: tuple[Month, ...]
    """The latest first, this one among them."""
    choices: tuple[Choice, ...]
    kept: tuple[tuple[str, str], ...]
    """What the question says and the form has no field for."""
    rows: tuple[ToDo, ...]
    pages: tuple[tuple[int, str, bool], ...]
    files: tuple[tuple[str, str], ...]
    campaign: str | None
    """Where to write to the places of the list; None for those who may not."""
    is_narrowed: bool
    old_months: int = OLD_AFTER_MONTHS

    @property
    def title(self) -> str:
        return f"À compléter : {self.team}"

    @property
    def path(self) -> str:
        return f"/equipes/{self.team_code}/qualite"


def percent(part: int, whole: int) -> int:
    """Of nothing, everything is there. Never 100 while something is missing."""
    return 100 * part // whole if whole else 100


def lacks(query: QualityQuery, path: str, summary: Row[Any]) -> tuple[Lack, ...]:
    return tuple(
        Lack(
            one.label,
            getattr(summary, one.name),
            percent(getattr(summary, one.name), summary.places),
            query.address(path, manque=one.name, page=None, format=None) + "#liste",
        )
        for one in EXPECTED
    )


def missing_labels(row: Row[Any]) -> tuple[str, ...]:
    return tuple(one.label for one in EXPECTED if getattr(row, one.name))


def to_do(row: Row[Any]) -> ToDo:
    return ToDo(
        row.public_id,
        row.name,
        row.commune,
        row.phone,
        missing_labels(row),
        row.updated_on,
        row.source_title or row.source,
        row.is_old,
    )


def choices(query: QualityQuery, parts: Sequence[Row[Any]]) -> tuple[Choice, ...]:
    def choice(name: str, label: str, values: Mapping[str, str], none: str = "") -> Choice:
        chosen = query.chosen(name)
        options = [Option(value, text, value == chosen) for value, text in values.items()]
        if none:
            options.insert(0, Option("", none, not chosen))
        return Choice(name, label, (("", tuple(options)),))

    return (
        territory_choice(query.chosen("territoire"), parts),
        choice("manque", "Il manque", {one.name: one.label for one in EXPECTED}, "Peu importe"),
        choice(
            "mois",
            "Pas vérifié depuis",
            {str(count): f"{count} mois" for count in MONTHS},
            "Peu importe",
        ),
        choice("tri", "Dans l’ordre", SORTS),
    )


def kept(query: QualityQuery) -> tuple[tuple[str, str], ...]:
    return tuple(pair for pair in query.raw if pair[0] not in OWN_FIELDS)


def pages(query: QualityQuery, path: str, total: int) -> tuple[tuple[int, str, bool], ...]:
    """The first, the last, and those around this one."""
    last = -(-total // ROWS_PER_PAGE)
    shown = sorted({1, last, *range(query.page - 2, query.page + 3)} & set(range(1, last + 1)))
    if last < 2:
        return ()
    return tuple((n, query.address(path, page=n) + "#liste", n == query.page) for n in shown)


def files(query: QualityQuery, path: str) -> tuple[tuple[str, str], ...]:
    return tuple(
        (label, query.address(path, format=name, page=None)) for name, label in FORMATS.items()
    )


def campaign(query: QualityQuery, path: str) -> str:
    """The page that writes to the places of the list."""
    return query.address(f"{path}/campagne", page=None, tri=None)


def columns(site: str) -> tuple[Column, ...]:
    """Of the files."""
    return (
        Column("nom", "Nom", lambda row, _: row.name),
        Column("commune", "Commune", lambda row, _: row.commune),
        Column("manque", "Ce qui manque", lambda row, _: ", ".join(missing_labels(row))),
        Column("manques", "Nombre de manques", lambda row, _: row.missing),
        Column("date_maj", "Vérifié le", lambda row, _: row.updated_on),
        Column("par", "Par", lambda row, _: row.source_title or row.source),
        Column("telephone", "Téléphone", lambda row, _: phone(row.phone) if row.phone else None),
        Column("page", "Page du lieu", lambda row, _: f"{site}/lieux/{row.public_id}"),
    )
