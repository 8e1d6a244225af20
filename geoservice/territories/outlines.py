"""The outlines of the territories in a rectangle, as SVG paths, and kept while the gazetteer stays."""

from collections import OrderedDict

from sqlalchemy import TextClause, text
from sqlalchemy.ext.asyncio import AsyncConnection

from geoservice.geo import LonLat
from geoservice.web.svg import HEIGHT, WIDTH, Area, Frame

KEPT_MAX = 200
COMMUNES_UP_TO_DEGREES = 1.3
"""A wider frame shows départements: communes would be dust, and weigh too much."""
DEPARTEMENTS_UP_TO_DEGREES = 14
"""A wider frame shows regions."""

# Simplified by snapping to the pixels: neighbours keep the very same border, without a gap.
# One relative path per territory, in whole pixels of the frame (ST_AsSVG turns north up into y down);
# nothing for what has become a dot.
IN_FRAME: TextClause = text("""
WITH frame AS (
  SELECT ST_MakeEnvelope(:west, :south, :east, :north, 4326) AS box
),
drawn AS (
  SELECT name, coalesce(population, 0) AS population, ST_X(point) AS lon, ST_Y(point) AS lat,
    ST_SnapToGrid(
      ST_ClipByBox2D(
        ST_Affine(ST_Transform(outline, 3857), :scale, 0, 0, :scale, :dx, :dy),
        ST_MakeEnvelope(-8, -:height - 8, :width + 8, 8, 3857)
      ), :step) AS shape
  FROM public_view.territories, frame
  WHERE type = :type AND successor IS NULL AND outline && box
)
SELECT name, population, lon, lat, ST_AsSVG(shape, 1, 0) AS path
FROM drawn
WHERE NOT ST_IsEmpty(shape)
ORDER BY name
LIMIT 600
""")

OF_TYPE: TextClause = text("""
WITH drawn AS (
  SELECT code,
    ST_SnapToGrid(
      ST_Affine(ST_Transform(outline, 3857), :scale, 0, 0, :scale, :dx, :dy), :step) AS shape
  FROM public_view.territories
  WHERE type = :type AND code = ANY(:codes)
)
SELECT code, ST_AsSVG(shape, 1, 0) AS path FROM drawn WHERE NOT ST_IsEmpty(shape)
""")

VERSION = text("SELECT version FROM public_view.data_versions WHERE dataset = 'territories'")

_kept: OrderedDict[tuple[int, Frame], tuple[Area, ...]] = OrderedDict()


async def in_frame(db: AsyncConnection, frame: Frame) -> tuple[Area, ...]:
    """Communes, départements or regions, according to the width of the frame."""
    version = (await db.execute(VERSION)).scalar_one_or_none() or 0
    key = (version, frame)
    if key in _kept:
        _kept.move_to_end(key)
        return _kept[key]
    rows = (await db.execute(IN_FRAME, _values(frame))).all()
    areas = tuple(
        Area(row.name, row.path, row.population, LonLat(row.lon, row.lat)) for row in rows
    )
    _kept[key] = areas
    while len(_kept) > KEPT_MAX:
        _kept.popitem(last=False)
    return areas


async def of_type(
    db: AsyncConnection, frame: Frame, type_: str, codes: list[str]
) -> dict[str, str]:
    """Code of each of the territories → the path of its outline in the frame."""
    rows = await db.execute(OF_TYPE, {**_values(frame), "type": type_, "codes": codes})
    return {row.code: row.path for row in rows}


EARTH_M = 40_075_016.685578488
"""Length of the equator, and side of the Web Mercator plane, in metres."""


def _values(frame: Frame) -> dict[str, object]:
    scale = frame.unit / EARTH_M
    return {
        **frame.box._asdict(),
        "scale": scale,
        "dx": (0.5 - frame.west) * frame.unit,
        "dy": (frame.north - 0.5) * frame.unit,
        "width": WIDTH,
        "height": HEIGHT,
        "step": 2,
        "type": _type(frame.width_degrees),
    }


def _type(width_degrees: float) -> str:
    if width_degrees <= COMMUNES_UP_TO_DEGREES:
        return "commune"
    return "departement" if width_degrees <= DEPARTEMENTS_UP_TO_DEGREES else "region"
