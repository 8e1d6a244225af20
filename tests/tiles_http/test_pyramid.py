"""What the database computes for tiles is, at every commit, what the places say."""

import random
import threading
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, Engine, text

from geoservice.places.typologies import Typologie, TypologieGroup
from tests.tiles_http.makers import add_place
from tiles.arithmetic import MAX_LATITUDE, Tile, bounds, morton, tile_of, x31_of, y31_of

VISIBLE = (
    "published_at IS NOT NULL AND withdrawn_at IS NULL AND merged_into IS NULL AND qk IS NOT NULL"
)
COUNTED = f"""
SELECT z, qk >> 2 * (27 - z) AS k, count(*) AS n, sum(x31) AS x, sum(y31) AS y, sum(id) AS id
FROM places, generate_series(0, 13) AS z WHERE {VISIBLE} GROUP BY z, 2
"""
KEPT = "SELECT z, k, n, sum_x, sum_y, sum_id FROM place_cells"


def differences(connection: Connection) -> list[object]:
    """Cells that are not what the places say."""
    both = f"(({COUNTED}) EXCEPT ({KEPT})) UNION ALL (({KEPT}) EXCEPT ({COUNTED}))"
    return list(connection.execute(text(both)))


def test_the_pyramid_follows_every_kind_of_change(owner: Engine) -> None:
    chance = random.Random(7)  # noqa: S311 - not a secret
    with owner.begin() as connection:
        ids = [
            add_place(connection, f"p{rank}", chance.uniform(-5, 8), chance.uniform(42, 51))
            for rank in range(60)
        ]
    changes = [
        "UPDATE places SET point = ST_SetSRID(ST_MakePoint(2.35, 48.85), 4326) WHERE id = ANY (:ids)",
        "UPDATE places SET withdrawn_at = now() WHERE id = ANY (:ids)",
        "UPDATE places SET withdrawn_at = NULL, published_at = now() WHERE id = ANY (:ids)",
        "UPDATE places SET published_at = NULL WHERE id = ANY (:ids)",
        "UPDATE places SET point = NULL WHERE id = ANY (:ids)",
        "UPDATE places SET name = 'Autre nom' WHERE id = ANY (:ids)",
        "UPDATE places SET point = ST_SetSRID(ST_MakePoint(55.5, -21), 4326) WHERE id = ANY (:ids)",
        "DELETE FROM places WHERE id = ANY (:ids)",
    ]
    for _ in range(6):
        with owner.begin() as connection:
            for change in chance.sample(changes, 3):
                connection.execute(text(change), {"ids": chance.sample(ids, 15)})
        with owner.connect() as connection:
            assert differences(connection) == []


def test_a_change_that_is_undone_leaves_no_trace(owner: Engine) -> None:
    with owner.begin() as connection:
        add_place(connection, "stays", 2, 48)
    with owner.connect() as connection:
        add_place(connection, "goes", 3, 47)
        connection.rollback()

    with owner.connect() as connection:
        assert differences(connection) == []
        assert connection.scalar(text("SELECT sum(n) FROM place_cells WHERE z = 0")) == 1


def test_places_can_be_emptied_at_once(owner: Engine) -> None:
    with owner.begin() as connection:
        add_place(connection, "one", 2, 48)
    with owner.begin() as connection:
        connection.execute(text("TRUNCATE places CASCADE"))

    with owner.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM place_cells")) == 0


def test_two_imports_at_the_same_time_do_not_wait_for_each_other(owner: Engine) -> None:
    with owner.connect() as first, owner.connect() as second:
        first.execute(text("SET lock_timeout = '2s'"))
        second.execute(text("SET lock_timeout = '2s'"))
        add_place(first, "first", 2, 48)
        add_place(second, "second", 2, 48)
        second.commit()
        first.commit()

    with owner.connect() as connection:
        assert differences(connection) == []


def test_transactions_that_touch_the_same_cells_in_any_order_never_deadlock(owner: Engine) -> None:
    with owner.begin() as connection:
        connection.execute(
            text("INSERT INTO sources (name, title, licence) VALUES ('essai', 'Essai', 'LO')")
        )
    failures: list[Exception] = []

    def write(number: int) -> None:
        try:
            for rank in range(8):
                with owner.begin() as connection:
                    if (rank + number) % 2:  # the version is noted before any place changes
                        connection.execute(text("UPDATE sources SET title = title || '.'"))
                    add_place(connection, f"p{number}-{rank}", 2 + rank, 48 - rank)
        except Exception as error:
            failures.append(error)

    writers = [threading.Thread(target=write, args=(number,)) for number in range(4)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()

    assert failures == []
    with owner.connect() as connection:
        assert differences(connection) == []


def test_rebuilding_changes_nothing(owner: Engine) -> None:
    with owner.begin() as connection:
        for rank in range(30):
            add_place(connection, f"p{rank}", rank / 5, 48)
    with owner.begin() as connection:
        connection.execute(text("SELECT rebuild_place_cells()"))

    with owner.connect() as connection:
        assert differences(connection) == []


def fill_block(connection: Connection, count: int) -> None:
    """Many places in the block of Paris, offering this or that."""
    connection.execute(
        text("""
        INSERT INTO places (public_id, name, published_at, services, equipment, point)
        SELECT 'b' || rank, 'Lieu', now(),
          CASE rank % 3 WHEN 0 THEN '{}'::text[] WHEN 1 THEN ARRAY['Loisirs et créations numériques']
            ELSE ARRAY['Aide aux démarches administratives', 'Loisirs et créations numériques'] END,
          CASE WHEN rank % 5 = 0 THEN ARRAY['Wifi'] ELSE '{}' END,
          ST_SetSRID(ST_MakePoint(2.2 + rank % 37 * 0.004, 48.8 + rank % 41 * 0.002), 4326)
        FROM generate_series(1, :count) AS rank"""),
        {"count": count},
    )


BITS_THAT_LIE = f"""
WITH placed AS (
  SELECT qk >> 46 AS block, row_number() OVER (PARTITION BY qk >> 46 ORDER BY qk, id) AS rank, mask, mask2
  FROM places WHERE {VISIBLE}
)
SELECT count(*) FROM place_bits JOIN placed USING (block)
WHERE get_bit(places, rank::integer - 1) <>
  CASE WHEN bit < 64 THEN (mask >> bit & 1)::integer ELSE mask2 >> (bit - 64) & 1 END
"""


def test_the_bits_of_a_block_follow_its_places(owner: Engine) -> None:
    with owner.begin() as connection:
        fill_block(connection, 900)
    with owner.begin() as connection:
        connection.execute(text("UPDATE places SET services = '{}' WHERE id % 7 = 0"))
        connection.execute(text("DELETE FROM places WHERE id % 11 = 0"))

    with owner.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM place_blocks")) == 1
        assert connection.scalar(text("SELECT count(DISTINCT bit) FROM place_bits")) == 3
        assert connection.scalar(text(BITS_THAT_LIE)) == 0


def test_a_block_that_becomes_small_has_no_bits_any_more(owner: Engine) -> None:
    with owner.begin() as connection:
        fill_block(connection, 200)
    with owner.begin() as connection:
        connection.execute(text("DELETE FROM places WHERE public_id = 'b1'"))

    with owner.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM place_bits")) == 0


def test_a_block_too_large_for_a_commit_waits_for_its_bits(owner: Engine) -> None:
    with owner.begin() as connection:
        fill_block(connection, 20_001)
    with owner.begin() as connection:
        assert connection.scalar(text("SELECT count(*) FROM place_blocks")) == 0

        assert connection.scalar(text("SELECT refresh_place_bits(5)")) == 1
        assert connection.scalar(text("SELECT refresh_place_bits(5)")) == 0

    with owner.connect() as connection:
        assert connection.scalar(text(BITS_THAT_LIE)) == 0
        assert connection.scalar(text("SELECT count(*) FROM place_blocks")) == 1


@settings(max_examples=40, deadline=None)
@given(st.floats(-180, 180), st.floats(-90, 90))
def test_python_and_the_database_give_a_point_the_same_number(
    connection_to_numbers: Connection, lon: float, lat: float
) -> None:
    row = connection_to_numbers.execute(
        text("SELECT mercator_x31(:lon), mercator_y31(:lat)"), {"lon": lon, "lat": lat}
    ).one()

    # the last bit of a logarithm may differ: 1 in 2³¹ of the Earth is 2 cm
    assert abs(row[0] - x31_of(lon)) <= 1
    assert abs(row[1] - y31_of(lat)) <= 1
    numbered = connection_to_numbers.scalar(
        text("SELECT morton(:x, :y)"), {"x": row[0], "y": row[1]}
    )
    assert numbered == morton(*row)


@pytest.fixture(scope="module")
def connection_to_numbers(engine: Engine) -> Iterator[Connection]:
    with engine.connect() as connection:
        yield connection


def test_tiles_are_where_postgis_puts_them(db: Connection) -> None:
    tile = tile_of(6.1294, 45.8992, 12)
    envelope = "ST_Transform(ST_TileEnvelope(:z, :x, :y), 4326)"

    row = db.execute(
        text(f"SELECT ST_XMin(e), ST_YMin(e), ST_XMax(e), ST_YMax(e) FROM {envelope} AS e"),
        tile._asdict(),
    ).one()

    assert tuple(row) == pytest.approx(bounds(tile), abs=1e-7)
    assert bounds(Tile(0, 0, 0)).north == pytest.approx(MAX_LATITUDE)


def test_the_kind_of_a_place_is_the_group_of_its_first_typology(db: Connection) -> None:
    groups = list(TypologieGroup)
    for code in Typologie:
        kind = db.scalar(text("SELECT place_kind(ARRAY[:code, 'BIB'])"), {"code": code.value})
        assert kind == groups.index(code.group) + 1, code

    assert db.scalar(text("SELECT place_kind('{}')")) == groups.index(TypologieGroup.AUTRES) + 1


def test_the_public_reads_what_tiles_need_and_cannot_write_it(db: Connection) -> None:
    db.execute(text("SET ROLE geoservice_public"))

    for view in ("place_pins", "place_cells", "place_blocks", "place_bits", "territory_outlines"):
        db.execute(text(f"SELECT * FROM public_view.{view} LIMIT 1"))
    for table in ("place_cells", "place_bits", "place_changes", "territory_outlines"):
        with pytest.raises(Exception, match="permission denied"), db.begin_nested():
            db.execute(text(f"SELECT * FROM public.{table} LIMIT 1"))
    for function in (
        "rebuild_place_cells()",
        "refresh_place_bits(1)",
        "refresh_territory_outlines()",
    ):
        with pytest.raises(Exception, match="permission denied"), db.begin_nested():
            db.execute(text(f"SELECT {function}"))
