"""Perimeters as every address reads them: through a view, like the territories of the State."""

from typing import Any

from geoalchemy2 import Geometry
from sqlalchemy import (
    ARRAY,
    Boolean,
    Column,
    ColumnElement,
    Float,
    Select,
    Table,
    Text,
    and_,
    any_,
    func,
    literal,
    null,
    or_,
    select,
    text,
)

from geoservice.db.base import views
from geoservice.teams.naming import PERIMETER
from geoservice.territories.queries import territories

perimeters = Table(
    "perimeters",
    views,
    Column("code", Text),
    Column("name", Text),
    Column("is_listed", Boolean),
    Column("communes", ARRAY(Text)),
    Column[Any]("outline", Geometry("MULTIPOLYGON", 4326, spatial_index=False)),
)


def perimeter(code: str) -> Select[*tuple[Any, ...]]:
    """The columns of `territories.queries.territory`."""
    here, listed = perimeters.c, territories.c
    population = (
        select(func.sum(listed.population))
        .where(listed.type == "commune", listed.code == any_(here.communes))
        .scalar_subquery()
    )
    return select(
        literal(PERIMETER).label("type"),
        here.code,
        here.name,
        null().label("departement"),
        population.label("population"),
        func.ST_XMin(here.outline, type_=Float).label("west"),
        func.ST_YMin(here.outline, type_=Float).label("south"),
        func.ST_XMax(here.outline, type_=Float).label("east"),
        func.ST_YMax(here.outline, type_=Float).label("north"),
    ).where(here.code == code)


def contains(
    code: str, code_insee: ColumnElement[Any], point: ColumnElement[Any]
) -> ColumnElement[bool]:
    """Whether a place is inside: by its commune when they are listed, by its position when drawn.

    A place without position is in a drawn perimeter when the middle of its commune is.
    """
    here = perimeters.c
    listed = select(func.unnest(here.communes, type_=Text)).where(here.code == code, here.is_listed)
    all_communes = select(func.unnest(here.communes, type_=Text)).where(here.code == code)
    drawn = select(here.outline).where(here.code == code, ~here.is_listed).scalar_subquery()
    return or_(
        code_insee.in_(listed),
        func.ST_Intersects(point, drawn),
        and_(point.is_(None), code_insee.in_(all_communes)),
    )


def holds_commune(code: str, commune: ColumnElement[Any]) -> ColumnElement[bool]:
    """Whether a commune is listed, or has its middle inside."""
    here = perimeters.c
    return commune.in_(select(func.unnest(here.communes, type_=Text)).where(here.code == code))


OF_TEAM = text(
    """
    SELECT code, name, is_listed, cardinality(communes) AS communes, changed_at,
      EXISTS (SELECT FROM team_territories held
        WHERE held.type = 'perimetre' AND held.code = perimeters.code) AS is_held
    FROM perimeters WHERE team_id = :team ORDER BY name, id
    """
)

BOX = text(
    """
    SELECT ST_XMin(box) AS west, ST_YMin(box) AS south, ST_XMax(box) AS east, ST_YMax(box) AS north
    FROM (
      SELECT ST_Extent(commune.outline) AS box FROM team_territories held
      CROSS JOIN LATERAL communes_of(held.type, held.code) listed
      JOIN territories commune ON commune.type = 'commune' AND commune.code = listed
      WHERE held.team_id = :team
    ) territory WHERE box IS NOT NULL
    """
)

# What people typed, word by word; :codes are INSEE codes, :names are names of communes.
BY_CODE = text("SELECT code FROM territories WHERE type = 'commune' AND code = ANY (:codes)")
BY_NAME = text(
    """
    SELECT typed.name AS typed, here.code, here.name, here.departement
    FROM unnest(CAST(:names AS text[])) AS typed (name)
    JOIN localities here ON here.norm = norm(typed.name) AND here.type = 'commune'
    ORDER BY typed.name, here.population DESC, here.code
    """
)
SHARING = text(
    "SELECT code, name FROM localities WHERE type = 'commune' AND postal_codes @> ARRAY[:code]"
    " ORDER BY code LIMIT 10"
)
HELD = text(
    "SELECT communes_of(type, code) AS code FROM team_territories"
    " WHERE team_id = :team AND accepted_at IS NOT NULL"
)

SAVE_LISTED = text(
    """
    INSERT INTO perimeters (code, team_id, name, is_listed, communes, outline)
    SELECT :code, :team, :name, true, array_agg(code ORDER BY code),
      ST_Multi(ST_CollectionExtract(ST_UnaryUnion(ST_Collect(outline)), 3))
    FROM territories WHERE type = 'commune' AND code = ANY (:communes)
    """
)
IS_SWAPPED = text(
    """
    SELECT NOT EXISTS (SELECT FROM territories WHERE ST_Intersects(outline, drawn))
      AND EXISTS (SELECT FROM territories WHERE ST_Intersects(outline, ST_FlipCoordinates(drawn)))
    FROM CAST(:outline AS geometry) AS drawn
    """
)
"""Whether it is nowhere in France, but would be with latitudes and longitudes exchanged."""

SAVE_DRAWN = text(
    """
    INSERT INTO perimeters (code, team_id, name, is_listed, communes, outline)
    SELECT :code, :team, :name, false,
      ARRAY(SELECT code FROM territories WHERE type = 'commune' AND successor IS NULL
        AND ST_Intersects(point, drawn) ORDER BY code),
      drawn
    FROM CAST(:outline AS geometry) AS drawn
    """
)
"""`outline` is EWKT."""
