"""What a map receives when it asks for tiles."""

import gzip
import shutil
import subprocess
from pathlib import Path

import httpx
import pytest
from sqlalchemy import Engine, text

from tests.tiles_http.conftest import Get
from tests.tiles_http.makers import add_place
from tests.tiles_http.mvt import Feature, read
from tiles.arithmetic import Tile, tile_of

DIGNE = (6.2359, 44.0925)
SERVICES = ["Aide aux démarches administratives"]


def address(tile: Tile, question: str = "", layer: str = "lieux") -> str:
    return f"/tuiles/{layer}/{tile.z}/{tile.x}/{tile.y}.mvt" + (f"?{question}" if question else "")


def places(answer: httpx.Response) -> list[Feature]:
    assert answer.status_code in (200, 204), answer.text
    return read(answer.content).get("lieux", [])


def how_many(answer: httpx.Response) -> int:
    return sum(feature.properties.get("nombre", 1) for feature in places(answer))


def test_close_places_are_one_group_with_their_number(owner: Engine, get: Get) -> None:
    with owner.begin() as connection:
        for rank in range(3):
            add_place(connection, f"digne{rank}", DIGNE[0] + rank / 1e4, DIGNE[1])

    [group] = places(get(address(tile_of(*DIGNE, 7))))

    assert group.properties == {"nombre": 3}


def test_a_place_alone_says_what_it_is_at_every_zoom(owner: Engine, get: Get) -> None:
    with owner.begin() as connection:
        add_place(connection, "alone", *DIGNE, typologies=["BIB"], name="Médiathèque")

    for z in range(17):
        [place] = places(get(address(tile_of(*DIGNE, z))))
        named = {"nom": "Médiathèque"} if z >= 14 else {}
        assert place.properties == {"id": "alone", "famille": 1} | named, z


def test_a_place_is_drawn_where_it_is(owner: Engine, get: Get) -> None:
    with owner.begin() as connection:
        add_place(connection, "alone", *DIGNE)

    [place] = places(get(address(tile_of(*DIGNE, 14))))

    tile = tile_of(*DIGNE, 14)
    finer = tile_of(*DIGNE, 24)  # ten more zooms are 1024 parts of a tile's side
    assert place.at[0] // 4 == finer.x - (tile.x << 10)
    assert place.at[1] // 4 == finer.y - (tile.y << 10)


def test_a_place_that_is_hidden_is_on_no_tile(owner: Engine, get: Get) -> None:
    with owner.begin() as connection:
        add_place(connection, "draft", *DIGNE, published_at=None)
        add_place(connection, "withdrawn", *DIGNE, withdrawn_at="2026-02-02")

    for z in (0, 8, 14):
        assert get(address(tile_of(*DIGNE, z))).status_code == 204
        assert get(address(tile_of(*DIGNE, z), "q=lieu")).status_code == 204


def test_a_change_shows_on_the_next_request(owner: Engine, get: Get) -> None:
    where = address(tile_of(*DIGNE, 9))
    assert get(where).status_code == 204
    with owner.begin() as connection:
        add_place(connection, "new", *DIGNE)
    assert how_many(get(where)) == 1
    with owner.begin() as connection:
        connection.execute(text("UPDATE places SET withdrawn_at = now()"))

    assert get(where).status_code == 204


def test_a_change_shows_although_nobody_hears_of_it(owner: Engine, get: Get) -> None:
    where = address(tile_of(*DIGNE, 9))
    assert get(where).status_code == 204
    with owner.begin() as connection:
        connection.execute(
            text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'LISTEN%'"
                 " OR wait_event = 'ClientRead' AND usename = 'geoservice_public' AND datname = 'tiles'")
        )  # fmt: skip
        add_place(connection, "new", *DIGNE)

    assert how_many(get(where)) == 1


def test_a_client_that_has_the_tile_is_told_so(owner: Engine, get: Get) -> None:
    with owner.begin() as connection:
        add_place(connection, "alone", *DIGNE)
    where = address(tile_of(*DIGNE, 9))
    first = get(where, accept_encoding="gzip")

    again = get(where, accept_encoding="gzip", if_none_match=first.headers["etag"])

    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]
    assert get(where, accept_encoding="identity").headers["etag"] != first.headers["etag"]


def test_a_tile_that_a_change_elsewhere_leaves_alone_keeps_its_tag(owner: Engine, get: Get) -> None:
    with owner.begin() as connection:
        add_place(connection, "alone", *DIGNE)
    where = address(tile_of(*DIGNE, 9))
    tag = get(where).headers["etag"]
    with owner.begin() as connection:
        add_place(connection, "reunion", 55.5, -21)

    assert get(where, if_none_match=tag).status_code == 304


def test_the_address_of_tilejson_may_be_kept_for_ever_and_a_bare_one_may_not(
    owner: Engine, get: Get
) -> None:
    with owner.begin() as connection:
        add_place(connection, "alone", *DIGNE)
    tile = tile_of(*DIGNE, 9)
    template = get("/tuiles/lieux.json?frais=gratuit").json()["tiles"][0]
    versioned = template.format(**tile._asdict()).removeprefix("http://carte.example")

    assert "immutable" in get(versioned).headers["cache-control"]
    assert get(address(tile)).headers["cache-control"] == "public, max-age=60"
    with owner.begin() as connection:
        connection.execute(text("UPDATE places SET name = 'Autre'"))
    assert "immutable" not in get(versioned).headers["cache-control"]
    assert get("/tuiles/lieux.json").json()["tiles"][0] not in template


def test_gzip_and_plain_answers_hold_the_same_tile(owner: Engine, get: Get) -> None:
    with owner.begin() as connection:
        add_place(connection, "alone", *DIGNE)
    where = address(tile_of(*DIGNE, 9))

    zipped = get(where, accept_encoding="gzip, br")
    plain = get(where, accept_encoding="gzip;q=0")

    assert zipped.headers["content-encoding"] == "gzip"
    assert "content-encoding" not in plain.headers
    assert plain.content == zipped.content  # httpx has unzipped it
    assert zipped.headers["vary"] == "accept-encoding"
    assert plain.headers["content-type"] == "application/vnd.mapbox-vector-tile"
    assert int(zipped.headers["content-length"]) == len(gzip.compress(plain.content, 6))


@pytest.mark.parametrize(
    "path",
    ["/tuiles/lieux/3/8/0.mvt", "/tuiles/lieux/25/0/0.mvt", "/tuiles/lieux/a/0/0.mvt",
     "/tuiles/lieux/1/-1/0.mvt", "/tuiles/autre/0/0/0.mvt", "/tuiles/lieux/8/0131/91.mvt",
     "/tuiles/lieux/\u0663/1/1.mvt"],
)  # fmt: skip
def test_an_impossible_tile_is_refused_in_french(get: Get, path: str) -> None:
    answer = get(path)

    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["type"] == "/problems/impossible-tile"
    assert answer.json()["title"] == "Cette tuile n’existe pas."


@pytest.mark.parametrize(
    "question",
    ["services=inconnu", "nimporte=quoi", "territoire=departement:99", "source=inconnue"],
)
def test_a_wrong_question_is_refused_as_on_the_list(get: Get, question: str) -> None:
    for where in (address(Tile(3, 4, 2), question), f"/tuiles/lieux.json?{question}"):
        answer = get(where)
        assert answer.status_code == 422, where
        assert answer.json()["erreurs"][0]["parametre"] == question.split("=")[0]


@pytest.mark.parametrize("z", [0, 5, 8, 9, 13, 14])
def test_a_filter_shows_the_places_that_pass_it(owner: Engine, get: Get, z: int) -> None:
    with owner.begin() as connection:
        add_place(connection, "both", *DIGNE, services=SERVICES, equipment=["Wifi"])
        add_place(connection, "one", *DIGNE, services=SERVICES)
        add_place(connection, "none", *DIGNE)
    tile = tile_of(*DIGNE, z)

    service = "services=aide-aux-demarches-administratives"
    assert how_many(get(address(tile))) == 3
    assert how_many(get(address(tile, service))) == 2
    assert how_many(get(address(tile, f"{service}&services=loisirs-et-creations-numeriques"))) == 2
    [place] = places(get(address(tile, f"{service}&equipements=wifi")))
    assert place.properties["id"] == "both"
    assert get(address(tile, f"{service}&frais=payant")).status_code == 204


def test_what_only_the_place_itself_knows_is_a_filter_too(owner: Engine, get: Get) -> None:
    with owner.begin() as connection:
        add_place(connection, "library", *DIGNE, typologies=["BIB"], name="Médiathèque")
        add_place(connection, "hall", *DIGNE, typologies=["MUNI"], name="Mairie")
    tile = tile_of(*DIGNE, 6)

    for question in (
        "typologies=bibliotheques-et-mediatheques",
        "q=mediatheque",
        "typologies=BIB&q=mediatheque",
    ):
        [place] = places(get(address(tile, question)))
        assert place.properties["id"] == "library"
    assert how_many(get(address(tile, f"lon={DIGNE[0]}&lat={DIGNE[1]}&rayon=5"))) == 2
    assert get(address(tile, "lon=2&lat=48&rayon=5")).status_code == 204
    assert how_many(get(address(tile, "bbox=6,44,6.5,44.5"))) == 2


def test_order_and_pages_mean_nothing_on_a_map(owner: Engine, get: Get) -> None:
    with owner.begin() as connection:
        add_place(connection, "one", *DIGNE)

    assert how_many(get(address(tile_of(*DIGNE, 6), "page=7&tri=nom&limite=100"))) == 1


@pytest.mark.parametrize("z", [5, 11, 14])
def test_hours_and_territories_are_filters_too(owner: Engine, get: Get, z: int) -> None:
    with owner.begin() as connection:
        connection.execute(
            text("""
            INSERT INTO schedules (id, expression, calendar, code, time_zone, open, spans_from, spans_until)
            VALUES (9001, 'essai', '04', '04', 'Europe/Paris', '{[2000-01-01, 2100-01-01)}', '2000-01-01', '2100-01-01')
            ON CONFLICT DO NOTHING""")
        )
        connection.execute(
            text("""
            INSERT INTO territories (type, code, name, departement, region, epci, point, outline) VALUES
              ('region', '93', 'Provence', NULL, NULL, NULL, :at, ST_Multi(ST_Buffer(CAST(:at AS geometry), 0.1))),
              ('departement', '04', 'Alpes-de-Haute-Provence', NULL, '93', NULL, :at, ST_Multi(ST_Buffer(CAST(:at AS geometry), 0.1))),
              ('epci', '200067437', 'Provence-Alpes', NULL, NULL, NULL, :at, ST_Multi(ST_Buffer(CAST(:at AS geometry), 0.1))),
              ('commune', '04070', 'Digne-les-Bains', '04', '93', '200067437', :at, ST_Multi(ST_Buffer(CAST(:at AS geometry), 0.1)))"""),
            {"at": f"SRID=4326;POINT({DIGNE[0]} {DIGNE[1]})"},
        )
        add_place(
            connection, "open", *DIGNE, schedule_id=9001, code_insee="04070", departement="04"
        )
        add_place(connection, "unsaid", *DIGNE, departement="04")
        add_place(connection, "nowhere", *DIGNE)
    tile = tile_of(*DIGNE, z)

    assert how_many(get(address(tile))) == 3
    assert how_many(get(address(tile, "ouvert=mardi-10h"))) == 1
    assert how_many(get(address(tile, "ouvert=mardi-10h&horaires_inconnus=inclure"))) == 3
    assert how_many(get(address(tile, "territoire=departement:04"))) == 2
    assert how_many(get(address(tile, "territoire=region:93"))) == 2
    assert how_many(get(address(tile, "territoire=epci:200067437"))) == 1
    assert how_many(get(address(tile, "territoire=commune:04070&ouvert=mardi-10h"))) == 1
    with owner.begin() as connection:
        connection.execute(text("UPDATE places SET departement = '05' WHERE public_id = 'unsaid'"))
    assert how_many(get(address(tile, "territoire=departement:04"))) == 1


def test_the_tile_server_answers_only_to_reading(get: Get) -> None:
    assert get(address(Tile(0, 0, 0))).headers["access-control-allow-origin"] == "*"
    assert "set-cookie" not in get(address(Tile(0, 0, 0))).headers


@pytest.mark.skipif(not shutil.which("ogrinfo"), reason="GDAL n’est pas installé (gdal-bin)")
def test_gdal_reads_our_tiles(owner: Engine, get: Get, tmp_path: Path) -> None:
    with owner.begin() as connection:
        add_place(connection, "alone", *DIGNE, typologies=["BIB"])
    file = tmp_path / "tile.mvt"
    file.write_bytes(get(address(tile_of(*DIGNE, 15))).content)

    told = subprocess.run(
        ["ogrinfo", "-al", f"MVT:{file}"], capture_output=True, text=True, check=True
    ).stdout

    assert "Layer name: lieux" in told
    assert "Feature Count: 1" in told
    assert "famille (Integer) = 1" in told
