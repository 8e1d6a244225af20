"""The communes of the gazetteer, in memory for the length of an import."""

import csv
import gzip
import io
import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import Any

from sqlalchemy import Connection, text

from geoservice.geo import Box, LonLat
from geoservice.territories.names import words

KM_PER_DEGREE = 111.2


@dataclass(frozen=True, slots=True)
class Commune:
    code: str
    name: str
    departement: str | None
    postal_codes: frozenset[str]
    box: Box | None
    """Around its outline and those of the communes that joined it."""

    def distance_km(self, point: LonLat) -> float:
        """From the commune's box; 0 inside, or when the outline is not known."""
        if self.box is None:
            return 0.0
        east_west = max(self.box.west - point.lon, 0.0, point.lon - self.box.east)
        north_south = max(self.box.south - point.lat, 0.0, point.lat - self.box.north)
        return KM_PER_DEGREE * math.hypot(
            east_west * math.cos(math.radians(point.lat)), north_south
        )


@dataclass(frozen=True, slots=True)
class Name:
    """A name by which a commune is called, or was."""

    code: str
    """Of today's commune."""
    former: bool
    postal_codes: frozenset[str]


def _nowhere(_: LonLat) -> str | None:
    return None


def _no_outline(_: str, __: LonLat) -> float:
    return 0.0


@dataclass
class Gazetteer:
    communes: dict[str, Commune] = field(default_factory=dict[str, Commune])
    names: dict[str, list[Name]] = field(default_factory=dict[str, list[Name]])
    """Words of a name, see `words` → the communes called so."""
    commune_at: Callable[[LonLat], str | None] = _nowhere
    outline_km: Callable[[str, LonLat], float] = _no_outline
    """From the outline of the commune that has this code; 0 inside, or when it is not known."""

    def __post_init__(self) -> None:
        self.by_postal_code: dict[str, list[str]] = {}
        self.departements = {commune.departement for commune in self.communes.values()}
        for commune in self.communes.values():
            for code in commune.postal_codes:
                self.by_postal_code.setdefault(code, []).append(commune.code)

    def __bool__(self) -> bool:
        return bool(self.communes)

    def called(self, name: str) -> list[Name]:
        return self.names.get(words(name), [])

    def today(self, code: str) -> Commune | None:
        """The commune of today that an INSEE code means, be it that of a former commune."""
        return self.communes.get(successors().get(code, code)) or self.communes.get(code)


@cache
def successors() -> dict[str, str]:
    """Code of a former commune or of an arrondissement → code of today's commune."""
    packed = resources.files("geoservice.territories").joinpath("data", "former_communes.csv.gz")
    rows = csv.DictReader(io.StringIO(gzip.decompress(packed.read_bytes()).decode()))
    return {row["code"]: row["code_actuel"] for row in rows if row["code"] != row["code_actuel"]}


COMMUNES = """
SELECT code, name, departement, postal_codes FROM territories
WHERE type = 'commune' AND successor IS NULL
"""
BOXES = """
SELECT coalesce(successor, code), min(ST_XMin(outline)), min(ST_YMin(outline)),
  max(ST_XMax(outline)), max(ST_YMax(outline)), array_agg(code)
FROM territories WHERE type = 'commune' AND NOT ST_IsEmpty(outline) GROUP BY 1
"""
NAMES = """
SELECT name, commune, type <> 'commune', postal_codes FROM localities
WHERE type IN ('commune', 'ancienne-commune', 'arrondissement')
"""
AT = """
SELECT coalesce(successor, code) FROM territories
WHERE type = 'commune' AND ST_Covers(outline, ST_SetSRID(ST_MakePoint(:lon, :lat), 4326))
ORDER BY 1 LIMIT 1
"""

OUTLINE_KM = """
SELECT coalesce(ST_Distance(ST_Collect(outline)::geography, ST_Point(:lon, :lat, 4326)::geography) / 1000, 0)
FROM territories WHERE type = 'commune' AND code = ANY(:codes)
"""


def load(connection: Connection) -> Gazetteer:
    """The gazetteer of the database; empty, hence false, when none was loaded.

    It asks `connection` where a point is, and for outlines: use one that nothing else uses.
    """
    drawn = connection.execute(text(BOXES)).all()
    boxes = {code: Box(*bounds) for code, *bounds, _ in drawn}
    parts = {code: codes for code, *_, codes in drawn}
    communes = {
        code: Commune(code, name, departement, frozenset(postal_codes), boxes.get(code))
        for code, name, departement, postal_codes in connection.execute(text(COMMUNES))
    }

    def commune_at(point: LonLat) -> str | None:
        return connection.scalar(text(AT), {"lon": point.lon, "lat": point.lat})

    def outline_km(code: str, point: LonLat) -> float:
        asked = {"codes": parts.get(code, []), "lon": point.lon, "lat": point.lat}
        return connection.execute(text(OUTLINE_KM), asked).scalar_one()

    names = _by_words(connection.execute(text(NAMES)), communes)
    return Gazetteer(communes, names, commune_at, outline_km)


def _by_words(rows: Iterable[Any], communes: dict[str, Commune]) -> dict[str, list[Name]]:
    names: dict[str, list[Name]] = {}
    for name, code, former, postal_codes in rows:
        if code in communes:
            names.setdefault(words(name), []).append(Name(code, former, frozenset(postal_codes)))
    return names
