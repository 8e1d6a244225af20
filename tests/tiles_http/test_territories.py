"""Outlines and names of territories on tiles: simplified, without gaps."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine, NullPool, create_engine, text

from geoservice.db.server import Server
from geoservice.territories.actions import load
from tests.tiles_http.conftest import Get
from tests.tiles_http.mvt import read
from tiles.arithmetic import Tile, tile_of

DIGNE = (6.2359, 44.0925)


@pytest.fixture
def demonstration_territories(owner: Engine, demonstration: Path) -> Engine:
    with owner.begin() as connection:
        load(connection, str(demonstration / "territoires"))
        connection.execute(text("SELECT refresh_territory_outlines()"))
    return owner


def address(tile: Tile) -> str:
    return f"/tuiles/territoires/{tile.z}/{tile.x}/{tile.y}.mvt"


@pytest.mark.usefixtures("demonstration_territories")
def test_a_tile_outlines_the_territories_of_its_zoom(get: Get) -> None:
    far = read(get(address(tile_of(*DIGNE, 6))).content)
    near = read(get(address(tile_of(*DIGNE, 11))).content)

    assert {feature.properties["type"] for feature in far["territoires"]} == {
        "region",
        "departement",
    }
    assert "04" in {feature.properties["code"] for feature in far["territoires"]}
    communes = {
        f.properties["nom"] for f in near["territoires"] if f.properties["type"] == "commune"
    }
    assert "Digne-les-Bains" in communes
    assert "Digne-les-Bains" in {feature.properties["nom"] for feature in near["noms"]}


@pytest.mark.usefixtures("demonstration_territories")
def test_the_sea_far_from_everything_is_an_empty_tile(get: Get) -> None:
    assert get(address(tile_of(-40, 30, 8))).status_code == 204


@pytest.fixture(scope="module")
def france(base: Server, real_data: Path) -> Iterator[Connection]:
    """All the territories of France, never committed."""
    engine = create_engine(base.owner, poolclass=NullPool)
    with engine.connect() as connection:
        load(connection, str(real_data / "territoires"))
        connection.execute(text("SELECT refresh_territory_outlines()"))
        yield connection
        connection.rollback()
    engine.dispose()


UNION = text("""
WITH whole AS (
  SELECT ST_Union(outline) AS all_of_them, sum(ST_Area(outline)) AS area, sum(ST_NPoints(outline)) AS points
  FROM territory_outlines WHERE detail = :detail AND type = :type
)
SELECT (SELECT sum(ST_NumInteriorRings(geom)) FROM ST_Dump(all_of_them)) AS holes,
  area / ST_Area(all_of_them) - 1 AS covered_twice, points
FROM whole""")


@pytest.mark.parametrize(
    ("detail", "type_"), [(1, "region"), (1, "departement"), (0, "departement")]
)
def test_no_gap_opens_between_simplified_neighbours(
    france: Connection, detail: int, type_: str
) -> None:
    simple = france.execute(UNION, {"detail": detail, "type": type_}).one()
    exact = france.execute(UNION, {"detail": 2, "type": type_}).one()

    assert simple.holes <= exact.holes  # Valréas is one that is real
    assert abs(simple.covered_twice) < 1e-6
    assert simple.points < exact.points
