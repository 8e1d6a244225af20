import gzip
from pathlib import Path

import pytest
from sqlalchemy import Connection, text

from geoservice.paths import SOURCES
from geoservice.territories import actions, files
from geoservice.territories.files import WrongTerritoryFiles

from .conftest import as_json, count, file_of, serving

DEMO = SOURCES / "demo" / "territoires"


def test_the_real_france_is_loaded_whole(db: Connection, real_data: Path) -> None:
    loaded = actions.load(db, str(real_data / "territoires"))

    assert (loaded.communes, loaded.epci, loaded.departements, loaded.regions) == (
        35_357,
        1_250,
        101,
        18,
    )
    assert [count(db, kind) for kind in ("commune", "epci", "departement", "region")] == [
        35_357,
        1_250,
        101,
        18,
    ]


def test_loading_again_replaces(db: Connection) -> None:
    first = actions.load(db, str(DEMO))

    assert actions.load(db, str(DEMO)) == first
    assert count(db, "commune") == first.communes


def test_the_same_files_come_from_a_web_address(db: Connection) -> None:
    with serving(file_of(DEMO)) as address:
        loaded = actions.load(db, address)

    assert loaded.communes == count(db, "commune") > 1_000


def test_an_address_without_the_files_is_said_and_the_base_is_as_before(db: Connection) -> None:
    actions.load(db, str(DEMO))
    before = count(db, "commune")

    with (
        serving(lambda _: (404, b"")) as address,
        pytest.raises(WrongTerritoryFiles, match="communes"),
    ):
        actions.load(db, address)
    assert count(db, "commune") == before


def test_a_folder_that_lacks_a_file_names_it(tmp_path: Path) -> None:
    with pytest.raises(WrongTerritoryFiles, match=r"Il manque communes\.csv"):
        files.read(str(tmp_path))


@pytest.mark.parametrize(
    "communes",
    [
        b"\xff\xfe",
        b"code,nom\n01001,X\n",
        b"code,nom,departement,region,epci,population,codes_postaux,longitude,latitude\n1,A,01,84,,x,,1,2\n",
    ],
)
def test_unreadable_communes_are_refused_with_the_columns_that_are_needed(
    tmp_path: Path, communes: bytes
) -> None:
    for name in files.FILES:
        (tmp_path / name).write_bytes((DEMO / name).read_bytes())
    (tmp_path / "communes.csv").write_bytes(communes)

    with pytest.raises(WrongTerritoryFiles, match="codes_postaux"):
        files.read(str(tmp_path))


def test_an_outline_file_cut_short_is_refused(tmp_path: Path) -> None:
    for name in files.FILES:
        (tmp_path / name).write_bytes((DEMO / name).read_bytes())
    (tmp_path / "epci.geojson.gz").write_bytes((DEMO / "epci.geojson.gz").read_bytes()[:500])

    with pytest.raises(WrongTerritoryFiles, match="epci"):
        files.read(str(tmp_path))


SQUARE = [[[6.0, 45.0], [6.1, 45.0], [6.1, 45.1], [6.0, 45.1], [6.0, 45.0]]]


def test_what_the_state_publishes_is_read_as_it_is(db: Connection) -> None:
    commune = {
        "code": "73008",
        "nom": "Aix-les-Bains",
        "codeDepartement": "73",
        "codeRegion": "84",
        "codeEpci": "200068674",
        "population": 32_175,
        "codesPostaux": ["73100"],
        "centre": {"type": "Point", "coordinates": [6.05, 45.05]},
    }
    outline = gzip.compress(
        as_json(
            {
                "features": [
                    {
                        "properties": {"code": "73008", "nom": "Aix-les-Bains"},
                        "geometry": {"type": "Polygon", "coordinates": SQUARE},
                    }
                ]
            }
        )
    )
    with serving(
        lambda path: (200, as_json([commune]) if path == "/communes" else outline)
    ) as address:
        communes, outlines = files.read(
            files.OFFICIAL, f"{address}/communes", address + "/{name}-100m.geojson.gz"
        )

    assert communes["73008"]["codes_postaux"] == "73100"
    assert outlines["commune"]["73008"].shape.area == pytest.approx(0.01)


def test_the_population_of_a_departement_is_that_of_its_communes(db: Connection) -> None:
    actions.load(db, str(DEMO))
    row = db.execute(
        text(
            "SELECT (SELECT population FROM territories WHERE type = 'departement' AND code = '04'),"
            " (SELECT sum(population) FROM territories WHERE type = 'commune' AND departement = '04')"
        )
    ).one()

    assert row[0] == row[1] > 150_000
