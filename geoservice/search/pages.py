"""What the public pages show: made from an Answer or a row, and nothing else."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from french_hours import Day, Hours, badge, say, week_table
from sqlalchemy import Row

from geoservice.clock import PARIS, today
from geoservice.geo import LonLat
from geoservice.links.model import BY_PEOPLE
from geoservice.mediators.pages import Colleague
from geoservice.news import pages as news
from geoservice.permanences.announced import Announced, at_place
from geoservice.places.fields import BY_COLUMN, FIELDS
from geoservice.places.hours import hours_of_place
from geoservice.places.quality import OLD_AFTER, Checked
from geoservice.places.typologies import Typologie, TypologieGroup
from geoservice.places.vocabulary import Dispositif, Frais, ModaliteAcces
from geoservice.search import form
from geoservice.search.answers import Answer, Resolved
from geoservice.search.form import Chip, Form
from geoservice.search.linked_data import linked_data
from geoservice.search.question import SORTS, PlaceQuery
from geoservice.search.then import hours_said, presence_said
from geoservice.web.svg import Drawing
from geoservice.web.typography import count, number

WIDER_KM = (50, 100)
PAGES_AROUND = 2
EVERYTHING = PlaceQuery()
NOT_PICKED = ("lieux", "page", "limite", "ouvert", "permanence", "horaires_inconnus", "bbox")
"""What would leave out a place that was picked by hand: the list may have been read an hour ago."""


@dataclass(frozen=True)
class Link:
    label: str
    href: str | None
    """None for the one that is shown now."""


@dataclass(frozen=True)
class Told:
    """A published value, and what it means."""

    label: str
    definition: str


@dataclass(frozen=True)
class HomePage:
    form: Form
    title: str = "Trouver de l’aide pour le numérique"

    @classmethod
    def of(cls) -> "HomePage":
        return cls(form.blank(today()))


@dataclass(frozen=True)
class Card:
    """One place of the list."""

    number: int
    id: str
    name: str
    kind: str | None
    address: str | None
    distance_m: float | None
    price: str | None
    """«Gratuit» in a word; None when unknown."""
    tags: tuple[str, ...]
    phone: str | None
    """E.164."""
    hours: str
    """«Ouvert jusqu’à 17 h 30», «Mardi 1er décembre : de 9 h à 11 h» when the question is about then,
    «Horaires inconnus : mieux vaut téléphoner»."""
    state: str
    """`open`, `closed` or `unknown`, at the moment that is asked about, or now."""
    closed_to_public: bool
    permanence: str | None
    """When a mediator is there next, at the moment that is asked about; None when nobody announced it."""
    point: LonLat | None

    @classmethod
    def of(
        cls,
        number: int,
        row: Row[Any],
        announced: Sequence[Row[Any]],
        moment: datetime,
        query: PlaceQuery = EVERYTHING,
    ) -> "Card":
        """`query` says which moments are asked about."""
        said, state = hours_said(hours_of(row), query.open, moment)
        return cls(
            number=number,
            id=row.public_id,
            name=row.name,
            kind=kind(row),
            address=", ".join(address_lines(row)) or None,
            distance_m=row.distance_m,
            price=" ou ".join(labels(row, "fees")).capitalize() or None,
            tags=tuple(one.label for one in WORTH_SAYING if one.value in row.programmes),
            phone=row.phone,
            hours=said,
            state=state,
            closed_to_public=ModaliteAcces.CE_LIEU_N_ACCUEILLE_PAS_DE_PUBLIC in row.access_modes,
            permanence=presence_said(announced, query.present, moment),
            point=None if row.lon is None else LonLat(row.lon, row.lat),
        )


WORTH_SAYING = (
    Dispositif.FRANCE_SERVICES,
    Dispositif.CONSEILLERS_NUMERIQUES,
    Dispositif.AIDANTS_CONNECT,
)
"""Programmes that change who will help you: said in the list. The others are on the place's page."""


@dataclass(frozen=True)
class ListPage:
    title: str
    heading: str
    found: str
    """One sentence: how many, where, in which order."""
    notes: tuple[str, ...]
    """What was understood otherwise than it was written."""
    form: Form
    chips: tuple[Chip, ...]
    namesakes: tuple[Link, ...]
    """Other localities of the same name."""
    cards: tuple[Card, ...]
    wider: tuple[Link, ...]
    sorts: tuple[Link, ...]
    pages: tuple[Link, ...]
    beyond: Link | None
    """The last page, for those who asked for one further on."""
    previous: str | None
    next: str | None
    downloads: tuple[Link, ...]
    present_only: bool
    """Whether only places with a permanence at the moment asked about are listed."""
    sheet: str
    picking: tuple[tuple[str, str], ...]
    """What the sheet of places ticked in the list is asked with, beside them."""
    unknown_hours: str | None
    """How many places were left out because nobody knows their hours."""
    unknown_hours_href: str
    drawing: Drawing | None
    tiles: str
    """The question, as the tiles of the map take it."""
    map_box: str
    """`west,south,east,north` of what the map shows first; empty when nothing has a position."""
    oembed: str
    families: str = "|".join(family.label for family in TypologieGroup)
    """The labels of the families that tiles number from 1."""

    @classmethod
    def of(
        cls,
        answer: Answer,
        announced: Mapping[int, Sequence[Row[Any]]],
        drawing: Drawing | None = None,
        site: str = "",
        note: str | None = None,
    ) -> "ListPage":
        """`announced` are the permanences of each place, by its id."""
        resolved = answer.resolved
        query = resolved.query
        first = (query.page - 1) * answer.limit + 1
        cards = tuple(
            Card.of(first + rank, row, announced[row.id], resolved.moment, query)
            for rank, row in enumerate(answer.rows)
        )
        heading, found = heading_of(resolved), found_sentence(answer)
        following = query.page < answer.pages
        beyond = _beyond(answer)
        unknown = None if query.include_unknown_hours else answer.unknown_hours
        return cls(
            title=f"{heading}, {found[0].lower()}{found[1:-1]}"
            + (f" (page {query.page})" if query.page > 1 else ""),
            heading=heading,
            found=found,
            notes=tuple(said for said in (resolved.located and resolved.located.note, note) if said),
            form=form.of(resolved, today()),
            chips=form.chips(resolved),
            namesakes=tuple(
                Link(label, query.address("/lieux", ou=label, page=None))
                for label in (resolved.located.others if resolved.located else ())
            ),
            cards=cards,
            wider=_wider(resolved),
            sorts=_sorts(resolved),
            pages=_pages(answer),
            beyond=beyond,
            previous=query.address("/lieux", page=query.page - 1) if query.page > 1 and not beyond else None,
            next=query.address("/lieux", page=query.page + 1) if following else None,
            downloads=tuple(
                Link(label, query.address(f"/lieux.{suffix}", page=None, limite=None))
                for label, suffix in (("CSV (tableur)", "csv"), ("GeoJSON", "geojson"), ("JSON", "json"))
            ),
            present_only=query.present is not None,
            sheet=query.address("/fiche", page=None, limite=None),
            picking=tuple(pair for pair in query.raw if pair[0] not in NOT_PICKED),
            unknown_hours=count(unknown, "autre lieu", "autres lieux") if unknown else None,
            unknown_hours_href=query.address("/lieux", horaires_inconnus="inclure", page=None),
            drawing=drawing,
            tiles=query.address("", page=None, limite=None, tri=None).removeprefix("?"),
            map_box=box_shown(resolved, cards),
            oembed=oembed(site, query.address("/lieux", page=None, limite=None)),
        )  # fmt: skip


def oembed(site: str, path: str) -> str:
    """Where editors that find this page pasted in a text ask what to put in its place."""
    return f"{site}/oembed?" + urlencode({"url": site + path})


def heading_of(resolved: Resolved) -> str:
    if resolved.query.picked:
        return "Lieux d’aide choisis"
    if resolved.located and not resolved.located.territory:
        return f"Lieux d’aide autour de : {resolved.located.label}"
    if resolved.centre:
        return "Lieux d’aide autour de vous"
    if resolved.territories:
        names = form.spoken(row.name for row in resolved.territories)
        return f"Lieux d’aide : {names}"
    return "Tous les lieux d’aide"


def found_sentence(answer: Answer) -> str:
    resolved = answer.resolved
    if answer.total == 0:
        return "Aucun lieu trouvé."
    if answer.more_than_total:
        said = f"Plus de {number(answer.total)} lieux trouvés"
    else:
        said = count(answer.total, "lieu trouvé", "lieux trouvés")
    if resolved.radius_km:
        said += f" à moins de {number(resolved.radius_km)} km"
    return said + "."


def _wider(resolved: Resolved) -> tuple[Link, ...]:
    if not resolved.radius_km:
        return ()
    return tuple(
        Link(f"Élargir à {km} km", resolved.query.address("/lieux", rayon=km, page=None))
        for km in WIDER_KM
        if km > resolved.radius_km
    )


def _sorts(resolved: Resolved) -> tuple[Link, ...]:
    return tuple(
        Link(
            label,
            None
            if name == resolved.sort
            else resolved.query.address("/lieux", tri=name, page=None),
        )
        for name, label in SORTS.items()
        if name != "distance" or resolved.centre
    )


def _beyond(answer: Answer) -> Link | None:
    if answer.total == 0 or answer.resolved.query.page <= answer.pages:
        return None
    last = answer.pages
    label = f"Voir la dernière page (page {number(last)})" if last > 1 else "Voir la liste"
    return Link(label, answer.resolved.query.address("/lieux", page=last if last > 1 else None))


def _pages(answer: Answer) -> tuple[Link, ...]:
    """The first, the last, and those around the current one."""
    query, last = answer.resolved.query, answer.pages
    if last == 1 or query.page > last:
        return ()
    near = range(query.page - PAGES_AROUND, query.page + PAGES_AROUND + 1)
    shown = sorted({1, last, *(page for page in near if 1 <= page <= last)})
    return tuple(
        Link(str(page), None if page == query.page else query.address("/lieux", page=page))
        for page in shown
    )


def box_shown(resolved: Resolved, cards: Sequence[Card]) -> str:
    """`west,south,east,north` of what the map shows first; empty when nothing has a position."""
    return ",".join(f"{degree:.5f}" for degree in _box(resolved, cards))


def _box(resolved: Resolved, cards: Sequence[Card]) -> tuple[float, ...]:
    points = [card.point for card in cards if card.point]
    if resolved.query.box:
        return resolved.query.box
    if resolved.territories and not resolved.centre:
        boxes = [(row.west, row.south, row.east, row.north) for row in resolved.territories]
        return (
            min(box[0] for box in boxes), min(box[1] for box in boxes),
            max(box[2] for box in boxes), max(box[3] for box in boxes),
        )  # fmt: skip
    if resolved.centre and resolved.radius_km:
        # half the distance asked for: the places of the first page, and what lies around them
        points += around(resolved.centre, resolved.radius_km / 2)
    if not points:
        return ()
    return (
        min(point.lon for point in points), min(point.lat for point in points),
        max(point.lon for point in points), max(point.lat for point in points),
    )  # fmt: skip


KM_PER_DEGREE = 111.2


def around(centre: LonLat, km: float) -> list[LonLat]:
    """The south-west and north-east corners of a square `km` kilometres beyond the centre."""
    north = km / KM_PER_DEGREE
    east = north / max(0.1, math.cos(math.radians(centre.lat)))
    return [
        LonLat(centre.lon - east, centre.lat - north),
        LonLat(centre.lon + east, centre.lat + north),
    ]


@dataclass(frozen=True)
class Origin:
    """What one source gave, on one day."""

    source: str
    stated_on: date | None
    fields: tuple[str, ...]
    overruled: tuple[str, ...] = ()
    """Among them, those of which the place had said otherwise, too long ago."""


def hours_of(row: Row[Any]) -> Hours | None:
    return hours_of_place(row.opening_hours, row.code_insee, row.departement)


@dataclass(frozen=True)
class HoursShown:
    now: str
    """The badge at the moment of the request."""
    state: str
    sentence: str
    """All the hours, in French."""
    week: tuple[Day, ...]
    """Seven days from today, on the clock of the place."""
    today: date
    holidays_told: bool
    """Whether the hours say what holds on public holidays."""
    zone_note: str | None
    """Said where the clock is not that of Paris."""

    @classmethod
    def of(cls, hours: Hours, moment: datetime) -> "HoursShown":
        day = moment.astimezone(hours.calendar.zone).date()
        far = hours.calendar.time_zone != PARIS.key
        return cls(
            now=badge(hours, moment),
            state=hours.state_at(moment).state,
            sentence=say(hours.expression),
            week=tuple(week_table(hours, day)),
            today=day,
            holidays_told="PH" in hours.expression,
            zone_note=f"À l’heure du lieu ({hours.calendar.name})." if far else None,
        )


@dataclass(frozen=True)
class PlacePage:
    title: str
    id: str
    name: str
    kind: str | None
    parent: str | None
    summary: str | None
    description: str | None
    address: tuple[str, ...]
    point: LonLat | None
    phone: str | None
    emails: tuple[str, ...]
    websites: tuple[str, ...]
    booking: str | None
    hours: HoursShown | None
    """None when nobody knows them, or nobody can read them."""
    raw_hours: str | None
    """As the source wrote them, for hours that could not be read."""
    permanences: tuple[Announced, ...]
    people: tuple[Colleague, ...]
    news: tuple[news.Announced, ...]
    services: tuple[Told, ...]
    publics: tuple[Told, ...]
    special_care: tuple[Told, ...]
    price: tuple[Told, ...]
    access: tuple[Told, ...]
    support: tuple[Told, ...]
    equipment: tuple[Told, ...]
    languages: tuple[Told, ...]
    programmes: tuple[Told, ...]
    labels: tuple[Told, ...]
    moves: bool
    closed_to_public: bool
    accessibility: str | None
    updated_on: date | None
    confirmed: bool
    """Somebody looked on that day; otherwise it is only the date of a source."""
    old: bool
    """Nobody looked at it for a year."""
    origins: tuple[Origin, ...]
    nearby: str
    drawing: Drawing | None
    linked_data: dict[str, Any]
    canonical: str
    oembed: str
    upkeep: tuple[Checked, ...] | None
    """What is missing and old, for those who look after the place; None for anybody else."""

    @classmethod
    def of(
        cls,
        row: Row[Any],
        source_titles: Mapping[str, str],
        announced: Sequence[Row[Any]],
        moment: datetime,
        drawing: Drawing | None = None,
        people: Sequence[Row[Any]] = (),
        site: str = "",
        announced_here: Sequence[Row[Any]] = (),
        upkeep: tuple[Checked, ...] | None = None,
    ) -> "PlacePage":
        hours = hours_of(row)
        others = tuple(Told(label, "") for label in row.other_labels)
        return cls(
            title=f"{row.name}, {row.commune}" if row.commune else row.name,
            id=row.public_id,
            name=row.name,
            kind=kind(row),
            parent=row.parent_structure,
            summary=row.summary,
            description=row.description if row.description != row.summary else None,
            address=address_lines(row),
            point=None if row.lon is None else LonLat(row.lon, row.lat),
            phone=row.phone,
            emails=tuple(row.emails),
            websites=tuple(site for site in row.websites if is_web(site)),
            booking=row.booking_url if is_web(row.booking_url) else None,
            hours=HoursShown.of(hours, moment) if hours else None,
            raw_hours=row.opening_hours,
            permanences=at_place(announced, moment),
            people=tuple(Colleague.of(person) for person in people),
            news=news.soonest(announced_here, moment),
            services=told(row, "services"),
            publics=told(row, "publics"),
            special_care=told(row, "special_care"),
            price=told(row, "fees"),
            access=told(row, "access_modes"),
            support=told(row, "support_modes"),
            equipment=told(row, "equipment"),
            languages=told(row, "languages"),
            programmes=told(row, "programmes"),
            labels=(*told(row, "training_labels"), *others),
            moves="Itinérant" in row.mobility,
            closed_to_public=ModaliteAcces.CE_LIEU_N_ACCUEILLE_PAS_DE_PUBLIC in row.access_modes,
            accessibility=row.accessibility_url if is_web(row.accessibility_url) else None,
            updated_on=row.updated_on,
            confirmed=row.provenance.get("updated_on", {}).get("source") in BY_PEOPLE,
            old=bool(row.updated_on and row.updated_on < today() - OLD_AFTER),
            origins=_origins(row.provenance, source_titles),
            nearby="" if row.lon is None else f"/lieux?lon={row.lon:.5f}&lat={row.lat:.5f}",
            drawing=drawing,
            linked_data=linked_data(row, hours, moment, site),
            canonical=f"{site}/lieux/{row.public_id}",
            oembed=oembed(site, f"/lieux/{row.public_id}"),
            upkeep=upkeep,
        )

    @property
    def free(self) -> bool:
        return [one.label for one in self.price] == [Frais.GRATUIT.label]


def is_web(address: str | None) -> bool:
    """Whether a source's address may be a link: `javascript:` and its like are not."""
    return bool(address and address.lower().startswith(("https://", "http://")))


def kind(row: Row[Any]) -> str | None:
    """The everyday words for what the place is: «Bibliothèque / Médiathèque»."""
    known = [Typologie(code).label for code in row.typologies if code in set(Typologie)]
    return ", ".join(known[:2]) or None


def address_lines(row: Row[Any]) -> tuple[str, ...]:
    town = " ".join(part for part in (row.postal_code, row.commune) if part)
    return tuple(line for line in (row.address, row.address_extra, town) if line)


def told(row: Row[Any], column: str) -> tuple[Told, ...]:
    listed = BY_COLUMN[column].vocabulary
    assert listed is not None  # noqa: S101 - only columns with a closed list are told
    offered: list[str] = getattr(row, column)
    return tuple(Told(one.label, one.definition) for one in listed if one.value in offered)


def labels(row: Row[Any], column: str) -> tuple[str, ...]:
    return tuple(one.label for one in told(row, column))


def _origins(
    provenance: Mapping[str, Mapping[str, Any]], titles: Mapping[str, str]
) -> tuple[Origin, ...]:
    """Who said what, the freshest word first."""
    by_word: dict[tuple[str, str], list[str]] = {}
    overruled: dict[tuple[str, str], list[str]] = {}
    for field in FIELDS:
        if (word := provenance.get(field.column)) and field.column != "source":
            key = (word.get("stated_on") or "", word["source"] or "")
            by_word.setdefault(key, []).append(field.label)
            if word.get("instead_of"):
                overruled.setdefault(key, []).append(field.label)
    return tuple(
        Origin(
            titles.get(source, source),
            date.fromisoformat(day) if day else None,
            tuple(fields),
            tuple(overruled.get((day, source), ())),
        )
        for (day, source), fields in sorted(by_word.items(), reverse=True)
    )
