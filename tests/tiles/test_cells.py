"""Counting once and adding up gives what counting every time gives."""

from collections import defaultdict

from hypothesis import given
from hypothesis import strategies as st

from tiles.arithmetic import Tile, morton
from tiles.cells import Cells, Cluster

positions = st.lists(st.tuples(*[st.integers(0, 2**31 - 1)] * 2), max_size=60)
near_positions = st.lists(st.tuples(*[st.integers(2**30, 2**30 + 2**22)] * 2), max_size=60)


def counted(places: list[tuple[int, int]]) -> Cells:
    rows: dict[int, list[int]] = defaultdict(lambda: [0, 0, 0, 10**9])
    for place_id, (x, y) in enumerate(places):
        row = rows[morton(x, y) >> 38]
        row[:] = [row[0] + 1, row[1] + x, row[2] + y, min(row[3], place_id)]
    return Cells([key, *rows[key]] for key in sorted(rows))


@given(st.one_of(positions, near_positions), st.integers(0, 8))
def test_every_place_is_in_one_cluster_of_its_tile(places: list[tuple[int, int]], z: int) -> None:
    cells = counted(places)
    tiles = {Tile(z, x >> (31 - z), y >> (31 - z)) for x, y in places}

    assert sum(cluster.n for tile in tiles for cluster in cells.clusters(tile)) == len(places)


@given(st.one_of(positions, near_positions), st.integers(0, 8))
def test_a_cluster_is_the_places_of_its_cell(places: list[tuple[int, int]], z: int) -> None:
    cells = counted(places)
    expected: dict[int, list[int]] = defaultdict(list)
    for place_id, (x, y) in enumerate(places):
        expected[morton(x, y) >> 2 * (27 - z)].append(place_id)

    for key, ids in expected.items():
        x, y = places[ids[0]]
        tile = Tile(z, x >> (31 - z), y >> (31 - z))
        mean = Cluster(
            len(ids),
            sum(places[each][0] for each in ids) // len(ids),
            sum(places[each][1] for each in ids) // len(ids),
            ids[0] if len(ids) == 1 else None,
        )
        assert mean in cells.clusters(tile), key


def test_a_question_that_nobody_answers_has_no_cluster() -> None:
    assert Cells([]).clusters(Tile(0, 0, 0)) == []
