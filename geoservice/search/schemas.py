"""Places as data: the national schema's names, our extension fields in French, and the question."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, create_model
from sqlalchemy import Row

from geoservice.clock import PARIS
from geoservice.mediators.vocabulary import role_told
from geoservice.permanences.announced import as_data
from geoservice.places.fields import FIELDS
from geoservice.places.hours import hours_of_place
from geoservice.search.answers import Answer, Resolved
from geoservice.search.moments import When
from geoservice.search.opening import windows
from geoservice.search.question import CATEGORIES, PlaceQuery
from geoservice.search.then import hours_said

GEOJSON_POSITION_DECIMALS = 7  # a centimetre

_TYPES: dict[str, Any] = {
    "lat": float | None,
    "lon": float | None,
    "updated_on": date | None,
    "name": str,
}

_LIEU: dict[str, Any] = {
    "id": (str, Field(description="Identifiant permanent.", examples=["7k3m9q2x4d"])),
    **{
        field.national: (
            list[str] if field.many else _TYPES.get(field.column, str | None),
            Field(description=field.label),
        )
        for field in FIELDS
    },
    "distance_m": (
        int | None,
        Field(description="Mètres à vol d’oiseau, si un point est demandé."),
    ),
    "url": (str, Field(description="Page du lieu.")),
}
Lieu: type[BaseModel] = create_model("Lieu", __config__=ConfigDict(title="Lieu"), **_LIEU)


class Absence(BaseModel):
    du: date
    au: date


class MediateurPresent(BaseModel):
    id: str = Field(description="Identifiant permanent : voir /api/v1/mediateurs")
    nom: str | None


class Prochaine(BaseModel):
    debut: datetime
    fin: datetime
    a_confirmer: bool


class PermanenceDuLieu(BaseModel):
    """Quand un médiateur est là : à ne pas confondre avec les horaires du lieu."""

    id: str
    horaires: str = Field(description="Syntaxe opening_hours d’OpenStreetMap")
    phrase: str = Field(description="Les mêmes horaires, en français")
    du: date | None
    au: date | None
    absences: list[Absence]
    sur_rendez_vous: bool
    services: list[str] = Field(description="Ce que l’on y fait ; vide si ce n’est pas dit")
    note: str | None
    mediateur: MediateurPresent | None = Field(
        description="Absent si la personne n’a pas accepté d’être dans les données ouvertes"
    )
    prochaine: Prochaine | None = Field(description="La permanence en cours, ou la prochaine")


class MediateurDuLieu(BaseModel):
    id: str = Field(description="Identifiant permanent : voir /api/v1/mediateurs")
    role: str
    prenom: str | None
    nom: str | None
    courriel: str | None
    telephone: str | None
    prise_rdv: str | None
    competences: list[str]


class UnLieu(Lieu):  # pyright: ignore[reportGeneralTypeIssues, reportUntypedBaseClass] - made by create_model
    """Un lieu, l’origine de chaque valeur et les permanences des médiateurs."""

    ouverture: dict[str, str] = Field(
        description="État et phrase, maintenant ou au moment que donne « ouvert »"
    )
    presence: str | None = Field(
        description="Quand un médiateur est là, en français : la prochaine fois, ou celle qui répond à « permanence »"
    )
    permanences: list[PermanenceDuLieu]
    mediateurs: list[MediateurDuLieu] = Field(
        description="Qui y travaille, parmi celles et ceux qui acceptent que ce soit réutilisé."
    )
    provenance: dict[str, Any]


class Localite(BaseModel):
    type: str = Field(
        description="commune, arrondissement, ancienne-commune, epci, departement, region"
    )
    code: str = Field(description="Code INSEE, ou SIREN d’un EPCI")
    nom: str
    libelle: str = Field(description="Nom et département : « Annecy (74) »")
    departement: str | None
    lon: float
    lat: float


class Compris(BaseModel):
    """Où la question a été comprise."""

    libelle: str
    precision: str = Field(description="adresse, commune ou territoire")
    commune: str | None = Field(description="Code INSEE")
    lon: float
    lat: float
    remarque: str | None
    autres: list[str] = Field(description="Autres localités que ces mots peuvent désigner")


class Territoire(BaseModel):
    type: str
    code: str
    nom: str


class Question(BaseModel):
    """La question, comme elle a été comprise."""

    ou: Compris | None
    lon: float | None
    lat: float | None
    rayon_km: float | None
    territoires: list[Territoire]
    parametres: dict[str, list[str]] = Field(description="Les paramètres, comme ils ont été donnés")
    filtres: dict[str, list[str]] = Field(description="Les valeurs exactes retenues, par paramètre")
    ouvert: str | None = Field(
        description="Le moment demandé ; « instant » dit quand il a été compris"
    )
    ouvert_moments: list[dict[str, datetime]] = Field(
        description="Ce moment en dates, à l’heure de chaque lieu (« maintenant » : à l’heure de Paris)"
    )
    permanence: str | None = Field(description="Le moment demandé pour la présence d’un médiateur")
    permanence_moments: list[dict[str, datetime]] = Field(description="Ce moment en dates")
    instant: datetime = Field(description="Quand la question a été posée")
    tri: str


class Reponse(BaseModel):
    question: Question
    total: int = Field(description="Nombre de lieux, toutes pages comprises")
    total_est_un_minimum: bool = Field(description="Vrai au-delà de 10 000 lieux")
    horaires_inconnus: int | None = Field(
        description="Avec « ouvert » : lieux dont personne ne connaît les horaires à ce moment"
    )
    page: int
    limite: int
    suivante: str | None = Field(description="Adresse de la page suivante")
    lieux: list[Lieu]  # pyright: ignore[reportInvalidTypeForm] - made by create_model


class Probleme(BaseModel):
    """Un refus (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str | None = None
    erreurs: list[dict[str, str | list[str]]] | None = None


class SourceDeDonnees(BaseModel):
    nom: str
    titre: str
    licence: str
    site: str | None
    importee_le: datetime | None


class TerritoireDeFrance(BaseModel):
    type: str
    code: str
    nom: str
    population: int | None
    bbox: list[float]


class UnTerritoire(BaseModel):
    type: str
    code: str
    nom: str
    departement: str | None = Field(description="D’une commune.")
    region: str | None = Field(description="D’une commune ou d’un département.")
    epci: str | None = Field(description="D’une commune.")
    population: int | None
    lon: float
    lat: float
    page: str = Field(description="Adresse de sa page : chiffres, lieux, carte, fichiers.")


class Territoires(BaseModel):
    total: int
    page: int
    limite: int
    territoires: list[UnTerritoire]


class TerritoiresDemandes(BaseModel):
    """Which territories are asked for; an unknown parameter is an error."""

    model_config = ConfigDict(extra="forbid")

    type: Literal["commune", "epci", "departement", "region"] = Field(
        "departement", description="Type de territoire."
    )
    q: str | None = Field(None, max_length=100, description="Mots du nom.")
    departement: str | None = Field(None, max_length=3, description="Code d’un département.")
    region: str | None = Field(None, max_length=3, description="Code d’une région.")
    epci: str | None = Field(None, max_length=9, description="Code d’une intercommunalité.")
    page: int = Field(1, ge=1, le=10_000, description="Numéro de la page, à partir de 1.")
    limite: int = Field(200, ge=1, le=500, description="Territoires par page.")


def place(row: Row[Any], site: str) -> dict[str, Any]:
    """One place with the names of the national schema; None and [] where nothing is known."""
    values = row._mapping  # pyright: ignore[reportPrivateUsage] - SQLAlchemy's public name
    told: dict[str, Any] = {"id": row.public_id}
    told |= {field.national: values[field.column] for field in FIELDS}
    if row.distance_m is not None:
        told["distance_m"] = round(row.distance_m)
    return told | {"url": f"{site}/lieux/{row.public_id}"}


def opening(row: Row[Any], moment: datetime, asked: When | None = None) -> dict[str, str]:
    """What is said beside the name: «Ouvert jusqu’à 17 h 30», and the state in a word."""
    hours = hours_of_place(row.opening_hours, row.code_insee, row.departement)
    phrase, state = hours_said(hours, asked, moment)
    return {"etat": state, "phrase": phrase}


def permanences(rows: Sequence[Row[Any]], moment: datetime) -> list[dict[str, Any]]:
    return [as_data(row, moment) for row in rows]


def people(rows: Sequence[Row[Any]]) -> list[dict[str, Any]]:
    """Those who work there and agreed that it be re-used."""
    return [
        {
            "id": row.public_id,
            "role": role_told(row.role)[0],
            "prenom": row.given_name,
            "nom": row.family_name,
            "courriel": row.mail,
            "telephone": row.phone,
            "prise_rdv": row.booking_url,
            "competences": row.skills,
        }
        for row in rows
    ]


def provenance(row: Row[Any]) -> dict[str, Any]:
    """By field: which source says so, and on which day it last looked."""
    return {
        field.national: row.provenance[field.column]
        for field in FIELDS
        if field.column in row.provenance
    }


def feature(row: Row[Any], site: str) -> dict[str, Any]:
    """One place as an RFC 7946 Feature; its geometry is null when the position is not known."""
    properties = place(row, site)
    lon, lat = properties.pop("longitude"), properties.pop("latitude")
    geometry = None
    if lon is not None:
        position = [round(lon, GEOJSON_POSITION_DECIMALS), round(lat, GEOJSON_POSITION_DECIMALS)]
        geometry = {"type": "Point", "coordinates": position}
    return {"type": "Feature", "id": row.public_id, "geometry": geometry, "properties": properties}


def question(resolved: Resolved) -> dict[str, Any]:
    query, located = resolved.query, resolved.located
    given: dict[str, list[str]] = {}
    for name, value in query.raw:
        given.setdefault(name, []).append(value)
    return {
        "ou": located
        and {
            "libelle": located.label,
            "precision": located.precision,
            "commune": located.commune,
            "lon": located.point.lon,
            "lat": located.point.lat,
            "remarque": located.note,
            "autres": list(located.others),
        },
        "lon": resolved.centre and resolved.centre.lon,
        "lat": resolved.centre and resolved.centre.lat,
        "rayon_km": resolved.radius_km,
        "territoires": [
            {"type": row.type, "code": row.code, "nom": row.name} for row in resolved.territories
        ],
        "parametres": given,
        "filtres": {
            name: list(query.categories[column])
            for name, (column, _) in CATEGORIES.items()
            if column in query.categories
        }
        | _other_filters(query),
        "ouvert": given.get("ouvert", [None])[0],
        "ouvert_moments": _dates(query.open, resolved.moment),
        "permanence": given.get("permanence", [None])[0],
        "permanence_moments": _dates(query.present, resolved.moment),
        "instant": resolved.moment,
        "tri": resolved.sort,
    }


def _dates(when: When | None, moment: datetime) -> list[dict[str, datetime]]:
    return [
        {"de": start.replace(tzinfo=None), "a": end.replace(tzinfo=None)}
        for start, end in (windows(when, moment, PARIS) if when else ())
    ]


def _other_filters(query: PlaceQuery) -> dict[str, list[str]]:
    told: dict[str, list[str]] = {
        "typologies": list(query.typologies),
        "source": list(query.sources),
        "q": [query.words] if query.words else [],
        "accessible": ["oui"] if query.accessible else [],
        "rdv": ["oui"] if query.bookable else [],
        "bbox": [",".join(str(degree) for degree in query.box)] if query.box else [],
    }
    return {name: values for name, values in told.items() if values}


def answer(found: Answer, path: str, site: str) -> dict[str, Any]:
    query = found.resolved.query
    following = query.page * found.limit < found.total
    return {
        "question": question(found.resolved),
        "total": found.total,
        "total_est_un_minimum": found.more_than_total,
        "horaires_inconnus": found.unknown_hours,
        "page": query.page,
        "limite": found.limit,
        "suivante": site + query.address(path, page=query.page + 1) if following else None,
        "lieux": [place(row, site) for row in found.rows],
    }


CSV_COLUMNS = ("id", *(field.national for field in FIELDS))


def csv_row(row: Row[Any]) -> Iterator[str]:
    """Cells in the order of the national schema; several values are joined by «|»."""
    values = row._mapping  # pyright: ignore[reportPrivateUsage] - SQLAlchemy's public name
    yield row.public_id
    for field in FIELDS:
        value = values[field.column]
        if value is None:
            yield ""
        elif field.many:
            yield harmless("|".join(str(one) for one in value))
        else:
            yield harmless(str(value))


def harmless(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula: numbers and phone numbers stay as they are."""
    if cell[:1] in ("=", "@", "\t", "\r") or (
        cell[:1] in ("+", "-") and not cell[1:].replace(".", "", 1).isdigit()
    ):
        return "'" + cell
    return cell
