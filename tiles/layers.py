"""What the tiles hold at each zoom. Zooms are those of tiles of 512 pixels, as MapLibre counts."""

from dataclasses import dataclass, field

PLACES = "lieux"
TERRITORIES = "territoires"
NAMES = "noms"
COVERAGE = "couverture"

CLUSTERS_UNTIL = 13
"""The deepest zoom where places that are close are counted together; the pyramid stops there."""
PLACES_MAX_ZOOM = 16
"""The deepest tiles of places: a map enlarges them further."""

TERRITORIES_MIN_ZOOM = 3
TERRITORIES_MAX_ZOOM = 12
OUTLINED_FROM = {"region": 3, "departement": 4, "epci": 7, "commune": 9}
NAMED_FROM = ((5, 150_000), (6, 80_000), (7, 30_000), (8, 10_000), (9, 3_000), (10, 800), (11, 0))
"""Zoom, and how many inhabitants make a commune's name shown from it."""

SHADED_FROM = {"departement": 0, "epci": 6, "commune": 8}
"""What a choropleth shows of a country at each zoom: a tile of more communes would be dust, and heavy."""
SHADED_COMMUNES = 1_500
"""A territory of so many communes shows them at every zoom."""


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
COVERAGE_LAYER = Layer(
    COVERAGE,
    "Distance au lieu le plus proche qui répond, à vol d’oiseau : par commune, ou de loin par "
    "intercommunalité ou département, la distance à laquelle vivent neuf habitants sur dix",
    {
        "type": "commune, epci ou departement",
        "code": "Code officiel",
        "nom": "Nom",
        "population": "Nombre d’habitants (absent : inconnu)",
        "lieux": "Nombre de lieux qui répondent",
        "distance_m": "Mètres (absent : aucun lieu ne répond)",
        "distance_avec_ajout_m": "Mètres, avec le lieu ou la permanence qu’on imagine",
        "classe": "0 : moins de 5 km ; 1 : de 5 à 10 ; 2 : de 10 à 20 ; 3 : plus de 20, avec ce qu’on imagine",
    },
    0,
    TERRITORIES_MAX_ZOOM,
)


def shaded(z: int, communes: int) -> str:
    """The type of territories that a choropleth of so many communes shows at a zoom."""
    if communes <= SHADED_COMMUNES:
        return "commune"
    return [type_ for type_, first in SHADED_FROM.items() if z >= first][-1]


def outlined(z: int) -> list[str]:
    """The types of territories outlined at a zoom."""
    return [type_ for type_, first in OUTLINED_FROM.items() if z >= first]


def outline_detail(z: int) -> int:
    """Which precision of the outlines a zoom needs: 0, 1 or 2."""
    return 0 if z <= 5 else 1 if z <= 7 else 2


def shaded_detail(z: int, type_: str) -> int:
    """As `outline_detail`, where the type has it: communes have one precision, EPCI two."""
    return max(outline_detail(z), {"commune": 2, "epci": 1}.get(type_, 0))


def population_named(z: int) -> int | None:
    """How many inhabitants make a commune's name shown at a zoom; None where none is."""
    shown = [population for first, population in NAMED_FROM if z >= first]
    return min(shown, default=None)
