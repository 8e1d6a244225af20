"""The parameters of the directory, as the documentation of the API tells them."""

from typing import Any

from geoservice.directory.question import LISTED
from geoservice.search import documentation

WORDS = {
    "name": "q",
    "in": "query",
    "required": False,
    "description": "Mots du nom de la personne, si elle accepte de le montrer, ou de son employeur.",
    "schema": {"type": "string"},
}


def openapi_parameters() -> list[dict[str, Any]]:
    """Who the person is, then what a place where they work must answer."""
    listed = [
        {
            "name": name,
            "in": "query",
            "required": False,
            "description": f"Une valeur au moins de « {name} » : le slug, ou le libellé exact.",
            "schema": {
                "type": "array",
                "items": {"type": "string", "enum": [one.slug for one in vocabulary]},
            },
        }
        for name, (_, vocabulary) in LISTED.items()
    ]
    own = ("q", *LISTED)
    places = [one for one in documentation.openapi_parameters() if one["name"] not in own]
    return [WORDS, *listed, *places]
