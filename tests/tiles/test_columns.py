"""Counting places in memory gives what counting them one by one gives."""

from collections import defaultdict
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from tiles import columns
from tiles.arithmetic import Tile, morton
from tiles.columns import PLACE, Cluster, Columns, among, having, offering

Position = tuple[int, int]
positions = st.lists(st.tuples(*[st.integers(0, 2**31 - 1)] * 2), max_size=40)
near_positions = st.lists(st.tuples(*[st.integers(2**30, 2**30 + 2**22)] * 2), max_size=40)
any_positions = st.one_of(positions, near_positions)
at_any_speed = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


def block(places: Sequence[Position]) -> NDArray[np.void]:
    """Place n has the id n + 1, offers the bits of n, and is open by the schedule n modulo 7."""
    rows = [
        (morton(x, y), rank + 1, x, y, rank, 0, rank % 7, rank % 5)
        for rank, (x, y) in enumerate(places)
    ]
    return np.array(sorted(rows), PLACE)


def tiles_of(places: Sequence[Position], z: int) -> set[Tile]:
    return {Tile(z, x >> (31 - z), y >> (31 - z)) for x, y in places}


@at_any_speed
@given(any_positions, st.integers(0, 13))
def test_a_group_is_the_wanted_places_of_its_cell(places: list[Position], z: int) -> None:
    filters = [offering("mask", 0b101), having("schedule", [1, 2, 5])]
    expected: dict[int, list[int]] = defaultdict(list)
    for rank, (x, y) in enumerate(places):
        if rank & 0b101 and rank % 7 in (1, 2, 5):
            expected[morton(x, y) >> 2 * (27 - z)].append(rank)

    found = [
        cluster
        for tile in tiles_of(places, z)
        for cluster in Columns.of([block(places)]).clusters(tile, filters)
    ]

    assert sorted(found, key=str) == sorted(
        (
            Cluster(
                len(ranks),
                sum(places[each][0] for each in ranks) // len(ranks),
                sum(places[each][1] for each in ranks) // len(ranks),
                ranks[0] + 1 if len(ranks) == 1 else None,
            )
            for ranks in expected.values()
        ),
        key=str,
    )


@at_any_speed
@given(any_positions, st.integers(0, 8))
def test_a_tile_of_very_many_places_counts_as_exactly(places: list[Position], z: int) -> None:
    filters = [having("area", [0, 3])]
    country = Columns.of([block(places)])
    tiles = tiles_of(places, z)
    exactly = [country.clusters(tile, filters) for tile in tiles]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(columns, "EXACT_UNTIL", 0)
        found = [country.clusters(tile, filters) for tile in tiles]

    def lone_places_and_counts(of: list[list[Cluster]]) -> list[list[Cluster | int]]:
        return [[each if each.n == 1 else each.n for each in tile] for tile in of]

    assert lone_places_and_counts(found) == lone_places_and_counts(exactly)


@at_any_speed
@given(any_positions, st.sets(st.integers(-5, 90)), st.integers(0, 16))
def test_a_set_of_places_is_a_filter(places: list[Position], ids: set[int], z: int) -> None:
    country = Columns.of([block(places)])
    filters = [among(country.positions(each for each in ids if each > 0))]

    found = [each for tile in tiles_of(places, z) for each in country.ids(tile, filters)]

    assert sorted(found) == sorted(each for each in ids if 1 <= each <= len(places))


def test_a_number_that_came_after_the_question_is_not_in_it() -> None:
    places = Columns.of([block([(1, 1), (2, 2), (3, 3)])])

    assert places.ids(Tile(0, 0, 0), [having("schedule", [])]) == []
    assert places.ids(Tile(0, 0, 0), [having("schedule", [0])]) == [1]


def test_an_empty_country_has_no_group() -> None:
    assert Columns.of([]).clusters(Tile(0, 0, 0), [having("area", [1])]) == []
