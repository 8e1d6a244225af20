"""Loading the gazetteer: territories with their outlines, and the names people look for."""

import csv
import gzip
import io
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import resources
from typing import Any, cast

import psycopg
import shapely
from shapely.geometry import MultiPolygon, Point
from shapely.geometry.base import BaseGeometry
from sqlalchemy import Connection

from geoservice.territories import files
from geoservice.territories.files import Commune, Outline, position, postal_codes


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
    gazetteer = _Gazetteer(*files.read(origin))
    driver = cast("psycopg.Connection[Any]", connection.connection.driver_connection)
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
        cursor.execute("SELECT refresh_territory_outlines()")  # what the map's tiles draw
    return Loaded(
        communes=len(gazetteer.communes),
        epci=len(gazetteer.outlines["epci"]),
        departements=len(gazetteer.outlines["departement"]),
        regions=len(gazetteer.outlines["region"]),
        localities=localities,
    )


def _ewkb(shape: BaseGeometry) -> str:
    placed = shapely.set_srid(shape, 4326)  # pyright: ignore[reportUnknownMemberType]
    return shapely.to_wkb(placed, hex=True, include_srid=True)


def _data(name: str) -> bytes:
    return resources.files("geoservice.territories").joinpath("data", name).read_bytes()


class _Gazetteer:
    def __init__(
        self, communes: dict[str, Commune], outlines: dict[str, dict[str, Outline]]
    ) -> None:
        self.communes = communes
        self.outlines = outlines
        former = gzip.decompress(_data("former_communes.csv.gz")).decode()
        self.former = list(csv.DictReader(io.StringIO(former)))
        # the seat of a new commune keeps its code, and is not gone
        self.successors = {
            row["code"]: row["code_actuel"]
            for row in self.former
            if row["code_actuel"] != row["code"]
        }
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
        for code, row in self.communes.items():
            outline = self.outlines["commune"].get(code)
            successor = self.successors.get(code)
            yield (
                "commune", code, row["nom"], row["departement"], row["region"],
                row["epci"] or None, int(row["population"]) if row["population"] else None,
                postal_codes(row), _ewkb(position(row)),
                _ewkb(outline.shape if outline else MultiPolygon()),
                successor,
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
        for code, row in self.communes.items():
            successor = self.successors.get(code)
            listed.add((code, row["nom"]))
            yield (
                "ancienne-commune" if successor else "commune", code,
                successor if successor in self.communes else code, row["nom"], row["departement"],
                postal_codes(row), int(row["population"] or 0), _ewkb(position(row)),
            )  # fmt: skip
        for row in self.former:
            today = self.communes.get(row["code_actuel"])
            if today is None or not row["nom"] or (row["code"], row["nom"]) in listed:
                continue
            arrondissement = row["type"] == "arrondissement-municipal"
            yield (
                "arrondissement" if arrondissement else "ancienne-commune", row["code"],
                row["code_actuel"], row["nom"], today["departement"],
                postal_codes(row), 0,
                _ewkb(self.arrondissement_points.get(row["code"], position(today))),
            )  # fmt: skip
        for kind in ("epci", "departement", "region"):
            for code, outline in self.outlines[kind].items():
                yield (
                    kind, code, None, outline.name, code if kind == "departement" else None, [],
                    self.populations.get((kind, code), 0),
                    _ewkb(outline.shape.representative_point()),
                )  # fmt: skip
