"""Outlines and names of territories on tiles: simplified, without gaps."""

from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine, text

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


def holes_and_overlap(connection: Connection, detail: int, type_: str) -> tuple[int, float]:
    """How many holes the union of the territories has, and which share of it is covered twice."""
    row = connection.execute(
        text("""
        WITH whole AS (
          SELECT ST_Union(outline) AS all_of_them, sum(ST_Area(outline)) AS area
          FROM territory_outlines WHERE detail = :detail AND type = :type
        )
        SELECT (SELECT sum(ST_NumInteriorRings(geom)) FROM ST_Dump(all_of_them)),
          area / ST_Area(all_of_them) - 1 FROM whole"""),
        {"detail": detail, "type": type_},
    ).one()
    return row[0], row[1]


@pytest.mark.parametrize(("detail", "type_"), [(1, "epci"), (1, "departement"), (0, "departement")])
def test_no_gap_opens_between_simplified_neighbours(
    owner: Engine, real_data: Path, detail: int, type_: str
) -> None:
    with owner.begin() as connection:
        load(connection, str(real_data / "territoires"))
        connection.execute(text("SELECT refresh_territory_outlines()"))
        holes, overlap = holes_and_overlap(connection, detail, type_)
        given_holes, _ = holes_and_overlap(connection, 2, type_)
        points = (
            "SELECT sum(ST_NPoints(outline)) FROM territory_outlines WHERE type = :t AND detail = "
        )
        simplified = connection.scalar(text(points + str(detail)), {"t": type_})
        given = connection.scalar(text(points + "2"), {"t": type_})

    assert holes <= given_holes
    assert abs(overlap) < 1e-6
    assert simplified < given
