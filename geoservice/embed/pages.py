"""What embedded pages show, made from the answers of the search: no frame, no name, no link of ours."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from french_hours import week_table
from sqlalchemy import Row

from geoservice.auth.current import Identity
from geoservice.auth.forms import Form as SentForm
from geoservice.auth.paths import LONGEST
from geoservice.clock import day_in_paris, today
from geoservice.embed import hosts
from geoservice.embed.appearance import Appearance
from geoservice.embed.asked import LIST, Asked
from geoservice.embed.queries import DAYS_SHOWN, Owner
from geoservice.mediators.pages import Colleague
from geoservice.permanences.announced import Announced
from geoservice.places.typologies import TypologieGroup
from geoservice.search import form
from geoservice.search.answers import Answer
from geoservice.search.form import Form
from geoservice.search.pages import (
    Card,
    Link,
    PlacePage,
    box_shown,
    found_sentence,
    heading_of,
    hours_of,
    oembed,
)
from geoservice.web.pages import ErrorPage
from geoservice.web.svg import Drawing
from geoservice.web.typography import count, phone

WIDEST_KM = 100
NAME_LONGEST = 120
SITES_SHOWN_MAX = 4_000
SAVE = "/integrer/enregistrer"


@dataclass(frozen=True)
class Listed:
    """One place of the list, and the address of its own page in the frame."""

    card: Card
    href: str


@dataclass(frozen=True)
class EmbedPage:
    title: str
    heading: str
    total: int
    found: str
    note: str | None
    look: Appearance
    form: Form
    kept: tuple[tuple[str, str], ...]
    """What the form has no field for: sent again as it is."""
    question: str
    """All that is asked, as the address of the next question holds it."""
    places: tuple[Listed, ...]
    previous: str | None
    next: str | None
    where_in_list: str | None
    """«Page 2 sur 5»; None when there is one page."""
    wider: Link | None
    anew: str
    """The address of what the integrator chose, without the choices of the visitor."""
    unknown_hours: str | None
    unknown_hours_href: str
    drawing: Drawing | None
    tiles: str
    """The question, as the tiles of the map take it."""
    map_box: str
    site: str
    oembed: str
    families: str = "|".join(family.label for family in TypologieGroup)

    @classmethod
    def of(
        cls,
        asked: Asked,
        found: Answer,
        announced: Mapping[int, Sequence[Row[Any]]],
        drawing: Drawing | None,
        site: str,
    ) -> "EmbedPage":
        """`announced` are the permanences of each place, by its id."""
        resolved = found.resolved
        query = resolved.query
        first = (query.page - 1) * found.limit + 1
        cards = [
            Card.of(first + rank, row, announced[row.id], resolved.moment, query)
            for rank, row in enumerate(found.rows)
        ]
        heading = asked.look.title or heading_of(resolved)
        shown = {*asked.look.fields, "page"}
        if "ou" in shown:
            shown |= {"lon", "lat"}
        unknown = None if query.include_unknown_hours else found.unknown_hours
        wider = resolved.radius_km is not None and resolved.radius_km < WIDEST_KM
        return cls(
            title=heading,
            heading=heading,
            total=found.total,
            found=found_sentence(found),
            note=resolved.located.note if resolved.located else None,
            look=asked.look,
            form=form.of(resolved, today()),
            kept=tuple(pair for pair in asked.kept if pair[0] not in shown),
            question=urlencode(asked.kept),
            places=tuple(
                Listed(card, asked.onward(f"{LIST}/lieux/{card.id}")) for card in cards
            ),
            previous=asked.onward(page=query.page - 1) if query.page > 1 else None,
            next=asked.onward(page=query.page + 1) if query.page < found.pages else None,
            where_in_list=f"Page {query.page} sur {found.pages}" if found.pages > 1 else None,
            wider=Link(f"Chercher jusqu’à {WIDEST_KM} km", asked.onward(rayon=WIDEST_KM, page=None))
            if wider
            else None,
            anew=asked.anew.onward(),
            unknown_hours=count(unknown, "autre lieu", "autres lieux") if unknown else None,
            unknown_hours_href=asked.onward(horaires_inconnus="inclure", page=None),
            drawing=drawing,
            tiles=query.address("", page=None, limite=None, tri=None).removeprefix("?"),
            map_box=box_shown(resolved, cards),
            site=site,
            oembed=oembed(site, asked.code_address()),
        )  # fmt: skip


@dataclass(frozen=True)
class Section:
    """A few lines about a place, under a title."""

    title: str
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Detail:
    """All that an embedded page tells of one place, whoever draws it: the server or the component."""

    id: str
    name: str
    kind: str | None
    address: str | None
    phone: str | None
    hours: str
    state: str
    warnings: tuple[str, ...]
    links: tuple[Link, ...]
    """Mails, sites, booking, the way there."""
    sections: tuple[Section, ...]
    permanences: tuple[Announced, ...]
    people: tuple[Colleague, ...]
    """As on our own page: what is agreed for «tout le monde» is agreed for the sites that show the map."""

    @classmethod
    def of(
        cls,
        row: Row[Any],
        announced: Sequence[Row[Any]],
        people: Sequence[Row[Any]],
        moment: datetime,
    ) -> "Detail":
        place = PlacePage.of(row, {}, announced, moment, people=people)
        card = Card.of(0, row, announced, moment)
        return cls(
            id=place.id,
            name=place.name,
            kind=place.kind,
            address=card.address,
            phone=place.phone,
            hours=card.hours,
            state=card.state,
            warnings=_warnings(place),
            links=_links(place),
            sections=tuple(
                Section(title, tuple(lines)) for title, lines in _sections(place, row, moment) if lines
            ),
            permanences=place.permanences,
            people=place.people,
        )  # fmt: skip


def _warnings(place: PlacePage) -> tuple[str, ...]:
    said = (
        (place.closed_to_public, "Ce lieu n’accueille pas de public sur place. Contactez-le d’abord."),
        (place.moves, "Ce lieu se déplace d’une commune à l’autre. Demandez où il sera avant de venir."),
        (place.old, "Ces informations ont plus d’un an : mieux vaut téléphoner avant de venir."),
    )  # fmt: skip
    return tuple(sentence for is_so, sentence in said if is_so)


def _links(place: PlacePage) -> tuple[Link, ...]:
    links = [Link("Prendre rendez-vous en ligne", place.booking)] if place.booking else []
    links += [Link(mail, f"mailto:{mail}") for mail in place.emails]
    links += [Link(_bare(site), site) for site in place.websites]
    if place.accessibility:
        links.append(Link("Fiche d’accessibilité (acceslibre)", place.accessibility))
    if place.point:
        way = f"https://www.openstreetmap.org/directions?to={place.point.lat}%2C{place.point.lon}"
        links.append(Link("Itinéraire (OpenStreetMap)", way))
    return tuple(links)


def _bare(address: str) -> str:
    return address.removeprefix("https://").removeprefix("http://").removesuffix("/")


def _sections(
    place: PlacePage, row: Row[Any], moment: datetime
) -> tuple[tuple[str, Sequence[str]], ...]:
    hours = hours_of(row)
    week: list[str] = []
    if hours:
        day = moment.astimezone(hours.calendar.zone).date()
        week = [
            f"{one.label} : {', '.join(one.slots) or 'fermé'}"
            + (f" (jour férié : {one.holiday})" if one.holiday else "")
            for one in week_table(hours, day)
        ]
    elif place.raw_hours:
        week = [place.raw_hours, "Nous n’avons pas pu lire ces horaires : mieux vaut téléphoner."]
    return (
        ("Présentation", [text for text in (place.summary, place.description) if text]),
        ("Horaires des sept prochains jours", week),
        ("Prix", _said(place.price) or ["Le prix n’est pas connu. Demandez-le avant de venir."]),
        ("Ce que l’on y fait", _said(place.services)),
        ("Comment on est aidé", _said(place.support)),
        ("Qui vous aide", _said(place.programmes)),
        ("Comment venir", _said(place.access)),
        ("Pour qui", _said((*place.publics, *place.special_care))),
        ("Langues parlées", [one.label for one in place.languages]),
        ("Matériel sur place", _said(place.equipment)),
    )


def _said(told: Sequence[Any]) -> list[str]:
    return [one.label for one in told]


@dataclass(frozen=True)
class EmbedPlacePage:
    title: str
    place: Detail
    look: Appearance
    back: str
    drawing: Drawing | None
    site: str
    phone_words: str | None
    oembed: str

    @classmethod
    def of(
        cls,
        asked: Asked,
        row: Row[Any],
        announced: Sequence[Row[Any]],
        people: Sequence[Row[Any]],
        moment: datetime,
        drawing: Drawing | None,
        site: str,
    ) -> "EmbedPlacePage":
        place = Detail.of(row, announced, people, moment)
        return cls(
            title=place.name,
            place=place,
            look=asked.look,
            back=asked.onward(),
            drawing=drawing,
            site=site,
            phone_words=phone(place.phone) if place.phone else None,
            oembed=oembed(site, asked.code_address(f"{LIST}/lieux/{place.id}")),
        )


@dataclass(frozen=True)
class RefusedPage:
    title: str
    look: Appearance
    error: ErrorPage
    site: str


@dataclass(frozen=True)
class Chosen:
    """A territory of the map."""

    value: str
    label: str


@dataclass(frozen=True)
class Correction:
    """A colour that cannot be read, and the address of the form with one that can."""

    message: str
    instead: str
    href: str


@dataclass(frozen=True)
class Made:
    """What can be copied."""

    title: str
    preview: str
    element: str
    code: str
    """The frame."""
    address: str
    """For tools that know oEmbed, and for those that ask for an address only."""
    link: str
    question: str
    """What a saved embed keeps."""


@dataclass(frozen=True)
class Edited:
    """The saved map that the builder changes."""

    name: str
    href: str
    token: str | None

    @classmethod
    def of(cls, row: Row[Any], owner: Owner) -> "Edited":
        return cls(row.name, f"{owner.home}/{row.key}", owner.token)

    @property
    def change(self) -> str:
        return f"{self.href}/changer"


@dataclass(frozen=True)
class IntegratePage:
    action: str
    embed: Edited | None
    look: Appearance
    form: Form
    territories: tuple[Chosen, ...]
    colours: tuple[tuple[str, str, str], ...]
    """Parameter, label, value of each colour."""
    height: int
    typed: str
    """The name of a territory that was not understood."""
    old_code: str
    notes: tuple[str, ...]
    mistakes: tuple[str, ...]
    corrections: tuple[Correction, ...]
    kept: tuple[tuple[str, str], ...]
    made: Made | None
    """None when something must be corrected first."""
    title: str = "Mettre la carte sur votre site"


@dataclass(frozen=True)
class Settled:
    """What its owner says of a saved map, as a form sends it."""

    question: str
    name: str
    sites: str
    """As they were typed."""
    hosts: tuple[str, ...]
    counted: bool
    faults: dict[str, str]
    """By the name of the field."""

    @classmethod
    def of(cls, form: SentForm, question: str) -> "Settled":
        faults: dict[str, str] = {}
        name = " ".join(form.one("titre").split())
        if not name or len(name) > NAME_LONGEST or not name.isprintable():
            faults["titre"] = f"Donnez un nom à cette carte, en {NAME_LONGEST} caractères au plus."
        sites, allowed = form.one("sites"), tuple[str, ...]()
        try:
            allowed = hosts.read(sites)
        except hosts.WrongHost as wrong:
            faults["sites"] = str(wrong)
        return cls(
            question, name, sites[:SITES_SHOWN_MAX], allowed, bool(form.one("compter")), faults
        )


@dataclass(frozen=True)
class SavePage:
    """A map that is about to be saved."""

    question: str
    name: str
    sites: str
    counted: bool
    mail: str
    me: Identity | None
    """Whoever is signed in."""
    teams: tuple[Chosen, ...]
    """Those that they are responsible for."""
    team: str
    """Code of the one that it is for; empty for oneself."""
    faults: Mapping[str, str]
    title: str = "Enregistrer cette carte"

    @classmethod
    def of(cls, made: Made, me: Identity | None, teams: tuple[Chosen, ...]) -> "SavePage":
        return cls(made.question, made.title, "", True, "", me, teams, "", {})

    @classmethod
    def again(
        cls, typed: Settled, mail: str, me: Identity | None, teams: tuple[Chosen, ...], team: str
    ) -> "SavePage":
        return cls(
            typed.question, typed.name, typed.sites, typed.counted, mail, me, teams, team,
            typed.faults, "À corriger – Enregistrer cette carte",
        )  # fmt: skip

    @property
    def token(self) -> str | None:
        return self.me.token if self.me else None

    @property
    def sign_in(self) -> str:
        """Where to sign in, and come back."""
        here = f"{SAVE}?{self.question}"
        return "/connexion?" + urlencode({"suite": here}) if len(here) <= LONGEST else "/connexion"


@dataclass(frozen=True)
class FindPage:
    mail: str = ""
    mistake: str | None = None
    title: str = "Retrouver mes cartes enregistrées"


@dataclass(frozen=True)
class SentPage:
    title: str = "Regardez vos messages"


def _called(owner: Owner) -> str:
    """What the list of their maps is called."""
    return f"Les cartes de l’équipe {owner.team}" if owner.team else "Mes cartes enregistrées"


@dataclass(frozen=True)
class OwnEmbed:
    """One saved map, in the list of its owner."""

    key: str
    name: str
    href: str
    waiting: bool
    hosts: tuple[str, ...]
    counted: bool
    displays: int
    searches: int
    """In the last `DAYS_SHOWN` days."""
    since: date

    @classmethod
    def of(cls, row: Row[*tuple[Any, ...]], owner: Owner) -> "OwnEmbed":
        return cls(
            key=row.key,
            name=row.name,
            href=f"{owner.home}/{row.key}",
            waiting=row.confirmed_at is None,
            hosts=tuple(host.removeprefix("https://") for host in row.hosts),
            counted=row.counted,
            displays=row.displays,
            searches=row.searches,
            since=day_in_paris(row.made_at),
        )


@dataclass(frozen=True)
class OwnPage:
    mail: str
    token: str | None
    embeds: tuple[OwnEmbed, ...]
    by_link: bool
    team: str | None
    """Whose they are; None when they are one's own."""
    team_href: str
    may_change: bool
    title: str
    days: int = DAYS_SHOWN

    @classmethod
    def of(cls, owner: Owner, rows: Sequence[Row[*tuple[Any, ...]]]) -> "OwnPage":
        listed = tuple(OwnEmbed.of(row, owner) for row in rows)
        return cls(
            owner.mail,
            owner.token,
            listed,
            owner.account_id is None,
            owner.team,
            owner.home.rpartition("/")[0],
            owner.may_change,
            _called(owner),
        )


@dataclass(frozen=True)
class Counted:
    day: date
    displays: int
    searches: int


@dataclass(frozen=True)
class OneEmbedPage:
    """A saved map: its code, its settings, its figures."""

    title: str
    home: str
    home_label: str
    token: str | None
    team: str | None
    """Whose it is; None when it is one's own."""
    may_change: bool
    teams: tuple[Chosen, ...]
    """To which it may be entrusted."""
    embed: OwnEmbed
    change: str
    """Address of the form that changes what it shows."""
    made: Made
    name: str
    sites: str
    counted: bool
    """As the form shows them."""
    days: tuple[Counted, ...]
    """Those of the last `DAYS_SHOWN` on which somebody came, the last one first."""
    faults: Mapping[str, str]
    days_shown: int = DAYS_SHOWN

    @classmethod
    def of(
        cls,
        owner: Owner,
        row: Row[Any],
        made: Made,
        days: Sequence[Row[date, int, int]],
        teams: tuple[Chosen, ...],
        typed: Settled | None,
    ) -> "OneEmbedPage":
        embed = OwnEmbed.of(row, owner)
        return cls(
            title=f"À corriger – {row.name}" if typed else row.name,
            home=owner.home,
            home_label=_called(owner),
            token=owner.token,
            team=owner.team,
            may_change=owner.may_change,
            teams=teams,
            embed=embed,
            change=f"{embed.href}/changer",
            made=made,
            name=typed.name if typed else row.name,
            sites=typed.sites if typed else "\n".join(embed.hosts),
            counted=typed.counted if typed else row.counted,
            days=tuple(Counted(day.day, day.displays, day.searches) for day in days),
            faults=typed.faults if typed else {},
        )
