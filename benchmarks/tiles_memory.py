"""Milliseconds of processor time to count a filtered tile in memory: `tiles_memory.py [COUNT]`.

Needs no database: places are invented, one in five around Paris. Processor time, so that what else
the machine does weighs less.
"""

import sys
import time
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tiles.arithmetic import morton, tile_of, x31_of, y31_of
from tiles.columns import PLACE, Columns, Words

PARIS = (2.35, 48.86)
ZOOMS = (0, 2, 4, 5, 6, 7, 8, 9, 10, 12)
REPEATS = 8
OPEN = [schedule for schedule in range(1, 1501) if schedule % 10 < 4]


def invented(count: int) -> NDArray[Any]:
    chance = np.random.default_rng(1)
    in_paris = chance.random(count) < 0.2
    lon = np.where(in_paris, chance.normal(PARIS[0], 0.25, count), chance.uniform(-4.5, 8, count))
    lat = np.where(in_paris, chance.normal(PARIS[1], 0.2, count), chance.uniform(42.5, 51, count))
    places = np.empty(count, PLACE)
    places["x31"], places["y31"] = list(map(x31_of, lon)), list(map(y31_of, lat))
    places["key"] = list(map(morton, places["x31"].tolist(), places["y31"].tolist()))
    places["id"] = chance.permutation(count) + 1
    places["mask"], places["mask2"] = chance.integers(0, 2**62, count), 0
    places["schedule"] = np.where(chance.random(count) < 0.3, 0, chance.integers(1, 1501, count))
    places["area"] = chance.integers(0, 35_000, count)
    return np.sort(places, order="key")


def best(work: Callable[[], object]) -> str:
    times: list[float] = []
    for _ in range(REPEATS):
        started = time.process_time()
        work()
        times.append((time.process_time() - started) * 1000)
    return f"{min(times):.1f}"


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 2_000_000
    rows = invented(count)
    started = time.process_time()
    places = Columns.of(rows).prepared()
    print(f"{count} places turned into columns in {time.process_time() - started:.2f} s\n")
    questions: dict[str, Callable[[], list[Words]]] = {
        "one service": lambda: [places.offering("mask", 1)],
        "five filters": lambda: [places.offering("mask", 1 << bit) for bit in range(5)],
        "open": lambda: [places.having("schedule", OPEN)],
        "open, one service": lambda: [
            places.having("schedule", OPEN),
            places.offering("mask", 1),
        ],
        "one département": lambda: [places.having("area", range(1000, 1300))],
        "open, five filters, in a département": lambda: [
            places.having("schedule", OPEN),
            places.having("area", range(1000, 1300)),
            *(places.offering("mask", 1 << bit) for bit in range(5)),
        ],
        "a set of 1 %": lambda: [places.among(range(1, count // 100))],
        "a set of 20 %": lambda: [places.among(range(1, count // 5))],
    }
    print(f"| {count} places | once | " + " | ".join(f"z{z}" for z in ZOOMS) + " |")
    print("| --- |" + " --: |" * (len(ZOOMS) + 1))
    for name, ask in questions.items():
        wanted = places.passing(ask())
        row = [best(lambda z=z, wanted=wanted: wanted.clusters(tile_of(*PARIS, z))) for z in ZOOMS]
        once = best(lambda ask=ask: places.passing(ask()))
        print(f"| {name} | {once} | " + " | ".join(row) + " |")


if __name__ == "__main__":
    main()
