"""How long «couverture» computes: every commune of France × 20 000, then 200 000 places, on one core.

The database is left out: it gives points, and nothing of the distances.
"""

import random
import time

from geoservice.coverage.distances import nearest_m
from geoservice.geo import LonLat

COMMUNES = 35_000
A_DEPARTEMENT = 500


def points(number: int, *, seed: int) -> list[LonLat]:
    """A département has its 500 communes in one degree; France is a rectangle."""
    chance = random.Random(seed)  # noqa: S311 - figures, not secrets
    west, east, south, north = (2, 3, 45, 46) if number == A_DEPARTEMENT else (-5, 8, 42, 51)
    return [LonLat(chance.uniform(west, east), chance.uniform(south, north)) for _ in range(number)]


def main() -> None:
    for communes, places in ((A_DEPARTEMENT, 20_000), (COMMUNES, 20_000), (COMMUNES, 200_000)):
        from_points, others = points(communes, seed=1), points(places, seed=2)
        start, cpu = time.perf_counter(), time.process_time()
        nearest_m(from_points, others)
        wall, used = time.perf_counter() - start, time.process_time() - cpu
        print(
            f"{communes:>7} communes × {places:>7} places: {wall:6.2f} s, {used:6.2f} s of processor"
        )


if __name__ == "__main__":
    main()
