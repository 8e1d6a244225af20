"""What the database computes for tiles is, at every commit, what the places say."""

import random
import threading
from collections.abc import Iterator

import pytest
from hypothesis import example, given, settings
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


STAMPS = "SELECT block, stamp FROM place_blocks"


def stamps(owner: Engine) -> dict[int, int]:
    with owner.connect() as connection:
        return {row.block: row.stamp for row in connection.execute(text(STAMPS))}


@pytest.mark.parametrize(
    "change",
    [
        "services = ARRAY['Aide aux démarches administratives']",
        "equipment = ARRAY['Wifi']",
        "code_insee = '04070'",
        "departement = '05'",
        "withdrawn_at = now()",
        "point = ST_SetSRID(ST_MakePoint(2.0001, 48), 4326)",
    ],
)
def test_what_a_tile_filters_by_changes_the_stamp_of_its_block_only(
    owner: Engine, change: str
) -> None:
    with owner.begin() as connection:
        here = add_place(connection, "here", 2, 48)
        add_place(connection, "elsewhere", 55.5, -21)
    before = stamps(owner)
    with owner.begin() as connection:
        connection.execute(text(f"UPDATE places SET {change} WHERE id = :id"), {"id": here})

    after = stamps(owner)

    assert len(before) == 2
    assert len(set(before.items()) - set(after.items())) == 1


def test_a_new_name_leaves_the_stamps_alone(owner: Engine) -> None:
    with owner.begin() as connection:
        add_place(connection, "here", 2, 48)
    before = stamps(owner)
    with owner.begin() as connection:
        connection.execute(text("UPDATE places SET name = 'Autre nom'"))

    assert stamps(owner) == before


@settings(max_examples=40, deadline=None)
@given(st.floats(-180, 180), st.floats(-90, 90))
@example(74.47318111969085, 5e-324)
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

    for view in ("place_pins", "place_cells", "place_blocks", "territory_outlines"):
        db.execute(text(f"SELECT * FROM public_view.{view} LIMIT 1"))
    for table in ("place_cells", "place_blocks", "place_changes", "territory_outlines"):
        with pytest.raises(Exception, match="permission denied"), db.begin_nested():
            db.execute(text(f"SELECT * FROM public.{table} LIMIT 1"))
    for function in ("rebuild_place_cells()", "refresh_territory_outlines()"):
        with pytest.raises(Exception, match="permission denied"), db.begin_nested():
            db.execute(text(f"SELECT {function}"))
