"""What the tiles hold at each zoom. Zooms are those of tiles of 512 pixels, as MapLibre counts."""

from dataclasses import dataclass, field

PLACES = "lieux"
TERRITORIES = "territoires"
NAMES = "noms"

CLUSTERS_UNTIL = 13
"""The deepest zoom where places that are close are counted together; the pyramid stops there."""
PLACES_MAX_ZOOM = 16
"""The deepest tiles of places: a map enlarges them further."""

TERRITORIES_MIN_ZOOM = 3
TERRITORIES_MAX_ZOOM = 12
OUTLINED_FROM = {"region": 3, "departement": 4, "epci": 7, "commune": 9}
NAMED_FROM = ((5, 150_000), (6, 80_000), (7, 30_000), (8, 10_000), (9, 3_000), (10, 800), (11, 0))
"""Zoom, and how many inhabitants make a commune's name shown from it."""


@dataclass(frozen=True)
class Layer:
    name: str
    description: str
    fields: dict[str, str] = field(default_factory=dict[str, str])
    """Name of a property → what it says, in French."""
    min_zoom: int = 0
    max_zoom: int = PLACES_MAX_ZOOM


PLACES_LAYER = Layer(
    PLACES,
    "Lieux de médiation numérique, regroupés jusqu’au zoom 13",
    {
        "nombre": "Nombre de lieux du groupe (absent : un seul lieu)",
        "id": "Identifiant du lieu : son adresse est /lieux/{id}",
        "famille": "Famille de typologies du lieu, de 1 à 9",
        "nom": "Nom du lieu, à partir du zoom 14",
    },
)
TERRITORIES_LAYER = Layer(
    TERRITORIES,
    "Contours des régions, départements, intercommunalités et communes",
    {"type": "region, departement, epci ou commune", "code": "Code officiel", "nom": "Nom"},
    TERRITORIES_MIN_ZOOM,
    TERRITORIES_MAX_ZOOM,
)
NAMES_LAYER = Layer(
    NAMES,
    "Noms des communes, les plus peuplées d’abord",
    {
        "type": "commune",
        "code": "Code Insee",
        "nom": "Nom de la commune",
        "population": "Nombre d’habitants",
    },
    NAMED_FROM[0][0],
    TERRITORIES_MAX_ZOOM,
)


def outlined(z: int) -> list[str]:
    """The types of territories outlined at a zoom."""
    return [type_ for type_, first in OUTLINED_FROM.items() if z >= first]


def outline_detail(z: int) -> int:
    """Which precision of the outlines a zoom needs: 0, 1 or 2."""
    return 0 if z <= 5 else 1 if z <= 7 else 2


def population_named(z: int) -> int | None:
    """How many inhabitants make a commune's name shown at a zoom; None where none is."""
    shown = [population for first, population in NAMED_FROM if z >= first]
    return min(shown, default=None)
