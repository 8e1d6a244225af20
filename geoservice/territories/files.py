"""Reading the territories of France: our own layout of files, or what the State publishes.

Every commune has the same columns wherever it comes from: code, nom, departement, region, epci,
population (empty for a former commune), codes_postaux joined by «|», longitude, latitude.
"""

import csv
import gzip
import io
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import httpx
import orjson
import shapely
from shapely.geometry import MultiPolygon, Point, Polygon
from shapely.geometry.base import BaseGeometry

from geoservice.system import reason

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
    return lambda name: _file(folder / name)


def _file(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise WrongTerritoryFiles(
            f"{path} ne peut pas être lu ({reason(error)}). Vérifiez ses droits, puis recommencez."
        ) from None


def _fetch(address: str) -> bytes:
    try:
        answer = httpx.get(address, timeout=DOWNLOAD_TIMEOUT_S, follow_redirects=True)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        why = (
            f"pas de réponse en {DOWNLOAD_TIMEOUT_S} s"
            if isinstance(error, httpx.TimeoutException)
            else "adresse qui ne se lit pas"
            if isinstance(error, (httpx.InvalidURL, httpx.UnsupportedProtocol))
            else "pas de serveur à cette adresse, ou pas d’internet"
            if isinstance(error, httpx.ConnectError)
            else "la liaison a été coupée"
        )
        raise _not_fetched(address, why) from None
    if not answer.is_success:
        raise _not_fetched(address, f"le serveur répond par une erreur {answer.status_code}")
    return answer.content


def _not_fetched(address: str, why: str) -> WrongTerritoryFiles:
    return WrongTerritoryFiles(
        f"{address} n’a pas pu être téléchargé : {why}. "
        "Vérifiez l’adresse et la connexion, puis recommencez."
    )


def _communes(content: bytes) -> dict[str, Commune]:
    def wrong(what: str) -> WrongTerritoryFiles:
        return WrongTerritoryFiles(
            "communes.csv n’est pas lisible : il faut un CSV en UTF-8 avec les colonnes code, nom, "
            f"departement, region, epci, population, codes_postaux, longitude, latitude ({what})."
        )

    try:
        reader = csv.DictReader(io.StringIO(content.decode("utf-8-sig")))
        if missing := sorted(COMMUNE_COLUMNS.difference(reader.fieldnames or ())):
            raise wrong(f"il manque {', '.join(missing)}")
        communes: dict[str, Commune] = {}
        for row in reader:
            try:
                position(row)
                int(row["population"] or 0)
                postal_codes(row)
            except (TypeError, ValueError, AttributeError):
                raise wrong(f"la ligne {reader.line_num} ne se lit pas") from None
            communes[row["code"]] = row
    except UnicodeDecodeError:
        raise wrong("ce n’est pas de l’UTF-8") from None
    except csv.Error:
        raise wrong("ce n’est pas un CSV") from None
    return communes


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
    except orjson.JSONDecodeError:
        raise WrongTerritoryFiles(
            "La liste officielle des communes n’est plus du JSON : l’adresse a peut-être changé."
        ) from None
    except (ValueError, KeyError, TypeError, IndexError) as error:
        missing = f" : « {error.args[0]} » manque" if isinstance(error, KeyError) else ""
        raise WrongTerritoryFiles(
            f"La liste officielle des communes a changé de forme{missing}. Chargez plutôt un "
            "dossier qui a nos colonnes (docs/territoires.md)."
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
    except (OSError, EOFError, zlib.error, ValueError, KeyError, TypeError):
        raise WrongTerritoryFiles(
            f"{name} n’est pas lisible : il faut un GeoJSON compressé par gzip, "
            "avec « code » et « nom » pour chaque contour."
        ) from None


def _multi(shape: BaseGeometry) -> MultiPolygon:
    valid = shape if shape.is_valid else shapely.make_valid(shape)
    parts = shapely.get_parts(shapely.get_parts(valid))
    return MultiPolygon([part for part in parts if isinstance(part, Polygon)])
