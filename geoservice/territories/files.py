"""Reading the territories of France: our own layout of files, or what the State publishes.

Every commune has the same columns wherever it comes from: code, nom, departement, region, epci,
population (empty for a former commune), codes_postaux joined by «|», longitude, latitude.
"""

import csv
import gzip
import io
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import httpx
import orjson
import shapely
from shapely.geometry import MultiPolygon, Point, Polygon
from shapely.geometry.base import BaseGeometry

DOWNLOAD_TIMEOUT_S = 120
OUTLINE_FILES = {
    "commune": "communes.geojson.gz",
    "epci": "epci.geojson.gz",
    "departement": "departements.geojson.gz",
    "region": "regions.geojson.gz",
}
FILES = ("communes.csv", *OUTLINE_FILES.values())

OFFICIAL = "officiel"
"""The word that stands for the State's own addresses, below."""
OFFICIAL_COMMUNES = (
    "https://geo.api.gouv.fr/communes?fields=code,nom,codeDepartement,codeRegion,codeEpci,"
    "population,codesPostaux,centre&format=json"
)
OFFICIAL_OUTLINES = "https://etalab-datasets.geo.data.gouv.fr/contours-administratifs/latest/geojson/{name}-100m.geojson.gz"

Commune = dict[str, str]
COMMUNE_COLUMNS = {
    *("code", "nom", "departement", "region", "epci", "population", "codes_postaux"),
    *("longitude", "latitude"),
}


class WrongTerritoryFiles(Exception):
    """What is missing or unreadable, in French, with what to do."""


@dataclass(frozen=True)
class Outline:
    name: str
    shape: MultiPolygon


def read(
    origin: str,
    official_communes: str = OFFICIAL_COMMUNES,
    official_outlines: str = OFFICIAL_OUTLINES,
) -> tuple[dict[str, Commune], dict[str, dict[str, Outline]]]:
    """Communes by code, and outlines by type then code.

    `origin` is a folder, a web address that serves the same files, or OFFICIAL. Raises
    WrongTerritoryFiles.
    """
    if origin == OFFICIAL:
        names = {
            "commune": "communes",
            "epci": "epci",
            "departement": "departements",
            "region": "regions",
        }
        outlines = {
            kind: _outlines(_fetch(official_outlines.format(name=name)), name)
            for kind, name in names.items()
        }
        return _official(_fetch(official_communes)), outlines
    content = _reader(origin)
    outlines = {kind: _outlines(content(name), name) for kind, name in OUTLINE_FILES.items()}
    return _communes(content("communes.csv")), outlines


def position(row: Commune) -> Point:
    return Point(float(row["longitude"]), float(row["latitude"]))


def postal_codes(row: Commune) -> list[str]:
    return [code for code in row["codes_postaux"].split("|") if code]


def _reader(origin: str) -> Callable[[str], bytes]:
    if origin.startswith(("http://", "https://")):
        return lambda name: _fetch(f"{origin.rstrip('/')}/{name}")
    folder = Path(origin)
    missing = [name for name in FILES if not (folder / name).is_file()]
    if missing:
        raise WrongTerritoryFiles(
            f"Il manque {', '.join(missing)} dans {folder}. "
            f"Le dossier doit contenir : {', '.join(FILES)}."
        )
    return lambda name: (folder / name).read_bytes()


def _fetch(address: str) -> bytes:
    try:
        answer = httpx.get(address, timeout=DOWNLOAD_TIMEOUT_S, follow_redirects=True)
        answer.raise_for_status()
    except httpx.HTTPError as error:
        raise WrongTerritoryFiles(
            f"{address} n’a pas pu être téléchargé ({error or type(error).__name__}). "
            "Vérifiez l’adresse et la connexion, puis recommencez."
        ) from None
    return answer.content


def _communes(content: bytes) -> dict[str, Commune]:
    try:
        communes = {
            row["code"]: row for row in csv.DictReader(io.StringIO(content.decode("utf-8-sig")))
        }
        for row in communes.values():
            position(row)
            int(row["population"] or 0)
            postal_codes(row)
            if row.keys() < COMMUNE_COLUMNS:
                raise KeyError(*(COMMUNE_COLUMNS - row.keys()))
        return communes
    except (
        UnicodeDecodeError,
        KeyError,
        TypeError,
        ValueError,
        AttributeError,
        csv.Error,
    ) as error:
        raise WrongTerritoryFiles(
            "communes.csv n’est pas lisible : il faut un CSV en UTF-8 avec les colonnes code, nom, "
            f"departement, region, epci, population, codes_postaux, longitude, latitude ({error})."
        ) from None


def _official(content: bytes) -> dict[str, Commune]:
    """What geo.api.gouv.fr answers, with our columns."""
    try:
        return {
            told["code"]: {
                "code": told["code"],
                "nom": told["nom"],
                "departement": told["codeDepartement"],
                "region": told.get("codeRegion", ""),
                "epci": told.get("codeEpci", ""),
                "population": str(told.get("population", 0)),
                "codes_postaux": "|".join(told["codesPostaux"]),
                "longitude": str(told["centre"]["coordinates"][0]),
                "latitude": str(told["centre"]["coordinates"][1]),
            }
            for told in orjson.loads(content)
            if "codeDepartement" in told
        }
    except (ValueError, KeyError, TypeError, IndexError) as error:
        raise WrongTerritoryFiles(
            f"La liste officielle des communes a changé de forme ({type(error).__name__} : {error})."
        ) from None


def _outlines(content: bytes, name: str) -> dict[str, Outline]:
    try:
        features = orjson.loads(gzip.decompress(content))["features"]
        return {
            feature["properties"]["code"]: Outline(
                feature["properties"]["nom"], _multi(shapely.geometry.shape(feature["geometry"]))
            )
            for feature in features
        }
    except (OSError, EOFError, ValueError, KeyError, TypeError) as error:
        raise WrongTerritoryFiles(
            f"{name} n’est pas lisible : il faut un GeoJSON compressé par gzip, "
            f"avec « code » et « nom » pour chaque contour ({type(error).__name__})."
        ) from None


def _multi(shape: BaseGeometry) -> MultiPolygon:
    valid = shape if shape.is_valid else shapely.make_valid(shape)
    parts = shapely.get_parts(shapely.get_parts(valid))
    return MultiPolygon([part for part in parts if isinstance(part, Polygon)])
