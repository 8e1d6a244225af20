"""Mediators as data: only those who agreed that it be re-used, only what they agreed to."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from pydantic import BaseModel, Field
from sqlalchemy import Row

from geoservice.mediators.vocabulary import role_told
from geoservice.search.schemas import harmless


class LieuDeTravail(BaseModel):
    id: str
    nom: str
    commune: str | None
    longitude: float | None
    latitude: float | None
    url: str


class Mediateur(BaseModel):
    id: str = Field(description="Identifiant permanent.")
    role: str
    prenom: str | None = Field(description="null : la personne n’a pas accepté de le montrer ici.")
    nom: str | None
    courriel: str | None
    telephone: str | None
    prise_rdv: str | None
    employeur: str | None
    competences: list[str]
    langues: list[str]
    publics: list[str]
    presentation: str | None
    lieux: list[LieuDeTravail]
    distance_m: int | None
    modifie_le: datetime
    url: str


class ReponseMediateurs(BaseModel):
    total: int
    page: int
    limite: int
    suivante: str | None
    mediateurs: list[Mediateur]


class Changement(BaseModel):
    id: str
    modifie_le: datetime
    visible: bool = Field(description="false : effacez votre copie de cette personne.")
    mediateur: Mediateur | None


class Changements(BaseModel):
    changements: list[Changement]
    suivante: str | None = Field(description="La suite, s’il y en a une.")
    prochaine_fois: str = Field(description="Où reprendre une fois que tout est lu.")


def mediator(row: Row[Any], places: Sequence[Row[Any]], site: str) -> dict[str, Any]:
    return {
        "id": row.public_id,
        "role": role_told(row.role)[0],
        "prenom": row.given_name,
        "nom": row.family_name,
        "courriel": row.mail,
        "telephone": row.phone,
        "prise_rdv": row.booking_url,
        "employeur": row.employer,
        "competences": row.skills,
        "langues": row.languages,
        "publics": row.publics,
        "presentation": row.summary,
        "lieux": [
            {
                "id": place.public_id,
                "nom": place.name,
                "commune": place.commune,
                "longitude": place.lon,
                "latitude": place.lat,
                "url": f"{site}/lieux/{place.public_id}",
            }
            for place in places
        ],
        "distance_m": None if row.distance_m is None else round(row.distance_m),
        "modifie_le": row.changed_at,
        "url": f"{site}/mediateurs/{row.public_id}",
    }


def features(told: Iterable[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    """One point for each place where each works; without a place, or its position, no geometry."""
    for one in told:
        properties = {name: value for name, value in one.items() if name != "lieux"}
        places: list[dict[str, Any]] = one["lieux"] or [{}]
        for place in places:
            lon, lat = place.get("longitude"), place.get("latitude")
            geometry: dict[str, Any] | None = None
            if lon is not None and lat is not None:
                geometry = {"type": "Point", "coordinates": [round(lon, 7), round(lat, 7)]}
            here = {"lieu": place.get("id"), "lieu_nom": place.get("nom")}
            yield {"type": "Feature", "geometry": geometry, "properties": properties | here}


CSV_COLUMNS = tuple(name for name in Mediateur.model_fields if name != "distance_m")


def csv_row(told: Mapping[str, Any]) -> Iterator[str]:
    """Several values are joined by «|»; places are their identifiers."""
    for name in CSV_COLUMNS:
        value = told[name]
        if name == "lieux":
            yield "|".join(place["id"] for place in value)
        elif isinstance(value, list):
            yield harmless("|".join(str(one) for one in told[name]))
        elif isinstance(value, datetime):
            yield value.isoformat()
        else:
            yield harmless(value or "")
