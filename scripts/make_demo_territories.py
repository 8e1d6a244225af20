"""Cut the small gazetteer of the demonstration out of the full one.

    python scripts/make_demo_territories.py FULL_FOLDER import/demo/territoires

Both folders hold `communes.csv` and four `.geojson.gz` (communes, epci, departements, regions); the
full one is what `geoservice territories load` reads. Communes and EPCI of four départements are
kept, the départements and régions of all France. Borders are simplified together, so that
neighbours still touch. The same input gives the same bytes.
"""

import csv
import gzip
import json
import sys
from pathlib import Path
from typing import Any

import shapely
from shapely.geometry import mapping, shape

DEPARTEMENTS = ("04", "23", "57", "974")

FINE, COARSE = 0.004, 0.01
"""Degrees: bends smaller than a triangle of that side squared go (GEOS, Visvalingam-Whyatt)."""

Feature = dict[str, Any]


def read(path: Path) -> list[Feature]:
    return json.loads(gzip.decompress(path.read_bytes()))["features"]


def simplified(features: list[Feature], tolerance_deg: float, decimals: int) -> list[Feature]:
    """The same features with lighter outlines, still sharing their borders."""
    outlines = shapely.coverage_simplify(
        [shape(feature["geometry"]) for feature in features], tolerance_deg
    )
    # every shared corner is rounded alike on both sides
    rounded = shapely.set_precision(  # pyright: ignore[reportUnknownMemberType] (its **kwargs)
        outlines, 10**-decimals, mode="pointwise"
    )
    result: list[Feature] = []
    for feature, outline in zip(features, rounded, strict=True):
        if not outline.is_valid:
            raise ValueError(f"rounding broke the outline of {feature['properties']}")
        geometry = json.loads(
            json.dumps(mapping(outline)), parse_float=lambda x: round(float(x), decimals)
        )
        result.append(
            {"type": "Feature", "properties": feature["properties"], "geometry": geometry}
        )
    return result


def write(path: Path, features: list[Feature]) -> None:
    collection = {"type": "FeatureCollection", "features": features}
    text = json.dumps(collection, ensure_ascii=False, separators=(",", ":"))
    # no date inside: the same data give the same bytes
    path.write_bytes(gzip.compress(text.encode(), 9, mtime=0))


def main(full: Path, demo: Path) -> None:
    demo.mkdir(parents=True, exist_ok=True)
    with (full / "communes.csv").open(encoding="utf-8", newline="") as lines:
        rows = [row for row in csv.DictReader(lines) if row["departement"] in DEPARTEMENTS]
    with (demo / "communes.csv").open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, rows[0], lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)

    codes, epci_codes = ({row[column] for row in rows} for column in ("code", "epci"))
    for name, kept, tolerance_deg, decimals in (
        ("communes", codes, FINE, 4),
        ("epci", epci_codes, FINE, 4),
        ("departements", None, COARSE, 3),
        ("regions", None, COARSE, 3),
    ):
        file = f"{name}.geojson.gz"
        features = read(full / file)
        if kept is not None:
            features = [f for f in features if f["properties"]["code"] in kept]
        write(demo / file, simplified(features, tolerance_deg, decimals))
        print(f"{file}: {len(features)} outlines, {(demo / file).stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
