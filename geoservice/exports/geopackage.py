"""A GeoPackage of the places: the SQLite file that QGIS and other map software open as it is.

Source: OGC 12-128r18, GeoPackage 1.3: the two tables that describe the content, the reference
systems, and one table of features with points in the standard's binary form.
"""

import sqlite3
import struct
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

APPLICATION_ID = 0x47504B47
"""«GPKG» in ASCII."""
VERSION = 10300
TABLE = "lieux"
CHUNK_BYTES = 64 * 1024
WGS84 = (
    'GEOGCS["WGS 84",DATUM["WGS_1984",SPHEROID["WGS 84",6378137,298.257223563]],'
    'PRIMEM["Greenwich",0],UNIT["degree",0.0174532925199433],AUTHORITY["EPSG","4326"]]'
)
DESCRIPTION = f"""
PRAGMA application_id = {APPLICATION_ID};
PRAGMA user_version = {VERSION};
PRAGMA synchronous = OFF;
PRAGMA journal_mode = OFF;
CREATE TABLE gpkg_spatial_ref_sys (
  srs_name TEXT NOT NULL, srs_id INTEGER PRIMARY KEY, organization TEXT NOT NULL,
  organization_coordsys_id INTEGER NOT NULL, definition TEXT NOT NULL, description TEXT
);
INSERT INTO gpkg_spatial_ref_sys VALUES
  ('Undefined cartesian SRS', -1, 'NONE', -1, 'undefined', NULL),
  ('Undefined geographic SRS', 0, 'NONE', 0, 'undefined', NULL),
  ('WGS 84 geodetic', 4326, 'EPSG', 4326, '{WGS84}', 'longitude, latitude');
CREATE TABLE gpkg_contents (
  table_name TEXT NOT NULL PRIMARY KEY, data_type TEXT NOT NULL, identifier TEXT UNIQUE,
  description TEXT DEFAULT '', last_change DATETIME NOT NULL, min_x DOUBLE, min_y DOUBLE,
  max_x DOUBLE, max_y DOUBLE, srs_id INTEGER REFERENCES gpkg_spatial_ref_sys (srs_id)
);
CREATE TABLE gpkg_geometry_columns (
  table_name TEXT NOT NULL UNIQUE REFERENCES gpkg_contents (table_name), column_name TEXT NOT NULL,
  geometry_type_name TEXT NOT NULL, srs_id INTEGER NOT NULL REFERENCES gpkg_spatial_ref_sys (srs_id),
  z TINYINT NOT NULL, m TINYINT NOT NULL, PRIMARY KEY (table_name, column_name)
);
INSERT INTO gpkg_geometry_columns VALUES ('{TABLE}', 'geom', 'POINT', 4326, 0, 0);
"""  # noqa: S608 - our constants


def point(lon: float, lat: float) -> bytes:
    """The standard's header (version 1, little-endian, no envelope, EPSG:4326), then a WKB point."""
    return struct.pack("<2sBBi", b"GP", 0, 1, 4326) + struct.pack("<BIdd", 1, 1, lon, lat)


class GeoPackage:
    """A file of its own while it is written; `read` gives its bytes and removes it."""

    def __init__(self, columns: Mapping[str, str]) -> None:
        """`columns`: name → SQLite type; they hold `longitude` and `latitude`."""
        self._folder = tempfile.TemporaryDirectory(prefix="geoservice-export-")
        self._path = Path(self._folder.name) / "lieux.gpkg"
        # a server may write one batch in one thread and the next in another, never two at once
        self._db = sqlite3.connect(self._path, check_same_thread=False)
        self._db.executescript(DESCRIPTION)
        named = ", ".join(f'"{name}" {kind}' for name, kind in columns.items())
        self._db.execute(
            f"CREATE TABLE {TABLE} (fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, geom POINT, {named})"
        )
        marks = ", ".join("?" * (len(columns) + 1))
        listed = ", ".join(f'"{name}"' for name in columns)
        self._insert = f"INSERT INTO {TABLE} (geom, {listed}) VALUES ({marks})"  # noqa: S608 - ours

    def add(self, places: Iterable[Mapping[str, Any]]) -> None:
        """Column → value, in the order of the columns; without a position, without a point."""
        self._db.executemany(self._insert, (_feature(place) for place in places))

    def read(self) -> Iterator[bytes]:
        west, south, east, north = self._box()
        self._db.execute(
            "INSERT INTO gpkg_contents VALUES (?, 'features', ?, ?, ?, ?, ?, ?, ?, 4326)",
            (
                TABLE,
                TABLE,
                "Lieux de médiation numérique",
                datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z"),
                west,
                south,
                east,
                north,
            ),
        )
        self._db.commit()
        self._db.close()
        with self._path.open("rb") as file:
            while chunk := file.read(CHUNK_BYTES):
                yield chunk
        self._folder.cleanup()

    def _box(self) -> tuple[Any, ...]:
        return self._db.execute(
            f"SELECT min(longitude), min(latitude), max(longitude), max(latitude) FROM {TABLE}"  # noqa: S608 - ours
        ).fetchone()


def _feature(place: Mapping[str, Any]) -> tuple[Any, ...]:
    lon, lat = place["longitude"], place["latitude"]
    geometry = None if lon is None or lat is None else point(lon, lat)
    return (geometry, *place.values())
