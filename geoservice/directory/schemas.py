"""Mediators as data: only those who agreed that it be re-used, only what they agreed to."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from pydantic import BaseModel, Field
from sqlalchemy import Row

from geoservice.directory.around import Around
from geoservice.directory.question import LISTED, MediatorQuery
from geoservice.mediators.vocabulary import role_told
from geoservice.permanences.announced import as_data
from geoservice.search import schemas as search
from geoservice.search.answers import Resolved
from geoservice.search.schemas import harmless


class LieuDeTravail(BaseModel):
    id: str
    nom: str
    commune: str | None
    longitude: float | None
    latitude: float | None
    url: str


class Absence(BaseModel):
    du: date
    au: date


class Passage(BaseModel):
    debut: datetime
    fin: datetime
    a_confirmer: bool = Field(description="Jour férié, ou horaires incertains.")


class Permanence(BaseModel):
    id: str
    lieu: str = Field(description="Identifiant du lieu.")
    horaires: str = Field(description="Au format d’OpenStreetMap.")
    phrase: str
    du: date | None
    au: date | None
    absences: list[Absence]
    sur_rendez_vous: bool
    services: list[str]
    note: str | None
    prochaine: Passage | None


class ProchainePermanence(Passage):
    lieu: str


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
    permanences: list[Permanence]
    prochaine_permanence: ProchainePermanence | None
    distance_m: int | None
    modifie_le: datetime
    url: str


class QuestionMediateurs(search.Question):
    competences: list[str]
    langues: list[str]
    publics: list[str]
    role: list[str]


class ReponseMediateurs(BaseModel):
    question: QuestionMediateurs
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


def question(query: MediatorQuery, resolved: Resolved) -> dict[str, Any]:
    """As places tell it, with what is asked of the person: the whole question, as understood."""
    whole = replace(query.work, present=query.present, raw=query.raw)
    return search.question(replace(resolved, query=whole)) | {
        name: list(query.listed.get(column, ())) for name, (column, _) in LISTED.items()
    }


def mediator(row: Row[Any], around: Around, site: str) -> dict[str, Any]:
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
            for place in around.places_of(row)
        ],
        "permanences": (permanences := _permanences(row, around)),
        "prochaine_permanence": _next(permanences),
        "distance_m": None if row.distance_m is None else round(row.distance_m),
        "modifie_le": row.changed_at,
        "url": f"{site}/mediateurs/{row.public_id}",
    }


def _permanences(row: Row[Any], around: Around) -> list[dict[str, Any]]:
    """At which place, where places say by whom."""
    return [
        {name: value for name, value in told.items() if name != "mediateur"} | {"lieu": one.place}
        for one in around.permanences_of(row)
        for told in [as_data(one, around.moment)]
    ]


def _next(permanences: Iterable[Mapping[str, Any]]) -> dict[str, Any] | None:
    coming = [one["prochaine"] | {"lieu": one["lieu"]} for one in permanences if one["prochaine"]]
    return min(coming, key=lambda one: one["debut"], default=None)


def features(told: Iterable[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    """One point for each place where each works; without a place, or its position, no geometry."""
    for one in told:
        shared = {name: value for name, value in one.items() if name not in OF_PLACES}
        places: list[dict[str, Any]] = one["lieux"] or [{}]
        for place in places:
            lon, lat = place.get("longitude"), place.get("latitude")
            geometry: dict[str, Any] | None = None
            if lon is not None and lat is not None:
                geometry = {"type": "Point", "coordinates": [round(lon, 7), round(lat, 7)]}
            there = [each for each in one["permanences"] if each["lieu"] == place.get("id")]
            here = {
                "lieu": place.get("id"),
                "lieu_nom": place.get("nom"),
                "permanences": there,
                "prochaine_permanence": _next(there),
            }
            yield {"type": "Feature", "geometry": geometry, "properties": shared | here}


OF_PLACES = ("lieux", "permanences", "prochaine_permanence")

COLUMNS = {
    "id": "Identifiant permanent de la personne",
    "role": "Ce qu’est la personne",
    "prenom": "Vide : la personne n’a pas accepté de le montrer ici",
    "nom": "Vide : la personne n’a pas accepté de le montrer ici",
    "courriel": "Vide : la personne n’a pas accepté de le montrer ici, ou n’en a pas donné",
    "telephone": "Comme le courriel",
    "prise_rdv": "Comme le courriel : l’adresse où prendre rendez-vous",
    "employeur": "Qui emploie la personne",
    "competences": "Séparées par « | »",
    "langues": "Codes des langues, séparés par « | »",
    "publics": "Séparés par « | »",
    "presentation": "Quelques mots de la personne, montrés avec son nom seulement",
    "lieux": "Identifiants des lieux où elle travaille, séparés par « | »",
    "permanences": "« lieu : horaires au format d’OpenStreetMap », séparées par « | »",
    "prochaine_permanence": "Le début de la prochaine, avec son fuseau horaire",
    "modifie_le": "Dernier changement",
    "url": "Sa page",
}
"""Of the files: name, what is in it."""


def values(told: Mapping[str, Any]) -> Iterator[str]:
    for name in COLUMNS:
        value = told[name]
        if name == "lieux":
            yield "|".join(place["id"] for place in value)
        elif name == "permanences":
            yield "|".join(f"{one['lieu']} : {one['horaires']}" for one in value)
        elif name == "prochaine_permanence":
            yield value["debut"].isoformat() if value else ""
        elif isinstance(value, list):
            yield "|".join(str(one) for one in told[name])
        elif isinstance(value, datetime):
            yield value.isoformat()
        else:
            yield value or ""


def csv_row(told: Mapping[str, Any]) -> Iterator[str]:
    return map(harmless, values(told))
