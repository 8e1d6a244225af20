"""Counting places in memory gives what counting them one by one gives."""

import itertools
from collections import defaultdict
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from tiles import columns
from tiles.arithmetic import Tile, morton
from tiles.columns import PLACE, Cluster, Columns, Selection

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
    country = Columns.of(block(places))
    wanted = country.passing(
        [country.offering("mask", 0b101), country.having("schedule", [1, 2, 5])]
    )
    expected: dict[int, list[int]] = defaultdict(list)
    for rank, (x, y) in enumerate(places):
        if rank & 0b101 and rank % 7 in (1, 2, 5):
            expected[morton(x, y) >> 2 * (27 - z)].append(rank)

    found = [cluster for tile in tiles_of(places, z) for cluster in wanted.clusters(tile)]

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
    country = Columns.of(block(places))
    wanted = country.passing([country.having("area", [0, 3])])
    tiles = tiles_of(places, z)
    exactly = [wanted.clusters(tile) for tile in tiles]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(columns, "EXACT_UNTIL", 0)
        found = [wanted.clusters(tile) for tile in tiles]

    def lone_places_and_counts(of: list[list[Cluster]]) -> list[list[Cluster | int]]:
        return [[each if each.n == 1 else each.n for each in tile] for tile in of]

    assert lone_places_and_counts(found) == lone_places_and_counts(exactly)


@at_any_speed
@given(any_positions, st.sets(st.integers(-5, 90)), st.integers(0, 16))
def test_a_set_of_places_is_a_filter(places: list[Position], ids: set[int], z: int) -> None:
    country = Columns.of(block(places))
    wanted = country.passing([country.among(ids)])

    found = [each for tile in tiles_of(places, z) for each in wanted.ids(tile)]

    assert sorted(found) == sorted(each for each in ids if 1 <= each <= len(places))


@at_any_speed
@given(any_positions, st.integers(1, 12), st.integers(0, 16))
def test_blocks_joined_are_the_country(places: list[Position], cut: int, z: int) -> None:
    """Blocks are filled up to whole words: nobody is counted there, and each is found again."""
    whole = block(places)
    edges = sorted({int(key) for key in whole["key"][::cut]})
    parts = np.split(whole, np.searchsorted(whole["key"], edges))
    country = Columns.joined([Columns.of(part) for part in parts if len(part)])
    again = Columns.joined(
        [
            country.block(first, end)
            for first, end in itertools.pairwise([0, *edges, 2**62])
            if len(country.block(first, end))
        ]
    )

    for joined in (country, again):
        wanted = joined.passing([joined.offering("mask", 0b11), joined.having("schedule", [0, 3])])
        exactly = Columns.of(whole)
        asked = exactly.passing([exactly.offering("mask", 0b11), exactly.having("schedule", [0, 3])])  # fmt: skip
        for tile in tiles_of(places, z):
            assert wanted.ids(tile) == asked.ids(tile)
            assert wanted.clusters(tile) == asked.clusters(tile)


def everywhere(of: Selection) -> list[int]:
    return of.ids(Tile(0, 0, 0))


@pytest.mark.parametrize("mask", ["mask", "mask2"])
@pytest.mark.parametrize("bit", [0, 7, 8, 30])
def test_each_bit_of_a_mask_is_kept(mask: str, bit: int) -> None:
    rows = block([(1, 1), (2, 2), (3, 3)])
    rows[mask] = [1 << bit, 0, 1 << bit | 1 << 3]
    places = Columns.of(rows)

    assert everywhere(places.passing([places.offering(mask, 1 << bit)])) == [1, 3]
    assert everywhere(places.passing([places.offering(mask, 1 << 3)])) == [3]


def test_the_highest_bit_of_the_first_mask_is_kept() -> None:
    rows = block([(1, 1), (2, 2)])
    rows["mask"] = [-(2**63), 2**62]
    places = Columns.of(rows)

    assert everywhere(places.passing([places.offering("mask", 1 << 63)])) == [1]
    assert everywhere(places.passing([places.offering("mask", 1 << 62)])) == [2]


def test_without_a_filter_everybody_is_there() -> None:
    assert everywhere(Columns.of(block([(1, 1), (2, 2), (3, 3)])).passing([])) == [1, 2, 3]


def test_a_number_that_came_after_the_question_is_not_in_it() -> None:
    places = Columns.of(block([(1, 1), (2, 2), (3, 3)]))

    assert everywhere(places.passing([places.having("schedule", [])])) == []
    assert everywhere(places.passing([places.having("schedule", [0])])) == [1]


def test_an_empty_country_has_no_group() -> None:
    country = Columns.joined([])

    assert country.passing([country.having("area", [1])]).clusters(Tile(0, 0, 0)) == []
