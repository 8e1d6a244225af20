"""What the page of a team's list shows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from markupsafe import Markup
from sqlalchemy import Row

from geoservice.mediators.names import full_name
from geoservice.mediators.vocabulary import Role, Skill
from geoservice.places.vocabulary import Dispositif, Service, Vocabulary
from geoservice.places.vocabulary_extension import Langue
from geoservice.roster.columns import Value
from geoservice.roster.question import ROWS_PER_PAGE, VIEWS, RosterQuery
from geoservice.search.form import Choices as Moments
from geoservice.search.form import moment_choices
from geoservice.teams.naming import KINDS
from geoservice.web.typography import day, french

LONG = 60
"""Signs."""
BREAK = Markup("<br>")
LINK = Markup('<a href="/lieux/{}">{}</a>')
FORMATS = {"xlsx": "Excel (XLSX)", "csv": "CSV", "geojson": "GeoJSON", "vcf": "vCard (contacts)"}


@dataclass(frozen=True)
class Option:
    value: str
    label: str
    chosen: bool


@dataclass(frozen=True)
class Choice:
    name: str
    label: str
    groups: tuple[tuple[str, tuple[Option, ...]], ...]
    """Name of the group, empty for none; its options."""


@dataclass(frozen=True)
class Heading:
    label: str
    href: str
    """The same list, in the order of this column."""
    order: str | None
    """`ascending`, `descending`; None when the list is in another order."""
    is_long: bool
    """Needs a wide column, or its rows would be towers."""


@dataclass(frozen=True)
class Coordinator:
    team: str
    name: str | None
    """None when they did not agree to be named here."""
    in_programme: bool
    mail: str | None
    phone: str | None

    @classmethod
    def of(cls, row: Row[Any]) -> "Coordinator":
        return cls(row.team, full_name(row), row.in_programme, row.mail, row.phone)


@dataclass(frozen=True)
class OurCoordinator:
    name: str
    mail: str
    in_programme: bool


@dataclass(frozen=True)
class Counts:
    people: int
    hidden: int
    """Of the people: how many agreed to show nothing to professionals."""
    places: int
    all_places: int
    """Whatever the filters; so is the next."""
    all_people: int


@dataclass(frozen=True)
class RosterPage:
    team: str
    team_code: str
    view: str
    counts: Counts
    may_see_people: bool
    headings: tuple[Heading, ...]
    rows: tuple[tuple[Markup, ...], ...]
    """Cell by cell, written already: a thousand rows would take the template half a second more."""
    words: str
    choices: tuple[Choice, ...]
    moments: tuple[tuple[str, str, tuple[Moments, ...]], ...]
    """Name, label, options."""
    columns: tuple[Option, ...]
    kept: tuple[tuple[str, str], ...]
    """What the question says and the form has no field for."""
    sort: tuple[tuple[str, str], ...]
    views: tuple[tuple[str, str, bool], ...]
    files: tuple[tuple[str, str], ...]
    """Label and address of each download."""
    pages: tuple[tuple[int, str, bool], ...]
    ours: tuple[OurCoordinator, ...]
    others: tuple[Coordinator, ...]

    @property
    def title(self) -> str:
        return f"Annuaire : {self.team}"

    @property
    def path(self) -> str:
        return f"/equipes/{self.team_code}/annuaire"


def headings(
    query: RosterQuery, path: str, values: Sequence[Sequence[Value]]
) -> tuple[Heading, ...]:
    made: list[Heading] = []
    for rank, column in enumerate(query.columns):
        is_sorted = column == query.sort
        turned = "decroissant" if is_sorted and not query.descending else None
        order = ("descending" if query.descending else "ascending") if is_sorted else None
        href = query.address(path, tri=column.name, ordre=turned, page=None)
        is_long = any(
            len(line) > LONG
            for row in values
            if isinstance(told := row[rank], str)
            for line in told.split("\n")
        )
        made.append(Heading(column.label, href, order, is_long))
    return tuple(made)


def page_of(query: RosterQuery, found: Sequence[Row[Any]]) -> Sequence[Row[Any]]:
    first = (query.page - 1) * ROWS_PER_PAGE
    return found[first : first + ROWS_PER_PAGE]


def cell(value: Value) -> Markup:
    if isinstance(value, date):
        return Markup(day(value))  # noqa: S704 - digits and the name of a month
    if value is None or value == "":
        return Markup("")
    return BREAK.join(french(line) for line in str(value).split("\n"))


def rows(
    query: RosterQuery, found: Sequence[Row[Any]], values: Sequence[Sequence[Value]]
) -> tuple[tuple[Markup, ...], ...]:
    """The first cell of a place leads to its page."""
    made: list[tuple[Markup, ...]] = []
    for row, told in zip(found, values, strict=True):
        cells = [cell(value) for value in told]
        if query.view == "lieux":
            cells[0] = LINK.format(row.public_id, cells[0])
        made.append(tuple(cells))
    return tuple(made)


def pages(query: RosterQuery, path: str, total: int) -> tuple[tuple[int, str, bool], ...]:
    count = -(-total // ROWS_PER_PAGE)
    if count < 2:
        return ()
    return tuple((n, query.address(path, page=n), n == query.page) for n in range(1, count + 1))


def territory_choice(territory: str, parts: Sequence[Row[Any]]) -> Choice:
    """«Où ?»: the parts of the team's territory, and `territory` as it was asked, empty for all."""
    kinds = {"perimetre": "Périmètres", "departement": "Départements", "epci": "Intercommunalités", "commune": "Communes"}  # fmt: skip
    groups: list[tuple[str, tuple[Option, ...]]] = [
        ("", (Option("", "Tout le territoire de l’équipe", not territory),))
    ]
    for kind, label in kinds.items():
        options = tuple(
            Option(value, row.name, value == territory)
            for row in parts
            if row.type == kind
            for value in [f"{row.type}:{row.code}"]
        )
        if options:
            groups.append((label, options))
    listed = {value.value for _, options in groups for value in options}
    if territory not in listed:  # of another team: an address that was given by somebody
        kind, _, code = territory.partition(":")
        groups[0] = ("", (*groups[0][1], Option(territory, f"{KINDS[kind]} {code}", chosen=True)))
    return Choice("territoire", "Où ?", tuple(groups))


def choices(query: RosterQuery, parts: Sequence[Row[Any]]) -> tuple[Choice, ...]:
    made = [territory_choice(query.chosen("territoire"), parts)]
    about: list[tuple[str, str, type[Vocabulary]]] = [
        ("services", "Service", Service),
        ("dispositifs", "Dispositif", Dispositif),
    ]
    if query.view == "personnes":
        about += [
            ("role", "Rôle", Role),
            ("competences", "Compétence", Skill),
            ("langues", "Langue", Langue),
        ]
    for name, label, vocabulary in about:
        chosen = query.chosen(name)
        options = (
            Option("", "Peu importe", not chosen),
            *(Option(one.slug, one.label, chosen in (one.slug, one.value)) for one in vocabulary),
        )
        made.append(Choice(name, label, (("", options),)))
    return tuple(made)


def moments(query: RosterQuery, today: date) -> tuple[tuple[str, str, tuple[Moments, ...]], ...]:
    return tuple(
        (name, label, moment_choices(name, query.chosen(name), today))
        for name, label in (("ouvert", "Ouvert"), ("permanence", "Permanence"))
    )


def columns(query: RosterQuery) -> tuple[Option, ...]:
    """Boxes; the first column is always there."""
    return tuple(
        Option(column.name, column.label, column in query.columns)
        for column in VIEWS[query.view]
        if not column.is_first
    )


def kept(query: RosterQuery) -> tuple[tuple[str, str], ...]:
    """What no field of the form says again."""
    asked = {
        "q",
        "territoire",
        "services",
        "dispositifs",
        "ouvert",
        "permanence",
        "colonnes",
        "page",
    }
    asked |= {"vue", "tri", "ordre", "format"}
    if query.view == "personnes":
        asked |= {"role", "competences", "langues"}
    return tuple(pair for pair in query.raw if pair[0] not in asked)
