"""Loading the gazetteer: territories with their outlines, and the names people look for."""

import csv
import gzip
import io
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

import httpx
import orjson
import psycopg
import shapely
from shapely.geometry import MultiPolygon, Point, Polygon
from sqlalchemy import Connection

DOWNLOAD_TIMEOUT_S = 60
OUTLINE_FILES = {
    "commune": "communes.geojson.gz",
    "epci": "epci.geojson.gz",
    "departement": "departements.geojson.gz",
    "region": "regions.geojson.gz",
}
FILES = ("communes.csv", *OUTLINE_FILES.values())


class WrongTerritoryFiles(Exception):
    """What is missing or unreadable, in French, with what to do."""


@dataclass(frozen=True)
class Loaded:
    communes: int
    epci: int
    departements: int
    regions: int
    localities: int


def load(
    connection: Connection, origin: str, advance: Callable[[int], None] = lambda _: None
) -> Loaded:
    """Replace the gazetteer by the files of a folder, or of an address that serves the same files.

    `advance` is told how many territories were written. Raises WrongTerritoryFiles; writes in the
    caller's transaction.
    """
    read = _reader(origin)
    gazetteer = _Gazetteer(
        _communes(read), {kind: _outlines(read, name) for kind, name in OUTLINE_FILES.items()}
    )
    driver = connection.connection.driver_connection
    assert isinstance(driver, psycopg.Connection)  # noqa: S101 - our engines use psycopg
    with driver.cursor() as cursor:
        cursor.execute("DELETE FROM localities")
        cursor.execute("DELETE FROM territories")
        with cursor.copy(
            "COPY territories (type, code, name, departement, region, epci, population,"
            " postal_codes, point, outline, successor) FROM STDIN"
        ) as copy:
            for number, row in enumerate(gazetteer.territories(), start=1):
                copy.write_row(row)
                if number % 500 == 0:
                    advance(500)
        with cursor.copy(
            "COPY localities (type, code, commune, name, departement, postal_codes, population,"
            " point) FROM STDIN"
        ) as copy:
            localities = 0
            for row in gazetteer.localities():
                copy.write_row(row)
                localities += 1
        cursor.execute("ANALYZE territories, localities")
    return Loaded(
        communes=len(gazetteer.communes),
        epci=len(gazetteer.outlines["epci"]),
        departements=len(gazetteer.outlines["departement"]),
        regions=len(gazetteer.outlines["region"]),
        localities=localities,
    )


def _reader(origin: str) -> Callable[[str], bytes]:
    if origin.startswith(("http://", "https://")):

        def fetch(name: str) -> bytes:
            try:
                answer = httpx.get(
                    f"{origin.rstrip('/')}/{name}",
                    timeout=DOWNLOAD_TIMEOUT_S,
                    follow_redirects=True,
                )
                answer.raise_for_status()
            except httpx.HTTPError as error:
                raise WrongTerritoryFiles(
                    f"{name} n’a pas pu être téléchargé depuis {origin} ({type(error).__name__}). "
                    "Vérifiez l’adresse et la connexion, puis recommencez."
                ) from None
            return answer.content

        return fetch

    folder = Path(origin)
    missing = [name for name in FILES if not (folder / name).is_file()]
    if missing:
        raise WrongTerritoryFiles(
            f"Il manque {', '.join(missing)} dans {folder}. "
            f"Le dossier doit contenir : {', '.join(FILES)}."
        )
    return lambda name: (folder / name).read_bytes()


def _communes(read: Callable[[str], bytes]) -> dict[str, dict[str, str]]:
    try:
        rows = csv.DictReader(io.StringIO(read("communes.csv").decode("utf-8-sig")))
        communes = {row["code"]: row for row in rows}
        for row in communes.values():
            _point(row)
            int(row["population"] or 0)
            _split(row["codes_postaux"])
        return communes
    except (UnicodeDecodeError, KeyError, TypeError, ValueError) as error:
        raise WrongTerritoryFiles(
            "communes.csv n’est pas lisible : il faut un CSV en UTF-8 avec les colonnes code, nom, "
            f"departement, region, epci, population, codes_postaux, longitude, latitude ({error})."
        ) from None


@dataclass(frozen=True)
class _Outline:
    name: str
    shape: MultiPolygon


def _outlines(read: Callable[[str], bytes], name: str) -> dict[str, _Outline]:
    try:
        features = orjson.loads(gzip.decompress(read(name)))["features"]
        return {
            feature["properties"]["code"]: _Outline(
                feature["properties"]["nom"], _multi(shapely.geometry.shape(feature["geometry"]))
            )
            for feature in features
        }
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise WrongTerritoryFiles(
            f"{name} n’est pas lisible : il faut un GeoJSON compressé par gzip, "
            f"avec « code » et « nom » pour chaque contour ({type(error).__name__})."
        ) from None


def _multi(shape: Any) -> MultiPolygon:
    valid = shape if shape.is_valid else shapely.make_valid(shape)
    if isinstance(valid, MultiPolygon):
        return valid
    parts = [valid] if isinstance(valid, Polygon) else valid.geoms
    return MultiPolygon([part for part in parts if isinstance(part, Polygon)])


def _ewkb(shape: Any) -> str:
    return shapely.to_wkb(shapely.set_srid(shape, 4326), hex=True, include_srid=True)


def _data(name: str) -> bytes:
    return resources.files(__package__).joinpath("data", name).read_bytes()


class _Gazetteer:
    def __init__(
        self, communes: dict[str, dict[str, str]], outlines: dict[str, dict[str, _Outline]]
    ) -> None:
        self.communes = communes
        self.outlines = outlines
        former = gzip.decompress(_data("former_communes.csv.gz")).decode()
        self.former = list(csv.DictReader(io.StringIO(former)))
        points = csv.DictReader(io.StringIO(_data("arrondissement_points.csv").decode()))
        self.arrondissement_points = {
            row["code"]: Point(float(row["longitude"]), float(row["latitude"])) for row in points
        }
        self.populations: Counter[tuple[str, str]] = Counter()
        for row in communes.values():
            for kind in ("epci", "departement", "region"):
                if row[kind] and row["population"]:
                    self.populations[kind, row[kind]] += int(row["population"])

    def territories(self) -> Iterator[tuple[Any, ...]]:
        successors = {row["code"]: row["code_actuel"] for row in self.former}
        for code, row in self.communes.items():
            outline = self.outlines["commune"].get(code)
            gone = not row["population"]
            yield (
                "commune", code, row["nom"], row["departement"], row["region"],
                row["epci"] or None, None if gone else int(row["population"]),
                _split(row["codes_postaux"]), _ewkb(_point(row)),
                _ewkb(outline.shape if outline else MultiPolygon()),
                successors.get(code) if gone else None,
            )  # fmt: skip
        region_of = {row["departement"]: row["region"] for row in self.communes.values()}
        for kind in ("epci", "departement", "region"):
            for code, outline in self.outlines[kind].items():
                yield (
                    kind, code, outline.name, code if kind == "departement" else None,
                    region_of.get(code) if kind == "departement" else None, None,
                    self.populations.get((kind, code)), [],
                    _ewkb(outline.shape.representative_point()), _ewkb(outline.shape), None,
                )  # fmt: skip

    def localities(self) -> Iterator[tuple[Any, ...]]:
        listed: set[tuple[str, str]] = set()
        successors = {row["code"]: row["code_actuel"] for row in self.former}
        for code, row in self.communes.items():
            gone = not row["population"]
            listed.add((code, row["nom"]))
            yield (
                "ancienne-commune" if gone else "commune", code,
                successors.get(code, code) if gone else code, row["nom"], row["departement"],
                _split(row["codes_postaux"]), int(row["population"] or 0), _ewkb(_point(row)),
            )  # fmt: skip
        for row in self.former:
            today = self.communes.get(row["code_actuel"])
            if today is None or not row["nom"] or (row["code"], row["nom"]) in listed:
                continue
            arrondissement = row["type"] == "arrondissement-municipal"
            yield (
                "arrondissement" if arrondissement else "ancienne-commune", row["code"],
                row["code_actuel"], row["nom"], today["departement"],
                _split(row["codes_postaux"]), 0,
                _ewkb(self.arrondissement_points.get(row["code"], _point(today))),
            )  # fmt: skip
        for kind in ("epci", "departement", "region"):
            for code, outline in self.outlines[kind].items():
                yield (
                    kind, code, None, outline.name, code if kind == "departement" else None, [],
                    self.populations.get((kind, code), 0),
                    _ewkb(outline.shape.representative_point()),
                )  # fmt: skip


def _point(row: dict[str, str]) -> Point:
    return Point(float(row["longitude"]), float(row["latitude"]))


def _split(codes: str) -> list[str]:
    return [code for code in codes.split("|") if code]
