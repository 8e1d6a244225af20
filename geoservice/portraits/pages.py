"""What the page of a territory shows, and the index of territories."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row

from geoservice.mediators.names import full_name
from geoservice.mediators.vocabulary import role_told
from geoservice.news.pages import Announced
from geoservice.search.pages import Card, Link, ListPage
from geoservice.search.question import TerritoryName
from geoservice.territories.address import label_of
from geoservice.web.typography import count, number

KINDS = {
    "commune": "Commune",
    "epci": "Intercommunalité",
    "departement": "Département",
    "region": "Région",
}
CHILDREN = {
    "departement": "Les départements",
    "epci": "Les intercommunalités",
    "commune": "Les communes",
}
PEOPLE_SHOWN = 12
NEWS_SHOWN = 5
DESCRIBED_MAX = 160


def address(type_: str, code: str) -> str:
    return f"/territoires/{type_}/{code}"


@dataclass(frozen=True)
class Figure:
    value: str
    label: str
    href: str | None
    """The list of what was counted."""


@dataclass(frozen=True)
class Child:
    name: str
    href: str
    places: int


@dataclass(frozen=True)
class Children:
    title: str
    those: tuple[Child, ...]

    @property
    def empty(self) -> int:
        """How many have no place at all."""
        return sum(not one.places for one in self.those)


@dataclass(frozen=True)
class Person:
    id: str
    heading: str
    role: str | None
    """None when it is the heading already."""
    employer: str | None


@dataclass(frozen=True)
class PortraitPage:
    title: str
    name: str
    """«Guéret (23)»."""
    kind: str
    territory: str
    """As a question says it: `departement:23`."""
    description: str
    canonical: str
    listed: ListPage
    """The first places; its links lead to the list."""
    figures: tuple[Figure, ...]
    parents: tuple[Link, ...]
    children: tuple[Children, ...]
    presences: tuple[Link, ...]
    """Day by day, in how many places a mediator is; empty when nobody announced it."""
    news: tuple[Announced, ...]
    """The soonest."""
    news_href: str
    news_feed: str
    people: tuple[Person, ...]
    people_total: int
    people_href: str
    everything: str
    """The list of all the places."""
    coverage: str
    feed: str
    downloads: tuple[Link, ...]
    linked_data: dict[str, Any]

    @classmethod
    def of(
        cls,
        name: TerritoryName,
        row: Row[Any],
        listed: ListPage,
        counted: "Counted",
        parents: Sequence[Row[Any]],
        children: Sequence[Row[Any]],
        people: Sequence[Row[Any]],
        presences: Mapping[str, int],
        news: Sequence[Announced],
        site: str,
    ) -> "PortraitPage":
        asked = f"territoire={name}"
        named = f"{row.name} ({row.departement})" if row.departement else row.name
        figures = _figures(name, row, counted)
        canonical = site + address(name.type, name.code)
        description = _description(named, counted)
        above = tuple(Link(one.name, address(one.type, one.code)) for one in parents)
        return cls(
            title=f"Se faire aider pour le numérique : {named}",
            name=named,
            kind=KINDS[name.type],
            territory=str(name),
            description=description,
            canonical=canonical,
            listed=listed,
            figures=figures,
            parents=above,
            children=_children(children),
            presences=tuple(
                Link(f"{weekday} : {count(places, 'lieu', 'lieux')}", f"/lieux?{asked}&permanence={weekday}")
                for weekday, places in presences.items()
                if places
            ),
            news=tuple(news[:NEWS_SHOWN]),
            news_href=f"/actualites?{asked}",
            news_feed=f"/actualites.atom?{asked}",
            people=tuple(_person(one) for one in people),
            people_total=counted.people,
            people_href=f"/mediateurs?{asked}",
            everything=f"/lieux?{asked}",
            coverage=f"/couverture?{asked}",
            feed=f"/lieux.atom?{asked}",
            downloads=(
                Link("Lieux, pour un tableur (XLSX)", f"/lieux.xlsx?{asked}"),
                Link("Lieux (CSV)", f"/lieux.csv?{asked}"),
                Link("Lieux (GeoJSON)", f"/lieux.geojson?{asked}"),
                Link("Médiateurs qui acceptent que leurs données soient réutilisées (CSV)", f"/mediateurs.csv?{asked}"),
                Link("Distance de chaque commune au lieu le plus proche (CSV)", f"/couverture.csv?{asked}"),
                Link("Ces chiffres (JSON)", f"{address(name.type, name.code)}.json"),
            ),
            linked_data=_linked_data(named, row, canonical, description, above, listed.cards, site),
        )  # fmt: skip


@dataclass(frozen=True)
class Counted:
    """Of one territory."""

    places: int
    hours_known: int
    on_saturday: int
    free: int
    france_services: int
    looked_at: int
    """By a source within a year."""
    communes: int
    communes_without: int
    people: int
    """Who agreed that anyone may see them."""


def _figures(name: TerritoryName, row: Row[Any], counted: Counted) -> tuple[Figure, ...]:
    asked = f"/lieux?territoire={name}"
    figures = [Figure(number(counted.places), _s(counted.places, "lieu d’aide", "lieux d’aide"), asked)]  # fmt: skip
    if counted.people:
        label = _s(counted.people, "médiateur dans l’annuaire", "médiateurs dans l’annuaire")
        figures.append(Figure(number(counted.people), label, f"/mediateurs?territoire={name}"))
    if counted.places:
        figures += [
            Figure(number(counted.free), _s(counted.free, "lieu gratuit", "lieux gratuits"), f"{asked}&frais=gratuit"),
            Figure(number(counted.on_saturday), _s(counted.on_saturday, "ouvert samedi", "ouverts samedi"), f"{asked}&ouvert=samedi"),
            Figure(number(counted.france_services), "France Services", f"{asked}&dispositifs=france-services"),
            Figure(f"{number(round(100 * counted.hours_known / counted.places))}\u202f%", "ont des horaires connus", None),
            Figure(f"{number(round(100 * counted.looked_at / counted.places))}\u202f%", "ont été vérifiés depuis moins d’un an", None),
        ]  # fmt: skip
    if row.population:
        figures.append(Figure(number(row.population), "habitants (Insee)", None))
        if counted.places and row.population >= 10_000:
            tenth = counted.places * 10_000 / row.population
            figures.append(Figure(number(tenth), "lieux pour 10\u202f000 habitants", None))
    if name.type != "commune":
        label = f"{_s(counted.communes_without, 'commune', 'communes')} sans lieu, sur {number(counted.communes)}"
        figures.append(Figure(number(counted.communes_without), label, None))
    return tuple(figures)


def _s(value: float, singular: str, plural: str) -> str:
    return singular if value < 2 else plural


def _description(named: str, counted: Counted) -> str:
    if not counted.places:
        return f"{named} : aucun lieu d’aide pour le numérique n’est connu ici. Voyez les lieux des environs."
    said = [
        count(counted.places, "lieu où se faire aider", "lieux où se faire aider"),
        count(counted.free, "gratuit", "gratuits"),
        f"{count(counted.on_saturday, 'ouvert', 'ouverts')} samedi",
    ]
    return f"{named} : {', '.join(said)}. Adresses, horaires, téléphones, médiateurs numériques."[:DESCRIBED_MAX]  # fmt: skip


def _children(rows: Sequence[Row[Any]]) -> tuple[Children, ...]:
    made: list[Children] = []
    for kind, title in CHILDREN.items():
        those = tuple(
            Child(row.name, address(row.type, row.code), row.places)
            for row in rows
            if row.type == kind
        )
        if those:
            made.append(Children(title, those))
    return tuple(made)


def _person(row: Row[Any]) -> Person:
    role, _ = role_told(row.role)
    named = full_name(row)
    return Person(row.public_id, named or role, role if named else None, row.employer)


def _linked_data(
    named: str,
    row: Row[Any],
    canonical: str,
    description: str,
    parents: Sequence[Link],
    cards: Sequence[Card],
    site: str,
) -> dict[str, Any]:
    """For search engines: the territory, where it lies, and its first places."""
    trail = [Link("Territoires", "/territoires"), *parents, Link(named, canonical.removeprefix(site))]  # fmt: skip
    return {
        "@context": "https://schema.org",
        "@graph": [
            {
                "@type": "CollectionPage",
                "@id": canonical,
                "url": canonical,
                "name": f"Se faire aider pour le numérique : {named}",
                "description": description,
                "inLanguage": "fr",
                "about": {"@type": "AdministrativeArea", "name": row.name, "identifier": row.code},
                "mainEntity": {
                    "@type": "ItemList",
                    "itemListElement": [
                        {
                            "@type": "ListItem",
                            "position": rank,
                            "url": f"{site}/lieux/{card.id}",
                            "name": card.name,
                        }
                        for rank, card in enumerate(cards, start=1)
                    ],
                },
            },
            {
                "@type": "BreadcrumbList",
                "itemListElement": [
                    {
                        "@type": "ListItem",
                        "position": rank,
                        "name": link.label,
                        "item": f"{site}{link.href}",
                    }
                    for rank, link in enumerate(trail, start=1)
                ],
            },
        ],
    }


@dataclass(frozen=True)
class Found:
    label: str
    kind: str
    href: str


@dataclass(frozen=True)
class Region:
    name: str
    href: str
    departements: tuple[Link, ...]


@dataclass(frozen=True)
class IndexPage:
    words: str
    found: tuple[Found, ...]
    """What is called like the words."""
    regions: tuple[Region, ...]
    others: tuple[Link, ...]
    """Départements whose région nobody told."""
    canonical: str
    title: str

    @classmethod
    def of(
        cls, words: str, rows: Sequence[Row[Any]], large: Sequence[Row[Any]], site: str
    ) -> "IndexPage":
        """`rows` are localities."""
        departements = [row for row in large if row.type == "departement"]
        codes = {row.code for row in large if row.type == "region"}
        title = "Les territoires"
        return cls(
            words,
            tuple(dict.fromkeys(_found(row) for row in rows)),
            tuple(
                Region(
                    row.name,
                    address("region", row.code),
                    tuple(_departement(one) for one in departements if one.region == row.code),
                )
                for row in large
                if row.type == "region"
            ),
            tuple(_departement(one) for one in departements if one.region not in codes),
            f"{site}/territoires",
            f"{title} : {words}" if words else title,
        )


def _departement(row: Row[Any]) -> Link:
    return Link(f"{row.name} ({row.code})", address("departement", row.code))


def _found(row: Row[Any]) -> Found:
    """An arrondissement and a former commune lead to the commune that holds them."""
    if row.commune:
        return Found(label_of(row), KINDS["commune"], address("commune", row.commune))
    return Found(label_of(row), KINDS[row.type], address(row.type, row.code))
