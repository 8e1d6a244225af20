"""The parameters of the question, as the documentation of the API tells them."""

from typing import Any

from geoservice.places.typologies import Typologie, TypologieGroup
from geoservice.search import moments
from geoservice.search.question import (
    API_LIMIT_MAX,
    CATEGORIES,
    LIMIT_DEFAULT,
    MANY,
    PARAMETERS,
    RADIUS_DEFAULT_KM,
    RADIUS_MAX_KM,
    SORTS,
    UNKNOWN_HOURS,
)

SENTENCES = {
    "ou": "Où : une commune, un code postal ou une adresse, en toutes lettres.",
    "lon": "Où : longitude en degrés (WGS 84), avec « lat ».",
    "lat": "Où : latitude en degrés (WGS 84), avec « lon ».",
    "rayon": f"Jusqu’à quelle distance, en km, à vol d’oiseau. {RADIUS_DEFAULT_KM} si rien n’est dit.",
    "q": "Mots du nom, de la description, de l’adresse ou des services.",
    "ouvert": "Quand : le lieu est ouvert à ce moment, à l’heure du lieu. Exemples : "
    + ", ".join(moments.ACCEPTED)
    + ".",
    "permanence": "Quand : un médiateur a annoncé sa présence à ce moment. S’écrit comme « ouvert ».",
    "horaires_inconnus": "Avec « ouvert » : que faire des lieux dont personne ne connaît les horaires.",
    "accessible": "Une fiche d’accessibilité (Acceslibre) est donnée.",
    "rdv": "On peut prendre rendez-vous en ligne.",
    "tri": "Ordre : distance (si un point est donné), nom ou date de mise à jour.",
    "page": "Numéro de la page, à partir de 1.",
    "limite": f"Nombre de lieux par page. {LIMIT_DEFAULT} si rien n’est dit.",
    "bbox": "Rectangle : ouest,sud,est,nord, en degrés.",
    "territoire": "Type et code : commune:04070, epci:200067437, departement:04, region:93, ou perimetre: suivi du code d’un périmètre dessiné par une équipe. Plusieurs s’ajoutent.",
    "typologies": "Type de lieu : un code du schéma national, ou une famille de lieux.",
    "lieux": "Des lieux choisis : leurs identifiants, séparés par des virgules. Les autres paramètres s’appliquent aussi.",
    "source": "Nom d’une source : voir /api/v1/sources.",
}
ACCEPTED: dict[str, tuple[str, ...]] = {
    "horaires_inconnus": tuple(UNKNOWN_HOURS),
    "accessible": ("oui",),
    "rdv": ("oui",),
    "tri": tuple(SORTS),
    "typologies": (
        *(group.slug for group in TypologieGroup),
        *(code.value for code in Typologie),
    ),
} | {name: tuple(member.slug for member in listed) for name, (_, listed) in CATEGORIES.items()}
NUMBERS: dict[str, dict[str, Any]] = {
    "lon": {"type": "number", "minimum": -180, "maximum": 180},
    "lat": {"type": "number", "minimum": -90, "maximum": 90},
    "rayon": {"type": "number", "minimum": 0.1, "maximum": RADIUS_MAX_KM},
    "page": {"type": "integer", "minimum": 1},
    "limite": {"type": "integer", "minimum": 1, "maximum": API_LIMIT_MAX},
}

SINCE: dict[str, Any] = {
    "name": "modifie_depuis",
    "in": "query",
    "required": False,
    "description": "Seul, ou avec « limite » : ce qui a changé depuis une date ou un moment (ISO 8601), "
    "les plus anciens changements d’abord, et les lieux disparus ou fusionnés. La réponse donne "
    "l’adresse de la suite (« suivante »), et celle de la fois suivante (« prochaine_fois »).",
    "schema": {"type": "string", "examples": ["2026-11-01", "2026-11-01T08:30:00+01:00"]},
}
"""Answered by the slice `exports`, at the address of the list: it is no part of the question."""


def openapi_parameters(*names: str) -> list[dict[str, Any]]:
    """Of these names; of the whole question without any."""
    return [_parameter(name) for name in names or PARAMETERS]


def file_parameters(limit_max: int) -> list[dict[str, Any]]:
    """A file holds all the places that answer, unless `limite` is given."""
    told = openapi_parameters()
    for parameter in told:
        if parameter["name"] == "limite":
            parameter["description"] = (
                f"Nombre de lieux. Tous ({limit_max} au plus) si rien n’est dit."
            )
            parameter["schema"] = parameter["schema"] | {"maximum": limit_max}
    return told


def _parameter(name: str) -> dict[str, Any]:
    schema: dict[str, Any] = NUMBERS.get(name, {"type": "string"})
    if name in ACCEPTED:
        schema = schema | {"enum": list(ACCEPTED[name])}
    if name in MANY:
        schema = {"type": "array", "items": schema}
    sentence = SENTENCES.get(name) or (
        f"Une valeur au moins de « {name} » : le slug, ou le libellé exact. Plusieurs s’ajoutent."
    )
    return {
        "name": name,
        "in": "query",
        "required": False,
        "description": sentence,
        "schema": schema,
    }
