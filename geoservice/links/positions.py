"""Moving the point of a place: by an address, by steps towards the cardinal points, by its coordinates."""

import math
import re
from dataclasses import dataclass
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from geoservice.auth.forms import Form
from geoservice.geo import LonLat
from geoservice.imports.cleaning import Refused
from geoservice.settings import Settings
from geoservice.territories import outlines
from geoservice.territories.address import locate
from geoservice.web.problems import WrongQuestion
from geoservice.web.svg import Drawing, Frame, draw
from geoservice.web.typography import distance

METRE_DEGREES = 360 / 40_007_863
"""Of a meridian."""
TOWARDS = {"nord": (0, 1), "sud": (0, -1), "est": (1, 0), "ouest": (-1, 0)}
STEPS_M = (10, 100, 1000)
DRAWN_M = 3_000
_NUMBER = re.compile(r"\s*(-?\d{1,3}(?:[.,]\d+)?)\s*")


@dataclass(frozen=True)
class Asked:
    """The form of the position, as it was sent."""

    address: str
    latitude: str
    longitude: str
    towards: str
    step_m: str
    action: str

    @classmethod
    def of(cls, form: Form) -> "Asked":
        names = ("ou", "latitude", "longitude", "vers", "pas", "faire")
        return cls(*(form.one(name)[:200] for name in names))


def read_point(latitude: str, longitude: str) -> LonLat:
    """Raises Refused when it is not in a place where France is."""
    read = [_NUMBER.fullmatch(text) for text in (longitude, latitude)]
    if not all(read):
        raise Refused("Écrivez deux nombres. Par exemple : latitude 46,17 et longitude 1,87.")
    lon, lat = (float(found[1].replace(",", ".")) for found in read if found)
    try:
        return LonLat.checked(round(lon, 6), round(lat, 6))
    except ValueError:
        raise Refused("Cette position n’existe pas sur Terre.") from None


def moved(point: LonLat, towards: str, step_m: str) -> LonLat:
    """A step of `step_m` metres; a direction or a step that is none moves nothing."""
    east, north = TOWARDS.get(towards, (0, 0))
    metres = int(step_m) if step_m in map(str, STEPS_M) else 0
    lat = point.lat + north * metres * METRE_DEGREES
    lat = max(-90.0, min(90.0, lat))
    narrowed = max(0.01, math.cos(math.radians(point.lat)))
    lon = point.lon + east * metres * METRE_DEGREES / narrowed
    return LonLat(round((lon + 180) % 360 - 180, 6), round(lat, 6))


def metres_between(one: LonLat, other: LonLat) -> float:
    """As the crow flies, on a sphere."""
    lat_1, lat_2 = math.radians(one.lat), math.radians(other.lat)
    half = (
        math.sin((lat_2 - lat_1) / 2) ** 2
        + math.cos(lat_1) * math.cos(lat_2) * math.sin(math.radians(other.lon - one.lon) / 2) ** 2
    )
    return 2 * 6_371_008 * math.asin(min(1.0, math.sqrt(half)))


async def find(db: AsyncConnection, address: str, settings: Settings) -> tuple[LonLat, str]:
    """Where an address is, and a sentence about it. Raises Refused."""
    if not address:
        raise Refused("Écrivez une adresse à chercher.")
    try:
        found = await locate(db, address, settings)
    except WrongQuestion as wrong:
        raise Refused(wrong.faults[0].message) from None
    if found.precision == "adresse":
        return found.point, f"Nous avons trouvé : {found.label}."
    return found.point, (
        f"Nous avons trouvé la commune seulement : {found.label}. Déplacez le point jusqu’au lieu."
    )


async def drawn(db: AsyncConnection, point: LonLat) -> Drawing:
    frame = Frame.around([point], DRAWN_M)
    return draw(frame, await outlines.in_frame(db, frame), [(0, point)])


def how_far(before: Any, point: LonLat) -> str | None:
    """«à 350 m de la position d’avant»; None when there was none."""
    if not before:
        return None
    metres = metres_between(LonLat(before["lon"], before["lat"]), point)
    if metres < 1:
        return None
    told = f"{round(metres)} m" if metres < 1000 else distance(metres)
    return f"à {told} de la position d’avant"
