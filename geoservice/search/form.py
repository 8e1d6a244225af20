"""The question as people see it: a plain form, its choices, and the filters in force."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from geoservice.places import typologies, vocabulary, vocabulary_extension
from geoservice.places.vocabulary import Vocabulary, read_value
from geoservice.search import moments
from geoservice.search.answers import Resolved
from geoservice.search.question import RADIUS_DEFAULT_KM, PlaceQuery
from geoservice.web.typography import NBSP, number


@dataclass(frozen=True)
class Choice:
    name: str
    """The parameter; the same for all the boxes of a group, or not."""
    value: str
    label: str
    definition: str
    chosen: bool


@dataclass(frozen=True)
class Filter:
    """One group of boxes to tick."""

    legend: str
    choices: tuple[Choice, ...]

    @property
    def chosen(self) -> int:
        return sum(choice.chosen for choice in self.choices)


@dataclass(frozen=True)
class Choices:
    """A part of the list of moments, under its own title."""

    label: str
    choices: tuple[Choice, ...]


@dataclass(frozen=True)
class Chip:
    """A filter in force, and the address of the question without it."""

    label: str
    without: str


@dataclass(frozen=True)
class Form:
    where: str
    words: str
    radii: tuple[Choice, ...]
    moments: tuple[Choices, ...]
    presences: tuple[Choices, ...]
    """When a mediator must be present: the same choices as `moments`."""
    exact_moment: str
    """`2026-11-24T18:30` when a day and a time were given, else empty."""
    needs: Filter
    """The services, which have a place of their own."""
    filters: tuple[Filter, ...]
    kept: tuple[tuple[str, str], ...]
    """What the question says and the form has no field for: sent again as it is."""

    @property
    def groups(self) -> tuple[Filter, ...]:
        return (self.needs, *self.filters)

    @property
    def chosen(self) -> int:
        """How many boxes are ticked in all."""
        return sum(group.chosen for group in self.groups)


LISTED: tuple[tuple[str, str, type[Vocabulary]], ...] = (
    ("frais", "Prix", vocabulary.Frais),
    ("modalites_acces", "Comment venir", vocabulary.ModaliteAcces),
    ("modalites_accompagnement", "Façon d’aider", vocabulary.ModaliteAccompagnement),
    ("equipements", "Matériel sur place", vocabulary_extension.Equipement),
    ("publics", "Un accueil pensé pour", vocabulary.Public),
    ("prise_en_charge", "Besoins particuliers", vocabulary.PriseEnCharge),
    ("typologies", "Type de lieu", typologies.TypologieGroup),
    ("dispositifs", "Réseaux et programmes", vocabulary.Dispositif),
    ("labels", "Formations et labels", vocabulary.FormationLabel),
    ("itinerance", "Lieu fixe ou mobile", vocabulary.Itinerance),
)
YES = (
    ("accessible", "Fiche d’accessibilité publiée", "Le lieu décrit comment y entrer et s’y déplacer."),
    ("rdv", "Rendez-vous en ligne", "On peut prendre rendez-vous sur internet."),
)  # fmt: skip
RADII_KM = (5, 10, 20, 50, 100)
WEEKDAYS = moments.DAYS
PICKED = "Lieux choisis"


def blank(today: date) -> Form:
    return _form({}, None, RADIUS_DEFAULT_KM, today)


def of(resolved: Resolved, today: date) -> Form:
    given: dict[str, list[str]] = {}
    for name, value in resolved.query.raw:
        given.setdefault(name, []).append(value)
    radius_km = resolved.query.radius_km or RADIUS_DEFAULT_KM
    return _form(given, resolved.query, radius_km, today)


EXACT_MOMENT = "Vous aviez choisi deux moments. Voici les lieux ouverts {}."


def one_moment(pairs: Sequence[tuple[str, str]]) -> tuple[list[tuple[str, str]], str | None]:
    """What was sent, and a sentence where the moment of the list was put aside for the exact one.

    Both fields write «ouvert», and without JavaScript both may be filled.
    """
    given = dict.fromkeys(value.strip() for name, value in pairs if name == "ouvert")
    exact = [value for value in given if re.match(r"\d{4}-", value)]
    others = [value for value in given if value and value not in exact]
    if len(exact) != 1 or not others:
        return list(pairs), None
    kept = [(name, value) for name, value in pairs if name != "ouvert"] + [("ouvert", exact[0])]
    try:
        return kept, EXACT_MOMENT.format(moments.said(exact[0]))
    except ValueError:  # refused further on, with what would be right
        return kept, None


def _form(
    given: dict[str, list[str]], query: PlaceQuery | None, radius_km: float, today: date
) -> Form:
    moment = "".join(given.get("ouvert", []))
    exact = moment if query and isinstance(query.open, moments.At) else ""
    services = _filter(given, "services", "De quoi avez-vous besoin ?", vocabulary.Service)
    filters = tuple(_filter(given, name, legend, listed) for name, legend, listed in LISTED)
    practical = Filter(
        "Pratique", tuple(Choice(name, "oui", label, hint, name in given) for name, label, hint in YES)
    )  # fmt: skip
    shown = {"ou", "q", "rayon", "ouvert", "permanence", "services", "page", "tri", "bbox"}
    shown |= {name for name, *_ in (*LISTED, *YES)}
    return Form(
        where="".join(given.get("ou", [])),
        words="".join(given.get("q", [])),
        radii=_radii(radius_km),
        moments=moment_choices("ouvert", "" if exact else moment, today),
        presences=moment_choices("permanence", "".join(given.get("permanence", [])), today),
        exact_moment=exact,
        needs=services,
        filters=(*filters[:2], practical, *filters[2:]),
        kept=tuple((n, v) for n, values in given.items() if n not in shown for v in values),
    )


def _filter(
    given: dict[str, list[str]], name: str, legend: str, listed: type[Vocabulary]
) -> Filter:
    chosen = {member for text in given.get(name, []) for member in read_value(listed, text) or ()}
    return Filter(
        legend,
        tuple(Choice(name, one.slug, one.label, one.definition, one in chosen) for one in listed),
    )


def _radii(radius_km: float) -> tuple[Choice, ...]:
    offered = sorted({*RADII_KM, radius_km})
    # the usual distance is not written: without a place to count it from, it would be a mistake
    return tuple(
        Choice(
            "rayon",
            "" if km == RADIUS_DEFAULT_KM else f"{km:g}",
            f"{number(km)}{NBSP}km",
            "",
            km == radius_km,
        )
        for km in offered
    )


def moment_choices(name: str, chosen: str, today: date) -> tuple[Choices, ...]:
    """Moments that people choose from; `chosen` is one of them, or is added."""
    soon = (
        ("", "Peu importe"),
        ("maintenant", "Maintenant"),
        (WEEKDAYS[today.weekday()], f"Aujourd’hui ({WEEKDAYS[today.weekday()]})"),
        (WEEKDAYS[(today.weekday() + 1) % 7], f"Demain ({WEEKDAYS[(today.weekday() + 1) % 7]})"),
    )
    parts = (
        ("matin", "Un matin"),
        ("apres-midi", "Un après-midi"),
        ("soir", "Un soir, après 18 h"),
        ("weekend", "Le week-end"),
    )
    days = [(weekday, weekday.capitalize()) for weekday in WEEKDAYS]
    halves = [
        (f"{weekday}-{part}", f"{weekday.capitalize()} {part.replace('apres', 'après')}")
        for weekday in WEEKDAYS
        for part in ("matin", "apres-midi")
    ]
    groups = (("Bientôt", soon), ("Dans la semaine", parts), ("Un jour", days), ("Une demi-journée", halves))  # fmt: skip
    known = {value for _, choices in groups for value, _ in choices}
    if chosen not in known:
        groups = (*groups, ("Votre choix", [(chosen, moments.said(chosen).capitalize())]))
    made: list[Choices] = []
    free = True
    for title, pairs in groups:
        choices: list[Choice] = []
        for value, label in pairs:
            choices.append(Choice(name, value, label, "", free and value == chosen))
            free = free and value != chosen
        made.append(Choices(title, tuple(choices)))
    return tuple(made)


def chips(resolved: Resolved) -> tuple[Chip, ...]:
    """Every filter in force, where and how far apart; each can be taken away."""
    query = resolved.query
    names = {f"{row.type}:{row.code}": row.name for row in resolved.territories}
    found: list[Chip] = []
    for name, value in query.raw:
        if label := _label(name, value, names):
            found.append(Chip(label, query.without(name, value).address("/lieux", page=None)))
    if query.picked:
        found.append(Chip(PICKED, query.address("/lieux", lieux=None, page=None)))
    return tuple(found)


_LISTED = {name: listed for name, _, listed in LISTED} | {"services": vocabulary.Service}
_YES = {name: label for name, label, _ in YES}


def _label(name: str, value: str, territories: dict[str, str]) -> str | None:
    if name == "typologies" and not read_value(typologies.TypologieGroup, value):
        return _first(read_value(typologies.Typologie, value)) or value
    if listed := _LISTED.get(name):
        return _first(read_value(listed, value)) or value
    if name in _YES:
        return _YES[name]
    if name == "ouvert":
        return f"Ouvert {moments.said(value)}"
    if name == "permanence":
        return f"Un médiateur est là {moments.said(value)}"
    if name == "horaires_inconnus":
        return "Avec les horaires inconnus" if value == "inclure" else None
    said = {
        "q": f"« {value} »",
        "territoire": territories.get(value, value),
        "source": f"Source : {value}",
        "bbox": "Dans la zone de la carte",
    }
    return said.get(name)


def _first(members: Sequence[Vocabulary] | None) -> str | None:
    return members[0].label if members else None


def spoken(names: Iterable[str]) -> str:
    """«la Creuse, la Moselle et La Réunion» style: commas, then «et»."""
    listed = list(names)
    return " et ".join([", ".join(listed[:-1]), listed[-1]] if len(listed) > 1 else listed)
