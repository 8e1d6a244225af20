"""The memory of ready tiles: bounded, and each tile computed once."""

import asyncio
import gzip

import pytest

from tiles.cache import OVERHEAD_BYTES, Ready, TileCache


def test_a_tile_that_many_ask_for_at_once_is_computed_once() -> None:
    calls: list[int] = []

    async def compute() -> bytes:
        calls.append(1)
        await asyncio.sleep(0)
        return b"tile"

    async def ask() -> list[Ready]:
        cache = TileCache(10_000)
        return await asyncio.gather(*(cache.make("key", compute) for _ in range(20)))

    answers = asyncio.run(ask())

    assert len(calls) == 1
    assert {gzip.decompress(ready.gzipped) for ready in answers} == {b"tile"}


def test_a_client_that_leaves_does_not_take_the_tile_away_from_the_others() -> None:
    async def ask() -> Ready:
        cache = TileCache(10_000)
        gate = asyncio.Event()

        async def compute() -> bytes:
            await gate.wait()
            return b"tile"

        impatient = asyncio.create_task(cache.make("key", compute))
        patient = asyncio.create_task(cache.make("key", compute))
        await asyncio.sleep(0)
        impatient.cancel()
        gate.set()
        return await patient

    assert gzip.decompress(asyncio.run(ask()).gzipped) == b"tile"


def test_a_failure_is_told_to_all_and_not_kept() -> None:
    async def ask() -> Ready:
        cache = TileCache(10_000)

        async def fail() -> bytes:
            raise ConnectionError("no database")

        async def succeed() -> bytes:
            return b"tile"

        with pytest.raises(ConnectionError):
            await cache.make("key", fail)
        await asyncio.sleep(0)
        return await cache.make("key", succeed)

    assert asyncio.run(ask()).gzipped


def test_the_tile_that_nobody_asked_for_lately_is_forgotten_first() -> None:
    async def fill() -> TileCache:
        cache = TileCache(2 * (OVERHEAD_BYTES + 40))

        async def compute() -> bytes:
            return b"tile"

        await cache.make("old", compute)
        await cache.make("asked again", compute)
        cache.get("old")
        await cache.make("new", compute)
        return cache

    cache = asyncio.run(fill())

    assert cache.get("asked again") is None
    assert cache.get("old") is not None
    assert cache.bytes <= cache.max_bytes


def test_a_cache_of_no_size_keeps_nothing() -> None:
    async def compute() -> bytes:
        return b"tile"

    async def fill() -> TileCache:
        cache = TileCache(0)
        assert (await cache.make("key", compute)).gzipped
        return cache

    assert asyncio.run(fill()).get("key") is None


def test_two_processes_give_the_same_tag_to_the_same_tile() -> None:
    assert Ready.of(b"tile" * 100) == Ready.of(b"tile" * 100)
    assert Ready.of(b"tile").etag != Ready.of(b"other").etag
