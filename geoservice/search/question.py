"""The question that every address which lists places understands: where, when, what, for whom.

Parsed once, here, from the query string; a wrong parameter is an error, never an absent filter.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from geoservice.geo import Box, LonLat
from geoservice.places import typologies, vocabulary, vocabulary_extension
from geoservice.places.vocabulary import Vocabulary, read_value
from geoservice.search import moments
from geoservice.teams.naming import PERIMETER
from geoservice.territories.model import TYPES
from geoservice.web.addresses import changed
from geoservice.web.problems import Fault, WrongQuestion
from geoservice.web.typography import slug

RADIUS_MAX_KM = 100
RADIUS_DEFAULT_KM = 20
PAGE_LIMIT_MAX = 100
API_LIMIT_MAX = 500
LIMIT_DEFAULT = 20
DEPTH_MAX = 10_000
"""Nobody reads further than this many answers: downloads give them all."""
TEXT_MAX = 200
FAULTS_MAX = 20
"""Nobody reads more mistakes at once, and each of them repeats what is accepted."""
PICKED_MAX = 100

SORTS = {
    "distance": "Du plus proche au plus éloigné",
    "nom": "Par nom",
    "mise_a_jour": "Mis à jour récemment",
}
UNKNOWN_HOURS = {
    "exclure": "sans les lieux dont on ne connaît pas les horaires",
    "inclure": "avec les lieux dont on ne connaît pas les horaires",
}
TERRITORIES = {
    "commune:04070": "la commune de Digne-les-Bains (commune:04070)",
    "epci:200067437": "l’intercommunalité Provence Alpes Agglomération (epci:200067437)",
    "departement:04": "les Alpes-de-Haute-Provence (departement:04)",
    "region:93": "la région Provence-Alpes-Côte d’Azur (region:93)",
    "perimetre:K3F9QX2B": "un périmètre dessiné par une équipe (perimetre:K3F9QX2B)",
}
"""One of each kind, and how people say it."""

CATEGORIES: dict[str, tuple[str, type[Vocabulary]]] = {
    "services": ("services", vocabulary.Service),
    "publics": ("publics", vocabulary.Public),
    "prise_en_charge": ("special_care", vocabulary.PriseEnCharge),
    "frais": ("fees", vocabulary.Frais),
    "dispositifs": ("programmes", vocabulary.Dispositif),
    "labels": ("training_labels", vocabulary.FormationLabel),
    "modalites_acces": ("access_modes", vocabulary.ModaliteAcces),
    "modalites_accompagnement": ("support_modes", vocabulary.ModaliteAccompagnement),
    "itinerance": ("mobility", vocabulary.Itinerance),
    "equipements": ("equipment", vocabulary_extension.Equipement),
}
"""Parameter → column of the place, list of its values. OR inside one parameter, AND between them."""

SINGLE = (
    "ou", "lon", "lat", "rayon", "q", "ouvert", "permanence", "horaires_inconnus", "accessible",
    "rdv", "tri", "page", "limite", "bbox",
)  # fmt: skip
MANY = ("territoire", *CATEGORIES, "typologies", "source", "lieux")
PARAMETERS = (*SINGLE, *MANY)


@dataclass(frozen=True)
class TerritoryName:
    type: str
    code: str

    def __str__(self) -> str:
        return f"{self.type}:{self.code}"


@dataclass(frozen=True)
class PlaceQuery:
    where: str | None = None
    """A commune, postal code or address in words."""
    point: LonLat | None = None
    radius_km: float | None = None
    territories: tuple[TerritoryName, ...] = ()
    words: str | None = None
    open: moments.When | None = None
    include_unknown_hours: bool = False
    present: moments.When | None = None
    """A mediator is present then."""
    categories: dict[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    """Column of the place → published values, one of which must be offered."""
    typologies: tuple[str, ...] = ()
    accessible: bool = False
    bookable: bool = False
    sources: tuple[str, ...] = ()
    picked: tuple[str, ...] = ()
    """Public ids of places picked by hand: no other answers."""
    sort: str | None = None
    page: int = 1
    limit: int | None = None
    box: Box | None = None
    raw: tuple[tuple[str, str], ...] = ()
    """The parameters as they were given, empty ones left out."""

    @classmethod
    def parse(
        cls, pairs: Iterable[tuple[str, str]], *, limit_max: int = API_LIMIT_MAX
    ) -> "PlaceQuery":
        """Read a query string. Raises WrongQuestion with every fault at once."""
        return _Reader(pairs, limit_max).query()

    def address(self, path: str, **changes: str | int | None) -> str:
        """The same question at another address, some parameters changed, or left out with None."""
        return changed(path, self.raw, changes)

    def minute(self, now: datetime) -> datetime | None:
        """The one that the answer is good for; None when it does not depend on the clock."""
        if not (self.open or self.present):
            return None
        return now.replace(second=0, microsecond=0)

    def without(self, name: str, value: str | None = None) -> "PlaceQuery":
        """The question as it would be asked without one parameter, or one value of it."""
        return replace(
            self,
            raw=tuple(
                pair
                for pair in self.raw
                if pair[0] != name or (value is not None and pair[1] != value)
            ),
        )


def _moment_said(text: str) -> str:
    try:
        return moments.said(text)
    except ValueError:
        return text


class _Reader:
    def __init__(self, pairs: Iterable[tuple[str, str]], limit_max: int) -> None:
        self.limit_max = limit_max
        self.given: dict[str, list[str]] = {}
        self.faults: list[Fault] = []
        for name, value in pairs:
            if value.strip():
                self.given.setdefault(name, []).append(value.strip())

    def query(self) -> PlaceQuery:
        for name in self.given:
            if name not in PARAMETERS:
                message = f"Le paramètre « {name} » n’existe pas."
                self.faults.append(Fault(name, message, PARAMETERS, is_unknown=True))
        categories = {
            column: values
            for name, (column, listed) in CATEGORIES.items()
            if (values := self._listed(name, listed))
        }
        query = PlaceQuery(
            where=self._text("ou"),
            point=self._point(),
            radius_km=self._number("rayon", 0.1, RADIUS_MAX_KM, "km"),
            territories=self._territories(),
            words=self._text("q"),
            open=self._moment("ouvert"),
            include_unknown_hours=self._choice("horaires_inconnus", UNKNOWN_HOURS) == "inclure",
            present=self._moment("permanence"),
            categories=categories,
            typologies=self._typologies(),
            accessible=self._yes("accessible"),
            bookable=self._yes("rdv"),
            sources=tuple(self.given.get("source", ())),
            picked=self._picked(),
            sort=self._choice("tri", SORTS),
            page=int(self._number("page", 1, DEPTH_MAX, "", whole=True) or 1),
            limit=self._limit(),
            box=self._box(),
            raw=tuple((name, value) for name, values in self.given.items() for value in values),
        )
        self._check_together(query)
        if self.faults:
            raise WrongQuestion(*self.faults[:FAULTS_MAX])
        return query

    def _check_together(self, query: PlaceQuery) -> None:
        if query.where and query.point:
            self._fault("ou", "Donnez soit « ou », soit « lon » et « lat », pas les deux.")
        if query.radius_km and not (query.where or query.point):
            self._fault(
                "rayon", "Pour utiliser « rayon », donnez aussi « ou », ou « lon » et « lat »."
            )
        if query.sort == "distance" and not (query.where or query.point):
            self._fault("tri", "Pour trier par distance, donnez « ou », ou « lon » et « lat ».")
        if query.page * (query.limit or LIMIT_DEFAULT) > DEPTH_MAX:
            self._fault(
                "page",
                f"On ne peut pas aller au-delà de {DEPTH_MAX} réponses. Précisez la recherche, ou téléchargez la liste en CSV.",
            )

    def _fault(self, name: str, message: str, accepted: Mapping[str, str] | None = None) -> None:
        """`accepted` are values, and how people read them."""
        known = accepted or {}
        self.faults.append(Fault(name, message, tuple(known), tuple(known.values())))

    def _one(self, name: str, said: Callable[[str], str] = str) -> str | None:
        """`said` is how people read a value."""
        values = self.given.get(name, [])
        if len(set(values)) > 1:
            given = {value: said(value) for value in values}
            self._fault(name, f"« {name} » ne peut être donné qu’une fois.", given)
        return values[0] if values else None

    def _text(self, name: str) -> str | None:
        value = self._one(name)
        if value is None:
            return None
        if "\x00" in value:
            self._fault(name, f"« {name} » contient un caractère qui ne s’écrit pas.")
        elif len(value) > TEXT_MAX:
            self._fault(name, f"« {name} » est trop long : {TEXT_MAX} caractères au plus.")
        elif not slug(value):
            self._fault(name, f"« {name} » doit contenir au moins une lettre ou un chiffre.")
        return value

    def _number(
        self, name: str, low: float, high: float, unit: str, *, whole: bool = False
    ) -> float | None:
        value = self._one(name)
        if value is None:
            return None
        try:
            number = int(value) if whole else float(value.replace(",", "."))
            plain = value.isascii() and "_" not in value  # Python reads more than people write
            if plain and low <= number <= high:
                return number
        except ValueError:
            pass
        kind = "un nombre entier" if whole else "un nombre"
        self._fault(
            name, f"« {name} » doit être {kind} entre {low:g} et {high:g} {unit}".strip() + "."
        )
        return None

    def _limit(self) -> int | None:
        value = self._number("limite", 1, self.limit_max, "", whole=True)
        return None if value is None else int(value)

    def _point(self) -> LonLat | None:
        lon, lat = self._number("lon", -180, 180, "degrés"), self._number("lat", -90, 90, "degrés")
        if ("lon" in self.given) != ("lat" in self.given):
            self._fault("lon", "« lon » et « lat » vont ensemble : donnez les deux.")
        return None if lon is None or lat is None else LonLat(lon, lat)

    def _box(self) -> Box | None:
        value = self._one("bbox")
        if value is None:
            return None
        try:
            return Box.parse(value)
        except ValueError:
            self._fault(
                "bbox",
                "« bbox » s’écrit ouest,sud,est,nord en degrés, par exemple 5.9,45.7,6.3,46.",
            )
            return None

    def _territories(self) -> tuple[TerritoryName, ...]:
        found: list[TerritoryName] = []
        for value in self.given.get("territoire", ()):
            kind, _, code = value.partition(":")
            if kind not in (*TYPES, PERIMETER) or not code.isalnum():
                self._fault(
                    "territoire",
                    f"« {value} » n’est pas un territoire. Écrivez le type, deux-points, puis le code.",
                    TERRITORIES,
                )
            else:
                found.append(TerritoryName(kind, code.upper()))
        return tuple(dict.fromkeys(found))

    def _moment(self, name: str) -> moments.When | None:
        value = self._one(name, _moment_said)
        if value is None:
            return None
        try:
            return moments.parse(value)
        except ValueError:
            self._fault(name, f"« {value} » n’est pas un moment connu.", moments.ACCEPTED)
            return None

    def _listed(self, name: str, listed: type[Vocabulary]) -> tuple[str, ...]:
        found: dict[str, None] = {}
        for value in self.given.get(name, ()):
            meant = read_value(listed, value)
            if not meant:
                self._fault(
                    name,
                    f"« {value} » n’est pas une valeur de « {name} ».",
                    {member.slug: member.label for member in listed},
                )
            else:
                found |= {member.value: None for member in meant}
        return tuple(found)

    def _typologies(self) -> tuple[str, ...]:
        """Codes, or the everyday groups of them."""
        found: dict[str, None] = {}
        for value in self.given.get("typologies", ()):
            if groups := read_value(typologies.TypologieGroup, value):
                found |= {
                    code.value: None for group in groups for code in typologies.in_group(group)
                }
            elif codes := read_value(typologies.Typologie, value):
                found |= {code.value: None for code in codes}
            else:
                self._fault(
                    "typologies",
                    f"« {value} » n’est pas une valeur de « typologies ».",
                    {group.slug: group.label for group in typologies.TypologieGroup}
                    | {code.value: code.label for code in typologies.Typologie},
                )
        return tuple(found)

    def _picked(self) -> tuple[str, ...]:
        """Separated by commas, or one by one as the boxes of the list send them."""
        listed = ",".join(self.given.get("lieux", ())).split(",")
        found = dict.fromkeys(one.strip().lower() for one in listed if one.strip())
        wrong = [one for one in found if not (one.isascii() and one.isalnum())]
        if wrong:
            self._fault("lieux", f"« {wrong[0][:40]} » n’est pas l’identifiant d’un lieu.")
        if len(found) > PICKED_MAX:
            self._fault("lieux", f"Choisissez {PICKED_MAX} lieux au plus.")
        return tuple(found)

    def _choice(self, name: str, accepted: Mapping[str, str]) -> str | None:
        value = self._one(name)
        if value is not None and value not in accepted:
            self._fault(name, f"« {value} » n’est pas une valeur de « {name} ».", accepted)
            return None
        return value

    def _yes(self, name: str) -> bool:
        return self._choice(name, {"oui": "oui"}) == "oui"
